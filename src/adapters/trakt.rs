//! Trakt, version 2 of its API: <https://trakt.docs.apiary.io>.
//!
//! At most three questions and one change a second, which is what Trakt lets one client do; somebody who waits goes first.
//! A question is asked again when Trakt fails; a change only when Trakt has surely not made it. Answers have a limit in
//! bytes and in time.

mod wire;

use super::{
    breaker::Breaker,
    gate::{Gate, Pass},
};
use crate::{
    config::{Secret, TraktConfig},
    domain::{
        media::{TitleKind, TmdbId},
        tracking::Tracked,
    },
    ports::{
        Activities, DeviceCode, Listed, Paused, PersonalLists, Polled, Scrobble, Tokens, Urgency, WatchTracker,
        WatchTrackerError, Watched,
    },
    supervision::Backoff,
};
use bytes::{Bytes, BytesMut};
use futures::future::BoxFuture;
use metrics::counter;
use reqwest::{Client, Method, StatusCode, header, redirect};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep, timeout};
use url::Url;

/// 1,000 in five minutes.
const READS_PER_S: u32 = 3;
const CHANGES_PER_S: u32 = 1;
/// Shows come with all their episodes that were watched.
const MAX_BYTES: usize = 8 << 20;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// One attempt, from the request to the last byte.
const TIMEOUT: Duration = Duration::from_secs(10);
const ATTEMPTS: u32 = 3;
const PAUSES: Backoff = Backoff { first: Duration::from_millis(250), most: Duration::from_secs(2) };
/// How long Trakt may have us wait after too many requests, and how long we wait when it does not say.
const MAX_HOLD: Duration = Duration::from_secs(60);
const HOLD: Duration = Duration::from_secs(1);
/// The most that Trakt sends of shows with their episodes.
const PAGE_LENGTH: usize = 100;
/// Of one list: more than 20,000 films, or shows, are beyond any account.
const MAX_PAGES: u32 = 200;
/// Lists of an account that are read, and of one of them, so many films and shows.
const MAX_LISTS: usize = 20;
const MAX_LISTED: usize = 500;

/// Asks Trakt. Cheap to clone.
#[derive(Clone)]
pub struct Trakt(Arc<Server>);

struct Server {
    http: Client,
    base: Url,
    client_id: String,
    client_secret: Secret,
    reads: Gate,
    changes: Gate,
    breaker: Breaker,
}

/// A request to Trakt.
#[derive(Clone)]
struct Question<'a> {
    method: Method,
    url: Url,
    token: Option<&'a SecretString>,
    body: Option<Value>,
    urgency: Urgency,
}

/// What Trakt answered, with any status that says something about the request.
struct Answer {
    status: StatusCode,
    pages: Option<u32>,
    body: Bytes,
}

/// Why one attempt failed.
struct Failure {
    reason: String,
    /// Trakt never saw the request.
    is_unseen: bool,
}

