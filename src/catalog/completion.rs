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
use std::{collections::HashMap, fmt, time::Duration};
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

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Movie { tmdb_id, .. } => write!(f, "film {tmdb_id}"),
            Self::Show { tmdb_id, .. } => write!(f, "show {tmdb_id}"),
            Self::Season { show, number, .. } => write!(f, "season {number} of show {show}"),
        }
    }
}

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

/// Reads one batch of what is due. When somebody has asked for it, that includes what is to be tried again later.
pub async fn due(catalog: &Catalog) -> Run {
    let (Some(database), task) = (&catalog.database, &catalog.details_task) else { return Run::NothingDue };
    if task.take_asked_for()
        && let Err(error) = catalog.write(database::try_again).await
    {
        task.failed("what failed before could not be made due", &error);
    }
    let now = catalog.clock.now_ms();
    let had_genres = genres(catalog, &**database, now).await.unwrap_or_else(|error| {
        task.failed("genres could not be read", &error);
        true
    });
    let due = catalog.store.read(move |connection| database::due(connection, now, BATCH)).await;
    let due = due.unwrap_or_else(|error: CatalogError| {
        task.failed("what is due could not be looked up", &error);
        Vec::new()
    });
    if due.is_empty() {
        return if had_genres { Run::Drained } else { Run::NothingDue };
    }
    let is_full = due.len() == BATCH as usize;
    let mut has_failed = false;
    let answers = stream::iter(due)
        .map(|target| async move { (target, read(&**database, target, Urgency::Background).await) })
        .buffer_unordered(AT_ONCE)
        .inspect(|(target, answer)| match answer {
            Ok(_) | Err(MovieDatabaseError::NotFound) => {}
            // The others mostly fail for the same reason.
            Err(error) if !std::mem::replace(&mut has_failed, true) => {
                task.failed(&format!("{target} could not be read"), error);
            }
            Err(_) => {}
        });
    let answers: Vec<(Target, Answer)> = answers.collect().await;
    let is_reachable = answers.iter().any(|(_, answer)| !matches!(answer, Err(MovieDatabaseError::Unavailable(_))));
    if let Err(error) = write(catalog, answers).await {
        task.failed("the details of titles could not be written", &error);
    }
    if is_full && is_reachable { Run::More } else { Run::Drained }
}

/// Reads what genres are called in the languages in which that is due; answers whether there were any.
async fn genres(catalog: &Catalog, database: &dyn MovieDatabase, now: i64) -> Result<bool, Failure> {
    let own = database.language().clone();
    let due = catalog.store.read(move |connection| languages::due_genres(connection, &own, now)).await;
    let due = due?;
    let were_due = !due.is_empty();
    for language in due {
        let genres = database.genres(&language, Urgency::Background).await?;
        let is_own = language == *database.language();
        let put = move |transaction: &Transaction<'_>, now| {
            languages::put_genres(transaction, &language, is_own, &genres, now)
        };
        catalog.write(put).await?;
    }
    Ok(were_due)
}

/// Writes what was read, and when each is due again. What could not be reached stays due.
pub async fn write(catalog: &Catalog, answers: Vec<(Target, Answer)>) -> Result<(), CatalogError> {
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
                Err(MovieDatabaseError::Unavailable(_)) => {}
            }
        }
        Ok(())
    });
    let written = written.await;
    catalog.changed(movies);
    written
}
