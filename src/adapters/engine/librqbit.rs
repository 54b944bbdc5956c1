//! One librqbit session for the life of the process.
//!
//! What librqbit 9.1 does that shapes this folder, and where each point is met:
//! * An open stream holds a permit of the session's blocking semaphore: 512 of them here, our own limit of streams above
//!   (`torrents::limiter`), and parked readers leave one wish per file at most (`appetite`).
//! * A blocked read never ends by itself: our readers wait on our own state and stall limit (`source`).
//! * Hostile metadata panics whoever resolves it: `resolve` isolates that.
//! * A piece comes from one peer and is readable when whole: with `torrents.express` the lane fetches instead
//!   (`torrents::lane`, `mux`).
//! * Peers are dropped after ten silent seconds by default, and too many requests in flight make seeks slow: see
//!   [`peer_options`].
//! * Fastresume trusts the disk: it is off, so is its persistence. Each add hashes what is there, which makes a file
//!   corrupted while we were away, or half-written by a crash, harmless; SQLite holds the truth about everything else.
//! * A proxy leaves UDP, DHT and multicast direct: the only proxy is our own (`mux`), which is not for hiding; LSD is
//!   always off.
//! * A dropped session goes on: this one is made once, outside any actor, and ended by [`LibrqbitEngine::stop`] only.
//! * Trackers' seeder counts are thrown away, and there is no scrape: not needed for playing.
//! * Resolving a magnet link announces as a seed, which cannot be changed from outside; playing from stored metadata
//!   does not (`torrent`).
//! * Names in torrents are not trusted: `files`, `storage`; admission comes before.
//! * Have bits are never cleared: disk is freed by whole torrents (`torrents::eviction`).
//! * Encryption, BEP 52, rarest-first and tit-for-tat are missing: left.
//! * A leecher that starts empty is told nothing of what we get: the `mux` says "nothing" for it, which cures that.

use super::{
    appetite::Appetite,
    mux::{Dialer, Mux, Route, dial},
    resolve::Resolver,
    share::Share,
    storage::NumberedFiles,
    torrent::{Express, RunningTorrent, TorrentRef, failed},
    web::Web,
    webseed::{Webseed, file_urls},
};
use crate::{
    config::{Switch, TorrentsConfig},
    domain::info_hash::InfoHash,
    ports::{AddTorrent, EngineError, EngineTorrent, ResolvedMetadata, TorrentEngine},
    torrents::{
        admission,
        lane::{Common, Geometry, Lane, throttle::Throttle},
        piece_source::SourceState,
    },
};
use futures::{FutureExt as _, future::BoxFuture};
use librqbit::{
    AddTorrentOptions, ByteBuf, ConnectionOptions, DhtSessionConfig, ListenerOptions, PeerConnectionOptions, Session,
    SessionOptions, TorrentMetaV1File, TorrentMetaV1Info, dht::DhtPersistenceConfig, limits::LimitsConfig,
    storage::StorageFactoryExt as _,
};
use librqbit_utp::{BindDevice, SocketOpts, UtpSocketUdp, UtpSocketUdpOpts};
use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroU32,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    net::{TcpListener, TcpSocket},
    sync::watch,
};
use tokio_util::sync::CancellationToken;
use url::Url;

/// Streams and blocking work that librqbit may have open at once; far above what `torrents::limiter` lets through.
const BLOCKING_PERMITS: usize = 512;
const MAX_PEERS_PER_TORRENT: usize = 80;
const KIB: NonZeroU32 = NonZeroU32::new(1024).expect("not zero");
/// What peers ask each other for at a time (BEP 3).
const BLOCK: NonZeroU32 = NonZeroU32::new(16 * 1024).expect("not zero");

/// What the engine is started with.
#[derive(Clone, Debug)]
pub struct EngineSettings {
    pub torrents_dir: PathBuf,
    /// Where the distributed hash table's nodes are kept; none means that it is off.
    pub dht_file: Option<PathBuf>,
    pub listen: Option<SocketAddr>,
    pub upnp: bool,
    /// Fetch by the express lane.
    pub express: bool,
    /// How traffic leaves; holds with the express lane only.
    pub route: Route,
    /// Asked about every public torrent, beside its own.
    pub trackers: Vec<String>,
    /// 0 means unlimited.
    pub download_limit_kib_per_s: u32,
    /// 0 means unlimited.
    pub upload_limit_kib_per_s: u32,
    pub stall_limit: Duration,
    /// Whether web servers that torrents name may be in our own networks.
    pub allows_local_web: bool,
}

