//! Reads all of those films of which only what a list shows is known: the ones that somebody opens at once, the others in
//! the background, and each again by and by.

use super::{CatalogError, actor::Catalog, message::CatalogMessage, store::database};
use crate::{
    domain::{
        ids::MovieId,
        media::{MovieDetails, TmdbId},
    },
    ports::{MovieDatabaseError, Urgency},
    supervision::{Run, respond},
};
use futures::{StreamExt as _, stream};
use ractor::{ActorRef, RpcReplyPort};
use std::{collections::HashMap, time::Duration};
use tokio::task::JoinSet;

/// How often what is due is looked for, when nothing else says that there is something.
pub const EVERY: Duration = Duration::from_secs(5 * 60);
/// Films read in one pass, and at a time.
const BATCH: u32 = 40;
const AT_ONCE: usize = 8;
/// Films that wait for somebody at a time.
const MAX_OPENED: usize = 64;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Known films are read again after so long, and up to as much later, so that they do not all fall due together.
const AGAIN_AFTER_MS: i64 = 14 * DAY_MS;
/// One that the database does not know any more may come back.
const GONE_FOR_MS: i64 = 30 * DAY_MS;

type Details = Result<MovieDetails, MovieDatabaseError>;

/// The films that are being read because somebody opens them. Lives in the actor's state, so it dies with the actor.
#[derive(Default)]
pub struct Completion {
    waiting: HashMap<MovieId, Vec<RpcReplyPort<()>>>,
    tasks: JoinSet<()>,
}

impl Completion {
    /// Starts to read a film, or waits with the others for one that is being read.
    pub fn begin(
        &mut self,
        catalog: &Catalog,
        myself: &ActorRef<CatalogMessage>,
        (movie, tmdb_id): (MovieId, TmdbId),
        reply: RpcReplyPort<()>,
    ) {
        while self.tasks.try_join_next().is_some() {}
        if let Some(waiting) = self.waiting.get_mut(&movie) {
            waiting.push(reply);
            return;
        }
        let Some(database) = catalog.database.clone().filter(|_| self.waiting.len() < MAX_OPENED) else {
            respond(reply, ());
            return;
        };
        self.waiting.insert(movie, vec![reply]);
        let failed = MovieDatabaseError::Failed("the reading of it broke off".to_owned());
        let report = Report { to: myself.clone(), movie, details: Some(Err(failed)) };
        self.tasks.spawn(async move {
            // All of it, so that it is dropped here.
            let mut report = report;
            report.details = Some(database.movie(tmdb_id, Urgency::Waiting).await);
        });
    }

    /// Tells those who wait that there is no more to wait for.
    pub fn finished(&mut self, movie: MovieId) {
        self.waiting.remove(&movie).into_iter().flatten().for_each(|reply| respond(reply, ()));
    }
}

/// Reports what was read, also when the reading panicked.
struct Report {
    to: ActorRef<CatalogMessage>,
    movie: MovieId,
    details: Option<Details>,
}

impl Drop for Report {
    fn drop(&mut self) {
        if let Some(details) = self.details.take() {
            let details = details.map(Box::new);
            _ = self.to.send_message(CatalogMessage::Completed { movie: self.movie, details });
        }
    }
}

/// Reads one batch of films that are due.
pub async fn due(catalog: &Catalog) -> Run {
    let Some(database) = &catalog.database else { return Run::Drained };
    let now = catalog.clock.now_ms();
    let due = catalog.store.read(move |connection| database::due_details(connection, now, BATCH)).await;
    let due = due.unwrap_or_else(|error: CatalogError| {
        tracing::warn!(error = &error as &dyn std::error::Error, "failed to look for films whose details are due");
        Vec::new()
    });
    let is_full = due.len() == BATCH as usize;
    let read = stream::iter(due)
        .map(|(movie, tmdb_id)| async move { (movie, database.movie(tmdb_id, Urgency::Background).await) });
    let read: Vec<(MovieId, Details)> = read.buffer_unordered(AT_ONCE).collect().await;
    let is_reachable = read.iter().any(|(_, details)| !matches!(details, Err(MovieDatabaseError::Unavailable)));
    write(catalog, read).await;
    if is_full && is_reachable { Run::More } else { Run::Drained }
}

/// Writes what was read, and when each film is due again. A film that could not be reached stays due.
pub async fn write(catalog: &Catalog, read: Vec<(MovieId, Details)>) {
    let movies: Vec<MovieId> = read.iter().map(|(movie, _)| *movie).collect();
    let written = catalog.write(move |transaction, now| {
        for (movie, details) in &read {
            let spread = movie.0.rem_euclid(AGAIN_AFTER_MS / HOUR_MS) * HOUR_MS;
            match details {
                Ok(details) => {
                    let due_at = now + AGAIN_AFTER_MS + spread;
                    database::put_details(transaction, *movie, details, due_at, now)?;
                }
                Err(MovieDatabaseError::NotFound) => {
                    database::put_off_details(transaction, *movie, now + GONE_FOR_MS)?;
                }
                Err(MovieDatabaseError::Failed(_) | MovieDatabaseError::Refused) => {
                    database::put_off_details(transaction, *movie, now + HOUR_MS)?;
                }
                Err(MovieDatabaseError::Unavailable) => {}
            }
        }
        Ok(())
    });
    if let Err(error) = written.await {
        tracing::warn!(error = &error as &dyn std::error::Error, "failed to write the details of films");
    }
    catalog.changed(movies);
}
