//! Finds, merges and checks the configuration.

use super::Config;
use figment::{
    Figment,
    error::Kind,
    providers::{Env, Format, Serialized, Toml},
};
use std::path::{Path, PathBuf};

/// Prefix of environment variables: `MIAUFLIX_SERVER__LISTEN` sets `listen` of `[server]`.
const ENV_PREFIX: &str = "MIAUFLIX_";

/// What is wrong with the configuration, in words that say what to change.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{0}")]
    Invalid(String),
    #[error("the configuration file {0} does not exist")]
    NotFound(PathBuf),
}

/// Loads the configuration: the file named by `--config` or `MIAUFLIX_CONFIG`, else the first that exists of
/// `$XDG_CONFIG_HOME/miauflix/config.toml`, `~/.config/miauflix/config.toml` and `/etc/miauflix/config.toml`, else none.
pub fn load(named: Option<&Path>) -> Result<Config, ConfigError> {
    let mut figment = Figment::from(Serialized::defaults(Config::default()));
    if let Some(file) = find(named)? {
        figment = figment.merge(Toml::file_exact(file));
    }
    let environment = Env::prefixed(ENV_PREFIX).ignore(&["CONFIG"]).split("__");
    let config: Config = figment.merge(environment).extract().map_err(explain)?;
    check(&config)?;
    Ok(config)
}

fn find(named: Option<&Path>) -> Result<Option<PathBuf>, ConfigError> {
    let named = named.map(Path::to_path_buf).or_else(|| std::env::var_os("MIAUFLIX_CONFIG").map(PathBuf::from));
    if let Some(file) = named {
        return if file.is_file() { Ok(Some(file)) } else { Err(ConfigError::NotFound(file)) };
    }
    let home = |folder: &str| std::env::var_os("HOME").map(|home| Path::new(&home).join(folder));
    let user = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).or_else(|| home(".config"));
    let candidates = user.into_iter().chain([PathBuf::from("/etc")]).map(|folder| folder.join("miauflix/config.toml"));
    Ok(candidates.into_iter().find(|file| file.is_file()))
}

fn explain(error: figment::Error) -> ConfigError {
    let lines = error.into_iter().map(|error| {
        let place = error.metadata.as_ref().map_or_else(
            || "the configuration".to_owned(),
            |metadata| metadata.source.as_ref().map_or_else(|| metadata.name.to_string(), ToString::to_string),
        );
        let key = error.path.join(".");
        match &error.kind {
            Kind::UnknownField(unknown, expected) => {
                let section = error.path.split_last().map_or(&[][..], |(_, section)| section);
                let full = section.iter().map(String::as_str).chain([unknown.as_str()]).collect::<Vec<_>>().join(".");
                let nearest = expected
                    .iter()
                    .max_by(|a, b| strsim::jaro_winkler(a, unknown).total_cmp(&strsim::jaro_winkler(b, unknown)));
                let hint = nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
                format!("{place}: unknown key `{full}`{hint}")
            }
            kind => format!("{place}: `{key}`: {kind}"),
        }
    });
    ConfigError::Invalid(lines.collect::<Vec<_>>().join("\n"))
}

fn check(config: &Config) -> Result<(), ConfigError> {
    let at_least_one = [
        ("server.max_connections", config.server.max_connections),
        ("server.max_connections_per_ip", config.server.max_connections_per_ip),
        ("auth.access_token_minutes", config.auth.access_token_minutes as usize),
        ("auth.session_idle_days", config.auth.session_idle_days as usize),
        ("auth.session_max_days", config.auth.session_max_days as usize),
        ("auth.max_devices_per_user", config.auth.max_devices_per_user),
        ("torrents.max_active", config.torrents.max_active),
        ("torrents.max_streams", config.torrents.max_streams),
        ("torrents.max_streams_per_user", config.torrents.max_streams_per_user),
        ("torrents.stall_limit_seconds", config.torrents.stall_limit_seconds as usize),
        ("torrents.metadata_timeout_seconds", config.torrents.metadata_timeout_seconds as usize),
    ];
    if let Some((key, _)) = at_least_one.into_iter().find(|&(_, value)| value == 0) {
        return Err(ConfigError::Invalid(format!("`{key}` must be at least 1")));
    }
    if config.auth.access_token_minutes > 10 {
        return Err(ConfigError::Invalid("`auth.access_token_minutes` must be at most 10".to_owned()));
    }
    if let Some(tracker) = config.torrents.trackers.iter().find(|tracker| url::Url::parse(tracker).is_err()) {
        return Err(ConfigError::Invalid(format!("`torrents.trackers`: {tracker:?} is not a URL")));
    }
    Ok(())
}
