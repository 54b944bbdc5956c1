//! The catalog's public face: reads from cache and store, sends writes to the actor.

use super::{
    CatalogError,
    message::{CatalogMessage, NewSource, SourceMetadata},
    store,
};
use crate::{
    domain::{
        ids::{MovieId, SourceId, UserId},
        media::{MovieFacts, MovieList},
        title::{Movie, Origin, Source},
        user::{Principal, Role},
    },
    store::Store,
    supervision::{Address, CallError},
};
use quick_cache::sync::Cache;
use ractor::RpcReplyPort;
use std::{sync::Arc, time::Duration};

const CALL_TIMEOUT: Duration = Duration::from_secs(5);
/// How long somebody who opens a film waits for all of it to be read.
const COMPLETION_TIMEOUT: Duration = Duration::from_millis(1_500);
/// Films kept in memory with their sources.
const CACHED_MOVIES: usize = 1_000;

/// Films with their sources, as the last commit left them.
pub type MovieCache = Cache<MovieId, Arc<(Movie, Vec<Source>)>>;

/// Asks the catalog. Cheap to clone.
#[derive(Clone)]
pub struct CatalogHandle {
    address: Address<CatalogMessage>,
    store: Store,
    cache: Arc<MovieCache>,
}

/// A list with its films in order.
#[derive(Clone, Debug, PartialEq)]
pub struct TitleList {
    pub slug: String,
    pub name: String,
    pub description: String,
    pub movies: Vec<Movie>,
}

impl CatalogHandle {
    pub(super) fn new(address: Address<CatalogMessage>, store: Store) -> Self {
        Self { address, store, cache: Arc::new(Cache::new(CACHED_MOVIES)) }
    }

    pub(super) fn cache(&self) -> Arc<MovieCache> {
        self.cache.clone()
    }

    /// A film and its sources, best first, if the viewer may see it.
    pub async fn movie(&self, movie: MovieId, viewer: &Principal) -> Result<Arc<(Movie, Vec<Source>)>, CatalogError> {
        let found = match self.cache.get(&movie) {
            Some(found) => found,
            None => {
                let found: Option<_> = self.store.read(move |connection| store::movie(connection, movie)).await?;
                let found = Arc::new(found.ok_or(CatalogError::MovieNotFound)?);
                self.cache.insert(movie, found.clone());
                found
            }
        };
        if may_see(&found.0, viewer) { Ok(found) } else { Err(CatalogError::MovieNotFound) }
    }

    /// A film that somebody opens: where only what a list shows is known of it, all of it is read first, if that does not
    /// take too long.
    pub async fn open(&self, movie: MovieId, viewer: &Principal) -> Result<Arc<(Movie, Vec<Source>)>, CatalogError> {
        let found = self.movie(movie, viewer).await?;
        let Origin::Tmdb { id: tmdb_id, is_whole: false } = found.0.origin else { return Ok(found) };
        let build = |reply| CatalogMessage::Complete { movie, tmdb_id, reply };
        // What is known already is a good answer, too.
        match self.address.call(build, COMPLETION_TIMEOUT).await {
            Ok(()) => self.movie(movie, viewer).await,
            Err(CallError::Timeout | CallError::Unavailable) => Ok(found),
        }
    }

    /// Films by their ids, in the order given, without those that are gone or that the viewer may not see.
    pub async fn movies(&self, movies: Vec<MovieId>, viewer: &Principal) -> Result<Vec<Movie>, CatalogError> {
        let found: Result<Vec<Movie>, CatalogError> =
            self.store.read(move |connection| store::movies(connection, &movies)).await;
        Ok(found?.into_iter().filter(|movie| may_see(movie, viewer)).collect())
    }

    /// Every public list that has films, with the first of them.
    pub async fn lists(&self, most: u32) -> Result<Vec<TitleList>, CatalogError> {
        self.store.read(move |connection| store::lists(connection, most)).await
    }

    /// One public list.
    pub async fn list(&self, slug: &str) -> Result<TitleList, CatalogError> {
        self.lists(u32::MAX).await?.into_iter().find(|list| list.slug == slug).ok_or(CatalogError::ListNotFound)
    }

    /// The films a user has opened, newest first.
    pub async fn own(&self, owner: UserId) -> Result<Vec<Movie>, CatalogError> {
        self.store.read(move |connection| store::own(connection, owner)).await
    }

    /// Adds a film that `owner` opened; `false` when the same torrent was there already.
    pub async fn add_own(
        &self,
        owner: UserId,
        title: String,
        source: NewSource,
    ) -> Result<(MovieId, bool), CatalogError> {
        self.call(|reply| CatalogMessage::AddOwn { owner, title, source, reply }).await
    }

    /// Keeps what a torrent's metadata tells of a source.
    pub async fn record_metadata(
        &self,
        movie: MovieId,
        source: SourceId,
        metadata: SourceMetadata,
    ) -> Result<(), CatalogError> {
        self.call(|reply| CatalogMessage::RecordMetadata { movie, source, metadata, reply }).await
    }

    /// Forgets a film that somebody opened; its owner or an admin may.
    pub async fn remove_own(&self, movie: MovieId, viewer: &Principal) -> Result<(), CatalogError> {
        match self.movie(movie, viewer).await?.0.origin {
            Origin::Own { .. } => self.call(|reply| CatalogMessage::RemoveOwn { movie, reply }).await,
            Origin::BuiltIn | Origin::Tmdb { .. } => Err(CatalogError::MovieNotFound),
        }
    }

    /// The film database's lists that are due.
    pub async fn due_lists(&self, now: i64) -> Result<Vec<MovieList>, CatalogError> {
        self.store.read(move |connection| store::database::due_lists(connection, now)).await
    }

    /// Writes a list as the film database has it now.
    pub async fn put_list(&self, list: MovieList, movies: Vec<MovieFacts>, due_at: i64) -> Result<(), CatalogError> {
        self.call(|reply| CatalogMessage::PutList { list, movies, due_at, reply }).await
    }

    /// Says when a list that could not be read is tried again.
    pub async fn put_off_list(&self, list: MovieList, due_at: i64) -> Result<(), CatalogError> {
        self.call(|reply| CatalogMessage::PutOffList { list, due_at, reply }).await
    }

    async fn call<T: Send + 'static>(
        &self,
        build: impl FnOnce(RpcReplyPort<Result<T, CatalogError>>) -> CatalogMessage,
    ) -> Result<T, CatalogError> {
        self.address.call(build, CALL_TIMEOUT).await.map_err(|error: CallError| CatalogError::Call(error))?
    }
}

/// What somebody opened is seen by that user and by admins only.
fn may_see(movie: &Movie, viewer: &Principal) -> bool {
    match movie.origin {
        Origin::Own { owner } => owner == viewer.user || viewer.role == Role::Admin,
        Origin::BuiltIn | Origin::Tmdb { .. } => true,
    }
}
