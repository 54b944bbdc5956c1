//! The catalog's public face: reads from cache and store, sends writes to the actor.

use super::{
    About, Browse, CatalogError, ListChange, ListSummary, MoviePage, ShowPage, Title, TitleList, TraktList,
    cache::{CatalogCache, MAX_LANGUAGES},
    changes,
    completion::Target,
    message::{CatalogMessage, NewSource, SourceMetadata},
    store,
};
use crate::{
    clock::Clock,
    domain::{
        ids::{EpisodeId, MovieId, ShowId, SourceId, TraktAccountId, UserId},
        language::Language,
        media::{Genre, MediaList, TitleFacts, TitleKind, TmdbId},
        search::folded,
        show::{Episode, NumberedEpisode, Season, Show},
        title::{Movie, Origin, Source, TitleId},
        tracking::NamedTitle,
        user::{Principal, Role},
    },
    store::Store,
    supervision::{Address, CallError},
};
use ractor::RpcReplyPort;
use std::{sync::Arc, time::Duration};

const CALL_TIMEOUT: Duration = Duration::from_secs(5);
/// How long somebody who opens a film waits for all of it to be read.
const COMPLETION_TIMEOUT: Duration = Duration::from_millis(1_500);
/// Titles that a search answers, in a page of the catalog or a list, and in a row of the home screen.
const SEARCH_LENGTH: usize = 40;
const PAGE_LENGTH: u32 = 60;
const LIST_PAGE_LENGTH: u32 = 100;
const ROW_LENGTH: u32 = 40;
/// The film database is not asked for less than that many letters.
const MIN_ASKED: usize = 2;
/// What people search for is cut after so many letters.
const MAX_QUERY: usize = 100;

/// Asks the catalog. Cheap to clone.
#[derive(Clone)]
pub struct CatalogHandle {
    address: Address<CatalogMessage>,
    store: Store,
    clock: Arc<dyn Clock>,
    cache: Arc<CatalogCache>,
    /// The language that the film database answers in, where there is one.
    own: Option<Language>,
}

/// What a search has found so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub items: Vec<Title>,
    /// The film database has been asked, too, where there is one.
    pub is_complete: bool,
}

impl CatalogHandle {
    pub(super) fn new(
        address: Address<CatalogMessage>,
        store: Store,
        clock: Arc<dyn Clock>,
        cache: Arc<CatalogCache>,
        own: Option<Language>,
    ) -> Self {
        Self { address, store, clock, cache, own }
    }

    /// A film and its sources, best first, if the viewer may see it.
    pub async fn movie(&self, movie: MovieId, viewer: &Principal) -> Result<Arc<(Movie, Vec<Source>)>, CatalogError> {
        let found = match self.cache.movies.get(&movie) {
            Some(found) => found,
            None => {
                let found: Option<_> = self.store.read(move |connection| store::movie(connection, movie)).await?;
                let found = Arc::new(found.ok_or(CatalogError::MovieNotFound)?);
                self.cache.movies.insert(movie, found.clone());
                found
            }
        };
        if may_see(&found.0, viewer) { Ok(found) } else { Err(CatalogError::MovieNotFound) }
    }

    /// The language that titles are shown in to somebody who reads these, the dearest first; none is the catalog's own. One
    /// that they are not kept in yet is kept from now on, and the titles come by and by.
    pub fn language_of(&self, wanted: &[Language]) -> Option<Language> {
        let own = self.own.as_ref()?;
        let kept = self.cache.languages.load();
        let wanted = || wanted.iter().map(Language::of_titles);
        let dearest = wanted().next().filter(|dearest| !dearest.reads_as(own) && !kept.contains(dearest));
        if let Some(language) = dearest.filter(|_| kept.len() < MAX_LANGUAGES) {
            _ = self.address.cast(CatalogMessage::KeepLanguage { language });
        }
        wanted().find(|language| language.reads_as(own) || kept.contains(language)).filter(|it| !it.reads_as(own))
    }

