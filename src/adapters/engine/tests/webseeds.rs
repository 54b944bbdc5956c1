//! Web servers in place of peers (BEP 19), over real HTTP on loopback.

use super::*;
use axum::{
    Router,
    extract::{Path as UrlPath, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use std::{collections::HashMap, sync::atomic::AtomicUsize, sync::atomic::Ordering};

/// What a server does with a request for a stretch.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Honest,
    /// Answers 200 with the whole file.
    IgnoresRanges,
    /// Answers 503 this many times first.
    Busy(usize),
    /// Flips a bit in each answer.
    Lies,
    /// Sends the head of its answer and then nothing.
    Hangs,
}

struct Server {
    files: HashMap<String, Vec<u8>>,
    manner: Manner,
    asked: AtomicUsize,
}

async fn serve(files: HashMap<String, Vec<u8>>, manner: Manner) -> (String, Arc<Server>) {
    let server = Arc::new(Server { files, manner, asked: AtomicUsize::new(0) });
    let router = Router::new().route("/{*path}", get(answer)).with_state(server.clone());
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://{address}"), server)
}

async fn answer(State(server): State<Arc<Server>>, UrlPath(path): UrlPath<String>, headers: HeaderMap) -> Response {
    let asked = server.asked.fetch_add(1, Ordering::Relaxed);
    let Some(file) = server.files.get(&path) else { return StatusCode::NOT_FOUND.into_response() };
    let Some(range) = headers.get(header::RANGE).filter(|_| server.manner != Manner::IgnoresRanges) else {
        return file.clone().into_response();
    };
    if matches!(server.manner, Manner::Busy(times) if asked < times) {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")]).into_response();
    }
    let (start, end) = range.to_str().unwrap().strip_prefix("bytes=").unwrap().split_once('-').unwrap();
    let (start, end): (usize, usize) = (start.parse().unwrap(), end.parse().unwrap());
    let mut bytes = file[start..=end].to_vec();
    if server.manner == Manner::Lies {
        bytes[0] ^= 1;
    }
    let range = [(header::CONTENT_RANGE, format!("bytes {start}-{end}/{}", file.len()))];
    if server.manner == Manner::Hangs {
        let never = futures::stream::pending::<Result<Bytes, std::io::Error>>();
        return (StatusCode::PARTIAL_CONTENT, range, axum::body::Body::from_stream(never)).into_response();
    }
    (StatusCode::PARTIAL_CONTENT, range, bytes).into_response()
}

impl Film {
    /// The paths and bytes of its files as a web server has them.
    fn on_the_web(&self) -> HashMap<String, Vec<u8>> {
        self.files.iter().map(|(name, bytes)| (format!("films/film/{name}"), bytes.clone())).collect()
    }

    /// The torrent with these web servers.
    fn with_webseeds(&self, urls: &[String], peers: Vec<SocketAddr>) -> AddTorrent {
        let urls: Vec<url::Url> = urls.iter().map(|url| format!("{url}/films/").parse().unwrap()).collect();
        let limits = crate::torrents::admission::AdmissionLimits::default();
        let admitted = crate::torrents::admission::admit(self.metainfo.clone(), &urls, &limits).unwrap();
        assert_eq!(admitted.webseeds, urls);
        AddTorrent { metainfo: admitted.metainfo, ..self.add(peers) }
    }
}

async fn read_all(film: &Film, torrent: &Arc<dyn EngineTorrent>) {
    for file in 0..film.files.len() {
        assert!(read(&mut *whole(torrent, file as u32)).await.unwrap() == film.bytes(file), "file {file}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_torrent_without_a_peer_plays_from_a_web_server() {
    for lens in [&[2_000_000][..], &[300_001, 77, 900_000]] {
        let film = Film::new(31, lens).await;
        let (url, server) = serve(film.on_the_web(), Manner::Honest).await;
        let dir = tempfile::tempdir().unwrap();
        let engine = engine(dir.path(), SOON).await;
        let torrent = engine.add(film.with_webseeds(&[url], Vec::new())).await.unwrap();
        read_all(&film, &torrent).await;
        let asked = server.asked.load(Ordering::Relaxed);
        assert!(asked < 60, "runs of blocks are asked for as one: {asked}");
        let running = engine.inner.get(film.info_hash).unwrap();
        for _ in 0..200 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            if running.share.stored.is_complete() {
                break;
            }
        }
        assert!(running.share.stored.is_complete(), "librqbit has it, too");
        engine.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_web_servers_cost_no_byte_and_no_film() {
    let film = Film::new(32, &[1_500_000]).await;
    let seeder = Seeder::new(Some(1_000_000)).await;
    seeder.seed(&film).await;
    for manner in [Manner::IgnoresRanges, Manner::Lies, Manner::Hangs, Manner::Busy(usize::MAX)] {
        let (url, _) = serve(film.on_the_web(), manner).await;
        let dir = tempfile::tempdir().unwrap();
        let engine = engine(dir.path(), SOON).await;
        let torrent = engine.add(film.with_webseeds(&[url], vec![seeder.address])).await.unwrap();
        read_all(&film, &torrent).await;
        if manner == Manner::Lies {
            assert_eq!(torrent.lane().unwrap().banned, 1);
        }
        engine.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_web_server_is_asked_again_when_it_says() {
    let film = Film::new(33, &[600_000]).await;
    let (url, _) = serve(film.on_the_web(), Manner::Busy(1)).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let torrent = engine.add(film.with_webseeds(&[url], Vec::new())).await.unwrap();
    read_all(&film, &torrent).await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_magnet_link_is_resolved_by_the_place_it_names() {
    let film = Film::new(34, &[400_000]).await;
    let other = Film::new(35, &[400_000]).await;
    let files = HashMap::from([
        ("right.torrent".to_owned(), film.metainfo.to_vec()),
        ("wrong.torrent".to_owned(), other.metainfo.to_vec()),
        ("huge.torrent".to_owned(), vec![b'd'; 11 << 20]),
    ]);
    let (url, _) = serve(files, Manner::Honest).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let link = |names: &[&str]| {
        let places: String = names.iter().map(|name| format!("&xs={url}/{name}")).collect();
        format!("magnet:?xt=urn:btih:{}{places}", film.info_hash)
    };
    let found = engine.resolve(link(&["gone.torrent", "wrong.torrent", "huge.torrent", "right.torrent"]), SOON).await;
    assert_eq!(found.unwrap().metainfo, film.metainfo);
    let nothing = engine.resolve(link(&["wrong.torrent"]), Duration::from_secs(1)).await;
    assert_eq!(nothing.unwrap_err(), EngineError::MetadataTimeout);
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_web_server_in_our_own_network_is_never_called() {
    let film = Film::new(36, &[400_000]).await;
    let (url, server) = serve(film.on_the_web(), Manner::Honest).await;
    let named = url.replace("127.0.0.1", "localhost");
    let dir = tempfile::tempdir().unwrap();
    let guarded = EngineSettings { allows_local_web: false, ..settings(dir.path(), Duration::from_secs(1)) };
    let engine = LibrqbitEngine::start(guarded).await.unwrap();
    let torrent = engine.add(film.with_webseeds(&[url, named], Vec::new())).await.unwrap();
    assert_eq!(read(&mut *whole(&torrent, 0)).await, Err(SourceError::Stalled));
    assert_eq!(server.asked.load(Ordering::Relaxed), 0);
    engine.stop().await;
}
