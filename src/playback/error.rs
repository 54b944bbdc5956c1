//! Why a film does not start.

use crate::{catalog::CatalogError, domain::user::Role, supervision::CallError, torrents::TorrentsError};

/// What keeps a playback from opening.
#[derive(Debug, thiserror::Error)]
pub enum PlaybackError {
    #[error("this film has no source to play from")]
    NoSource,
    #[error("guests may look around here, but not watch; ask an admin")]
    GuestsMayNotWatch,
    #[error("opening torrents of one's own takes the role {least} here; ask an admin")]
    OwnTorrentsNotAllowed { least: Role },
    #[error("there is no such playback; press Play again")]
    NotFound,
    #[error("this stream address is no longer valid; press Play again")]
    TicketInvalid,
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error(transparent)]
    Torrents(#[from] TorrentsError),
    #[error(transparent)]
    Call(#[from] CallError),
}
