//! What a lane tells about itself.

use super::{peer::Origin, viewers::ViewerStats};
use metrics::counter;
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

/// Copies of blocks that are allowed: a few at once, and then a share of all requests.
const COPIES_FREE: u64 = 64;
const REQUESTS_PER_COPY: u64 = 12;
/// How long a rate looks back.
const METER_SPAN: Duration = Duration::from_secs(4);
const METER_SLOTS: usize = 8;

/// A lane now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaneStats {
    pub peers: Vec<PeerStats>,
    pub viewers: Vec<ViewerStats>,
    pub download_bytes_per_s: u64,
    pub banned: usize,
    /// Held by pieces on their way.
    pub memory_bytes: usize,
    pub counters: Counters,
}

impl LaneStats {
    /// What the peers that give to us could deliver, in bytes per second.
    pub fn supply_bytes_per_s(&self) -> u64 {
        let gives = |peer: &&PeerStats| !peer.is_choking && !peer.is_snubbing;
        self.peers.iter().filter(gives).map(|peer| peer.rate_bytes_per_s).sum()
    }

    /// Peers that we reached and that delivered, the most generous first.
    pub fn called_peers(&self) -> Vec<SocketAddr> {
        let mut reached: Vec<(u64, SocketAddr)> = self
            .peers
            .iter()
            .filter_map(|peer| match peer.origin {
                Origin::Called(address) => Some((peer.delivered_blocks, address)),
                Origin::Caller(_) | Origin::Webseed(_) => None,
            })
            .collect();
        reached.sort_unstable_by(|a, b| b.cmp(a));
        reached.into_iter().map(|(_, address)| address).collect()
    }
}

/// One peer now.
#[derive(Clone, Debug, PartialEq)]
pub struct PeerStats {
    pub origin: Origin,
    pub is_choking: bool,
    /// It lets requests grow old.
    pub is_snubbing: bool,
    /// Zero until it has delivered.
    pub rate_bytes_per_s: u64,
    /// The round trip without our own queue.
    pub base_latency: Option<Duration>,
    pub in_flight_blocks: usize,
    pub window_blocks: usize,
    pub delivered_blocks: u64,
    pub wasted_bytes: u64,
}

/// What happened since the torrent became active.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    pub received_bytes: u64,
    /// Copies that came second, and pieces that failed.
    pub wasted_bytes: u64,
    pub requests: u64,
    pub copies: u64,
    pub cancels: u64,
    /// Blocks that came although they had been taken back, and were of use.
    pub late_blocks: u64,
    pub failed_pieces: u64,
}

impl Counters {
    /// Bytes came that are of no use.
    pub fn waste(&mut self, bytes: u64) {
        self.wasted_bytes += bytes;
        counter!("miauflix_lane_wasted_bytes_total").increment(bytes);
    }

    /// Whether one more block may be asked for twice.
    pub fn may_copy(&self) -> bool {
        self.copies < COPIES_FREE + self.requests / REQUESTS_PER_COPY
    }
}

/// Bytes per second over the last few seconds.
#[derive(Debug)]
pub struct RateMeter {
    slots: [u64; METER_SLOTS],
    slot: usize,
    slot_began: Instant,
}

impl RateMeter {
    const SLOT: Duration = Duration::from_millis(METER_SPAN.as_millis() as u64 / METER_SLOTS as u64);

    pub fn new(now: Instant) -> Self {
        Self { slots: [0; METER_SLOTS], slot: 0, slot_began: now }
    }

    pub fn add(&mut self, bytes: u64, now: Instant) {
        self.turn(now);
        self.slots[self.slot] += bytes;
    }

    pub fn bytes_per_s(&self, now: Instant) -> u64 {
        let mut meter = Self { slots: self.slots, slot: self.slot, slot_began: self.slot_began };
        meter.turn(now);
        meter.slots.iter().sum::<u64>() * 1000 / METER_SPAN.as_millis() as u64
    }

    fn turn(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.slot_began).as_millis() / Self::SLOT.as_millis();
        for _ in 0..passed.min(METER_SLOTS as u128) {
            self.slot = (self.slot + 1) % METER_SLOTS;
            self.slots[self.slot] = 0;
        }
        if passed > 0 {
            self.slot_began += Self::SLOT * u32::try_from(passed).unwrap_or(u32::MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_looks_back_a_few_seconds() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let mut meter = RateMeter::new(start);
        (0..40).for_each(|i| meter.add(100_000, at(i * 100)));
        assert_eq!(meter.bytes_per_s(at(3900)), 1_000_000);
        assert!((300_000..600_000).contains(&meter.bytes_per_s(at(6000))));
        assert_eq!(meter.bytes_per_s(at(60_000)), 0);
    }

    #[test]
    fn copies_are_a_share_of_all_requests() {
        let counters = |requests, copies| Counters { requests, copies, ..Counters::default() };
        assert!(counters(10, 60).may_copy());
        assert!(!counters(10, 64).may_copy());
        assert!(counters(12_000, 1000).may_copy());
        assert!(!counters(12_000, 1064).may_copy());
    }
}
