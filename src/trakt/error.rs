//! Why an account at Trakt could not be linked or brought in step.

use crate::{
    catalog::CatalogError, ports::WatchTrackerError, progress::ProgressError, sealing::SealingError, store::StoreError,
    supervision::CallError,
};

/// What went wrong with an account at Trakt.
#[derive(Debug, thiserror::Error)]
pub enum TraktError {
    #[error("the owner of this daemon has not set up Trakt")]
    NotConfigured,
    #[error("an account at Trakt is linked already; unlink it first")]
    AlreadyLinked,
    #[error("no account at Trakt is linked; link one first")]
    NotLinked,
    #[error("the key that the link was sealed with is gone or has changed; link your account again")]
    SealBroken,
    #[error(transparent)]
    Tracker(#[from] WatchTrackerError),
    #[error(transparent)]
    Sealing(#[from] SealingError),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error(transparent)]
    Progress(#[from] ProgressError),
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for TraktError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}
