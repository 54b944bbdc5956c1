//! The express lane of one torrent: fetches the pieces that readers wait for, block by block, from all peers at once.
//!
//! librqbit asks one peer for a whole piece, and many pieces ahead. The lane asks all peers for the blocks of the piece
//! that somebody waits for, and bounds what is on the way to each by time: a picture starts, and a seek lands, about when
//! the line can deliver one piece. It knows no sockets: connections (`adapters::engine::mux`) report what peers say and
//! fetch what they are to be told.
//!
//! One lock, held for microseconds; hashing and writing happen outside of it. No byte passes through an actor.

pub mod blame;
pub mod geometry;
pub mod memory;
mod pace;
mod partial;
mod peer;
mod pick;
mod scheduler;
mod stats;
pub mod throttle;
mod viewers;

pub use geometry::{BLOCK_BYTES, Geometry};
pub use partial::FullPiece;
pub use peer::Origin;
pub use scheduler::Gone;
pub use stats::{Counters, LaneStats, PeerStats};
pub use viewers::{ViewerId, ViewerStats};

use crate::torrents::pieces::Pieces;
use memory::{Memory, Pool};
use metrics::gauge;
use scheduler::Scheduler;
use sha1::{Digest as _, Sha1};
use std::{
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use throttle::Throttle;
use tokio::sync::Notify;

/// How often a peer is looked at that says nothing; a limit on the rate lets a little through at a time.
const TICK: Duration = Duration::from_secs(1);
const TICK_THROTTLED: Duration = Duration::from_millis(100);

/// A peer of one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(pub u32);

/// What a peer is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerCommand {
    Request { piece: u32, block: u32 },
    Cancel { piece: u32, block: u32 },
}

/// One torrent's lane.
pub struct Lane {
    geometry: Geometry,
    /// The SHA-1 of each piece, 20 bytes each (BEP 3).
    hashes: Box<[u8]>,
    tick: Duration,
    scheduler: Mutex<Scheduler>,
}

/// What the lanes of all torrents share. Cheap to clone.
#[derive(Clone, Default)]
pub struct Common {
    pub memory: Memory,
    pub throttle: Option<Arc<Throttle>>,
}

impl Lane {
    pub fn new(geometry: Geometry, hashes: Box<[u8]>, pieces: Arc<Pieces>, common: Common) -> Arc<Self> {
        let Common { memory, throttle } = common;
        let pool = Pool::new(memory, geometry.piece_bytes);
        let tick = if throttle.is_some() { TICK_THROTTLED } else { TICK };
        let scheduler = Mutex::new(Scheduler::new(geometry, pieces, pool, throttle, Instant::now()));
        Arc::new(Self { geometry, hashes, tick, scheduler })
    }

    /// How often each peer is to be looked at.
    pub fn tick(&self) -> Duration {
        self.tick
    }

    pub fn geometry(&self) -> &Geometry {
        &self.geometry
    }

    /// Takes a connection in, whose task wakes with the answered notify. Refused when the peer was banned, or when there
    /// are enough.
    pub fn join(self: &Arc<Self>, origin: Origin) -> Result<LanePeer, Gone> {
        let (id, wake) = self.lock().add_peer(origin)?;
        gauge!("miauflix_lane_peers").increment(1);
        Ok(LanePeer { lane: self.clone(), id, wake })
    }

    /// A reader of `range`, in bytes from the start of the torrent. What is in its way is taken back at once.
    pub fn view(self: &Arc<Self>, range: Range<u64>) -> LaneViewer {
        let id = self.lock().open(range, Instant::now());
        LaneViewer { lane: self.clone(), id }
    }

    /// Whether a piece's bytes are what the torrent says. Takes milliseconds: for a thread that may block.
    pub fn hashes_right(&self, piece: u32, bytes: &[u8]) -> bool {
        let at = piece as usize * 20;
        self.hashes.get(at..at + 20).is_some_and(|hash| Sha1::digest(bytes).as_slice() == hash)
    }

    /// A full piece hashed right. Until [`finished`](Self::finished) it is nobody's to fetch.
    pub fn verified(&self, piece: u32, bytes: &[u8]) {
        self.lock().on_verified(piece, bytes);
    }

    /// A verified piece is on disk, or could not be written.
    pub fn finished(&self, piece: u32) {
        self.lock().on_finished(piece);
    }

    /// A full piece did not hash right.
    pub fn failed(&self, full: FullPiece) {
        self.lock().on_failed(full);
    }

    /// Lets go of all peers and of what is on the way.
    pub fn reset(&self) {
        self.lock().reset();
    }

    pub fn stats(&self) -> LaneStats {
        self.lock().stats(Instant::now())
    }

    fn lock(&self) -> MutexGuard<'_, Scheduler> {
        self.scheduler.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connected peer; it leaves when this is dropped. Every method that answers [`Gone`] asks to close the connection.
pub struct LanePeer {
    lane: Arc<Lane>,
    id: PeerId,
    wake: Arc<Notify>,
}

impl LanePeer {
    /// Wakes when there may be something to tell the peer.
    pub async fn woken(&self) {
        self.wake.notified().await;
    }

    pub fn lane(&self) -> &Arc<Lane> {
        &self.lane
    }

    pub fn on_bitfield(&self, bitfield: &[u8]) -> Result<(), Gone> {
        self.lane.lock().on_bitfield(self.id, bitfield)
    }

    pub fn on_have(&self, piece: u32) {
        self.lane.lock().on_have(self.id, piece);
    }

    pub fn on_choke(&self) {
        self.lane.lock().on_choke(self.id);
    }

    pub fn on_unchoke(&self) {
        self.lane.lock().on_unchoke(self.id);
    }

    /// Answers the piece that `bytes` completed, to be hashed.
    pub fn on_block(&self, piece: u32, begin: u32, bytes: &[u8]) -> Result<Option<FullPiece>, Gone> {
        self.lane.lock().on_block(self.id, (piece, begin), bytes, Instant::now())
    }

    /// To be called once in [`Lane::tick`].
    pub fn on_tick(&self) {
        self.lane.lock().on_tick(self.id, Instant::now());
    }

    /// Moves what the peer is to be told to `commands`.
    pub fn commands(&self, commands: &mut Vec<PeerCommand>) -> Result<(), Gone> {
        self.lane.lock().commands(self.id, Instant::now(), commands)
    }

    /// Whether the peer has the whole torrent.
    pub fn is_seed(&self) -> bool {
        self.lane.lock().is_seed(self.id)
    }
}

impl Drop for LanePeer {
    fn drop(&mut self) {
        gauge!("miauflix_lane_peers").decrement(1);
        self.lane.lock().remove_peer(self.id);
    }
}

/// An open reader; what it wanted is taken back when this is dropped.
pub struct LaneViewer {
    lane: Arc<Lane>,
    id: ViewerId,
}

impl LaneViewer {
    /// The reader has handed out all bytes before `position` (from the start of the torrent), and waits for more or not.
    pub fn advance(&self, position: u64, is_waiting: bool) {
        self.lane.lock().advance(self.id, position, is_waiting, Instant::now());
    }
}

impl Drop for LaneViewer {
    fn drop(&mut self) {
        self.lane.lock().close(self.id);
    }
}

#[cfg(test)]
mod tests;
