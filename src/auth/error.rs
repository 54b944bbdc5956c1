//! Why an account, a session or a token was refused.

use crate::{owner_only::OwnerOnlyError, store::StoreError, supervision::CallError};
use std::{path::PathBuf, time::Duration};

/// Why a request about accounts failed. The texts are for the person who asked.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    #[error("the user name or the password is wrong")]
    WrongCredentials,
    #[error("too many attempts; try again in {} seconds", retry_after.as_secs().max(1))]
    TooManyAttempts { retry_after: Duration },
    #[error("too many people sign in right now; try again in {} seconds", retry_after.as_secs().max(1))]
    Busy { retry_after: Duration },
    #[error("an admin exists already; sign in instead")]
    SetupDone,
    #[error("the setup token is wrong; use the link that the daemon printed when it started")]
    SetupTokenWrong,
    #[error("the password must have at least 8 characters and at most 1024 bytes")]
    WeakPassword,
    #[error("the user name must have 1 to 32 of these characters: a-z 0-9 . _ -")]
    BadUsername,
    #[error("somebody has this user name already; choose another")]
    UsernameTaken,
    #[error("this device is signed out; sign in again")]
    RefreshInvalid,
    #[error("the access token has expired; refresh it")]
    AccessExpired,
    #[error("sign in first")]
    Unauthenticated,
    #[error("there is no such user or session")]
    NotFound,
    #[error("this is the last active admin; make somebody else an admin first")]
    LastAdmin,
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for AuthError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Why accounts could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    OwnerOnly(#[from] OwnerOnlyError),
    #[error("{path} is damaged; delete it (everybody has to sign in again) or restore it from a backup")]
    Damaged { path: PathBuf },
    #[error("failed to prepare the signing of tokens")]
    Signing(#[from] jsonwebtoken::errors::Error),
    #[error("failed to prepare the hashing of passwords: {0}")]
    Hashing(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}
