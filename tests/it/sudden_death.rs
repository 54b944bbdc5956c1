//! kill -9 at any moment: what was acknowledged is there afterwards, and every byte served is right.

use crate::support::{daemon::Daemon, film, swarm::Swarm};
use reqwest::StatusCode;
use rusqlite::Connection;
use serde_json::json;
use std::time::Duration;
use tempfile::TempDir;

const ROUNDS: u64 = 30;
const READY_LIMIT: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn thirty_sudden_deaths_lose_nothing_that_was_acknowledged() {
    let path = film::short();
    let content = std::fs::read(&path).unwrap();
    let swarm = Swarm::of(&path, 64 * 1024).await;
    let data = TempDir::new().unwrap();

    let mut daemon = Daemon::start(&data).await;
    let mut client = daemon.client();
    client.set_up(&daemon.setup_token().await).await;
    let movie = client.open_torrent(&swarm.torrent.bytes).await;
    let mut acknowledged = 0;

    for round in 1..=ROUNDS {
        let playing = client.at(&daemon.url);
        let playback = playing.play(movie).await;
        let stream = playback["stream_url"].as_str().unwrap().to_owned();
        let start = (round * 31_337) as usize % (content.len() - 70_000);
        let expected = content[start..start + 65_536].to_vec();
        let reader = playing.clone();
        let reading = tokio::spawn(async move {
            let bytes = reader.try_read(&stream, &format!("{start}-{}", start + 65_535)).await;
            // Death may cut the answer short; what did come must be right.
            assert_eq!(bytes, expected[..bytes.len()]);
        });
        // Progress is written as fast as it is acknowledged, until the end comes.
        let writer = playing.clone();
        let (told, mut positions) = tokio::sync::watch::channel(acknowledged);
        let first = acknowledged;
        let writing = tokio::spawn(async move {
            for position in first + 1.. {
                let body = json!({"position_ms": position, "duration_ms": 100_000_000});
                match writer.try_put(&format!("/api/v1/progress/movies/{movie}"), &body).await {
                    Some(StatusCode::OK) => told.send_replace(position),
                    _ => return,
                };
            }
        });
        // Between one write and a few dozen of them.
        let _ = tokio::time::timeout(Duration::from_secs(5), positions.changed()).await;
        tokio::time::sleep(Duration::from_millis(round * 37 % 120)).await;
        daemon.kill().await;
        writing.await.unwrap();
        reading.await.unwrap();
        acknowledged = *positions.borrow();

        let database = Connection::open(data.path().join("miauflix.db")).unwrap();
        let report: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(report, "ok", "after death {round}");
        let saved: i64 =
            database.query_row("SELECT max(position_ms) FROM watch_progress", [], |row| row.get(0)).unwrap();
        assert!(saved >= acknowledged, "death {round}: {acknowledged} was acknowledged, {saved} is there");
        acknowledged = saved;
        drop(database);

        daemon = Daemon::start(&data).await;
        assert!(daemon.start_up <= READY_LIMIT, "ready only after {:?}", daemon.start_up);
    }

    let playing = client.at(&daemon.url);
    let playback = playing.play(movie).await;
    let whole = playing.read(playback["stream_url"].as_str().unwrap(), "0-").await;
    assert!(whole == content, "the whole film, after {ROUNDS} deaths");
    assert!(acknowledged > ROUNDS as i64, "progress was written in every life");
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_ends_streams_and_the_daemon_within_five_seconds() {
    let data = TempDir::new().unwrap();
    let mut daemon = Daemon::start(&data).await;
    let mut client = daemon.client();
    client.set_up(&daemon.setup_token().await).await;
    let playback = client.play(client.playback_check().await).await;
    // A player that has paused: it asked for the film and does not read on.
    let paused = client.open_stream(playback["stream_url"].as_str().unwrap(), 0).await;
    daemon.signal("TERM").await;
    let (code, took) = daemon.ended().await;
    assert_eq!(code, Some(0));
    assert!(took <= Duration::from_secs(5), "{took:?}");
    drop(paused);
}
