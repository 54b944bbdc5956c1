//! Wires the daemon together: opens the store, makes every concern's handle, starts the supervision tree.

mod data_dir;

pub use data_dir::{DataDirError, database_file, lock_data_dir, make_database_file};

use crate::{
    adapters::{
        engine::{EngineSettings, LibrqbitEngine},
        tmdb::Tmdb,
        trakt::Trakt,
    },
    audit, auth, catalog,
    clock::SystemClock,
    config::{Config, ConfigError},
    events::Events,
    gateway,
    images::ImagesHandle,
    lists, playback,
    playback_check::LoopbackSeeder,
    ports::{ActorObserver, Clock, MovieDatabase, MovieDatabaseError, TorrentEngine, WatchTrackerError},
    progress,
    sealing::{Sealer, SealingError},
    store::{Store, StoreError},
    supervision::{
        ActorStatus, ActorTree, Budget, ChildSpec, NoObserver, Supervisor, Tasks,
        supervisor::{SupervisorArguments, SupervisorMessage},
    },
    torrents::{self, TorrentsParts, TorrentsSettings},
    trakt::{self, TraktHandle},
};
use metrics_exporter_prometheus::PrometheusHandle;
use ractor::{Actor, ActorRef, SpawnErr};
use secrecy::{ExposeSecret, SecretString};
use std::{error::Error, fs::File, net::SocketAddr, sync::Arc, time::Duration};
use tokio::task::JoinHandle;

const MINUTE: Duration = Duration::from_secs(60);
/// The whole tree may take this long to stop.
const STOP_LIMIT: Duration = Duration::from_millis(4_500);

/// What is plugged into the daemon's seams.
pub struct Ports {
    pub clock: Arc<dyn Clock>,
    pub observer: Arc<dyn ActorObserver>,
    /// Renders the metrics, where the program keeps any.
    pub metrics: Option<PrometheusHandle>,
}

impl Default for Ports {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), observer: Arc::new(NoObserver), metrics: None }
    }
}

