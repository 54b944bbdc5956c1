//! The lane and the mux against real librqbit sessions on the other side: what librqbit is relied on for (a new version
//! that behaves differently fails here), and what has to stay true with the lane in front of it.

use super::*;
use crate::adapters::engine::mux::{Dialer, Mux};
use librqbit::ConnectionOptions;
use std::collections::BTreeMap;

/// The files that a torrent left on disk.
fn on_disk(dir: &Path, film: &Film) -> BTreeMap<String, Vec<u8>> {
    let folder = dir.join(film.info_hash.to_string());
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    files.map(|file| (file.file_name().into_string().unwrap(), std::fs::read(file.path()).unwrap())).collect()
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..400 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it never comes true: {what}");
}

async fn watched(express: bool, film: &Film, seeder: &Seeder) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let engine = LibrqbitEngine::start(EngineSettings { express, ..settings(dir.path(), SOON) }).await.unwrap();
    let torrent = engine.add(film.add(vec![seeder.address])).await.unwrap();
    for file in 0..film.files.len() {
        let bytes = read(&mut *whole(&torrent, file as u32)).await.unwrap();
        assert!(bytes == film.bytes(file), "file {file}, express: {express}");
    }
    assert_eq!(torrent.lane().is_some(), express);
    engine.stop().await;
    dir
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_torrent_completes_with_the_lane_on_and_off_with_identical_files() {
    // Pieces reach over the ends of these files.
    let film = Film::new(21, &[700_001, 12_345, 1_500_000]).await;
    let seeder = Seeder::new(None).await;
    seeder.seed(&film).await;
    let (on, off) = (watched(true, &film, &seeder).await, watched(false, &film, &seeder).await);
    assert!(on_disk(on.path(), &film) == on_disk(off.path(), &film));
}

