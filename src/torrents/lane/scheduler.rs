//! Which block to ask whom for, now. No I/O and no clock of its own: time comes in, commands go out.

use super::{
    PeerCommand, PeerId,
    blame::{Blame, Suspect},
    geometry::{BLOCK_BYTES, Geometry},
    memory::Pool,
    pace::Sample,
    partial::{FullPiece, Partial},
    peer::{InFlight, Origin, Peer, TooManyUnasked},
    pick::{self, Pick, Swarm},
    stats::{Counters, LaneStats, PeerStats, RateMeter},
    throttle::Throttle,
    viewers::{ViewerId, Viewers, Want},
};
use crate::torrents::pieces::Pieces;
use metrics::counter;
use std::{
    collections::{BTreeMap, HashSet},
    ops::Range,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Notify;

/// Peers that may be connected at a time.
pub const MAX_PEERS: usize = 200;
/// Peers whose addresses are remembered after they left, so that what they sent can still be held against them.
const MAX_REMEMBERED: usize = 4096;
/// Pieces on their way that nobody wants any more, in bytes: most seeks are followed by one back.
const MAX_UNWANTED_BYTES: u64 = 8 << 20;
/// A peer that has not delivered for so long is asked again from the start.
const SNUBBED_FOR: Duration = Duration::from_secs(60);

/// The state of one torrent's lane.
pub struct Scheduler {
    geometry: Geometry,
    pieces: Arc<Pieces>,
    pool: Arc<Pool>,
    throttle: Option<Arc<Throttle>>,
    peers: BTreeMap<PeerId, Peer>,
    next_peer: u32,
    suspects: BTreeMap<PeerId, Suspect>,
    partials: BTreeMap<u32, Partial>,
    /// Pieces that are being hashed or written.
    finishing: HashSet<u32>,
    viewers: Viewers,
    order: Vec<Want>,
    is_stale: bool,
    blame: Blame,
    counters: Counters,
    meter: RateMeter,
}

/// The peer is not one of this lane's any more: its connection is to be closed.
#[derive(Debug)]
pub struct Gone;

impl Scheduler {
    pub fn new(
        geometry: Geometry,
        pieces: Arc<Pieces>,
        pool: Arc<Pool>,
        throttle: Option<Arc<Throttle>>,
        now: Instant,
    ) -> Self {
        Self {
            geometry,
            pieces,
            pool,
            throttle,
            peers: BTreeMap::new(),
            next_peer: 0,
            suspects: BTreeMap::new(),
            partials: BTreeMap::new(),
            finishing: HashSet::new(),
            viewers: Viewers::default(),
            order: Vec::new(),
            is_stale: true,
            blame: Blame::default(),
            counters: Counters::default(),
            meter: RateMeter::new(now),
        }
    }

    // Peers.

    pub fn add_peer(&mut self, origin: Origin) -> Result<(PeerId, Arc<Notify>), Gone> {
        if self.peers.len() >= MAX_PEERS || self.blame.is_banned(origin.suspect()) {
            return Err(Gone);
        }
        self.next_peer += 1;
        let id = PeerId(self.next_peer);
        let peer = Peer::new(origin, self.geometry.pieces());
        let wake = peer.wake.clone();
        self.peers.insert(id, peer);
        self.suspects.insert(id, origin.suspect());
        while self.suspects.len() > MAX_REMEMBERED {
            self.suspects.pop_first();
        }
        Ok((id, wake))
    }

    pub fn remove_peer(&mut self, id: PeerId) {
        let Some(mut peer) = self.peers.remove(&id) else { return };
        self.give_up(id, peer.take_in_flight());
        self.blame.forget(id);
        peer.wake.notify_one();
        self.wake_hungry();
    }

    pub fn on_bitfield(&mut self, id: PeerId, bitfield: &[u8]) -> Result<(), Gone> {
        let fits = self.peers.get_mut(&id).ok_or(Gone)?.set_has(bitfield);
        if fits { Ok(()) } else { Err(Gone) }
    }

    pub fn on_have(&mut self, id: PeerId, piece: u32) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.add_has(piece);
        }
    }

    pub fn on_choke(&mut self, id: PeerId) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.is_choking = true;
        let taken = peer.take_in_flight();
        self.give_up(id, taken);
        // A piece must not wait for somebody who may choke us for minutes.
        self.blame.forget(id);
        self.wake_hungry();
    }

    pub fn on_unchoke(&mut self, id: PeerId) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.is_choking = false;
        }
    }

    /// A block arrived; answers its piece when that is all here now.
    pub fn on_block(
        &mut self,
        id: PeerId,
        (piece, begin): (u32, u32),
        bytes: &[u8],
        now: Instant,
    ) -> Result<Option<FullPiece>, Gone> {
        let len = bytes.len() as u64;
        let peer = self.peers.get_mut(&id).ok_or(Gone)?;
        peer.delivered_bytes += len;
        peer.last_block_at = Some(now);
        self.meter.add(len, now);
        let block = u32::try_from(len).ok().and_then(|len| self.geometry.block(piece, begin, len));
        let Some(block) = block else {
            peer.wasted_bytes += len;
            self.counters.waste(len);
            return if peer.answer(u32::MAX, 0).is_err() { Err(Gone) } else { Ok(None) };
        };
        let was_asked = match peer.answer(piece, block) {
            Ok(Some(request)) => {
                peer.is_snubbing = false;
                let latency = now.saturating_duration_since(request.asked_at);
                let delivered_bytes = peer.delivered_bytes - request.delivered_before;
                peer.pace.on_block(Sample { latency, delivered_bytes, was_full: request.was_full }, now);
                true
            }
            // Taken back, and on its way already.
            Ok(None) => false,
            Err(TooManyUnasked) => return Err(Gone),
        };
        let is_mine = self.blame.allows(piece, id);
        let taken = self.partials.get_mut(&piece).filter(|_| is_mine).and_then(|partial| {
            let others = partial.receive(block, id, bytes)?;
            Some((others, partial.missing()))
        });
        let Some((others, missing)) = taken else {
            if let Some(peer) = self.peers.get_mut(&id) {
                peer.wasted_bytes += len;
            }
            self.counters.waste(len);
            return Ok(None);
        };
        self.counters.received_bytes += len;
        self.counters.late_blocks += u64::from(!was_asked);
        for other in others.into_iter().flatten() {
            if let Some(peer) = self.peers.get_mut(&other) {
                peer.cancel(piece, block);
                self.counters.cancels += 1;
            }
        }
        if missing > 0 {
            return Ok(None);
        }
        self.finishing.insert(piece);
        self.is_stale = true;
        Ok(self.partials.remove(&piece).map(|partial| partial.into_full(piece)))
    }

    /// A look at a peer that has been silent, about once a second.
    pub fn on_tick(&mut self, id: PeerId, now: Instant) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let Some(age) = peer.oldest_age(now) else { return };
        if peer.is_snubbing {
            if age > SNUBBED_FOR {
                peer.take_in_flight();
                peer.is_snubbing = false;
            }
            return;
        }
        let silent = peer.last_block_at.map_or(age, |at| now.saturating_duration_since(at)).min(age);
        if silent < peer.pace.patience(peer.in_flight.len()) {
            return;
        }
        peer.is_snubbing = true;
        peer.pace.on_emptied();
        // What it was asked for stays in its list: it may still come, and is not asked of it again.
        let asked: Vec<_> = peer.in_flight.iter().map(|request| (request.piece, request.block)).collect();
        self.give_up(id, asked);
        self.blame.forget(id);
        self.wake_hungry();
    }

    /// Fills the peer's window with the most urgent blocks it can deliver in time, and moves what it is to be told to
    /// `commands`.
    pub fn commands(&mut self, id: PeerId, now: Instant, commands: &mut Vec<PeerCommand>) -> Result<(), Gone> {
        match self.throttle.clone() {
            None => _ = self.refill(id, usize::MAX, now),
            Some(throttle) => throttle.spend(now, |most| self.refill(id, most, now)),
        }
        let peer = self.peers.get_mut(&id).ok_or(Gone)?;
        commands.append(&mut peer.commands);
        Ok(())
    }

    /// Asks for at most `most` blocks; answers for how many.
    fn refill(&mut self, id: PeerId, most: usize, now: Instant) -> usize {
        let Some(peer) = self.peers.get_mut(&id) else { return 0 };
        peer.is_hungry = false;
        if !peer.is_ready() {
            return 0;
        }
        self.reorder();
        let swarm = Swarm::look(&self.peers, now);
        let mut asked = 0;
        while asked < most {
            let Some(peer) = self.peers.get(&id).filter(|peer| peer.is_ready()) else { break };
            let world = pick::World {
                geometry: &self.geometry,
                order: &self.order,
                partials: &self.partials,
                peers: &self.peers,
                blame: &self.blame,
                has_room: self.pool.has_room(),
                may_copy: self.counters.may_copy(),
                swarm,
                now,
            };
            let picked = pick::next(&world, id, peer);
            let Some(Pick { piece, block, is_copy }) = picked else {
                if let Some(peer) = self.peers.get_mut(&id) {
                    peer.is_hungry = true;
                }
                break;
            };
            self.ask(id, piece, block, now);
            self.counters.copies += u64::from(is_copy);
            asked += 1;
        }
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.pace.on_filled(peer.in_flight.len(), now);
        }
        asked
    }

    fn ask(&mut self, id: PeerId, piece: u32, block: u32, now: Instant) {
        let partial = self
            .partials
            .entry(piece)
            .or_insert_with(|| Partial::new(&self.geometry, piece, self.pool.lend(self.geometry.len(piece))));
        partial.ask(block, id);
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let was_full = peer.in_flight.len() + 2 >= peer.pace.window();
        let delivered_before = peer.delivered_bytes;
        peer.in_flight.push_back(InFlight { piece, block, asked_at: now, delivered_before, was_full });
        peer.commands.push(PeerCommand::Request { piece, block });
        self.counters.requests += 1;
    }

    fn give_up(&mut self, id: PeerId, blocks: Vec<(u32, u32)>) {
        for (piece, block) in blocks {
            if let Some(partial) = self.partials.get_mut(&piece) {
                partial.give_up(block, id);
            }
        }
    }

    // Readers.

    pub fn open(&mut self, range: Range<u64>, now: Instant) -> ViewerId {
        let viewer = self.viewers.open(range, now);
        self.is_stale = true;
        self.drop_unwanted();
        self.wake_hungry();
        viewer
    }

    pub fn advance(&mut self, viewer: ViewerId, position: u64, is_waiting: bool, now: Instant) {
        if self.viewers.advance(viewer, position, is_waiting, &self.geometry, now) {
            self.is_stale = true;
            self.wake_hungry();
        }
    }

    pub fn close(&mut self, viewer: ViewerId) {
        self.viewers.close(viewer);
        self.is_stale = true;
        self.drop_unwanted();
        if self.viewers.is_empty() {
            self.pool.release();
        }
    }

    /// Takes back what is on its way and nobody wants any more: the link is empty for what a seek asks for next.
    fn drop_unwanted(&mut self) {
        let (viewers, geometry) = (&self.viewers, &self.geometry);
        for (id, peer) in &mut self.peers {
            let unwanted: Vec<_> = peer
                .in_flight
                .iter()
                .map(|request| (request.piece, request.block))
                .filter(|(piece, _)| !viewers.want(*piece, geometry))
                .collect();
            for (piece, block) in unwanted {
                peer.cancel(piece, block);
                self.counters.cancels += 1;
                if let Some(partial) = self.partials.get_mut(&piece) {
                    partial.give_up(block, *id);
                }
            }
        }
        let unwanted =
            self.partials.keys().copied().filter(|piece| !viewers.want(*piece, geometry)).collect::<Vec<_>>();
        let most = (MAX_UNWANTED_BYTES / u64::from(geometry.piece_bytes)) as usize;
        for piece in unwanted.iter().take(unwanted.len().saturating_sub(most)) {
            self.partials.remove(piece);
        }
    }

    // Pieces.

    /// A piece has hashed right: whoever sent wrong blocks of it before is proven a liar.
    pub fn on_verified(&mut self, piece: u32, bytes: &[u8]) {
        if self.blame.has_failed(piece) || self.blame.is_solo(piece) {
            for liar in self.blame.judge(piece, bytes) {
                self.ban(liar);
            }
        }
    }

    /// A piece is on disk and may be read there, or it could not be written.
    pub fn on_finished(&mut self, piece: u32) {
        self.finishing.remove(&piece);
        self.is_stale = true;
        self.wake_hungry();
    }

    /// A piece did not hash right: it is fetched again, from one peer alone.
    pub fn on_failed(&mut self, full: FullPiece) {
        let FullPiece { piece, buffer, senders } = full;
        self.counters.failed_pieces += 1;
        self.counters.waste(buffer.as_ref().len() as u64);
        let suspects: Vec<Option<Suspect>> = senders.iter().map(|id| self.suspects.get(id).copied()).collect();
        let distinct: HashSet<Suspect> = suspects.iter().flatten().copied().collect();
        self.blame.keep(piece, buffer.as_ref(), &suspects);
        if let Some(liar) = distinct.iter().next().copied().filter(|_| distinct.len() == 1) {
            self.ban(liar);
        }
        let candidates = self.peers.iter().filter(|(_, peer)| !peer.is_choking && !peer.is_snubbing && peer.has(piece));
        let trust = |(id, peer): &(&PeerId, &Peer)| (!senders.contains(id), peer.pace.rate().unwrap_or(0.0));
        let best = candidates.max_by(|a, b| trust(a).partial_cmp(&trust(b)).unwrap_or(std::cmp::Ordering::Equal));
        if let Some(id) = best.map(|(id, _)| *id) {
            self.blame.set_solo(piece, id);
        }
        self.finishing.remove(&piece);
        self.is_stale = true;
        self.wake_hungry();
    }

    fn ban(&mut self, liar: Suspect) {
        counter!("miauflix_lane_bans_total").increment(1);
        self.blame.ban(liar);
        let ids: Vec<PeerId> =
            self.peers.iter().filter(|(_, peer)| peer.origin.suspect() == liar).map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.remove_peer(id));
    }

    fn reorder(&mut self) {
        if self.is_stale {
            self.order = self.viewers.order(&self.pieces, &self.finishing, &self.geometry);
            self.is_stale = false;
        }
    }

    fn wake_hungry(&self) {
        for peer in self.peers.values().filter(|peer| peer.is_hungry) {
            peer.wake.notify_one();
        }
    }

    // What others want to know.

    /// Forgets what was on its way; the disk is being checked again, or the torrent paused.
    pub fn reset(&mut self) {
        let ids: Vec<PeerId> = self.peers.keys().copied().collect();
        ids.into_iter().for_each(|id| self.remove_peer(id));
        self.partials.clear();
        self.is_stale = true;
    }

    pub fn is_seed(&self, id: PeerId) -> bool {
        self.peers.get(&id).is_some_and(|peer| peer.is_seed(self.geometry.pieces()))
    }

    pub fn stats(&self, now: Instant) -> LaneStats {
        let peers = self.peers.values().map(|peer| PeerStats {
            origin: peer.origin,
            is_choking: peer.is_choking,
            is_snubbing: peer.is_snubbing,
            rate_bytes_per_s: peer.pace.rate().unwrap_or(0.0) as u64,
            base_latency: peer.pace.base(),
            in_flight_blocks: peer.in_flight.len(),
            window_blocks: peer.pace.window(),
            delivered_blocks: peer.delivered_bytes / u64::from(BLOCK_BYTES),
            wasted_bytes: peer.wasted_bytes,
        });
        LaneStats {
            peers: peers.collect(),
            viewers: self.viewers.stats(&self.pieces, now),
            download_bytes_per_s: self.meter.bytes_per_s(now),
            banned: self.blame.banned(),
            memory_bytes: self.pool.used_bytes(),
            counters: self.counters,
        }
    }
}
