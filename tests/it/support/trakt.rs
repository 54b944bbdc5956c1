//! A Trakt on loopback that answers as the real one does, with one account, and that can be told to fail.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, Query, Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinHandle};

pub const CLIENT_ID: &str = "an-id-of-the-stand-in";
pub const CLIENT_SECRET: &str = "a-secret-of-the-stand-in";
pub const USERNAME: &str = "sean";

/// What Trakt does when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Fine,
    Failing,
    TooMany,
    Html,
    Huge,
    CutOff,
    Slow(Duration),
}

/// Trakt. Gone when dropped.
pub struct TraktStandIn {
    pub api_url: String,
    state: Arc<Mutex<Account>>,
    task: JoinHandle<()>,
}

struct Account {
    mood: Mood,
    /// What a question for the token is answered.
    poll_status: u16,
    /// Access and refresh tokens that count now, and how many pairs were given out.
    tokens: Option<(String, String)>,
    given: usize,
    expires_in_s: u64,
    refreshes: usize,
    revoked: Vec<String>,
    requests: Vec<(String, Value)>,
    /// Counts up with each change, as the times of the last activities do.
    changes: BTreeMap<&'static str, u64>,
    /// Films by their number, and episodes by show, season and number, each with when they were watched.
    movies: BTreeMap<i64, Vec<String>>,
    episodes: BTreeMap<(i64, i64, i64), Vec<String>>,
    playback: Vec<Value>,
    watchlist: Vec<(&'static str, i64)>,
    watchlist_room: usize,
    /// Lists with their items, by their numbers.
    lists: BTreeMap<i64, (Value, Vec<Value>)>,
    /// Those whose items are not given.
    failing_list: Option<i64>,
}

impl Drop for TraktStandIn {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl TraktStandIn {
    pub async fn start() -> Self {
        let state = Arc::new(Mutex::new(Account {
            mood: Mood::Fine,
            poll_status: 400,
            tokens: None,
            given: 0,
            expires_in_s: 7 * 24 * 3_600,
            refreshes: 0,
            revoked: Vec::new(),
            requests: Vec::new(),
            changes: BTreeMap::new(),
            movies: BTreeMap::new(),
            episodes: BTreeMap::new(),
            playback: Vec::new(),
            watchlist: Vec::new(),
            watchlist_room: usize::MAX,
            lists: BTreeMap::new(),
            failing_list: None,
        }));
        let router = Router::new()
            .route("/oauth/device/code", post(device_code))
            .route("/oauth/device/token", post(device_token))
            .route("/oauth/token", post(refresh))
            .route("/oauth/revoke", post(revoke))
            .route("/users/settings", get(settings))
            .route("/users/me/lists", get(lists))
            .route("/users/me/lists/{list}/items/{kinds}", get(list_items))
            .route("/sync/last_activities", get(activities))
            .route("/sync/watched/{kind}", get(watched))
            .route("/sync/playback", get(playback))
            .route("/sync/watchlist", get(watchlist).post(add_to_watchlist))
            .route("/sync/watchlist/remove", post(remove_from_watchlist))
            .route("/sync/history", post(add_to_history))
            .route("/scrobble/{action}", post(scrobble))
            .layer(middleware::from_fn_with_state(state.clone(), greet))
            .with_state(state.clone());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let api_url = format!("http://{}/", listener.local_addr().unwrap());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { api_url, state, task }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Account) -> T) -> T {
        work(&mut self.state.lock().unwrap())
    }

    pub fn set_mood(&self, mood: Mood) {
        self.with(|account| account.mood = mood);
    }

    /// What a question for the token is answered from now on: 200 once the user has typed the code in.
    pub fn set_poll_status(&self, status: u16) {
        self.with(|account| account.poll_status = status);
    }

    /// How long tokens count that are given from now on.
    pub fn set_token_life(&self, life: Duration) {
        self.with(|account| account.expires_in_s = life.as_secs());
    }

