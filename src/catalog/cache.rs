//! What the catalog keeps in memory, as the last commit left it.

use super::TitleList;
use crate::domain::{
    ids::MovieId,
    language::Language,
    title::{Movie, Source},
};
use arc_swap::ArcSwap;
use quick_cache::sync::Cache;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Languages that titles are kept in beside the catalog's own.
pub const MAX_LANGUAGES: usize = 8;
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
    /// The system's lists with their first titles, by language, and the commit they are of.
    lists: Cache<Option<Language>, (u64, Arc<Vec<TitleList>>)>,
    /// The languages that titles are kept in beside the catalog's own.
    pub languages: ArcSwap<Vec<Language>>,
}

impl Default for CatalogCache {
    fn default() -> Self {
        Self {
            movies: Cache::new(MOVIES),
            searches: Cache::new(SEARCHES),
            commits: AtomicU64::new(0),
            lists: Cache::new(MAX_LANGUAGES + 1),
            languages: ArcSwap::default(),
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
    pub fn lists(&self, language: &Option<Language>) -> Option<Arc<Vec<TitleList>>> {
        let (commit, lists) = self.lists.get(language)?;
        (commit == self.commits()).then_some(lists)
    }

    pub fn keep_lists(&self, language: Option<Language>, commits: u64, lists: Vec<TitleList>) -> Arc<Vec<TitleList>> {
        let lists = Arc::new(lists);
        self.lists.insert(language, (commits, lists.clone()));
        lists
    }
}