impl EngineSettings {
    /// The owner's settings; files go below `data_dir` unless they say otherwise.
    pub fn new(config: &TorrentsConfig, data_dir: &Path) -> Self {
        Self {
            torrents_dir: config.dir_below(data_dir),
            dht_file: config.dht.then(|| data_dir.join("dht.json")),
            listen: config.listen,
            upnp: config.upnp,
            express: config.express == Switch::On,
            route: Route { interface: config.interface.clone(), proxy: config.proxy.clone() },
            trackers: config.trackers.clone(),
            download_limit_kib_per_s: config.download_limit_kib_per_s,
            upload_limit_kib_per_s: config.upload_limit_kib_per_s,
            stall_limit: Duration::from_secs(config.stall_limit_seconds),
            allows_local_web: false,
        }
    }
}

/// The engine that speaks to swarms. Cheap to clone.
#[derive(Clone)]
pub struct LibrqbitEngine {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) session: Arc<Session>,
    cancelled: CancellationToken,
    resolver: Resolver,
    appetite: Arc<Appetite>,
    pub(super) express: Option<Express>,
    /// With the lane only.
    web: Option<Web>,
    common: Common,
    /// False ends what passes through the mux.
    egress: watch::Sender<bool>,
    /// Where peers call us.
    listen: Option<SocketAddr>,
    torrents: Mutex<HashMap<InfoHash, Arc<RunningTorrent>>>,
    /// Held while a torrent comes or goes.
    changing: tokio::sync::Mutex<()>,
    settings: EngineSettings,
}

