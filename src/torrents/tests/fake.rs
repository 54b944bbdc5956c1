//! An engine without a swarm.

use crate::{
    domain::info_hash::InfoHash,
    ports::{AddTorrent, EngineError, EngineTorrent, ResolvedMetadata, TorrentEngine, TorrentStats},
    torrents::{
        lane::LaneStats,
        piece_source::{PieceReader, PieceSource, SourceState},
    },
};
use bytes::Bytes;
use futures::{FutureExt as _, future::BoxFuture};
use std::{
    collections::HashMap,
    ops::Range,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

/// A `.torrent` file with one film of `size` bytes; others for other ids.
pub fn metainfo(id: u8, size: u64) -> Bytes {
    let piece = 16 * 1024;
    let mut bytes = format!("d4:infod6:lengthi{size}e4:name8:film.mkv12:piece lengthi{piece}e6:pieces").into_bytes();
    let hashes = size.div_ceil(piece) as usize * 20;
    bytes.extend_from_slice(format!("{hashes}:").as_bytes());
    bytes.resize(bytes.len() + hashes, id);
    bytes.extend_from_slice(b"ee");
    bytes.into()
}

pub struct FakeEngine {
    dir: PathBuf,
    torrents: Mutex<HashMap<InfoHash, Arc<FakeTorrent>>>,
    pub added: Mutex<Vec<AddTorrent>>,
    pub resolves: AtomicUsize,
    pub swarm: Mutex<Option<ResolvedMetadata>>,
}

impl FakeEngine {
    pub fn new(dir: PathBuf) -> Self {
        let (torrents, added, resolves, swarm) = Default::default();
        Self { dir, torrents, added, resolves, swarm }
    }

    pub fn torrent(&self, info_hash: InfoHash) -> Arc<FakeTorrent> {
        self.torrents.lock().unwrap()[&info_hash].clone()
    }
}

impl TorrentEngine for FakeEngine {
    fn resolve(&self, _: String, timeout: Duration) -> BoxFuture<'_, Result<ResolvedMetadata, EngineError>> {
        self.resolves.fetch_add(1, Ordering::Relaxed);
        async move {
            tokio::time::sleep(timeout / 2).await;
            self.swarm.lock().unwrap().clone().ok_or(EngineError::MetadataTimeout)
        }
        .boxed()
    }

    fn add(&self, torrent: AddTorrent) -> BoxFuture<'_, Result<Arc<dyn EngineTorrent>, EngineError>> {
        let added = FakeTorrent::new(torrent.info_hash);
        self.torrents.lock().unwrap().insert(torrent.info_hash, added.clone());
        self.added.lock().unwrap().push(torrent);
        async { Ok(added as Arc<dyn EngineTorrent>) }.boxed()
    }

    fn active(&self) -> Vec<Arc<dyn EngineTorrent>> {
        self.torrents.lock().unwrap().values().map(|torrent| torrent.clone() as Arc<dyn EngineTorrent>).collect()
    }

    fn remove(&self, info_hash: InfoHash, delete_files: bool) -> BoxFuture<'_, Result<(), EngineError>> {
        if let Some(torrent) = self.torrents.lock().unwrap().remove(&info_hash) {
            torrent.state.send_replace(SourceState::Deleted);
        }
        if delete_files {
            let _ = std::fs::remove_dir_all(self.dir.join(info_hash.to_string()));
        }
        async { Ok(()) }.boxed()
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        async {}.boxed()
    }
}

pub struct FakeTorrent {
    info_hash: InfoHash,
    pub state: watch::Sender<SourceState>,
    pub stats: Mutex<TorrentStats>,
}

impl FakeTorrent {
    fn new(info_hash: InfoHash) -> Arc<Self> {
        Arc::new(Self { info_hash, state: watch::Sender::new(SourceState::Live), stats: Mutex::default() })
    }

    pub fn is_paused(&self) -> bool {
        *self.state.borrow() == SourceState::Paused
    }
}

impl EngineTorrent for FakeTorrent {
    fn info_hash(&self) -> InfoHash {
        self.info_hash
    }

    fn state(&self) -> watch::Receiver<SourceState> {
        self.state.subscribe()
    }

    fn source(&self, file_index: u32) -> Result<Arc<dyn PieceSource>, EngineError> {
        if file_index == 0 { Ok(Arc::new(FakeSource)) } else { Err(EngineError::NoSuchFile(file_index)) }
    }

    fn stats(&self, _: u32) -> TorrentStats {
        self.stats.lock().unwrap().clone()
    }

    fn lane(&self) -> Option<LaneStats> {
        None
    }

    fn verified_bytes(&self) -> u64 {
        self.stats.lock().unwrap().downloaded_bytes
    }

    fn set_paused(&self, paused: bool) -> BoxFuture<'_, Result<(), EngineError>> {
        async move {
            tokio::task::yield_now().await;
            self.state.send_replace(if paused { SourceState::Paused } else { SourceState::Live });
            Ok(())
        }
        .boxed()
    }
}

struct FakeSource;

impl PieceSource for FakeSource {
    fn len_bytes(&self) -> u64 {
        0
    }

    fn open(&self, _: Range<u64>) -> Box<dyn PieceReader> {
        unimplemented!("nothing is read here")
    }
}
