//! The SQL of what has changed in the film database.

use super::database::table;
use crate::{
    catalog::{CatalogError, changes::DAYS},
    domain::media::{TitleKind, TmdbId},
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// A title that changes again and again within a day is read anew at most this often before that day is over.
const AGAIN_WITHIN_DAY_MS: i64 = 12 * 3_600_000;

fn key(kind: TitleKind) -> &'static str {
    match kind {
        TitleKind::Movie => "movie changes",
        TitleKind::Show => "show changes",
    }
}

/// The day to ask for, as `YYYY-MM-DD`; none when today was asked less than `interval_ms` ago. Changes count from the
/// first call on: what is in the catalog by then has just been read.
pub fn next_day(
    transaction: &Transaction<'_>,
    kind: TitleKind,
    now: i64,
    interval_ms: i64,
) -> Result<Option<String>, CatalogError> {
    let began = transaction.execute(
        "INSERT INTO sync_state (key, cursor, synced_at) VALUES (?1, date(?2 / 1000, 'unixepoch'), ?2) \
         ON CONFLICT (key) DO NOTHING",
        params![key(kind), now],
    )?;
    if began > 0 {
        return Ok(None);
    }
    let (cursor, is_behind, earliest): (String, bool, String) = transaction.query_row(
        "SELECT cursor, cursor < date(?2 / 1000, 'unixepoch', ?3), date(?2 / 1000, 'unixepoch', ?3) \
         FROM sync_state WHERE key = ?1",
        params![key(kind), now, format!("-{DAYS} days")],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    if is_behind {
        // Nobody knows any more what has changed before that, so all of it may have.
        transaction
            .execute(&format!("UPDATE {} SET details_due_at = ?1 WHERE details_at IS NOT NULL", table(kind)), [now])?;
        transaction.execute("UPDATE sync_state SET cursor = ?2 WHERE key = ?1", params![key(kind), earliest])?;
        return Ok(Some(earliest));
    }
    let is_due =
        "SELECT 1 FROM sync_state WHERE key = ?1 AND (synced_at <= ?2 - ?3 OR cursor < date(?2 / 1000, 'unixepoch'))";
    let is_due = transaction.query_row(is_due, params![key(kind), now, interval_ms], |_| Ok(())).optional()?;
    Ok(is_due.map(|()| cursor))
}

/// How many days [`next_day`] would answer one after the other, of films and of shows.
pub fn days_due(connection: &Connection, now: i64, interval_ms: i64) -> Result<u32, CatalogError> {
    let mut count = connection.prepare_cached(
        "SELECT coalesce(sum(CASE WHEN cursor < date(?3 / 1000, 'unixepoch') \
         THEN min(julianday(date(?3 / 1000, 'unixepoch')) - julianday(cursor), ?5) + 1 \
         ELSE synced_at <= ?3 - ?4 END), 0) FROM sync_state WHERE key IN (?1, ?2)",
    )?;
    let days: f64 = count
        .query_row(params![key(TitleKind::Movie), key(TitleKind::Show), now, interval_ms, DAYS], |row| row.get(0))?;
    Ok(days as u32)
}

/// Titles that are here and have changed on that day are due. Answers whether there is another day to ask for.
pub fn put(
    transaction: &Transaction<'_>,
    kind: TitleKind,
    day: &str,
    changed: &[TmdbId],
    now: i64,
) -> Result<bool, CatalogError> {
    let is_over: bool =
        transaction.query_row("SELECT ?1 < date(?2 / 1000, 'unixepoch')", params![day, now], |row| row.get(0))?;
    let read_before: i64 = if is_over {
        transaction.query_row("SELECT unixepoch(?1, '+1 day') * 1000", [day], |row| row.get(0))?
    } else {
        now - AGAIN_WITHIN_DAY_MS
    };
    let mut mark = transaction.prepare_cached(&format!(
        "UPDATE {} SET details_due_at = ?2 WHERE tmdb_id = ?1 AND details_at < ?3 AND details_due_at > ?2",
        table(kind)
    ))?;
    // What changes of a show may be its last season; the others do not change any more.
    let mut mark_season = transaction.prepare_cached(
        "UPDATE seasons SET due_at = ?2 WHERE show_id = (SELECT id FROM shows WHERE tmdb_id = ?1) \
         AND completed_at < ?3 AND due_at > ?2",
    )?;
    for title in changed {
        mark.execute(params![title, now, read_before])?;
        if kind == TitleKind::Show {
            mark_season.execute(params![title, now, read_before])?;
        }
    }
    transaction.execute(
        "UPDATE sync_state SET synced_at = CASE WHEN ?3 THEN synced_at ELSE ?2 END, \
         cursor = CASE WHEN ?3 THEN date(?4, '+1 day') ELSE ?4 END WHERE key = ?1",
        params![key(kind), now, is_over, day],
    )?;
    Ok(is_over)
}
