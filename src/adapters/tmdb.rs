//! The Movie Database, version 3 of its API: <https://developer.themoviedb.org/reference>.
//!
//! At most 40 requests a second, users first; the same question asked twice at once goes out once; a server that fails
//! is asked again twice, then left alone for a while; answers have a limit in bytes and in time.

mod wire;

use super::{breaker::Breaker, gate::Gate};
use crate::{
    config::{Secret, TmdbConfig},
    domain::{
        language::Language,
        media::{
            EpisodeFacts, Genre, ImageName, ImageSize, MediaList, MovieDetails, ShowDetails, TitleFacts, TitleKind,
            TmdbId,
        },
        search::imdb_id,
    },
    ports::{MovieDatabase, MovieDatabaseError, Page, Urgency},
    supervision::Backoff,
};
use bytes::{Bytes, BytesMut};
use futures::{
    FutureExt as _,
    future::{BoxFuture, Shared, WeakShared},
};
use metrics::counter;
use quick_cache::{Weighter, sync::Cache};
use reqwest::{
    Client, RequestBuilder, StatusCode,
    header::{self, HeaderMap, HeaderValue},
    redirect,
};
use serde::de::DeserializeOwned;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::time::{Instant, sleep, timeout};
use url::Url;

/// What the database lets one client ask per second.
const REQUESTS_PER_S: u32 = 40;
/// Pictures come from another server, which has no such limit.
const IMAGES_PER_S: u32 = 200;
const MAX_JSON_BYTES: usize = 2 << 20;
const MAX_IMAGE_BYTES: usize = 4 << 20;
/// Kept are pages of lists, which are asked for again and again; all of a title is larger and read once in months.
const MAX_KEPT_ANSWER: usize = 32 << 10;
const MAX_KEPT_BYTES: usize = 2 << 20;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// One attempt, from the request to the last byte.
const TIMEOUT: Duration = Duration::from_secs(10);
const ATTEMPTS: u32 = 3;
const PAUSES: Backoff = Backoff { first: Duration::from_millis(250), most: Duration::from_secs(2) };
/// How long the server may have us wait after too many requests, and how long we wait when it does not say.
const MAX_HOLD: Duration = Duration::from_secs(60);
const HOLD: Duration = Duration::from_secs(1);

type Answered = Result<Bytes, MovieDatabaseError>;
type Flight = Shared<BoxFuture<'static, Answered>>;
type Flights = HashMap<(Url, Urgency), WeakShared<BoxFuture<'static, Answered>>>;

/// Asks the database. Cheap to clone.
#[derive(Clone)]
pub struct Tmdb {
    api: Arc<Server>,
    images: Arc<Server>,
    token: Secret,
    language: Language,
}

/// One server, and how we treat it.
struct Server {
    http: Client,
    base: Url,
    gate: Gate,
    breaker: Breaker,
    /// How many times in a row the server wanted fewer requests; those that were under way together count once.
    refusals: AtomicU32,
    max_bytes: usize,
    content_type: &'static str,
    /// Questions on their way.
    flights: Mutex<Flights>,
    /// Small answers with what the server knows them by, so that it need not send again what has not changed.
    kept: Cache<Url, Kept, KeptBytes>,
}

/// An answer, and its entity tag (RFC 9110 §8.8.3).
#[derive(Clone)]
struct Kept {
    tag: HeaderValue,
    bytes: Bytes,
}

#[derive(Clone)]
struct KeptBytes;

impl Weighter<Url, Kept> for KeptBytes {
    fn weight(&self, url: &Url, kept: &Kept) -> u64 {
        (url.as_str().len() + kept.tag.len() + kept.bytes.len()) as u64
    }
}

/// Why one attempt failed.
enum Failure {
    NotFound,
    Refused,
    TooMany {
        retry_after: Option<Duration>,
    },
    /// Worth another attempt.
    Passing(String),
}

