//! Titles and texts in the language that whoever looks at them reads.

use crate::{
    film_database::use_database,
    support::{
        app::{Client, TestApp},
        eventually::eventually,
        tmdb::TmdbStandIn,
    },
};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

async fn home_in(client: &Client, language: &str) -> Value {
    let request = client.request(Method::GET, "/api/v1/home").header(header::ACCEPT_LANGUAGE, language);
    request.send().await.unwrap().json().await.unwrap()
}

/// The card of a film, by its number at the film database.
fn card(home: &Value, number: usize) -> Option<Value> {
    let poster = format!("/poster{number}.jpg");
    let rows = home["rows"].as_array().unwrap().iter().flat_map(|row| row["items"].as_array().unwrap());
    rows.clone().find(|item| item["poster"].as_str().is_some_and(|found| found.ends_with(&poster))).cloned()
}

async fn set_language(client: &Client, language: Value) -> StatusCode {
    let request = client.request(Method::PATCH, "/api/v1/me").json(&json!({"language": language}));
    request.send().await.unwrap().status()
}

/// Waits until the catalog is whole.
async fn whole(client: &Client) {
    eventually("all is read", async || {
        let home = client.get("/api/v1/home").await.expect(StatusCode::OK);
        card(&home, 1_020).is_some_and(|film| film["runtime_ms"].is_i64()).then_some(())
    })
    .await;
}

#[tokio::test]
async fn titles_come_in_the_users_language_else_in_the_catalogs_else_in_the_original() {
    let database = TmdbStandIn::with_shows(20, 2).await;
    let app = TestApp::start_with(use_database(&database)).await;
    let client = app.admin().await;
    whole(&client).await;

    assert_eq!(client.get("/api/v1/me").await.expect(StatusCode::OK)["language"], Value::Null);
    assert_eq!(set_language(&client, json!("da-DK")).await, StatusCode::OK);
    let home = || client.get("/api/v1/home");
    let danish = eventually("titles are Danish", async || {
        let film = card(&home().await.expect(StatusCode::OK), 1_007)?;
        (film["title"] == "Film 1007 på dansk").then_some(film)
    })
    .await;
    assert_eq!(danish["overview"], "Hvad der sker i 1007.");
    // Nobody has translated this title, so it is called as in the catalog's language.
    let film = eventually("the last is Danish", async || {
        let film = card(&home().await.expect(StatusCode::OK), 1_010)?;
        (film["overview"] == "Hvad der sker i 1010.").then_some(film)
    })
    .await;
    assert_eq!(film["title"], "Film 1010");
    eventually("genres are Danish", async || {
        let genres = client.get("/api/v1/genres").await.expect(StatusCode::OK);
        (genres["genres"][0] == json!({"id": 35, "name": "Comedy (da)"})).then_some(())
    })
    .await;

    let page = client.get(&format!("/api/v1/movies/{}", danish["id"])).await.expect(StatusCode::OK);
    assert_eq!(page["title"], "Film 1007 på dansk");
    assert_eq!(page["original_title"], "Fiolm 1007");
    assert_eq!(page["genres"], json!(["Comedy (da)", "Drama (da)"]));
    assert_eq!((&page["directors"], &page["age_rating"]), (&json!(["Dee Rector1007"]), &json!("PG-13")));
    assert_eq!(page["starring"], json!(["Asta Lead1007", "Second Of 1007"]));
    assert_eq!(page["trailer"], "https://www.youtube.com/watch?v=trailer1007");
    // Its lettering says another title than the one that is shown.
    assert_eq!(page["logo"], Value::Null);
    let alike: Vec<_> = page["more_like_this"].as_array().unwrap().iter().map(|it| it["title"].clone()).collect();
    assert_eq!(alike, ["Film 1008 på dansk", "Film 1009 på dansk"]);

    for path in [format!("/api/v1/movies/{}", danish["id"]), "/api/v1/movies?sort=popular".to_owned()] {
        let separator = if path.contains('?') { '&' } else { '?' };
        let named = client.get(&format!("{path}{separator}lang=en")).await.expect(StatusCode::OK);
        let film = if named["items"].is_array() { &named["items"][0] } else { &named };
        assert!(!film["title"].as_str().unwrap().contains("dansk"), "{path}: {}", film["title"]);
        assert_eq!(client.get(&format!("{path}{separator}lang=x")).await.code(), "invalid_language", "{path}");
    }

    // A text that the catalog's language has not is told in the film's own.
    let ninth = card(&home().await.expect(StatusCode::OK), 1_009).unwrap();
    assert_eq!(set_language(&client, Value::Null).await, StatusCode::OK);
    let page = client.get(&format!("/api/v1/movies/{}", ninth["id"])).await.expect(StatusCode::OK);
    assert_eq!((&page["title"], &page["overview"]), (&json!("Film 1009"), &json!("Was in 1009 geschieht.")));
    assert_eq!(page["logo"], "/api/v1/images/w500/logo1009.png");

    let shows = client.get("/api/v1/shows").await.expect(StatusCode::OK);
    let id = &shows["items"][0]["id"];
    let page = client.get(&format!("/api/v1/shows/{id}")).await.expect(StatusCode::OK);
    assert_eq!((&page["creators"][0], &page["age_rating"]), (&json!("Cree Ator"), &json!("TV-14")));
    app.stop().await;
}

