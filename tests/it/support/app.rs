//! A whole daemon in this process, and clients that talk to it as a browser or a player would.

use miauflix::{
    app::{App, Ports, Running},
    config::Config,
    ports::ActorObserver,
};
use ractor::ActorCell;
use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tempfile::TempDir;

pub const PASSWORD: &str = "correct horse battery staple";

/// A daemon on a free port with a data directory of its own.
pub struct TestApp {
    pub running: Running,
    pub kills: Arc<Kills>,
    pub data: TempDir,
}

/// Sees every actor start, so that tests can make any of them fall.
#[derive(Default)]
pub struct Kills(Mutex<Vec<(String, ActorCell)>>);

impl ActorObserver for Kills {
    fn started(&self, path: &str, actor: &ActorCell) {
        self.0.lock().unwrap().push((path.to_owned(), actor.clone()));
    }
}

impl Kills {
    /// Kills the current incarnation of an actor.
    pub fn kill(&self, path: &str) {
        let actors = self.0.lock().unwrap();
        let (_, actor) = actors.iter().rfind(|(other, _)| other == path).unwrap_or_else(|| panic!("no actor {path}"));
        actor.kill();
    }
}

/// The configuration tests start from: free ports, no traffic but to loopback.
pub fn config(data: &TempDir) -> Config {
    let mut config = Config::default();
    config.server.listen = "127.0.0.1:0".parse().unwrap();
    config.data.dir = data.path().to_path_buf();
    config.torrents.dht = false;
    config.torrents.free_space_reserve_gib = 0;
    config
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::start_in(TempDir::new().unwrap(), change).await
    }

    /// Starts on a data directory that another daemon may have left.
    pub async fn start_in(data: TempDir, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = config(&data);
        change(&mut config);
        let kills = Arc::new(Kills::default());
        let ports = Ports { observer: kills.clone(), ..Ports::default() };
        let running = App::start(config, ports).await.unwrap();
        Self { running, kills, data }
    }

    pub fn client(&self) -> Client {
        Client::new(self.running.url())
    }

    /// Makes the first account and signs in as it.
    pub async fn admin(&self) -> Client {
        let mut client = self.client();
        let token = self.running.setup_token().expect("the first start has a setup token").to_owned();
        client.set_up(&token).await;
        client
    }

    /// Makes another account, which `admin` may, and signs in as it.
    pub async fn user(&self, admin: &Client, username: &str) -> Client {
        let body = json!({"username": username, "password": PASSWORD, "role": "user"});
        admin.post("/api/v1/users", &body).await.expect(StatusCode::CREATED);
        let mut client = self.client();
        client.sign_in(username).await;
        client
    }

    /// Stops the daemon and hands back its data directory.
    pub async fn stop(mut self) -> TempDir {
        self.running.stop().await;
        self.data
    }
}

/// An HTTP client with a bearer token once it is signed in.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

