//! Accounts at Trakt: linked by a code, kept in step in both directions, told what is on the screen.

use crate::{
    film_database::use_database,
    support::{
        app::{Client, TestApp, config},
        eventually::eventually,
        tmdb::TmdbStandIn,
        trakt::{CLIENT_ID, CLIENT_SECRET, Mood, TraktStandIn, USERNAME},
    },
};
use miauflix::config::{Config, Secret};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::{
    path::Path,
    time::{Duration, Instant},
};

const LONG_AGO: &str = "2020-02-03T04:05:06.000Z";

fn use_both(database: &TmdbStandIn, trakt: &TraktStandIn) -> impl FnOnce(&mut Config) {
    let (use_database, api_url) = (use_database(database), trakt.api_url.clone());
    move |config| {
        use_database(config);
        config.trakt.client_id = Some(CLIENT_ID.to_owned());
        config.trakt.client_secret = Some(Secret::new(CLIENT_SECRET.to_owned()));
        config.trakt.api_url = api_url;
    }
}

/// A daemon whose catalog is there, an admin, and Trakt.
async fn started(films: usize, shows: usize) -> (TestApp, Client, TmdbStandIn, TraktStandIn) {
    let (database, trakt) = (TmdbStandIn::with_shows(films, shows).await, TraktStandIn::start().await);
    let app = TestApp::start_with(use_both(&database, &trakt)).await;
    let client = app.admin().await;
    eventually("the catalog is there", async || {
        let all_films = titles(&client, "popular-movies").await.iter().all(|film| film["runtime_ms"].is_i64());
        let (films_here, shows_here) =
            (titles(&client, "popular-movies").await.len(), titles(&client, "popular-shows").await.len());
        (all_films && (films_here, shows_here) == (films, shows)).then_some(())
    })
    .await;
    (app, client, database, trakt)
}

async fn restarted(app: TestApp, database: &TmdbStandIn, trakt: &TraktStandIn) -> (TestApp, Client) {
    let data = app.stop().await;
    let app = TestApp::start_in(data, use_both(database, trakt)).await;
    let mut client = app.client();
    client.sign_in("ada").await;
    (app, client)
}

async fn titles(client: &Client, list: &str) -> Vec<Value> {
    let list = client.get(&format!("/api/v1/lists/{list}")).await;
    list.body["items"].as_array().cloned().unwrap_or_default()
}

/// Our number of a film or show of the database's lists.
async fn id_of(client: &Client, list: &str, title: &str) -> i64 {
    let titles = titles(client, list).await;
    titles.iter().find(|found| found["title"] == title).unwrap()["id"].as_i64().unwrap()
}

async fn film(client: &Client, tmdb_id: i64) -> i64 {
    id_of(client, "popular-movies", &format!("Film {tmdb_id}")).await
}

async fn show(client: &Client, tmdb_id: i64) -> i64 {
    id_of(client, "popular-shows", &format!("Show {tmdb_id}")).await
}

async fn progress(client: &Client, movie: i64) -> Value {
    client.get(&format!("/api/v1/movies/{movie}")).await.expect(StatusCode::OK)["progress"].clone()
}

async fn send(client: &Client, method: Method, path: &str) -> StatusCode {
    client.request(method, &format!("/api/v1/{path}")).send().await.unwrap().status()
}

async fn save(client: &Client, what: &str, id: i64, position_ms: i64) {
    let body = json!({"position_ms": position_ms, "duration_ms": 1_000_000});
    client.put(&format!("/api/v1/progress/{what}/{id}"), &body).await.expect(StatusCode::OK);
}

async fn status(client: &Client) -> Value {
    client.get("/api/v1/me/trakt").await.expect(StatusCode::OK)
}

async fn is_in(client: &Client, state: &str) -> Value {
    eventually(&format!("the state {state}"), async || {
        Some(status(client).await).filter(|status| status["state"] == state)
    })
    .await
}

/// Links the account, which is in step on return.
async fn link(client: &Client, trakt: &TraktStandIn) {
    trakt.set_poll_status(200);
    client.post("/api/v1/me/trakt", &json!({})).await.expect(StatusCode::ACCEPTED);
    eventually("the account is in step", async || status(client).await["synced_at"].as_i64()).await;
}