impl Tmdb {
    pub fn new(config: &TmdbConfig, token: Secret) -> Result<Self, MovieDatabaseError> {
        let failed = |error: &dyn std::error::Error| MovieDatabaseError::Failed(error.to_string());
        let http = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(redirect::Policy::none())
            .user_agent(concat!("Miauflix/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| failed(&error))?;
        let server = |base: &str, per_second, max_bytes, content_type| {
            Ok(Arc::new(Server {
                http: http.clone(),
                base: Url::parse(base).map_err(|error| failed(&error))?,
                gate: Gate::new(per_second),
                breaker: Breaker::default(),
                refusals: AtomicU32::new(0),
                max_bytes,
                content_type,
                flights: Mutex::default(),
                kept: Cache::with_weighter(MAX_KEPT_BYTES / MAX_KEPT_ANSWER, MAX_KEPT_BYTES as u64, KeptBytes),
            }))
        };
        Ok(Self {
            api: server(&config.api_url, REQUESTS_PER_S, MAX_JSON_BYTES, "application/json")?,
            images: server(&config.images_url, IMAGES_PER_S, MAX_IMAGE_BYTES, "image/")?,
            token,
            language: config.language.clone(),
        })
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        urgency: Urgency,
    ) -> Result<T, MovieDatabaseError> {
        self.ask_in(&self.language, path, query, urgency).await
    }

    async fn ask_in<T: DeserializeOwned>(
        &self,
        language: &Language,
        path: &str,
        query: &[(&str, &str)],
        urgency: Urgency,
    ) -> Result<T, MovieDatabaseError> {
        let mut url = self.api.address(path)?;
        url.query_pairs_mut().extend_pairs(query).append_pair("language", language.as_str());
        let bytes = self.api.clone().get(url, Some(self.token.clone()), urgency).await?;
        serde_json::from_slice(&bytes).map_err(|error| {
            tracing::warn!(path, %error, "the film database answered what makes no sense");
            MovieDatabaseError::Failed(error.to_string())
        })
    }
}

impl Tmdb {
    /// Asks for a title with what `more` names, in one request. Pictures and videos come in our language, in English and in
    /// none at all, because many titles have them in English only.
    async fn ask_all<T: DeserializeOwned>(
        &self,
        path: &str,
        more: &str,
        urgency: Urgency,
    ) -> Result<T, MovieDatabaseError> {
        let languages = format!("{},en,null", self.language.code());
        let query = [
            ("append_to_response", more),
            ("include_image_language", &languages),
            ("include_video_language", &languages),
        ];
        self.ask(path, &query, urgency).await
    }
}

impl MovieDatabase for Tmdb {
    fn language(&self) -> &Language {
        &self.language
    }

    fn genres<'a>(
        &'a self,
        language: &'a Language,
        urgency: Urgency,
    ) -> BoxFuture<'a, Result<Vec<(TitleKind, Genre)>, MovieDatabaseError>> {
        Box::pin(async move {
            let movies: wire::WireGenres = self.ask_in(language, "genre/movie/list", &[], urgency).await?;
            let shows: wire::WireGenres = self.ask_in(language, "genre/tv/list", &[], urgency).await?;
            let of = |kind, genres: wire::WireGenres| genres.genres().into_iter().map(move |genre| (kind, genre));
            Ok(of(TitleKind::Movie, movies).chain(of(TitleKind::Show, shows)).collect())
        })
    }

