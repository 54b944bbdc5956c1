//! What the actor of linked accounts is asked to do, and told.

use super::{TraktError, TraktStatus};
use crate::{
    domain::{
        ids::UserId,
        title::{Progress, Watchable},
    },
    ports::{DeviceCode, Tokens, WatchTrackerError},
    supervision::Run,
};
use ractor::RpcReplyPort;

pub type Reply<T> = RpcReplyPort<Result<T, TraktError>>;

/// How an attempt to link ended.
pub type Outcome = Result<(Tokens, Option<String>), WatchTrackerError>;

pub enum TraktMessage {
    /// Whether an account is linked, or about to be.
    Status {
        user: UserId,
        reply: Reply<TraktStatus>,
    },
    /// Begins to link an account; answers once there is a code to type in.
    Link {
        user: UserId,
        reply: Reply<TraktStatus>,
    },
    CodeGiven {
        user: UserId,
        attempt: u64,
        given: DeviceCode,
    },
    /// The code was typed in, and the account is called so; or not.
    LinkEnded {
        user: UserId,
        attempt: u64,
        outcome: Box<Outcome>,
    },
    /// Forgets an account and all that came with it, or stops linking.
    Unlink {
        user: UserId,
        reply: Reply<()>,
    },
    /// Brings an account in step now.
    SyncNow {
        user: UserId,
        reply: Reply<()>,
    },
    /// A user has marked something, or changed a list.
    Changed {
        user: UserId,
    },
    /// A user is watching.
    Played {
        user: UserId,
        title: Watchable,
        progress: Progress,
    },
    /// Events were missed: anything may have changed.
    Missed,
    /// Nothing was heard of what is on a user's screen for a while.
    Quiet {
        user: UserId,
        viewing: u64,
    },
    /// What is on a user's screen was told to Trakt, or could not be.
    Scrobbled {
        user: UserId,
        is_told: bool,
    },
    /// Brings accounts in step that are due.
    Sync,
    Synced(Run),
}