    /// A film that somebody opens: where only what a list shows is known of it, all of it is read first, if that does not
    /// take too long.
    pub async fn open(
        &self,
        movie: MovieId,
        viewer: &Principal,
        language: Option<Language>,
    ) -> Result<MoviePage, CatalogError> {
        let mut found = self.movie(movie, viewer).await?;
        if let Origin::Tmdb { id: tmdb_id, is_whole: false } = found.0.origin {
            self.complete(Target::Movie { movie, tmdb_id }).await;
            found = self.movie(movie, viewer).await?;
        }
        let (about, title) = self.about(Title::Movie(found.0.clone()), language).await?;
        let Title::Movie(movie) = title else { return Err(CatalogError::MovieNotFound) };
        Ok(MoviePage { movie, sources: found.1.clone(), about })
    }

    /// A show that somebody opens, with its seasons; see [`open`](Self::open).
    pub async fn open_show(&self, show: ShowId, language: Option<Language>) -> Result<ShowPage, CatalogError> {
        let mut found = self.show(show).await?;
        // When it cannot be noted, its seasons come in their turn.
        _ = self.address.cast(CatalogMessage::ShowOpened { show });
        if !found.0.is_whole {
            self.complete(Target::Show { show, tmdb_id: found.0.tmdb_id }).await;
            found = self.show(show).await?;
        }
        let (about, title) = self.about(Title::Show(found.0), language).await?;
        let Title::Show(show) = title else { return Err(CatalogError::ShowNotFound) };
        Ok(ShowPage { show, seasons: found.1, about })
    }

    /// What is known of a title beside its card, and the title in a language.
    async fn about(&self, mut title: Title, language: Option<Language>) -> Result<(About, Title), CatalogError> {
        let about = self.store.read(move |connection| {
            let about = store::about::about(connection, &mut title, language.as_ref())?;
            Ok::<_, CatalogError>((about, title))
        });
        about.await
    }

    /// A season that somebody opens, with its episodes; see [`open`](Self::open).
    pub async fn open_season(&self, show: ShowId, number: u32) -> Result<(Season, Vec<Episode>), CatalogError> {
        let found = self.season(show, number).await?;
        if found.0.is_whole {
            return Ok(found);
        }
        let tmdb_id = self.show(show).await?.0.tmdb_id;
        self.complete(Target::Season { season: found.0.id, show: tmdb_id, number }).await;
        self.season(show, number).await
    }

    async fn show(&self, show: ShowId) -> Result<(Show, Vec<Season>), CatalogError> {
        let found: Option<_> = self.store.read(move |connection| store::shows::show(connection, show)).await?;
        found.ok_or(CatalogError::ShowNotFound)
    }

    async fn season(&self, show: ShowId, number: u32) -> Result<(Season, Vec<Episode>), CatalogError> {
        let found: Option<_> =
            self.store.read(move |connection| store::shows::season(connection, show, number)).await?;
        found.ok_or(CatalogError::SeasonNotFound)
    }

    /// Has all of something read, or gives up after a while: what is known already is a good answer, too.
    async fn complete(&self, target: Target) {
        _ = self.address.call(|reply| CatalogMessage::Complete { target, reply }, COMPLETION_TIMEOUT).await;
    }

    /// Films by their ids, in the order given, without those that are gone or that the viewer may not see.
    pub async fn movies(
        &self,
        movies: Vec<MovieId>,
        viewer: &Principal,
        language: Option<Language>,
    ) -> Result<Vec<Movie>, CatalogError> {
        let movies: Vec<TitleId> = movies.into_iter().map(TitleId::Movie).collect();
        let found: Result<Vec<Title>, CatalogError> =
            self.store.read(move |connection| store::titles(connection, &movies, language.as_ref())).await;
        let visible = found?.into_iter().filter_map(|title| match title {
            Title::Movie(movie) => may_see(&movie, viewer).then_some(movie),
            Title::Show(_) => None,
        });
        Ok(visible.collect())
    }

