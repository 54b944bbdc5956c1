//! Search, the pages of the catalog, and one's own lists.

use crate::{
    film_database::use_database,
    support::{
        app::{Client, TestApp},
        eventually::eventually,
        tmdb::TmdbStandIn,
    },
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

async fn titles(client: &Client, path: &str) -> Vec<String> {
    let page = client.get(path).await.expect(StatusCode::OK);
    page["items"].as_array().unwrap().iter().map(|title| title["title"].as_str().unwrap().to_owned()).collect()
}

async fn filled(database: &TmdbStandIn) -> (TestApp, Client) {
    let app = TestApp::start_with(use_database(database)).await;
    let client = app.admin().await;
    eventually("the catalog is there", async || {
        let films = client.get("/api/v1/lists/popular-movies").await;
        let shows = client.get("/api/v1/lists/top-rated-shows").await;
        (films.body["items"][0]["genres"][0] == "Comedy" && shows.body["items"][0].is_object()).then_some(())
    })
    .await;
    (app, client)
}

#[tokio::test]
async fn built_in_films_are_found_by_words_beginnings_and_mistyped_names() {
    let app = TestApp::start().await;
    let client = app.admin().await;
    for (typed, meant) in [
        ("sintel", "Sintel"),
        ("SIN", "Sintel"),
        ("s", "Sintel"),
        ("buck bun", "Big Buck Bunny"),
        ("teers of stel", "Tears of Steel"),
    ] {
        let found = titles(&client, &format!("/api/v1/search?q={typed}")).await;
        assert_eq!(found.first().map(String::as_str), Some(meant), "{typed}");
    }
    for nothing in ["", "zzzzzz", "%22*%20OR", "%00", "a%22b"] {
        let answer = client.get(&format!("/api/v1/search?q={nothing}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{nothing}");
        assert_eq!(answer.body["is_complete"], true);
    }
    assert!(titles(&client, "/api/v1/search?q=zzzzzz").await.is_empty());
    app.stop().await;
}

#[tokio::test]
async fn what_only_the_film_database_knows_is_found_a_moment_later() {
    let database = TmdbStandIn::with_shows(20, 20).await;
    let (app, client) = filled(&database).await;
    let first = client.get("/api/v1/search?q=lighthouse").await.expect(StatusCode::OK);
    assert_eq!((&first["is_complete"], first["items"].as_array().unwrap().len()), (&false.into(), 0));
    let found = eventually("the database has answered", async || {
        let found = client.get("/api/v1/search?q=lighthouse").await.expect(StatusCode::OK);
        (found["is_complete"] == true).then_some(found)
    })
    .await;
    let found = found["items"].as_array().unwrap();
    assert_eq!(found.iter().map(|title| title["kind"].as_str().unwrap()).collect::<Vec<_>>(), ["movie", "show"]);
    let requests = database.requests();
    client.get("/api/v1/search?q=Lighthouse!").await.expect(StatusCode::OK);
    assert_eq!(database.requests(), requests, "the same is not asked again");
    app.stop().await;
}

#[tokio::test]
async fn a_title_is_found_by_its_number_at_imdb_whether_it_is_here_or_not() {
    let database = TmdbStandIn::with_shows(20, 20).await;
    let (app, client) = filled(&database).await;
    for (typed, title) in
        [("tt0001004", "Film 1004"), ("https%3A%2F%2Fwww.imdb.com%2Ftitle%2Ftt7654321%2F", "Film 90003")]
    {
        eventually(typed, async || {
            let found = client.get(&format!("/api/v1/search?q={typed}")).await.expect(StatusCode::OK);
            (found["items"][0]["title"] == title).then_some(())
        })
        .await;
    }
    app.stop().await;
}

#[tokio::test]
async fn the_catalog_is_browsed_page_by_page_in_every_order_and_no_title_comes_twice() {
    let database = TmdbStandIn::with_shows(100, 20).await;
    let (app, client) = filled(&database).await;
    for sort in ["popular", "newest", "rating", "title"] {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let page = client.get(&format!("/api/v1/movies?sort={sort}{after}")).await.expect(StatusCode::OK);
            all.extend(page["items"].as_array().unwrap().iter().map(|title| title["id"].as_i64().unwrap()));
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        assert_eq!(all.len(), 105, "{sort}: a hundred of the database, five built-in");
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 105, "{sort}");
    }
    assert_eq!(titles(&client, "/api/v1/shows?sort=title").await.len(), 20);
    app.stop().await;
}

#[tokio::test]
async fn filters_of_the_catalog_leave_out_what_does_not_fit() {
    let database = TmdbStandIn::with_shows(20, 20).await;
    let (app, client) = filled(&database).await;
    eventually("all details are there", async || {
        (titles(&client, "/api/v1/movies?genre=35").await.len() == 20).then_some(())
    })
    .await;
    let genres = client.get("/api/v1/genres").await.expect(StatusCode::OK);
    assert_eq!(genres["genres"], json!([{"id": 35, "name": "Comedy"}, {"id": 18, "name": "Drama"}]));
    assert_eq!(titles(&client, "/api/v1/movies?available=true").await.len(), 5, "the built-in ones");
    assert_eq!(titles(&client, "/api/v1/movies?from_year=1971&to_year=1971").await, ["Film 1001"]);
    assert_eq!(titles(&client, "/api/v1/movies?min_rating=7.5").await.len(), 0);
    assert_eq!(titles(&client, "/api/v1/movies?genre=18&max_runtime_ms=6060000").await.len(), 2);
    for wrong in ["sort=loudest", "genre=x", "color=red"] {
        let refused = client.get(&format!("/api/v1/movies?{wrong}")).await;
        assert_eq!(
            (refused.status, &refused.body["code"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &"invalid_query".into())
        );
    }
    app.stop().await;
}

#[tokio::test]
async fn my_list_is_mine_and_what_i_share_is_seen_by_others() {
    let database = TmdbStandIn::with_shows(20, 20).await;
    let (app, ada) = filled(&database).await;
    let bob = app.user(&ada, "bob").await;
    let film = ada.get("/api/v1/lists/popular-movies").await.body["items"][0]["id"].clone();
    let show = ada.get("/api/v1/lists/popular-shows").await.body["items"][0]["id"].clone();
    let send = async |client: &Client, method: Method, path: &str| {
        client.request(method, &format!("/api/v1/lists/{path}")).send().await.unwrap().status()
    };

    assert!(titles(&ada, "/api/v1/lists/my-list").await.is_empty());
    for path in [format!("my-list/items/movies/{film}"), format!("my-list/items/shows/{show}")] {
        assert_eq!(send(&ada, Method::PUT, &path).await, StatusCode::NO_CONTENT);
        assert_eq!(send(&ada, Method::PUT, &path).await, StatusCode::NO_CONTENT, "twice is once");
    }
    assert_eq!(titles(&ada, "/api/v1/lists/my-list").await, ["Show 1001", "Film 1001"], "the newest first");
    assert!(titles(&bob, "/api/v1/lists/my-list").await.is_empty());
    assert_eq!(ada.get(&format!("/api/v1/movies/{film}")).await.body["is_in_my_list"], true);
    assert_eq!(bob.get(&format!("/api/v1/shows/{show}")).await.body["is_in_my_list"], false);
    let home = ada.get("/api/v1/home").await.expect(StatusCode::OK);
    assert_eq!(home["rows"][0]["slug"], "my-list");
    assert_eq!(send(&ada, Method::PUT, "my-list/items/movies/4711").await, StatusCode::NOT_FOUND);
    assert_eq!(send(&ada, Method::DELETE, &format!("my-list/items/shows/{show}")).await, StatusCode::NO_CONTENT);
    assert_eq!(titles(&ada, "/api/v1/lists/my-list").await, ["Film 1001"]);

    // A list with a name of its own.
    let made = ada.post("/api/v1/lists", &json!({"name": "Rainy days"})).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let slug = made.body["slug"].as_str().unwrap().to_owned();
    assert_eq!(send(&ada, Method::PUT, &format!("{slug}/items/shows/{show}")).await, StatusCode::NO_CONTENT);
    assert_eq!(bob.get(&format!("/api/v1/lists/{slug}")).await.status, StatusCode::NOT_FOUND);
    let shared =
        ada.request(Method::PATCH, &format!("/api/v1/lists/{slug}")).json(&json!({"is_public": true, "name": "Rain"}));
    let shared: Value = shared.send().await.unwrap().json().await.unwrap();
    assert_eq!((&shared["name"], &shared["is_public"], &shared["count"]), (&"Rain".into(), &true.into(), &1.into()));
    assert_eq!(titles(&bob, &format!("/api/v1/lists/{slug}")).await, ["Show 1001"]);
    for (method, path) in [(Method::DELETE, slug.clone()), (Method::PUT, format!("{slug}/items/movies/{film}"))] {
        assert_eq!(send(&bob, method, &path).await, StatusCode::NOT_FOUND, "bob may not change it");
    }
    assert_eq!(ada.post("/api/v1/lists", &json!({"name": "  "})).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send(&ada, Method::DELETE, &slug).await, StatusCode::NO_CONTENT);
    assert_eq!(ada.get(&format!("/api/v1/lists/{slug}")).await.status, StatusCode::NOT_FOUND);
    app.stop().await;
}
