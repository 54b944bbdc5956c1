//! What admins see of tasks, in virtual time.

use super::*;
use crate::supervision::{
    ActorTree, Address, Budget, ChildSpec, NoObserver, Reconciler, Supervisor,
    supervisor::{SupervisorArguments, SupervisorMessage},
};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use std::{collections::VecDeque, time::Duration};
use tokio::time::{Instant, sleep};

const INTERVAL: Duration = Duration::from_secs(60);
const PASS: Duration = Duration::from_secs(10);
const EPOCH_MS: i64 = 1_700_000_000_000;

/// Goes as virtual time does.
struct VirtualClock(Instant);

impl Clock for VirtualClock {
    fn now_ms(&self) -> i64 {
        EPOCH_MS + self.0.elapsed().as_millis() as i64
    }
}

/// What a pass does after [`PASS`].
#[derive(Clone, Copy)]
enum Act {
    End(Run),
    FailAnd(Run),
    Panic,
}

/// Does as its script says, and then goes on ending well.
#[derive(Clone)]
struct Sweeper {
    task: Task,
    script: Arc<Mutex<VecDeque<Act>>>,
    asked_for: Arc<Mutex<Vec<bool>>>,
}

enum SweeperMessage {
    Sweep,
    Swept(Run),
    Fall,
}

impl Actor for Sweeper {
    type Msg = SweeperMessage;
    type State = Reconciler<SweeperMessage>;
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Self::Msg>, (): ()) -> Result<Self::State, ActorProcessingErr> {
        myself.send_message(SweeperMessage::Sweep)?;
        Ok(Reconciler::new(INTERVAL, || SweeperMessage::Sweep, SweeperMessage::Swept).reporting_to(self.task.clone()))
    }

    async fn handle(
        &self,
        myself: ActorRef<Self::Msg>,
        message: Self::Msg,
        reconciler: &mut Self::State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            SweeperMessage::Sweep => {
                let sweeper = self.clone();
                reconciler.activated(&myself, || async move {
                    sweeper.asked_for.lock().unwrap().push(sweeper.task.take_asked_for());
                    let act = sweeper.script.lock().unwrap().pop_front().unwrap_or(Act::End(Run::Drained));
                    sleep(PASS).await;
                    match act {
                        Act::End(run) => run,
                        Act::FailAnd(run) => {
                            let error = CallError::Timeout;
                            sweeper.task.failed("the floor could not be swept", &error);
                            run
                        }
                        Act::Panic => panic!("the broom is gone"),
                    }
                });
            }
            SweeperMessage::Swept(run) => reconciler.finished(&myself, run),
            SweeperMessage::Fall => return Err("told to".into()),
        }
        Ok(())
    }
}

struct Swept {
    tasks: Tasks,
    address: Address<SweeperMessage>,
    asked_for: Arc<Mutex<Vec<bool>>>,
    began: Instant,
    _root: ActorRef<SupervisorMessage>,
}

impl Swept {
    async fn start(script: &[Act]) -> Self {
        let began = Instant::now();
        let (tasks, address) = (Tasks::default(), Address::new());
        let task = Task::new("sweeping", Arc::new(VirtualClock(began)));
        let to = address.clone();
        tasks.add(&task, move || to.cast(SweeperMessage::Sweep), || async { Some(7) });
        let asked_for = Arc::<Mutex<Vec<bool>>>::default();
        let script = Arc::new(Mutex::new(script.iter().copied().collect()));
        let sweeper = Sweeper { task, script, asked_for: asked_for.clone() };
        let children = vec![ChildSpec::actor("sweeper", address.clone(), move || (sweeper.clone(), ()))];
        let budget = Budget { restarts: 3, window: INTERVAL };
        let tree = ActorTree::new(Arc::new(NoObserver));
        let arguments = SupervisorArguments { path: "root".to_owned(), budget, children, tree };
        let (root, _) = Actor::spawn(None, Supervisor, arguments).await.unwrap();
        Self { tasks, address, asked_for, began, _root: root }
    }

    /// What is shown so many seconds after the start.
    async fn at(&self, seconds: u64) -> TaskStatus {
        tokio::time::sleep_until(self.began + Duration::from_secs(seconds)).await;
        let shown = self.tasks.snapshot().await;
        assert_eq!(shown.len(), 1);
        shown.into_iter().next().unwrap()
    }

    async fn error_at(&self, seconds: u64) -> Option<String> {
        self.at(seconds).await.last_error.map(|failure| failure.message)
    }
}

/// Unix milliseconds so many seconds after the start.
fn at(seconds: i64) -> Option<i64> {
    Some(EPOCH_MS + seconds * 1_000)
}

