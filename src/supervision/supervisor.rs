//! Starts children top-down, restarts the one that fails, stops them bottom-up.
//!
//! One for one: a child that fails is started again after a back-off, its siblings go on. A supervisor whose children
//! fail more often than its [`Budget`] allows fails itself, so its own supervisor decides. ractor delivers the events;
//! the policy is here.

use super::{ActorTree, Address, backoff::Backoff};
use crate::clock::{Clock, SystemClock};
use ractor::{Actor, ActorCell, ActorId, ActorProcessingErr, ActorRef, RpcReplyPort, SupervisionEvent};
use std::{
    collections::VecDeque,
    future::Future,
    pin::Pin,
    sync::{Arc, atomic::AtomicUsize},
    time::Duration,
};
use tokio::time::Instant;

const BACKOFF: Backoff = Backoff { first: Duration::from_millis(20), most: Duration::from_secs(5) };
/// A child that ran this long starts its back-off from the beginning.
const HEALTHY_AFTER: Duration = Duration::from_secs(60);
/// How long one child may take to stop by itself before it is killed.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);

/// How many restarts of its children a supervisor accepts within a window before it gives up.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    pub restarts: usize,
    pub window: Duration,
}

type StartFuture = Pin<Box<dyn Future<Output = Result<ActorCell, ActorProcessingErr>> + Send>>;

/// How to start one child, as often as needed.
#[derive(Clone)]
pub struct ChildSpec {
    name: &'static str,
    is_supervisor: bool,
    in_flight: Option<Arc<AtomicUsize>>,
    start: Arc<dyn Fn(ActorCell, ActorTree, String) -> StartFuture + Send + Sync>,
}

impl ChildSpec {
    /// A child actor reached through `address`. `make` builds each incarnation and its arguments.
    pub fn actor<A: Actor>(
        name: &'static str,
        address: Address<A::Msg>,
        make: impl Fn() -> (A, A::Arguments) + Send + Sync + 'static,
    ) -> Self {
        let in_flight = Some(address.in_flight());
        let start = move |supervisor: ActorCell, _: ActorTree, _: String| -> StartFuture {
            let (actor, arguments) = make();
            let address = address.clone();
            Box::pin(async move {
                let (actor, _) = supervisor.spawn_linked(None, actor, arguments).await?;
                address.point_at(actor.clone());
                Ok(actor.get_cell())
            })
        };
        Self { name, is_supervisor: false, in_flight, start: Arc::new(start) }
    }

    /// A child that supervises children of its own.
    pub fn supervisor(name: &'static str, budget: Budget, children: Vec<ChildSpec>) -> Self {
        let start = move |supervisor: ActorCell, tree: ActorTree, path: String| -> StartFuture {
            let arguments = SupervisorArguments { path, budget, children: children.clone(), tree };
            Box::pin(async move {
                let (actor, _) = supervisor.spawn_linked(None, Supervisor, arguments).await?;
                Ok(actor.get_cell())
            })
        };
        Self { name, is_supervisor: true, in_flight: None, start: Arc::new(start) }
    }
}

/// The actor that supervises.
pub struct Supervisor;

/// What a supervisor is asked to do.
pub enum SupervisorMessage {
    /// A child's back-off is over.
    RestartDue { child: usize },
    /// Stop all children, last started first, and then yourself.
    Stop(RpcReplyPort<()>),
}

/// What a supervisor starts from.
pub struct SupervisorArguments {
    pub path: String,
    pub budget: Budget,
    pub children: Vec<ChildSpec>,
    pub tree: ActorTree,
}

/// What a supervisor remembers.
pub struct SupervisorState {
    path: String,
    budget: Budget,
    tree: ActorTree,
    children: Vec<Child>,
    restarts: VecDeque<Instant>,
}

struct Child {
    spec: ChildSpec,
    path: String,
    running: Option<(ActorCell, Instant)>,
    attempt: u32,
}

impl Actor for Supervisor {
    type Msg = SupervisorMessage;
    type State = SupervisorState;
    type Arguments = SupervisorArguments;

