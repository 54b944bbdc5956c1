//! A film from a real swarm, seeded by an independent client and read while it downloads.

use crate::support::{app::TestApp, film, swarm::Swarm};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::process::Command;

const PIECE_BYTES: u32 = 1024 * 1024;

fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Asks ffprobe, over HTTP, for the duration and the codecs.
async fn probe(url: &str) -> Value {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-show_entries", "format=duration:stream=codec_name", "-of", "json", url])
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn a_film_plays_while_it_downloads(by_magnet: bool) {
    let content = std::fs::read(film::long()).unwrap();
    assert!(content.len() >= 200_000_000, "{}", content.len());
    let swarm = Swarm::of(&film::long(), PIECE_BYTES).await;
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let movie = if by_magnet {
        admin.open_magnet(&swarm.torrent.magnet(&[])).await
    } else {
        admin.open_torrent(&swarm.torrent.bytes).await
    };
    let playback = admin.play(movie).await;
    assert_eq!(playback["size_bytes"], content.len());
    assert_eq!(playback["mime"], "video/mp4");
    let stream = playback["stream_url"].as_str().unwrap();

    for percent in [10, 50, 90] {
        let start = content.len() * percent / 100;
        let end = start + 300_000;
        let bytes = admin.read(stream, &format!("{start}-{}", end - 1)).await;
        assert_eq!(sha256(&bytes), sha256(&content[start..end]), "the bytes at {percent} %");
    }
    let status = admin.get(&format!("/api/v1/playback/{}/status", playback["id"].as_str().unwrap())).await.body;
    assert!(
        status["downloaded_bytes"].as_u64().unwrap() < content.len() as u64,
        "the film was here before it was read: {status}"
    );

    let found = probe(&admin.url(stream)).await;
    let duration: f64 = found["format"]["duration"].as_str().unwrap().parse().unwrap();
    assert!((239.0..242.0).contains(&duration), "{duration}");
    let codecs: Vec<&str> =
        found["streams"].as_array().unwrap().iter().map(|stream| stream["codec_name"].as_str().unwrap()).collect();
    assert_eq!(codecs, ["h264", "aac"]);

    let whole = admin.read(stream, "0-").await;
    assert_eq!(sha256(&whole), sha256(&content), "the whole film");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_opened_by_its_torrent_file_plays_while_it_downloads() {
    a_film_plays_while_it_downloads(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_opened_by_its_magnet_link_plays_while_it_downloads() {
    a_film_plays_while_it_downloads(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mpv_plays_a_stream() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let playback = admin.play(admin.playback_check().await).await;
    let url = admin.url(playback["stream_url"].as_str().unwrap());
    let status = Command::new("mpv")
        .args(["--no-config", "--vo=null", "--ao=null", "--untimed", "--no-terminal", "--length=2", &url])
        .status()
        .await
        .unwrap();
    assert!(status.success());
    app.stop().await;
}
