//! The real engine against a seeder on loopback. Films are a few MiB of noise.

use super::{EngineSettings, LibrqbitEngine};
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

async fn engine(dir: &Path, stall_limit: Duration) -> LibrqbitEngine {
    let settings = EngineSettings {
        torrents_dir: dir.to_owned(),
        dht_file: None,
        listen: None,
        upnp: false,
        trackers: Vec::new(),
        download_limit_kib_per_s: 0,
        upload_limit_kib_per_s: 0,
        stall_limit,
    };
    LibrqbitEngine::start(settings).await.unwrap()
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
    let stats = torrent.stats(0);
    assert_eq!((stats.have, stats.downloaded_bytes), (vec![0..3 << 20], 3 << 20));
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