    async fn pre_start(
        &self,
        myself: ActorRef<Self::Msg>,
        arguments: Self::Arguments,
    ) -> Result<Self::State, ActorProcessingErr> {
        let SupervisorArguments { path, budget, children, tree } = arguments;
        let child = |spec: ChildSpec| Child { path: format!("{path}/{}", spec.name), spec, running: None, attempt: 0 };
        let mut children: Vec<Child> = children.into_iter().map(child).collect();
        for child in &mut children {
            start(child, &myself, &tree).await?;
        }
        Ok(SupervisorState { path, budget, tree, children, restarts: VecDeque::new() })
    }

    async fn handle(
        &self,
        myself: ActorRef<Self::Msg>,
        message: Self::Msg,
        state: &mut Self::State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            SupervisorMessage::RestartDue { child } => restart(child, &myself, state).await,
            SupervisorMessage::Stop(reply) => stop(reply, &myself, state).await,
        }
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<Self::Msg>,
        event: SupervisionEvent,
        state: &mut Self::State,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorFailed(child, error) => fallen(child.get_id(), error.to_string(), &myself, state),
            SupervisionEvent::ActorTerminated(child, _, reason) => {
                fallen(child.get_id(), reason.unwrap_or_else(|| "ended unasked".to_owned()), &myself, state)
            }
            SupervisionEvent::ActorStarted(_) | SupervisionEvent::ProcessGroupChanged(_) => Ok(()),
        }
    }
}

async fn start(
    child: &mut Child,
    myself: &ActorRef<SupervisorMessage>,
    tree: &ActorTree,
) -> Result<(), ActorProcessingErr> {
    let cell = (child.spec.start)(myself.get_cell(), tree.clone(), child.path.clone()).await?;
    tree.record_started(
        &child.path,
        child.spec.is_supervisor,
        &cell,
        child.spec.in_flight.clone(),
        SystemClock.now_ms(),
    );
    child.running = Some((cell, Instant::now()));
    Ok(())
}

async fn restart(
    index: usize,
    myself: &ActorRef<SupervisorMessage>,
    state: &mut SupervisorState,
) -> Result<(), ActorProcessingErr> {
    let Some(child) = state.children.get_mut(index) else { return Ok(()) };
    match start(child, myself, &state.tree).await {
        Ok(()) => Ok(()),
        Err(error) => schedule_restart(index, error.to_string(), myself, state),
    }
}

fn fallen(
    id: ActorId,
    error: String,
    myself: &ActorRef<SupervisorMessage>,
    state: &mut SupervisorState,
) -> Result<(), ActorProcessingErr> {
    let is_fallen = |child: &Child| child.running.as_ref().is_some_and(|(cell, _)| cell.get_id() == id);
    match state.children.iter().position(is_fallen) {
        Some(index) => schedule_restart(index, error, myself, state),
        None => Ok(()),
    }
}

fn schedule_restart(
    index: usize,
    error: String,
    myself: &ActorRef<SupervisorMessage>,
    state: &mut SupervisorState,
) -> Result<(), ActorProcessingErr> {
    let now = Instant::now();
    let child = &mut state.children[index];
    tracing::error!(actor = child.path, error, "actor failed; restarting it");
    metrics::counter!("miauflix_actor_failures_total", "actor" => child.path.clone()).increment(1);
    state.tree.record_failed(&child.path, error);
    if child.running.take().is_some_and(|(_, since)| now.duration_since(since) >= HEALTHY_AFTER) {
        child.attempt = 0;
    }
    let delay = BACKOFF.delay(child.attempt);
    child.attempt = child.attempt.saturating_add(1);

    state.restarts.push_back(now);
    while state.restarts.front().is_some_and(|&at| now.duration_since(at) > state.budget.window) {
        state.restarts.pop_front();
    }
    if state.restarts.len() > state.budget.restarts {
        return Err(format!("{} restarts within {:?} are too many", state.restarts.len(), state.budget.window).into());
    }
    myself.send_after(delay, move || SupervisorMessage::RestartDue { child: index });
    Ok(())
}

