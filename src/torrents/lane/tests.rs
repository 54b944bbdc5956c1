//! The scheduler against a made-up swarm, in made-up time: peers with a rate, a latency and a temper.

use super::{
    BLOCK_BYTES, FullPiece, Geometry, Origin, PeerCommand, PeerId, ViewerId,
    memory::{Memory, Pool},
    scheduler::{Gone, Scheduler},
    throttle::Throttle,
};
use crate::torrents::pieces::Pieces;
use rustix::time::{ClockId, clock_gettime};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

const MIB: u64 = 1 << 20;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// How a peer behaves.
#[derive(Clone, Copy, Debug)]
struct Temper {
    bytes_per_s: f64,
    round_trip: Duration,
    /// Flips a bit in each block whose number is a multiple of this.
    lies_every: Option<u32>,
    /// Answers nothing any more after so long.
    falls_silent_after: Option<Duration>,
}

impl Temper {
    fn honest(mbit_per_s: f64, round_trip_ms: u64) -> Self {
        let bytes_per_s = mbit_per_s * 1e6 / 8.0;
        Self { bytes_per_s, round_trip: ms(round_trip_ms), lies_every: None, falls_silent_after: None }
    }
}

struct SimPeer {
    temper: Temper,
    /// What it was asked for, and when the answer is here.
    queue: VecDeque<(Instant, u32, u32)>,
    free_at: Instant,
}

/// A swarm, its scheduler and a clock.
struct World {
    geometry: Geometry,
    pieces: Arc<Pieces>,
    scheduler: Scheduler,
    peers: BTreeMap<PeerId, SimPeer>,
    start: Instant,
    now: Instant,
    delivered: u64,
    verified_at: BTreeMap<u32, Duration>,
    gone: BTreeSet<PeerId>,
    /// The piece that each reader waits for, and that it reads at this many bytes per second once it plays.
    readers: BTreeMap<ViewerId, u64>,
}

impl World {
    fn new(total_bytes: u64, piece_bytes: u32) -> Self {
        Self::throttled(total_bytes, piece_bytes, None)
    }

    fn throttled(total_bytes: u64, piece_bytes: u32, bytes_per_s: Option<u32>) -> Self {
        let geometry = Geometry { total_bytes, piece_bytes };
        let pieces = Arc::new(Pieces::new(total_bytes, u64::from(piece_bytes)));
        let now = Instant::now();
        let pool = Pool::new(Memory::default(), piece_bytes);
        let throttle = bytes_per_s.map(|rate| Arc::new(Throttle::new(rate, now)));
        Self {
            geometry,
            scheduler: Scheduler::new(geometry, pieces.clone(), pool, throttle, now),
            pieces,
            peers: BTreeMap::new(),
            start: now,
            now,
            delivered: 0,
            verified_at: BTreeMap::new(),
            gone: BTreeSet::new(),
            readers: BTreeMap::new(),
        }
    }

    /// A seed that has unchoked us.
    fn join(&mut self, temper: Temper) -> PeerId {
        let number = u8::try_from(self.peers.len() + self.gone.len() + 1).unwrap();
        let address = SocketAddr::from(([10, 0, 0, number], 6881));
        let (id, _) = self.scheduler.add_peer(Origin::Called(address)).unwrap();
        let bitfield = vec![0xff; (self.geometry.pieces() as usize).div_ceil(8)];
        self.scheduler.on_bitfield(id, &bitfield).unwrap();
        self.scheduler.on_unchoke(id);
        self.peers.insert(id, SimPeer { temper, queue: VecDeque::new(), free_at: self.now });
        id
    }

    fn view(&mut self, start: u64, end: u64) -> ViewerId {
        let viewer = self.scheduler.open(start..end, self.now);
        self.readers.insert(viewer, start);
        viewer
    }

    fn close(&mut self, viewer: ViewerId) {
        self.readers.remove(&viewer);
        self.scheduler.close(viewer);
    }

    fn byte(offset: u64) -> u8 {
        (offset.wrapping_mul(31) >> 7) as u8
    }

    fn content(&self, piece: u32) -> Vec<u8> {
        let start = self.geometry.start(piece);
        (start..start + u64::from(self.geometry.len(piece))).map(Self::byte).collect()
    }

