//! What the catalog keeps in memory, as the last commit left it.

use super::TitleList;
use crate::domain::{
    ids::MovieId,
    title::{Movie, Source},
};
use arc_swap::ArcSwapOption;
use quick_cache::sync::Cache;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Films kept with their sources.
const MOVIES: usize = 1_000;
/// Searches that the film database has answered not long ago.
const SEARCHES: usize = 1_000;

/// Shared by the handle, which reads, and the actor, which tells what has changed.
pub struct CatalogCache {
    pub movies: Cache<MovieId, Arc<(Movie, Vec<Source>)>>,
    /// Until when the film database is not asked again for what somebody searched for, in milliseconds, by the folded query.
    pub searches: Cache<String, i64>,
    /// Counts commits.
    commits: AtomicU64,
    /// The system's lists with their first titles, and the commit they are of.
    lists: ArcSwapOption<(u64, Arc<Vec<TitleList>>)>,
}

impl Default for CatalogCache {
    fn default() -> Self {
        Self {
            movies: Cache::new(MOVIES),
            searches: Cache::new(SEARCHES),
            commits: AtomicU64::new(0),
            lists: ArcSwapOption::empty(),
        }
    }
}

impl CatalogCache {
    /// Something has been committed.
    pub fn committed(&self) {
        self.commits.fetch_add(1, Ordering::AcqRel);
    }

    /// To be taken before reading what [`keep_lists`](Self::keep_lists) is then given.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Acquire)
    }

    /// The system's lists, unless something has been committed since they were read.
    pub fn lists(&self) -> Option<Arc<Vec<TitleList>>> {
        let kept = self.lists.load_full().filter(|kept| kept.0 == self.commits())?;
        Some(kept.1.clone())
    }

    pub fn keep_lists(&self, commits: u64, lists: Vec<TitleList>) -> Arc<Vec<TitleList>> {
        let lists = Arc::new(lists);
        self.lists.store(Some(Arc::new((commits, lists.clone()))));
        lists
    }
}