    /// From now on no token counts that was given so far, nor does the refresh token.
    pub fn forget_tokens(&self) {
        self.with(|account| account.tokens = None);
    }

    /// From now on the access token does not count, but the refresh token does.
    pub fn forget_access_token(&self) {
        self.with(|account| {
            if let Some((access, _)) = &mut account.tokens {
                "gone".clone_into(access);
            }
        });
    }

    /// The tokens that count now.
    pub fn tokens(&self) -> Option<(String, String)> {
        self.with(|account| account.tokens.clone())
    }

    pub fn refreshes(&self) -> usize {
        self.with(|account| account.refreshes)
    }

    pub fn revoked(&self) -> Vec<String> {
        self.with(|account| account.revoked.clone())
    }

    /// Bodies that were sent to a path so far.
    pub fn sent(&self, path: &str) -> Vec<Value> {
        self.with(|account| {
            account.requests.iter().filter(|(to, _)| to == path).map(|(_, body)| body.clone()).collect()
        })
    }

    /// Paths that were asked so far, in their order.
    pub fn asked(&self) -> Vec<String> {
        self.with(|account| account.requests.iter().map(|(path, _)| path.clone()).collect())
    }

    /// The account has watched a film.
    pub fn watch_movie(&self, tmdb_id: i64, at: &str) {
        self.with(|account| {
            account.movies.entry(tmdb_id).or_default().push(at.to_owned());
            account.change("movies watched");
        });
    }

    /// The account has watched an episode of a show.
    pub fn watch_episode(&self, show: i64, season: i64, number: i64, at: &str) {
        self.with(|account| {
            account.episodes.entry((show, season, number)).or_default().push(at.to_owned());
            account.change("episodes watched");
        });
    }

    /// The account is in the middle of a film.
    pub fn pause_movie(&self, tmdb_id: i64, progress: f64, at: &str) {
        self.with(|account| {
            let movie = json!({"title": format!("Film {tmdb_id}"), "year": 2001, "ids": {"tmdb": tmdb_id}});
            account.pause(json!({"type": "movie", "progress": progress, "paused_at": at, "movie": movie}));
            account.change("movies paused");
        });
    }

