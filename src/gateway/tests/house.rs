//! A daemon with real accounts and films from memory.

use super::films::Shelf;
use crate::{
    audit,
    auth::{self, AuthHandle, AuthSettings, Credentials, Device, HashingCost, LimitSettings, Rate, SignedIn},
    catalog,
    config::{AuthConfig, Config},
    domain::info_hash::InfoHash,
    domain::user::{Principal, Role},
    events::Events,
    gateway::{Bound, Concerns, GatewayHandle, Settings, connection::Connection, policy::Rule, router, start},
    images::ImagesHandle,
    playback,
    ports::{ActorObserver, AddTorrent, Clock, EngineError, EngineTorrent, ResolvedMetadata, TorrentEngine},
    progress,
    store::Store,
    supervision::{
        ActorTree, Budget, ChildSpec, Supervisor, Tasks,
        supervisor::{SupervisorArguments, SupervisorMessage},
    },
    torrents::{self, TorrentsParts, TorrentsSettings},
    trakt::TraktHandle,
};
use axum::{
    Router,
    body::Body,
    http::{Request, Response, request},
};
use futures::future::BoxFuture;
use ractor::{Actor, ActorCell, ActorRef};
use secrecy::ExposeSecret;
use serde_json::Value;
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    num::NonZeroU32,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

pub const PASSWORD: &str = "correct horse";
pub const BUDGET: Budget = Budget { restarts: 10, window: Duration::from_secs(60) };

pub struct TestClock(pub AtomicI64);

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl TestClock {
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(by.as_millis() as i64, Ordering::SeqCst);
    }
}

/// Lays hands on the running actors.
#[derive(Default)]
pub struct Actors(Mutex<HashMap<String, ActorCell>>);

impl ActorObserver for Actors {
    fn started(&self, path: &str, actor: &ActorCell) {
        self.0.lock().unwrap().insert(path.to_owned(), actor.clone());
    }
}

impl Actors {
    pub fn kill(&self, path: &str) {
        self.0.lock().unwrap()[path].kill();
    }
}

/// There is no swarm here.
struct NoEngine;

impl TorrentEngine for NoEngine {
    fn resolve(&self, _: String, _: Duration) -> BoxFuture<'_, Result<ResolvedMetadata, EngineError>> {
        Box::pin(async { Err(EngineError::MetadataTimeout) })
    }

    fn add(&self, _: AddTorrent) -> BoxFuture<'_, Result<Arc<dyn EngineTorrent>, EngineError>> {
        Box::pin(async { Err(EngineError::Failed("there is no engine".to_owned())) })
    }

    fn active(&self) -> Vec<Arc<dyn EngineTorrent>> {
        Vec::new()
    }

    fn remove(&self, _: InfoHash, _: bool) -> BoxFuture<'_, Result<(), EngineError>> {
        Box::pin(async { Ok(()) })
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

/// Everything behind the gateway, and its router.
pub struct House {
    pub auth: AuthHandle,
    pub films: Arc<Shelf>,
    pub clock: Arc<TestClock>,
    pub settings: Settings,
    pub actors: Arc<Actors>,
    pub concerns: Concerns,
    pub router: Router,
    pub rules: Vec<Rule>,
    _data: tempfile::TempDir,
}

impl House {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let store = Store::open(&data.path().join("miauflix.db")).unwrap();
        let clock = Arc::new(TestClock(AtomicI64::new(1_800_000_000_000)));
        let events = Events::new();
        let (audit, mut children) = audit::start(store.clone(), clock.clone());
        let (auth, actor) =
            auth::start_with(auth_settings(), data.path(), store.clone(), clock.clone(), events.clone(), audit.clone())
                .await
                .unwrap();
        children.extend(actor);
        let actors = Arc::<Actors>::default();
        let tree = ActorTree::new(actors.clone());
        let tasks = Tasks::default();
        let (progress, progress_child) = progress::start(store.clone(), clock.clone(), events.clone());
        let (catalog, catalog_child) = catalog::start(store.clone(), clock.clone(), events.clone(), None, &tasks);
        let config = Config::default();
        let parts = TorrentsParts {
            settings: TorrentsSettings::new(&config.torrents, data.path()),
            store,
            engine: Arc::new(NoEngine),
            clock: clock.clone(),
            events,
            tree: tree.clone(),
        };
        let (torrents, torrents_child) = torrents::start(parts, "house/torrents");
        let dependencies = playback::Dependencies {
            catalog: catalog.clone(),
            torrents: torrents.clone(),
            auth: auth.clone(),
            clock: clock.clone(),
            embedded_seeder: "127.0.0.1:1".parse().unwrap(),
        };
        let (playback, playback_child) = playback::start(&config, dependencies);
        children.extend([progress_child, catalog_child, torrents_child, playback_child]);
        supervise("house", children, tree.clone()).await.unwrap();