/// What the mux relies on librqbit for. If this fails after an update, read `adapters::engine::mux` before anything else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn librqbit_dials_through_the_mux_stores_what_it_is_fed_and_uploads_it() {
    let film = Film::new(22, &[3_000_000]).await;
    let seeder = Seeder::new(None).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let listen = Some((Ipv4Addr::LOCALHOST, 0).into());
    let engine = LibrqbitEngine::start(EngineSettings { listen, ..settings(dir.path(), SOON) }).await.unwrap();
    let ours = engine.listen_address().unwrap();
    assert_ne!(Some(ours), engine.inner.session.listen_addr(), "peers call us, not librqbit");
    let torrent = engine.add(film.add(vec![seeder.address])).await.unwrap();
    reaches(&torrent, SourceState::Live).await;

    // A leecher that has nothing and is there before we have anything: librqbit alone would never tell it what it gets.
    let leecher_dir = tempfile::tempdir().unwrap();
    let leecher = Session::new_with_opts(
        leecher_dir.path().to_owned(),
        SessionOptions { dht: None, disable_local_service_discovery: true, ..Default::default() },
    )
    .await
    .unwrap();
    let options = AddTorrentOptions { initial_peers: Some(vec![ours]), overwrite: true, ..Default::default() };
    let add = librqbit::AddTorrent::from_bytes(film.metainfo.clone());
    let leeching = leecher.add_torrent(add, Some(options)).await.unwrap().into_handle().unwrap();
    until("the leecher is with us", || torrent.lane().unwrap().peers.len() == 2).await;

    assert!(read(&mut *whole(&torrent, 0)).await.unwrap() == film.bytes(0));
    let lane = torrent.lane().unwrap();
    assert!(lane.counters.received_bytes >= 3_000_000, "the lane fetched it: {lane:?}");
    let running = engine.inner.get(film.info_hash).unwrap();
    until("librqbit has stored it all", || running.share.stored.is_complete()).await;
    assert!(running.torrent.stats().finished);
    tokio::time::timeout(SOON, leeching.wait_until_completed())
        .await
        .expect("the leecher gets it all from us")
        .unwrap();
    until("uploads are counted", || torrent.stats(0).uploaded_bytes >= 3_000_000).await;
    leecher.stop().await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_calls_us_delivers_like_one_that_we_call() {
    let film = Film::new(23, &[2_000_000]).await;
    let dir = tempfile::tempdir().unwrap();
    let listen = Some((Ipv4Addr::LOCALHOST, 0).into());
    let engine = LibrqbitEngine::start(EngineSettings { listen, ..settings(dir.path(), SOON) }).await.unwrap();
    let torrent = engine.add(film.add(Vec::new())).await.unwrap();
    reaches(&torrent, SourceState::Live).await;
    let seeder = Session::new_with_opts(
        "/nonexistent".into(),
        SessionOptions {
            dht: None,
            disable_local_service_discovery: true,
            connect: Some(ConnectionOptions::default()),
            ..Default::default()
        },
    )
    .await
    .unwrap();
    let options = AddTorrentOptions {
        output_folder: Some(film.dir.path().to_string_lossy().into_owned()),
        initial_peers: Some(vec![engine.listen_address().unwrap()]),
        overwrite: true,
        ..Default::default()
    };
    seeder.add_torrent(librqbit::AddTorrent::from_bytes(film.metainfo.clone()), Some(options)).await.unwrap();
    assert!(read(&mut *whole(&torrent, 0)).await.unwrap() == film.bytes(0));
    assert!(torrent.stats(0).known_peers.is_empty(), "nobody listens where a caller calls from");
    seeder.stop().await;
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_go_on_when_a_lane_is_given_up() {
    let film = Film::new(24, &[3_000_000]).await;
    let seeder = Seeder::new(Some(1_500_000)).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let torrent = engine.add(film.add(vec![seeder.address])).await.unwrap();
    let mut reader = whole(&torrent, 0);
    let mut bytes = reader.next().await.unwrap().unwrap().to_vec();
    let running = engine.inner.get(film.info_hash).unwrap();
    running.give_up_lane(&engine.inner.express.as_ref().unwrap().mux);
    bytes.extend(read(&mut *reader).await.unwrap());
    assert!(bytes == film.bytes(0));
    assert!(torrent.lane().is_none());
    assert!(read(&mut *whole(&torrent, 0)).await.unwrap() == film.bytes(0), "a new reader does without it, too");
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_leaves_once_the_way_out_is_shut() {
    let film = Film::new(25, &[4_000_000]).await;
    let seeder = Seeder::new(Some(500_000)).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let torrent = engine.add(film.add(vec![seeder.address])).await.unwrap();
    let mut reader = whole(&torrent, 0);
    let mut bytes = reader.next().await.unwrap().unwrap().to_vec();
    engine.let_out(false);
    let shut_at = std::time::Instant::now();
    until("every connection has ended", || torrent.lane().unwrap().peers.is_empty()).await;
    assert!(shut_at.elapsed() < Duration::from_secs(1));
    let before = torrent.verified_bytes();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(torrent.verified_bytes(), before);
    engine.let_out(true);
    bytes.extend(read(&mut *reader).await.unwrap());
    assert!(bytes == film.bytes(0), "and all goes on when it opens again");
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_owners_limit_holds_for_the_lane() {
    let film = Film::new(26, &[1_500_000]).await;
    let seeder = Seeder::new(None).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let limited = EngineSettings { download_limit_kib_per_s: 600, ..settings(dir.path(), SOON) };
    let engine = LibrqbitEngine::start(limited).await.unwrap();
    let torrent = engine.add(film.add(vec![seeder.address])).await.unwrap();
    let began = std::time::Instant::now();
    assert!(read(&mut *whole(&torrent, 0)).await.unwrap() == film.bytes(0));
    assert!(began.elapsed() > Duration::from_millis(1900), "{:?}", began.elapsed());
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_player_that_goes_leaves_nothing_on_its_way() {
    let film = Film::new(27, &[6_000_000]).await;
    let seeder = Seeder::new(Some(1_000_000)).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let torrent = engine.add(film.add(vec![seeder.address])).await.unwrap();
    let mut reader = whole(&torrent, 0);
    reader.next().await.unwrap().unwrap();
    drop(reader);
    let in_flight = || torrent.lane().unwrap().peers.iter().map(|peer| peer.in_flight_blocks).sum::<usize>();
    until("nothing is asked for", || in_flight() == 0).await;
    // What was on its way already may come.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = torrent.verified_bytes();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(torrent.verified_bytes(), before, "nothing is fetched for nobody");
    assert!(before < 5_000_000);
    engine.stop().await;
}

/// Another proxy of our own making stands for the owner's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_traffic_takes_the_owners_proxy() {
    let film = Film::new(28, &[600_000]).await;
    let seeder = Seeder::new(None).await;
    seeder.seed(&film).await;
    let (open, cancelled) = (tokio::sync::watch::Sender::new(true), tokio_util::sync::CancellationToken::new());
    let dialer = Dialer::new(Route::default(), None, open.subscribe());
    let proxy = Mux::start(dialer, true, cancelled.clone()).await.unwrap();
    let url = proxy.proxy_url().replace("socks5h", "socks5");
    let route = Route { interface: None, proxy: Some(url.try_into().unwrap()) };
    let dir = tempfile::tempdir().unwrap();
    let through = EngineSettings { route, ..settings(dir.path(), SOON) };
    let engine = LibrqbitEngine::start(through).await.unwrap();
    let torrent = engine.add(film.add(vec![seeder.address])).await.unwrap();
    assert!(read(&mut *whole(&torrent, 0)).await.unwrap() == film.bytes(0));
    // Closed, it takes the peer away: there is no other way.
    open.send_replace(false);
    until("the peer is gone", || torrent.lane().unwrap().peers.is_empty()).await;
    engine.stop().await;
    cancelled.cancel();
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_traffic_is_held_to_the_owners_interface() {
    let film = Film::new(29, &[600_000]).await;
    let seeder = Seeder::new(None).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let held_to = |interface: &str| EngineSettings {
        route: Route { interface: Some(interface.to_owned()), proxy: None },
        listen: Some(([127, 0, 0, 1], 0).into()),
        ..settings(dir.path(), SOON)
    };
    let engine = LibrqbitEngine::start(held_to("lo")).await.unwrap();
    let torrent = engine.add(film.add(vec![seeder.address])).await.unwrap();
    assert!(read(&mut *whole(&torrent, 0)).await.unwrap() == film.bytes(0));
    engine.stop().await;

    let absent = held_to("no-such-one");
    let open = tokio::sync::watch::Sender::new(true);
    let dialer = Dialer::new(absent.route.clone(), None, open.subscribe());
    assert!(dialer.call_peer(seeder.address).await.is_err(), "a peer was called by another interface");
    let refused = LibrqbitEngine::start(absent).await.err().unwrap().to_string();
    assert!(refused.contains("torrents.interface"), "{refused}");
}