    /// The account means to watch these from now on: `movies` or `shows`.
    pub fn set_watchlist(&self, titles: &[(&'static str, i64)]) {
        self.with(|account| {
            account.watchlist = titles.to_vec();
            account.change("watchlist");
        });
    }

    pub fn watchlist(&self) -> Vec<(&'static str, i64)> {
        self.with(|account| account.watchlist.clone())
    }

    /// The watchlist takes no more than so many titles.
    pub fn set_watchlist_room(&self, room: usize) {
        self.with(|account| account.watchlist_room = room);
    }

    /// The account keeps a list of `movies`, `shows` and `people` from now on.
    pub fn set_list(&self, id: i64, name: &str, titles: &[(&str, i64)]) {
        let list = json!({"name": name, "description": format!("About {name}"), "privacy": "private",
                          "item_count": titles.len(), "ids": {"trakt": id, "slug": name.to_lowercase()}});
        let items = titles.iter().enumerate().map(|(rank, (kind, id))| listed(rank, kind, *id));
        self.set_list_records(id, list, items.collect());
    }

    /// What is answered of a list from now on.
    pub fn set_list_records(&self, id: i64, list: Value, items: Vec<Value>) {
        self.with(|account| {
            account.lists.insert(id, (list, items));
            account.change("lists");
        });
    }

    pub fn remove_list(&self, id: i64) {
        self.with(|account| {
            account.lists.remove(&id);
            account.change("lists");
        });
    }

    /// From now on the items of this list are not given, and of all others they are.
    pub fn set_failing_list(&self, id: Option<i64>) {
        self.with(|account| account.failing_list = id);
    }

    /// When a film was watched.
    pub fn plays_of_movie(&self, tmdb_id: i64) -> Vec<String> {
        self.with(|account| account.movies.get(&tmdb_id).cloned().unwrap_or_default())
    }

    /// When an episode was watched.
    pub fn plays_of_episode(&self, show: i64, season: i64, number: i64) -> Vec<String> {
        self.with(|account| account.episodes.get(&(show, season, number)).cloned().unwrap_or_default())
    }
}

impl Account {
    fn change(&mut self, what: &'static str) {
        *self.changes.entry(what).or_default() += 1;
    }

    fn pause(&mut self, paused: Value) {
        let name = |of: &Value| (of["movie"]["ids"]["tmdb"].clone(), of["show"].clone(), of["episode"].clone());
        self.playback.retain(|other| name(other) != name(&paused));
        self.playback.push(paused);
    }

    fn give_tokens(&mut self) -> Json<Value> {
        self.given += 1;
        let tokens = (format!("access-token-{}-of-sean", self.given), format!("refresh-token-{}-of-sean", self.given));
        let body = json!({
            "access_token": tokens.0, "refresh_token": tokens.1, "token_type": "bearer", "scope": "public",
            "expires_in": self.expires_in_s, "created_at": 1_700_000_000,
        });
        self.tokens = Some(tokens);
        Json(body)
    }
}

type Shared = State<Arc<Mutex<Account>>>;

/// Notes what is asked, and answers as the mood is where that is not the right answer.
async fn greet(State(state): Shared, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let path = parts.uri.path().trim_start_matches('/').to_owned();
    let noted = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    assert_eq!((header("trakt-api-version"), header("trakt-api-key")), (Some("2"), Some(CLIENT_ID)), "{path}");
    let is_oauth = path.starts_with("oauth/");
    let (mood, counts) = {
        let mut account = state.lock().unwrap();
        account.requests.push((path, noted));
        let token = header("authorization").and_then(|value| value.strip_prefix("Bearer "));
        (account.mood, is_oauth || account.tokens.as_ref().is_some_and(|(access, _)| Some(access.as_str()) == token))
    };
    let json = [(header::CONTENT_TYPE, "application/json")];
    match mood {
        Mood::Fine => {}
        Mood::Slow(pause) => tokio::time::sleep(pause).await,
        Mood::Failing => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Mood::TooMany => return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")]).into_response(),
        Mood::Html => return ([(header::CONTENT_TYPE, "text/html")], "<html>Be right back</html>").into_response(),
        Mood::Huge => return (json, vec![b' '; 20 << 20]).into_response(),
        Mood::CutOff => return (json, "{\"device_code\": \"d").into_response(),
    }
    if !counts {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    next.run(Request::from_parts(parts, body.into())).await
}

fn is_application(body: &Value, needs_secret: bool) -> bool {
    body["client_id"] == CLIENT_ID && (!needs_secret || body["client_secret"] == CLIENT_SECRET)
}

async fn device_code(Json(body): Json<Value>) -> Response {
    if !is_application(&body, false) {
        return StatusCode::FORBIDDEN.into_response();
    }
    Json(json!({
        "device_code": "device-code-of-sean", "user_code": "5055CC52", "expires_in": 600, "interval": 1,
        "verification_url": "https://trakt.tv/activate",
    }))
    .into_response()
}

async fn device_token(State(state): Shared, Json(body): Json<Value>) -> Response {
    assert!(is_application(&body, true) && body["code"] == "device-code-of-sean");
    let mut account = state.lock().unwrap();
    match account.poll_status {
        200 => account.give_tokens().into_response(),
        status => StatusCode::from_u16(status).unwrap().into_response(),
    }
}

async fn refresh(State(state): Shared, Json(body): Json<Value>) -> Response {
    assert!(is_application(&body, true) && body["grant_type"] == "refresh_token");
    let mut account = state.lock().unwrap();
    if account.tokens.as_ref().is_none_or(|(_, refresh)| body["refresh_token"] != **refresh) {
        return (StatusCode::UNAUTHORIZED, Json(json!({"error": "invalid_grant"}))).into_response();
    }
    account.refreshes += 1;
    account.give_tokens().into_response()
}

async fn revoke(State(state): Shared, Json(body): Json<Value>) -> Json<Value> {
    assert!(is_application(&body, true));
    state.lock().unwrap().revoked.push(body["token"].as_str().unwrap().to_owned());
    Json(json!({}))
}

async fn settings() -> Json<Value> {
    Json(json!({"user": {"username": USERNAME, "private": false, "name": "Sean"}, "account": {}}))
}

async fn activities(State(state): Shared) -> Json<Value> {
    let account = state.lock().unwrap();
    let at = |what| format!("2024-01-01T00:00:{:02}.000Z", account.changes.get(what).copied().unwrap_or_default());
    Json(json!({
        "all": "2024-01-01T00:00:00.000Z",
        "movies": {"watched_at": at("movies watched"), "paused_at": at("movies paused")},
        "episodes": {"watched_at": at("episodes watched"), "paused_at": at("episodes paused")},
        "watchlist": {"updated_at": at("watchlist")},
        "lists": {"liked_at": "2024-01-01T00:00:00.000Z", "updated_at": at("lists")},
    }))
}

/// The page that was asked for, with the header that says how many there are.
fn page(records: &[Value], query: &HashMap<String, String>) -> Response {
    let (page, limit): (usize, usize) = (query["page"].parse().unwrap(), query["limit"].parse().unwrap());
    let limit = limit.min(3);
    let pages = records.len().div_ceil(limit).max(1);
    let records: Vec<_> = records.iter().skip((page - 1) * limit).take(limit).collect();
    ([("x-pagination-page-count", pages.to_string())], Json(json!(records))).into_response()
}

async fn watched(
    State(state): Shared,
    Path(kind): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let account = state.lock().unwrap();
    let named = |kind: &str, id: i64| json!({"title": format!("{kind} {id}"), "year": 2001, "ids": {"trakt": id + 5, "tmdb": id}});
    if kind == "movies" {
        let movies = account.movies.iter().map(|(id, plays)| {
            json!({"plays": plays.len(), "last_watched_at": plays.iter().max(), "movie": named("Film", *id)})
        });
        return page(&movies.collect::<Vec<_>>(), &query);
    }
    assert_eq!(query["extended"], "progress");
    let mut shows: BTreeMap<i64, BTreeMap<i64, Vec<Value>>> = BTreeMap::new();
    for ((show, season, number), plays) in &account.episodes {
        let episode = json!({"number": number, "plays": plays.len(), "last_watched_at": plays.iter().max()});
        shows.entry(*show).or_default().entry(*season).or_default().push(episode);
    }
    let shows = shows.into_iter().map(|(show, seasons)| {
        let seasons = seasons.into_iter().map(|(number, episodes)| json!({"number": number, "episodes": episodes}));
        json!({"show": named("Show", show), "seasons": seasons.collect::<Vec<_>>()})
    });
    page(&shows.collect::<Vec<_>>(), &query)
}

async fn playback(State(state): Shared, Query(query): Query<HashMap<String, String>>) -> Response {
    page(&state.lock().unwrap().playback, &query)
}

async fn watchlist(State(state): Shared, Query(query): Query<HashMap<String, String>>) -> Response {
    let account = state.lock().unwrap();
    let listed = account.watchlist.iter().enumerate().map(|(rank, (kind, id))| listed(rank, kind, *id));
    page(&listed.collect::<Vec<_>>(), &query)
}

/// A record of a list.
fn listed(rank: usize, kind: &str, id: i64) -> Value {
    let kind = kind.trim_end_matches('s');
    let name = if kind == "movie" { "Film" } else { "Show" };
    json!({"rank": rank, "listed_at": format!("2024-01-01T00:00:{rank:02}.000Z"), "type": kind,
           kind: {"title": format!("{name} {id}"), "year": 2001, "ids": {"tmdb": id}}})
}

async fn lists(State(state): Shared, Query(query): Query<HashMap<String, String>>) -> Response {
    let lists: Vec<Value> = state.lock().unwrap().lists.values().map(|(list, _)| list.clone()).collect();
    page(&lists, &query)
}

async fn list_items(
    State(state): Shared,
    Path((list, kinds)): Path<(i64, String)>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    assert_eq!(kinds, "movie,show");
    let account = state.lock().unwrap();
    match account.lists.get(&list).filter(|_| account.failing_list != Some(list)) {
        Some((_, items)) => page(items, &query),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn ids(body: &Value) -> Vec<(&'static str, i64)> {
    let of = |kind: &'static str| {
        let titles = body[kind].as_array().cloned().unwrap_or_default();
        titles.into_iter().map(move |title| (kind, title["ids"]["tmdb"].as_i64().unwrap()))
    };
    of("movies").chain(of("shows")).collect()
}

async fn add_to_watchlist(State(state): Shared, Json(body): Json<Value>) -> Response {
    let mut account = state.lock().unwrap();
    let new: Vec<_> = ids(&body).into_iter().filter(|title| !account.watchlist.contains(title)).collect();
    if account.watchlist.len() + new.len() > account.watchlist_room {
        return StatusCode::from_u16(420).unwrap().into_response();
    }
    account.watchlist.extend(new);
    account.change("watchlist");
    (StatusCode::CREATED, Json(json!({"added": {}}))).into_response()
}

async fn remove_from_watchlist(State(state): Shared, Json(body): Json<Value>) -> Json<Value> {
    let mut account = state.lock().unwrap();
    let removed = ids(&body);
    account.watchlist.retain(|title| !removed.contains(title));
    account.change("watchlist");
    Json(json!({"deleted": {}}))
}

async fn add_to_history(State(state): Shared, Json(body): Json<Value>) -> Response {
    let mut account = state.lock().unwrap();
    let at = |of: &Value| of["watched_at"].as_str().unwrap().to_owned();
    for movie in body["movies"].as_array().unwrap() {
        account.movies.entry(movie["ids"]["tmdb"].as_i64().unwrap()).or_default().push(at(movie));
        account.change("movies watched");
    }
    for show in body["shows"].as_array().unwrap() {
        for season in show["seasons"].as_array().unwrap() {
            for episode in season["episodes"].as_array().unwrap() {
                let id = |of: &Value| of.as_i64().unwrap();
                let key = (id(&show["ids"]["tmdb"]), id(&season["number"]), id(&episode["number"]));
                account.episodes.entry(key).or_default().push(at(episode));
                account.change("episodes watched");
            }
        }
    }
    (StatusCode::CREATED, Json(json!({"added": {}}))).into_response()
}

async fn scrobble(State(state): Shared, Path(action): Path<String>, _: HeaderMap, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let progress = body["progress"].as_f64().unwrap();
    let now = jiff::Timestamp::now().to_string();
    let mut account = state.lock().unwrap();
    if action == "stop" && progress >= 80.0 {
        if let Some(movie) = body["movie"]["ids"]["tmdb"].as_i64() {
            let plays = account.movies.entry(movie).or_default();
            if !plays.is_empty() {
                return (StatusCode::CONFLICT, Json(json!({"watched_at": plays[0]}))).into_response();
            }
            plays.push(now);
            account.change("movies watched");
        } else {
            let id = |of: &Value| of.as_i64().unwrap();
            let episode = &body["episode"];
            let key = (id(&body["show"]["ids"]["tmdb"]), id(&episode["season"]), id(&episode["number"]));
            account.episodes.entry(key).or_default().push(now);
            account.change("episodes watched");
        }
    } else if action == "pause" {
        let kind = if body["movie"].is_null() { "episode" } else { "movie" };
        let mut paused = body.clone();
        paused["type"] = kind.into();
        paused["paused_at"] = now.into();
        account.pause(paused);
        account.change(if kind == "movie" { "movies paused" } else { "episodes paused" });
    }
    (StatusCode::CREATED, Json(json!({"id": 1, "action": action, "progress": progress}))).into_response()
}
