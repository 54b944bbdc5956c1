//! How much one peer is asked for at a time, and when a block asked of it now would be here.
//!
//! Enough is in flight to keep the peer busy for its round trip and [`QUEUE`] more: then a seek finds next to nothing
//! queued in front of it. Rate is bytes delivered between a request and its answer, over that time (as in BBR). Peers
//! that answer in bursts (Transmission looks at requests twice a second) or over long round trips would starve on that:
//! where a whole window arrives within less than half of the time that it took, the peer was idle for the rest, so the
//! window doubles, whatever rate and round trip say.

use super::geometry::BLOCK_BYTES;
use std::time::{Duration, Instant};

/// The queue that a peer is given on top of its round trip.
const QUEUE: Duration = Duration::from_millis(20);
/// Blocks in flight at first, and at most.
const WINDOW_START: f64 = 4.0;
const WINDOW_MIN: f64 = 2.0;
const WINDOW_MAX: f64 = 512.0;
/// How long the shortest round trip seen stands for the path.
const BASE_MEMORY: Duration = Duration::from_secs(30);
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
        Self { rate: None, base: None, window: WINDOW_START, floor: WINDOW_MIN, round: None }
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
        let wanted = rate * (base + QUEUE).as_secs_f64() / f64::from(BLOCK_BYTES);
        // One more per block doubles the window with each round trip, and no faster.
        self.window = wanted.max(self.floor).min(self.window + 1.0).clamp(WINDOW_MIN, WINDOW_MAX);
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

    #[test]
    fn the_expected_arrival_grows_with_the_queue_and_with_lateness() {
        let pace = settle(Duration::from_millis(10), Duration::from_millis(20), None);
        let empty = pace.eta(0, None).unwrap();
        assert!(pace.eta(10, None).unwrap() > empty + 0.05);
        assert!(pace.eta(1, Some(Duration::from_secs(3))).unwrap() >= 3.0);
        assert_eq!(Pace::default().eta(0, None), None);
    }
}