    fn block(&self, temper: Temper, piece: u32, block: u32) -> Vec<u8> {
        let start = self.geometry.start(piece) + u64::from(block * BLOCK_BYTES);
        let mut bytes: Vec<u8> =
            (start..start + u64::from(self.geometry.block_len(piece, block))).map(Self::byte).collect();
        if temper.lies_every.is_some_and(|every| block.is_multiple_of(every)) {
            bytes[0] ^= 1;
        }
        bytes
    }

    /// Tells every peer what the scheduler wants of it.
    fn ask_all(&mut self) {
        let ids: Vec<PeerId> = self.peers.keys().copied().collect();
        for id in ids {
            let mut commands = Vec::new();
            if let Err(Gone) = self.scheduler.commands(id, self.now, &mut commands) {
                self.peers.remove(&id);
                self.gone.insert(id);
                continue;
            }
            let peer = self.peers.get_mut(&id).unwrap();
            for command in commands {
                match command {
                    PeerCommand::Request { piece, block } => {
                        let len = f64::from(self.geometry.block_len(piece, block));
                        let silent = peer.temper.falls_silent_after;
                        if silent.is_some_and(|after| self.now - self.start >= after) {
                            continue;
                        }
                        let took = Duration::from_secs_f64(len / peer.temper.bytes_per_s);
                        peer.free_at = peer.free_at.max(self.now + peer.temper.round_trip / 2) + took;
                        peer.queue.push_back((peer.free_at + peer.temper.round_trip / 2, piece, block));
                    }
                    PeerCommand::Cancel { piece, block } => {
                        // What is being sent comes all the same.
                        let horizon = self.now + peer.temper.round_trip;
                        let is_it = |(at, p, b): &(Instant, u32, u32)| (*p, *b) == (piece, block) && *at > horizon;
                        if let Some(at) = peer.queue.iter().position(is_it) {
                            peer.queue.remove(at);
                        }
                    }
                }
            }
        }
    }

    /// Delivers the next block of all; false when none is on its way within `limit`.
    fn step(&mut self, limit: Instant) -> bool {
        self.ask_all();
        let next = self.peers.iter().filter_map(|(id, peer)| Some((peer.queue.front()?.0, *id))).min();
        let Some((at, id)) = next.filter(|(at, _)| *at <= limit) else {
            self.now = (self.now + ms(500)).min(limit);
            let ids: Vec<PeerId> = self.peers.keys().copied().collect();
            ids.into_iter().for_each(|id| self.scheduler.on_tick(id, self.now));
            return self.now < limit;
        };
        self.now = self.now.max(at);
        let peer = self.peers.get_mut(&id).unwrap();
        let temper = peer.temper;
        let (_, piece, block) = peer.queue.pop_front().unwrap();
        let bytes = self.block(temper, piece, block);
        self.delivered += bytes.len() as u64;
        if let Ok(Some(full)) = self.scheduler.on_block(id, (piece, block * BLOCK_BYTES), &bytes, self.now) {
            self.finish(full);
        }
        true
    }

    fn finish(&mut self, full: FullPiece) {
        let piece = full.piece;
        if full.buffer.as_ref() != self.content(piece) {
            self.scheduler.on_failed(full);
            return;
        }
        self.scheduler.on_verified(piece, full.buffer.as_ref());
        self.pieces.mark(piece);
        self.verified_at.insert(piece, self.now - self.start);
        self.scheduler.on_finished(piece);
        self.advance_readers();
    }

    /// Readers hand out what is here at once, as a cold start and a flat-out download do.
    fn advance_readers(&mut self) {
        let total = self.geometry.total_bytes;
        for (viewer, position) in &mut self.readers {
            *position = self.pieces.verified_until(*position..total);
            self.scheduler.advance(*viewer, *position, true, self.now);
        }
    }

    /// Runs until a piece is here; answers when that was, from the start.
    fn until(&mut self, piece: u32) -> Duration {
        let limit = self.now + Duration::from_secs(120);
        while !self.verified_at.contains_key(&piece) {
            assert!(self.step(limit), "piece {piece} never comes: {:?}", self.scheduler.stats(self.now));
        }
        self.verified_at[&piece]
    }

    fn run_for(&mut self, span: Duration) {
        let limit = self.now + span;
        while self.now < limit && self.step(limit) {}
    }
}

