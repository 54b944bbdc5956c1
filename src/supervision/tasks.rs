//! What the daemon does by itself in the background, as `GET /api/v1/admin/tasks` shows it: when each task ran and runs next,
//! how much is due, and why it failed. It outlives the actors that do the work.

use super::{CallError, Run};
use crate::clock::Clock;
use futures::future::{BoxFuture, FutureExt as _, join_all};
use std::{
    collections::BTreeMap,
    error::Error,
    fmt::Write as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Letters of an error that are kept.
const MAX_MESSAGE: usize = 500;

/// What is known of one task. Times are Unix milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskStatus {
    pub name: &'static str,
    pub is_running: bool,
    /// Of the pass that runs, or else of the last one.
    pub started_at: Option<i64>,
    pub finished_at: Option<i64>,
    /// None while it runs.
    pub next_at: Option<i64>,
    /// How much is due now; none where that cannot be counted.
    pub backlog: Option<u32>,
    /// Passes that have ended since the daemon started.
    pub runs: u64,
    /// Stays until a pass that had something to do ends well.
    pub last_error: Option<TaskFailure>,
}

/// Why a pass did not do all that it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskFailure {
    pub at: i64,
    pub message: String,
}

/// Why a task was not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("there is no such task")]
    NoSuchTask,
    #[error(transparent)]
    Call(#[from] CallError),
}

/// All tasks of one running daemon, by name. Cheap to clone.
#[derive(Clone, Default)]
pub struct Tasks {
    entries: Arc<Mutex<BTreeMap<&'static str, Entry>>>,
}

#[derive(Clone)]
struct Entry {
    task: Task,
    activate: Arc<dyn Fn() -> Result<(), CallError> + Send + Sync>,
    backlog: Arc<dyn Fn() -> BoxFuture<'static, Option<u32>> + Send + Sync>,
}

impl Tasks {
    /// Shows a task to admins. `activate` asks its actor for a pass, `backlog` counts what is due.
    pub fn add<B: Future<Output = Option<u32>> + Send + 'static>(
        &self,
        task: &Task,
        activate: impl Fn() -> Result<(), CallError> + Send + Sync + 'static,
        backlog: impl Fn() -> B + Send + Sync + 'static,
    ) {
        let backlog = Arc::new(move || backlog().boxed());
        let entry = Entry { task: task.clone(), activate: Arc::new(activate), backlog };
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).insert(task.name, entry);
    }

    /// All tasks by their names, with what is due now.
    pub async fn snapshot(&self) -> Vec<TaskStatus> {
        let entries: Vec<Entry> =
            self.entries.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        let status = |entry: Entry| async move {
            let backlog = (entry.backlog)().await;
            TaskStatus { backlog, ..entry.task.status() }
        };
        join_all(entries.into_iter().map(status)).await
    }

    /// Runs a task now, or once more after the pass that runs.
    pub fn run(&self, name: &str) -> Result<(), RunError> {
        let entry = self.entries.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        let entry = entry.ok_or(RunError::NoSuchTask)?;
        entry.task.lock().is_asked_for = true;
        (entry.activate)().inspect_err(|_| entry.task.lock().is_asked_for = false)?;
        Ok(())
    }
}

/// One task, as those report to it who do the work. Cheap to clone.
#[derive(Clone)]
pub struct Task {
    name: &'static str,
    clock: Arc<dyn Clock>,
    log: Arc<Mutex<Log>>,
}

struct Log {
    status: TaskStatus,
    /// Counts passes, so that one that died with its actor does not report over the next.
    pass: u64,
    /// The pass that runs goes on with what the one before it left.
    goes_on: bool,
    has_failed: bool,
    is_asked_for: bool,
}

impl Task {
    pub fn new(name: &'static str, clock: Arc<dyn Clock>) -> Self {
        let status = TaskStatus {
            name,
            is_running: false,
            started_at: None,
            finished_at: None,
            next_at: None,
            backlog: None,
            runs: 0,
            last_error: None,
        };
        let log = Log { status, pass: 0, goes_on: false, has_failed: false, is_asked_for: false };
        Self { name, clock, log: Arc::new(Mutex::new(log)) }
    }

    /// Records that the pass that runs could not do something, and logs it; `what` says what, in plain words.
    pub fn failed(&self, what: &str, error: &dyn Error) {
        let mut message = what.to_owned();
        let mut cause = Some(error);
        while let Some(error) = cause {
            _ = write!(message, ": {error}");
            cause = error.source();
        }
        let now = self.clock.now_ms();
        self.lock().failed(&message, now);
    }

    /// Whether somebody has asked for the pass that asks this; only the first pass hears of it.
    pub fn take_asked_for(&self) -> bool {
        std::mem::take(&mut self.lock().is_asked_for)
    }

    fn status(&self) -> TaskStatus {
        self.lock().status.clone()
    }

    /// A pass starts; it ends when the answer is dropped.
    pub(super) fn begin(&self) -> Pass {
        let now = self.clock.now_ms();
        let mut log = self.lock();
        log.pass += 1;
        log.has_failed &= log.goes_on;
        (log.status.is_running, log.status.started_at, log.status.next_at) = (true, Some(now), None);
        Pass { task: self.clone(), number: log.pass, end: Err("it broke off, as its actor fell".to_owned()) }
    }

    /// The next pass starts in so many milliseconds.
    pub(super) fn starts_in(&self, wait_ms: i64) {
        let at = self.clock.now_ms().saturating_add(wait_ms);
        self.lock().status.next_at = Some(at);
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    fn failed(&mut self, message: &str, at: i64) {
        let message: String = message.chars().filter(|c| !c.is_control()).take(MAX_MESSAGE).collect();
        tracing::warn!(task = self.status.name, error = message, "a task in the background failed");
        self.has_failed = true;
        self.status.last_error = Some(TaskFailure { at, message });
    }
}

/// A pass that runs.
pub(super) struct Pass {
    task: Task,
    number: u64,
    /// How it ended, or why it did not.
    pub end: Result<Run, String>,
}

impl Drop for Pass {
    fn drop(&mut self) {
        let now = self.task.clock.now_ms();
        let mut log = self.task.lock();
        if log.pass != self.number {
            return;
        }
        log.status.is_running = false;
        log.status.finished_at = Some(now);
        log.status.runs += 1;
        log.goes_on = self.end == Ok(Run::More);
        match &self.end {
            Ok(Run::Drained | Run::More) if !log.has_failed => log.status.last_error = None,
            Ok(Run::Drained | Run::More | Run::NothingDue) => {}
            Err(reason) => log.failed(reason, now),
        }
    }
}

#[cfg(test)]
mod tests;
