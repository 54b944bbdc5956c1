//! The configuration: one file, every key also by environment, and a default for all of it.

mod load;
mod secret;
mod sections;

pub use load::{ConfigError, load};
pub use secret::Secret;
pub use sections::{
    AuthConfig, DataConfig, LogConfig, LogFormat, MetricsConfig, ProxyUrl, ServerConfig, Switch, TmdbConfig,
    TorrentsConfig, TraktConfig,
};

use serde::{Deserialize, Serialize};

/// Everything an owner can set. No file at all means all defaults.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub server: ServerConfig,
    pub data: DataConfig,
    pub log: LogConfig,
    pub metrics: MetricsConfig,
    pub auth: AuthConfig,
    pub torrents: TorrentsConfig,
    pub tmdb: TmdbConfig,
    pub trakt: TraktConfig,
}
