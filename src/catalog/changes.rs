//! Asks the film database which titles have changed, so that only those are read anew.
//!
//! A day at a time from where the last run ended, at most [`DAYS`] back, which is all that the database tells. Today is
//! asked again by every run; once it is over, it is asked a last time.

use super::{CatalogError, actor::Catalog, store::changes};
use crate::{
    domain::media::{TitleKind, TmdbId},
    ports::{MovieDatabase, MovieDatabaseError, Urgency},
    supervision::Run,
};
use std::time::Duration;

/// How often changes are asked for.
pub const EVERY: Duration = Duration::from_secs(90 * 60);
/// How many days back the database knows changes (<https://developer.themoviedb.org/reference/changes-movie-list>).
pub const DAYS: u32 = 14;
/// Pages of one day that are read; there are some dozens.
const MAX_PAGES: u32 = 300;

/// Why something could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Database(#[from] MovieDatabaseError),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

/// Marks what has changed as due, up to now.
pub async fn sync(catalog: &Catalog) -> Run {
    let Some(database) = &catalog.database else { return Run::Drained };
    for kind in [TitleKind::Movie, TitleKind::Show] {
        // One more than there are days, should midnight pass.
        for _ in 0..=DAYS + 1 {
            match sync_day(catalog, &**database, kind).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::warn!(?kind, error, "failed to read what has changed; the next run goes on from here");
                    break;
                }
            }
        }
    }
    Run::Drained
}

/// Answers whether there is another day to ask for.
async fn sync_day(catalog: &Catalog, database: &dyn MovieDatabase, kind: TitleKind) -> Result<bool, Failure> {
    let interval_ms = i64::try_from(EVERY.as_millis()).unwrap_or(i64::MAX);
    let day = catalog.write(move |transaction, now| changes::next_day(transaction, kind, now, interval_ms)).await?;
    let Some(day) = day else { return Ok(false) };
    let mut changed: Vec<TmdbId> = Vec::new();
    for page in 1..=MAX_PAGES {
        let found = database.changes(kind, &day, page, Urgency::Background).await?;
        changed.extend(found.items);
        if page >= found.total_pages {
            break;
        }
    }
    Ok(catalog.write(move |transaction, now| changes::put(transaction, kind, &day, &changed, now)).await?)
}