impl Trakt {
    pub fn new(config: &TraktConfig, client_id: String, client_secret: Secret) -> Result<Self, WatchTrackerError> {
        let failed = |error: &dyn std::error::Error| WatchTrackerError::Failed(error.to_string());
        let http = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(redirect::Policy::none())
            .user_agent(concat!("Miauflix/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| failed(&error))?;
        Ok(Self(Arc::new(Server {
            http,
            base: Url::parse(&config.api_url).map_err(|error| failed(&error))?,
            client_id,
            client_secret,
            reads: Gate::new(READS_PER_S),
            changes: Gate::new(CHANGES_PER_S),
            breaker: Breaker::default(),
        })))
    }

    fn url(&self, path: &str) -> Result<Url, WatchTrackerError> {
        self.0.base.join(path).map_err(|error| WatchTrackerError::Failed(error.to_string()))
    }

    /// Everything of something that comes by the page.
    async fn all_pages(
        &self,
        path: &str,
        query: &[(&str, &str)],
        token: &SecretString,
    ) -> Result<Vec<Value>, WatchTrackerError> {
        self.first(usize::MAX, path, query, token).await
    }

    /// At most so many records of something that comes by the page.
    async fn first(
        &self,
        most: usize,
        path: &str,
        query: &[(&str, &str)],
        token: &SecretString,
    ) -> Result<Vec<Value>, WatchTrackerError> {
        let mut records = Vec::new();
        for page in 1..=MAX_PAGES {
            let mut url = self.url(path)?;
            url.query_pairs_mut()
                .extend_pairs(query)
                .append_pair("page", &page.to_string())
                .append_pair("limit", &PAGE_LENGTH.to_string());
            let answer = self.get(url, token).await?;
            let more = parsed::<Vec<Value>>(&answer.body)?;
            let is_last = answer.pages.map_or(more.len() < PAGE_LENGTH, |pages| page >= pages);
            records.extend(more);
            if is_last || records.len() >= most {
                records.truncate(most);
                return Ok(records);
            }
        }
        Err(WatchTrackerError::Failed(format!("{path} has more than {MAX_PAGES} pages")))
    }

    async fn get(&self, url: Url, token: &SecretString) -> Result<Answer, WatchTrackerError> {
        let question =
            Question { method: Method::GET, url, token: Some(token), body: None, urgency: Urgency::Background };
        accepted(self.0.ask(question).await?)
    }

    async fn post(
        &self,
        path: &str,
        token: &SecretString,
        body: Value,
        urgency: Urgency,
    ) -> Result<Answer, WatchTrackerError> {
        let question =
            Question { method: Method::POST, url: self.url(path)?, token: Some(token), body: Some(body), urgency };
        self.0.ask(question).await
    }

    /// A question of OAuth's, which the application asks and not an account.
    async fn oauth(&self, path: &str, mut body: Value) -> Result<Answer, WatchTrackerError> {
        body["client_id"] = self.0.client_id.as_str().into();
        if path != "oauth/device/code" {
            body["client_secret"] = self.0.client_secret.expose().into();
        }
        let (method, url) = (Method::POST, self.url(path)?);
        self.0.ask(Question { method, url, token: None, body: Some(body), urgency: Urgency::Waiting }).await
    }
}

impl WatchTracker for Trakt {
    fn device_code(&self) -> BoxFuture<'_, Result<DeviceCode, WatchTrackerError>> {
        Box::pin(async move {
            let answer = self.oauth("oauth/device/code", json!({})).await?;
            match answer.status {
                StatusCode::OK => parsed::<wire::WireDeviceCode>(&answer.body)?.code(),
                _ => Err(WatchTrackerError::ApplicationRefused),
            }
        })
    }

    fn poll<'a>(&'a self, device_code: &'a SecretString) -> BoxFuture<'a, Result<Polled, WatchTrackerError>> {
        Box::pin(async move {
            let answer = self.oauth("oauth/device/token", json!({"code": device_code.expose_secret()})).await?;
            match answer.status.as_u16() {
                200 => parsed::<wire::WireTokens>(&answer.body)?.tokens().map(Polled::Linked),
                400 => Ok(Polled::Pending),
                429 => Ok(Polled::SlowDown),
                404 => Err(WatchTrackerError::CodeUnknown),
                409 => Err(WatchTrackerError::CodeUsed),
                410 => Err(WatchTrackerError::CodeExpired),
                418 => Err(WatchTrackerError::CodeDenied),
                401 | 403 => Err(WatchTrackerError::ApplicationRefused),
                _ => Err(WatchTrackerError::Unavailable),
            }
        })
    }

    fn refresh<'a>(&'a self, refresh_token: &'a SecretString) -> BoxFuture<'a, Result<Tokens, WatchTrackerError>> {
        Box::pin(async move {
            let body = json!({
                "refresh_token": refresh_token.expose_secret(), "grant_type": "refresh_token",
                "redirect_uri": "urn:ietf:wg:oauth:2.0:oob",
            });
            let answer = self.oauth("oauth/token", body).await?;
            match answer.status.as_u16() {
                200 => parsed::<wire::WireTokens>(&answer.body)?.tokens(),
                // A wrong secret of the application's says nothing about the account.
                400 | 401 if wire::is_invalid_client(&answer.body) => Err(WatchTrackerError::ApplicationRefused),
                400 | 401 => Err(WatchTrackerError::TokenRefused),
                403 => Err(WatchTrackerError::ApplicationRefused),
                _ => Err(WatchTrackerError::Unavailable),
            }
        })
    }

    fn revoke<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<(), WatchTrackerError>> {
        Box::pin(async move {
            accepted(self.oauth("oauth/revoke", json!({"token": token.expose_secret()})).await?).map(|_| ())
        })
    }

    fn username<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<String, WatchTrackerError>> {
        Box::pin(async move {
            let answer = self.get(self.url("users/settings")?, token).await?;
            Ok(parsed::<wire::WireSettings>(&answer.body)?.username())
        })
    }

    fn activities<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<Activities, WatchTrackerError>> {
        Box::pin(async move {
            let answer = self.get(self.url("sync/last_activities")?, token).await?;
            Ok(parsed::<wire::WireActivities>(&answer.body)?.activities())
        })
    }

    fn watched_movies<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<Vec<Watched>, WatchTrackerError>> {
        Box::pin(async move { Ok(wire::watched_movies(self.all_pages("sync/watched/movies", &[], token).await?)) })
    }

    fn watched_episodes<'a>(
        &'a self,
        token: &'a SecretString,
    ) -> BoxFuture<'a, Result<Vec<Watched>, WatchTrackerError>> {
        Box::pin(async move {
            // Without it, shows come without their episodes.
            let query = [("extended", "progress")];
            Ok(wire::watched_episodes(self.all_pages("sync/watched/shows", &query, token).await?))
        })
    }

    fn playback<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<Vec<Paused>, WatchTrackerError>> {
        Box::pin(async move { Ok(wire::playback(self.all_pages("sync/playback", &[], token).await?)) })
    }

    fn watchlist<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<Listed, WatchTrackerError>> {
        Box::pin(async move { Ok(wire::watchlist(self.all_pages("sync/watchlist", &[], token).await?)) })
    }

    fn personal_lists<'a>(
        &'a self,
        token: &'a SecretString,
    ) -> BoxFuture<'a, Result<PersonalLists, WatchTrackerError>> {
        Box::pin(async move { Ok(wire::personal_lists(self.first(MAX_LISTS, "users/me/lists", &[], token).await?)) })
    }

    fn personal_list<'a>(
        &'a self,
        token: &'a SecretString,
        list: i64,
    ) -> BoxFuture<'a, Result<Listed, WatchTrackerError>> {
        Box::pin(async move {
            let path = format!("users/me/lists/{list}/items/movie,show");
            Ok(wire::personal_list(self.first(MAX_LISTED, &path, &[], token).await?))
        })
    }

    fn add_to_history<'a>(
        &'a self,
        token: &'a SecretString,
        watched: &'a [(Tracked, i64)],
    ) -> BoxFuture<'a, Result<(), WatchTrackerError>> {
        Box::pin(async move {
            let body = wire::history(watched);
            accepted(self.post("sync/history", token, body, Urgency::Background).await?).map(|_| ())
        })
    }

    fn add_to_watchlist<'a>(
        &'a self,
        token: &'a SecretString,
        titles: &'a [(TitleKind, TmdbId)],
    ) -> BoxFuture<'a, Result<(), WatchTrackerError>> {
        Box::pin(async move {
            let body = wire::titles(titles);
            accepted(self.post("sync/watchlist", token, body, Urgency::Background).await?).map(|_| ())
        })
    }

    fn remove_from_watchlist<'a>(
        &'a self,
        token: &'a SecretString,
        titles: &'a [(TitleKind, TmdbId)],
    ) -> BoxFuture<'a, Result<(), WatchTrackerError>> {
        Box::pin(async move {
            let body = wire::titles(titles);
            accepted(self.post("sync/watchlist/remove", token, body, Urgency::Background).await?).map(|_| ())
        })
    }

    fn scrobble<'a>(
        &'a self,
        token: &'a SecretString,
        scrobble: Scrobble,
        tracked: Tracked,
        fraction: f64,
    ) -> BoxFuture<'a, Result<(), WatchTrackerError>> {
        let path = match scrobble {
            Scrobble::Start => "scrobble/start",
            Scrobble::Pause => "scrobble/pause",
            Scrobble::Stop => "scrobble/stop",
        };
        Box::pin(async move {
            let body = wire::scrobble(tracked, fraction);
            let answer = self.post(path, token, body, Urgency::Waiting).await?;
            match answer.status {
                // It knows that already, or it does not know the title or so short a watching, which trying again does
                // not change.
                StatusCode::CONFLICT | StatusCode::NOT_FOUND | StatusCode::UNPROCESSABLE_ENTITY => Ok(()),
                _ => accepted(answer).map(|_| ()),
            }
        })
    }
}

