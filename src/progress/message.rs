//! What the progress actor is asked to do.

use super::ProgressError;
use crate::domain::{
    ids::{ShowId, UserId},
    title::{Marked, Progress, Watchable},
};
use ractor::RpcReplyPort;

type Reply<T> = RpcReplyPort<Result<T, ProgressError>>;

pub enum ProgressMessage {
    /// Saves a position; the answer comes once it is on disk.
    Save { user: UserId, title: Watchable, position_ms: i64, duration_ms: i64, reply: Reply<Progress> },
    /// Forgets how far a user has watched a title.
    Clear { user: UserId, title: Watchable, reply: Reply<()> },
    /// Marks what a user has watched elsewhere, or takes the mark away.
    Mark { user: UserId, marked: Marked, is_watched: bool, reply: Reply<()> },
    /// Takes a show off a user's home screen until it is watched again.
    PutAway { user: UserId, show: ShowId, reply: Reply<()> },
    /// Takes over what another service knows, where that is later.
    Import { user: UserId, found: Vec<(Watchable, Progress)>, reply: Reply<()> },
}
