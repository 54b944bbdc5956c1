//! Active torrents: admission, sessions, leases, eviction, and the bytes that players read.
//!
//! [`TorrentsHandle`] is the way in. Behind it, the actor `Torrents` writes the table `storage` and supervises one
//! `TorrentSession` per active torrent, which pauses its torrent when nobody watches. Neither stands between a player
//! and its bytes: those are read from a [`StreamLease`], which outlives a crash of either.

mod active;
mod actor;
pub mod admission;
mod error;
mod eviction;
mod handle;
pub mod lane;
mod lease;
mod limiter;
mod message;
pub mod piece_source;
pub mod pieces;
mod resolver;
mod session;
mod session_state;
mod settings;
mod space;
mod store;

pub use admission::{AdmittedTorrent, Rejection, TorrentFile};
pub use error::TorrentsError;
pub use handle::{Activate, ActiveStatus, Resolved, TorrentsHandle};
pub use lease::StreamLease;
pub use settings::TorrentsSettings;
pub use store::StoredTorrent;

use crate::{
    events::Events,
    ports::{Clock, TorrentEngine},
    store::Store,
    supervision::{ActorTree, Address, ChildSpec},
};
use std::sync::Arc;

/// What the concern stands on.
#[derive(Clone)]
pub struct TorrentsParts {
    pub settings: TorrentsSettings,
    pub store: Store,
    pub engine: Arc<dyn TorrentEngine>,
    pub clock: Arc<dyn Clock>,
    pub events: Events,
    pub tree: ActorTree,
}

/// Answers the handle, and the child that `path`'s supervisor starts: `path` is where the actor will sit in the tree,
/// such as `root/playback/torrents`.
pub fn start(parts: TorrentsParts, path: &'static str) -> (TorrentsHandle, ChildSpec) {
    let address = Address::new();
    let shared = Arc::new(actor::Shared::new(parts, path));
    let handle = TorrentsHandle::new(address.clone(), shared.clone());
    let name = path.rsplit('/').next().unwrap_or(path);
    let child = ChildSpec::actor(name, address, move || (actor::Torrents, shared.clone()));
    (handle, child)
}

#[cfg(test)]
mod tests;