impl LibrqbitEngine {
    /// Starts the session. Adds nothing: torrents come back when somebody opens them.
    pub async fn start(mut settings: EngineSettings) -> Result<Self, EngineError> {
        if !settings.route.is_free() {
            settings.trackers.retain(|tracker| !tracker.starts_with("udp:"));
        }
        let cancelled = CancellationToken::new();
        // A limit below one block would let no block through at all.
        let per_s = |kib: u32| NonZeroU32::new(kib).map(|kib| kib.saturating_mul(KIB).max(BLOCK));
        let is_free = settings.route.is_free();
        let dht = settings.dht_file.clone().filter(|_| is_free).map(|file| DhtSessionConfig {
            persistence: Some(DhtPersistenceConfig { config_filename: Some(file), ..Default::default() }),
            ..Default::default()
        });
        let engine_failed = |error: io::Error| EngineError::Failed(error.to_string());
        let egress = watch::Sender::new(true);
        let mux = match settings.express {
            true => {
                let utp = utp(&settings.route, &cancelled).await;
                let dialer = Dialer::new(settings.route.clone(), utp, egress.subscribe());
                Some(Mux::start(dialer, settings.allows_local_web, cancelled.clone()).await.map_err(engine_failed)?)
            }
            false => None,
        };
        // With the lane, peers call our own listener, which leads them to librqbit's on loopback.
        let ours = match settings.listen.filter(|_| mux.is_some()) {
            Some(address) => Some(listen_on(address, &settings.route)?),
            None => None,
        };
        let listen = ours.as_ref().map(TcpListener::local_addr).transpose().map_err(engine_failed)?;
        let announce_port = listen.map(|address| address.port());
        let listen_addr = if mux.is_some() { Some((Ipv4Addr::LOCALHOST, 0).into()) } else { settings.listen };
        let listener = listen_addr.map(|listen_addr| ListenerOptions {
            listen_addr,
            announce_port,
            enable_upnp_port_forwarding: settings.upnp && settings.listen.is_some(),
            ..Default::default()
        });
        let options = SessionOptions {
            dht,
            listen: listener,
            connect: Some(ConnectionOptions {
                proxy_url: mux.as_ref().map(Mux::proxy_url),
                peer_opts: Some(peer_options(mux.is_some())),
                ..Default::default()
            }),
            fastresume: false,
            persistence: None,
            cancellation_token: Some(cancelled.clone()),
            runtime_worker_threads: Some(BLOCKING_PERMITS),
            // The download rate is set by our appetite, or held by the lanes.
            ratelimits: LimitsConfig { download_bps: None, upload_bps: per_s(settings.upload_limit_kib_per_s) },
            peer_limit: Some(MAX_PEERS_PER_TORRENT),
            disable_local_service_discovery: true,
            client_name_and_version: Some(concat!("Miauflix ", env!("CARGO_PKG_VERSION")).to_owned()),
            ..Default::default()
        };
        let session = Session::new_with_opts(settings.torrents_dir.clone(), options).await.map_err(failed)?;
        let web = mux.as_ref().map(Web::new).transpose();
        let web = web.map_err(|error| EngineError::Failed(format!("failed to prepare for web servers: {error}")))?;
        let express = mux.zip(session.listen_addr()).map(|(mux, engine)| Express { mux, engine });
        if let Some((express, ours)) = express.as_ref().zip(ours) {
            express.mux.lead_in(ours, express.engine, cancelled.clone());
        }
        let download = per_s(settings.download_limit_kib_per_s);
        let throttle = download.map(|rate| Arc::new(Throttle::new(rate.get(), Instant::now())));
        let inner = Inner {
            resolver: Resolver::new(session.clone(), settings.trackers.clone(), web.clone(), is_free),
            appetite: Appetite::new(session.clone(), download, express.is_some()),
            listen: listen.or_else(|| session.listen_addr().filter(|_| express.is_none())),
            express,
            web,
            egress,
            common: Common { throttle, ..Common::default() },
            session,
            cancelled,
            torrents: Mutex::default(),
            changing: tokio::sync::Mutex::default(),
            settings,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Ends all connections to peers, trackers and webseeds, and makes no new ones, until traffic may leave again. For
    /// whoever guards the way out; it takes effect at once, with the express lane only.
    pub fn let_out(&self, may_leave: bool) {
        self.inner.egress.send_replace(may_leave);
    }

    /// Where peers reach us, when a listener is configured.
    pub fn listen_address(&self) -> Option<SocketAddr> {
        self.inner.listen
    }
}

/// A torrent's name, and the path of each of its files below that; none for padding (BEP 47).
fn paths(info: &TorrentMetaV1Info<ByteBuf<'_>>) -> (String, Vec<Option<Vec<String>>>) {
    let text = |bytes: &ByteBuf<'_>| String::from_utf8_lossy(bytes.as_ref()).into_owned();
    let name = info.name.as_ref().map(text).unwrap_or_default();
    let Some(files) = &info.files else { return (name, vec![Some(Vec::new())]) };
    let is_padding = |attr: &Option<ByteBuf<'_>>| attr.as_ref().is_some_and(|attr| attr.as_ref().contains(&b'p'));
    let path =
        |file: &TorrentMetaV1File<ByteBuf<'_>>| (!is_padding(&file.attr)).then(|| file.path.iter().map(text).collect());
    (name, files.iter().map(path).collect())
}

/// Listens for peers that call us.
fn listen_on(address: SocketAddr, route: &Route) -> Result<TcpListener, EngineError> {
    const BACKLOG: u32 = 128;
    let listen = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_reuseaddr(true)?;
        if let Some(interface) = &route.interface {
            dial::bind(&socket, interface)?;
        }
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    let why = |error| format!("peers cannot call us, see torrents.listen and torrents.interface: {error}");
    listen().map_err(|error: io::Error| EngineError::Failed(why(error)))
}

/// A socket for calling peers by uTP. Most peers take TCP as well, so going without is no failure.
async fn utp(route: &Route, cancelled: &CancellationToken) -> Option<Arc<UtpSocketUdp>> {
    if route.proxy.is_some() {
        return None;
    }
    let device = route.interface.as_deref().map(BindDevice::new_from_name).transpose();
    let device =
        device.inspect_err(|error| tracing::warn!(%error, "the interface of torrents.interface is not there")).ok()?;
    let options = SocketOpts { cancellation_token: cancelled.clone(), ..SocketOpts::default() };
    let any = (Ipv4Addr::UNSPECIFIED, 0).into();
    let socket = UtpSocketUdp::new_udp_with_opts(any, options, UtpSocketUdpOpts { bind_device: device.as_ref() }).await;
    socket.inspect_err(|error| tracing::warn!(%error, "peers that take uTP only cannot be reached")).ok()
}

/// Real clients unchoke every 10 to 30 seconds and must not be dropped meanwhile; a small window keeps the requests
/// that a seek makes obsolete few. With the lane librqbit asks nobody but ourselves, as much at once as it likes.
///
/// The window bounds the rate of peers that answer in bursts: Transmission looks at requests every half second, so one of
/// its seeders gives window × 16 KiB × 2 per second: 512 KiB/s at 16. Several peers make up for it; librqbit cannot change
/// the window of a torrent that runs.
fn peer_options(has_lane: bool) -> PeerConnectionOptions {
    PeerConnectionOptions {
        // Ours has a limit of its own, and tries uTP after TCP.
        connect_timeout: Some(Duration::from_secs(if has_lane { 8 } else { 3 })),
        read_write_timeout: Some(Duration::from_secs(130)),
        max_request_window: Some(if has_lane { 64 } else { 16 }),
        ..Default::default()
    }
}

impl TorrentEngine for LibrqbitEngine {
    fn resolve(&self, magnet: String, timeout: Duration) -> BoxFuture<'_, Result<ResolvedMetadata, EngineError>> {
        async move { self.inner.resolver.resolve(&magnet, timeout).await }.boxed()
    }

    fn add(&self, torrent: AddTorrent) -> BoxFuture<'_, Result<Arc<dyn EngineTorrent>, EngineError>> {
        let inner = self.inner.clone();
        // A task of its own: a caller that goes away leaves no torrent that only librqbit knows, and a panic ends there.
        let added = tokio::spawn(async move { inner.add(torrent).await });
        async move {
            let running =
                added.await.map_err(|_| EngineError::Failed("the torrent could not be read".to_owned()))??;
            Ok(Arc::new(TorrentRef(running)) as Arc<dyn EngineTorrent>)
        }
        .boxed()
    }

