//! The seams to the outside. `app` plugs real adapters in; tests plug in what they need.

pub use crate::{clock::Clock, supervision::ActorObserver};

use crate::{
    domain::{
        info_hash::InfoHash,
        language::Language,
        media::{
            EpisodeFacts, Genre, ImageName, ImageSize, MediaList, MovieDetails, ShowDetails, TitleFacts, TitleKind,
            TmdbId,
        },
        tracking::{NamedTitle, Tracked},
    },
    torrents::{
        lane::{LaneStats, ViewerStats},
        piece_source::{PieceSource, SourceState},
    },
};
use bytes::Bytes;
use futures::future::BoxFuture;
use secrecy::SecretString;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::sync::watch;

/// The BitTorrent engine: it alone speaks to swarms. Outlives every actor.
pub trait TorrentEngine: Send + Sync {
    /// Fetches a torrent's metadata from its swarm (BEP 9) and adds nothing. Ends by itself after `timeout`.
    fn resolve(&self, magnet: String, timeout: Duration) -> BoxFuture<'_, Result<ResolvedMetadata, EngineError>>;

    /// Makes a torrent active, checking what is on disk piece by piece. Answers the active one when it is there already.
    fn add(&self, torrent: AddTorrent) -> BoxFuture<'_, Result<Arc<dyn EngineTorrent>, EngineError>>;

    /// The torrents that are active now.
    fn active(&self) -> Vec<Arc<dyn EngineTorrent>>;

    /// Ends a torrent; with `delete_files`, its files go too.
    fn remove(&self, info_hash: InfoHash, delete_files: bool) -> BoxFuture<'_, Result<(), EngineError>>;

    /// Ends all traffic. Nothing can be added afterwards.
    fn stop(&self) -> BoxFuture<'_, ()>;
}

/// One active torrent of the engine.
pub trait EngineTorrent: Send + Sync {
    fn info_hash(&self) -> InfoHash;

    /// Live, paused, deleted or failed; changes wake every reader.
    fn state(&self) -> watch::Receiver<SourceState>;

    /// The bytes of one file of the torrent.
    fn source(&self, file_index: u32) -> Result<Arc<dyn PieceSource>, EngineError>;

    /// Progress and rates now.
    fn stats(&self, file_index: u32) -> TorrentStats;

    /// How the express lane fetches this torrent; none when librqbit does.
    fn lane(&self) -> Option<LaneStats>;

    /// Of the whole torrent, hashed and on disk.
    fn verified_bytes(&self) -> u64;

    /// Stops or resumes all traffic of this torrent. Resuming one that failed hashes what is on disk first.
    fn set_paused(&self, paused: bool) -> BoxFuture<'_, Result<(), EngineError>>;
}

/// What [`TorrentEngine::resolve`] found.
#[derive(Clone, Debug)]
pub struct ResolvedMetadata {
    pub metainfo: Bytes,
    pub seen_peers: Vec<SocketAddr>,
}

/// A torrent to make active. `metainfo` has passed admission.
#[derive(Clone, Debug)]
pub struct AddTorrent {
    pub info_hash: InfoHash,
    pub metainfo: Bytes,
    pub initial_peers: Vec<SocketAddr>,
}

/// Progress and rates of one file of a torrent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TorrentStats {
    pub connected_peers: usize,
    pub seen_peers: usize,
    pub download_bytes_per_s: u64,
    pub upload_bytes_per_s: u64,
    /// Of the file, hashed and on disk.
    pub downloaded_bytes: u64,
    pub total_bytes: u64,
    /// Of the whole torrent since it became active.
    pub uploaded_bytes: u64,
    /// What the peers that give to us could deliver; known with the express lane only.
    pub supply_bytes_per_s: Option<u64>,
    /// The file's readers, with the express lane; positions are in bytes from the start of the file.
    pub viewers: Vec<ViewerStats>,
    /// The stretches of the file that are here, as byte ranges in ascending order; at most 64.
    pub have: Vec<std::ops::Range<u64>>,
    pub known_peers: Vec<SocketAddr>,
}

/// Why the engine could not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    #[error("no peer gave the torrent's metadata in time")]
    MetadataTimeout,
    #[error("the torrent is not active")]
    NotActive,
    #[error("the torrent has no file number {0}")]
    NoSuchFile(u32),
    #[error("the torrent engine failed: {0}")]
    Failed(String),
}