impl Server {
    /// The answer to a request, asked as often as is safe.
    async fn ask(&self, question: Question<'_>) -> Result<Answer, WatchTrackerError> {
        let gate = if question.method == Method::GET { &self.reads } else { &self.changes };
        let is_poll = question.url.path().ends_with("oauth/device/token");
        for attempt in 0..ATTEMPTS {
            if self.breaker.allows(Instant::now()).is_err() {
                break;
            }
            let pass: Pass<'_> = gate.pass(question.urgency).await.map_err(|_| WatchTrackerError::Unavailable)?;
            let answered = timeout(TIMEOUT, self.attempt(&question)).await;
            drop(pass);
            let late = || Failure { reason: "it took too long".to_owned(), is_unseen: false };
            match answered.unwrap_or_else(|_| Err(late())) {
                Ok((answer, retry_after)) => {
                    self.breaker.succeeded();
                    counter!("miauflix_trakt_requests_total", "outcome" => "answered").increment(1);
                    if answer.status != StatusCode::TOO_MANY_REQUESTS || is_poll {
                        return Ok(answer);
                    }
                    gate.hold(retry_after.unwrap_or(HOLD).min(MAX_HOLD)).await;
                }
                Err(Failure { reason, is_unseen }) => {
                    self.breaker.failed(Instant::now(), &reason);
                    counter!("miauflix_trakt_requests_total", "outcome" => "failed").increment(1);
                    tracing::debug!(path = question.url.path(), reason, "Trakt failed");
                    if question.method != Method::GET && !is_unseen {
                        break;
                    }
                    if attempt + 1 < ATTEMPTS {
                        sleep(PAUSES.delay(attempt)).await;
                    }
                }
            }
        }
        Err(WatchTrackerError::Unavailable)
    }

