//! Reads all of those films, shows and seasons of which only what a list shows is known: the ones that somebody opens at
//! once, the others in the background, and each again by and by.

use super::{
    CatalogError,
    actor::Catalog,
    changes::Failure,
    message::CatalogMessage,
    poster,
    store::{database, languages},
};
use crate::{
    domain::{
        ids::{MovieId, SeasonId, ShowId},
        media::{EpisodeFacts, MovieDetails, ShowDetails, TmdbId},
    },
    ports::{MovieDatabase, MovieDatabaseError, Urgency},
    supervision::{Run, respond},
};
use futures::{StreamExt as _, stream};
use ractor::{ActorRef, RpcReplyPort};
use rusqlite::Transaction;
use std::{collections::HashMap, time::Duration};
use tokio::task::JoinSet;

/// How often what is due is looked for, when nothing else says that there is something.
pub const EVERY: Duration = Duration::from_secs(5 * 60);
/// What is read in one pass, and at a time.
const BATCH: u32 = 40;
const AT_ONCE: usize = 8;
/// What people wait for at a time.
const MAX_OPENED: usize = 64;

pub const HOUR_MS: i64 = 3_600_000;
pub const DAY_MS: i64 = 24 * HOUR_MS;
/// What the database does not know any more may come back.
const GONE_FOR_MS: i64 = 30 * DAY_MS;

/// What is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    Movie { movie: MovieId, tmdb_id: TmdbId },
    Show { show: ShowId, tmdb_id: TmdbId },
    Season { season: SeasonId, show: TmdbId, number: u32 },
}

/// The colours of a title's poster, where it could be had.
pub type Tint = Option<[String; 2]>;

/// What was read.
#[derive(Debug)]
pub enum Whole {
    Movie(MovieDetails, Tint),
    Show(ShowDetails, Tint),
    Season(Vec<EpisodeFacts>),
}

type Answer = Result<Whole, MovieDatabaseError>;

/// What is being read because somebody opens it. Lives in the actor's state, so it dies with the actor.
#[derive(Default)]
pub struct Completion {
    waiting: HashMap<Target, Vec<RpcReplyPort<()>>>,
    tasks: JoinSet<()>,
}

impl Completion {
    /// Starts to read it, or waits with the others when it is being read.
    pub fn begin(
        &mut self,
        catalog: &Catalog,
        myself: &ActorRef<CatalogMessage>,
        target: Target,
        reply: RpcReplyPort<()>,
    ) {
        while self.tasks.try_join_next().is_some() {}
        if let Some(waiting) = self.waiting.get_mut(&target) {
            waiting.push(reply);
            return;
        }
        let Some(database) = catalog.database.clone().filter(|_| self.waiting.len() < MAX_OPENED) else {
            respond(reply, ());
            return;
        };
        self.waiting.insert(target, vec![reply]);
        let failed = MovieDatabaseError::Failed("the reading of it broke off".to_owned());
        let report = Report { to: myself.clone(), target, answer: Some(Err(failed)) };
        self.tasks.spawn(async move {
            // All of it, so that it is dropped here.
            let mut report = report;
            report.answer = Some(read(&*database, target, Urgency::Waiting).await);
        });
    }

    /// Tells those who wait that there is no more to wait for.
    pub fn finished(&mut self, target: Target) {
        self.waiting.remove(&target).into_iter().flatten().for_each(|reply| respond(reply, ()));
    }
}

/// Reports what was read, also when the reading panicked.
struct Report {
    to: ActorRef<CatalogMessage>,
    target: Target,
    answer: Option<Answer>,
}

impl Drop for Report {
    fn drop(&mut self) {
        if let Some(answer) = self.answer.take() {
            _ = self.to.send_message(CatalogMessage::Completed { target: self.target, answer: Box::new(answer) });
        }
    }
}

async fn read(database: &dyn MovieDatabase, target: Target, urgency: Urgency) -> Answer {
    match target {
        Target::Movie { tmdb_id, .. } => {
            let details = database.movie(tmdb_id, urgency).await?;
            let tint = poster::colours(database, details.facts.poster.as_ref()).await;
            Ok(Whole::Movie(details, tint))
        }
        Target::Show { tmdb_id, .. } => {
            let details = database.show(tmdb_id, urgency).await?;
            let tint = poster::colours(database, details.facts.poster.as_ref()).await;
            Ok(Whole::Show(details, tint))
        }
        Target::Season { show, number, .. } => database.season(show, number, urgency).await.map(Whole::Season),
    }
}

/// Reads one batch of what is due.
pub async fn due(catalog: &Catalog) -> Run {
    let Some(database) = &catalog.database else { return Run::Drained };
    let now = catalog.clock.now_ms();
    if let Err(error) = genres(catalog, &**database, now).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "failed to read genres; the next run tries again");
    }
    let due = catalog.store.read(move |connection| database::due(connection, now, BATCH)).await;
    let due = due.unwrap_or_else(|error: CatalogError| {
        tracing::warn!(error = &error as &dyn std::error::Error, "failed to look for titles whose details are due");
        Vec::new()
    });
    let is_full = due.len() == BATCH as usize;
    let answers = stream::iter(due)
        .map(|target| async move { (target, read(&**database, target, Urgency::Background).await) })
        .buffer_unordered(AT_ONCE);
    let answers: Vec<(Target, Answer)> = answers.collect().await;
    let is_reachable = answers.iter().any(|(_, answer)| !matches!(answer, Err(MovieDatabaseError::Unavailable)));
    write(catalog, answers).await;
    if is_full && is_reachable { Run::More } else { Run::Drained }
}

/// Reads what genres are called in the languages in which that is due.
async fn genres(catalog: &Catalog, database: &dyn MovieDatabase, now: i64) -> Result<(), Failure> {
    let own = database.language().clone();
    let due = catalog.store.read(move |connection| languages::due_genres(connection, &own, now)).await;
    for language in due? {
        let genres = database.genres(&language, Urgency::Background).await?;
        let is_own = language == *database.language();
        let put = move |transaction: &Transaction<'_>, now| {
            languages::put_genres(transaction, &language, is_own, &genres, now)
        };
        catalog.write(put).await?;
    }
    Ok(())
}

/// Writes what was read, and when each is due again. What could not be reached stays due.
pub async fn write(catalog: &Catalog, answers: Vec<(Target, Answer)>) {
    let movies = answers.iter().filter_map(|(target, _)| match target {
        Target::Movie { movie, .. } => Some(*movie),
        Target::Show { .. } | Target::Season { .. } => None,
    });
    let movies: Vec<MovieId> = movies.collect();
    let written = catalog.write(move |transaction, now| {
        for (target, answer) in &answers {
            match answer {
                Ok(whole) => database::put_whole(transaction, *target, whole, now)?,
                Err(MovieDatabaseError::NotFound) => database::put_off_target(transaction, *target, now + GONE_FOR_MS)?,
                Err(MovieDatabaseError::Failed(_) | MovieDatabaseError::Refused) => {
                    database::put_off_target(transaction, *target, now + HOUR_MS)?;
                }
                Err(MovieDatabaseError::Unavailable) => {}
            }
        }
        Ok(())
    });
    if let Err(error) = written.await {
        tracing::warn!(error = &error as &dyn std::error::Error, "failed to write the details of titles");
    }
    catalog.changed(movies);
}
