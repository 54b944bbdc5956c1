//! What can go wrong with a torrent, in words for whoever wanted to watch it.

use super::admission::Rejection;
use crate::{domain::magnet::InvalidMagnet, ports::EngineError, store::StoreError, supervision::CallError};
use std::time::Duration;

/// Why a torrent could not be opened, played or deleted.
#[derive(Debug, thiserror::Error)]
pub enum TorrentsError {
    #[error("no peer could be found that knows this torrent; try again later")]
    MetadataTimeout,
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error("too many films are being watched; stop one first")]
    TooManyStreams { retry_after: Duration },
    #[error("too many torrents are active; stop one first, or raise torrents.max_active")]
    TooManyTorrents,
    #[error("the torrent is not active; open it again")]
    NotActive,
    #[error("the torrent has no such file")]
    NoSuchFile,
    #[error("there is not enough disk space; free some, or raise torrents.disk_quota_gib")]
    DiskFull,
    #[error("failed to use the torrent engine")]
    Engine(#[source] EngineError),
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    InvalidMagnet(#[from] InvalidMagnet),
}

impl From<EngineError> for TorrentsError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::MetadataTimeout => Self::MetadataTimeout,
            EngineError::NotActive => Self::NotActive,
            EngineError::NoSuchFile(_) => Self::NoSuchFile,
            EngineError::Failed(_) => Self::Engine(error),
        }
    }
}

impl From<rusqlite::Error> for TorrentsError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}
