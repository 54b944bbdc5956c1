//! The part of the configuration that this concern obeys, in units it works with.

use super::admission::AdmissionLimits;
use crate::config::TorrentsConfig;
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// How many, how much, how long.
#[derive(Clone, Debug)]
pub struct TorrentsSettings {
    pub torrents_dir: PathBuf,
    pub max_active: usize,
    pub max_streams: usize,
    pub max_streams_per_user: usize,
    pub disk_quota_bytes: u64,
    pub free_space_reserve_bytes: u64,
    pub idle_pause: Duration,
    pub metadata_timeout: Duration,
}

impl TorrentsSettings {
    /// The owner's settings; files go below `data_dir` unless they say otherwise.
    pub fn new(config: &TorrentsConfig, data_dir: &Path) -> Self {
        Self {
            torrents_dir: config.dir_below(data_dir),
            max_active: config.max_active,
            max_streams: config.max_streams,
            max_streams_per_user: config.max_streams_per_user,
            disk_quota_bytes: config.disk_quota_gib.saturating_mul(1 << 30),
            free_space_reserve_bytes: config.free_space_reserve_gib.saturating_mul(1 << 30),
            idle_pause: Duration::from_secs(config.idle_pause_seconds),
            metadata_timeout: Duration::from_secs(config.metadata_timeout_seconds),
        }
    }

    /// No torrent may be larger than all of them together.
    pub fn admission_limits(&self) -> AdmissionLimits {
        AdmissionLimits { max_total_bytes: self.disk_quota_bytes }
    }
}
