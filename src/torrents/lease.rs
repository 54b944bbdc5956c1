//! Permission to read one file of an active torrent, and the way to its bytes.

use super::{active::LeaseHold, limiter::StreamPermit, piece_source::PieceSource};
use std::sync::Arc;

/// One stream's hold on a torrent: while it lives the torrent is neither paused for idleness nor evicted, and it counts
/// against the user's streams.
pub struct StreamLease {
    source: Arc<dyn PieceSource>,
    _hold: LeaseHold,
    _permit: StreamPermit,
}

impl StreamLease {
    pub(super) fn new(source: Arc<dyn PieceSource>, hold: LeaseHold, permit: StreamPermit) -> Self {
        Self { source, _hold: hold, _permit: permit }
    }

    /// The file's bytes. Readers outlive a crash of the actors, but should not outlive the lease.
    pub fn source(&self) -> &Arc<dyn PieceSource> {
        &self.source
    }
}
