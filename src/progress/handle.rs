//! The public face of watch progress.

use super::{ProgressError, error::MAX_DURATION_MS, message::ProgressMessage, store};
use crate::{
    clock::Clock,
    domain::{
        ids::{EpisodeId, MovieId, ShowId, UserId},
        next_up::{self, Candidate, Next},
        title::{Marked, Progress, WatchState, Watchable},
    },
    store::Store,
    supervision::Address,
};
use ractor::RpcReplyPort;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

const CALL_TIMEOUT: Duration = Duration::from_secs(5);

/// Asks for and saves progress. Cheap to clone.
#[derive(Clone)]
pub struct ProgressHandle {
    address: Address<ProgressMessage>,
    store: Store,
    clock: Arc<dyn Clock>,
}

/// How far somebody is in a show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShowProgress {
    /// The episode to go on with, and how far it was watched.
    pub next: Option<(Next, Option<Progress>)>,
    /// Episodes that were watched, by the season's number.
    pub watched: BTreeMap<u32, u32>,
}

/// A show somebody is watching.
#[derive(Clone, Debug, PartialEq)]
pub struct ShowUnderWay {
    pub show: ShowId,
    pub next: Next,
    pub progress: Option<Progress>,
    /// When it was watched last.
    pub at: i64,
}

impl ProgressHandle {
    pub(super) fn new(address: Address<ProgressMessage>, store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { address, store, clock }
    }

    /// Saves how far a user is; on return it is on disk. Watched from nine tenths on.
    pub async fn save(
        &self,
        user: UserId,
        title: Watchable,
        position_ms: i64,
        duration_ms: i64,
    ) -> Result<Progress, ProgressError> {
        if !(0..=MAX_DURATION_MS).contains(&duration_ms) || !(0..=duration_ms.max(0)).contains(&position_ms) {
            return Err(ProgressError::OutOfRange);
        }
        self.call(|reply| ProgressMessage::Save { user, title, position_ms, duration_ms, reply }).await
    }

    /// Forgets how far a user has watched a title.
    pub async fn clear(&self, user: UserId, title: Watchable) -> Result<(), ProgressError> {
        self.call(|reply| ProgressMessage::Clear { user, title, reply }).await
    }

    /// Marks something as watched, or as not watched.
    pub async fn mark(&self, user: UserId, marked: Marked, is_watched: bool) -> Result<(), ProgressError> {
        self.call(|reply| ProgressMessage::Mark { user, marked, is_watched, reply }).await
    }

    /// Takes a show off a user's home screen until it is watched again; what was watched stays so.
    pub async fn put_away(&self, user: UserId, show: ShowId) -> Result<(), ProgressError> {
        self.call(|reply| ProgressMessage::PutAway { user, show, reply }).await
    }

    /// Takes over what another service knows of a user's progress, where that is later; what is gone is left out.
    pub async fn import(&self, user: UserId, found: Vec<(Watchable, Progress)>) -> Result<(), ProgressError> {
        self.call(|reply| ProgressMessage::Import { user, found, reply }).await
    }

    /// All of a user's progress by film.
    pub async fn movies(&self, user: UserId) -> Result<HashMap<MovieId, Progress>, ProgressError> {
        self.store.read(move |connection| store::movies(connection, user)).await
    }

    /// One title's progress.
    pub async fn of(&self, user: UserId, title: Watchable) -> Result<Option<Progress>, ProgressError> {
        self.store.read(move |connection| store::of(connection, user, title)).await
    }

    /// A season's progress by episode.
    pub async fn season(
        &self,
        user: UserId,
        show: ShowId,
        number: u32,
    ) -> Result<HashMap<EpisodeId, Progress>, ProgressError> {
        self.store.read(move |connection| store::shows::season(connection, user, show, number)).await
    }

    /// How far a user is in a show.
    pub async fn show(&self, user: UserId, show: ShowId) -> Result<ShowProgress, ProgressError> {
        let now = self.clock.now_ms();
        let episodes = self.store.read(move |connection| store::shows::episodes(connection, user, show, now)).await?;
        let mut watched = BTreeMap::new();
        let is_watched = |progress: Progress| progress.state == WatchState::Watched;
        for episode in episodes.iter().filter(|episode| episode.progress.is_some_and(is_watched)) {
            *watched.entry(episode.season_number).or_default() += 1;
        }
        Ok(ShowProgress { next: next(&episodes), watched })
    }

    /// The shows a user is in the middle of, the latest first.
    pub async fn shows_under_way(&self, user: UserId, most: u32) -> Result<Vec<ShowUnderWay>, ProgressError> {
        let now = self.clock.now_ms();
        let found = self.store.read(move |connection| {
            let mut found = Vec::new();
            for (show, at) in store::shows::watched_last(connection, user, most)? {
                let next = next(&store::shows::episodes(connection, user, show, now)?);
                found.extend(next.map(|(next, progress)| ShowUnderWay { show, next, progress, at }));
            }
            Ok::<_, ProgressError>(found)
        });
        found.await
    }

    async fn call<T: Send + 'static>(
        &self,
        build: impl FnOnce(RpcReplyPort<Result<T, ProgressError>>) -> ProgressMessage,
    ) -> Result<T, ProgressError> {
        self.address.call(build, CALL_TIMEOUT).await?
    }
}

fn next(episodes: &[Candidate]) -> Option<(Next, Option<Progress>)> {
    let next = next_up::next(episodes)?;
    let progress = episodes.iter().find(|episode| episode.episode == next.episode()).and_then(|found| found.progress);
    Some((next, progress))
}
