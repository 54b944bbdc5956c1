//! Every endpoint of the film database goes wrong in every way: nobody waits, nothing falls, nothing is lost, and admins are
//! told.

use crate::{
    film_database::use_database,
    support::{
        app::{Client, TestApp, config},
        eventually::eventually,
        tmdb::{Endpoint, GENRES, Mood, SEASONS, TmdbStandIn},
    },
    tasks::{error_of, run, task},
};
use futures::{StreamExt as _, stream};
use miauflix::supervision::tree::ActorState;
use reqwest::{Method, StatusCode};
use rusqlite::Connection;
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::sync::Semaphore;

const FILMS: usize = 6;
const SHOWS: usize = 3;
/// What somebody waits for at most who asks for what is known, for a page that is read first, and for a picture; with the time
/// that a busy machine takes.
const KNOWN: Duration = Duration::from_millis(1_000);
const READ_FIRST: Duration = Duration::from_millis(1_500 + 1_000);
const PICTURE: Duration = Duration::from_millis(5_000 + 1_000);
/// Daemons that start and are asked at a time.
const AT_ONCE: usize = 6;

const ENDPOINTS: [Endpoint; 7] = [
    Endpoint::List,
    Endpoint::Movie,
    Endpoint::Show,
    Endpoint::Season,
    Endpoint::Changes,
    Endpoint::Search,
    Endpoint::Image,
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    Is(Mood),
    /// Season 1 of every show has its episodes in another order.
    Renumbered,
}

/// The slow ones first, as they take longest.
const FAULTS: [Fault; 11] = [
    Fault::Is(Mood::Slow(Duration::from_secs(10))),
    Fault::Is(Mood::TooMany),
    Fault::Is(Mood::Failing),
    Fault::Is(Mood::Html),
    Fault::Is(Mood::Huge),
    Fault::Is(Mood::CutOff),
    Fault::Is(Mood::WrongTypes),
    Fault::Is(Mood::Gone),
    Fault::Is(Mood::Chatty),
    Fault::Is(Mood::Doubled),
    Fault::Renumbered,
];

/// The task that is to tell of it, and what.
fn told(endpoint: Endpoint, fault: Fault) -> Option<(&'static str, &'static str)> {
    let task = match endpoint {
        Endpoint::List => "lists",
        Endpoint::Changes => "changes",
        Endpoint::Movie | Endpoint::Show | Endpoint::Season => "details",
        // Those who search and look see for themselves.
        Endpoint::Search | Endpoint::Image => return None,
    };
    let words = match fault {
        Fault::Is(Mood::TooMany) => "it was asked too often",
        Fault::Is(Mood::Failing) => "it answered 500 Internal Server Error",
        Fault::Is(Mood::Html) => "it answered text/html instead of application/json",
        Fault::Is(Mood::Huge) => "it answered more than 2097152 bytes",
        Fault::Is(Mood::CutOff | Mood::WrongTypes) => "the film database answered what makes no sense",
        // That a film is gone is no failure; a list should be there.
        Fault::Is(Mood::Gone) if task != "details" => "the film database does not know it",
        // So many that time out together have the daemon give up after the first ten seconds. What is asked alone is tried for
        // half a minute, which is more than there is time for here.
        Fault::Is(Mood::Slow(_)) if [Endpoint::Movie, Endpoint::Season].contains(&endpoint) => "it took too long",
        Fault::Is(_) | Fault::Renumbered => return None,
    };
    Some((task, words))
}

