//! What one watches, others get from us: to real clients that start with nothing, while it is being watched.

use crate::support::{
    app::TestApp, eventually::eventually, film, loopback::LoopbackAddress, metainfo::Torrent,
    qbittorrent::QbittorrentSeeder, tracker::Tracker, transmission::TransmissionSeeder,
};
use std::net::SocketAddr;

const PIECE_BYTES: u32 = 64 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn transmission_and_qbittorrent_get_a_film_from_us_that_they_begin_without() {
    let path = film::noise_file(3_000_000, 41);
    let (ours, theirs) = (Tracker::start().await, Tracker::start().await);
    let torrent = Torrent::of_file(&path, PIECE_BYTES, &[&ours.url()]);
    // The same torrent for those who may know nobody but us.
    let empty_handed = Torrent::of_file(&path, PIECE_BYTES, &[&theirs.url()]);
    assert_eq!(torrent.info_hash, empty_handed.info_hash);
    let _seeder = QbittorrentSeeder::start(&torrent, path.parent().unwrap(), &ours).await;

    let here = LoopbackAddress::allot();
    let address = SocketAddr::from((here.ip, 51413));
    let app = TestApp::start_with(|config| config.torrents.listen = Some(address)).await;
    let admin = app.admin().await;
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    // Transmission calls nobody on loopback, so we call it; qBittorrent calls us.
    let transmission = TransmissionSeeder::leech(&empty_handed, folders[0].path());
    let movie = admin.open_magnet(&torrent.magnet(&[transmission.address()])).await;
    let playback = admin.play(movie).await;
    theirs.introduce(torrent.info_hash, address);
    let qbittorrent = QbittorrentSeeder::leech(&empty_handed, folders[1].path());
    let torrents = async || admin.get("/api/v1/admin/torrents").await.body["torrents"][0].clone();
    eventually("all three to be connected", async || {
        (torrents().await["express"]["peers"].as_array()?.len() == 3).then_some(())
    })
    .await;

    let whole = admin.read(playback["stream_url"].as_str().unwrap(), "0-").await;
    assert!(whole == std::fs::read(&path).unwrap());
    tokio::join!(transmission.completed(&empty_handed), qbittorrent.completed(&empty_handed));
    eventually("what we gave to be counted", async || {
        (torrents().await["uploaded_bytes"].as_u64().unwrap() >= 3_000_000).then_some(())
    })
    .await;
    app.stop().await;
}