#[test]
fn the_first_piece_comes_from_all_peers_at_once() {
    let mut world = World::new(100 * MIB, MIB as u32);
    (0..8).for_each(|_| _ = world.join(Temper::honest(12.5, 20)));
    world.view(0, 100 * MIB);
    // One of them alone would take 0.67 s.
    let first = world.until(0);
    assert!(first < ms(170), "{first:?}");
    let stats = world.scheduler.stats(world.now);
    assert!(stats.peers.iter().all(|peer| peer.delivered_blocks >= 4), "{stats:?}");
}

#[test]
fn a_seek_finds_the_line_nearly_empty() {
    let mut world = World::new(400 * MIB, MIB as u32);
    (0..8).for_each(|_| _ = world.join(Temper::honest(12.5, 20)));
    let viewer = world.view(0, 400 * MIB);
    world.run_for(Duration::from_secs(3));
    world.close(viewer);
    let asked_at = world.now - world.start;
    world.view(360 * MIB, 400 * MIB);
    let took = world.until(360) - asked_at;
    assert!(took < ms(170), "{took:?}");
}

#[test]
fn slow_peers_do_not_hold_up_what_somebody_waits_for() {
    let mut world = World::new(100 * MIB, MIB as u32);
    world.join(Temper::honest(20.0, 20));
    world.join(Temper::honest(20.0, 30));
    (0..4).for_each(|_| _ = world.join(Temper::honest(0.25, 200)));
    world.view(0, 100 * MIB);
    // 0.21 s for the two fast ones alone; a slow one takes 0.5 s for a single block.
    let second = world.until(1);
    assert!(second < ms(1000), "{second:?}");
    let stats = world.scheduler.stats(world.now);
    assert!(stats.counters.copies > 0 && stats.counters.copies < 40, "{stats:?}");
}

#[test]
fn the_whole_rate_of_an_uneven_swarm_is_used() {
    let mut world = World::new(64 * MIB, MIB as u32);
    for (mbit, ms) in [(1.0, 150), (2.0, 130), (3.0, 110), (4.0, 90), (6.0, 70), (8.0, 50), (10.0, 30), (12.0, 20)] {
        world.join(Temper::honest(mbit, ms));
    }
    world.view(0, 64 * MIB);
    let all = world.until(63);
    // 46 Mbit/s carry 64 MiB in 11.7 s.
    assert!(all < ms(13_500), "{all:?}");
    let stats = world.scheduler.stats(world.now);
    assert!(stats.counters.wasted_bytes < 64 * MIB / 20, "{stats:?}");
}

#[test]
fn a_long_round_trip_is_filled_within_a_few_of_them() {
    let mut world = World::new(64 * MIB, MIB as u32);
    (0..3).for_each(|_| _ = world.join(Temper::honest(30.0, 300)));
    world.view(0, 64 * MIB);
    let first = world.until(0);
    let eighth = world.until(8);
    assert!(first < ms(1500) && eighth < ms(3300), "{first:?} {eighth:?}");
}

#[test]
fn a_liar_is_banned_and_honest_peers_are_not() {
    for lies_every in [1, 5] {
        let mut world = World::new(32 * MIB, MIB as u32);
        let liar = world.join(Temper { lies_every: Some(lies_every), ..Temper::honest(50.0, 10) });
        (0..2).for_each(|_| _ = world.join(Temper::honest(20.0, 20)));
        world.view(0, 32 * MIB);
        world.until(31);
        assert_eq!(world.gone, BTreeSet::from([liar]));
        let stats = world.scheduler.stats(world.now);
        assert_eq!(stats.banned, 1);
        assert!(stats.counters.failed_pieces <= 6, "{stats:?}");
        assert!(
            world.scheduler.add_peer(Origin::Called(([10, 0, 0, 1], 9999).into())).is_err(),
            "it may not come back"
        );
    }
}

#[test]
fn a_peer_that_falls_silent_costs_seconds_and_not_the_film() {
    let mut world = World::new(32 * MIB, MIB as u32);
    world.join(Temper { falls_silent_after: Some(ms(300)), ..Temper::honest(20.0, 20) });
    world.join(Temper::honest(10.0, 30));
    world.view(0, 32 * MIB);
    let all = world.until(31);
    // The other one alone takes 27 s.
    assert!(all < ms(33_000), "{all:?}");
}

