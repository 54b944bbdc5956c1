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

/// How often changes are asked for: all pages of the day each time, some dozens. No title is read more than twice a day for
/// them, so that asking more often has little to give.
pub const EVERY: Duration = Duration::from_millis(EVERY_MS as u64);
pub const EVERY_MS: i64 = 6 * 3_600_000;
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
    let Some(database) = &catalog.database else { return Run::NothingDue };
    let interval_ms = if catalog.changes_task.take_asked_for() { 0 } else { EVERY_MS };
    let mut run = Run::NothingDue;
    for kind in [TitleKind::Movie, TitleKind::Show] {
        // One more than there are days, should midnight pass.
        for _ in 0..=DAYS + 1 {
            match sync_day(catalog, &**database, kind, interval_ms).await {
                Ok(None) => break,
                Ok(Some(is_over)) => {
                    run = Run::Drained;
                    if !is_over {
                        break;
                    }
                }
                Err(error) => {
                    let what = "what has changed could not be read; the next run goes on from here";
                    catalog.changes_task.failed(what, &error);
                    break;
                }
            }
        }
    }
    run
}

/// Asks for the day that is next, if one is; answers whether that day is over, so that there is another to ask for.
async fn sync_day(
    catalog: &Catalog,
    database: &dyn MovieDatabase,
    kind: TitleKind,
    interval_ms: i64,
) -> Result<Option<bool>, Failure> {
    let day = catalog.write(move |transaction, now| changes::next_day(transaction, kind, now, interval_ms)).await?;
    let Some(day) = day else { return Ok(None) };
    let mut changed: Vec<TmdbId> = Vec::new();
    for page in 1..=MAX_PAGES {
        let found = database.changes(kind, &day, page, Urgency::Background).await?;
        changed.extend(found.items);
        if page >= found.total_pages {
            break;
        }
    }
    Ok(Some(catalog.write(move |transaction, now| changes::put(transaction, kind, &day, &changed, now)).await?))
}
