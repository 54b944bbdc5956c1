//! How long to wait before the next restart.

use rand::Rng;
use std::time::Duration;

/// Doubles from `first` up to `most`, less up to a quarter at random so that actors that fell together
/// do not all come back in the same instant.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    pub first: Duration,
    pub most: Duration,
}

impl Backoff {
    /// The delay before attempt number `attempt`, counted from 0.
    pub fn delay(&self, attempt: u32) -> Duration {
        let doubled = self.first.saturating_mul(2u32.saturating_pow(attempt)).min(self.most);
        doubled.mul_f64(rand::rng().random_range(0.75..=1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_the_most() {
        let backoff = Backoff { first: Duration::from_millis(20), most: Duration::from_secs(5) };
        for (attempt, full_ms) in [(0, 20), (1, 40), (4, 320), (8, 5_000), (4_000_000, 5_000)] {
            let delay = backoff.delay(attempt).as_millis();
            assert!((full_ms * 3 / 4..=full_ms).contains(&delay), "attempt {attempt}: {delay} ms");
        }
    }
}