    fn active(&self) -> Vec<Arc<dyn EngineTorrent>> {
        let torrents = self.inner.torrents.lock().unwrap_or_else(PoisonError::into_inner);
        torrents.values().map(|running| Arc::new(TorrentRef(running.clone())) as Arc<dyn EngineTorrent>).collect()
    }

    fn remove(&self, info_hash: InfoHash, delete_files: bool) -> BoxFuture<'_, Result<(), EngineError>> {
        let inner = self.inner.clone();
        let removed = tokio::spawn(async move { inner.remove(info_hash, delete_files).await });
        async move { removed.await.map_err(|_| EngineError::Failed("removing was interrupted".to_owned()))? }.boxed()
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        async move {
            let _changing = self.inner.changing.lock().await;
            let running: Vec<_> = {
                let mut torrents = self.inner.torrents.lock().unwrap_or_else(PoisonError::into_inner);
                torrents.drain().map(|(_, running)| running).collect()
            };
            for running in running {
                self.inner.appetite.forget(running.torrent.id());
                running.share.enter(SourceState::Deleted);
            }
            self.let_out(false);
            self.inner.session.stop().await;
            self.inner.cancelled.cancel();
        }
        .boxed()
    }
}

impl Inner {
    async fn add(&self, torrent: AddTorrent) -> Result<Arc<RunningTorrent>, EngineError> {
        let _changing = self.changing.lock().await;
        if self.cancelled.is_cancelled() {
            return Err(EngineError::Failed("the engine is stopped".to_owned()));
        }
        if let Some(running) = self.get(torrent.info_hash) {
            return Ok(running);
        }
        let AddTorrent { info_hash, metainfo, initial_peers } = torrent;
        let (share, is_private, webseeds) = self.read(info_hash, &metainfo)?;
        let metainfo = if self.settings.route.is_free() { metainfo } else { admission::without_udp(&metainfo) };
        if let Some(express) = &self.express {
            express.mux.register(share.clone());
        }
        let options = AddTorrentOptions {
            only_files: share.lane.load().is_none().then(|| vec![share.largest_file()]),
            overwrite: true,
            output_folder: Some(self.dir(info_hash).to_string_lossy().into_owned()),
            initial_peers: Some(initial_peers),
            storage_factory: Some(NumberedFiles(share.clone()).boxed()),
            trackers: (!is_private).then(|| self.settings.trackers.clone()),
            ..AddTorrentOptions::default()
        };
        let add = librqbit::AddTorrent::from_bytes(metainfo);
        let added = self.session.add_torrent(add, Some(options)).await;
        if added.is_err() {
            self.forget(info_hash);
        }
        let handle = added.map_err(failed)?.into_handle();
        let handle = handle.ok_or_else(|| EngineError::Failed("the torrent was listed instead of added".to_owned()))?;
        let running = RunningTorrent::new(
            share,
            self.session.clone(),
            handle,
            self.appetite.clone(),
            self.settings.stall_limit,
            self.express.clone(),
        );
        self.torrents.lock().unwrap_or_else(PoisonError::into_inner).insert(info_hash, running.clone());
        webseeds.into_iter().for_each(|webseed| _ = tokio::spawn(webseed.run()));
        Ok(running)
    }