#[tokio::test]
async fn without_a_preference_titles_come_as_the_device_asks_and_each_in_its_own_language() {
    let database = TmdbStandIn::start(20).await;
    let app = TestApp::start_with(use_database(&database)).await;
    let client = app.admin().await;
    whole(&client).await;
    for (accepts, title) in [
        ("pt-BR,pt;q=0.9,en;q=0.8", "Film 1001 no Brasil"),
        ("de-AT, en;q=0.5", "Film 1001 auf Deutsch"),
        ("da", "Film 1001 på dansk"),
        ("en-GB", "Film 1001"),
        ("nonsense;q=x", "Film 1001"),
    ] {
        eventually(accepts, async || (card(&home_in(&client, accepts).await, 1_001)?["title"] == title).then_some(()))
            .await;
    }
    for language in ["pt-BR", "de", "da"] {
        eventually(language, async || {
            let genres = client.request(Method::GET, "/api/v1/genres").header(header::ACCEPT_LANGUAGE, language);
            let genres: Value = genres.send().await.unwrap().json().await.unwrap();
            (genres["genres"][0]["name"] == format!("Comedy ({language})")).then_some(())
        })
        .await;
    }
    // What was kept once stays kept, so a restart asks for nothing.
    let data = app.stop().await;
    let before = database.requests();
    let app = TestApp::start_in(data, use_database(&database)).await;
    let mut client = app.client();
    client.sign_in("ada").await;
    assert_eq!(card(&home_in(&client, "de").await, 1_001).unwrap()["title"], "Film 1001 auf Deutsch");
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(database.requests(), before);
    app.stop().await;
}

#[tokio::test]
async fn people_and_titles_in_every_kept_language_are_found() {
    let database = TmdbStandIn::start(20).await;
    let app = TestApp::start_with(use_database(&database)).await;
    let client = app.admin().await;
    whole(&client).await;
    assert_eq!(set_language(&client, json!("de")).await, StatusCode::OK);
    for (typed, number) in [("asta lead1004", 1_004), ("dee rector1012", 1_012), ("1006 auf deutsch", 1_006)] {
        let found = eventually(typed, async || {
            let query = typed.replace(' ', "%20");
            let found = client.get(&format!("/api/v1/search?q={query}")).await.expect(StatusCode::OK);
            let title = format!("Film {number} auf Deutsch");
            found["items"].as_array().unwrap().iter().find(|item| item["title"] == *title).cloned()
        })
        .await;
        assert_eq!(found["kind"], "movie");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_language_that_is_none_is_refused_and_a_bound_number_of_them_is_kept() {
    let database = TmdbStandIn::start(20).await;
    let app = TestApp::start_with(use_database(&database)).await;
    let client = app.admin().await;
    for wrong in [json!("klingon language"), json!(""), json!("x"), json!("en_US")] {
        let request = client.request(Method::PATCH, "/api/v1/me").json(&json!({"language": wrong}));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.json::<Value>().await.unwrap()["code"], "invalid_language");
    }
    let nothing = client.request(Method::PATCH, "/api/v1/me").json(&json!({})).send().await.unwrap();
    assert_eq!(nothing.status(), StatusCode::UNPROCESSABLE_ENTITY);
    for letter in 'a'..='z' {
        home_in(&client, &format!("q{letter}")).await;
    }
    let file = miauflix::app::database_file(&crate::support::app::config(&app.data)).unwrap();
    let kept = || rusqlite::Connection::open(&file)?.query_row("SELECT count(*) FROM languages", [], |row| row.get(0));
    eventually("some are kept", async || (kept().unwrap_or(0i64) == 8).then_some(())).await;
    app.stop().await;
}
