//! How much one peer is asked for at a time, and when a block asked of it now would be here.
//!
//! Enough is in flight to keep the peer busy for its round trip and [`QUEUE`] more: then a seek finds next to nothing
//! queued in front of it. Rate is bytes delivered between a request and its answer, over that time (as in BBR). Peers
//! that answer in bursts (Transmission looks at requests twice a second) or over long round trips would starve on that:
//! where a whole window arrives within less than half of the time that it took, the peer was idle for the rest, so the
//! window doubles, whatever rate and round trip say.
//!
//! A new connection carries little until TCP has opened it: rates of that time say nothing. At first the window grows by
//! one with each block, as TCP's does, until a whole window has brought nothing more per second, or until the first blocks
//! show that the path is too slow to hold more.

use super::geometry::BLOCK_BYTES;
use std::time::{Duration, Instant};

/// The queue that a peer is given on top of its round trip: a quarter of that where it is longer, for it varies more then.
const QUEUE: Duration = Duration::from_millis(20);
/// Blocks in flight at first, and at most.
const WINDOW_START: f64 = 4.0;
const WINDOW_MIN: f64 = 2.0;
const WINDOW_MAX: f64 = 512.0;
/// How long the shortest round trip seen stands for the path.
const BASE_MEMORY: Duration = Duration::from_secs(30);
/// A path that is being opened brings so many times more per second with each round trip, or more.
const GROWTH: f64 = 1.25;
/// The weight of a new rate sample.
const SAMPLE_WEIGHT: f64 = 0.2;

/// What is known of one peer's speed.
#[derive(Clone, Debug)]
pub struct Pace {
    /// Bytes per second; none until a block has arrived.
    rate: Option<f64>,
    base: Option<Base>,
    window: f64,
    /// The window never falls below this: see the module.
    floor: f64,
    round: Option<Round>,
    opening: Option<Opening>,
}

/// The shortest answer time of this half of [`BASE_MEMORY`] and of the one before.
#[derive(Clone, Copy, Debug)]
struct Base {
    now: Duration,
    before: Duration,
    since: Instant,
}

/// The blocks that were in flight at one moment, until all of them have arrived.
#[derive(Clone, Copy, Debug)]
struct Round {
    began: Instant,
    blocks: usize,
    arrived: usize,
    first_at: Option<Instant>,
}

/// What is seen of a path while TCP opens it.
#[derive(Clone, Copy, Debug, Default)]
struct Opening {
    /// The most bytes per second between a request and its answer.
    best: f64,
    /// So many more blocks may arrive without that growing.
    patience: usize,
    /// When the last two blocks arrived, and the most bytes per second at which two blocks followed another.
    arrivals: [Option<Instant>; 2],
    peak: f64,
}

/// One answer.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub latency: Duration,
    /// Bytes that the peer delivered since the request, this block included.
    pub delivered_bytes: u64,
    /// Whether the window was full when the block was asked for.
    pub was_full: bool,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            rate: None,
            base: None,
            window: WINDOW_START,
            floor: WINDOW_MIN,
            round: None,
            opening: Some(Opening::default()),
        }
    }
}

impl Pace {
    /// Blocks that may be in flight.
    pub fn window(&self) -> usize {
        self.window as usize
    }

    /// Bytes per second, once known.
    pub fn rate(&self) -> Option<f64> {
        self.rate
    }

    /// The round trip without our own queue, once known.
    pub fn base(&self) -> Option<Duration> {
        self.base.map(|base| base.now.min(base.before))
    }

    /// When a block asked for now would be here, with so many in front of it, the oldest of them `oldest_age` old.
    /// None until the peer's rate is known.
    pub fn eta(&self, in_flight: usize, oldest_age: Option<Duration>) -> Option<f64> {
        let (rate, base) = (self.rate?, self.base()?.as_secs_f64());
        let expected = base + in_flight as f64 * f64::from(BLOCK_BYTES) / rate;
        let age = oldest_age.unwrap_or_default().as_secs_f64();
        // A peer that is far behind itself will be late by as much again.
        Some(if age > 2.0 * (base + 0.1) { expected.max(age) } else { expected })
    }

    /// How old a request may become before the peer counts as snubbing us.
    pub fn patience(&self, in_flight: usize) -> Duration {
        let expected = self.eta(in_flight, None).unwrap_or(1.0);
        Duration::from_secs_f64((8.0 * expected).clamp(4.0, 15.0))
    }

