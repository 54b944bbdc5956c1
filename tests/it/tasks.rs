//! What admins see of the work in the background, and how they have it done at once.

use crate::{
    film_database::use_database,
    support::{
        app::{Client, TestApp, config},
        eventually::eventually,
        tmdb::{GENRES, Mood, TmdbStandIn},
    },
};
use futures::future::join_all;
use reqwest::StatusCode;
use serde_json::{Value, json};

const FILMS: usize = 20;

pub async fn task(admin: &Client, name: &str) -> Value {
    let shown = admin.get("/api/v1/admin/tasks").await.expect(StatusCode::OK);
    shown["tasks"].as_array().unwrap().iter().find(|task| task["name"] == name).unwrap().clone()
}

pub async fn run(admin: &Client, name: &str) -> StatusCode {
    admin.post(&format!("/api/v1/admin/tasks/{name}/run"), &json!({})).await.status
}

/// Why a task's last pass failed; empty when it did not.
pub async fn error_of(admin: &Client, name: &str) -> String {
    task(admin, name).await["last_error"]["message"].as_str().unwrap_or_default().to_owned()
}

/// A daemon that has read all that there is, and an admin.
async fn settled(database: &TmdbStandIn) -> (TestApp, Client) {
    let app = TestApp::start_with(use_database(database)).await;
    let admin = app.admin().await;
    eventually("all is read and written", async || {
        let lists = task(&admin, "lists").await;
        let details = task(&admin, "details").await;
        let is_settled = [&lists, &details].iter().all(|task| task["state"] == "idle" && task["backlog"] == 0);
        (is_settled && database.requests() >= 2 + 8 + 2 * GENRES.len() + FILMS).then_some(())
    })
    .await;
    (app, admin)
}

#[tokio::test]
async fn after_the_first_sync_each_task_shows_what_it_did_and_when_it_goes_on() {
    let database = TmdbStandIn::start(FILMS).await;
    let (app, admin) = settled(&database).await;
    let shown = admin.get("/api/v1/admin/tasks").await.expect(StatusCode::OK);
    let names: Vec<_> = shown["tasks"].as_array().unwrap().iter().map(|task| task["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["changes", "details", "lists"]);
    for (name, interval_ms) in [("changes", 6 * 3_600_000), ("details", 5 * 60_000), ("lists", 5 * 60_000)] {
        let task = task(&admin, name).await;
        let time = |field: &str| task[field].as_i64().unwrap_or_else(|| panic!("{field} of {task}"));
        assert!(time("started_at") <= time("finished_at"), "{task}");
        assert!((0..1_000).contains(&(time("next_at") - time("finished_at") - interval_ms)), "{task}");
        assert_eq!((&task["state"], &task["backlog"], &task["last_error"]), (&"idle".into(), &0.into(), &Value::Null));
        assert!(task["runs"].as_u64().unwrap() >= 1, "{task}");
    }
    app.stop().await;
}

#[tokio::test]
async fn what_the_film_database_does_wrong_is_told_in_plain_words_until_it_is_well_again() {
    let moods = [
        (Mood::Failing, "it answered 500"),
        (Mood::TooMany, "it was asked too often"),
        (Mood::Html, "it answered text/html instead of application/json"),
        (Mood::CutOff, "the film database answered what makes no sense"),
        (Mood::WrongTypes, "the film database answered what makes no sense"),
        (Mood::Refusing, "the film database refused the token: check `tmdb.token`"),
    ];
    join_all(moods.map(|(mood, words)| async move {
        let database = TmdbStandIn::start(FILMS).await;
        database.set_mood(mood);
        let app = TestApp::start_with(use_database(&database)).await;
        let admin = app.admin().await;
        let told =
            eventually("the first error", async || Some(error_of(&admin, "lists").await).filter(|e| !e.is_empty()));
        let told = told.await;
        assert!(told.contains(words) && told.starts_with("the list "), "{mood:?}: {told}");
        eventually("changes fail, too", async || {
            run(&admin, "changes").await;
            error_of(&admin, "changes").await.starts_with("what has changed could not be read").then_some(())
        })
        .await;

        database.set_mood(Mood::Fine);
        eventually("all is well again", async || {
            for name in ["lists", "changes", "details"] {
                if !error_of(&admin, name).await.is_empty() {
                    run(&admin, name).await;
                    return None;
                }
            }
            let popular = admin.get("/api/v1/lists/popular-movies").await;
            (popular.body["items"].as_array()?.len() == FILMS).then_some(())
        })
        .await;
        app.stop().await;
    }))
    .await;
}

#[tokio::test]
async fn an_admin_has_a_task_done_at_once_and_nobody_else() {
    let database = TmdbStandIn::start(FILMS).await;
    let (app, admin) = settled(&database).await;
    let user = app.user(&admin, "grace").await;
    assert_eq!(user.get("/api/v1/admin/tasks").await.status, StatusCode::FORBIDDEN);
    assert_eq!(run(&user, "lists").await, StatusCode::FORBIDDEN);
    let unknown = admin.post("/api/v1/admin/tasks/cooking/run", &json!({})).await;
    assert_eq!((unknown.status, unknown.code()), (StatusCode::NOT_FOUND, "task_not_found"));

    // Nothing is due, and yet the lists are read, and what has changed since the last time.
    let before = database.requests();
    assert_eq!(run(&admin, "lists").await, StatusCode::ACCEPTED);
    eventually("all lists are read", async || (database.requests() == before + 8).then_some(())).await;
    database.change_film(1_007);
    assert_eq!(run(&admin, "changes").await, StatusCode::ACCEPTED);
    eventually("films and shows are asked for", async || (database.requests() == before + 10).then_some(())).await;
    eventually("it is over", async || (task(&admin, "changes").await["state"] == "idle").then_some(())).await;

    let data = app.stop().await;
    let file = miauflix::app::database_file(&config(&data)).unwrap();
    let log = rusqlite::Connection::open(file).unwrap();
    let mut rows = log.prepare("SELECT resource FROM audit_log WHERE action = 'task.run' ORDER BY id").unwrap();
    let resources: Vec<String> = rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(resources, ["task:lists", "task:changes"]);
}
