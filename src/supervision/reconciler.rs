//! Periodic work without a ticking clock: idle, running, or running with another run already asked for.
//!
//! A reconciler brings the world in line with what is due. It runs one pass at a time, however often it is activated;
//! the interval counts from the end of a pass, so slow passes never pile up; a pass that left work behind is
//! followed by the next at once. What is due lives in the store, so a restart forgets nothing.

use ractor::{ActorRef, Message};
use std::{future::Future, time::Duration};
use tokio::task::JoinSet;

/// How a pass ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// Nothing is due any more.
    Drained,
    /// The batch was full: more is due now.
    More,
}

/// Drives the passes of one actor. Lives in the actor's state, so the pass that runs dies with the actor.
pub struct Reconciler<M> {
    interval: Duration,
    activate: fn() -> M,
    finished: fn(Run) -> M,
    phase: Phase,
    tasks: JoinSet<()>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Idle,
    Running { again: bool },
}

impl<M: Message> Reconciler<M> {
    /// `activate` is the message that asks for a pass, `finished` the fact that one ended.
    pub fn new(interval: Duration, activate: fn() -> M, finished: fn(Run) -> M) -> Self {
        Self { interval, activate, finished, phase: Phase::Idle, tasks: JoinSet::new() }
    }

    /// Handles the `activate` message: starts a pass, or notes that one more is wanted after the one that runs.
    pub fn activated<F>(&mut self, myself: &ActorRef<M>, pass: impl FnOnce() -> F)
    where
        F: Future<Output = Run> + Send + 'static,
    {
        if let Phase::Running { .. } = self.phase {
            self.phase = Phase::Running { again: true };
            return;
        }
        self.tasks.abort_all();
        self.phase = Phase::Running { again: false };
        let report = Report { to: myself.clone(), finished: self.finished, run: Run::Drained };
        let pass = pass();
        self.tasks.spawn(async move {
            let mut report = report;
            report.run = pass.await;
        });
    }

    /// Handles the `finished` fact: asks for the next pass, now or after the interval.
    pub fn finished(&mut self, myself: &ActorRef<M>, run: Run) {
        let again = std::mem::replace(&mut self.phase, Phase::Idle) == Phase::Running { again: true };
        while self.tasks.try_join_next().is_some() {}
        if again || run == Run::More {
            let _ = myself.send_message((self.activate)());
            return;
        }
        let (myself, activate, interval) = (myself.clone(), self.activate, self.interval);
        self.tasks.spawn(async move {
            tokio::time::sleep(interval).await;
            let _ = myself.send_message(activate());
        });
    }
}

/// Reports the end of a pass even when the pass panicked.
struct Report<M: Message> {
    to: ActorRef<M>,
    finished: fn(Run) -> M,
    run: Run,
}

impl<M: Message> Drop for Report<M> {
    fn drop(&mut self) {
        let _ = self.to.send_message((self.finished)(self.run));
    }
}
