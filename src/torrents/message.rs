//! What the actor `Torrents` is asked and told.

use super::{TorrentsError, handle::Activate};
use crate::{domain::info_hash::InfoHash, supervision::Run};
use ractor::RpcReplyPort;

/// Requests in the imperative, facts in the past tense.
pub enum TorrentsMessage {
    Activate {
        torrent: Activate,
        size_bytes: u64,
        reply: RpcReplyPort<Result<(), TorrentsError>>,
    },
    /// The engine has the torrent, or will not have it.
    Activated {
        info_hash: InfoHash,
        result: Result<(), TorrentsError>,
        reply: RpcReplyPort<Result<(), TorrentsError>>,
    },
    Delete {
        info_hash: InfoHash,
        reply: RpcReplyPort<Result<(), TorrentsError>>,
    },
    /// The last lease of a torrent was given back.
    Unwatched {
        info_hash: InfoHash,
    },
    /// A session's back-off is over.
    SessionDue {
        info_hash: InfoHash,
    },
    KeepHouse,
    HouseKept(Run),
}
