//! The next block to ask one peer for.
//!
//! A peer gets the first block of the order that it can deliver no later than its piece is expected anyway (*fit*), so a
//! slow peer never holds a piece up that somebody waits for: it gets blocks from further ahead. When all blocks of such a
//! piece are asked for, a peer with room asks for those again that somebody else will deliver much later.

use super::{
    PeerId,
    blame::Blame,
    geometry::{BLOCK_BYTES, Geometry},
    partial::Partial,
    peer::Peer,
    viewers::Want,
};
use std::{collections::BTreeMap, time::Instant};

/// How much later than expected a block may be.
const FIT: f64 = 1.3;
const FIT_SLACK_S: f64 = 0.03;
/// How much later than ours another's copy has to be before a block is asked for twice.
const COPY: f64 = 1.3;
const COPY_SLACK_S: f64 = 0.01;

/// What the choice depends on.
pub struct World<'a> {
    pub geometry: &'a Geometry,
    pub order: &'a [Want],
    pub partials: &'a BTreeMap<u32, Partial>,
    pub peers: &'a BTreeMap<PeerId, Peer>,
    pub blame: &'a Blame,
    /// Whether a piece that nobody waits for may be begun.
    pub has_room: bool,
    pub may_copy: bool,
    pub swarm: Swarm,
    pub now: Instant,
}

/// All peers that deliver, taken together.
#[derive(Clone, Copy, Debug)]
pub struct Swarm {
    rate: f64,
    best_eta: f64,
}

/// A block to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    pub piece: u32,
    pub block: u32,
    /// Another peer is asked for it already.
    pub is_copy: bool,
}

impl Swarm {
    pub fn look(peers: &BTreeMap<PeerId, Peer>, now: Instant) -> Self {
        let mut swarm = Self { rate: 0.0, best_eta: f64::MAX };
        for peer in peers.values().filter(|peer| !peer.is_choking && !peer.is_snubbing) {
            if let (Some(rate), Some(eta)) = (peer.pace.rate(), peer.eta(now)) {
                swarm.rate += rate;
                swarm.best_eta = swarm.best_eta.min(eta);
            }
        }
        swarm
    }

    /// When so many bytes, the most urgent ones, will all be here.
    fn expects(&self, bytes: f64) -> f64 {
        (bytes / self.rate.max(1.0)).max(self.best_eta)
    }
}

/// The next block for a peer that has room for one.
pub fn next(world: &World<'_>, id: PeerId, peer: &Peer) -> Option<Pick> {
    let eta = peer.eta(world.now);
    let (mut before, mut last) = (0.0, None);
    for &Want { piece, is_head } in world.order {
        if !peer.has(piece) || !world.blame.allows(piece, id) {
            continue;
        }
        let partial = world.partials.get(&piece);
        if partial.is_none() && !is_head && !world.has_room {
            continue;
        }
        let missing = partial.map_or_else(|| world.geometry.blocks(piece), Partial::missing);
        before += f64::from(missing) * f64::from(BLOCK_BYTES);
        if let Some(block) = open_block(partial, piece, peer) {
            let pick = Pick { piece, block, is_copy: false };
            let fits = eta.is_none_or(|eta| eta <= world.swarm.expects(before) * FIT + FIT_SLACK_S);
            if fits || world.blame.is_solo(piece) {
                return Some(pick);
            }
            last = Some(pick);
        } else if is_head
            && world.may_copy
            && let (Some(partial), Some(eta)) = (partial, eta)
            && let Some(block) = late_block(world, partial, piece, id, eta)
        {
            return Some(Pick { piece, block, is_copy: true });
        }
    }
    last
}

/// The first block of a piece that nobody is asked for, and that this peer does not owe us already.
fn open_block(partial: Option<&Partial>, piece: u32, peer: &Peer) -> Option<u32> {
    let Some(partial) = partial else { return Some(0) };
    let mut from = 0;
    loop {
        let block = partial.first_open(from)?;
        if !peer.in_flight.iter().any(|request| (request.piece, request.block) == (piece, block)) {
            return Some(block);
        }
        from = block + 1;
    }
}

/// The block that another peer will deliver last, when that is much later than this peer would.
fn late_block(world: &World<'_>, partial: &Partial, piece: u32, id: PeerId, eta: f64) -> Option<u32> {
    let mut worst = (eta * COPY + COPY_SLACK_S, None);
    for (block, other) in partial.asked_once().filter(|(_, other)| *other != id) {
        let expected = world.peers.get(&other).and_then(|other| expected(other, piece, block, world.now));
        if let Some(expected) = expected.filter(|expected| *expected > worst.0) {
            worst = (expected, Some(block));
        }
    }
    worst.1
}

/// In how many seconds a peer will deliver a block it was asked for.
fn expected(peer: &Peer, piece: u32, block: u32, now: Instant) -> Option<f64> {
    let place = peer.in_flight.iter().position(|request| (request.piece, request.block) == (piece, block))?;
    let age = now.saturating_duration_since(peer.in_flight.get(place)?.asked_at).as_secs_f64();
    let (Some(rate), Some(base)) = (peer.pace.rate(), peer.pace.base()) else { return Some(age) };
    let base = base.as_secs_f64();
    let overdue = if age > 2.0 * base + 0.1 { age } else { 0.0 };
    Some(((place + 1) as f64 * f64::from(BLOCK_BYTES) / rate).max(base - age).max(overdue))
}