    /// The window was filled up to `in_flight` blocks.
    pub fn on_filled(&mut self, in_flight: usize, now: Instant) {
        if self.round.is_none() && in_flight >= 2 && in_flight >= self.window() {
            self.round = Some(Round { began: now, blocks: in_flight, arrived: 0, first_at: None });
        }
    }

    /// What was in flight was taken back.
    pub fn on_emptied(&mut self) {
        self.round = None;
    }

    /// A block arrived that was asked for.
    pub fn on_block(&mut self, sample: Sample, now: Instant) {
        let latency = sample.latency.max(Duration::from_micros(10));
        let base = self.base.get_or_insert(Base { now: latency, before: latency, since: now });
        if now.saturating_duration_since(base.since) > BASE_MEMORY / 2 {
            *base = Base { now: latency, before: base.now, since: now };
        }
        base.now = base.now.min(latency);
        let measured = sample.delivered_bytes as f64 / latency.as_secs_f64();
        let rate = match self.rate {
            None => measured,
            Some(rate) if sample.was_full || measured > rate => rate + SAMPLE_WEIGHT * (measured - rate),
            Some(rate) => rate,
        };
        self.rate = Some(rate);
        self.on_arrival(now);
        let base = self.base().unwrap_or(latency);
        if self.is_opening(measured, base, now) {
            self.window = (self.window + 1.0).min(WINDOW_MAX);
            return;
        }
        let wanted = rate * (base + QUEUE.max(base / 4)).as_secs_f64() / f64::from(BLOCK_BYTES);
        // One more per block doubles the window with each round trip, and no faster.
        self.window = wanted.max(self.floor).min(self.window + 1.0).clamp(WINDOW_MIN, WINDOW_MAX);
    }

    /// Whether the path may carry more than the window.
    fn is_opening(&mut self, measured: f64, base: Duration, now: Instant) -> bool {
        let Some(opening) = &mut self.opening else { return false };
        let [before, last] = opening.arrivals;
        opening.arrivals = [last, Some(now)];
        if let Some(before) = before {
            let gap = (now - before).max(Duration::from_micros(1)).as_secs_f64();
            opening.peak = opening.peak.max(2.0 * f64::from(BLOCK_BYTES) / gap);
        }
        let is_slow =
            before.is_some() && opening.peak * (base + QUEUE).as_secs_f64() < WINDOW_START * f64::from(BLOCK_BYTES);
        if measured > GROWTH * opening.best {
            (opening.best, opening.patience) = (measured, self.window as usize);
        }
        opening.patience = opening.patience.saturating_sub(1);
        if is_slow || opening.patience == 0 {
            self.opening = None;
        }
        self.opening.is_some()
    }

