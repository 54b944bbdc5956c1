//! The way in to torrents. Cheap to clone; outlives crashes of the actors behind it.

use super::{
    StoredTorrent, TorrentsError,
    active::ActiveTorrent,
    actor::Shared,
    admission::{self, AdmittedTorrent, Rejection},
    lease::StreamLease,
    message::TorrentsMessage,
    store,
};
use crate::{
    domain::{ids::UserId, info_hash::InfoHash, magnet::Magnet},
    ports::TorrentStats,
    supervision::Address,
    torrents::{lane::LaneStats, piece_source::SourceState},
};
use bytes::Bytes;
use std::{
    net::SocketAddr,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use url::Url;

/// Activating may have to delete an old torrent first.
const ACTIVATE_TIMEOUT: Duration = Duration::from_secs(15);
const DELETE_TIMEOUT: Duration = Duration::from_secs(15);

/// Opens, reads and deletes torrents.
#[derive(Clone)]
pub struct TorrentsHandle {
    address: Address<TorrentsMessage>,
    shared: Arc<Shared>,
}

/// A torrent whose metadata is known.
#[derive(Clone, Debug)]
pub struct Resolved {
    pub torrent: AdmittedTorrent,
    /// Peers met on the way, for [`Activate::initial_peers`].
    pub seen_peers: Vec<SocketAddr>,
}

/// An active torrent now.
#[derive(Clone, Debug)]
pub struct ActiveStatus {
    pub info_hash: InfoHash,
    pub state: SourceState,
    /// Streams that hold it.
    pub leases: usize,
    pub size_bytes: u64,
    pub verified_bytes: u64,
    /// Of its first file, where the numbers are about a file.
    pub stats: TorrentStats,
    /// How the express lane fetches it; none when librqbit does.
    pub lane: Option<LaneStats>,
}

/// A torrent to make active.
#[derive(Clone, Debug)]
pub struct Activate {
    pub info_hash: InfoHash,
    pub metainfo: Bytes,
    pub initial_peers: Vec<SocketAddr>,
}

impl TorrentsHandle {
    pub(super) fn new(address: Address<TorrentsMessage>, shared: Arc<Shared>) -> Self {
        Self { address, shared }
    }

    /// Finds and admits the metadata of a magnet link: from this disk, else from the swarm (BEP 9), within
    /// `torrents.metadata_timeout_seconds`. Many callers of one info hash share one search; dropping the last ends it.
    pub async fn resolve(&self, magnet: Magnet) -> Result<Resolved, TorrentsError> {
        let info_hash = magnet.info_hash;
        let known = self.shared.parts.store.read(move |connection| store::metainfo(connection, info_hash)).await?;
        let (metainfo, seen_peers) = match known {
            Some(metainfo) => (Bytes::from(metainfo), Vec::new()),
            None => {
                let found = self.shared.resolver.resolve(&magnet).await?;
                (found.metainfo, found.seen_peers)
            }
        };
        Ok(Resolved { torrent: self.admit_off_thread(metainfo, magnet.webseeds).await?, seen_peers })
    }

    /// Makes a torrent active. Answers once the engine has accepted it, while what is on disk is still being hashed.
    /// Does nothing but count as a use when it is active already.
    pub async fn activate(&self, torrent: Activate) -> Result<(), TorrentsError> {
        let size_bytes = match self.shared.active.get(torrent.info_hash) {
            Some(active) => active.size_bytes,
            None => {
                let admitted = self.admit_off_thread(torrent.metainfo.clone(), Vec::new()).await?;
                if admitted.info_hash != torrent.info_hash {
                    return Err(Rejection::Malformed("its info hash is another").into());
                }
                admitted.total_bytes
            }
        };
        let activate = |reply| TorrentsMessage::Activate { torrent, size_bytes, reply };
        self.address.call(activate, ACTIVATE_TIMEOUT).await?
    }

    /// Permission to read one file of an active torrent. Counts against the limits until it is dropped; a torrent that
    /// was paused because nobody watched resumes by itself.
    pub fn lease(&self, info_hash: InfoHash, file_index: u32, user: UserId) -> Result<StreamLease, TorrentsError> {
        let permit = self.shared.limiter.enter(user)?;
        let hold = self.shared.active.hold(info_hash).ok_or(TorrentsError::NotActive)?;
        hold.torrent.touch(self.shared.parts.clock.now_ms());
        let source = hold.torrent.engine.source(file_index)?;
        Ok(StreamLease::new(source, hold, permit))
    }

    /// Progress and rates of one file, when the torrent is active.
    pub fn stats(&self, info_hash: InfoHash, file_index: u32) -> Option<TorrentStats> {
        Some(self.shared.active.get(info_hash)?.engine.stats(file_index))
    }

    /// What an active torrent is doing; why, when it failed.
    pub fn state(&self, info_hash: InfoHash) -> Option<SourceState> {
        Some(self.shared.active.get(info_hash)?.engine.state().borrow().clone())
    }

    /// The torrents that are active now, the one that was used last first.
    pub fn active(&self) -> Vec<ActiveStatus> {
        let mut all = self.shared.active.all();
        all.sort_by_key(|(_, torrent)| std::cmp::Reverse(torrent.last_access_at.load(Ordering::Relaxed)));
        let status = |(info_hash, torrent): (InfoHash, Arc<ActiveTorrent>)| ActiveStatus {
            info_hash,
            state: torrent.engine.state().borrow().clone(),
            leases: *torrent.leases.borrow(),
            size_bytes: torrent.size_bytes,
            verified_bytes: torrent.engine.verified_bytes(),
            stats: torrent.engine.stats(0),
            lane: torrent.engine.lane(),
        };
        all.into_iter().map(status).collect()
    }

    /// Checks a torrent as it came from outside. Takes tens of milliseconds for the largest ones.
    pub fn admit(&self, metainfo: Bytes) -> Result<AdmittedTorrent, Rejection> {
        self.admit_with(metainfo, &[])
    }

    /// The torrents on this disk, the least recently used first.
    pub async fn stored(&self) -> Result<Vec<StoredTorrent>, TorrentsError> {
        self.shared.parts.store.read(store::all).await
    }

    /// Ends a torrent and deletes its files. Its readers end at once.
    pub async fn delete(&self, info_hash: InfoHash) -> Result<(), TorrentsError> {
        self.address.call(|reply| TorrentsMessage::Delete { info_hash, reply }, DELETE_TIMEOUT).await?
    }

    fn admit_with(&self, metainfo: Bytes, webseeds: &[Url]) -> Result<AdmittedTorrent, Rejection> {
        admission::admit(metainfo, webseeds, &self.shared.parts.settings.admission_limits())
    }

    async fn admit_off_thread(&self, metainfo: Bytes, webseeds: Vec<Url>) -> Result<AdmittedTorrent, TorrentsError> {
        let this = self.clone();
        let admitted = tokio::task::spawn_blocking(move || this.admit_with(metainfo, &webseeds)).await;
        Ok(admitted.map_err(|_| Rejection::Malformed("it could not be read"))??)
    }
}