/// Why the daemon did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Auth(#[from] auth::StartError),
    #[error("failed to start the torrent engine: {0}")]
    Engine(#[from] crate::ports::EngineError),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("failed to get ready for The Movie Database: {0}")]
    MovieDatabase(#[from] MovieDatabaseError),
    #[error("failed to get ready for Trakt: {0}")]
    WatchTracker(#[from] WatchTrackerError),
    #[error(transparent)]
    Sealing(#[from] SealingError),
    #[error("failed to start the embedded seeder")]
    Seeder(#[source] std::io::Error),
    #[error("failed to describe the API")]
    Description(#[from] serde_json::Error),
    #[error("the daemon does not listen")]
    NotListening,
    #[error("{0}")]
    Actor(String),
}

impl From<SpawnErr> for StartError {
    /// Each supervisor on the way wraps the failure of its child once more; only the first cause tells anybody anything.
    fn from(error: SpawnErr) -> Self {
        let mut cause: &dyn Error = &error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        Self::Actor(cause.to_string())
    }
}

/// The daemon, not yet started.
pub struct App;

/// A daemon that runs. Dropping it does not stop it; [`Running::stop`] does.
pub struct Running {
    address: SocketAddr,
    setup_token: Option<SecretString>,
    tree: ActorTree,
    root: ActorRef<SupervisorMessage>,
    ended: JoinHandle<()>,
    engine: Arc<dyn TorrentEngine>,
    _seeder: LoopbackSeeder,
    _lock: File,
}

impl App {
    /// Starts everything; returns once the HTTP side listens.
    pub async fn start(config: Config, ports: Ports) -> Result<Running, StartError> {
        let lock = lock_data_dir(&config)?;
        let data_dir = data_dir::data_dir(&config)?;
        let store = Store::open(&data_dir::database_file(&config)?)?;
        let events = Events::new();
        let clock = ports.clock;
        let seeder = LoopbackSeeder::start().await.map_err(StartError::Seeder)?;
        let engine: Arc<dyn TorrentEngine> =
            Arc::new(LibrqbitEngine::start(EngineSettings::new(&config.torrents, &data_dir)).await?);
        let tree = ActorTree::new(ports.observer);
        let tasks = Tasks::default();

        let (audit, mut accounts) = audit::start(store.clone(), clock.clone());
        let (auth, auth_children) =
            auth::start(&config.auth, &data_dir, store.clone(), clock.clone(), events.clone(), audit.clone()).await?;
        let (progress, progress_child) = progress::start(store.clone(), clock.clone(), events.clone());
        let database: Option<Arc<dyn MovieDatabase>> = match config.tmdb.read_token()? {
            Some(token) => Some(Arc::new(Tmdb::new(&config.tmdb, token)?)),
            None => None,
        };
        let (catalog, catalog_child) =
            catalog::start(store.clone(), clock.clone(), events.clone(), database.clone(), &tasks);
        let mut library = vec![catalog_child];
        library.extend(database.clone().map(|database| lists::start(catalog.clone(), clock.clone(), database, &tasks)));
        let trakt = match config.trakt.read_application()? {
            Some((client_id, client_secret)) => {
                let dependencies = trakt::Dependencies {
                    tracker: Arc::new(Trakt::new(&config.trakt, client_id, client_secret)?),
                    sealer: Sealer::load_or_make(&data_dir, "tokens of Trakt")?,
                    store: store.clone(),
                    clock: clock.clone(),
                    events: events.clone(),
                    audit: audit.clone(),
                    catalog: catalog.clone(),
                    progress: progress.clone(),
                };
                let (trakt, trakt_child) = trakt::start(dependencies, &tasks);
                library.push(trakt_child);
                trakt
            }
            None => TraktHandle::unavailable(),
        };
        let images = ImagesHandle::new(database, data_dir.join("images"), config.tmdb.images_quota_bytes());
        let parts = TorrentsParts {
            settings: TorrentsSettings::new(&config.torrents, &data_dir),
            store: store.clone(),
            engine: engine.clone(),
            clock: clock.clone(),
            events: events.clone(),
            tree: tree.clone(),
        };
        let (torrents, torrents_child) = torrents::start(parts, "root/playback/torrents");
        let dependencies = playback::Dependencies {
            catalog: catalog.clone(),
            torrents: torrents.clone(),
            auth: auth.clone(),
            clock: clock.clone(),
            embedded_seeder: seeder.addr(),
        };
        let (playback, playback_child) = playback::start(&config, dependencies);

        let concerns = gateway::Concerns {
            auth: auth.clone(),
            catalog,
            images,
            progress,
            tickets: Arc::new(playback.clone()),
            playback,
            torrents,
            trakt,
            actors: tree.clone(),
            tasks,
            audit,
            clock: clock.clone(),
        };
        let (gateway, gateway_child) = gateway::start(&gateway::Settings::from(&config), concerns, ports.metrics)?;

        let supervisor =
            |name, restarts, window, children| ChildSpec::supervisor(name, Budget { restarts, window }, children);
        accounts.extend(auth_children);
        accounts.push(progress_child);
        let arguments = SupervisorArguments {
            path: "root".to_owned(),
            budget: Budget { restarts: 3, window: MINUTE },
            children: vec![
                supervisor("accounts", 10, MINUTE, accounts),
                supervisor("library", 10, MINUTE, library),
                supervisor("playback", 5, MINUTE, vec![torrents_child, playback_child]),
                gateway_child,
            ],
            tree: tree.clone(),
        };
        let (root, ended) = Actor::spawn(None, Supervisor, arguments).await?;
        tree.record_started("root", true, &root.get_cell(), None, clock.now_ms());
        Ok(Running {
            address: gateway.bound().ok_or(StartError::NotListening)?.http,
            setup_token: auth.setup_token(),
            tree,
            root,
            ended,
            engine,
            _seeder: seeder,
            _lock: lock,
        })
    }
}

impl Running {
    /// Where the HTTP side listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address to type into a browser on this machine.
    pub fn url(&self) -> String {
        let ip = self.address.ip();
        let host = if ip.is_unspecified() || ip.is_loopback() { "localhost".to_owned() } else { ip.to_string() };
        format!("http://{host}:{}", self.address.port())
    }

    /// The one-time token that makes the first admin, while there is none.
    pub fn setup_token(&self) -> Option<&str> {
        self.setup_token.as_ref().map(ExposeSecret::expose_secret)
    }

    /// The live supervision tree.
    pub fn actors(&self) -> Vec<ActorStatus> {
        self.tree.snapshot()
    }

    /// Resolves when the daemon cannot go on.
    pub async fn failed(&mut self) {
        let _ = (&mut self.ended).await;
    }

    /// Stops everything, last started first: streams end cleanly, then traffic, then the store.
    pub async fn stop(&mut self) {
        let stopped = self.root.call(SupervisorMessage::Stop, Some(STOP_LIMIT)).await;
        if !stopped.is_ok_and(|stopped| stopped.is_success()) {
            tracing::warn!("the actors did not stop in time");
        }
        self.engine.stop().await;
    }
}
