//! One struct per section of the configuration file. `config.example.toml` explains every key; a test holds the two equal.

use super::{ConfigError, Secret};
use crate::domain::{language::Language, user::Role};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};
use url::Url;

/// `[server]`: the HTTP side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    pub listen: SocketAddr,
    /// Host names, beside IP addresses of this machine and localhost, under which clients may reach the daemon.
    pub hosts: Vec<String>,
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<IpNet>,
    pub max_connections: usize,
    pub max_connections_per_ip: usize,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7878),
            hosts: Vec::new(),
            trusted_proxies: Vec::new(),
            max_connections: 512,
            max_connections_per_ip: 64,
        }
    }
}

/// `[data]`: where the daemon keeps what it must not lose.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataConfig {
    /// Empty means the user's data directory (`$XDG_DATA_HOME/miauflix` or `~/.local/share/miauflix`).
    pub dir: PathBuf,
}

/// `[log]`: what is written to standard error.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,miauflix::torrents=debug`.
    pub level: String,
    pub format: LogFormat,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: LogFormat::Text }
    }
}

/// `[metrics]`: Prometheus metrics, on a listener of their own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// No address means no metrics.
    pub listen: Option<SocketAddr>,
}

/// `[auth]`: who stays signed in for how long.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthConfig {
    pub access_token_minutes: u32,
    pub session_idle_days: u32,
    pub session_max_days: u32,
    pub max_devices_per_user: usize,
    pub guests_may_watch: bool,
}

impl Default for AuthConfig {
    fn default() -> Self {
        Self {
            access_token_minutes: 10,
            session_idle_days: 7,
            session_max_days: 30,
            max_devices_per_user: 5,
            guests_may_watch: false,
        }
    }
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    On,
    Off,
}

/// Where a SOCKS 5 proxy is, and who may use it: `socks5://user:password@host:port`. The proxy looks up names.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProxyUrl(Url);

impl ProxyUrl {
    pub fn host_and_port(&self) -> (&str, u16) {
        (self.0.host_str().unwrap_or_default().trim_matches(['[', ']']), self.0.port().unwrap_or(1080))
    }

    /// The user's name and password, where there are any.
    pub fn credentials(&self) -> Option<(String, String)> {
        let plain = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        self.0.password().map(|password| (plain(self.0.username()), plain(password)))
    }
}

impl TryFrom<String> for ProxyUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        const SHAPE: &str = "a proxy is given as socks5://host:port or socks5://user:password@host:port";
        let url = Url::parse(&text).map_err(|_| SHAPE)?;
        let is_socks = matches!(url.scheme(), "socks5" | "socks5h");
        if is_socks && url.has_host() && url.port().is_some() { Ok(Self(url)) } else { Err(SHAPE) }
    }
}

/// As it is shown: without the password.
impl From<ProxyUrl> for String {
    fn from(ProxyUrl(mut url): ProxyUrl) -> Self {
        if url.password().is_some() {
            _ = url.set_password(Some("…"));
        }
        url.into()
    }
}

impl fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (host, port) = self.host_and_port();
        write!(f, "ProxyUrl({host}:{port})")
    }
}

/// `[torrents]`: the swarm side, disk space and streams.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TorrentsConfig {
    /// Empty means `torrents` inside the data directory.
    pub dir: PathBuf,
    /// Where peers can reach us. No address means that we only call others.
    pub listen: Option<SocketAddr>,
    /// Find peers by the distributed hash table.
    pub dht: bool,
    /// Ask the router to forward the listening port.
    pub upnp: bool,
    /// Fetch what viewers wait for block by block from all peers at once.
    pub express: Switch,
    /// The network interface that torrent traffic leaves by. None means what the system chooses.
    pub interface: Option<String>,
    /// The SOCKS 5 proxy that torrent traffic leaves by.
    pub proxy: Option<ProxyUrl>,
    /// Trackers to ask about every public torrent, beside its own.
    pub trackers: Vec<String>,
    /// 0 means unlimited.
    pub download_limit_kib_per_s: u32,
    /// 0 means unlimited.
    pub upload_limit_kib_per_s: u32,
    pub max_active: usize,
    pub max_streams: usize,
    pub max_streams_per_user: usize,
    /// The least role that may open a torrent of its own.
    pub own_torrents: Role,
    pub disk_quota_gib: u64,
    pub free_space_reserve_gib: u64,
    pub idle_pause_seconds: u64,
    pub stall_limit_seconds: u64,
    pub metadata_timeout_seconds: u64,
}