#[test]
fn what_a_choking_peer_was_asked_for_is_asked_of_others() {
    let mut world = World::new(8 * MIB, MIB as u32);
    let choker = world.join(Temper::honest(20.0, 20));
    world.join(Temper::honest(20.0, 20));
    world.view(0, 8 * MIB);
    world.run_for(ms(150));
    world.scheduler.on_choke(choker);
    world.peers.get_mut(&choker).unwrap().queue.clear();
    let all = world.until(7);
    assert!(all < ms(4000), "{all:?}");
}

#[test]
fn ten_readers_at_ten_places_are_all_served_in_the_order_they_need() {
    let mut world = World::new(400 * MIB, MIB as u32);
    (0..8).for_each(|_| _ = world.join(Temper::honest(12.5, 20)));
    (0..10).for_each(|i| _ = world.view(i * 40 * MIB, (i + 1) * 40 * MIB));
    let last = (0..10).map(|i| world.until(i * 40)).max().unwrap();
    // Ten pieces are 0.84 s of the line.
    assert!(last < ms(1200), "{last:?}");
}

#[test]
fn nothing_is_asked_for_when_nobody_reads() {
    let mut world = World::new(8 * MIB, MIB as u32);
    let peer = world.join(Temper::honest(20.0, 20));
    world.ask_all();
    assert!(world.peers[&peer].queue.is_empty());
    let viewer = world.view(0, 8 * MIB);
    world.ask_all();
    assert!(!world.peers[&peer].queue.is_empty());
    world.close(viewer);
    let mut commands = Vec::new();
    world.scheduler.commands(peer, world.now, &mut commands).unwrap();
    assert!(!commands.is_empty() && commands.iter().all(|command| matches!(command, PeerCommand::Cancel { .. })));
}

#[test]
fn memory_is_bounded_however_many_peers_there_are() {
    let mut world = World::new(4096 * MIB, 4 * MIB as u32);
    (0..60).for_each(|_| _ = world.join(Temper::honest(0.5, 400)));
    world.view(0, 4096 * MIB);
    world.run_for(Duration::from_secs(20));
    let held = world.scheduler.stats(world.now).memory_bytes as u64;
    assert!(held <= 28 * MIB, "{held}");
}

#[test]
fn blocks_that_nobody_asked_for_are_refused_and_too_many_end_it() {
    let mut world = World::new(8 * MIB, MIB as u32);
    let peer = world.join(Temper::honest(20.0, 20));
    let bytes = vec![0; BLOCK_BYTES as usize];
    let results: Vec<bool> =
        (0..100).map(|_| world.scheduler.on_block(peer, (3, 0), &bytes, world.now).is_ok()).collect();
    assert!(results[0] && !results[99]);
    assert!(world.verified_at.is_empty());
}

#[test]
fn the_owners_limit_holds() {
    let mut world = World::throttled(64 * MIB, MIB as u32, Some(MIB as u32));
    (0..4).for_each(|_| _ = world.join(Temper::honest(40.0, 20)));
    world.view(0, 64 * MIB);
    world.run_for(Duration::from_secs(10));
    let mib = world.delivered / MIB;
    assert!((7..=11).contains(&mib), "{mib}");
}

#[test]
fn blocks_of_twenty_thousand_pieces_are_chosen_quickly_for_two_hundred_peers() {
    let mut world = World::new(20_000 * 256 * 1024, 256 * 1024);
    (0..200).for_each(|_| _ = world.join(Temper::honest(4.0, 50)));
    world.view(0, world.geometry.total_bytes);
    let began = time_of_this_thread();
    world.run_for(Duration::from_secs(2));
    let took = time_of_this_thread() - began;
    let blocks = world.delivered / u64::from(BLOCK_BYTES);
    assert!(blocks > 5_000, "{blocks}");
    // Made-up time: only choosing and copying costs. A block may take a fraction of a millisecond, unoptimised.
    assert!(took < Duration::from_micros(1500) * u32::try_from(blocks).unwrap(), "{took:?}");
}

/// What this thread has worked so far, whatever else the machine does.
fn time_of_this_thread() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}
