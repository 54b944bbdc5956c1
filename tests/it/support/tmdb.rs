//! A film database on loopback that answers as The Movie Database does, with films and shows of our own making, and that can be told
//! to fail.

use axum::{
    Json, Router,
    body::Body,
    extract::{Path, Query, Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinHandle};

pub const TOKEN: &str = "a-token-of-the-stand-in";
/// A red pixel.
const PICTURE: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53, 0xde, 0x00, 0x00, 0x00, 0x0c, 0x49,
    0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x38, 0x60, 0xa0, 0x00, 0x00, 0x02, 0xc4, 0x01, 0x11, 0xcc, 0x8a, 0x3b, 0x5e,
    0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];
const PER_PAGE: usize = 20;
pub const GENRES: [(usize, &str); 5] =
    [(18, "Drama"), (35, "Comedy"), (37, "Western"), (28, "Action"), (99, "Documentary")];
pub const SEASONS: usize = 2;
pub const EPISODES: u32 = 4;

/// What the database does when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Fine,
    Slow(Duration),
    Failing,
    TooMany,
    Html,
    CutOff,
    Huge,
    WrongTypes,
    Redirecting,
    /// The token is not good any more.
    Refusing,
    Gone,
    /// Right, with more in it than anybody has heard of.
    Chatty,
    /// Right, but everything is there twice.
    Doubled,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    List,
    Movie,
    Show,
    Season,
    Changes,
    Search,
    Image,
}

impl Endpoint {
    fn of(path: &str) -> Self {
        let parts: Vec<_> = path.split('/').skip(2).collect();
        match parts[..] {
            ["search" | "find", ..] => Self::Search,
            ["p", ..] => Self::Image,
            [_, "changes"] => Self::Changes,
            ["movie", id] if id.parse::<u32>().is_ok() => Self::Movie,
            ["tv", id] if id.parse::<u32>().is_ok() => Self::Show,
            ["tv", _, "season", _] => Self::Season,
            _ => Self::List,
        }
    }
}

/// The database. Gone when dropped.
pub struct TmdbStandIn {
    pub api_url: String,
    pub images_url: String,
    state: Arc<Shared>,
    task: JoinHandle<()>,
}

/// Of a season's number, its episodes by their numbers and ids.
type ToldSeason = (u32, Vec<(u32, u32)>);

struct Shared {
    mood: Mutex<Mood>,
    moods: Mutex<HashMap<Endpoint, Mood>>,
    asked: Mutex<HashMap<Endpoint, usize>>,
    requests: AtomicUsize,
    /// Pages of lists that the daemon had already.
    unchanged: AtomicUsize,
    /// How many films each list of films has, and how many shows each list of shows.
    films: usize,
    shows: usize,
    /// How many films and shows that are in no other list each of the [`GENRES`] has.
    of_genre: [usize; 2],
    /// What a season of each show has; see [`TmdbStandIn::set_season`].
    season: Mutex<Option<ToldSeason>>,
    /// More is to come of every show.
    is_running: AtomicBool,
    /// Films that have a new title.
    changed: Mutex<Vec<usize>>,
}

impl Drop for TmdbStandIn {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl TmdbStandIn {
    /// Knows `films` films, all of them in each of its lists.
    pub async fn start(films: usize) -> Self {
        Self::with_shows(films, 0).await
    }

    /// Knows shows, too, each with [`SEASONS`] seasons of [`EPISODES`] episodes and two specials.
    pub async fn with_shows(films: usize, show_count: usize) -> Self {
        Self::with_genres(films, show_count, [0, 0]).await
    }

