//! The concern under its supervisor, with an engine that does as it is told.

mod fake;
mod lives;
mod room;

use super::{Activate, TorrentsError, TorrentsHandle, TorrentsParts, TorrentsSettings};
use crate::{
    domain::{ids::UserId, info_hash::InfoHash},
    events::Events,
    ports::{ActorObserver, Clock},
    store::Store,
    supervision::{ActorTree, Budget, Supervisor, supervisor::SupervisorArguments},
};
use fake::{FakeEngine, metainfo};
use ractor::{Actor as _, ActorCell};
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;

const ADA: UserId = UserId(1);
const IDLE_PAUSE: Duration = Duration::from_secs(120);
const PATH: &str = "root/playback/torrents";

/// Time that moves by one with every look.
#[derive(Default)]
struct TickingClock(AtomicI64);

impl Clock for TickingClock {
    fn now_ms(&self) -> i64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// Knows every actor's newest incarnation, so that a test can end it.
#[derive(Clone, Default)]
struct Actors(Arc<Mutex<HashMap<String, ActorCell>>>);

impl ActorObserver for Actors {
    fn started(&self, path: &str, actor: &ActorCell) {
        self.0.lock().unwrap().insert(path.to_owned(), actor.clone());
    }
}

impl Actors {
    fn get(&self, path: &str) -> ActorCell {
        self.0.lock().unwrap()[path].clone()
    }

    /// Kills an actor and waits for its next incarnation.
    async fn crash(&self, path: &str) {
        let before = self.get(path);
        before.kill();
        eventually(|| self.get(path).get_id() != before.get_id()).await;
    }
}

/// A running concern.
struct World {
    torrents: TorrentsHandle,
    engine: Arc<FakeEngine>,
    actors: Actors,
    store: Store,
    dir: Arc<TempDir>,
    supervisor: ActorCell,
}

impl World {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut TorrentsSettings)) -> Self {
        Self::on(Arc::new(tempfile::tempdir().unwrap()), change).await
    }

    /// On a disk that was used before.
    async fn on(dir: Arc<TempDir>, change: impl FnOnce(&mut TorrentsSettings)) -> Self {
        let mut settings = TorrentsSettings {
            torrents_dir: dir.path().join("torrents"),
            max_active: 10,
            max_streams: 10,
            max_streams_per_user: 4,
            disk_quota_bytes: 1 << 30,
            free_space_reserve_bytes: 0,
            idle_pause: IDLE_PAUSE,
            metadata_timeout: Duration::from_secs(30),
        };
        change(&mut settings);
        let engine = Arc::new(FakeEngine::new(settings.torrents_dir.clone()));
        let actors = Actors::default();
        let store = Store::open(&dir.path().join("db")).unwrap();
        let parts = TorrentsParts {
            settings,
            store: store.clone(),
            engine: engine.clone(),
            clock: Arc::new(TickingClock::default()),
            events: Events::new(),
            tree: ActorTree::new(Arc::new(actors.clone())),
        };
        let tree = parts.tree.clone();
        let (torrents, child) = super::start(parts, PATH);
        let budget = Budget { restarts: 10, window: Duration::from_secs(60) };
        let arguments = SupervisorArguments { path: "root/playback".to_owned(), budget, children: vec![child], tree };
        let (supervisor, _) = Supervisor::spawn(None, Supervisor, arguments).await.unwrap();
        Self { torrents, engine, actors, store, dir, supervisor: supervisor.get_cell() }
    }

    /// Opens torrent number `id` of `size` bytes.
    async fn open(&self, id: u8, size: u64) -> Result<InfoHash, TorrentsError> {
        let metainfo = metainfo(id, size);
        let info_hash = self.torrents.admit(metainfo.clone())?.info_hash;
        self.torrents.activate(Activate { info_hash, metainfo, initial_peers: Vec::new() }).await?;
        Ok(info_hash)
    }

    fn session_path(&self, info_hash: InfoHash) -> String {
        format!("{PATH}/{}", info_hash.short())
    }

    fn folder(&self, info_hash: InfoHash) -> PathBuf {
        self.dir.path().join("torrents").join(info_hash.to_string())
    }

    /// Puts bytes on disk as if they had been downloaded.
    fn fill(&self, info_hash: InfoHash, bytes: usize) {
        std::fs::create_dir_all(self.folder(info_hash)).unwrap();
        std::fs::write(self.folder(info_hash).join("0"), vec![1; bytes]).unwrap();
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.supervisor.stop(None);
    }
}

async fn eventually(mut holds: impl FnMut() -> bool) {
    for _ in 0..2000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("it never comes true");
}
