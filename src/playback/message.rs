//! What the playbacks' actor is asked to do.

use super::{PlaybackId, table::Entry};
use crate::supervision::Run;
use ractor::RpcReplyPort;

pub enum PlaybackMessage {
    /// Lists a playback whose source is ready.
    Open {
        entry: Box<Entry>,
        reply: RpcReplyPort<()>,
    },
    /// Closes a playback and ends its streams.
    Close {
        id: PlaybackId,
        reply: RpcReplyPort<()>,
    },
    /// Expired playbacks are due to be closed.
    Sweep,
    Swept(Run),
}
