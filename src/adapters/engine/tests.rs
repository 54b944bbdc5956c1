//! The real engine against a seeder on loopback. Films are a few MiB of noise.

mod express;
mod names;
mod webseeds;

use super::{EngineSettings, LibrqbitEngine, mux::Route};
use crate::{
    domain::info_hash::InfoHash,
    ports::{AddTorrent, EngineError, EngineTorrent, TorrentEngine},
    torrents::piece_source::{PieceReader, SourceError, SourceState},
};
use bytes::Bytes;
use librqbit::{
    AddTorrentOptions, CreateTorrentOptions, ListenerOptions, Session, SessionOptions, create_torrent,
    limits::LimitsConfig, spawn_utils::BlockingSpawner,
};
use rand::{RngCore as _, SeedableRng as _, rngs::StdRng};
use std::{
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroU32,
    path::Path,
    sync::Arc,
    time::Duration,
};
use tempfile::TempDir;

const PIECE: u32 = 64 * 1024;
const SOON: Duration = Duration::from_secs(20);

/// A torrent, its bytes, and a folder that holds them.
struct Film {
    dir: TempDir,
    files: Vec<(String, Vec<u8>)>,
    info_hash: InfoHash,
    metainfo: Bytes,
}

impl Film {
    async fn new(seed: u64, lens: &[usize]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut rng = StdRng::seed_from_u64(seed);
        let mut files = Vec::new();
        for (index, &len) in lens.iter().enumerate() {
            let mut bytes = vec![0; len];
            rng.fill_bytes(&mut bytes);
            let name = format!("{index:05}.mkv");
            std::fs::write(dir.path().join(&name), &bytes).unwrap();
            files.push((name, bytes));
        }
        let options = CreateTorrentOptions { piece_length: Some(PIECE), name: Some("film"), ..Default::default() };
        let created = create_torrent(dir.path(), options, &BlockingSpawner::new(1)).await.unwrap();
        let metainfo = created.as_bytes().unwrap();
        let parsed = librqbit::torrent_from_bytes(&metainfo).unwrap();
        let order: Vec<String> = parsed
            .info
            .data
            .files
            .as_ref()
            .unwrap()
            .iter()
            .map(|file| String::from_utf8(file.path[0].0.to_vec()).unwrap())
            .collect();
        files.sort_by_key(|(name, _)| order.iter().position(|listed| listed == name));
        Self { dir, files, info_hash: InfoHash(parsed.info_hash.0), metainfo }
    }

    fn bytes(&self, file: usize) -> &[u8] {
        &self.files[file].1
    }

    fn add(&self, peers: Vec<SocketAddr>) -> AddTorrent {
        AddTorrent { info_hash: self.info_hash, metainfo: self.metainfo.clone(), initial_peers: peers }
    }
}

/// A peer that has everything.
struct Seeder {
    session: Arc<Session>,
    address: SocketAddr,
}

impl Seeder {
    async fn new(upload_bytes_per_s: Option<u32>) -> Self {
        let options = SessionOptions {
            dht: None,
            disable_local_service_discovery: true,
            listen: Some(ListenerOptions { listen_addr: (Ipv4Addr::LOCALHOST, 0).into(), ..Default::default() }),
            ratelimits: LimitsConfig { upload_bps: upload_bytes_per_s.and_then(NonZeroU32::new), download_bps: None },
            ..Default::default()
        };
        let session = Session::new_with_opts("/nonexistent".into(), options).await.unwrap();
        let address = (Ipv4Addr::LOCALHOST, session.listen_addr().unwrap().port()).into();
        Self { session, address }
    }

    async fn seed(&self, film: &Film) {
        let options = AddTorrentOptions {
            output_folder: Some(film.dir.path().to_string_lossy().into_owned()),
            overwrite: true,
            ..Default::default()
        };
        let add = librqbit::AddTorrent::from_bytes(film.metainfo.clone());
        let handle = self.session.add_torrent(add, Some(options)).await.unwrap().into_handle().unwrap();
        handle.wait_until_completed().await.unwrap();
    }
}

