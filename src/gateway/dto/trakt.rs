//! An account at Trakt.

use crate::{
    gateway::error::sentence_of,
    trakt::{Link, TraktStatus},
};
use serde::Serialize;
use utoipa::ToSchema;

/// Whether an account is linked.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TraktState {
    /// The owner of the daemon has not set up Trakt.
    Unavailable,
    Unlinked,
    /// A code waits to be typed in.
    Pending,
    Linked,
}

/// What the user types in at Trakt.
#[derive(Debug, Serialize, ToSchema)]
pub struct TraktCode {
    pub user_code: String,
    /// Where to type it in.
    pub verification_url: String,
    /// Unix ms.
    pub expires_at: i64,
}

/// How the user stands with Trakt.
#[derive(Debug, Serialize, ToSchema)]
pub struct Trakt {
    pub state: TraktState,
    /// While one is pending.
    #[schema(required)]
    pub code: Option<TraktCode>,
    /// Of the account at Trakt.
    #[schema(required)]
    pub username: Option<String>,
    /// Unix ms.
    #[schema(required)]
    pub linked_at: Option<i64>,
    /// When both were in step last (Unix ms).
    #[schema(required)]
    pub synced_at: Option<i64>,
    /// Why linking or the last synchronisation failed, for the user.
    #[schema(required)]
    pub error: Option<String>,
}

impl From<TraktStatus> for Trakt {
    fn from(status: TraktStatus) -> Self {
        let error = status.error.as_deref().map(sentence_of);
        let none = |state| Self { state, code: None, username: None, linked_at: None, synced_at: None, error: None };
        let trakt = match status.link {
            Link::Unavailable => none(TraktState::Unavailable),
            Link::Unlinked => none(TraktState::Unlinked),
            Link::Pending { user_code, verification_url, expires_at } => {
                Self { code: Some(TraktCode { user_code, verification_url, expires_at }), ..none(TraktState::Pending) }
            }
            Link::Linked { username, linked_at, synced_at } => {
                Self { username, linked_at: Some(linked_at), synced_at, ..none(TraktState::Linked) }
            }
        };
        Self { error, ..trakt }
    }
}