/// Has the account brought in step: the second time is sure to have begun after the first was asked for.
async fn sync(client: &Client) {
    for _ in 0..2 {
        let before = status(client).await["synced_at"].as_i64().unwrap_or_default();
        assert_eq!(send(client, Method::POST, "me/trakt/sync").await, StatusCode::ACCEPTED);
        eventually("the account is in step", async || {
            status(client).await["synced_at"].as_i64().filter(|at| *at > before)
        })
        .await;
    }
}

async fn my_list(client: &Client) -> Vec<String> {
    titles_of(client, "my-list").await
}

/// What the titles of a list are called.
async fn titles_of(client: &Client, list: &str) -> Vec<String> {
    titles(client, list).await.iter().map(|title| title["title"].as_str().unwrap().to_owned()).collect()
}

/// The lists that came from Trakt, as the user sees them.
async fn lists_of_trakt(client: &Client) -> Vec<Value> {
    let lists = client.get("/api/v1/lists").await.expect(StatusCode::OK)["lists"].as_array().unwrap().clone();
    lists.into_iter().filter(|list| list["description"].as_str().unwrap().starts_with("About ")).collect()
}

/// The list with that name, and the names of its titles.
async fn list_named(client: &Client, name: &str) -> (Value, Vec<String>) {
    let list = lists_of_trakt(client).await.into_iter().find(|list| list["name"] == name).expect("it is there");
    let titles = titles_of(client, list["slug"].as_str().unwrap()).await;
    (list, titles)
}

/// Whether a text stands in any file of the data directory but the keys.
fn is_on_disk(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return is_on_disk(&path, text);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    })
}

#[tokio::test]
async fn an_account_is_linked_by_a_code_and_unlinked() {
    let (app, client, database, trakt) = started(1, 0).await;
    assert_eq!(status(&client).await["state"], "unlinked");
    assert_eq!(client.post("/api/v1/me/trakt/sync", &json!({})).await.code(), "not_linked");

    let pending = client.post("/api/v1/me/trakt", &json!({})).await.expect(StatusCode::ACCEPTED);
    assert_eq!((&pending["state"], &pending["code"]["user_code"]), (&"pending".into(), &"5055CC52".into()));
    assert_eq!(pending["code"]["verification_url"], "https://trakt.tv/activate");
    let again = client.post("/api/v1/me/trakt", &json!({})).await.expect(StatusCode::ACCEPTED);
    assert_eq!((&again, &status(&client).await), (&pending, &pending));
    assert_eq!(trakt.sent("oauth/device/code").len(), 1);

    trakt.set_poll_status(200);
    let linked = is_in(&client, "linked").await;
    assert_eq!((&linked["username"], &linked["code"]), (&USERNAME.into(), &Value::Null));
    assert!(linked["linked_at"].is_i64());
    assert_eq!(client.post("/api/v1/me/trakt", &json!({})).await.code(), "already_linked");
    let other = app.user(&client, "grace").await;
    assert_eq!(status(&other).await["state"], "unlinked");

    // It outlives the daemon, and nobody finds the tokens in its files.
    let (app, client) = restarted(app, &database, &trakt).await;
    is_in(&client, "linked").await;
    let (access, refresh) = trakt.tokens().unwrap();
    assert!(is_on_disk(app.data.path(), USERNAME), "the test looks where things are kept");
    assert!(!is_on_disk(app.data.path(), &access) && !is_on_disk(app.data.path(), &refresh));

    assert_eq!(send(&client, Method::DELETE, "me/trakt").await, StatusCode::NO_CONTENT);
    let unlinked = status(&client).await;
    assert_eq!((&unlinked["state"], &unlinked["username"]), (&"unlinked".into(), &Value::Null));
    eventually("the tokens are worthless", async || {
        (trakt.revoked() == [access.clone(), refresh.clone()]).then_some(())
    })
    .await;
    assert_eq!(send(&client, Method::DELETE, "me/trakt").await, StatusCode::NO_CONTENT);
    app.stop().await;
}

