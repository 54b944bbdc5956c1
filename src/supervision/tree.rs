//! The live supervision tree, as `GET /api/v1/admin/actors` shows it.

use ractor::ActorCell;
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

/// What is known of one actor.
#[derive(Clone, Debug)]
pub struct ActorStatus {
    /// Where it sits, from the root: `root/playback/torrents`.
    pub path: String,
    pub state: ActorState,
    pub is_supervisor: bool,
    pub restarts: u32,
    /// Calls that wait for its answer now.
    pub in_flight: usize,
    pub last_error: Option<String>,
    pub started_at: i64,
}

/// Whether an actor answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorState {
    Running,
    Restarting,
    Stopped,
}

/// Sees each actor start. The daemon's own observer does nothing; tests use it to make actors fail.
pub trait ActorObserver: Send + Sync {
    fn started(&self, path: &str, actor: &ActorCell);
}

/// Watches nothing.
pub struct NoObserver;

impl ActorObserver for NoObserver {
    fn started(&self, _path: &str, _actor: &ActorCell) {}
}

/// The statuses of all actors of one running daemon. Cheap to clone.
#[derive(Clone)]
pub struct ActorTree {
    entries: Arc<Mutex<BTreeMap<String, Entry>>>,
    observer: Arc<dyn ActorObserver>,
}

struct Entry {
    status: ActorStatus,
    in_flight: Option<Arc<AtomicUsize>>,
}

impl ActorTree {
    pub fn new(observer: Arc<dyn ActorObserver>) -> Self {
        Self { entries: Arc::default(), observer }
    }

    /// All actors, parents before their children.
    pub fn snapshot(&self) -> Vec<ActorStatus> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let status = |entry: &Entry| ActorStatus {
            in_flight: entry.in_flight.as_ref().map_or(0, |count| count.load(Ordering::Relaxed)),
            ..entry.status.clone()
        };
        entries.values().map(status).collect()
    }

    /// Records that an actor runs; counts a restart when it ran before.
    pub fn record_started(
        &self,
        path: &str,
        is_supervisor: bool,
        actor: &ActorCell,
        in_flight: Option<Arc<AtomicUsize>>,
        now_ms: i64,
    ) {
        {
            let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            let before = entries.remove(path).map(|entry| entry.status);
            let status = ActorStatus {
                path: path.to_owned(),
                state: ActorState::Running,
                is_supervisor,
                restarts: before.as_ref().map_or(0, |status| status.restarts + 1),
                in_flight: 0,
                last_error: before.and_then(|status| status.last_error),
                started_at: now_ms,
            };
            entries.insert(path.to_owned(), Entry { status, in_flight });
        }
        self.observer.started(path, actor);
    }

    /// Records why an actor fell; it stays in the tree as restarting.
    pub fn record_failed(&self, path: &str, error: String) {
        self.update(path, |status| {
            status.state = ActorState::Restarting;
            status.last_error = Some(error);
        });
    }

    /// Records that an actor ended by itself and will not be started again.
    pub fn record_stopped(&self, path: &str) {
        self.update(path, |status| status.state = ActorState::Stopped);
    }

    /// Forgets an actor that came and went, such as a torrent session.
    pub fn forget(&self, path: &str) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).remove(path);
    }

    fn update(&self, path: &str, change: impl FnOnce(&mut ActorStatus)) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.get_mut(path) {
            change(&mut entry.status);
        }
    }
}