#[tokio::test(start_paused = true)]
async fn a_task_tells_when_it_ran_and_when_it_runs_next() {
    let swept = Swept::start(&[]).await;
    let running = swept.at(1).await;
    assert!(running.is_running);
    assert_eq!((running.started_at, running.finished_at, running.next_at), (at(0), None, None));
    let idle = swept.at(11).await;
    assert!(!idle.is_running);
    assert_eq!((idle.started_at, idle.finished_at, idle.next_at), (at(0), at(10), at(70)));
    assert_eq!((idle.name, idle.backlog, idle.runs, idle.last_error), ("sweeping", Some(7), 1, None));
    let again = swept.at(71).await;
    assert!(again.is_running);
    assert_eq!((again.started_at, again.finished_at, again.next_at), (at(70), at(10), None));
}

#[tokio::test(start_paused = true)]
async fn an_error_stays_until_a_pass_that_had_something_to_do_ends_well() {
    let script = [Act::FailAnd(Run::Drained), Act::End(Run::NothingDue), Act::End(Run::Drained)];
    let swept = Swept::start(&script).await;
    assert_eq!(swept.error_at(9).await, None);
    let failed = swept.at(11).await.last_error.unwrap();
    let message = "the floor could not be swept: the part of the daemon that answers this took too long";
    assert_eq!((failed.at, &*failed.message), (at(10).unwrap(), message));
    assert!(swept.error_at(100).await.is_some(), "there was nothing to do");
    assert_eq!(swept.error_at(151).await, None);
}

#[tokio::test(start_paused = true)]
async fn passes_that_follow_each_other_on_one_backlog_end_well_together_or_not_at_all() {
    let swept = Swept::start(&[Act::FailAnd(Run::More), Act::End(Run::More), Act::End(Run::Drained)]).await;
    for seconds in [11, 21, 31, 81] {
        assert!(swept.error_at(seconds).await.is_some(), "{seconds}");
    }
    assert_eq!(swept.error_at(111).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_an_error_and_the_task_goes_on() {
    let swept = Swept::start(&[Act::Panic]).await;
    let fallen = swept.at(11).await;
    assert_eq!(fallen.last_error.unwrap().message, "it fell: the broom is gone");
    assert_eq!((fallen.is_running, fallen.next_at), (false, at(70)));
    assert_eq!(swept.error_at(81).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_task_outlives_its_actor_and_shows_the_pass_that_broke_off() {
    let swept = Swept::start(&[]).await;
    assert_eq!(swept.at(71).await.runs, 1);
    swept.address.cast(SweeperMessage::Fall).unwrap();
    let restarted = swept.at(73).await;
    assert!(restarted.is_running, "the new actor runs at once");
    assert_eq!(restarted.runs, 2);
    assert_eq!(restarted.last_error.unwrap().message, "it broke off, as its actor fell");
    let well = swept.at(90).await;
    assert_eq!((well.is_running, well.runs, well.last_error), (false, 3, None));
}

#[tokio::test(start_paused = true)]
async fn a_task_runs_when_somebody_asks_and_the_pass_knows_it() {
    let swept = Swept::start(&[]).await;
    swept.at(20).await;
    swept.tasks.run("sweeping").unwrap();
    assert!(swept.at(21).await.is_running);
    swept.tasks.run("sweeping").unwrap();
    swept.tasks.run("sweeping").unwrap();
    let after = swept.at(45).await;
    assert_eq!((after.is_running, after.runs, after.next_at), (false, 3, at(100)), "one more after the one that ran");
    assert_eq!(*swept.asked_for.lock().unwrap(), [false, true, true]);
    assert!(matches!(swept.tasks.run("cooking"), Err(RunError::NoSuchTask)));
}

#[tokio::test(start_paused = true)]
async fn a_task_whose_actor_is_not_there_is_not_run_later_by_surprise() {
    let swept = Swept::start(&[]).await;
    swept.at(20).await;
    swept.address.cast(SweeperMessage::Fall).unwrap();
    tokio::task::yield_now().await;
    while swept.address.cast(SweeperMessage::Sweep).is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(matches!(swept.tasks.run("sweeping"), Err(RunError::Call(CallError::Unavailable))));
    swept.at(40).await;
    assert!(swept.asked_for.lock().unwrap().iter().all(|asked| !asked));
}

#[test]
fn messages_are_cut_and_hold_no_control_characters() {
    let task = Task::new("sweeping", Arc::new(crate::clock::SystemClock));
    task.failed(&"x\n\u{1b}[31m".repeat(1_000), &CallError::Timeout);
    let message = task.status().last_error.unwrap().message;
    assert_eq!(message.chars().count(), MAX_MESSAGE);
    assert!(!message.contains(|c: char| c.is_control()));
}
