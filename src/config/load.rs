//! Finds, merges and checks the configuration.

use super::{Config, Switch, TmdbConfig, TraktConfig};
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
    // Only the section form is ours to judge: others, such as MIAUFLIX_CONFIG, belong to whoever set them.
    let environment = Env::prefixed(ENV_PREFIX).filter(|key| key.as_str().contains("__")).split("__");
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
    check_tmdb(&config.tmdb)?;
    check_trakt(&config.trakt)?;
    let torrents = &config.torrents;
    if torrents.express == Switch::Off && (torrents.interface.is_some() || torrents.proxy.is_some()) {
        let why = "`torrents.interface` and `torrents.proxy` hold with `torrents.express = \"on\"` only";
        return Err(ConfigError::Invalid(why.to_owned()));
    }
    if torrents.proxy.is_some() && (torrents.listen.is_some() || torrents.interface.is_some()) {
        let why = "with `torrents.proxy` nobody can call us and the proxy decides the way: leave `torrents.listen` and \
                   `torrents.interface` out";
        return Err(ConfigError::Invalid(why.to_owned()));
    }
    Ok(())
}

fn check_base(key: &str, url: &str) -> Result<(), ConfigError> {
    let parsed = url::Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    if parsed.is_some_and(|parsed| parsed.path().ends_with('/')) {
        return Ok(());
    }
    Err(ConfigError::Invalid(format!("`{key}`: {url} has to be an HTTP address that ends with a slash")))
}

fn check_trakt(trakt: &TraktConfig) -> Result<(), ConfigError> {
    check_base("trakt.api_url", &trakt.api_url)?;
    if trakt.client_secret.is_some() && trakt.client_secret_file.is_some() {
        let why = "set `trakt.client_secret` or `trakt.client_secret_file`, not both";
        return Err(ConfigError::Invalid(why.to_owned()));
    }
    if trakt.client_id.is_some() != (trakt.client_secret.is_some() || trakt.client_secret_file.is_some()) {
        let why = "`trakt.client_id` and `trakt.client_secret` come both or neither";
        return Err(ConfigError::Invalid(why.to_owned()));
    }
    let is_word = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if trakt.read_application()?.is_some_and(|(id, secret)| !is_word(&id) || !is_word(secret.expose())) {
        return Err(ConfigError::Invalid("the client id or secret of `trakt` is empty or holds blanks".to_owned()));
    }
    Ok(())
}

fn check_tmdb(tmdb: &TmdbConfig) -> Result<(), ConfigError> {
    check_base("tmdb.api_url", &tmdb.api_url)?;
    check_base("tmdb.images_url", &tmdb.images_url)?;
    if tmdb.token.is_some() && tmdb.token_file.is_some() {
        return Err(ConfigError::Invalid("set `tmdb.token` or `tmdb.token_file`, not both".to_owned()));
    }
    let token = tmdb.read_token()?;
    if token.is_some_and(|token| token.expose().is_empty() || !token.expose().bytes().all(|b| b.is_ascii_graphic())) {
        return Err(ConfigError::Invalid("the token of `tmdb` is empty or holds blanks".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn load_text(text: &str) -> Result<Config, ConfigError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        load(Some(file.path()))
    }

    #[test]
    fn the_example_file_says_exactly_the_defaults() {
        let example = include_str!("../../config.example.toml");
        assert_eq!(load_text(example).unwrap(), Config::default());
        let written: toml::Table = example.parse().unwrap();
        let defaults = toml::Table::try_from(Config::default()).unwrap();
        for (section, keys) in &defaults {
            for key in keys.as_table().unwrap().keys() {
                assert!(
                    written[section].as_table().unwrap().contains_key(key),
                    "{section}.{key} is not in the example"
                );
            }
        }
        for optional in [
            "# listen = \"127.0.0.1:7879\"",
            "# listen = \"0.0.0.0:4240\"",
            "# interface = ",
            "# proxy = ",
            "# token = ",
            "# token_file = ",
            "# client_id = ",
            "# client_secret = ",
            "# client_secret_file = ",
        ] {
            assert!(example.contains(optional), "{optional}");
        }
    }

    #[test]
    fn an_unknown_key_is_named_with_its_file_and_the_nearest_known_key() {
        let error = load_text("[torrents]\nmax_stream = 3\n").unwrap_err().to_string();
        assert!(error.contains("unknown key `torrents.max_stream`"), "{error}");
        assert!(error.contains("did you mean `max_streams`?"), "{error}");
        assert!(error.contains(".tmp"), "names the file: {error}");
    }

    #[test]
    fn a_value_of_the_wrong_kind_names_its_key() {
        let error = load_text("[server]\nmax_connections = \"many\"\n").unwrap_err().to_string();
        assert!(error.contains("`server.max_connections`"), "{error}");
    }

    #[test]
    fn limits_of_zero_and_long_access_tokens_are_refused() {
        assert!(load_text("[torrents]\nmax_streams = 0\n").unwrap_err().to_string().contains("at least 1"));
        assert!(load_text("[auth]\naccess_token_minutes = 11\n").unwrap_err().to_string().contains("at most 10"));
        assert!(load_text("[torrents]\ntrackers = [\"nonsense\"]\n").unwrap_err().to_string().contains("not a URL"));
    }

    #[test]
    fn tmdb_settings_that_cannot_work_are_refused() {
        for (text, why) in [
            ("api_url = \"https://api.example/3\"", "ends with a slash"),
            ("images_url = \"ftp://images.example/\"", "ends with a slash"),
            ("language = \"English\"", "no language"),
            ("token = \"a b\"", "blanks"),
            ("token = \"a\"\ntoken_file = \"/b\"", "not both"),
            ("token_file = \"/nonexistent\"", "/nonexistent"),
        ] {
            let error = load_text(&format!("[tmdb]\n{text}\n")).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
        let config = load_text("[tmdb]\ntoken = \"secret\"\nlanguage = \"pt-BR\"\n").unwrap();
        assert_eq!(config.tmdb.read_token().unwrap().unwrap().expose(), "secret");
        assert!(!format!("{config:?}").contains("secret\""), "{config:?}");
    }

    #[test]
    fn trakt_settings_that_cannot_work_are_refused() {
        for (text, why) in [
            ("api_url = \"https://api.example/v2\"", "ends with a slash"),
            ("client_id = \"id\"", "both or neither"),
            ("client_secret = \"secret\"", "both or neither"),
            ("client_id = \"id\"\nclient_secret = \"\"", "empty"),
            ("client_id = \"a b\"\nclient_secret = \"secret\"", "blanks"),
            ("client_id = \"id\"\nclient_secret = \"a\"\nclient_secret_file = \"/b\"", "not both"),
            ("client_id = \"id\"\nclient_secret_file = \"/nonexistent\"", "/nonexistent"),
        ] {
            let error = load_text(&format!("[trakt]\n{text}\n")).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
        let config = load_text("[trakt]\nclient_id = \"id\"\nclient_secret = \"hidden\"\n").unwrap();
        assert_eq!(config.trakt.read_application().unwrap().unwrap().1.expose(), "hidden");
        assert!(!format!("{config:?}").contains("hidden"), "{config:?}");
    }

    #[test]
    fn a_named_file_that_does_not_exist_is_an_error() {
        assert!(matches!(load(Some(Path::new("/nonexistent.toml"))), Err(ConfigError::NotFound(_))));
    }
}