    /// Episodes by their ids, in the order given, with their shows.
    pub async fn episodes(
        &self,
        episodes: Vec<EpisodeId>,
        language: Option<Language>,
    ) -> Result<Vec<(NumberedEpisode, Show)>, CatalogError> {
        self.store.read(move |connection| store::shows::episodes(connection, &episodes, language.as_ref())).await
    }

    /// The system's lists that have titles, with the first of them.
    pub async fn lists(&self, language: Option<Language>) -> Result<Arc<Vec<TitleList>>, CatalogError> {
        if let Some(lists) = self.cache.lists(&language) {
            return Ok(lists);
        }
        let (commits, wanted) = (self.cache.commits(), language.clone());
        let read: Result<_, CatalogError> =
            self.store.read(move |connection| store::lists::of_system(connection, wanted.as_ref(), ROW_LENGTH)).await;
        Ok(self.cache.keep_lists(language, commits, read?))
    }

    /// A user's own lists that have titles, with the first of them; the default one first, those of Trakt last.
    pub async fn own_lists(&self, user: UserId, language: Option<Language>) -> Result<Vec<TitleList>, CatalogError> {
        self.store.read(move |connection| store::lists::of_user(connection, user, language.as_ref(), ROW_LENGTH)).await
    }

    /// The lists a user may see.
    pub async fn list_summaries(&self, user: UserId) -> Result<Vec<ListSummary>, CatalogError> {
        self.store.read(move |connection| store::lists::summaries(connection, user)).await
    }

    /// A page of a list that a user may see.
    pub async fn list(
        &self,
        user: UserId,
        slug: String,
        language: Option<Language>,
        after: Option<i64>,
    ) -> Result<TitleList, CatalogError> {
        let found = self.store.read(move |connection| {
            store::lists::one(connection, user, &slug, language.as_ref(), after, LIST_PAGE_LENGTH)
        });
        found.await
    }

    /// Whether a title is in a user's default list.
    pub async fn is_in_my_list(&self, user: UserId, title: TitleId) -> Result<bool, CatalogError> {
        self.store.read(move |connection| store::lists::is_in_my_list(connection, user, title)).await
    }

    /// Does what a user wants with lists of their own; answers the list as it is then, unless it is gone.
    pub async fn change_list(
        &self,
        viewer: &Principal,
        change: ListChange,
    ) -> Result<Option<ListSummary>, CatalogError> {
        change.check()?;
        if let ListChange::Put { title: TitleId::Movie(movie), .. } = &change {
            // Only what one may see can be put into a list.
            self.movie(*movie, viewer).await?;
        }
        let user = viewer.user;
        self.call(|reply| CatalogMessage::ChangeList { user, change, reply }).await
    }

    /// A page of the catalog, and what to ask for the next one with.
    pub async fn browse(
        &self,
        browse: Browse,
        language: Option<Language>,
    ) -> Result<(Vec<Title>, Option<i64>), CatalogError> {
        let now = self.clock.now_ms();
        let found = self
            .store
            .read(move |connection| store::browse::page(connection, &browse, language.as_ref(), now, PAGE_LENGTH));
        let found: Vec<Title> = found.await?;
        let id = |title: &Title| match title {
            Title::Movie(movie) => movie.id.0,
            Title::Show(show) => show.id.0,
        };
        let next = found.last().map(id).filter(|_| found.len() == PAGE_LENGTH as usize);
        Ok((found, next))
    }

    /// The genres that titles have.
    pub async fn genres(&self, language: Option<Language>) -> Result<Vec<Genre>, CatalogError> {
        self.store.read(move |connection| store::languages::genres(connection, language.as_ref())).await
    }

