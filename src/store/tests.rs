//! What tests of the concerns' SQL stand on.

pub mod plans;

use super::Store;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

impl Store {
    /// Counts transactions from now on.
    pub async fn count_commits(&self) -> Arc<AtomicUsize> {
        let commits = Arc::<AtomicUsize>::default();
        let counted = commits.clone();
        let count = move || {
            counted.fetch_add(1, Ordering::SeqCst);
            false
        };
        self.writer.lock().await.commit_hook(Some(count)).unwrap();
        commits
    }

    /// Waits for the disk no more, as only tests may that lose nothing by it.
    pub async fn hurry(&self) {
        self.writer.lock().await.pragma_update(None, "synchronous", "OFF").unwrap();
    }

    /// Rows that were changed so far.
    pub async fn changed_rows(&self) -> u64 {
        self.writer.lock().await.total_changes()
    }
}