impl Client {
    pub fn new(base: String) -> Self {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(60)).no_proxy().build().unwrap();
        Self { http, base, token: None }
    }

    pub async fn set_up(&mut self, token: &str) {
        let body = json!({"token": token, "username": "ada", "password": PASSWORD, "transport": "token"});
        let signed_in = self.post("/api/v1/setup", &body).await.expect(StatusCode::CREATED);
        self.token = Some(signed_in["access_token"].as_str().unwrap().to_owned());
    }

    pub async fn sign_in(&mut self, username: &str) {
        let body = json!({"username": username, "password": PASSWORD, "transport": "token"});
        let signed_in = self.post("/api/v1/auth/login", &body).await.expect(StatusCode::OK);
        self.token = Some(signed_in["access_token"].as_str().unwrap().to_owned());
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) if path.starts_with("/api/") => request.bearer_auth(token),
            _ => request,
        }
    }

    /// A request to any server, without credentials.
    pub fn request_url(&self, method: Method, url: &str) -> RequestBuilder {
        self.http.request(method, url)
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::POST, path).json(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        Answer::of(self.request(Method::PUT, path).json(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, path)).await
    }

    /// Opens a torrent of one's own; answers the id of its film.
    pub async fn open_torrent(&self, metainfo: &[u8]) -> i64 {
        let request = self.request(Method::POST, "/api/v1/torrents");
        let request = request.header(header::CONTENT_TYPE, "application/x-bittorrent").body(metainfo.to_vec());
        Answer::of(request).await.expect(StatusCode::CREATED)["id"].as_i64().unwrap()
    }

    /// Opens a magnet link; answers the id of its film.
    pub async fn open_magnet(&self, magnet: &str) -> i64 {
        let answer = self.post("/api/v1/torrents", &json!({"magnet": magnet})).await;
        answer.expect(StatusCode::CREATED)["id"].as_i64().unwrap()
    }

    /// Presses Play.
    pub async fn play(&self, movie: i64) -> Value {
        self.post("/api/v1/playback", &json!({"movie_id": movie})).await.expect(StatusCode::CREATED)
    }

    /// Reads `range` (such as `0-99`) of a stream to its end.
    pub async fn read(&self, stream_url: &str, range: &str) -> Vec<u8> {
        let request = self.request(Method::GET, stream_url).header(header::RANGE, format!("bytes={range}"));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
        response.bytes().await.unwrap().to_vec()
    }

    /// Asks for a range and takes what comes before the connection ends, which may be nothing.
    pub async fn try_read(&self, stream_url: &str, range: &str) -> Vec<u8> {
        let request = self.request(Method::GET, stream_url).header(header::RANGE, format!("bytes={range}"));
        let mut bytes = Vec::new();
        if let Ok(mut response) = request.send().await
            && response.status() == StatusCode::PARTIAL_CONTENT
        {
            while let Ok(Some(chunk)) = response.chunk().await {
                bytes.extend_from_slice(&chunk);
            }
        }
        bytes
    }

    /// Asks for a stream from `start` on, and reads nothing of it yet: a player that has paused.
    pub async fn open_stream(&self, stream_url: &str, start: u64) -> Stream {
        let request = self.request(Method::GET, stream_url).header(header::RANGE, format!("bytes={start}-"));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
        Stream(response)
    }

    /// The status of an answer, if there is one: the daemon may be dying.
    pub async fn try_get(&self, path: &str) -> Option<StatusCode> {
        Self::status_of(self.request(Method::GET, path)).await
    }

    pub async fn try_post(&self, path: &str, body: &Value) -> Option<StatusCode> {
        Self::status_of(self.request(Method::POST, path).json(body)).await
    }

    pub async fn try_put(&self, path: &str, body: &Value) -> Option<StatusCode> {
        Self::status_of(self.request(Method::PUT, path).json(body)).await
    }

    async fn status_of(request: RequestBuilder) -> Option<StatusCode> {
        Some(request.send().await.ok()?.status())
    }

    /// The id of the built-in film that streams from inside the daemon.
    pub async fn playback_check(&self) -> i64 {
        let home = self.get("/api/v1/home").await.expect(StatusCode::OK);
        let titles = home["rows"].as_array().unwrap().iter().flat_map(|row| row["items"].as_array().unwrap());
        let check = titles.into_iter().find(|title| title["title"] == "Playback check").unwrap();
        check["id"].as_i64().unwrap()
    }

    /// The same signed-in client, talking to another incarnation of the daemon.
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// The address of a path, for players outside this process.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

/// What the daemon answered.
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
}

impl Answer {
    async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let status = response.status();
        let bytes = response.bytes().await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Self { status, body }
    }

    /// The body, provided the status is the one expected.
    #[track_caller]
    pub fn expect(self, status: StatusCode) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.body
    }

    /// The stable word of a problem.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

/// A film's bytes as they come.
pub struct Stream(reqwest::Response);

impl Stream {
    /// Reads on until there are at least `least` bytes more.
    pub async fn read_some(&mut self, least: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while bytes.len() < least {
            bytes.extend_from_slice(&self.0.chunk().await.unwrap().expect("the stream goes on"));
        }
        bytes
    }

    /// Reads until the stream ends, and says whether it ended as announced.
    pub async fn read_to_end(&mut self) -> (Vec<u8>, bool) {
        let mut bytes = Vec::new();
        loop {
            match self.0.chunk().await {
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => return (bytes, true),
                Err(_) => return (bytes, false),
            }
        }
    }
}
