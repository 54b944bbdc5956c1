//! Any actor may fall: whoever asks it gets answers again within a second, and films go on.

use crate::support::{
    app::TestApp,
    eventually::eventually,
    film,
    metainfo::Torrent,
    peer::{Script, ScriptedPeer},
    swarm::Swarm,
};
use miauflix::supervision::tree::ActorState;
use reqwest::StatusCode;
use serde_json::json;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn every_actor_answers_again_within_a_second_of_its_fall() {
    let film = film::short();
    let swarm = Swarm::of(&film, 64 * 1024).await;
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let movie = admin.open_torrent(&swarm.torrent.bytes).await;
    admin.play(movie).await;
    let torrent_path = format!("root/playback/torrents/{}", swarm.torrent.info_hash.short());
    let fallible = app.running.actors().into_iter().filter(|actor| !actor.is_supervisor).map(|actor| actor.path);
    let fallible: Vec<String> = fallible.collect();
    for wanted in ["audit", "auth", "progress", "catalog", "torrents", "playbacks", "gateway"] {
        assert!(fallible.iter().any(|path| path.ends_with(&format!("/{wanted}"))), "{wanted} in {fallible:?}");
    }
    assert!(fallible.contains(&torrent_path), "{torrent_path} in {fallible:?}");

    for path in fallible {
        app.kills.kill(&path);
        let fallen = Instant::now();
        eventually("every answer is right again", async || {
            let is_running = app.running.actors().iter().all(|actor| actor.state == ActorState::Running);
            let position = json!({"position_ms": 5, "duration_ms": 10_000});
            let saved = admin.try_put(&format!("/api/v1/progress/movies/{movie}"), &position).await;
            let played = admin.try_post("/api/v1/playback", &json!({"movie_id": movie})).await;
            let signed_in = admin.try_get("/api/v1/me").await;
            let answers = [saved, played, signed_in];
            (is_running && answers == [Some(StatusCode::OK), Some(StatusCode::CREATED), Some(StatusCode::OK)])
                .then_some(())
        })
        .await;
        assert!(fallen.elapsed() <= Duration::from_secs(1), "{path}: {:?}", fallen.elapsed());
        // Falls this close together would exhaust a supervisor's budget, which is another promise.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_goes_on_while_the_actors_around_it_fall() {
    let film = film::noise_file(3 * 1024 * 1024, 6);
    let content = std::fs::read(&film).unwrap();
    // Slow enough that the film is still coming while they fall.
    let script = Script::Serve { bytes_per_s: Some(1_500_000), latency: Duration::ZERO };
    let torrent = Torrent::of_file(&film, 64 * 1024, &[]);
    let seeder = ScriptedPeer::start(&torrent, &film, script).await;
    let other = Swarm::of(&film::noise_file(1024 * 1024, 7), 64 * 1024).await;
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let playback = admin.play(admin.open_magnet(&torrent.magnet(&[seeder.address()])).await).await;
    admin.play(admin.open_torrent(&other.torrent.bytes).await).await;

    let mut stream = admin.open_stream(playback["stream_url"].as_str().unwrap(), 0).await;
    let mut read = stream.read_some(100_000).await;
    for path in [
        "root/accounts/auth",
        "root/library/catalog",
        "root/playback/playbacks",
        "root/playback/torrents",
        &format!("root/playback/torrents/{}", other.torrent.info_hash.short()),
    ] {
        app.kills.kill(path);
        tokio::time::sleep(Duration::from_millis(100)).await;
        read.extend(stream.read_some(100_000).await);
    }
    read.extend(stream.read_to_end().await.0);
    assert!(read == content, "{} of {} bytes", read.len(), content.len());
    app.stop().await;
}
