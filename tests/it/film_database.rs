//! A catalog that comes from The Movie Database, or from one that answers as it does.

use crate::support::{
    app::{Client, TestApp, config},
    eventually::eventually,
    tmdb::{GENRES, Mood, TOKEN, TmdbStandIn},
};
use miauflix::config::{Config, Secret};
use reqwest::{Method, StatusCode, header};
use serde_json::Value;
use std::time::{Duration, Instant};

const FILMS: usize = 100;

pub fn use_database(database: &TmdbStandIn) -> impl FnOnce(&mut Config) {
    let (api_url, images_url) = (database.api_url.clone(), database.images_url.clone());
    move |config| {
        config.tmdb.token = Some(Secret::new(TOKEN.to_owned()));
        config.tmdb.api_url = api_url;
        config.tmdb.images_url = images_url;
    }
}

async fn row(client: &Client, slug: &str) -> Option<Value> {
    let home = client.get("/api/v1/home").await.expect(StatusCode::OK);
    home["rows"].as_array().unwrap().iter().find(|row| row["slug"] == slug).cloned()
}

async fn items_of(client: &Client, slug: &str) -> Vec<Value> {
    let list = client.get(&format!("/api/v1/lists/{slug}")).await;
    list.body["items"].as_array().cloned().unwrap_or_default()
}

/// All lists are there, and all their films are whole.
async fn is_complete(client: &Client) -> bool {
    let mut is_complete = true;
    for slug in ["trending-movies", "now-playing", "popular-movies", "top-rated-movies"] {
        let items = items_of(client, slug).await;
        is_complete &= items.len() == FILMS && items.iter().all(|film| film["runtime_ms"].is_i64());
    }
    is_complete
}

#[tokio::test]
async fn home_fills_with_the_databases_lists_and_their_films_with_as_few_requests_as_it_takes() {
    let database = TmdbStandIn::start(FILMS).await;
    let app = TestApp::start_with(use_database(&database)).await;
    let client = app.admin().await;
    let began = Instant::now();
    eventually("the catalog is complete", async || is_complete(&client).await.then_some(())).await;
    // Two lists of genres, four lists of five pages, four that are empty and those of the genres, which are, too, and each
    // film once; 40 pass in a second.
    let requests = 2 + 4 * 5 + 4 + 2 * GENRES.len() + FILMS;
    eventually("all is asked for", async || (database.requests() >= requests).then_some(())).await;
    assert_eq!(database.requests(), requests);
    println!("first sync: {requests} requests in {:?}", began.elapsed());

    let home = client.get("/api/v1/home").await.expect(StatusCode::OK);
    let slugs: Vec<_> = home["rows"].as_array().unwrap().iter().map(|row| row["slug"].as_str().unwrap()).collect();
    assert_eq!(slugs, ["trending-movies", "now-playing", "popular-movies", "top-rated-movies", "open-movies"]);
    let film = &row(&client, "popular-movies").await.unwrap()["items"][0];
    assert_eq!((&film["title"], &film["origin"], &film["year"]), (&"Film 1001".into(), &"tmdb".into(), &1971.into()));
    assert_eq!(film["genres"], serde_json::json!(["Comedy", "Drama"]));
    // All posters have the same colours here.
    let popular = items_of(&client, "popular-movies").await;
    assert!(popular.iter().all(|other| other["tint"] == film["tint"]), "{}", film["tint"]);

    // Lists that have not changed are not sent again.
    assert_eq!(client.post("/api/v1/admin/tasks/lists/run", &Value::Null).await.status, StatusCode::ACCEPTED);
    eventually("no page is sent twice", async || (database.unchanged() == 4 * 5).then_some(())).await;
    eventually("all lists are read", async || {
        let tasks = client.get("/api/v1/admin/tasks").await.expect(StatusCode::OK);
        (tasks["tasks"][2]["state"] == "idle").then_some(())
    })
    .await;
    assert!(is_complete(&client).await);
    let requests = database.requests();

    // What is known outlives the daemon, and nothing is asked again.
    let data = app.stop().await;
    let app = TestApp::start_in(data, use_database(&database)).await;
    let mut client = app.client();
    client.sign_in("ada").await;
    assert!(is_complete(&client).await);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(database.requests(), requests);
    app.stop().await;
}

#[tokio::test]
async fn after_the_first_time_only_what_has_changed_is_asked_for() {
    let database = TmdbStandIn::start(20).await;
    let app = TestApp::start_with(use_database(&database)).await;
    let client = app.admin().await;
    eventually("all is read", async || (database.requests() == 2 + 8 + 2 * GENRES.len() + 20).then_some(())).await;
    eventually("all is written", async || {
        let items = items_of(&client, "popular-movies").await;
        items.iter().all(|film| film["runtime_ms"].is_i64()).then_some(())
    })
    .await;

    // As if the daemon had been off for three days.
    let data = app.stop().await;
    let file = miauflix::app::database_file(&config(&data)).unwrap();
    rusqlite::Connection::open(file)
        .unwrap()
        .execute_batch(
            "UPDATE sync_state SET cursor = date(cursor, '-3 days'), synced_at = 0 WHERE key LIKE '% changes'; \
             UPDATE movies SET details_at = details_at - 3 * 86400000 WHERE tmdb_id IS NOT NULL;",
        )
        .unwrap();
    database.change_film(1_007);
    let before = database.requests();
    let app = TestApp::start_in(data, use_database(&database)).await;
    let mut client = app.client();
    client.sign_in("ada").await;
    eventually("the change is there", async || {
        let items = items_of(&client, "popular-movies").await;
        items.iter().any(|film| film["title"] == "Film 1007, recut").then_some(())
    })
    .await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let requests = database.requests() - before;
    println!("after three days: {requests} requests");
    // Four days of films and of shows, and the one that changed.
    assert_eq!(requests, 2 * 4 + 1);
    app.stop().await;
}