impl Default for TorrentsConfig {
    fn default() -> Self {
        Self {
            dir: PathBuf::new(),
            listen: None,
            dht: true,
            upnp: false,
            express: Switch::On,
            interface: None,
            proxy: None,
            trackers: Vec::new(),
            download_limit_kib_per_s: 0,
            upload_limit_kib_per_s: 0,
            max_active: 50,
            max_streams: 64,
            max_streams_per_user: 8,
            own_torrents: Role::User,
            disk_quota_gib: 50,
            free_space_reserve_gib: 2,
            idle_pause_seconds: 120,
            stall_limit_seconds: 30,
            metadata_timeout_seconds: 30,
        }
    }
}

impl TorrentsConfig {
    /// Where films are kept: `dir`, or the folder `torrents` of the data directory.
    pub fn dir_below(&self, data_dir: &Path) -> PathBuf {
        if self.dir.as_os_str().is_empty() { data_dir.join("torrents") } else { self.dir.clone() }
    }
}

/// `[tmdb]`: The Movie Database, where films come from beside the built-in ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TmdbConfig {
    /// Its "API read access token". None means that the database is not asked at all.
    pub token: Option<Secret>,
    /// A file that holds the token.
    pub token_file: Option<PathBuf>,
    /// Of titles and texts, for everybody who does not read another.
    pub language: Language,
    /// Addresses of the API and of the pictures; both end with a slash.
    pub api_url: String,
    pub images_url: String,
    /// Disk space for pictures.
    pub images_quota_mib: u32,
}

impl Default for TmdbConfig {
    fn default() -> Self {
        Self {
            token: None,
            token_file: None,
            language: Language::default(),
            api_url: "https://api.themoviedb.org/3/".to_owned(),
            images_url: "https://image.tmdb.org/t/p/".to_owned(),
            images_quota_mib: 512,
        }
    }
}

impl TmdbConfig {
    pub fn images_quota_bytes(&self) -> u64 {
        u64::from(self.images_quota_mib) << 20
    }

    /// The token, from the configuration or from its file.
    pub fn read_token(&self) -> Result<Option<Secret>, ConfigError> {
        let Some(file) = &self.token_file else { return Ok(self.token.clone()) };
        let text = std::fs::read_to_string(file)
            .map_err(|error| ConfigError::Invalid(format!("`tmdb.token_file`: {}: {error}", file.display())))?;
        Ok(Some(Secret::new(text.trim().to_owned())))
    }
}

/// `[trakt]`: Trakt, where users may link an account that is kept in step with what they watch here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TraktConfig {
    /// Of the application that the owner has registered there. Without it and its secret nobody can link an account.
    pub client_id: Option<String>,
    pub client_secret: Option<Secret>,
    /// A file that holds the secret.
    pub client_secret_file: Option<PathBuf>,
    /// Address of the API; ends with a slash.
    pub api_url: String,
}

impl Default for TraktConfig {
    fn default() -> Self {
        Self {
            client_id: None,
            client_secret: None,
            client_secret_file: None,
            api_url: "https://api.trakt.tv/".to_owned(),
        }
    }
}

impl TraktConfig {
    /// The application's id and secret; none when Trakt is not to be asked.
    pub fn read_application(&self) -> Result<Option<(String, Secret)>, ConfigError> {
        let secret = match &self.client_secret_file {
            None => self.client_secret.clone(),
            Some(file) => {
                let text = std::fs::read_to_string(file).map_err(|error| {
                    ConfigError::Invalid(format!("`trakt.client_secret_file`: {}: {error}", file.display()))
                })?;
                Some(Secret::new(text.trim().to_owned()))
            }
        };
        Ok(self.client_id.clone().zip(secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_read_whole_and_shown_without_its_password() {
        let proxy = ProxyUrl::try_from("socks5://ada:p%40ss@[::1]:1080".to_owned()).unwrap();
        assert_eq!(proxy.host_and_port(), ("::1", 1080));
        assert_eq!(proxy.credentials(), Some(("ada".to_owned(), "p@ss".to_owned())));
        assert!(!format!("{proxy:?}").contains("ss"), "{proxy:?}");
        assert!(!String::from(proxy).contains("p%40ss"));
        for wrong in ["http://h:1", "socks5://h", "socks5://", "h:1080", ""] {
            assert!(ProxyUrl::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
