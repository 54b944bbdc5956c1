//! Shows with their seasons and episodes: read from the film database, watched, and gone on with.

use crate::{
    film_database::use_database,
    support::{
        app::{Client, TestApp, config},
        eventually::eventually,
        tmdb::{EPISODES, GENRES, SEASONS, TmdbStandIn},
    },
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const SHOWS: usize = 12;

async fn shows(client: &Client) -> Vec<Value> {
    let list = client.get("/api/v1/lists/popular-shows").await;
    list.body["items"].as_array().cloned().unwrap_or_default()
}

async fn row(client: &Client, slug: &str) -> Vec<Value> {
    let home = client.get("/api/v1/home").await.expect(StatusCode::OK);
    let row = home["rows"].as_array().unwrap().iter().find(|row| row["slug"] == slug);
    row.map(|row| row["items"].as_array().unwrap().clone()).unwrap_or_default()
}

async fn send(client: &Client, method: Method, path: &str) -> StatusCode {
    client.request(method, path).send().await.unwrap().status()
}

/// A daemon that has read the lists, an admin, and the id of the first show.
async fn started(database: &TmdbStandIn) -> (TestApp, Client, i64) {
    let app = TestApp::start_with(use_database(database)).await;
    let client = app.admin().await;
    let first = eventually("the shows are there", async || shows(&client).await.first().cloned()).await;
    let id = first["id"].as_i64().unwrap();
    (app, client, id)
}

/// Opens all seasons of a show, which has them read.
async fn open_all(client: &Client, show: i64) -> Vec<Value> {
    client.get(&format!("/api/v1/shows/{show}")).await.expect(StatusCode::OK);
    let mut seasons = Vec::new();
    for number in 0..=SEASONS {
        seasons.push(client.get(&format!("/api/v1/shows/{show}/seasons/{number}")).await.expect(StatusCode::OK));
    }
    seasons
}

fn episode(seasons: &[Value], season: usize, number: usize) -> i64 {
    seasons[season]["episodes"][number - 1]["id"].as_i64().unwrap()
}

#[tokio::test]
async fn every_season_of_every_show_is_read_with_as_few_requests_as_it_takes() {
    let database = TmdbStandIn::with_shows(0, SHOWS).await;
    let (app, client, show) = started(&database).await;
    // Two lists of genres, eight of titles and one of each genre's films and shows, each show once, and each of its seasons and its specials once.
    let expected = 2 + 8 + 2 * GENRES.len() + SHOWS + SHOWS * (SEASONS + 1);
    eventually("all is read", async || (database.requests() >= expected).then_some(())).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(database.requests(), expected);

    let detail = client.get(&format!("/api/v1/shows/{show}")).await.expect(StatusCode::OK);
    assert_eq!((&detail["kind"], &detail["title"]), (&"show".into(), &"Show 1001".into()));
    assert_eq!(detail["seasons"].as_array().unwrap().len(), SEASONS + 1);
    assert_eq!(detail["next"]["name"], "Episode 1 of season 1");
    let season = client.get(&format!("/api/v1/shows/{show}/seasons/2")).await.expect(StatusCode::OK);
    assert_eq!(season["is_complete"], true);
    assert_eq!(season["episodes"].as_array().unwrap().len(), EPISODES as usize);
    assert_eq!(database.requests(), expected, "nothing is asked twice");
    app.stop().await;
}

#[tokio::test]
async fn a_show_and_its_season_are_there_when_somebody_opens_them() {
    let database = TmdbStandIn::with_shows(100, 100).await;
    let (app, client, _) = started(&database).await;
    // The least popular is the last that the background would come to.
    let last = shows(&client).await.pop().unwrap();
    let began = Instant::now();
    let detail = client.get(&format!("/api/v1/shows/{}", last["id"])).await.expect(StatusCode::OK);
    assert_eq!(detail["seasons"].as_array().unwrap().len(), SEASONS + 1);
    let season = client.get(&format!("/api/v1/shows/{}/seasons/1", last["id"])).await.expect(StatusCode::OK);
    assert_eq!((&season["is_complete"], season["episodes"].as_array().unwrap().len()), (&true.into(), 4));
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    let missing = client.get(&format!("/api/v1/shows/{}/seasons/9", last["id"])).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    app.stop().await;
}

#[tokio::test]
async fn what_comes_next_follows_what_was_watched() {
    let database = TmdbStandIn::with_shows(0, 2).await;
    let (app, client, show) = started(&database).await;
    let seasons = open_all(&client, show).await;
    assert!(row(&client, "next-up").await.is_empty(), "nothing was watched");

    // In the middle of one.
    let begun = format!("/api/v1/progress/episodes/{}", episode(&seasons, 1, 3));
    let position = json!({"position_ms": 600_000, "duration_ms": 2_700_000});
    assert_eq!(client.try_put(&begun, &position).await, Some(StatusCode::OK));
    let card = row(&client, "continue").await.remove(0);
    assert_eq!((&card["id"], &card["episode"]["number"]), (&show.into(), &3.into()));
    assert_eq!(card["progress"]["position_ms"], 600_000);

    // At the end of the season, and then in the next.
    let end = json!({"position_ms": 2_600_000, "duration_ms": 2_700_000});
    let last = format!("/api/v1/progress/episodes/{}", episode(&seasons, 1, 4));
    assert_eq!(client.try_put(&last, &end).await, Some(StatusCode::OK));
    let card = row(&client, "next-up").await.remove(0);
    assert_eq!((&card["episode"]["season_number"], &card["episode"]["number"]), (&2.into(), &1.into()));
    assert!(row(&client, "continue").await.is_empty());

    // Put away, and back once it is watched again.
    assert_eq!(send(&client, Method::DELETE, &format!("/api/v1/progress/shows/{show}")).await, StatusCode::NO_CONTENT);
    assert!(row(&client, "next-up").await.is_empty());
    tokio::time::sleep(Duration::from_millis(5)).await;
    let next = format!("/api/v1/watched/episodes/{}", episode(&seasons, 2, 1));
    assert_eq!(send(&client, Method::PUT, &next).await, StatusCode::NO_CONTENT);
    assert_eq!(row(&client, "next-up").await[0]["episode"]["number"], 2);
    app.stop().await;
}

#[tokio::test]
async fn a_season_and_a_show_are_marked_in_one_go_without_the_specials() {
    let database = TmdbStandIn::with_shows(0, 2).await;
    let (app, client, show) = started(&database).await;
    open_all(&client, show).await;
    let counts = async || {
        let detail = client.get(&format!("/api/v1/shows/{show}")).await.expect(StatusCode::OK);
        let seasons = detail["seasons"].as_array().unwrap();
        (seasons.iter().map(|season| season["watched_count"].as_u64().unwrap()).collect::<Vec<_>>(), detail)
    };
    let season = format!("/api/v1/watched/shows/{show}/seasons/1");
    assert_eq!(send(&client, Method::PUT, &season).await, StatusCode::NO_CONTENT);
    let (watched, detail) = counts().await;
    assert_eq!(watched, [0, 4, 0]);
    assert_eq!((&detail["next"]["season_number"], &detail["next"]["number"]), (&2.into(), &1.into()));
    let whole = format!("/api/v1/watched/shows/{show}");
    assert_eq!(send(&client, Method::PUT, &whole).await, StatusCode::NO_CONTENT);
    let (watched, detail) = counts().await;
    assert_eq!((watched, &detail["next"]), (vec![0, 4, 4], &Value::Null));
    assert_eq!(send(&client, Method::DELETE, &season).await, StatusCode::NO_CONTENT);
    assert_eq!(counts().await.0, [0, 0, 4]);
    for wrong in ["watched/shows/4711", "watched/shows/4711/seasons/1", "watched/episodes/4711"] {
        assert_eq!(send(&client, Method::PUT, &format!("/api/v1/{wrong}")).await, StatusCode::NOT_FOUND, "{wrong}");
    }
    app.stop().await;
}

#[tokio::test]
async fn what_was_watched_stays_with_an_episode_that_gets_another_number() {
    let database = TmdbStandIn::with_shows(0, 1).await;
    let (app, client, show) = started(&database).await;
    let seasons = open_all(&client, show).await;
    let second = episode(&seasons, 1, 2);
    assert_eq!(send(&client, Method::PUT, &format!("/api/v1/watched/episodes/{second}")).await, StatusCode::NO_CONTENT);

    // A pilot is put in front, the fourth is taken out, and the daemon reads the season anew.
    database.set_season(1, vec![(1, 50), (2, 1), (3, 2), (4, 3)]);
    let data = app.stop().await;
    let file = miauflix::app::database_file(&config(&data)).unwrap();
    rusqlite::Connection::open(file).unwrap().execute("UPDATE seasons SET due_at = 0", []).unwrap();
    let app = TestApp::start_in(data, use_database(&database)).await;
    let mut client = app.client();
    client.sign_in("ada").await;
    let season = eventually("it is read anew", async || {
        let season = client.get(&format!("/api/v1/shows/{show}/seasons/1")).await.expect(StatusCode::OK);
        (season["episodes"][0]["name"] == "Episode 50 of season 1").then_some(season)
    })
    .await;
    let episodes = season["episodes"].as_array().unwrap();
    let watched: Vec<_> = episodes.iter().filter(|episode| episode["progress"]["state"] == "watched").collect();
    assert_eq!((watched.len(), &watched[0]["number"], &watched[0]["id"]), (1, &3.into(), &second.into()));
    assert_eq!(episodes.iter().map(|episode| episode["number"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2, 3, 4]);
    app.stop().await;
}

#[tokio::test]
async fn whoever_opens_a_show_that_goes_on_sees_its_new_episode_a_moment_later() {
    let database = TmdbStandIn::with_shows(0, 1).await;
    database.set_running();
    let (app, client, show) = started(&database).await;
    open_all(&client, show).await;
    let last = format!("/api/v1/shows/{show}/seasons/{SEASONS}");
    let all = 2 + 8 + 2 * GENRES.len() + 1 + SEASONS + 1;
    eventually("all is read", async || (database.requests() >= all).then_some(())).await;

    // A quarter of an hour later there is one more.
    let data = app.stop().await;
    let file = miauflix::app::database_file(&config(&data)).unwrap();
    let later =
        "UPDATE shows SET details_at = details_at - 900000; UPDATE seasons SET completed_at = completed_at - 900000;";
    rusqlite::Connection::open(file).unwrap().execute_batch(later).unwrap();
    database.set_season(SEASONS as u32, (1..=EPISODES + 1).map(|number| (number, number)).collect());
    let app = TestApp::start_in(data, use_database(&database)).await;
    let mut client = app.client();
    client.sign_in("ada").await;
    let open = async || client.get(&format!("/api/v1/shows/{show}")).await.expect(StatusCode::OK);
    open().await;
    eventually("the new episode is there", async || {
        let season = client.get(&last).await.expect(StatusCode::OK);
        (season["episodes"].as_array().unwrap().len() == EPISODES as usize + 1).then_some(())
    })
    .await;
    let requests = database.requests();
    open().await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(database.requests(), requests, "what is fresh is not read again");
    app.stop().await;
}
