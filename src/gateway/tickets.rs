//! What the stream route needs to know of a playback: the seam between bytes on the wire and the concern that grants
//! them.

use super::problem::Problem;
use crate::{playback::PlaybackHandle, torrents::piece_source::PieceSource};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Knows the stream tickets that are valid now.
pub trait Tickets: Send + Sync {
    /// What `ticket` grants. Does no I/O and opens nothing. A ticket that is unknown, expired or revoked is a 401.
    fn find(&self, ticket: &str) -> Result<TicketGrant, Problem>;
}

/// The film behind a ticket.
pub struct TicketGrant {
    /// Strong, without its quotes: info hash and file index.
    pub etag: String,
    pub mime: &'static str,
    pub len_bytes: u64,
    pub file_name: String,
    /// Takes a stream lease. Called at most once, and only for an answer that has a body.
    pub lease: Box<dyn FnOnce() -> Result<Leased, Problem> + Send>,
    /// Cancelled once the playback is closed or its login session revoked.
    pub closed: CancellationToken,
}

/// A source to read from, for as long as `lease` lives.
pub struct Leased {
    pub source: Arc<dyn PieceSource>,
    /// Dropped with the stream's body.
    pub lease: Box<dyn Send>,
}

impl Tickets for PlaybackHandle {
    fn find(&self, ticket: &str) -> Result<TicketGrant, Problem> {
        let grant = self.redeem(ticket)?;
        Ok(TicketGrant {
            etag: grant.etag(),
            mime: grant.mime(),
            len_bytes: grant.len_bytes(),
            file_name: grant.file_name().to_owned(),
            closed: grant.closed(),
            lease: Box::new(move || {
                let (lease, source) = grant.lease()?;
                Ok(Leased { source, lease: Box::new(lease) })
            }),
        })
    }
}
