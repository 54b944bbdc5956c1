//! One torrent that librqbit runs.

use super::{
    appetite::Appetite,
    mux::{self, Mux},
    share::Share,
    source::{EngineSource, FileSource, LaneSource},
    wish::Wish,
};
use crate::{
    domain::info_hash::InfoHash,
    ports::{EngineError, EngineTorrent, TorrentStats},
    torrents::{
        lane::{LaneStats, ViewerStats},
        piece_source::{PieceSource, SourceState},
    },
};
use futures::{FutureExt as _, future::BoxFuture};
use librqbit::{Api, ManagedTorrent, Session, api::TorrentIdOrHash};
use serde::{Deserialize, de::value::MapDeserializer};
use std::{
    collections::HashSet,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

/// The most peers that are remembered of one torrent.
const MAX_KNOWN_PEERS: usize = 64;
/// How long the largest file counts as wanted after a start. With nothing selected librqbit tells trackers that it
/// has everything, and many give seeds no seeds; after the first announce, only streams are fetched.
const ANNOUNCE_AS_LEECHER: Duration = Duration::from_secs(2);

/// A torrent of the session, with what we know of it.
pub struct RunningTorrent {
    pub share: Arc<Share>,
    pub session: Arc<Session>,
    pub torrent: Arc<ManagedTorrent>,
    pub appetite: Arc<Appetite>,
    pub stall_limit: Duration,
    express: Option<Express>,
    wants_pause: AtomicBool,
    /// What was uploaded before the last pause: librqbit counts from zero after each.
    uploaded_before: AtomicU64,
    changing: tokio::sync::Mutex<()>,
}

/// What a torrent with a lane needs.
#[derive(Clone)]
pub struct Express {
    pub mux: Mux,
    /// Where librqbit listens, on loopback.
    pub engine: SocketAddr,
}

impl RunningTorrent {
    /// Takes over a torrent that librqbit has just begun to check.
    pub fn new(
        share: Arc<Share>,
        session: Arc<Session>,
        torrent: Arc<ManagedTorrent>,
        appetite: Arc<Appetite>,
        stall_limit: Duration,
        express: Option<Express>,
    ) -> Arc<Self> {
        let running = Arc::new(Self {
            share,
            session,
            torrent,
            appetite,
            stall_limit,
            express,
            wants_pause: AtomicBool::new(false),
            uploaded_before: AtomicU64::new(0),
            changing: tokio::sync::Mutex::new(()),
        });
        running.watch_check();
        running
    }

    /// Asks librqbit for what follows `position` of a file.
    pub async fn wish(&self, file: usize, position: u64) -> anyhow::Result<Wish> {
        Wish::open(self.torrent.clone(), file, position).await
    }

    /// Learns what the check of the disk found, as soon as it is over.
    fn watch_check(self: &Arc<Self>) {
        let running = self.clone();
        tokio::spawn(async move {
            if let Err(error) = running.torrent.wait_until_initialized().await {
                running.share.fail(format!("checking what is on disk failed: {error:#}"));
                return;
            }
            let haves = Api::new(running.session.clone(), None).api_dump_haves(running.id());
            match haves {
                Ok((bitfield, _)) => {
                    running.share.stored.mark_all(bitfield.as_raw_slice());
                    running.share.pieces.mark_all(bitfield.as_raw_slice());
                }
                Err(error) => {
                    running.share.fail(format!("reading what the check found failed: {error:#}"));
                    return;
                }
            }
            running.share.enter(SourceState::Live);
            running.feed();
            if running.wants_pause.load(Ordering::Acquire)
                && let Err(error) = running.pause().await
            {
                tracing::warn!(torrent = running.share.info_hash.short(), %error, "failed to pause");
            }
            running.deselect_later();
        });
    }

    /// Hands over to librqbit what the lane verifies; without that the lane cannot be used.
    fn feed(self: &Arc<Self>) {
        let Some(express) = self.express.clone().filter(|_| self.has_lane()) else { return };
        let running = self.clone();
        tokio::spawn(async move {
            if let Err(error) = mux::feed(running.share.clone(), express.engine).await {
                tracing::error!(
                    torrent = running.share.info_hash.short(),
                    %error,
                    "the express lane has failed; librqbit fetches this torrent from now on, slower to start and to seek"
                );
                running.give_up_lane(&express.mux);
                running.deselect_later();
            }
        });
    }

    /// librqbit fetches again. Its connections close, and those that follow are relayed as they are.
    pub fn give_up_lane(&self, mux: &Mux) {
        mux.forget(self.share.info_hash);
        if let Some(lane) = self.share.lane.swap(None) {
            lane.reset();
        }
        self.share.pieces.wake();
    }

    pub fn has_lane(&self) -> bool {
        self.share.lane.load().is_some()
    }

    fn deselect_later(self: &Arc<Self>) {
        // With a lane librqbit wants everything, and gets what the lane fetches.
        if self.has_lane() {
            return;
        }
        let running = Arc::downgrade(self);
        tokio::spawn(async move {
            tokio::time::sleep(ANNOUNCE_AS_LEECHER).await;
            let Some(running) = running.upgrade() else { return };
            if *running.share.state().borrow() == SourceState::Live
                && let Err(error) = running.session.update_only_files(&running.torrent, &HashSet::new()).await
            {
                tracing::debug!(torrent = running.share.info_hash.short(), %error, "failed to deselect files");
            }
        });
    }

    async fn pause(&self) -> Result<(), EngineError> {
        let _changing = self.changing.lock().await;
        if *self.share.state().borrow() != SourceState::Live {
            return Ok(());
        }
        let uploaded = self.torrent.stats().uploaded_bytes;
        self.session.pause(&self.torrent).await.map_err(failed)?;
        self.uploaded_before.fetch_add(uploaded, Ordering::Relaxed);
        self.appetite.forget(self.torrent.id());
        self.share.enter(SourceState::Paused);
        self.share.files.close();
        Ok(())
    }

    async fn resume(self: &Arc<Self>) -> Result<(), EngineError> {
        let _changing = self.changing.lock().await;
        let state = self.share.state().borrow().clone();
        match state {
            SourceState::Checking | SourceState::Live => Ok(()),
            SourceState::Deleted => Err(EngineError::NotActive),
            SourceState::Paused => {
                if !self.has_lane() {
                    let largest = HashSet::from([self.share.largest_file()]);
                    self.session.update_only_files(&self.torrent, &largest).await.map_err(failed)?;
                }
                self.session.unpause(&self.torrent).await.map_err(failed)?;
                self.share.enter(SourceState::Live);
                self.deselect_later();
                Ok(())
            }
            SourceState::Failed(_) => {
                self.appetite.forget(self.torrent.id());
                self.share.files.close();
                self.share.pieces.clear();
                self.share.stored.clear();
                if let Some(lane) = self.share.lane.load_full() {
                    lane.reset();
                }
                self.share.enter(SourceState::Checking);
                self.wait_until_stopped().await;
                if let Err(error) = self.session.unpause(&self.torrent).await {
                    self.share.fail(format!("starting again failed: {error:#}"));
                    return Err(failed(error));
                }
                self.watch_check();
                Ok(())
            }
        }
    }

    /// librqbit learns of a failed write a moment after us, and can start again only then.
    async fn wait_until_stopped(&self) {
        let stopped = async {
            while self.torrent.live().is_some() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        if tokio::time::timeout(Duration::from_secs(1), stopped).await.is_err()
            && let Err(error) = self.session.pause(&self.torrent).await
        {
            tracing::debug!(torrent = self.share.info_hash.short(), %error, "failed to pause a failed torrent");
        }
    }

    pub fn id(&self) -> TorrentIdOrHash {
        TorrentIdOrHash::Id(self.torrent.id())
    }
}

/// What callers hold.
pub struct TorrentRef(pub Arc<RunningTorrent>);

impl EngineTorrent for TorrentRef {
    fn info_hash(&self) -> InfoHash {
        self.0.share.info_hash
    }

    fn state(&self) -> watch::Receiver<SourceState> {
        self.0.share.state()
    }

    fn source(&self, file_index: u32) -> Result<Arc<dyn PieceSource>, EngineError> {
        let file = file_index as usize;
        let span = self.0.share.layout.get(file).cloned().ok_or(EngineError::NoSuchFile(file_index))?;
        let source = FileSource { torrent: self.0.clone(), file, span };
        Ok(if self.0.has_lane() { Arc::new(LaneSource(source)) } else { Arc::new(EngineSource(source)) })
    }

    fn stats(&self, file_index: u32) -> TorrentStats {
        let share = &self.0.share;
        let span = share.layout.get(file_index as usize).cloned().unwrap_or(0..0);
        let (have, downloaded_bytes) = share.pieces.have(span.clone());
        let have = have.into_iter().map(|range| range.start - span.start..range.end - span.start).collect();
        let mut stats = TorrentStats {
            downloaded_bytes,
            total_bytes: span.end - span.start,
            uploaded_bytes: self.0.uploaded_before.load(Ordering::Relaxed),
            have,
            ..TorrentStats::default()
        };
        if let Some(live) = self.0.torrent.live() {
            let swarm = live.stats_snapshot();
            let rate = |mib_per_s: f64| (mib_per_s * f64::from(1 << 20)) as u64;
            stats.connected_peers = swarm.peer_stats.live as usize;
            stats.seen_peers = swarm.peer_stats.seen as usize;
            stats.download_bytes_per_s = rate(live.down_speed_estimator().mbps());
            stats.upload_bytes_per_s = rate(live.up_speed_estimator().mbps());
            stats.uploaded_bytes += swarm.uploaded_bytes;
            stats.known_peers = known_peers(&self.0.torrent);
        }
        if let Some(lane) = self.lane() {
            stats.connected_peers = lane.peers.len();
            stats.download_bytes_per_s = lane.download_bytes_per_s;
            stats.supply_bytes_per_s = Some(lane.supply_bytes_per_s());
            let reads = |viewer: &&ViewerStats| span.contains(&viewer.position_bytes);
            stats.viewers = lane.viewers.iter().filter(reads).cloned().collect();
            stats.viewers.iter_mut().for_each(|viewer| viewer.position_bytes -= span.start);
            stats.known_peers = lane.called_peers();
        }
        stats
    }

    fn lane(&self) -> Option<LaneStats> {
        self.0.share.lane.load().as_ref().map(|lane| lane.stats())
    }

    fn verified_bytes(&self) -> u64 {
        self.0.share.pieces.verified_bytes()
    }

    fn set_paused(&self, paused: bool) -> BoxFuture<'_, Result<(), EngineError>> {
        self.0.wants_pause.store(paused, Ordering::Release);
        async move { if paused { self.0.pause().await } else { self.0.resume().await } }.boxed()
    }
}

/// Peers that we have reached, the most generous first. One that called us did so from a port where nobody listens.
fn known_peers(torrent: &ManagedTorrent) -> Vec<SocketAddr> {
    let Some(live) = torrent.live() else { return Vec::new() };
    // librqbit does not export the filter's type; `all` includes peers that were let go once they had given everything.
    let all = MapDeserializer::<_, serde::de::value::Error>::new([("state", "all")].into_iter());
    let filter = Deserialize::deserialize(all).unwrap_or_default();
    let peers = live.per_peer_stats_snapshot(filter).peers.into_iter();
    let mut reached: Vec<(u64, SocketAddr)> = peers
        .filter(|(_, peer)| peer.counters.connections > 0 && peer.counters.incoming_connections == 0)
        .filter_map(|(address, peer)| Some((peer.counters.fetched_bytes, address.parse().ok()?)))
        .collect();
    reached.sort_unstable_by(|a, b| b.cmp(a));
    reached.into_iter().take(MAX_KNOWN_PEERS).map(|(_, address)| address).collect()
}

/// An error of librqbit's, in one line.
pub fn failed(error: anyhow::Error) -> EngineError {
    EngineError::Failed(format!("{error:#}"))
}