#[tokio::test]
async fn a_film_that_somebody_opens_is_read_before_the_others() {
    let database = TmdbStandIn::start(FILMS).await;
    let app = TestApp::start_with(use_database(&database)).await;
    let client = app.admin().await;
    eventually("a list is there", async || (!items_of(&client, "trending-movies").await.is_empty()).then_some(()))
        .await;
    // The least popular is the last that the background would come to.
    let last = items_of(&client, "trending-movies").await.pop().unwrap();
    let began = Instant::now();
    let film = client.get(&format!("/api/v1/movies/{}", last["id"])).await.expect(StatusCode::OK);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(film["tagline"], format!("Film {}, in short", 1_000 + FILMS));
    app.stop().await;
}

#[tokio::test]
async fn pictures_come_through_the_daemon_once_and_stay() {
    let database = TmdbStandIn::start(20).await;
    let app = TestApp::start_with(use_database(&database)).await;
    let client = app.admin().await;
    eventually("a list is there", async || (!items_of(&client, "trending-movies").await.is_empty()).then_some(()))
        .await;
    let poster = items_of(&client, "trending-movies").await[0]["poster"].as_str().unwrap().to_owned();
    let picture = client.request(Method::GET, &poster).send().await.unwrap();
    assert_eq!(picture.status(), StatusCode::OK);
    assert_eq!(picture.headers()[header::CONTENT_TYPE], "image/png");
    assert!(picture.headers()[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));
    let bytes = picture.bytes().await.unwrap();

    // From disk, when the server is down.
    database.set_mood(Mood::Failing);
    let again = async || client.request(Method::GET, &poster).send().await.unwrap().bytes().await.unwrap();
    eventually("it is kept", async || (again().await == bytes).then_some(())).await;
    for wrong in ["original/a.jpg", "w342/a.svg", "w342/..%2f..%2fdb.sqlite", "w342/%2e%2e"] {
        let refused = client.get(&format!("/api/v1/images/{wrong}")).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    let anonymous = app.client().get(&poster).await;
    assert_eq!(anonymous.status, StatusCode::UNAUTHORIZED);
    app.stop().await;
}

#[tokio::test]
async fn whatever_the_database_does_home_is_quick_and_whole() {
    for mood in [
        Mood::Slow(Duration::from_secs(10)),
        Mood::Failing,
        Mood::TooMany,
        Mood::Html,
        Mood::CutOff,
        Mood::Huge,
        Mood::WrongTypes,
        Mood::Redirecting,
    ] {
        let database = TmdbStandIn::start(20).await;
        database.set_mood(mood);
        let app = TestApp::start_with(use_database(&database)).await;
        let client = app.admin().await;
        eventually("the database is asked", async || (database.requests() > 0).then_some(())).await;
        let began = Instant::now();
        assert!(row(&client, "open-movies").await.is_some(), "{mood:?}");
        assert!(row(&client, "popular-movies").await.is_none(), "{mood:?}");
        assert!(began.elapsed() < Duration::from_secs(1), "{mood:?}: {:?}", began.elapsed());
        app.stop().await;
    }
}

#[tokio::test]
async fn a_film_opens_with_what_is_known_while_the_database_is_slow() {
    let database = TmdbStandIn::start(20).await;
    let app = TestApp::start_with(use_database(&database)).await;
    let client = app.admin().await;
    eventually("a list is there", async || (!items_of(&client, "trending-movies").await.is_empty()).then_some(()))
        .await;
    database.set_mood(Mood::Slow(Duration::from_secs(10)));
    let film = items_of(&client, "trending-movies").await.pop().unwrap();
    let began = Instant::now();
    let opened = client.get(&format!("/api/v1/movies/{}", film["id"])).await.expect(StatusCode::OK);
    assert_eq!(opened["title"], film["title"]);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    app.stop().await;
}

#[tokio::test]
async fn without_a_token_nothing_is_asked_and_the_built_in_films_are_all() {
    let database = TmdbStandIn::start(20).await;
    let (api_url, images_url) = (database.api_url.clone(), database.images_url.clone());
    let app = TestApp::start_with(|config| (config.tmdb.api_url, config.tmdb.images_url) = (api_url, images_url)).await;
    let client = app.admin().await;
    let home = client.get("/api/v1/home").await.expect(StatusCode::OK);
    assert_eq!(home["rows"].as_array().unwrap().len(), 1);
    assert_eq!(client.get("/api/v1/images/w342/poster1.jpg").await.status, StatusCode::NOT_FOUND);
    assert_eq!(database.requests(), 0);
    app.stop().await;
}