/// What the catalog holds, without times and without the numbers of episodes.
fn holdings(data: &Path) -> Vec<String> {
    let tables = [
        "SELECT tmdb_id, title, tagline, runtime_ms, poster, imdb_id FROM movies WHERE tmdb_id < 2000",
        "SELECT tmdb_id, title, tagline, status, poster, imdb_id FROM shows WHERE tmdb_id < 2000",
        "SELECT show_id, season_number, tmdb_id, episode_count, name, completed_at IS NULL FROM seasons",
        "SELECT season_id, tmdb_id, name, runtime_ms, 0, 0 FROM episodes",
        "SELECT list_id, position, movie_id, show_id, 0, 0 FROM list_items",
        "SELECT movie_id, genre_id, position, 0, 0, 0 FROM movie_genres",
    ];
    let connection = Connection::open(data).unwrap();
    let mut rows = Vec::new();
    for table in tables {
        let mut statement = connection.prepare(&format!("{table} ORDER BY 1, 2, 3, 4")).unwrap();
        let row = |row: &rusqlite::Row<'_>| {
            let values = (0..6).map(|column| Ok(format!("{:?}", row.get::<_, rusqlite::types::Value>(column)?)));
            Ok(values.collect::<Result<Vec<_>, rusqlite::Error>>()?.join(" "))
        };
        rows.extend(statement.query_map([], row).unwrap().map(Result::unwrap));
    }
    rows
}

/// A data directory whose catalog was whole once and is all due again, half of it as if it had never been read.
struct Prepared {
    data: TempDir,
    client: Client,
    holdings: Vec<String>,
}

async fn prepare() -> Prepared {
    let database = TmdbStandIn::with_shows(FILMS, SHOWS).await;
    let app = TestApp::start_with(use_database(&database)).await;
    let client = app.admin().await;
    eventually("all is read", async || {
        let details = task(&client, "details").await;
        let requests = 2 + 8 + 2 * GENRES.len() + FILMS + SHOWS + SHOWS * (SEASONS + 1);
        (database.requests() >= requests && details["backlog"] == 0 && details["state"] == "idle").then_some(())
    })
    .await;
    let data = app.stop().await;
    let file = miauflix::app::database_file(&config(&data)).unwrap();
    let holdings = holdings(&file);
    let connection = Connection::open(file).unwrap();
    connection
        .execute_batch(
            "UPDATE movies SET details_due_at = 0, details_at = details_at - 86400000 WHERE tmdb_id IS NOT NULL; \
             UPDATE movies SET details_at = NULL, runtime_ms = NULL, tagline = '' WHERE tmdb_id % 2 = 1; \
             UPDATE shows SET details_due_at = 0; UPDATE shows SET details_at = NULL WHERE id = 1; \
             UPDATE seasons SET due_at = 0; UPDATE seasons SET completed_at = NULL WHERE season_number = 1; \
             UPDATE lists SET due_at = 0 WHERE origin = 'tmdb'; UPDATE sync_state SET synced_at = 0; \
             PRAGMA wal_checkpoint(TRUNCATE);",
        )
        .unwrap();
    Prepared { data, client, holdings }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    // The daemon refuses keys that others may read.
    std::fs::set_permissions(to, std::fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(path, to.join(name)).unwrap();
        }
    }
}

async fn ask(client: &Client, path: &str, limit: Duration, statuses: &[StatusCode], what: &str) {
    let began = Instant::now();
    let answer = client.request(Method::GET, path).send().await.unwrap();
    assert!(statuses.contains(&answer.status()), "{what}: {path} answers {}", answer.status());
    answer.bytes().await.unwrap();
    assert!(began.elapsed() < limit, "{what}: {path} takes {:?}", began.elapsed());
}

