//! The torrents that are active now. Lives outside the actors, so that leases and readers outlive them.

use crate::{domain::info_hash::InfoHash, ports::EngineTorrent, torrents::piece_source::SourceState};
use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};
use tokio::sync::watch;

/// One active torrent.
pub struct ActiveTorrent {
    pub engine: Arc<dyn EngineTorrent>,
    /// The most it may hold, in bytes.
    pub size_bytes: u64,
    /// Leases that are open now.
    pub leases: watch::Sender<usize>,
    pub last_access_at: AtomicI64,
    /// How much of the engine's upload count is in the store already.
    pub uploaded_saved: AtomicU64,
}

impl ActiveTorrent {
    pub fn new(engine: Arc<dyn EngineTorrent>, size_bytes: u64, now_ms: i64) -> Self {
        Self {
            engine,
            size_bytes,
            leases: watch::Sender::new(0),
            last_access_at: AtomicI64::new(now_ms),
            uploaded_saved: AtomicU64::new(0),
        }
    }

    pub fn touch(&self, now_ms: i64) {
        self.last_access_at.store(now_ms, Ordering::Relaxed);
    }

    pub fn is_watched(&self) -> bool {
        *self.leases.borrow() > 0
    }
}

/// Active torrents by info hash.
#[derive(Default)]
pub struct ActiveTorrents {
    by_hash: RwLock<HashMap<InfoHash, Arc<ActiveTorrent>>>,
}

impl ActiveTorrents {
    pub fn get(&self, info_hash: InfoHash) -> Option<Arc<ActiveTorrent>> {
        self.by_hash.read().unwrap_or_else(PoisonError::into_inner).get(&info_hash).cloned()
    }

    /// Counts one more lease of a torrent, which cannot be retired from then on.
    pub fn hold(&self, info_hash: InfoHash) -> Option<LeaseHold> {
        let by_hash = self.by_hash.read().unwrap_or_else(PoisonError::into_inner);
        let torrent = by_hash.get(&info_hash)?.clone();
        torrent.leases.send_modify(|leases| *leases += 1);
        Some(LeaseHold { torrent })
    }

    /// Adds a torrent, unless it is there already; answers the one that is.
    pub fn insert(&self, torrent: ActiveTorrent) -> Arc<ActiveTorrent> {
        let mut by_hash = self.by_hash.write().unwrap_or_else(PoisonError::into_inner);
        let info_hash = torrent.engine.info_hash();
        let gone = |torrent: &Arc<ActiveTorrent>| *torrent.engine.state().borrow() == SourceState::Deleted;
        if by_hash.get(&info_hash).is_some_and(gone) {
            by_hash.remove(&info_hash);
        }
        by_hash.entry(info_hash).or_insert_with(|| Arc::new(torrent)).clone()
    }

    pub fn remove(&self, info_hash: InfoHash) {
        self.by_hash.write().unwrap_or_else(PoisonError::into_inner).remove(&info_hash);
    }

    /// Removes a torrent that nobody watches; false when somebody does.
    pub fn retire(&self, info_hash: InfoHash) -> bool {
        let mut by_hash = self.by_hash.write().unwrap_or_else(PoisonError::into_inner);
        if by_hash.get(&info_hash).is_some_and(|torrent| torrent.is_watched()) {
            return false;
        }
        by_hash.remove(&info_hash);
        true
    }

    pub fn all(&self) -> Vec<(InfoHash, Arc<ActiveTorrent>)> {
        let by_hash = self.by_hash.read().unwrap_or_else(PoisonError::into_inner);
        by_hash.iter().map(|(info_hash, torrent)| (*info_hash, torrent.clone())).collect()
    }
}

/// Counts as one lease until it is dropped.
pub struct LeaseHold {
    pub torrent: Arc<ActiveTorrent>,
}

impl Drop for LeaseHold {
    fn drop(&mut self) {
        self.torrent.leases.send_modify(|leases| *leases -= 1);
    }
}