    async fn attempt(&self, question: &Question<'_>) -> Result<(Answer, Option<Duration>), Failure> {
        let failed =
            |error: reqwest::Error| Failure { is_unseen: error.is_connect(), reason: error.without_url().to_string() };
        let seen = |reason: String| Failure { reason, is_unseen: false };
        let mut request = self
            .http
            .request(question.method.clone(), question.url.clone())
            .header(header::ACCEPT, "application/json")
            .header("trakt-api-version", "2")
            .header("trakt-api-key", &self.client_id);
        if let Some(token) = question.token {
            request = request.bearer_auth(token.expose_secret());
        }
        if let Some(body) = &question.body {
            request = request.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let mut answer = request.send().await.map_err(failed)?;
        let status = answer.status();
        if status.is_server_error() || status.is_redirection() {
            return Err(seen(format!("it answered {status}")));
        }
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        let retry_after = header("retry-after").map(Duration::from_secs);
        let pages = header("x-pagination-page-count").and_then(|pages| u32::try_from(pages).ok());
        let content_type = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if status.is_success()
            && status != StatusCode::NO_CONTENT
            && !content_type.is_some_and(|given| given.starts_with("application/json"))
        {
            return Err(seen(format!("it answered {content_type:?} instead of JSON")));
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > MAX_BYTES {
                return Err(seen(format!("it answered more than {MAX_BYTES} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok((Answer { status, pages, body: body.freeze() }, retry_after))
    }
}

/// What the statuses that all of the API shares mean.
fn accepted(answer: Answer) -> Result<Answer, WatchTrackerError> {
    match answer.status.as_u16() {
        200..=299 => Ok(answer),
        401 => Err(WatchTrackerError::TokenRefused),
        403 => Err(WatchTrackerError::ApplicationRefused),
        420 => Err(WatchTrackerError::LimitReached),
        423 => Err(WatchTrackerError::AccountLocked),
        status => Err(WatchTrackerError::Failed(format!("it answered {status}"))),
    }
}

fn parsed<T: DeserializeOwned>(body: &[u8]) -> Result<T, WatchTrackerError> {
    serde_json::from_slice(body).map_err(|error| {
        // Its text could hold a piece of a token.
        tracing::warn!(line = error.line(), column = error.column(), "Trakt answered what makes no sense");
        WatchTrackerError::Failed("it answered what makes no sense".to_owned())
    })
}
