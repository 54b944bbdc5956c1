//! Whose request goes next: at most so many a second and at once, and somebody who waits goes before work nobody sees.

use crate::ports::Urgency;
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use tokio::{
    sync::{Mutex, Notify, Semaphore, SemaphorePermit},
    time::{Instant, sleep_until},
};

/// Requests on their way at a time, in all and in the background.
const MAX_AT_ONCE: usize = 24;
const MAX_BACKGROUND: usize = 12;

/// A door that requests pass one after the other.
pub struct Gate {
    spacing: Duration,
    /// When the next may pass.
    next: Mutex<Instant>,
    /// Background work stands here one behind the other, so that a user overtakes all of it but one.
    background: Mutex<()>,
    users_waiting: AtomicUsize,
    user_passed: Notify,
    at_once: Semaphore,
    background_at_once: Semaphore,
}

/// A request that is on its way; the next may take its place once this is dropped.
pub struct Pass<'gate> {
    _permits: (SemaphorePermit<'gate>, Option<SemaphorePermit<'gate>>),
}

/// The gate is gone: the daemon stops.
#[derive(Debug)]
pub struct Closed;

impl Gate {
    pub fn new(per_second: u32) -> Self {
        Self {
            spacing: Duration::from_secs(1) / per_second.max(1),
            next: Mutex::new(Instant::now()),
            background: Mutex::new(()),
            users_waiting: AtomicUsize::new(0),
            user_passed: Notify::new(),
            at_once: Semaphore::new(MAX_AT_ONCE),
            background_at_once: Semaphore::new(MAX_BACKGROUND),
        }
    }

    /// Waits for this request's turn.
    pub async fn pass(&self, urgency: Urgency) -> Result<Pass<'_>, Closed> {
        match urgency {
            Urgency::Waiting => {
                let _waiting = Waiting::new(self);
                let permit = self.at_once.acquire().await.map_err(|_| Closed)?;
                self.turn().await;
                Ok(Pass { _permits: (permit, None) })
            }
            Urgency::Background => {
                let mine = self.background_at_once.acquire().await.map_err(|_| Closed)?;
                let _first = self.background.lock().await;
                loop {
                    let passed = self.user_passed.notified();
                    if self.users_waiting.load(Ordering::Acquire) == 0 {
                        break;
                    }
                    passed.await;
                }
                let permit = self.at_once.acquire().await.map_err(|_| Closed)?;
                self.turn().await;
                Ok(Pass { _permits: (permit, Some(mine)) })
            }
        }
    }

    /// Lets nobody pass for so long: the other side has asked for it.
    pub async fn hold(&self, pause: Duration) {
        let mut next = self.next.lock().await;
        *next = (*next).max(Instant::now() + pause);
    }

    async fn turn(&self) {
        let mut next = self.next.lock().await;
        sleep_until(*next).await;
        *next = Instant::now() + self.spacing;
    }
}

/// Counts a user that waits, also when they stop waiting.
struct Waiting<'gate>(&'gate Gate);

impl<'gate> Waiting<'gate> {
    fn new(gate: &'gate Gate) -> Self {
        gate.users_waiting.fetch_add(1, Ordering::AcqRel);
        Self(gate)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if self.0.users_waiting.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.user_passed.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[tokio::test(start_paused = true)]
    async fn no_more_pass_in_a_second_than_may() {
        let gate = Gate::new(40);
        let began = Instant::now();
        for _ in 0..81 {
            drop(gate.pass(Urgency::Background).await.unwrap());
        }
        assert_eq!(began.elapsed().as_millis(), 2_000);
    }

    #[tokio::test(start_paused = true)]
    async fn a_user_waits_for_one_request_of_the_background_at_most() {
        let gate = Arc::new(Gate::new(10));
        for _ in 0..100 {
            let gate = gate.clone();
            tokio::spawn(async move { drop(gate.pass(Urgency::Background).await) });
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
        let began = Instant::now();
        drop(gate.pass(Urgency::Waiting).await.unwrap());
        assert!(began.elapsed() <= Duration::from_millis(200), "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_passes_while_it_is_held() {
        let gate = Gate::new(40);
        gate.hold(Duration::from_secs(7)).await;
        let began = Instant::now();
        drop(gate.pass(Urgency::Waiting).await.unwrap());
        assert_eq!(began.elapsed().as_secs(), 7);
    }
}
