//! Starts children top-down, restarts the one that fails, stops them bottom-up.
//!
//! One for one: a child that fails is started again after a back-off, its siblings go on. A supervisor whose children
//! fail more often than its [`Budget`] allows fails itself, so its own supervisor decides. ractor delivers the events;
//! the policy is here.

use super::{ActorTree, Address, backoff::Backoff};
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
        crate::clock::Clock::now_ms(&crate::clock::SystemClock),
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