    /// Has more films and shows in each of its [`GENRES`], which are in no other list.
    pub async fn with_genres(films: usize, show_count: usize, of_genre: [usize; 2]) -> Self {
        let state = Arc::new(Shared {
            mood: Mutex::new(Mood::Fine),
            moods: Mutex::default(),
            asked: Mutex::default(),
            requests: AtomicUsize::new(0),
            unchanged: AtomicUsize::new(0),
            films,
            shows: show_count,
            of_genre,
            season: Mutex::default(),
            is_running: AtomicBool::new(false),
            changed: Mutex::default(),
        });
        let router = Router::new()
            .route("/3/trending/movie/week", get(list))
            .route("/3/movie/{id}", get(movie))
            .route("/3/trending/tv/week", get(shows))
            .route("/3/tv/{id}", get(show))
            .route("/3/tv/{id}/season/{number}", get(season))
            .route("/3/genre/{kind}/list", get(genres))
            .route("/3/discover/{kind}", get(discover))
            .route("/3/search/multi", get(search))
            .route("/3/find/{id}", get(find))
            .route("/t/p/{size}/{name}", get(image))
            .layer(from_fn_with_state(state.clone(), in_its_mood))
            .with_state(state.clone());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { api_url: format!("{base}/3/"), images_url: format!("{base}/t/p/"), state, task }
    }

    pub fn set_mood(&self, mood: Mood) {
        *self.state.mood.lock().unwrap() = mood;
    }

    /// Has one endpoint be in a mood of its own.
    pub fn set_mood_of(&self, endpoint: Endpoint, mood: Mood) {
        self.state.moods.lock().unwrap().insert(endpoint, mood);
    }

    /// Requests that one endpoint got so far.
    pub fn requests_of(&self, endpoint: Endpoint) -> usize {
        self.state.asked.lock().unwrap().get(&endpoint).copied().unwrap_or_default()
    }

    /// From now on this season of every show has the episodes of these numbers and ids.
    pub fn set_season(&self, number: u32, episodes: Vec<(u32, u32)>) {
        *self.state.season.lock().unwrap() = Some((number, episodes));
    }

    /// More is to come of every show.
    pub fn set_running(&self) {
        self.state.is_running.store(true, Ordering::SeqCst);
    }

    /// Gives a film a new title, as of every day that is asked for.
    pub fn change_film(&self, id: usize) {
        self.state.changed.lock().unwrap().push(id);
    }

    /// Pages of lists that were not sent again, because the daemon had them.
    pub fn unchanged(&self) -> usize {
        self.state.unchanged.load(Ordering::SeqCst)
    }

    /// Requests that were made so far but for pictures, whatever they were answered.
    pub fn requests(&self) -> usize {
        self.state.requests.load(Ordering::SeqCst)
    }
}

impl Shared {
    /// Answers as the mood is; `Err` is that answer where it is not the right one.
    async fn greet(&self, headers: &HeaderMap, needs_token: bool) -> Result<(), Response> {
        // Pictures come from another server.
        self.requests.fetch_add(usize::from(needs_token), Ordering::SeqCst);
        let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        if needs_token && token != Some(&format!("Bearer {TOKEN}")) {
            return Err((StatusCode::UNAUTHORIZED, Json(json!({"status_code": 7}))).into_response());
        }
        assert!(needs_token || token.is_none(), "the token goes to the API only");
        let mood = *self.mood.lock().unwrap();
        Self::act(mood).await
    }