async fn stop(
    reply: RpcReplyPort<()>,
    myself: &ActorRef<SupervisorMessage>,
    state: &mut SupervisorState,
) -> Result<(), ActorProcessingErr> {
    for child in state.children.iter_mut().rev() {
        let Some((cell, _)) = child.running.take() else { continue };
        let stopped = if child.spec.is_supervisor {
            let stopped = ActorRef::<SupervisorMessage>::from(cell.clone())
                .call(SupervisorMessage::Stop, Some(STOP_TIMEOUT * 2))
                .await;
            stopped.is_ok_and(|stopped| stopped.is_success())
        } else {
            cell.stop_and_wait(None, Some(STOP_TIMEOUT)).await.is_ok()
        };
        if !stopped {
            tracing::warn!(actor = child.path, "actor did not stop in time; killing it");
            cell.kill();
        }
        state.tree.record_stopped(&child.path);
    }
    tracing::debug!(actor = state.path, "stopped");
    super::respond(reply, ());
    myself.stop(None);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::supervision::{ActorObserver, CallError, respond, tree::ActorState};
    use std::sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    };

    const SECOND: Duration = Duration::from_secs(1);

    /// Counts, and falls over when told to.
    struct Counter {
        stopped: Arc<Mutex<Vec<&'static str>>>,
        name: &'static str,
        refuses_to_start: Arc<AtomicBool>,
    }

    enum CounterMessage {
        Count(RpcReplyPort<u32>),
        Panic,
        Fail,
    }

    impl Actor for Counter {
        type Msg = CounterMessage;
        type State = u32;
        type Arguments = ();

        async fn pre_start(&self, _: ActorRef<Self::Msg>, (): ()) -> Result<u32, ActorProcessingErr> {
            if self.refuses_to_start.load(Ordering::Relaxed) { Err("refuses".into()) } else { Ok(0) }
        }

        async fn handle(
            &self,
            _: ActorRef<Self::Msg>,
            message: Self::Msg,
            count: &mut u32,
        ) -> Result<(), ActorProcessingErr> {
            match message {
                CounterMessage::Count(reply) => {
                    *count += 1;
                    respond(reply, *count);
                    Ok(())
                }
                CounterMessage::Panic => panic!("told to"),
                CounterMessage::Fail => Err("told to".into()),
            }
        }

        async fn post_stop(&self, _: ActorRef<Self::Msg>, _: &mut u32) -> Result<(), ActorProcessingErr> {
            self.stopped.lock().unwrap().push(self.name);
            Ok(())
        }
    }

    #[derive(Default)]
    struct Kills(Mutex<Vec<(String, ActorCell)>>);

    impl ActorObserver for Kills {
        fn started(&self, path: &str, actor: &ActorCell) {
            self.0.lock().unwrap().push((path.to_owned(), actor.clone()));
        }
    }

    struct Family {
        root: ActorRef<SupervisorMessage>,
        ended: tokio::task::JoinHandle<()>,
        first: Address<CounterMessage>,
        second: Address<CounterMessage>,
        tree: ActorTree,
        kills: Arc<Kills>,
        stopped: Arc<Mutex<Vec<&'static str>>>,
        refuses_to_start: Arc<AtomicBool>,
    }

    impl Family {
        async fn start(restarts: usize) -> Self {
            let kills = Arc::new(Kills::default());
            let tree = ActorTree::new(kills.clone());
            let stopped: Arc<Mutex<Vec<&'static str>>> = Arc::default();
            let refuses_to_start = Arc::new(AtomicBool::new(false));
            let (first, second) = (Address::new(), Address::new());
            let child = |name, address: &Address<CounterMessage>| {
                let (stopped, refuses) = (Arc::clone(&stopped), refuses_to_start.clone());
                let make = move || (Counter { stopped: stopped.clone(), name, refuses_to_start: refuses.clone() }, ());
                ChildSpec::actor(name, address.clone(), make)
            };
            let budget = Budget { restarts, window: SECOND * 60 };
            let children =
                vec![ChildSpec::supervisor("family", budget, vec![child("first", &first), child("second", &second)])];
            let arguments = SupervisorArguments {
                path: "root".to_owned(),
                budget: Budget { restarts: 1, window: SECOND * 60 },
                children,
                tree: tree.clone(),
            };
            let (root, ended) = Actor::spawn(None, Supervisor, arguments).await.unwrap();
            Self { root, ended, first, second, tree, kills, stopped, refuses_to_start }
        }

        fn status(&self, path: &str) -> crate::supervision::ActorStatus {
            self.tree.snapshot().into_iter().find(|status| status.path == path).unwrap()
        }
    }

    /// Asks until an answer comes; paused time makes the waiting free.
    async fn eventually_counts(address: &Address<CounterMessage>) -> u32 {
        for _ in 0..1_000 {
            if let Ok(count) = address.call(CounterMessage::Count, SECOND).await {
                return count;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the actor never came back");
    }

    #[tokio::test(start_paused = true)]
    async fn an_actor_that_panics_or_fails_or_is_killed_answers_again_at_the_same_address() {
        let family = Family::start(10).await;
        assert_eq!(eventually_counts(&family.first).await, 1);
        assert_eq!(eventually_counts(&family.first).await, 2);
        for round in 1..=3 {
            match round {
                1 => family.first.cast(CounterMessage::Panic).unwrap(),
                2 => family.first.cast(CounterMessage::Fail).unwrap(),
                _ => family.kills.0.lock().unwrap().iter().rfind(|(path, _)| path.ends_with("first")).unwrap().1.kill(),
            }
            while family.status("root/family/first").restarts < round {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            assert_eq!(eventually_counts(&family.first).await, 1, "state starts afresh after fall {round}");
        }
        assert_eq!(eventually_counts(&family.second).await, 1, "the sibling never noticed");
        assert_eq!(family.status("root/family/second").restarts, 0);
        assert_eq!(family.status("root/family/first").state, ActorState::Running);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_to_an_actor_that_restarts_fails_at_once() {
        let family = Family::start(10).await;
        family.refuses_to_start.store(true, Ordering::Relaxed);
        family.first.cast(CounterMessage::Fail).unwrap();
        while family.status("root/family/first").state == ActorState::Running {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let answer = family.first.call(CounterMessage::Count, SECOND).await;
        assert_eq!(answer, Err(CallError::Unavailable));
        assert_eq!(family.status("root/family/first").last_error.as_deref(), Some("told to"));
        family.refuses_to_start.store(false, Ordering::Relaxed);
        assert_eq!(eventually_counts(&family.first).await, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_supervisor_over_its_budget_fails_and_its_own_supervisor_starts_it_anew() {
        let family = Family::start(1).await;
        for _ in 0..2 {
            eventually_counts(&family.first).await;
            family.first.cast(CounterMessage::Fail).unwrap();
            tokio::time::sleep(SECOND).await;
        }
        assert_eq!(family.status("root/family").restarts, 1);
        assert_eq!(eventually_counts(&family.second).await, 1, "the whole family is new");
    }

    #[tokio::test(start_paused = true)]
    async fn a_root_over_its_budget_ends() {
        let family = Family::start(0).await;
        for _ in 0..2 {
            eventually_counts(&family.first).await;
            family.first.cast(CounterMessage::Fail).unwrap();
            tokio::time::sleep(SECOND).await;
        }
        tokio::time::timeout(SECOND, family.ended).await.unwrap().unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn stopping_ends_the_children_last_started_first() {
        let family = Family::start(10).await;
        family.root.call(SupervisorMessage::Stop, Some(SECOND * 10)).await.unwrap().unwrap();
        assert_eq!(*family.stopped.lock().unwrap(), ["second", "first"]);
        assert_eq!(family.status("root/family/first").state, ActorState::Stopped);
    }
}
