//! The catalog's public face: reads from cache and store, sends writes to the actor.

use super::{
    CatalogError,
    message::{CatalogMessage, NewSource, SourceMetadata},
    store,
};
use crate::{
    domain::{
        ids::{MovieId, SourceId, UserId},
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
        match found.0.origin {
            Origin::Own { owner } if owner != viewer.user && viewer.role != Role::Admin => {
                Err(CatalogError::MovieNotFound)
            }
            Origin::Own { .. } | Origin::BuiltIn => Ok(found),
        }
    }

    /// Every public list with its films.
    pub async fn lists(&self) -> Result<Vec<TitleList>, CatalogError> {
        self.store.read(store::lists).await
    }

    /// One public list.
    pub async fn list(&self, slug: &str) -> Result<TitleList, CatalogError> {
        self.lists().await?.into_iter().find(|list| list.slug == slug).ok_or(CatalogError::ListNotFound)
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
            Origin::BuiltIn => Err(CatalogError::MovieNotFound),
        }
    }

    async fn call<T: Send + 'static>(
        &self,
        build: impl FnOnce(RpcReplyPort<Result<T, CatalogError>>) -> CatalogMessage,
    ) -> Result<T, CatalogError> {
        self.address.call(build, CALL_TIMEOUT).await.map_err(|error: CallError| CatalogError::Call(error))?
    }
}
