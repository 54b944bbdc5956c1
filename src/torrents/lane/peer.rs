//! One peer as the scheduler sees it.

use super::{PeerCommand, blame::Suspect, pace::Pace};
use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Notify;

/// Requests that were taken back and may still be answered.
const MAX_CANCELLED: usize = 512;
/// Blocks that nobody asked for before the peer is let go.
const MAX_UNASKED: u32 = 64;

/// Who delivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A BitTorrent client that we called.
    Called(SocketAddr),
    /// A BitTorrent client that called us, from a port where nobody listens.
    Caller(SocketAddr),
    /// An HTTP server (BEP 19), by its number in the torrent's list.
    Webseed(usize),
}

impl Origin {
    pub fn suspect(self) -> Suspect {
        match self {
            Self::Called(address) | Self::Caller(address) => Suspect::Peer(address.ip()),
            Self::Webseed(number) => Suspect::Webseed(number),
        }
    }

    fn is_webseed(self) -> bool {
        matches!(self, Self::Webseed(_))
    }
}

/// A block that a peer is asked for.
#[derive(Clone, Copy, Debug)]
pub struct InFlight {
    pub piece: u32,
    pub block: u32,
    pub asked_at: Instant,
    /// What the peer had delivered when it was asked.
    pub delivered_before: u64,
    pub was_full: bool,
}

/// A connected peer.
pub struct Peer {
    pub origin: Origin,
    pub is_choking: bool,
    has: Box<[u8]>,
    pub in_flight: VecDeque<InFlight>,
    cancelled: VecDeque<(u32, u32)>,
    pub pace: Pace,
    pub delivered_bytes: u64,
    pub wasted_bytes: u64,
    unasked: u32,
    /// It let requests grow old: others are asked for them too, and it gets no new ones until it delivers.
    pub is_snubbing: bool,
    pub last_block_at: Option<Instant>,
    pub commands: Vec<PeerCommand>,
    pub wake: Arc<Notify>,
    /// It could be asked for more than was wanted.
    pub is_hungry: bool,
}

impl Peer {
    pub fn new(origin: Origin, pieces: u32) -> Self {
        Self {
            origin,
            is_choking: !origin.is_webseed(),
            has: vec![if origin.is_webseed() { 0xff } else { 0 }; (pieces as usize).div_ceil(8)].into(),
            in_flight: VecDeque::new(),
            cancelled: VecDeque::new(),
            pace: Pace::default(),
            delivered_bytes: 0,
            wasted_bytes: 0,
            unasked: 0,
            is_snubbing: false,
            last_block_at: None,
            commands: Vec::new(),
            wake: Arc::new(Notify::new()),
            is_hungry: true,
        }
    }

    pub fn has(&self, piece: u32) -> bool {
        self.has.get(piece as usize / 8).is_some_and(|byte| byte & (0x80 >> (piece % 8)) != 0)
    }

    /// Replaces what it has; false when the length is not this torrent's.
    pub fn set_has(&mut self, bitfield: &[u8]) -> bool {
        let fits = bitfield.len() == self.has.len();
        if fits {
            self.has.copy_from_slice(bitfield);
        }
        fits
    }

    pub fn add_has(&mut self, piece: u32) {
        if let Some(byte) = self.has.get_mut(piece as usize / 8) {
            *byte |= 0x80 >> (piece % 8);
        }
    }

    /// Whether it has every one of `pieces`.
    pub fn is_seed(&self, pieces: u32) -> bool {
        let whole = pieces as usize / 8;
        self.has[..whole].iter().all(|byte| *byte == 0xff) && (whole as u32 * 8..pieces).all(|piece| self.has(piece))
    }

    pub fn oldest_age(&self, now: Instant) -> Option<Duration> {
        self.in_flight.front().map(|request| now.saturating_duration_since(request.asked_at))
    }

    /// When a block asked for now would be here, in seconds; none until its rate is known.
    pub fn eta(&self, now: Instant) -> Option<f64> {
        self.pace.eta(self.in_flight.len(), self.oldest_age(now))
    }

    /// Whether it can be asked for something.
    pub fn is_ready(&self) -> bool {
        !self.is_choking && !self.is_snubbing && self.in_flight.len() < self.pace.window()
    }

    /// Takes a request back, telling the peer.
    pub fn cancel(&mut self, piece: u32, block: u32) {
        let Some(at) = self.in_flight.iter().position(|request| (request.piece, request.block) == (piece, block))
        else {
            return;
        };
        self.in_flight.remove(at);
        self.pace.on_emptied();
        self.commands.push(PeerCommand::Cancel { piece, block });
        self.wake.notify_one();
        self.remember_cancelled(piece, block);
    }

    /// Forgets all requests: only what is on the way may still come.
    pub fn take_in_flight(&mut self) -> Vec<(u32, u32)> {
        self.pace.on_emptied();
        let taken: Vec<_> = self.in_flight.drain(..).map(|request| (request.piece, request.block)).collect();
        taken.iter().for_each(|(piece, block)| self.remember_cancelled(*piece, *block));
        taken
    }

    fn remember_cancelled(&mut self, piece: u32, block: u32) {
        if self.cancelled.len() == MAX_CANCELLED {
            self.cancelled.pop_front();
        }
        self.cancelled.push_back((piece, block));
    }

    /// Finds the request that a block answers. `None` when it was not asked for; then `Err` once that was too often.
    pub fn answer(&mut self, piece: u32, block: u32) -> Result<Option<InFlight>, TooManyUnasked> {
        if let Some(at) = self.in_flight.iter().position(|request| (request.piece, request.block) == (piece, block)) {
            return Ok(self.in_flight.remove(at));
        }
        if let Some(at) = self.cancelled.iter().position(|cancelled| *cancelled == (piece, block)) {
            self.cancelled.remove(at);
            return Ok(None);
        }
        self.unasked += 1;
        if self.unasked > MAX_UNASKED { Err(TooManyUnasked) } else { Ok(None) }
    }
}

/// The peer floods us with blocks that nobody wants.
#[derive(Debug)]
pub struct TooManyUnasked;
