//! Playbacks: a user's intent to watch a film, from choosing its source to the ticket its stream is read with.

mod actor;
mod error;
mod handle;
mod message;
mod own_torrent;
mod status;
mod table;
mod ticket;
mod tracked_source;

pub use error::PlaybackError;
pub use handle::{Opened, PlaybackHandle};
pub use own_torrent::OwnTorrent;
pub use status::{PlaybackState, PlaybackStatus};
pub use table::TicketGrant;
pub use ticket::{PlaybackId, Ticket};

use crate::{
    auth::AuthHandle,
    catalog::CatalogHandle,
    clock::Clock,
    config::Config,
    supervision::{Address, ChildSpec},
    torrents::TorrentsHandle,
};
use actor::Playbacks;
use std::{net::SocketAddr, sync::Arc};
use table::PlaybackTable;

/// What playbacks stand on.
#[derive(Clone)]
pub struct Dependencies {
    pub catalog: CatalogHandle,
    pub torrents: TorrentsHandle,
    pub auth: AuthHandle,
    pub clock: Arc<dyn Clock>,
    /// Where the built-in playback check is seeded.
    pub embedded_seeder: SocketAddr,
}

/// Makes the handle and tells how to start the actor.
pub fn start(config: &Config, dependencies: Dependencies) -> (PlaybackHandle, ChildSpec) {
    let address = Address::new();
    let table = Arc::new(PlaybackTable::default());
    let clock = dependencies.clock.clone();
    let handle = PlaybackHandle::new(address.clone(), table.clone(), dependencies, config);
    let make = move || (Playbacks::new(table.clone(), clock.clone()), ());
    (handle, ChildSpec::actor("playbacks", address, make))
}