    fn list(
        &self,
        list: MediaList,
        page: u32,
        urgency: Urgency,
    ) -> BoxFuture<'_, Result<Page<TitleFacts>, MovieDatabaseError>> {
        let path = match list {
            MediaList::TrendingMovies => "trending/movie/week",
            MediaList::TrendingShows => "trending/tv/week",
            MediaList::NowPlaying => "movie/now_playing",
            MediaList::OnTheAir => "tv/on_the_air",
            MediaList::PopularMovies => "movie/popular",
            MediaList::PopularShows => "tv/popular",
            MediaList::TopRatedMovies => "movie/top_rated",
            MediaList::TopRatedShows => "tv/top_rated",
            MediaList::Genre(TitleKind::Movie, _) => "discover/movie",
            MediaList::Genre(TitleKind::Show, _) => "discover/tv",
        };
        Box::pin(async move {
            let (page, genre) = (page.to_string(), list.genre().map(|genre| genre.to_string()));
            let mut query = vec![("page", &*page)];
            query.extend(genre.iter().flat_map(|genre| [("with_genres", &**genre), ("sort_by", "popularity.desc")]));
            let page: wire::WirePage = self.ask(path, &query, urgency).await?;
            Ok(page.titles())
        })
    }

    fn movie(&self, movie: TmdbId, urgency: Urgency) -> BoxFuture<'_, Result<MovieDetails, MovieDatabaseError>> {
        Box::pin(async move {
            let more = "translations,credits,videos,release_dates,images,recommendations";
            let details: wire::WireMovie = self.ask_all(&format!("movie/{movie}"), more, urgency).await?;
            details
                .details(&self.language)
                .ok_or_else(|| MovieDatabaseError::Failed("the film has no title".to_owned()))
        })
    }

    fn show(&self, show: TmdbId, urgency: Urgency) -> BoxFuture<'_, Result<ShowDetails, MovieDatabaseError>> {
        Box::pin(async move {
            let more = "translations,credits,videos,content_ratings,images,recommendations,external_ids";
            let details: wire::WireShow = self.ask_all(&format!("tv/{show}"), more, urgency).await?;
            details.details(&self.language).ok_or_else(|| MovieDatabaseError::Failed("the show has no name".to_owned()))
        })
    }

    fn season(
        &self,
        show: TmdbId,
        number: u32,
        urgency: Urgency,
    ) -> BoxFuture<'_, Result<Vec<EpisodeFacts>, MovieDatabaseError>> {
        Box::pin(async move {
            let season: wire::WireSeason = self.ask(&format!("tv/{show}/season/{number}"), &[], urgency).await?;
            Ok(season.episodes())
        })
    }

    fn changes<'a>(
        &'a self,
        kind: TitleKind,
        day: &'a str,
        page: u32,
        urgency: Urgency,
    ) -> BoxFuture<'a, Result<Page<TmdbId>, MovieDatabaseError>> {
        let path = match kind {
            TitleKind::Movie => "movie/changes",
            TitleKind::Show => "tv/changes",
        };
        Box::pin(async move {
            let query = [("start_date", day), ("end_date", day), ("page", &page.to_string())];
            let page: wire::WirePage = self.ask(path, &query, urgency).await?;
            Ok(page.ids())
        })
    }

    fn search<'a>(
        &'a self,
        query: &'a str,
        urgency: Urgency,
    ) -> BoxFuture<'a, Result<Vec<(TitleKind, TitleFacts)>, MovieDatabaseError>> {
        Box::pin(async move {
            if let Some(id) = imdb_id(query) {
                let path = format!("find/{id}");
                let found: wire::WireFound = self.ask(&path, &[("external_source", "imdb_id")], urgency).await?;
                return Ok(found.titles());
            }
            let page: wire::WirePage = self.ask("search/multi", &[("query", query)], urgency).await?;
            Ok(page.mixed())
        })
    }

    fn image(&self, size: ImageSize, name: ImageName) -> BoxFuture<'_, Result<Bytes, MovieDatabaseError>> {
        Box::pin(async move {
            let url = self.images.address(&format!("{}/{}", size.as_str(), name.as_str()))?;
            self.images.clone().get(url, None, Urgency::Waiting).await
        })
    }
}

impl Server {
    fn address(&self, path: &str) -> Result<Url, MovieDatabaseError> {
        self.base.join(path).map_err(|error| MovieDatabaseError::Failed(error.to_string()))
    }

    /// The answer to a GET; whoever asks the same at the same time gets the same one.
    async fn get(self: Arc<Self>, url: Url, token: Option<Secret>, urgency: Urgency) -> Answered {
        let key = (url.clone(), urgency);
        let flight = {
            let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
            flights.retain(|_, flight| flight.upgrade().is_some());
            let under_way: Option<Flight> = flights.get(&key).and_then(WeakShared::upgrade);
            under_way.unwrap_or_else(|| {
                let server = self.clone();
                let flight = async move { server.try_get(url, token, urgency).await }.boxed().shared();
                flights.extend(flight.downgrade().map(|weak| (key.clone(), weak)));
                flight
            })
        };
        let answered = flight.await;
        self.flights.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
        answered
    }