/// The world's database of films and shows: The Movie Database, or one that answers as it does.
pub trait MovieDatabase: Send + Sync {
    /// The language that it answers in where nothing else is asked for.
    fn language(&self) -> &Language;

    /// The genres of films and those of shows, by their names in a language.
    fn genres<'a>(
        &'a self,
        language: &'a Language,
        urgency: Urgency,
    ) -> BoxFuture<'a, Result<Vec<(TitleKind, Genre)>, MovieDatabaseError>>;

    /// One page of a list, counted from 1.
    fn list(
        &self,
        list: MediaList,
        page: u32,
        urgency: Urgency,
    ) -> BoxFuture<'_, Result<Page<TitleFacts>, MovieDatabaseError>>;

    /// All of a film.
    fn movie(&self, movie: TmdbId, urgency: Urgency) -> BoxFuture<'_, Result<MovieDetails, MovieDatabaseError>>;

    /// All of a show but its episodes.
    fn show(&self, show: TmdbId, urgency: Urgency) -> BoxFuture<'_, Result<ShowDetails, MovieDatabaseError>>;

    /// The episodes of a season, in their order.
    fn season(
        &self,
        show: TmdbId,
        number: u32,
        urgency: Urgency,
    ) -> BoxFuture<'_, Result<Vec<EpisodeFacts>, MovieDatabaseError>>;

    /// One page, counted from 1, of the titles that changed on a day (`YYYY-MM-DD`).
    fn changes<'a>(
        &'a self,
        kind: TitleKind,
        day: &'a str,
        page: u32,
        urgency: Urgency,
    ) -> BoxFuture<'a, Result<Page<TmdbId>, MovieDatabaseError>>;

    /// Films and shows by what somebody types, the best first, or by the number at IMDb that the query names.
    fn search<'a>(
        &'a self,
        query: &'a str,
        urgency: Urgency,
    ) -> BoxFuture<'a, Result<Vec<(TitleKind, TitleFacts)>, MovieDatabaseError>>;

    /// A picture: JPEG, PNG or WebP.
    fn image(&self, size: ImageSize, name: ImageName) -> BoxFuture<'_, Result<Bytes, MovieDatabaseError>>;
}

/// Who waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Urgency {
    /// Somebody looks at a screen.
    Waiting,
    Background,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub total_pages: u32,
}

/// Why the database did not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MovieDatabaseError {
    #[error("the film database does not know it")]
    NotFound,
    #[error("the film database refused the token: check `tmdb.token`")]
    Refused,
    #[error("the film database does not answer at the moment: {0}")]
    Unavailable(String),
    #[error("the film database answered what makes no sense: {0}")]
    Failed(String),
}

/// A service where people keep track of what they watch: Trakt, or one that answers as it does.
pub trait WatchTracker: Send + Sync {
    /// Begins to link an account: somebody has to type the code in at the service (RFC 8628).
    fn device_code(&self) -> BoxFuture<'_, Result<DeviceCode, WatchTrackerError>>;

    /// Asks whether the code has been typed in.
    fn poll<'a>(&'a self, device_code: &'a SecretString) -> BoxFuture<'a, Result<Polled, WatchTrackerError>>;

    /// New tokens for a refresh token, which is spent by it.
    fn refresh<'a>(&'a self, refresh_token: &'a SecretString) -> BoxFuture<'a, Result<Tokens, WatchTrackerError>>;

    /// Makes a token worthless.
    fn revoke<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<(), WatchTrackerError>>;

    /// What the account is called.
    fn username<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<String, WatchTrackerError>>;

    /// When each part of the account changed last.
    fn activities<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<Activities, WatchTrackerError>>;

    /// The films that were watched, with when that was last.
    fn watched_movies<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<Vec<Watched>, WatchTrackerError>>;