    /// Judges a round when its last block is here.
    fn on_arrival(&mut self, now: Instant) {
        let Some(round) = &mut self.round else { return };
        round.arrived += 1;
        let first_at = *round.first_at.get_or_insert(now);
        if round.arrived < round.blocks {
            return;
        }
        let (took, busy) = (now - round.began, now - first_at);
        let blocks = round.blocks as f64;
        self.round = None;
        if busy * 2 < took {
            self.floor = (blocks * 2.0).clamp(self.floor, WINDOW_MAX);
        } else if busy * 10 > took * 9 {
            self.floor = (self.floor * 0.8).max(WINDOW_MIN);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A peer that sends a block every `spacing` and answers after `latency`, in bursts every `burst` if that is given.
    fn settle(spacing: Duration, latency: Duration, burst: Option<Duration>) -> Pace {
        let start = Instant::now();
        let (mut pace, mut now, mut free_at, mut delivered) = (Pace::default(), start, start, 0u64);
        let mut in_flight: std::collections::VecDeque<(Instant, Instant, u64, bool)> = Default::default();
        for _ in 0..5000 {
            while in_flight.len() < pace.window() {
                let mut ready = now + latency;
                if let Some(burst) = burst {
                    let bursts = (ready - start).as_nanos().div_ceil(burst.as_nanos());
                    ready = start + burst * u32::try_from(bursts).unwrap();
                }
                free_at = ready.max(free_at + spacing);
                let was_full = in_flight.len() + 1 >= pace.window();
                in_flight.push_back((now, free_at, delivered, was_full));
            }
            pace.on_filled(in_flight.len(), now);
            let (asked, arrives, before, was_full) = in_flight.pop_front().unwrap();
            now = arrives;
            delivered += u64::from(BLOCK_BYTES);
            pace.on_block(Sample { latency: now - asked, delivered_bytes: delivered - before, was_full }, now);
        }
        pace
    }

    #[test]
    fn a_steady_peer_is_kept_busy_for_its_round_trip_and_a_little_more() {
        // 50 Mbit/s, 20 ms: 8 blocks are on the way, 8 more wait.
        let pace = settle(Duration::from_micros(2621), Duration::from_millis(20), None);
        assert!((12..=24).contains(&pace.window()), "{pace:?}");
        let rate = pace.rate().unwrap();
        assert!((5e6..7e6).contains(&rate), "{rate}");
    }

    #[test]
    fn a_slow_peer_has_two_blocks_in_flight() {
        let pace = settle(Duration::from_millis(131), Duration::from_millis(75), None);
        assert!(pace.window() <= 4, "{pace:?}");
    }

    #[test]
    fn a_long_round_trip_is_filled() {
        // 30 Mbit/s, 300 ms: 70 blocks on the way.
        let pace = settle(Duration::from_micros(4369), Duration::from_millis(300), None);
        assert!((60..=160).contains(&pace.window()), "{pace:?}");
    }

    #[test]
    fn a_peer_that_answers_in_bursts_is_asked_for_whole_bursts() {
        // 4 MB/s, in bursts twice a second: 128 blocks a burst.
        let pace = settle(Duration::from_millis(4), Duration::from_millis(1), Some(Duration::from_millis(500)));
        assert!(pace.window() >= 64, "{pace:?}");
    }

    /// How long a new TCP connection takes to carry `blocks`, when the pace says how many are in flight or when all are.
    fn carry(blocks: usize, packet_spacing: Duration, round_trip: Duration, all_at_once: bool) -> Duration {
        const PACKETS_A_BLOCK: usize = 12;
        const FIRST_PACKETS: usize = 10;
        let start = Instant::now();
        let mut pace = Pace::default();
        let mut asked = vec![(start, 0u64); if all_at_once { blocks } else { pace.window() }];
        let (mut arrivals, mut delivered) = (Vec::new(), 0);
        for packet in 0..blocks * PACKETS_A_BLOCK {
            // Each acknowledgement lets two more packets go.
            let acknowledged = packet.checked_sub(FIRST_PACKETS).map(|later| arrivals[later / 2] + round_trip / 2);
            let (asked_at, before) = asked[packet / PACKETS_A_BLOCK];
            let sent = acknowledged.unwrap_or(start).max(asked_at + round_trip / 2);
            let free_at = arrivals.last().map_or(start, |last: &Instant| *last + packet_spacing);
            let now = (sent + round_trip / 2).max(free_at);
            arrivals.push(now);
            if (packet + 1) % PACKETS_A_BLOCK == 0 {
                delivered += u64::from(BLOCK_BYTES);
                let delivered_bytes = delivered - before;
                pace.on_block(Sample { latency: now - asked_at, delivered_bytes, was_full: true }, now);
                let arrived = (packet + 1) / PACKETS_A_BLOCK;
                while !all_at_once && asked.len() < arrived + pace.window() {
                    asked.push((now, delivered));
                }
                pace.on_filled(asked.len() - arrived, now);
            }
        }
        *arrivals.last().unwrap() - start
    }

    #[test]
    fn a_new_connection_opens_as_fast_as_if_all_was_asked_for_at_once() {
        for (mbit_per_s, round_trip_ms) in [(16.0, 50), (30.0, 300), (50.0, 20), (8.0, 150)] {
            let spacing = Duration::from_secs_f64(1448.0 * 8.0 / (mbit_per_s * 1e6));
            let round_trip = Duration::from_millis(round_trip_ms);
            let took = carry(64, spacing, round_trip, false).as_secs_f64();
            let least = carry(64, spacing, round_trip, true).as_secs_f64();
            assert!(took < least * 1.1, "{mbit_per_s} Mbit/s, {round_trip:?}: {took} s instead of {least} s");
        }
    }

    #[test]
    fn the_expected_arrival_grows_with_the_queue_and_with_lateness() {
        let pace = settle(Duration::from_millis(10), Duration::from_millis(20), None);
        let empty = pace.eta(0, None).unwrap();
        assert!(pace.eta(10, None).unwrap() > empty + 0.05);
        assert!(pace.eta(1, Some(Duration::from_secs(3))).unwrap() >= 3.0);
        assert_eq!(Pace::default().eta(0, None), None);
    }
}
