//! Entries on their way to the log. Bounded; lives beside the actor, so that a crash of it loses none.

use super::AuditEntry;
use super::Severity;
use std::{
    collections::VecDeque,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// Entries that may wait, in all. Beyond it they are counted, and the count is logged.
const MAX_WAITING: usize = 2048;
/// Failures of different kinds that gather at a time. Beyond it they are written one by one.
const MAX_GATHERING: usize = 128;
const WRITE_AFTER: Duration = Duration::from_millis(200);
const GATHER_FOR: Duration = Duration::from_secs(10);

/// The waiting entries.
#[derive(Default)]
pub struct Buffer {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    waiting: VecDeque<Waiting>,
    gathering: Vec<Waiting>,
    wake_at: Option<Instant>,
    dropped: u64,
}

/// An entry, when it was recorded (Unix ms), and how many times.
pub struct Waiting {
    pub entry: AuditEntry,
    pub at: i64,
    pub count: u64,
    due: Instant,
}

impl Waiting {
    fn kind(&self) -> (&'static str, &str, Option<IpAddr>) {
        (self.entry.action, &self.entry.resource, self.entry.ip)
    }
}

impl Buffer {
    /// Takes an entry in. Answers whether the actor has to wake earlier for it than it meant to.
    pub fn push(&self, entry: AuditEntry, at: i64) -> bool {
        let mut inner = self.lock();
        let delay = match entry.severity {
            Severity::Critical => Duration::ZERO,
            _ if entry.repeats => GATHER_FOR,
            Severity::Info | Severity::Warning | Severity::Error => WRITE_AFTER,
        };
        let due = Instant::now() + delay;
        let repeats = entry.repeats;
        let new = Waiting { entry, at, count: 1, due };
        if repeats {
            if let Some(alike) = inner.gathering.iter_mut().find(|waiting| waiting.kind() == new.kind()) {
                alike.count += 1;
                return false;
            }
            if inner.gathering.len() < MAX_GATHERING {
                inner.gathering.push(new);
                return inner.wake_by(due);
            }
        }
        if inner.waiting.len() >= MAX_WAITING {
            inner.dropped += 1;
            return false;
        }
        inner.waiting.push_back(new);
        inner.wake_by(due)
    }

    /// Takes out at most `most` entries that are due; with `everything`, also those that still gather repeats.
    pub fn take(self: &Arc<Self>, most: usize, everything: bool) -> Batch {
        let mut inner = self.lock();
        let now = Instant::now();
        let gathered: Vec<_> = inner.gathering.extract_if(.., |waiting| everything || waiting.due <= now).collect();
        inner.waiting.extend(gathered);
        let count = inner.waiting.len().min(most);
        let entries = inner.waiting.drain(..count).collect();
        let dropped = std::mem::take(&mut inner.dropped);
        if dropped > 0 {
            tracing::error!(dropped, "audit entries came faster than they could be written");
        }
        Batch { home: self.clone(), entries }
    }

    /// How long the actor may sleep now; forever when nothing waits.
    pub fn next(&self) -> Option<Duration> {
        let mut inner = self.lock();
        let now = Instant::now();
        let due = inner.gathering.iter().chain(&inner.waiting).map(|waiting| waiting.due).min();
        inner.wake_at = due;
        due.map(|due| due.saturating_duration_since(now))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn wake_by(&mut self, due: Instant) -> bool {
        let wakes_in_time = self.wake_at.is_some_and(|wake_at| wake_at <= due);
        if !wakes_in_time {
            self.wake_at = Some(due);
        }
        !wakes_in_time
    }
}

/// Entries being written. Those that were not come back to the buffer when it is dropped.
pub struct Batch {
    home: Arc<Buffer>,
    entries: Vec<Waiting>,
}

impl Batch {
    pub fn entries(&self) -> &[Waiting] {
        &self.entries
    }

    /// They are in the log: nothing comes back.
    pub fn written(mut self) {
        self.entries.clear();
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        let mut inner = self.home.lock();
        for waiting in self.entries.drain(..).rev() {
            inner.waiting.push_front(waiting);
        }
    }
}