async fn try_out(endpoint: Endpoint, fault: Fault, prepared: &Prepared, asking: &Semaphore) {
    let what = format!("{endpoint:?} {fault:?}");
    let database = TmdbStandIn::with_shows(FILMS, SHOWS).await;
    match fault {
        Fault::Is(mood) => database.set_mood_of(endpoint, mood),
        Fault::Renumbered => database.set_season(1, vec![(1, 4), (2, 3), (3, 2), (4, 1)]),
    }
    let data = TempDir::new().unwrap();
    copy(prepared.data.path(), data.path());

    let permit = asking.acquire().await.unwrap();
    let app = TestApp::start_in(data, use_database(&database)).await;
    let client = prepared.client.at(&app.running.url());
    let ok = [StatusCode::OK];
    // A film that was never read whole, the show that was not, and its season: the built-in films have the first ids.
    let film = client.get("/api/v1/lists/popular-movies").await.expect(StatusCode::OK)["items"][0]["id"].clone();
    let film_page = format!("/api/v1/movies/{film}");
    let image = ask(
        &client,
        "/api/v1/images/w342/poster1001.jpg",
        PICTURE,
        &[StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE, StatusCode::NOT_FOUND],
        &what,
    );
    let pages = async {
        tokio::join!(
            ask(&client, "/api/v1/home", KNOWN, &ok, &what),
            ask(&client, "/api/v1/movies", KNOWN, &ok, &what),
            ask(&client, "/api/v1/lists/popular-shows", KNOWN, &ok, &what),
            ask(&client, "/api/v1/search?q=lighthouse", KNOWN, &ok, &what),
            ask(&client, &film_page, READ_FIRST, &ok, &what),
            ask(&client, "/api/v1/shows/1", READ_FIRST, &ok, &what),
            ask(&client, "/api/v1/shows/1/seasons/1", READ_FIRST, &ok, &what),
        );
        drop(permit);
    };
    tokio::join!(image, pages);
    eventually(&format!("{what}: it is asked"), async || (database.requests_of(endpoint) > 0).then_some(())).await;
    if let Some((task, words)) = told(endpoint, fault) {
        eventually(&format!("{what}: {task} tells {words}"), async || {
            error_of(&client, task).await.contains(words).then_some(())
        })
        .await;
    }

    database.set_mood_of(endpoint, Mood::Fine);
    for name in ["lists", "changes", "details"] {
        let mut is_asked = false;
        eventually(&format!("{what}: {name} is well again"), async || {
            let task = task(&client, name).await;
            let is_well = task["state"] == "idle" && task["backlog"] == 0 && task["last_error"].is_null();
            if is_asked && is_well {
                return Some(());
            }
            if task["state"] == "idle" {
                is_asked = run(&client, name).await == StatusCode::ACCEPTED;
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            None
        })
        .await;
    }
    for actor in app.running.actors() {
        assert_eq!((actor.state, actor.restarts), (ActorState::Running, 0), "{what}: {}", actor.path);
    }
    let data = app.stop().await;
    let now = holdings(&miauflix::app::database_file(&config(&data)).unwrap());
    let lost: Vec<_> = prepared.holdings.iter().filter(|row| !now.contains(row)).collect();
    assert!(lost.is_empty() && now.len() == prepared.holdings.len(), "{what}: lost {lost:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_at_any_endpoint_nobody_waits_nothing_falls_and_nothing_is_lost() {
    let panics = Arc::new(AtomicUsize::new(0));
    let (counted, shown) = (panics.clone(), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |panic| {
        if panic.location().is_some_and(|location| location.file().starts_with("src/")) {
            counted.fetch_add(1, Ordering::SeqCst);
        }
        shown(panic);
    }));
    let (prepared, asking) = (prepare().await, Semaphore::new(AT_ONCE));
    let trials = FAULTS.iter().flat_map(|fault| ENDPOINTS.map(|endpoint| (endpoint, *fault)));
    let trials = trials.filter(|(endpoint, fault)| *fault != Fault::Renumbered || *endpoint == Endpoint::Season);
    let trials: Vec<_> = trials.collect();
    assert_eq!(trials.len(), 10 * 7 + 1);
    let at_once = trials.len();
    let trials = trials.into_iter().map(|(endpoint, fault)| try_out(endpoint, fault, &prepared, &asking));
    stream::iter(trials).buffer_unordered(at_once).collect::<()>().await;
    assert_eq!(panics.load(Ordering::SeqCst), 0);
}