    async fn try_get(&self, url: Url, token: Option<Secret>, urgency: Urgency) -> Answered {
        let unavailable = |reason: &str| MovieDatabaseError::Unavailable(reason.to_owned());
        let mut last = String::new();
        for attempt in 0..ATTEMPTS {
            self.breaker.allows(Instant::now()).map_err(|reason| {
                unavailable(&format!("it failed again and again and is left alone for a while ({reason})"))
            })?;
            let pass = self.gate.pass(urgency).await.map_err(|_| unavailable("the daemon stops"))?;
            let refusals = self.refusals.load(Ordering::Relaxed);
            let mut request = self.http.get(url.clone());
            if let Some(token) = &token {
                request = request.bearer_auth(token.expose());
            }
            let answered = timeout(TIMEOUT, self.attempt(request, &url)).await;
            drop(pass);
            let failure = match answered {
                Ok(Ok(bytes)) => {
                    self.breaker.succeeded();
                    self.refusals.store(0, Ordering::Relaxed);
                    counter!("miauflix_tmdb_requests_total", "outcome" => "answered").increment(1);
                    return Ok(bytes);
                }
                Ok(Err(failure)) => failure,
                Err(_) => Failure::Passing("it took too long".to_owned()),
            };
            counter!("miauflix_tmdb_requests_total", "outcome" => "failed").increment(1);
            match failure {
                Failure::NotFound => {
                    self.breaker.succeeded();
                    return Err(MovieDatabaseError::NotFound);
                }
                Failure::Refused => {
                    self.breaker.succeeded();
                    tracing::error!(host = url.host_str(), "the film database refused the token: check `tmdb.token`");
                    return Err(MovieDatabaseError::Refused);
                }
                Failure::TooMany { retry_after } => {
                    self.gate.hold(retry_after.unwrap_or(HOLD).min(MAX_HOLD)).await;
                    last = "it was asked too often".to_owned();
                    let counted = refusals.saturating_add(1);
                    _ = self.refusals.compare_exchange(refusals, counted, Ordering::Relaxed, Ordering::Relaxed);
                    if counted >= ATTEMPTS {
                        break;
                    }
                }
                Failure::Passing(reason) => {
                    self.breaker.failed(Instant::now(), &reason);
                    tracing::debug!(path = url.path(), reason, "the film database failed");
                    if attempt + 1 < ATTEMPTS {
                        sleep(PAUSES.delay(attempt)).await;
                    }
                    last = reason;
                }
            }
        }
        Err(MovieDatabaseError::Unavailable(last))
    }

    async fn attempt(&self, mut request: RequestBuilder, url: &Url) -> Result<Bytes, Failure> {
        let passing = |error: reqwest::Error| Failure::Passing(error.without_url().to_string());
        let kept = self.kept.get(url);
        if let Some(kept) = &kept {
            request = request.header(header::IF_NONE_MATCH, kept.tag.clone());
        }
        let mut answer =
            request.header(header::ACCEPT, format!("{}*", self.content_type)).send().await.map_err(passing)?;
        match (answer.status(), kept) {
            (StatusCode::OK, _) => {}
            (StatusCode::NOT_MODIFIED, Some(kept)) => return Ok(kept.bytes),
            (status, _) => return Err(refusal(status, answer.headers())),
        }
        let content_type = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !content_type.is_some_and(|given| given.starts_with(self.content_type)) {
            let given = content_type.unwrap_or("something");
            return Err(Failure::Passing(format!("it answered {given} instead of {}", self.content_type)));
        }
        let tag = answer.headers().get(header::ETAG).cloned();
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(passing)? {
            if body.len() + chunk.len() > self.max_bytes {
                return Err(Failure::Passing(format!("it answered more than {} bytes", self.max_bytes)));
            }
            body.extend_from_slice(&chunk);
        }
        let bytes = body.freeze();
        if let Some(tag) = tag.filter(|_| bytes.len() <= MAX_KEPT_ANSWER) {
            self.kept.insert(url.clone(), Kept { tag, bytes: bytes.clone() });
        }
        Ok(bytes)
    }
}

/// What an answer that is none means.
fn refusal(status: StatusCode, headers: &HeaderMap) -> Failure {
    match status {
        StatusCode::NOT_FOUND => Failure::NotFound,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Failure::Refused,
        StatusCode::TOO_MANY_REQUESTS => {
            let seconds = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
            Failure::TooMany { retry_after: seconds.map(Duration::from_secs) }
        }
        status => Failure::Passing(format!("it answered {status}")),
    }
}