#[tokio::test]
async fn why_an_account_was_not_linked_is_said() {
    let (app, client, _database, trakt) = started(0, 0).await;
    for (poll_status, why) in [(404, "does not know"), (409, "used already"), (410, "expired"), (418, "refused")] {
        trakt.set_poll_status(poll_status);
        let pending = client.post("/api/v1/me/trakt", &json!({})).await.expect(StatusCode::ACCEPTED);
        assert_eq!(pending["error"], Value::Null);
        let failed = is_in(&client, "unlinked").await;
        let error = failed["error"].as_str().unwrap();
        assert!(error.contains(why) && error.ends_with('.'), "{poll_status}: {error}");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_trakt_that_is_asked_too_often_is_asked_more_slowly() {
    let (app, client, _database, trakt) = started(0, 0).await;
    trakt.set_poll_status(429);
    client.post("/api/v1/me/trakt", &json!({})).await.expect(StatusCode::ACCEPTED);
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(trakt.sent("oauth/device/token").len(), 1);
    trakt.set_poll_status(200);
    is_in(&client, "linked").await;
    app.stop().await;
}

#[tokio::test]
async fn linking_that_was_stopped_links_nothing() {
    let (app, client, _database, trakt) = started(0, 0).await;
    client.post("/api/v1/me/trakt", &json!({})).await.expect(StatusCode::ACCEPTED);
    assert_eq!(send(&client, Method::DELETE, "me/trakt").await, StatusCode::NO_CONTENT);
    trakt.set_poll_status(200);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let unlinked = status(&client).await;
    assert_eq!((&unlinked["state"], &unlinked["error"]), (&"unlinked".into(), &Value::Null));
    assert_eq!(trakt.tokens(), None);
    app.stop().await;
}

#[tokio::test]
async fn without_an_application_trakt_is_unavailable_and_never_asked() {
    let trakt = TraktStandIn::start().await;
    let api_url = trakt.api_url.clone();
    let app = TestApp::start_with(|config| config.trakt.api_url = api_url).await;
    let client = app.admin().await;
    assert_eq!(status(&client).await["state"], "unavailable");
    assert_eq!(client.post("/api/v1/me/trakt", &json!({})).await.code(), "trakt_not_configured");
    assert_eq!(client.post("/api/v1/me/trakt/sync", &json!({})).await.code(), "trakt_not_configured");
    assert_eq!(send(&client, Method::DELETE, "me/trakt").await, StatusCode::NO_CONTENT);
    assert!(trakt.asked().is_empty());
    app.stop().await;
}

#[tokio::test]
async fn whatever_trakt_does_instead_of_giving_a_code_is_a_503() {
    let (app, client, _database, trakt) = started(0, 0).await;
    for mood in
        [Mood::Html, Mood::CutOff, Mood::Huge, Mood::TooMany, Mood::Failing, Mood::Slow(Duration::from_secs(20))]
    {
        trakt.set_mood(mood);
        let began = Instant::now();
        let refused = client.post("/api/v1/me/trakt", &json!({})).await;
        assert_eq!(
            (refused.status, refused.code()),
            (StatusCode::SERVICE_UNAVAILABLE, "trakt_unavailable"),
            "{mood:?}"
        );
        assert!(began.elapsed() < Duration::from_secs(10), "{mood:?}: {:?}", began.elapsed());
        assert_eq!(status(&client).await["state"], "unlinked");
    }
    trakt.set_mood(Mood::Fine);
    link(&client, &trakt).await;
    app.stop().await;
}

#[tokio::test]
async fn what_trakt_knows_comes_here_and_is_never_told_back() {
    let (app, client, database, trakt) = started(6, 2).await;
    trakt.watch_movie(1_001, LONG_AGO);
    trakt.pause_movie(1_002, 25.0, "2024-05-01T10:00:00.000Z");
    for (season, number) in [(1, 1), (1, 2), (2, 4)] {
        trakt.watch_episode(1_001, season, number, LONG_AGO);
    }
    // In none of the lists here.
    trakt.watch_movie(70_001, LONG_AGO);
    trakt.watch_episode(70_002, 1, 1, LONG_AGO);
    trakt.set_watchlist(&[("movies", 1_003), ("shows", 1_002), ("movies", 70_003), ("movies", 1_004)]);
    link(&client, &trakt).await;

    assert_eq!(progress(&client, film(&client, 1_001).await).await["state"], "watched");
    let begun = progress(&client, film(&client, 1_002).await).await;
    assert_eq!(begun["state"], "watching");
    assert_eq!(begun["position_ms"].as_f64().unwrap() * 4.0, begun["duration_ms"].as_f64().unwrap());
    assert_eq!(my_list(&client).await, ["Film 1004", "Film 70003", "Show 1002", "Film 1003"]);

    // Titles that came by it are read like any other, and so are the seasons that were watched of them.
    let found = client.get("/api/v1/search?q=film%2070001").await.expect(StatusCode::OK);
    let added = found["items"].as_array().unwrap().iter().find(|found| found["title"] == "Film 70001").unwrap().clone();
    assert_eq!(added["progress"]["state"], "watched");
    let first = show(&client, 1_001).await;
    let watched = async || {
        let detail = client.get(&format!("/api/v1/shows/{first}")).await.expect(StatusCode::OK);
        let seasons = detail["seasons"].as_array().unwrap().clone();
        seasons.iter().map(|season| season["watched_count"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    eventually("the seasons are there, and what was watched of them", async || {
        sync(&client).await;
        (watched().await == [0, 2, 1]).then_some(())
    })
    .await;

    // What was taken back here does not come again, also after a restart.
    let unmarked = film(&client, 1_001).await;
    assert_eq!(send(&client, Method::DELETE, &format!("watched/movies/{unmarked}")).await, StatusCode::NO_CONTENT);
    sync(&client).await;
    let (app, client) = restarted(app, &database, &trakt).await;
    sync(&client).await;
    assert_eq!(progress(&client, unmarked).await, Value::Null);

    for path in ["sync/history", "sync/watchlist/remove", "scrobble/start", "scrobble/pause", "scrobble/stop"] {
        assert_eq!(trakt.sent(path), Vec::<Value>::new(), "{path}");
    }
    assert!(trakt.sent("sync/watchlist").iter().all(Value::is_null), "it was read only");
    // Nothing has changed there, so nothing was read again.
    let reads = trakt.asked().iter().filter(|path| *path == "sync/watched/movies").count();
    assert_eq!(reads, 1);
    app.stop().await;
}

#[tokio::test]
async fn what_happens_here_is_told_once() {
    let (app, client, database, trakt) = started(6, 1).await;
    let first_show = show(&client, 1_001).await;
    client.get(&format!("/api/v1/shows/{first_show}")).await.expect(StatusCode::OK);
    client.get(&format!("/api/v1/shows/{first_show}/seasons/1")).await.expect(StatusCode::OK);
    // Before the account is linked.
    assert_eq!(send(&client, Method::PUT, &format!("watched/movies/{}", film(&client, 1_001).await)).await, 204);
    assert_eq!(send(&client, Method::PUT, &format!("watched/shows/{first_show}/seasons/1")).await, 204);
    save(&client, "movies", film(&client, 1_002).await, 300_000).await;
    let listed = film(&client, 1_003).await;
    assert_eq!(send(&client, Method::PUT, &format!("lists/my-list/items/movies/{listed}")).await, 204);
    assert_eq!(send(&client, Method::PUT, &format!("lists/my-list/items/shows/{first_show}")).await, 204);
    link(&client, &trakt).await;

    assert_eq!(trakt.plays_of_movie(1_001).len(), 1);
    assert!((1..=4).all(|number| trakt.plays_of_episode(1_001, 1, number).len() == 1));
    let paused = trakt.sent("scrobble/pause");
    assert_eq!(paused, [json!({"movie": {"ids": {"tmdb": 1_002}}, "progress": 30.0})]);
    assert_eq!(trakt.watchlist(), [("movies", 1_003), ("shows", 1_001)]);

    // Afterwards, without being asked to.
    assert_eq!(send(&client, Method::PUT, &format!("watched/movies/{}", film(&client, 1_004).await)).await, 204);
    eventually("it is told", async || (trakt.plays_of_movie(1_004).len() == 1).then_some(())).await;
    assert_eq!(send(&client, Method::DELETE, &format!("lists/my-list/items/movies/{listed}")).await, 204);
    eventually("it is told", async || (trakt.watchlist() == [("shows", 1_001)]).then_some(())).await;

    // What is taken out of the watchlist goes from the list here, too, and a restart goes on.
    trakt.set_watchlist(&[("movies", 1_005)]);
    let (app, client) = restarted(app, &database, &trakt).await;
    sync(&client).await;
    assert_eq!(my_list(&client).await, ["Film 1005"]);
    assert_eq!(trakt.watchlist(), [("movies", 1_005)]);
    assert_eq!((trakt.plays_of_movie(1_001).len(), trakt.plays_of_movie(1_004).len()), (1, 1));
    assert!((1..=4).all(|number| trakt.plays_of_episode(1_001, 1, number).len() == 1));
    assert_eq!(trakt.sent("scrobble/pause").len(), 1);

    // Unlinked, nothing is told, and what was watched stays.
    assert_eq!(send(&client, Method::DELETE, "me/trakt").await, StatusCode::NO_CONTENT);
    assert_eq!(send(&client, Method::PUT, &format!("watched/movies/{}", film(&client, 1_006).await)).await, 204);
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(trakt.plays_of_movie(1_006).is_empty());
    assert_eq!(progress(&client, film(&client, 1_001).await).await["state"], "watched");
    app.stop().await;
}

#[tokio::test]
async fn of_both_sides_the_later_holds() {
    let (app, client, database, trakt) = started(4, 0).await;
    let (older, newer, again) = (film(&client, 1_001).await, film(&client, 1_002).await, film(&client, 1_003).await);
    save(&client, "movies", older, 300_000).await;
    save(&client, "movies", newer, 300_000).await;
    assert_eq!(send(&client, Method::PUT, &format!("watched/movies/{again}")).await, 204);
    let data = app.stop().await;
    let file = miauflix::app::database_file(&config(&data)).unwrap();
    let earlier = "UPDATE watch_progress SET updated_at = 0 WHERE movie_id = ?1";
    rusqlite::Connection::open(file).unwrap().execute(earlier, [older]).unwrap();
    for movie in [1_001, 1_002, 1_003] {
        trakt.watch_movie(movie, LONG_AGO);
    }
    let app = TestApp::start_in(data, use_both(&database, &trakt)).await;
    let mut client = app.client();
    client.sign_in("ada").await;
    link(&client, &trakt).await;
    assert_eq!(progress(&client, older).await["state"], "watched");
    assert_eq!(progress(&client, newer).await["state"], "watching");
    assert_eq!(trakt.sent("scrobble/pause").len(), 1);
    assert_eq!((trakt.plays_of_movie(1_001).len(), trakt.plays_of_movie(1_002).len()), (1, 1));
    assert_eq!(trakt.plays_of_movie(1_003).len(), 2, "it was watched again");
    app.stop().await;
}

#[tokio::test]
async fn tokens_are_replaced_before_they_expire_and_when_they_do_not_count() {
    let (app, client, database, trakt) = started(1, 0).await;
    trakt.set_token_life(Duration::from_secs(60));
    link(&client, &trakt).await;
    assert!(trakt.refreshes() > 0, "a minute is too little");
    trakt.set_token_life(Duration::from_secs(7 * 24 * 3_600));
    sync(&client).await;
    let refreshes = trakt.refreshes();
    sync(&client).await;
    assert_eq!(trakt.refreshes(), refreshes, "a week is enough");

    trakt.forget_access_token();
    sync(&client).await;
    assert_eq!(trakt.refreshes(), refreshes + 1);

    // When Trakt takes the whole link back, the user is told, and may link anew.
    trakt.forget_tokens();
    assert_eq!(send(&client, Method::POST, "me/trakt/sync").await, StatusCode::ACCEPTED);
    let broken = is_in(&client, "unlinked").await;
    assert!(broken["error"].as_str().unwrap().contains("link your account again"), "{broken}");
    link(&client, &trakt).await;
    assert_eq!(status(&client).await["error"], Value::Null);

    // So is it when the key is lost.
    let data = app.stop().await;
    std::fs::remove_file(data.path().join("keys/sealing")).unwrap();
    let app = TestApp::start_in(data, use_both(&database, &trakt)).await;
    let mut client = app.client();
    client.sign_in("ada").await;
    let broken = is_in(&client, "unlinked").await;
    assert!(broken["error"].as_str().unwrap().contains("key"), "{broken}");
    app.stop().await;
}

#[tokio::test]
async fn what_is_on_the_screen_is_told_while_it_is_watched() {
    let (app, client, _database, trakt) = started(3, 0).await;
    link(&client, &trakt).await;
    let (first, second) = (film(&client, 1_001).await, film(&client, 1_002).await);
    let told = |path: &str, movie: i64, progress: f64| {
        let body = json!({"movie": {"ids": {"tmdb": movie}}, "progress": progress});
        trakt.sent(path).contains(&body).then_some(())
    };
    save(&client, "movies", first, 10_000).await;
    eventually("the start is told", async || told("scrobble/start", 1_001, 1.0)).await;
    save(&client, "movies", first, 500_000).await;
    save(&client, "movies", second, 20_000).await;
    eventually("the change of titles is told", async || told("scrobble/pause", 1_001, 50.0)).await;
    eventually("the start is told", async || told("scrobble/start", 1_002, 2.0)).await;
    save(&client, "movies", second, 950_000).await;
    save(&client, "movies", second, 990_000).await;
    eventually("the end is told", async || told("scrobble/stop", 1_002, 95.0)).await;
    sync(&client).await;
    assert_eq!(trakt.plays_of_movie(1_002).len(), 1);
    assert_eq!(trakt.sent("sync/history"), Vec::<Value>::new());
    let counts = ["start", "pause", "stop"].map(|action| trakt.sent(&format!("scrobble/{action}")).len());
    assert_eq!(counts, [2, 1, 1]);
    app.stop().await;
}

#[tokio::test]
async fn a_trakt_that_fails_delays_nobody_and_learns_all_of_it_later() {
    let (app, client, _database, trakt) = started(3, 0).await;
    link(&client, &trakt).await;
    let (watched, begun) = (film(&client, 1_001).await, film(&client, 1_002).await);
    for mood in [Mood::Slow(Duration::from_secs(20)), Mood::Failing, Mood::Html] {
        trakt.set_mood(mood);
        let began = Instant::now();
        save(&client, "movies", begun, 400_000).await;
        save(&client, "movies", watched, 950_000).await;
        assert_eq!(send(&client, Method::PUT, &format!("lists/my-list/items/movies/{begun}")).await, 204);
        status(&client).await;
        assert_eq!(send(&client, Method::POST, "me/trakt/sync").await, StatusCode::ACCEPTED);
        assert!(began.elapsed() < Duration::from_secs(2), "{mood:?}: {:?}", began.elapsed());
    }
    let failed = eventually("the failure is said", async || {
        Some(status(&client).await).filter(|status| status["error"].is_string())
    })
    .await;
    assert_eq!(failed["state"], "linked");
    trakt.set_mood(Mood::Fine);
    eventually("all of it is there", async || {
        _ = send(&client, Method::POST, "me/trakt/sync").await;
        (trakt.plays_of_movie(1_001).len() == 1 && trakt.watchlist() == [("movies", 1_002)]).then_some(())
    })
    .await;
    eventually("all is well", async || status(&client).await["error"].is_null().then_some(())).await;
    app.stop().await;
}

#[tokio::test]
async fn an_actor_that_falls_goes_on_where_it_was() {
    let (app, client, _database, trakt) = started(2, 0).await;
    link(&client, &trakt).await;
    app.kills.kill("root/library/trakt");
    assert_eq!(send(&client, Method::PUT, &format!("watched/movies/{}", film(&client, 1_001).await)).await, 204);
    eventually("it is told", async || (trakt.plays_of_movie(1_001).len() == 1).then_some(())).await;
    // A code that was pending is forgotten with the one who asked for it.
    assert_eq!(send(&client, Method::DELETE, "me/trakt").await, StatusCode::NO_CONTENT);
    trakt.set_poll_status(400);
    client.post("/api/v1/me/trakt", &json!({})).await.expect(StatusCode::ACCEPTED);
    app.kills.kill("root/library/trakt");
    eventually("the actor is back", async || {
        let answer = client.get("/api/v1/me/trakt").await;
        (answer.status == StatusCode::OK && answer.body["state"] == "unlinked").then_some(())
    })
    .await;
    app.stop().await;
}

#[tokio::test]
async fn a_watchlist_that_is_full_is_said_and_stops_nothing_else() {
    let (app, client, _database, trakt) = started(3, 0).await;
    trakt.set_watchlist_room(0);
    let listed = film(&client, 1_001).await;
    assert_eq!(send(&client, Method::PUT, &format!("lists/my-list/items/movies/{listed}")).await, 204);
    link(&client, &trakt).await;
    assert!(status(&client).await["error"].as_str().unwrap().contains("full"));
    assert_eq!(send(&client, Method::PUT, &format!("watched/movies/{}", film(&client, 1_002).await)).await, 204);
    sync(&client).await;
    assert_eq!(trakt.plays_of_movie(1_002).len(), 1);
    assert_eq!(my_list(&client).await, ["Film 1001"]);

    trakt.set_watchlist_room(5);
    sync(&client).await;
    assert_eq!(trakt.watchlist(), [("movies", 1_001)]);
    assert_eq!(status(&client).await["error"], Value::Null);

    // Admins see it among the tasks, and may have all accounts brought in step.
    let before = status(&client).await["synced_at"].as_i64().unwrap();
    assert_eq!(send(&client, Method::POST, "admin/tasks/trakt/run").await, StatusCode::ACCEPTED);
    eventually("it is in step again", async || status(&client).await["synced_at"].as_i64().filter(|at| *at > before))
        .await;
    let tasks = client.get("/api/v1/admin/tasks").await.expect(StatusCode::OK);
    let task = tasks["tasks"].as_array().unwrap().iter().find(|task| task["name"] == "trakt").unwrap();
    assert_eq!(task["backlog"], 0);
    app.stop().await;
}

#[tokio::test]
async fn the_lists_of_an_account_come_along_and_go_with_it() {
    let (app, client, database, trakt) = started(6, 2).await;
    let own = client.post("/api/v1/lists", &json!({"name": "Of my own"})).await.expect(StatusCode::CREATED);
    let (own, listed) = (own["slug"].as_str().unwrap(), film(&client, 1_001).await);
    assert_eq!(send(&client, Method::PUT, &format!("lists/{own}/items/movies/{listed}")).await, 204);
    trakt.set_list(7, "Noir", &[("movies", 1_003), ("shows", 1_002), ("movies", 70_001), ("movies", 1_001)]);
    trakt.set_list(8, "Rainy days", &[("shows", 70_002)]);
    trakt.set_list(9, "People", &[("people", 5)]);
    link(&client, &trakt).await;

    let (noir, titles) = list_named(&client, "Noir").await;
    assert_eq!(titles, ["Film 1003", "Show 1002", "Film 70001", "Film 1001"]);
    assert_eq!(
        (&noir["description"], &noir["count"], &noir["is_own"], &noir["is_public"]),
        (&"About Noir".into(), &4.into(), &false.into(), &false.into())
    );
    assert_eq!(list_named(&client, "Rainy days").await.1, ["Show 70002"]);
    assert!(list_named(&client, "People").await.1.is_empty());
    let home = client.get("/api/v1/home").await.expect(StatusCode::OK);
    let rows: Vec<_> = home["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(rows[..3], ["Of my own", "Noir", "Rainy days"]);

    // Here they are only read, by the user alone.
    let slug = noir["slug"].as_str().unwrap();
    let path = format!("/api/v1/lists/{slug}");
    let show = show(&client, 1_001).await;
    for (method, path) in [
        (Method::PATCH, path.clone()),
        (Method::DELETE, path.clone()),
        (Method::PUT, format!("{path}/items/movies/{listed}")),
        (Method::DELETE, format!("{path}/items/movies/{listed}")),
        (Method::PUT, format!("{path}/items/shows/{show}")),
        (Method::DELETE, format!("{path}/items/shows/{show}")),
    ] {
        let request = client.request(method.clone(), &path);
        let request = if method == Method::PATCH { request.json(&json!({"is_public": true})) } else { request };
        let refused = request.send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::CONFLICT, "{method} {path}");
        let problem: Value = refused.json().await.unwrap();
        assert_eq!(problem["code"], "list_read_only", "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains("change it there"), "{problem}");
    }
    let other = app.user(&client, "grace").await;
    assert_eq!(lists_of_trakt(&other).await, Vec::<Value>::new());
    assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(send(&other, Method::DELETE, &format!("lists/{slug}")).await, StatusCode::NOT_FOUND);

    // What changes there changes here, and the list stays the same one; what has gone there goes here.
    let reads = || trakt.sent("users/me/lists").len();
    let before = reads();
    sync(&client).await;
    assert_eq!(reads(), before, "nothing has changed there");
    trakt.set_list(7, "Film noir", &[("movies", 1_001), ("movies", 1_004)]);
    trakt.remove_list(8);
    sync(&client).await;
    let (changed, titles) = list_named(&client, "Film noir").await;
    assert_eq!((&changed["slug"], &changed["description"]), (&noir["slug"], &"About Film noir".into()));
    assert_eq!(titles, ["Film 1001", "Film 1004"]);
    assert_eq!(lists_of_trakt(&client).await.len(), 2);

    // They outlive the daemon, and a link that is made anew, but not its end.
    let (app, client) = restarted(app, &database, &trakt).await;
    assert_eq!(list_named(&client, "Film noir").await.0["slug"], noir["slug"]);
    trakt.forget_tokens();
    assert_eq!(send(&client, Method::POST, "me/trakt/sync").await, StatusCode::ACCEPTED);
    is_in(&client, "unlinked").await;
    link(&client, &trakt).await;
    assert_eq!(list_named(&client, "Film noir").await.0["slug"], noir["slug"]);
    assert_eq!(send(&client, Method::DELETE, "me/trakt").await, StatusCode::NO_CONTENT);
    assert_eq!(lists_of_trakt(&client).await, Vec::<Value>::new());
    assert_eq!(client.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(titles_of(&client, own).await, ["Film 1001"]);
    app.stop().await;
}

#[tokio::test]
async fn lists_that_cannot_be_read_stay_as_they_were() {
    let (app, client, _database, trakt) = started(4, 0).await;
    trakt.set_list(7, "One", &[("movies", 1_001), ("movies", 1_002)]);
    trakt.set_list(8, "Two", &[("movies", 1_001)]);
    link(&client, &trakt).await;

    // One of them fails: the other comes, and the user is told.
    trakt.set_failing_list(Some(7));
    trakt.set_list(7, "One", &[("movies", 1_003)]);
    trakt.set_list(8, "Two", &[("movies", 1_004)]);
    assert_eq!(send(&client, Method::POST, "me/trakt/sync").await, StatusCode::ACCEPTED);
    eventually("the failure is said", async || status(&client).await["error"].is_string().then_some(())).await;
    assert_eq!(list_named(&client, "One").await.1, ["Film 1001", "Film 1002"]);
    assert_eq!(list_named(&client, "Two").await.1, ["Film 1004"]);
    trakt.set_failing_list(None);
    sync(&client).await;
    assert_eq!(status(&client).await["error"], Value::Null);
    assert_eq!(list_named(&client, "One").await.1, ["Film 1003"]);

    // Records that make no sense take nothing out.
    let broken = vec![json!({"rank": 1, "type": 7}), json!({"type": "movie", "movie": {"ids": {"tmdb": 1_002}}})];
    let one = json!({"name": "One", "description": "About One", "ids": {"trakt": 7}});
    trakt.set_list_records(7, one, broken);
    trakt.set_list_records(8, json!({"name": "Two", "description": null}), vec![]);
    sync(&client).await;
    assert_eq!(list_named(&client, "One").await.1, ["Film 1002", "Film 1003"]);
    assert_eq!(list_named(&client, "Two").await.1, ["Film 1004"]);

    // Nor does a Trakt that is down.
    trakt.remove_list(8);
    trakt.set_mood(Mood::Failing);
    assert_eq!(send(&client, Method::POST, "me/trakt/sync").await, StatusCode::ACCEPTED);
    eventually("the failure is said", async || status(&client).await["error"].is_string().then_some(())).await;
    assert_eq!(lists_of_trakt(&client).await.len(), 2);
    app.stop().await;
}