    /// The episodes that were watched, with when that was last.
    fn watched_episodes<'a>(
        &'a self,
        token: &'a SecretString,
    ) -> BoxFuture<'a, Result<Vec<Watched>, WatchTrackerError>>;

    /// What was begun and not watched to its end, the latest of it.
    fn playback<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<Vec<Paused>, WatchTrackerError>>;

    /// The films and shows that the account means to watch, in the order in which they came into the list.
    fn watchlist<'a>(&'a self, token: &'a SecretString) -> BoxFuture<'a, Result<Listed, WatchTrackerError>>;

    /// The lists that the account keeps beside that, at most 20, in its order.
    fn personal_lists<'a>(&'a self, token: &'a SecretString)
    -> BoxFuture<'a, Result<PersonalLists, WatchTrackerError>>;

    /// The films and shows of one of these, at most 500, in the order of the list.
    fn personal_list<'a>(
        &'a self,
        token: &'a SecretString,
        list: i64,
    ) -> BoxFuture<'a, Result<Listed, WatchTrackerError>>;

    /// Adds watchings to the history, each with its time (Unix ms). Adds them again when it is done again.
    fn add_to_history<'a>(
        &'a self,
        token: &'a SecretString,
        watched: &'a [(Tracked, i64)],
    ) -> BoxFuture<'a, Result<(), WatchTrackerError>>;

    fn add_to_watchlist<'a>(
        &'a self,
        token: &'a SecretString,
        titles: &'a [(TitleKind, TmdbId)],
    ) -> BoxFuture<'a, Result<(), WatchTrackerError>>;

    fn remove_from_watchlist<'a>(
        &'a self,
        token: &'a SecretString,
        titles: &'a [(TitleKind, TmdbId)],
    ) -> BoxFuture<'a, Result<(), WatchTrackerError>>;

    /// Tells what is happening on the screen, at `fraction` (from 0 to 1) of the title.
    fn scrobble<'a>(
        &'a self,
        token: &'a SecretString,
        scrobble: Scrobble,
        tracked: Tracked,
        fraction: f64,
    ) -> BoxFuture<'a, Result<(), WatchTrackerError>>;
}

/// A code to type in.
#[derive(Clone, Debug)]
pub struct DeviceCode {
    /// What the daemon asks with; nobody else sees it.
    pub device_code: SecretString,
    pub user_code: String,
    pub verification_url: String,
    pub expires_in: Duration,
    /// How long to wait between two questions.
    pub interval: Duration,
}

/// What became of a code so far.
#[derive(Clone, Debug)]
pub enum Polled {
    Pending,
    /// It was asked too often.
    SlowDown,
    Linked(Tokens),
}

/// What opens an account.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: SecretString,
    pub refresh: SecretString,
    /// Of the access token.
    pub expires_in: Duration,
}

/// When parts of an account changed last (Unix ms).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Activities {
    pub watched_movies_at: i64,
    pub watched_episodes_at: i64,
    pub playback_at: i64,
    pub watchlist_at: i64,
    pub lists_at: i64,
}

/// Something that was watched.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    pub tracked: Tracked,
    /// The film, or the show that the episode is of.
    pub title: NamedTitle,
    /// Unix ms.
    pub at: i64,
}

/// Something that was begun.
#[derive(Clone, Debug, PartialEq)]
pub struct Paused {
    pub tracked: Tracked,
    /// The film, or the show that the episode is of.
    pub title: NamedTitle,
    /// Unix ms.
    pub at: i64,
    /// From 0 to 1.
    pub fraction: f64,
}

/// What a list of an account has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed {
    /// Each once.
    pub titles: Vec<NamedTitle>,
    /// Some of it made no sense, so what is not among the titles may be in it all the same.
    pub is_partial: bool,
}

/// A list that an account keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonalList {
    /// The number that it has at the service.
    pub id: i64,
    pub name: String,
    pub description: String,
}

/// Lists that an account keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonalLists {
    pub lists: Vec<PersonalList>,
    /// Some of them made no sense, so one that is not among the lists may be there all the same.
    pub is_partial: bool,
}

/// What happens on a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scrobble {
    Start,
    Pause,
    /// Beyond four fifths the title counts as watched.
    Stop,
}

/// Why the tracker did not do it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WatchTrackerError {
    #[error("the code has expired; start linking again")]
    CodeExpired,
    #[error("the link was refused at Trakt; start linking again if that was a mistake")]
    CodeDenied,
    #[error("the code has been used already; start linking again")]
    CodeUsed,
    #[error("Trakt does not know the code any more; start linking again")]
    CodeUnknown,
    #[error("Trakt does not accept this link any more; link your account again")]
    TokenRefused,
    #[error("Trakt refuses this daemon: its owner has to check `trakt.client_id` and `trakt.client_secret`")]
    ApplicationRefused,
    #[error("Trakt has locked the account; write to its support")]
    AccountLocked,
    #[error("the watchlist at Trakt is full, so it does not get all of My list; remove something there")]
    LimitReached,
    #[error("Trakt does not answer at the moment; it is asked again by and by")]
    Unavailable,
    #[error("Trakt failed: {0}")]
    Failed(String),
}
