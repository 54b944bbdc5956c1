//! Why progress could not be read or saved.

use crate::{store::StoreError, supervision::CallError};

/// What went wrong with somebody's progress.
#[derive(Debug, thiserror::Error)]
pub enum ProgressError {
    #[error("the position must lie between 0 and the title's duration, and a title lasts at most {} hours", MAX_DURATION_MS / 3_600_000)]
    OutOfRange,
    #[error("there is no such title")]
    TitleNotFound,
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// No film lasts longer: 100 hours.
pub const MAX_DURATION_MS: i64 = 100 * 3_600_000;

impl From<rusqlite::Error> for ProgressError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}