fn settings(dir: &Path, stall_limit: Duration) -> EngineSettings {
    EngineSettings {
        torrents_dir: dir.to_owned(),
        dht_file: None,
        listen: None,
        upnp: false,
        express: true,
        route: Route::default(),
        trackers: Vec::new(),
        download_limit_kib_per_s: 0,
        upload_limit_kib_per_s: 0,
        stall_limit,
        allows_local_web: true,
    }
}

async fn engine(dir: &Path, stall_limit: Duration) -> LibrqbitEngine {
    LibrqbitEngine::start(settings(dir, stall_limit)).await.unwrap()
}

async fn read(reader: &mut dyn PieceReader) -> Result<Vec<u8>, SourceError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = tokio::time::timeout(SOON, reader.next()).await.expect("a reader hangs")? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn whole(torrent: &Arc<dyn EngineTorrent>, file: u32) -> Box<dyn PieceReader> {
    let source = torrent.source(file).unwrap();
    source.open(0..source.len_bytes())
}

async fn reaches(torrent: &Arc<dyn EngineTorrent>, state: SourceState) {
    let mut states = torrent.state();
    tokio::time::timeout(SOON, states.wait_for(|now| *now == state)).await.expect("the state never comes").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_film_read_while_it_downloads_is_the_film() {
    let film = Film::new(1, &[3 << 20, 1_000_003]).await;
    let seeder = Seeder::new(None).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let torrent = engine.add(film.add(vec![seeder.address])).await.unwrap();
    for file in [1, 0] {
        assert!(read(&mut *whole(&torrent, file)).await.unwrap() == film.bytes(file as usize));
    }
    // The last pieces may have come from memory, on their way to disk.
    let on_disk = async {
        while torrent.stats(0).downloaded_bytes < 3 << 20 {
            tokio::task::yield_now().await
        }
    };
    tokio::time::timeout(SOON, on_disk).await.unwrap();
    let stats = torrent.stats(0);
    let all = 0..3 << 20;
    assert_eq!((stats.have.as_slice(), stats.downloaded_bytes), (std::slice::from_ref(&all), 3 << 20));
    assert_eq!(stats.known_peers, [seeder.address]);
    let names: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, [film.info_hash.to_string().as_str()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_range_in_the_middle_needs_only_its_own_pieces() {
    let film = Film::new(2, &[40 << 20]).await;
    let seeder = Seeder::new(Some(4 << 20)).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let torrent = engine.add(film.add(vec![seeder.address])).await.unwrap();
    let source = torrent.source(0).unwrap();
    let range = 30_000_001..30_200_000;
    let bytes = read(&mut *source.open(range.clone())).await.unwrap();
    assert!(bytes == film.bytes(0)[range.start as usize..range.end as usize]);
    assert!(torrent.stats(0).downloaded_bytes < 20 << 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parked_readers_of_many_torrents_stop_nobody_else() {
    let seeder = Seeder::new(None).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let (mut films, mut torrents, mut parked) = (Vec::new(), Vec::new(), Vec::new());
    for seed in 10..13 {
        let film = Film::new(seed, &[2 << 20]).await;
        seeder.seed(&film).await;
        torrents.push(engine.add(film.add(vec![seeder.address])).await.unwrap());
        films.push(film);
    }
    for index in 0..12 {
        let mut reader = whole(&torrents[index % 3], 0);
        tokio::time::timeout(SOON, reader.next()).await.unwrap().unwrap().unwrap();
        if index < 8 {
            reader.park();
        }
        parked.push(reader);
    }
    for (film, torrent) in films.iter().zip(&torrents) {
        assert!(read(&mut *whole(torrent, 0)).await.unwrap() == film.bytes(0));
    }
    for (index, reader) in parked.iter_mut().enumerate() {
        let rest = read(&mut **reader).await.unwrap();
        assert!(film_ends_with(&films[index % 3], &rest), "reader {index}");
    }
}

fn film_ends_with(film: &Film, rest: &[u8]) -> bool {
    !rest.is_empty() && film.bytes(0).ends_with(rest)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_read_loses_no_bytes() {
    let film = Film::new(3, &[2 << 20]).await;
    let seeder = Seeder::new(Some(2 << 20)).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let torrent = engine.add(film.add(vec![seeder.address])).await.unwrap();
    let mut reader = whole(&torrent, 0);
    let mut bytes = Vec::new();
    loop {
        match tokio::time::timeout(Duration::from_millis(1), reader.next()).await {
            Err(_) => {}
            Ok(chunk) => match chunk.unwrap() {
                Some(chunk) => bytes.extend_from_slice(&chunk),
                None => break,
            },
        }
    }
    assert!(bytes == film.bytes(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_swarm_ends_a_blocked_read_at_the_stall_limit() {
    let film = Film::new(4, &[1 << 20]).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), Duration::from_millis(200)).await;
    let torrent = engine.add(film.add(Vec::new())).await.unwrap();
    assert_eq!(read(&mut *whole(&torrent, 0)).await, Err(SourceError::Stalled));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pausing_and_deleting_end_blocked_reads() {
    let film = Film::new(5, &[1 << 20]).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let torrent = engine.add(film.add(Vec::new())).await.unwrap();
    reaches(&torrent, SourceState::Live).await;

    let mut reader = whole(&torrent, 0);
    let blocked = tokio::spawn(async move { (reader.next().await.map(|_| ()), reader) });
    tokio::time::sleep(Duration::from_millis(50)).await;
    torrent.set_paused(true).await.unwrap();
    let (ended, _reader) = tokio::time::timeout(SOON, blocked).await.unwrap().unwrap();
    assert_eq!(ended, Err(SourceError::Paused));

    torrent.set_paused(false).await.unwrap();
    let mut reader = whole(&torrent, 0);
    let blocked = tokio::spawn(async move { reader.next().await.map(|_| ()) });
    tokio::time::sleep(Duration::from_millis(50)).await;
    engine.remove(film.info_hash, true).await.unwrap();
    assert_eq!(tokio::time::timeout(SOON, blocked).await.unwrap().unwrap(), Err(SourceError::Deleted));
    assert!(engine.active().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paused_torrent_goes_on_when_it_resumes() {
    let film = Film::new(6, &[2 << 20]).await;
    let seeder = Seeder::new(None).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let torrent = engine.add(film.add(vec![seeder.address])).await.unwrap();
    reaches(&torrent, SourceState::Live).await;
    torrent.set_paused(true).await.unwrap();
    let mut reader = whole(&torrent, 0);
    let waiting = tokio::spawn(async move { read(&mut *reader).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    torrent.set_paused(false).await.unwrap();
    assert!(waiting.await.unwrap().unwrap() == film.bytes(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_corrupted_between_two_runs_is_never_served() {
    let film = Film::new(7, &[2 << 20]).await;
    let seeder = Seeder::new(None).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let first = engine(dir.path(), SOON).await;
    let torrent = first.add(film.add(vec![seeder.address])).await.unwrap();
    read(&mut *whole(&torrent, 0)).await.unwrap();
    first.stop().await;

    let path = dir.path().join(film.info_hash.to_string()).join("0");
    let mut on_disk = std::fs::read(&path).unwrap();
    on_disk[1_000_000] ^= 1;
    std::fs::write(&path, &on_disk).unwrap();

    let second = engine(dir.path(), Duration::from_millis(300)).await;
    let torrent = second.add(film.add(Vec::new())).await.unwrap();
    reaches(&torrent, SourceState::Live).await;
    let missing = 1_000_000 / u64::from(PIECE) * u64::from(PIECE);
    assert_eq!(torrent.stats(0).have, [0..missing, missing + u64::from(PIECE)..2 << 20]);
    let mut reader = whole(&torrent, 0);
    let mut bytes = Vec::new();
    let ended = loop {
        match reader.next().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            other => break other.map(|_| ()),
        }
    };
    assert_eq!((ended, bytes.len() as u64), (Err(SourceError::Stalled), missing));
    second.remove(film.info_hash, false).await.unwrap();

    let torrent = second.add(film.add(vec![seeder.address])).await.unwrap();
    assert!(read(&mut *whole(&torrent, 0)).await.unwrap() == film.bytes(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_cannot_be_written_fails_the_torrent_in_words() {
    let film = Film::new(8, &[1 << 20]).await;
    let seeder = Seeder::new(None).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let in_the_way = dir.path().join(film.info_hash.to_string());
    std::fs::write(&in_the_way, b"a file where the folder should be").unwrap();
    let torrent = engine.add(film.add(vec![seeder.address])).await.unwrap();
    let ended = read(&mut *whole(&torrent, 0)).await;
    assert!(matches!(&ended, Err(SourceError::Failed(reason)) if reason.contains("disk")), "{ended:?}");

    std::fs::remove_file(&in_the_way).unwrap();
    torrent.set_paused(false).await.unwrap();
    assert!(read(&mut *whole(&torrent, 0)).await.unwrap() == film.bytes(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_magnet_link_resolves_to_the_torrent_and_to_nothing_on_disk() {
    let film = Film::new(9, &[1 << 20, 10]).await;
    let seeder = Seeder::new(None).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let magnet = format!("magnet:?xt=urn:btih:{}&so=77&x.pe={}", film.info_hash, seeder.address);
    let resolved = engine.resolve(magnet, SOON).await.unwrap();
    let parsed = librqbit::torrent_from_bytes(&resolved.metainfo).unwrap();
    assert_eq!(parsed.info_hash.0, film.info_hash.0);
    assert_eq!(resolved.seen_peers, [seeder.address]);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    assert!(engine.active().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_magnet_link_without_answering_peers_times_out() {
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let silent = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let magnet = format!("magnet:?xt=urn:btih:{}&x.pe={}", "ab".repeat(20), silent.local_addr().unwrap());
    let ended = engine.resolve(magnet, Duration::from_millis(200)).await;
    assert_eq!(ended.unwrap_err(), EngineError::MetadataTimeout);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_film_plays_through_the_whole_concern() {
    use crate::{
        clock::SystemClock,
        domain::{ids::UserId, magnet::Magnet},
        events::Events,
        store::Store,
        supervision::{ActorTree, Budget, NoObserver, Supervisor, supervisor::SupervisorArguments},
        torrents::{Activate, TorrentsParts, TorrentsSettings},
    };
    let film = Film::new(22, &[1_000_001]).await;
    let seeder = Seeder::new(None).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let config = crate::config::TorrentsConfig { free_space_reserve_gib: 0, ..Default::default() };
    let mut settings = TorrentsSettings::new(&config, dir.path());
    settings.idle_pause = Duration::from_millis(50);
    let engine = Arc::new(engine(&settings.torrents_dir, SOON).await);
    let parts = TorrentsParts {
        settings,
        store: Store::open(&dir.path().join("db")).unwrap(),
        engine: engine.clone(),
        clock: Arc::new(SystemClock),
        events: Events::new(),
        tree: ActorTree::new(Arc::new(NoObserver)),
    };
    let tree = parts.tree.clone();
    let (torrents, child) = crate::torrents::start(parts, "root/torrents");
    let budget = Budget { restarts: 0, window: SOON };
    let arguments = SupervisorArguments { path: "root".to_owned(), budget, children: vec![child], tree };
    let (supervisor, _) = ractor::Actor::spawn(None, Supervisor, arguments).await.unwrap();

    let magnet: Magnet = format!("magnet:?xt=urn:btih:{}&x.pe={}", film.info_hash, seeder.address).parse().unwrap();
    let resolved = torrents.resolve(magnet).await.unwrap();
    let film_index = resolved.torrent.film;
    let activate =
        Activate { info_hash: film.info_hash, metainfo: resolved.torrent.metainfo, initial_peers: resolved.seen_peers };
    torrents.activate(activate).await.unwrap();
    let paused = engine.active().remove(0);
    for _ in 0..2 {
        let lease = torrents.lease(film.info_hash, film_index, UserId(1)).unwrap();
        let len = lease.source().len_bytes();
        assert!(read(&mut *lease.source().open(0..len)).await.unwrap() == film.bytes(0));
        drop(lease);
        reaches(&paused, SourceState::Paused).await;
    }
    assert_eq!(torrents.stored().await.unwrap()[0].downloaded_bytes, 1_000_001);
    supervisor.stop_and_wait(None, None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seek_after_a_pause_in_reading_is_answered_at_once_and_little_was_fetched_meanwhile() {
    let film = Film::new(23, &[48 << 20]).await;
    let seeder = Seeder::new(Some(4 << 20)).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let torrent = engine.add(film.add(vec![seeder.address])).await.unwrap();
    let source = torrent.source(0).unwrap();
    source.open(0..100).next().await.unwrap();
    tokio::time::sleep(Duration::from_millis(700)).await;
    let before = torrent.stats(0).downloaded_bytes;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(torrent.stats(0).downloaded_bytes - before < 2 << 20, "more than a trickle");

    let asked = std::time::Instant::now();
    source.open(40 << 20..41 << 20).next().await.unwrap();
    assert!(asked.elapsed() < Duration::from_millis(1500), "peers were asleep: {:?}", asked.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_here_is_read_while_the_torrent_is_paused() {
    let film = Film::new(24, &[1_000_000]).await;
    let seeder = Seeder::new(None).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let torrent = engine.add(film.add(vec![seeder.address])).await.unwrap();
    read(&mut *whole(&torrent, 0)).await.unwrap();
    torrent.set_paused(true).await.unwrap();
    assert!(read(&mut *whole(&torrent, 0)).await.unwrap() == film.bytes(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_with_a_hash_table_starts_at_once_without_a_network() {
    let dir = tempfile::tempdir().unwrap();
    let mut settings = settings(dir.path(), SOON);
    settings.dht_file = Some(dir.path().join("dht.json"));
    let started = std::time::Instant::now();
    LibrqbitEngine::start(settings).await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
}

/// A peer that sends metadata before it says that it has any, which ends the librqbit task that reads it.
async fn hostile_peer() -> SocketAddr {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut peer, _)) = listener.accept().await {
            let mut handshake = [0; 68];
            peer.read_exact(&mut handshake).await.unwrap();
            handshake[48..].copy_from_slice(b"-FK0001-000000000000");
            peer.write_all(&handshake).await.unwrap();
            let early = [&b"\x14\x03d8:msg_typei1e5:piecei0e10:total_sizei100ee"[..], &[0; 100]].concat();
            peer.write_all(&(early.len() as u32).to_be_bytes()).await.unwrap();
            peer.write_all(&early).await.unwrap();
            tokio::time::sleep(SOON).await;
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hostile_peer_breaks_its_own_attempt_to_resolve_and_nothing_else() {
    let film = Film::new(25, &[1 << 20]).await;
    let seeder = Seeder::new(None).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let magnet = |peer| format!("magnet:?xt=urn:btih:{}&x.pe={peer}", film.info_hash);
    let ended = engine.resolve(magnet(hostile_peer().await), Duration::from_millis(300)).await;
    assert_eq!(ended.unwrap_err(), EngineError::MetadataTimeout);
    engine.resolve(magnet(seeder.address), SOON).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_magnet_link_with_nowhere_to_ask_fails_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let ended = engine.resolve(format!("magnet:?xt=urn:btih:{}", "ab".repeat(20)), SOON).await;
    assert!(matches!(ended, Err(EngineError::Failed(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_follows_a_warm_head_is_fetched_before_the_reader_gets_there() {
    let film = Film::new(26, &[24 << 20]).await;
    let seeder = Seeder::new(Some(4 << 20)).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let torrent = engine.add(film.add(vec![seeder.address])).await.unwrap();
    let source = torrent.source(0).unwrap();
    read(&mut *source.open(0..6 << 20)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;

    let mut reader = source.open(0..24 << 20);
    reader.next().await.unwrap().unwrap();
    let before = torrent.stats(0).downloaded_bytes;
    let mut waited = 0;
    while torrent.stats(0).downloaded_bytes < before + (2 << 20) {
        waited += 1;
        assert!(waited < 150, "only a trickle comes");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
