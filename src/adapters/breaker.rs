//! Leaves a server alone that fails again and again, and tries it again by and by.

use crate::supervision::Backoff;
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// Failures in a row that open the breaker.
const FAILURES: u32 = 5;
const PAUSES: Backoff = Backoff { first: Duration::from_secs(5), most: Duration::from_secs(300) };

/// Closed while the server answers.
#[derive(Default)]
pub struct Breaker(Mutex<State>);

#[derive(Default)]
struct State {
    failures: u32,
    /// Until then nobody calls; from then on one does, to see.
    open_until: Option<Instant>,
    /// One is on its way to see.
    is_tried: bool,
    /// The last failure.
    reason: String,
}

impl Breaker {
    /// Fails with the last failure when the server may not be called now. Of those who ask after a pause, the first may.
    pub fn allows(&self, now: Instant) -> Result<(), String> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.open_until {
            None => Ok(()),
            Some(until) if now < until => Err(state.reason.clone()),
            Some(_) => {
                state.pause(now);
                state.is_tried = true;
                Ok(())
            }
        }
    }

    /// The server has answered what makes sense, if only that there is nothing.
    pub fn succeeded(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = State::default();
    }

    pub fn failed(&self, now: Instant, reason: &str) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.reason = reason.to_owned();
        if state.open_until.is_some() && !std::mem::take(&mut state.is_tried) {
            // It was on its way when the server was given up, and tells nothing new.
            return;
        }
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURES {
            state.pause(now);
        }
    }
}

impl State {
    fn pause(&mut self, now: Instant) {
        self.open_until = Some(now + PAUSES.delay(self.failures.saturating_sub(FAILURES)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_fails_is_left_alone_and_tried_again_by_one() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        for _ in 0..FAILURES {
            assert!(breaker.allows(start).is_ok());
            breaker.failed(start, "it answered 500");
        }
        assert_eq!(breaker.allows(start + Duration::from_secs(1)), Err("it answered 500".to_owned()));
        let later = start + Duration::from_secs(6);
        assert!(breaker.allows(later).is_ok(), "one may try");
        assert!(breaker.allows(later).is_err(), "only one");
        breaker.failed(later, "it answered 500");
        assert!(breaker.allows(later + Duration::from_secs(6)).is_err(), "the pause grows");
        breaker.succeeded();
        assert!(breaker.allows(later).is_ok());
    }

    #[test]
    fn requests_that_were_on_their_way_together_fail_as_one() {
        let (breaker, start) = (Breaker::default(), Instant::now());
        for _ in 0..FAILURES + 20 {
            breaker.failed(start, "it answered 500");
        }
        assert!(breaker.allows(start + PAUSES.first).is_ok());
    }
}
