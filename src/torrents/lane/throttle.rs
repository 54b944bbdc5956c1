//! The owner's limit on downloads, over all torrents: requests are held back, so that what comes stays below it.

use super::geometry::BLOCK_BYTES;
use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

/// What may be asked for at once after a pause, in seconds of the rate.
const BURST_S: f64 = 0.25;

/// Counts blocks against a rate.
pub struct Throttle {
    blocks_per_s: f64,
    /// When it was last looked at, and the blocks that could be asked for then.
    state: Mutex<(Instant, f64)>,
}

impl Throttle {
    pub fn new(bytes_per_s: u32, now: Instant) -> Self {
        let blocks_per_s = f64::from(bytes_per_s) / f64::from(BLOCK_BYTES);
        Self { blocks_per_s, state: Mutex::new((now, 1.0)) }
    }

    /// Asks for blocks with `ask`, which is told how many may be and answers how many were.
    pub fn spend(&self, now: Instant, ask: impl FnOnce(usize) -> usize) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let gained = now.saturating_duration_since(state.0).as_secs_f64() * self.blocks_per_s;
        let room = (self.blocks_per_s * BURST_S).max(1.0);
        *state = (now, (state.1 + gained).min(room));
        state.1 -= ask(state.1 as usize) as f64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn no_more_is_asked_for_than_the_rate_allows() {
        let start = Instant::now();
        let throttle = Throttle::new(160 * 1024, start);
        let mut asked = 0;
        for ms in 0..10_000 {
            throttle.spend(start + Duration::from_millis(ms), |may| {
                asked += may;
                may
            });
        }
        assert!((98..=104).contains(&asked), "{asked}");
    }

    #[test]
    fn what_nobody_wanted_can_be_asked_for_later_but_not_saved_up() {
        let start = Instant::now();
        let throttle = Throttle::new(1600 * 1024, start);
        let mut offered = 0;
        throttle.spend(start + Duration::from_secs(60), |may| {
            offered = may;
            0
        });
        assert_eq!(offered, 25);
        throttle.spend(start + Duration::from_secs(60), |may| {
            assert_eq!(may, 25);
            may
        });
        throttle.spend(start + Duration::from_secs(60), |may| {
            assert_eq!(may, 0);
            0
        });
    }
}