    async fn act(mood: Mood) -> Result<(), Response> {
        let json = [(header::CONTENT_TYPE, "application/json")];
        match mood {
            Mood::Fine | Mood::Chatty | Mood::Doubled => Ok(()),
            Mood::Refusing => Err((StatusCode::UNAUTHORIZED, Json(json!({"status_code": 7}))).into_response()),
            Mood::Gone => Err((StatusCode::NOT_FOUND, Json(json!({"status_code": 34}))).into_response()),
            Mood::Slow(pause) => {
                tokio::time::sleep(pause).await;
                Ok(())
            }
            Mood::Failing => Err(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
            Mood::TooMany => Err((StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")]).into_response()),
            Mood::Html => Err(([(header::CONTENT_TYPE, "text/html")], "<html>Please log in</html>").into_response()),
            Mood::CutOff => Err((json, "{\"results\": [{\"id\": 1, \"ti").into_response()),
            Mood::Huge => {
                let chunks = futures::stream::iter((0..50).map(|_| Ok::<_, std::io::Error>(vec![b' '; 1 << 20])));
                Err((json, Body::from_stream(chunks)).into_response())
            }
            Mood::WrongTypes => Err(Json(json!({"results": "none", "id": [], "title": 7})).into_response()),
            Mood::Redirecting => {
                Err((StatusCode::FOUND, [(header::LOCATION, "http://127.0.0.1:1/elsewhere")]).into_response())
            }
        }
    }
}

/// Answers as the endpoint's own mood is.
async fn in_its_mood(State(state): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let endpoint = Endpoint::of(request.uri().path());
    *state.asked.lock().unwrap().entry(endpoint).or_default() += 1;
    let mood = state.moods.lock().unwrap().get(&endpoint).copied().unwrap_or(Mood::Fine);
    if let Err(answer) = Shared::act(mood).await {
        return answer;
    }
    let answer = next.run(request).await;
    if endpoint == Endpoint::Image || !matches!(mood, Mood::Chatty | Mood::Doubled) {
        return answer;
    }
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    let mut body: Value = serde_json::from_slice(&body).unwrap();
    if mood == Mood::Chatty {
        body["new_since"] = json!({"2031": [1, null, "x"]});
    }
    for name in ["results", "episodes", "seasons", "genres"] {
        let Some(records) = body.get_mut(name).and_then(Value::as_array_mut) else { continue };
        match mood {
            Mood::Chatty => records.iter_mut().for_each(|record| record["new_since"] = json!([{"deep": {}}])),
            _ => records.extend_from_within(..),
        }
    }
    Json(body).into_response()
}

async fn list(
    State(state): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    state.greet(&headers, true).await?;
    let page: usize = query["page"].parse().unwrap();
    // Numbers that differ from ours, so that the one is never taken for the other.
    let ids = (page - 1) * PER_PAGE + 1..=(page * PER_PAGE).min(state.films);
    let results: Vec<Value> = ids.map(|number| summary(1_000 + number)).collect();
    let body = Json(json!({"page": page, "results": results, "total_pages": state.films.div_ceil(PER_PAGE)}));
    // These lists never change.
    let tag = format!("W/\"{}-{page}\"", state.films);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| *known == *tag) {
        state.unchanged.fetch_add(1, Ordering::SeqCst);
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    Ok(([(header::ETAG, tag)], body).into_response())
}

fn summary(id: usize) -> Value {
    json!({
        "id": id, "title": format!("Film {id}"), "original_title": format!("Fiolm {id}"), "original_language": "de",
        "overview": format!("What happens in film {id}."), "release_date": format!("{}-05-01", 1950 + id % 70),
        "poster_path": format!("/poster{id}.jpg"), "backdrop_path": format!("/backdrop{id}.jpg"),
        "popularity": 1.0 / id as f64, "vote_average": 7.4, "vote_count": 12, "adult": false, "video": false,
        "genre_ids": [18, 35],
    })
}

async fn movie(
    State(state): State<Arc<Shared>>,
    Path(id): Path<String>,
    query: Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, Response> {
    if id == "changes" {
        state.greet(&headers, true).await?;
        let changed = state.changed.lock().unwrap();
        // Some that nobody here has heard of, too.
        let results: Vec<Value> = changed.iter().chain(&[77_777]).map(|id| json!({"id": id, "adult": null})).collect();
        return Ok(Json(json!({"results": results, "page": 1, "total_pages": 1})).into_response());
    }
    if ["now_playing", "popular", "top_rated"].contains(&id.as_str()) {
        return list(State(state), query, headers).await;
    }
    state.greet(&headers, true).await?;
    let id: usize = id.parse().unwrap();
    let mut details = summary(id);
    if state.changed.lock().unwrap().contains(&id) {
        details["title"] = format!("Film {id}, recut").into();
    }
    let more = json!({
        "imdb_id": format!("tt{id:07}"), "tagline": format!("Film {id}, in short"), "runtime": 60 + id % 60,
        "budget": 0, "revenue": 5, "genres": [{"id": 35, "name": "Comedy"}, {"id": 18, "name": "Drama"}],
        "release_dates": {"results": [{"iso_3166_1": "US", "release_dates": [{"certification": "PG-13", "type": 3}]}]},
        "recommendations": {"results": [summary(id + 1), summary(id + 2), summary(999_999)], "total_pages": 1},
    });
    details.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    details.as_object_mut().unwrap().extend(extras(id, "title", "Film").as_object().unwrap().clone());
    if id % 10 == 9 {
        // Nobody has written about it but where it was made.
        details["overview"] = "".into();
    }
    Ok(Json(details).into_response())
}

/// Titles of a number that 10 divides have no Danish title, those of 10 n + 9 no text in English.
fn extras(id: usize, title: &str, what: &str) -> Value {
    let text = |language: &str, country: &str, name: String, overview: String| {
        json!({"iso_639_1": language, "iso_3166_1": country, "name": language, "english_name": language,
               "data": {title: name, "overview": overview, "tagline": "", "homepage": ""}})
    };
    let danish = if id.is_multiple_of(10) { String::new() } else { format!("{what} {id} på dansk") };
    json!({
        "translations": {"translations": [
            text("de", "DE", format!("{what} {id} auf Deutsch"), format!("Was in {id} geschieht.")),
            text("da", "DK", danish, format!("Hvad der sker i {id}.")),
            text("pt", "BR", format!("{what} {id} no Brasil"), String::new()),
        ]},
        "credits": {
            "cast": [{"name": format!("Second Of {id}"), "order": 1}, {"name": format!("Asta Lead{id}"), "order": 0}],
            "crew": [{"name": format!("Dee Rector{id}"), "job": "Director"}, {"name": "Grip", "job": "Key Grip"}],
        },
        "videos": {"results": [{"key": format!("trailer{id}"), "site": "YouTube", "type": "Trailer", "official": true,
                                "iso_639_1": "en"}]},
        "images": {"logos": [{"file_path": format!("/logo{id}.png"), "iso_639_1": "en"}]},
    })
}

/// Names of genres are in the language that is asked for.
async fn genres(
    State(state): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Json<Value>, Response> {
    state.greet(&headers, true).await?;
    let name = |english: &str| {
        if query["language"] == "en" { english.to_owned() } else { format!("{english} ({})", query["language"]) }
    };
    let genres = GENRES.map(|(id, english)| json!({"id": id, "name": name(english)}));
    Ok(Json(json!({"genres": genres})))
}

/// What is popular of a genre.
async fn discover(
    State(state): State<Arc<Shared>>,
    Path(kind): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Json<Value>, Response> {
    state.greet(&headers, true).await?;
    assert_eq!(query["sort_by"], "popularity.desc");
    let (page, genre): (usize, usize) = (query["page"].parse().unwrap(), query["with_genres"].parse().unwrap());
    let (count, summary): (usize, fn(usize) -> Value) = match &*kind {
        "movie" => (state.of_genre[0], summary),
        _ => (state.of_genre[1], show_summary),
    };
    let ids = (page - 1) * PER_PAGE + 1..=(page * PER_PAGE).min(count);
    let results: Vec<Value> = ids.map(|number| summary(genre * 10_000 + number)).collect();
    Ok(Json(json!({"page": page, "results": results, "total_pages": count.div_ceil(PER_PAGE).max(1)})))
}

async fn shows(
    State(state): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Json<Value>, Response> {
    state.greet(&headers, true).await?;
    let page: usize = query["page"].parse().unwrap();
    let ids = (page - 1) * PER_PAGE + 1..=(page * PER_PAGE).min(state.shows);
    // Films and shows may have the same number.
    let results: Vec<Value> = ids.map(|number| show_summary(1_000 + number)).collect();
    Ok(Json(json!({"page": page, "results": results, "total_pages": state.shows.div_ceil(PER_PAGE).max(1)})))
}

fn show_summary(id: usize) -> Value {
    json!({
        "id": id, "name": format!("Show {id}"), "original_name": format!("Shiow {id}"), "original_language": "da",
        "overview": format!("What happens in show {id}."), "first_air_date": format!("{}-09-01", 1960 + id % 60),
        "poster_path": format!("/show{id}.jpg"), "backdrop_path": null, "popularity": 1.0 / id as f64,
        "vote_average": 8.1, "vote_count": 5, "origin_country": ["DK"], "genre_ids": [18],
    })
}

async fn show(
    State(state): State<Arc<Shared>>,
    Path(id): Path<String>,
    query: Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Json<Value>, Response> {
    if id == "changes" {
        state.greet(&headers, true).await?;
        return Ok(Json(json!({"results": [], "page": 1, "total_pages": 1})));
    }
    if ["on_the_air", "popular", "top_rated"].contains(&id.as_str()) {
        return shows(State(state), query, headers).await;
    }
    state.greet(&headers, true).await?;
    let id: usize = id.parse().unwrap();
    let season = |number: usize| {
        let count = if number == 0 { 2 } else { EPISODES };
        json!({"id": id * 10 + number, "season_number": number, "name": format!("Season {number}"), "overview": "",
               "air_date": "2001-01-01", "episode_count": count, "poster_path": null})
    };
    let mut details = show_summary(id);
    let more = json!({
        "external_ids": {"imdb_id": format!("tt9{id:06}")}, "tagline": format!("Show {id}, in short"),
        "status": "Ended", "in_production": state.is_running.load(Ordering::SeqCst), "genres": [{"id": 18, "name": "Drama"}],
        "seasons": (0..=SEASONS).map(season).collect::<Vec<_>>(), "created_by": [{"id": 1, "name": "Cree Ator"}],
        "content_ratings": {"results": [{"iso_3166_1": "US", "rating": "TV-14"}]},
        "recommendations": {"results": [show_summary(id + 1)], "total_pages": 1},
    });
    details.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    details.as_object_mut().unwrap().extend(extras(id, "name", "Show").as_object().unwrap().clone());
    Ok(Json(details))
}

async fn season(
    State(state): State<Arc<Shared>>,
    Path((id, number)): Path<(u32, u32)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Response> {
    state.greet(&headers, true).await?;
    let regular = (1..=if number == 0 { 2 } else { EPISODES }).map(|n| (n, n)).collect();
    let told = state.season.lock().unwrap().clone().filter(|(told, _)| *told == number).map(|(_, episodes)| episodes);
    let episode = |(n, episode_id): (u32, u32)| {
        json!({"id": id * 1_000 + number * 100 + episode_id, "episode_number": n, "season_number": number,
               "name": format!("Episode {episode_id} of season {number}"), "overview": "What happens in it.",
               "air_date": format!("2001-{:02}-{n:02}", number + 1), "runtime": 45, "still_path": "/still.jpg"})
    };
    let episodes: Vec<Value> = told.unwrap_or(regular).into_iter().map(episode).collect();
    Ok(Json(json!({"season_number": number, "episodes": episodes})))
}

/// Finds one film and one show that are in no list, and a person.
async fn search(
    State(state): State<Arc<Shared>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Json<Value>, Response> {
    state.greet(&headers, true).await?;
    let named = |mut found: Value, kind: &str, name: &str| {
        found["media_type"] = kind.into();
        found[name] = format!("{} the {kind}", query["query"]).into();
        found
    };
    let results = json!([
        {"id": 5, "media_type": "person", "name": query["query"]},
        named(summary(90_001), "movie", "title"),
        named(show_summary(90_002), "tv", "name"),
    ]);
    Ok(Json(json!({"page": 1, "results": results, "total_pages": 1})))
}

/// One film has every number.
async fn find(
    State(state): State<Arc<Shared>>,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Json<Value>, Response> {
    state.greet(&headers, true).await?;
    assert!(id.starts_with("tt") && query["external_source"] == "imdb_id");
    Ok(Json(json!({"movie_results": [summary(90_003)], "tv_results": [], "person_results": []})))
}

async fn image(State(state): State<Arc<Shared>>, headers: HeaderMap) -> Result<Response, Response> {
    state.greet(&headers, false).await?;
    Ok(([(header::CONTENT_TYPE, "image/png")], PICTURE).into_response())
}
