//! Accounts from the outside: the first admin, the family, and what happens the moment somebody is shown the door.

use crate::support::{
    app::{PASSWORD, TestApp},
    daemon::Daemon,
    film,
    metainfo::Torrent,
    peer::{Script, ScriptedPeer},
};
use reqwest::StatusCode;
use serde_json::json;
use std::time::{Duration, Instant};
use tempfile::{NamedTempFile, TempDir};

#[tokio::test(flavor = "multi_thread")]
async fn the_setup_token_makes_one_admin_and_is_gone() {
    let app = TestApp::start().await;
    let client = app.client();
    assert_eq!(client.get("/api/v1/setup").await.body["needed"], true);
    let wrong = json!({"token": "guess", "username": "eve", "password": PASSWORD});
    assert_eq!(client.post("/api/v1/setup", &wrong).await.code(), "setup_token_wrong");

    let admin = app.admin().await;
    assert_eq!(admin.get("/api/v1/me").await.expect(StatusCode::OK)["role"], "admin");
    assert_eq!(client.get("/api/v1/setup").await.body["needed"], false);
    let again = json!({"token": "guess", "username": "eve", "password": PASSWORD});
    assert_eq!(client.post("/api/v1/setup", &again).await.status, StatusCode::CONFLICT);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_and_progress_survive_a_restart() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let movie = admin.playback_check().await;
    let position = json!({"position_ms": 12_500, "duration_ms": 60_000});
    admin.put(&format!("/api/v1/progress/movies/{movie}"), &position).await.expect(StatusCode::OK);
    let data = app.stop().await;

    let app = TestApp::start_in(data, |_| {}).await;
    assert!(app.running.setup_token().is_none());
    let mut client = app.client();
    client.sign_in("ada").await;
    let home = client.get("/api/v1/home").await.expect(StatusCode::OK);
    assert_eq!(home["rows"][0]["slug"], "continue");
    assert_eq!(home["rows"][0]["items"][0]["progress"]["position_ms"], 12_500);
    assert_eq!(client.play(movie).await["resume_position_ms"], 12_500);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_user_opened_others_do_not_see() {
    let path = film::noise_file(1024 * 1024, 21);
    let torrent = Torrent::of_file(&path, 64 * 1024, &[]);
    let app = TestApp::start().await;
    let admin = app.admin().await;
    for name in ["bob", "cleo"] {
        let account = json!({"username": name, "password": PASSWORD, "role": "user"});
        admin.post("/api/v1/users", &account).await.expect(StatusCode::CREATED);
    }
    let (mut bob, mut cleo) = (app.client(), app.client());
    bob.sign_in("bob").await;
    cleo.sign_in("cleo").await;
    let movie = bob.open_torrent(&torrent.bytes).await;
    let path = format!("/api/v1/movies/{movie}");
    assert_eq!(bob.get(&path).await.status, StatusCode::OK);
    assert_eq!(cleo.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(cleo.post("/api/v1/playback", &json!({"movie_id": movie})).await.status, StatusCode::NOT_FOUND);
    assert_eq!(admin.get(&path).await.status, StatusCode::OK);
    assert_eq!(cleo.delete(&format!("/api/v1/torrents/{movie}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(bob.delete(&format!("/api/v1/torrents/{movie}")).await.status, StatusCode::NO_CONTENT);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deactivated_user_is_out_of_the_api_within_a_second_and_of_open_streams_within_two() {
    let path = film::noise_file(4 * 1024 * 1024, 22);
    let torrent = Torrent::of_file(&path, 64 * 1024, &[]);
    // Slow enough that the film is still coming when the door closes.
    let script = Script::Serve { bytes_per_s: Some(200_000), latency: Duration::ZERO };
    let seeder = ScriptedPeer::start(&torrent, &path, script).await;
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let account = json!({"username": "bob", "password": PASSWORD, "role": "user"});
    let bob_id = admin.post("/api/v1/users", &account).await.expect(StatusCode::CREATED)["id"].as_i64().unwrap();
    let mut bob = app.client();
    bob.sign_in("bob").await;
    let movie = bob.open_magnet(&torrent.magnet(&[seeder.address()])).await;
    let playback = bob.play(movie).await;
    let url = playback["stream_url"].as_str().unwrap();
    let mut stream = bob.open_stream(url, 0).await;
    stream.read_some(1).await;

    let change = admin.request(reqwest::Method::PATCH, &format!("/api/v1/users/{bob_id}"));
    let changed = change.json(&json!({"is_active": false})).send().await.unwrap();
    assert_eq!(changed.status(), StatusCode::OK);
    let shut = Instant::now();
    assert_eq!(bob.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    assert!(shut.elapsed() <= Duration::from_secs(1), "{:?}", shut.elapsed());
    let (_, is_whole) = stream.read_to_end().await;
    assert!(!is_whole && shut.elapsed() <= Duration::from_secs(2), "{is_whole} after {:?}", shut.elapsed());
    assert_eq!(bob.get(url).await.status, StatusCode::UNAUTHORIZED);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_and_no_title_reaches_the_log() {
    let data = TempDir::new().unwrap();
    let log = NamedTempFile::new().unwrap();
    let mut daemon = Daemon::start_with(&data, &[("MIAUFLIX_LOG__LEVEL", "debug")], log.reopen().unwrap().into()).await;
    let setup_token = daemon.setup_token().await;
    let client = daemon.client();
    let wrong = json!({"username": "ada", "password": "a wrong password"});
    client.post("/api/v1/auth/login", &wrong).await;
    let mut admin = client.clone();
    admin.set_up(&setup_token).await;
    let body = json!({"username": "ada", "password": PASSWORD, "transport": "token"});
    let signed_in = client.post("/api/v1/auth/login", &body).await.expect(StatusCode::OK);
    let refresh = json!({"refresh_token": signed_in["refresh_token"]});
    let refreshed = client.post("/api/v1/auth/refresh", &refresh).await.expect(StatusCode::OK);
    let movie = admin.playback_check().await;
    let playback = admin.play(movie).await;
    let stream = playback["stream_url"].as_str().unwrap();
    admin.read(stream, "0-").await;
    admin
        .delete(&format!("/api/v1/playback/{}", playback["id"].as_str().unwrap()))
        .await
        .expect(StatusCode::NO_CONTENT);
    assert_eq!(admin.get(stream).await.status, StatusCode::UNAUTHORIZED);
    daemon.signal("TERM").await;
    daemon.ended().await;

    let text = std::fs::read_to_string(log.path()).unwrap();
    assert!(text.contains("/stream/{ticket}"), "requests are logged, by route:\n{text}");
    let text_of = |answer: &serde_json::Value, key: &str| answer[key].as_str().unwrap().to_owned();
    let secrets = [
        setup_token,
        PASSWORD.to_owned(),
        "a wrong password".to_owned(),
        text_of(&signed_in, "access_token"),
        text_of(&signed_in, "refresh_token"),
        text_of(&refreshed, "access_token"),
        text_of(&refreshed, "refresh_token"),
        stream.trim_start_matches("/stream/").to_owned(),
        "Playback check".to_owned(),
    ];
    for secret in secrets {
        assert!(!text.contains(&secret), "the log tells {secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_position_that_cannot_be_is_refused_and_changes_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let movie = admin.playback_check().await;
    let path = format!("/api/v1/progress/movies/{movie}");
    admin.put(&path, &json!({"position_ms": 5_000, "duration_ms": 60_000})).await.expect(StatusCode::OK);
    for (position, duration) in [(-1, 60_000), (60_001, 60_000), (0, -1), (0, i64::MAX)] {
        let answer = admin.put(&path, &json!({"position_ms": position, "duration_ms": duration})).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{position} of {duration}");
        assert_eq!(answer.code(), "out_of_range");
    }
    let elsewhere = admin.put("/api/v1/progress/movies/999999", &json!({"position_ms": 0, "duration_ms": 1})).await;
    assert_eq!(elsewhere.code(), "movie_not_found");
    let watched = admin.get("/api/v1/progress").await.expect(StatusCode::OK);
    assert_eq!(watched["items"].as_array().unwrap().len(), 1);
    assert_eq!(watched["items"][0]["progress"]["position_ms"], 5_000);
    assert_eq!(admin.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(admin.get("/api/v1/progress").await.body["items"], json!([]));
    app.stop().await;
}
