//! The public face of accounts at Trakt.

use super::{
    TraktError,
    message::{Reply, TraktMessage},
};
use crate::{domain::ids::UserId, supervision::Address};
use std::time::Duration;

const CALL_TIMEOUT: Duration = Duration::from_secs(5);
/// Longer than Trakt may take to give a code.
const LINK_TIMEOUT: Duration = Duration::from_secs(12);

/// Links accounts. Cheap to clone.
#[derive(Clone)]
pub struct TraktHandle {
    /// None when the owner has not set up Trakt.
    address: Option<Address<TraktMessage>>,
}

/// How a user stands with Trakt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraktStatus {
    pub link: Link,
    /// Why linking or the last synchronisation failed.
    pub error: Option<String>,
}

/// Whether an account is linked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// The owner has not set up Trakt.
    Unavailable,
    Unlinked,
    /// The user has to type the code in at this address, until it expires (Unix ms).
    Pending {
        user_code: String,
        verification_url: String,
        expires_at: i64,
    },
    Linked {
        username: Option<String>,
        linked_at: i64,
        synced_at: Option<i64>,
    },
}

impl TraktHandle {
    pub(super) fn new(address: Address<TraktMessage>) -> Self {
        Self { address: Some(address) }
    }

    /// A handle for daemons whose owner has not set up Trakt.
    pub fn unavailable() -> Self {
        Self { address: None }
    }

    /// How a user stands with Trakt.
    pub async fn status(&self, user: UserId) -> Result<TraktStatus, TraktError> {
        match self.address {
            None => Ok(TraktStatus { link: Link::Unavailable, error: None }),
            Some(_) => self.call(|reply| TraktMessage::Status { user, reply }, CALL_TIMEOUT).await,
        }
    }

    /// Begins to link an account; answers the code to type in, which is the same while one is pending.
    pub async fn link(&self, user: UserId) -> Result<TraktStatus, TraktError> {
        self.call(|reply| TraktMessage::Link { user, reply }, LINK_TIMEOUT).await
    }

    /// Forgets an account and all that came with it, or stops linking. What was watched stays, and the user's
    /// own lists.
    pub async fn unlink(&self, user: UserId) -> Result<(), TraktError> {
        match self.address {
            None => Ok(()),
            Some(_) => self.call(|reply| TraktMessage::Unlink { user, reply }, CALL_TIMEOUT).await,
        }
    }

    /// Has an account brought in step now.
    pub async fn sync(&self, user: UserId) -> Result<(), TraktError> {
        self.call(|reply| TraktMessage::SyncNow { user, reply }, CALL_TIMEOUT).await
    }

    async fn call<T: Send + 'static>(
        &self,
        build: impl FnOnce(Reply<T>) -> TraktMessage,
        timeout: Duration,
    ) -> Result<T, TraktError> {
        let address = self.address.as_ref().ok_or(TraktError::NotConfigured)?;
        address.call(build, timeout).await?
    }
}
