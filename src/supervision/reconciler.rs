//! Periodic work without a ticking clock: idle, running, or running with another run already asked for.
//!
//! A reconciler brings the world in line with what is due. It runs one pass at a time, however often it is activated;
//! the interval counts from the end of a pass, so slow passes never pile up; a pass that left work behind is
//! followed by the next at once. What is due lives in the store, so a restart forgets nothing.

use super::tasks::{Pass, Task};
use futures::FutureExt as _;
use ractor::{ActorRef, Message};
use std::{any::Any, future::Future, panic::AssertUnwindSafe, time::Duration};
use tokio::task::JoinSet;

/// How a pass ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// Nothing was due.
    NothingDue,
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
    task: Option<Task>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Idle,
    Running { again: bool },
}

impl<M: Message> Reconciler<M> {
    /// `activate` is the message that asks for a pass, `finished` the fact that one ended.
    pub fn new(interval: Duration, activate: fn() -> M, finished: fn(Run) -> M) -> Self {
        Self { interval, activate, finished, phase: Phase::Idle, tasks: JoinSet::new(), task: None }
    }

    /// Has admins see what becomes of its passes.
    pub fn reporting_to(self, task: Task) -> Self {
        Self { task: Some(task), ..self }
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
        let pass_report = self.task.as_ref().map(Task::begin);
        let report = Report { to: myself.clone(), finished: self.finished, run: Run::Drained, pass: pass_report };
        let pass = pass();
        self.tasks.spawn(async move {
            let mut report = report;
            let ended = AssertUnwindSafe(pass).catch_unwind().await;
            report.run = *ended.as_ref().unwrap_or(&Run::Drained);
            if let Some(pass) = &mut report.pass {
                pass.end = ended.map_err(|panic| format!("it fell: {}", reason(&*panic)));
            }
        });
    }

    /// Handles the `finished` fact: asks for the next pass, now or after the interval.
    pub fn finished(&mut self, myself: &ActorRef<M>, run: Run) {
        let again = std::mem::replace(&mut self.phase, Phase::Idle) == Phase::Running { again: true };
        while self.tasks.try_join_next().is_some() {}
        let is_next = again || run == Run::More;
        if let Some(task) = &self.task {
            let interval_ms = i64::try_from(self.interval.as_millis()).unwrap_or(i64::MAX);
            task.starts_in(if is_next { 0 } else { interval_ms });
        }
        if is_next {
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
    pass: Option<Pass>,
}

impl<M: Message> Drop for Report<M> {
    fn drop(&mut self) {
        drop(self.pass.take());
        let _ = self.to.send_message((self.finished)(self.run));
    }
}

/// What a panic says of itself.
fn reason(panic: &(dyn Any + Send)) -> &str {
    panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied()).unwrap_or("panic")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ractor::{Actor, ActorProcessingErr};
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    const INTERVAL: Duration = Duration::from_secs(60);
    const PASS: Duration = Duration::from_secs(10);

    /// Counts its passes, each of which takes [`PASS`]; the first may panic, and some leave work behind.
    struct Sweeper {
        passes: Arc<AtomicUsize>,
        full_batches: usize,
        panics_at_first: bool,
    }

    enum SweeperMessage {
        Sweep,
        Swept(Run),
    }

    impl Actor for Sweeper {
        type Msg = SweeperMessage;
        type State = Reconciler<SweeperMessage>;
        type Arguments = ();

        async fn pre_start(&self, _: ActorRef<Self::Msg>, (): ()) -> Result<Self::State, ActorProcessingErr> {
            Ok(Reconciler::new(INTERVAL, || SweeperMessage::Sweep, SweeperMessage::Swept))
        }

        async fn handle(
            &self,
            myself: ActorRef<Self::Msg>,
            message: Self::Msg,
            reconciler: &mut Self::State,
        ) -> Result<(), ActorProcessingErr> {
            let (passes, full_batches, panics_at_first) =
                (self.passes.clone(), self.full_batches, self.panics_at_first);
            match message {
                SweeperMessage::Sweep => reconciler.activated(&myself, || async move {
                    let pass = passes.fetch_add(1, Ordering::SeqCst) + 1;
                    tokio::time::sleep(PASS).await;
                    assert!(pass > 1 || !panics_at_first, "told to");
                    if pass <= full_batches { Run::More } else { Run::Drained }
                }),
                SweeperMessage::Swept(run) => reconciler.finished(&myself, run),
            }
            Ok(())
        }
    }

    async fn start(full_batches: usize, panics_at_first: bool) -> (ActorRef<SweeperMessage>, Arc<AtomicUsize>) {
        let passes = Arc::new(AtomicUsize::new(0));
        let sweeper = Sweeper { passes: passes.clone(), full_batches, panics_at_first };
        let (actor, _) = Actor::spawn(None, sweeper, ()).await.unwrap();
        actor.send_message(SweeperMessage::Sweep).unwrap();
        (actor, passes)
    }

    async fn passes_after(passes: &AtomicUsize, seconds: u64) -> usize {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        passes.load(Ordering::SeqCst)
    }

    #[tokio::test(start_paused = true)]
    async fn the_interval_counts_from_the_end_of_a_pass() {
        let (_actor, passes) = start(0, false).await;
        assert_eq!(passes_after(&passes, 69).await, 1);
        assert_eq!(passes_after(&passes, 2).await, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn activations_during_a_pass_become_one_more_pass() {
        let (actor, passes) = start(0, false).await;
        assert_eq!(passes_after(&passes, 1).await, 1);
        (0..50).for_each(|_| actor.send_message(SweeperMessage::Sweep).unwrap());
        assert_eq!(passes_after(&passes, 8).await, 1, "never two at a time");
        assert_eq!(passes_after(&passes, 2).await, 2);
        assert_eq!(passes_after(&passes, 50).await, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_backlog_drains_without_waiting_for_the_interval() {
        let (_actor, passes) = start(4, false).await;
        assert_eq!(passes_after(&passes, 51).await, 5);
    }

    #[tokio::test(start_paused = true)]
    async fn an_activation_between_passes_does_not_wait_for_the_interval() {
        let (actor, passes) = start(0, false).await;
        assert_eq!(passes_after(&passes, 20).await, 1);
        actor.send_message(SweeperMessage::Sweep).unwrap();
        assert_eq!(passes_after(&passes, 1).await, 2);
        assert_eq!(passes_after(&passes, 60).await, 2, "the timer that was under way is gone");
    }

    #[tokio::test(start_paused = true)]
    async fn a_pass_that_panics_is_followed_by_the_next() {
        let (_actor, passes) = start(0, true).await;
        assert_eq!(passes_after(&passes, 75).await, 2);
    }
}
