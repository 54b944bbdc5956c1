//! Peers that lie, stall or misbehave cost a log line, never a wrong byte.

use crate::support::{
    app::TestApp,
    film,
    metainfo::Torrent,
    peer::{Script, ScriptedPeer},
    tracker::Tracker,
};
use reqwest::StatusCode;
use serde_json::json;
use std::time::{Duration, Instant};

const PIECE_BYTES: u32 = 64 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn a_corrupt_peer_never_puts_a_wrong_byte_into_a_response() {
    let path = film::noise_file(4 * 1024 * 1024, 11);
    let content = std::fs::read(&path).unwrap();
    let tracker = Tracker::start().await;
    let torrent = Torrent::of_file(&path, PIECE_BYTES, &[&tracker.url()]);
    let corrupt = ScriptedPeer::start(&torrent, &path, Script::Corrupt { every: 1 }).await;
    let honest = ScriptedPeer::start(&torrent, &path, Script::SERVE).await;
    tracker.introduce(torrent.info_hash, corrupt.address());
    tracker.introduce(torrent.info_hash, honest.address());
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let playback = admin.play(admin.open_torrent(&torrent.bytes).await).await;
    let whole = admin.read(playback["stream_url"].as_str().unwrap(), "0-").await;
    assert!(whole == content);
    assert!(corrupt.requests() > 0, "the corrupt peer was never asked, so this proved nothing");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_with_hostile_metadata_costs_one_request_and_nothing_else() {
    let path = film::noise_file(1024 * 1024, 12);
    let torrent = Torrent::of_file(&path, PIECE_BYTES, &[]);
    let hostile = ScriptedPeer::start(&torrent, &path, Script::EvilMetadata).await;
    let app = TestApp::start_with(|config| config.torrents.metadata_timeout_seconds = 3).await;
    let admin = app.admin().await;
    let opened = admin.post("/api/v1/torrents", &json!({"magnet": torrent.magnet(&[hostile.address()])})).await;
    assert!(hostile.connections() > 0, "the hostile peer was never reached, so this proved nothing");
    assert!(
        [StatusCode::GATEWAY_TIMEOUT, StatusCode::SERVICE_UNAVAILABLE, StatusCode::BAD_GATEWAY]
            .contains(&opened.status),
        "{} {}",
        opened.status,
        opened.body
    );
    let restarts: u32 = app.running.actors().iter().map(|actor| actor.restarts).sum();
    assert_eq!(restarts, 0, "{:?}", app.running.actors());
    // The same torrent with an honest peer plays as if nothing had been.
    let honest = ScriptedPeer::start(&torrent, &path, Script::SERVE).await;
    let movie = admin.open_magnet(&torrent.magnet(&[honest.address()])).await;
    let playback = admin.play(movie).await;
    assert!(admin.read(playback["stream_url"].as_str().unwrap(), "0-").await == std::fs::read(&path).unwrap());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_swarm_ends_a_body_by_the_stall_limit() {
    let path = film::noise_file(1024 * 1024, 13);
    let tracker = Tracker::start().await;
    let torrent = Torrent::of_file(&path, PIECE_BYTES, &[&tracker.url()]);
    let silent = ScriptedPeer::start(&torrent, &path, Script::Silent).await;
    tracker.introduce(torrent.info_hash, silent.address());
    let app = TestApp::start_with(|config| config.torrents.stall_limit_seconds = 2).await;
    let admin = app.admin().await;
    let playback = admin.play(admin.open_torrent(&torrent.bytes).await).await;
    let mut stream = admin.open_stream(playback["stream_url"].as_str().unwrap(), 0).await;
    let asked = Instant::now();
    let (bytes, is_whole) = stream.read_to_end().await;
    assert!(bytes.is_empty() && !is_whole, "{} bytes, whole: {is_whole}", bytes.len());
    assert!(asked.elapsed() < Duration::from_secs(6), "{:?}", asked.elapsed());
    app.stop().await;
}

/// Beside an honest peer of 4 MB/s, in a torrent of 12 MiB.
async fn a_film_comes_whole_although_a_peer(misbehaves: Script, at_most: Duration) {
    let path = film::noise_file(12 << 20, 13);
    let torrent = Torrent::of_file(&path, 256 * 1024, &[]);
    let honest = Script::Serve { bytes_per_s: Some(4_000_000), latency: Duration::from_millis(20) };
    let honest = ScriptedPeer::start(&torrent, &path, honest).await;
    let other = ScriptedPeer::start(&torrent, &path, misbehaves).await;
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let magnet = torrent.magnet(&[other.address(), honest.address()]);
    let movie = admin.open_magnet(&magnet).await;
    let playback = admin.play(movie).await;
    let began = Instant::now();
    let whole = admin.read(playback["stream_url"].as_str().unwrap(), "0-").await;
    assert!(whole == std::fs::read(&path).unwrap(), "{misbehaves:?}");
    assert!(began.elapsed() < at_most, "{misbehaves:?}: {:?}", began.elapsed());
    assert!(other.connections() > 0, "{misbehaves:?} was never reached, so this proved nothing");
    // One to ask for the metadata, one to stay.
    assert!(honest.connections() <= 2, "{} connections to one peer", honest.connections());
    let express = &admin.get("/api/v1/admin/torrents").await.body["torrents"][0]["express"];
    assert!(express["received_bytes"].as_u64().unwrap() > 0, "{express}");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_comes_whole_although_a_peer_lies_now_and_then() {
    for every in [1, 3, 16] {
        a_film_comes_whole_although_a_peer(Script::Corrupt { every }, Duration::from_secs(8)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_comes_whole_although_a_peer_stops_in_the_middle_of_a_block() {
    a_film_comes_whole_although_a_peer(Script::StopMidBlock, Duration::from_secs(8)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_comes_whole_although_a_peer_never_answers() {
    a_film_comes_whole_although_a_peer(Script::Silent, Duration::from_secs(8)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_comes_whole_although_a_peer_chokes_again_and_again() {
    a_film_comes_whole_although_a_peer(Script::ChokeAfter(5), Duration::from_secs(8)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_comes_whole_although_a_peer_sends_what_nobody_asked_for() {
    for script in [Script::Unasked, Script::HugeMessage, Script::Garbage] {
        a_film_comes_whole_although_a_peer(script, Duration::from_secs(8)).await;
    }
}