    /// Reads a torrent's layout, whether it is private (BEP 27), and which web servers have it.
    fn read(&self, info_hash: InfoHash, metainfo: &[u8]) -> Result<(Arc<Share>, bool, Vec<Webseed>), EngineError> {
        let unreadable =
            |error: &dyn std::fmt::Display| EngineError::Failed(format!("the torrent is unreadable: {error}"));
        let meta = librqbit::torrent_from_bytes(metainfo).map_err(|error| unreadable(&error))?;
        if meta.info_hash.0 != info_hash.0 {
            return Err(unreadable(&"its info hash is another"));
        }
        let is_private = meta.info.data.private;
        let hashes: Box<[u8]> = meta.info.data.pieces.as_ref().into();
        let (name, paths) = paths(&meta.info.data);
        let info = meta.info.data.validate().map_err(|error| unreadable(&error))?;
        let piece_bytes = u64::from(info.lengths().default_piece_length());
        let share = Share::new(info_hash, info.iter_file_lengths(), piece_bytes, self.dir(info_hash));
        if self.express.is_some() {
            let geometry =
                Geometry { total_bytes: share.total_bytes(), piece_bytes: info.lengths().default_piece_length() };
            share.lane.store(Some(Lane::new(geometry, hashes, share.pieces.clone(), self.common.clone())));
        }
        let share = Arc::new(share);
        let webseed = |(number, url): (usize, Url)| {
            let web = self.web.clone()?;
            Some(Webseed { number, share: share.clone(), web, files: file_urls(&url, &name, &paths) })
        };
        let webseeds = admission::webseeds(metainfo).into_iter().enumerate().filter_map(webseed).collect();
        Ok((share, is_private, webseeds))
    }

    /// No lane any more for what is not active.
    fn forget(&self, info_hash: InfoHash) {
        if let Some(express) = &self.express {
            express.mux.forget(info_hash);
        }
    }

    async fn remove(&self, info_hash: InfoHash, delete_files: bool) -> Result<(), EngineError> {
        let _changing = self.changing.lock().await;
        let running = self.torrents.lock().unwrap_or_else(PoisonError::into_inner).remove(&info_hash);
        let files = match &running {
            Some(running) => {
                running.share.enter(SourceState::Deleted);
                self.forget(info_hash);
                self.appetite.forget(running.torrent.id());
                self.session.delete(running.id(), false).await.map_err(failed)?;
                running.share.files.close();
                running.share.clone()
            }
            None if delete_files => Arc::new(Share::new(info_hash, std::iter::empty(), 1, self.dir(info_hash))),
            None => return Err(EngineError::NotActive),
        };
        if !delete_files {
            return Ok(());
        }
        match tokio::task::spawn_blocking(move || files.files.remove()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(EngineError::Failed(format!("the torrent's files could not be deleted: {error}"))),
            Err(_) => Err(EngineError::Failed("deleting the torrent's files was interrupted".to_owned())),
        }
    }

    pub(super) fn get(&self, info_hash: InfoHash) -> Option<Arc<RunningTorrent>> {
        self.torrents.lock().unwrap_or_else(PoisonError::into_inner).get(&info_hash).cloned()
    }

    fn dir(&self, info_hash: InfoHash) -> PathBuf {
        self.settings.torrents_dir.join(info_hash.to_string())
    }
}