        let mut settings = Settings::from(&config);
        settings.server.listen = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0);
        change(&mut settings);
        let films = Arc::<Shelf>::default();
        let concerns = Concerns {
            auth: auth.clone(),
            catalog,
            images: ImagesHandle::new(None, data.path().join("images"), 0),
            progress,
            playback,
            torrents,
            trakt: TraktHandle::unavailable(),
            tickets: films.clone(),
            actors: tree,
            tasks,
            audit,
            clock: clock.clone(),
        };
        let (router, rules) = router::build(&settings, concerns.clone()).unwrap();
        Self { auth, films, clock, settings, actors, concerns, router, rules, _data: data }
    }

    /// The first admin, `root`, signed in.
    pub async fn set_up(&self) -> SignedIn {
        let token = self.auth.setup_token().unwrap();
        self.auth.setup(token, credentials("root"), device()).await.unwrap()
    }

    /// A new account, signed in.
    pub async fn add(&self, by: &SignedIn, username: &str, role: Role) -> SignedIn {
        let by = self.principal(by);
        self.auth.create_user(&by, credentials(username), role).await.unwrap();
        self.auth.login(credentials(username), device()).await.unwrap()
    }

    pub fn principal(&self, signed_in: &SignedIn) -> Principal {
        self.auth.authenticate(signed_in.access_token.expose_secret()).unwrap()
    }

    /// Answers a request as if it had come by a connection from `127.0.0.1`.
    pub async fn answer(&self, mut request: Request<Body>) -> Answer {
        let connection = Connection::new("127.0.0.1:4711".parse().unwrap(), CancellationToken::new());
        request.extensions_mut().insert(connection);
        request.headers_mut().entry("host").or_insert("localhost".parse().unwrap());
        Answer::of(self.router.clone().oneshot(request).await.unwrap()).await
    }

    /// A JSON request of a client that has the token, if any.
    pub async fn call(&self, method: &str, path: &str, token: Option<&SignedIn>, body: Option<Value>) -> Answer {
        let request = with_token(Request::builder().method(method).uri(path), token);
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(body.to_string().into()),
            None => request.body(Body::empty()),
        };
        self.answer(request.unwrap()).await
    }

    /// Serves on a socket.
    pub async fn serve(&self) -> Served {
        let (handle, child) = start(&self.settings, self.concerns.clone(), None).unwrap();
        let root = supervise("root", vec![child], self.concerns.actors.clone()).await.unwrap();
        let bound = handle.bound().unwrap();
        Served { handle, bound, root }
    }
}

/// A gateway that listens.
pub struct Served {
    pub handle: GatewayHandle,
    pub bound: Bound,
    root: ActorRef<SupervisorMessage>,
}

impl Served {
    pub async fn stop(&self) {
        self.root.call(SupervisorMessage::Stop, None).await.unwrap().unwrap();
    }
}

pub async fn supervise(
    name: &str,
    children: Vec<ChildSpec>,
    tree: ActorTree,
) -> Result<ActorRef<SupervisorMessage>, ractor::SpawnErr> {
    let arguments = SupervisorArguments { path: name.to_owned(), budget: BUDGET, children, tree };
    Ok(Actor::spawn(None, Supervisor, arguments).await?.0)
}

fn auth_settings() -> AuthSettings {
    let plenty = Rate { burst: NonZeroU32::new(10_000).unwrap(), one_per: Duration::from_millis(1) };
    AuthSettings {
        hashing: HashingCost { memory_kib: 8, passes: 1 },
        limits: LimitSettings { per_address: plenty, per_place: [plenty, plenty], per_account: plenty },
        ..AuthSettings::from(&AuthConfig::default())
    }
}

pub fn credentials(username: &str) -> Credentials {
    Credentials { username: username.to_owned(), password: PASSWORD.into() }
}

pub fn device() -> Device {
    Device { name: "TV".to_owned(), user_agent: "tests".to_owned(), ip: IpAddr::V4(Ipv4Addr::LOCALHOST) }
}

pub fn with_token(request: request::Builder, token: Option<&SignedIn>) -> request::Builder {
    match token {
        Some(signed_in) => {
            request.header("authorization", format!("Bearer {}", signed_in.access_token.expose_secret()))
        }
        None => request,
    }
}

/// An answer that has been read to its end.
#[derive(Debug)]
pub struct Answer {
    pub head: Response<()>,
    pub bytes: Vec<u8>,
}

impl Answer {
    async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Self { head: Response::from_parts(parts, ()), bytes }
    }

    pub fn status(&self) -> u16 {
        self.head.status().as_u16()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.headers().get(name).map(|value| value.to_str().unwrap())
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// `name=value` of each cookie the answer sets, as a browser would send them back.
    pub fn cookies(&self) -> String {
        let lines = self.head.headers().get_all("set-cookie").iter().map(|line| line.to_str().unwrap());
        lines.map(|line| line.split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
    }
}