    /// The titles that fit best, the best first. The film database is asked in the background: what it knows is found by
    /// the next search.
    pub async fn search(&self, query: &str, language: Option<Language>) -> Result<Found, CatalogError> {
        let query = folded(&query.chars().take(MAX_QUERY).collect::<String>());
        let is_recent = |until: i64| self.clock.now_ms() < until;
        let is_complete = self.own.is_none()
            || query.chars().count() < MIN_ASKED
            || self.cache.searches.get(&query).is_some_and(is_recent);
        if !is_complete {
            _ = self.address.cast(CatalogMessage::Search { query: query.clone() });
        }
        let found = self
            .store
            .read(move |connection| store::search::search(connection, &query, language.as_ref(), SEARCH_LENGTH));
        Ok(Found { items: found.await?, is_complete })
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
    pub async fn due_lists(&self, now: i64) -> Result<Vec<MediaList>, CatalogError> {
        self.store.read(move |connection| store::database::due_lists(connection, now)).await
    }

    /// Films, shows and seasons that are due to be read.
    pub(super) async fn details_due(&self) -> Result<u32, CatalogError> {
        let now = self.clock.now_ms();
        self.store.read(move |connection| store::database::count_due(connection, now)).await
    }

    /// Days of films and days of shows whose changes are due to be asked for.
    pub(super) async fn change_days_due(&self) -> Result<u32, CatalogError> {
        let now = self.clock.now_ms();
        self.store.read(move |connection| store::changes::days_due(connection, now, changes::EVERY_MS)).await
    }

    /// Writes a list as the film database has it now.
    pub async fn put_list(&self, list: MediaList, titles: Vec<TitleFacts>, due_at: i64) -> Result<(), CatalogError> {
        self.call(|reply| CatalogMessage::PutList { list, titles, due_at, reply }).await
    }

    /// Adds titles that are not here yet, by what others call them. They are read in the background.
    pub async fn add_named(&self, titles: Vec<NamedTitle>) -> Result<(), CatalogError> {
        self.call(|reply| CatalogMessage::AddNamed { titles, reply }).await
    }

    /// Puts titles into a user's default list, each in front of the ones before it, and takes others out. What is not in
    /// the catalog, or has no room, is left out.
    pub async fn follow_list(
        &self,
        user: UserId,
        added: Vec<(TitleKind, TmdbId)>,
        removed: Vec<(TitleKind, TmdbId)>,
    ) -> Result<(), CatalogError> {
        self.call(|reply| CatalogMessage::FollowList { user, added, removed, reply }).await
    }

    /// Writes a list of an account at Trakt as it is there now, unless the account is not linked any more. What is not in the
    /// catalog is left out.
    pub async fn put_trakt_list(&self, list: TraktList) -> Result<(), CatalogError> {
        self.call(|reply| CatalogMessage::PutTraktList { list: Box::new(list), reply }).await
    }

    /// Forgets the lists of an account at Trakt but these, by their numbers there.
    pub async fn keep_trakt_lists(&self, account: TraktAccountId, lists: Vec<i64>) -> Result<(), CatalogError> {
        self.call(|reply| CatalogMessage::KeepTraktLists { account, lists, reply }).await
    }

    /// Says when a list that could not be read is tried again.
    pub async fn put_off_list(&self, list: MediaList, due_at: i64) -> Result<(), CatalogError> {
        self.call(|reply| CatalogMessage::PutOffList { list, due_at, reply }).await
    }

    /// A film in a language.
    pub async fn translated(&self, movie: Movie, language: Option<Language>) -> Result<Movie, CatalogError> {
        if language.is_none() {
            return Ok(movie);
        }
        let mut title = Title::Movie(movie);
        let translated = self.store.read(move |connection| {
            store::languages::translate(connection, language.as_ref(), [&mut title])?;
            Ok::<_, CatalogError>(title)
        });
        match translated.await? {
            Title::Movie(movie) => Ok(movie),
            Title::Show(_) => Err(CatalogError::MovieNotFound),
        }
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
