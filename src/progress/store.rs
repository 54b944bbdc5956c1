//! The SQL of watch progress.

pub mod marks;
pub mod shows;
#[cfg(test)]
mod tests;

use super::ProgressError;
use crate::domain::{
    ids::{MovieId, UserId},
    title::{Progress, WatchState, Watchable},
    tracking,
};
use rusqlite::{
    Connection, ErrorCode, OptionalExtension, Row, Transaction, params,
    types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef},
};
use std::collections::HashMap;

/// Films whose progress is read at once; the oldest beyond that are history, not "continue watching".
const MAX_ROWS: i64 = 2_000;

/// The column that says what was watched, and its value.
fn of_title(title: Watchable) -> (&'static str, i64) {
    match title {
        Watchable::Movie(movie) => ("movie_id", movie.0),
        Watchable::Episode(episode) => ("episode_id", episode.0),
    }
}

pub fn save(
    transaction: &Transaction<'_>,
    user: UserId,
    title: Watchable,
    progress: Progress,
) -> Result<(), ProgressError> {
    let (column, id) = of_title(title);
    let saved = transaction
        .prepare_cached(&format!(
            "INSERT INTO watch_progress (user_id, {column}, position_ms, duration_ms, state, updated_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT ({column}, user_id) DO UPDATE SET \
             position_ms = excluded.position_ms, duration_ms = excluded.duration_ms, state = excluded.state, \
             updated_at = excluded.updated_at"
        ))?
        .execute(params![user, id, progress.position_ms, progress.duration_ms, progress.state, progress.updated_at]);
    match saved {
        Ok(_) => Ok(()),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            Err(ProgressError::TitleNotFound)
        }
        Err(error) => Err(error.into()),
    }
}

pub fn clear(transaction: &Transaction<'_>, user: UserId, title: Watchable) -> Result<(), ProgressError> {
    let (column, id) = of_title(title);
    transaction
        .prepare_cached(&format!("DELETE FROM watch_progress WHERE user_id = ?1 AND {column} = ?2"))?
        .execute(params![user, id])?;
    Ok(())
}

/// Writes what of `found` is later than what is here.
pub fn import(
    transaction: &Transaction<'_>,
    user: UserId,
    found: &[(Watchable, Progress)],
) -> Result<(), ProgressError> {
    for (title, theirs) in found {
        let ours = of(transaction, user, *title)?;
        if ours.is_some_and(|ours| tracking::later(ours, *theirs) == ours) {
            continue;
        }
        match save(transaction, user, *title, *theirs) {
            Ok(()) | Err(ProgressError::TitleNotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A user's progress by film, the latest of it.
pub fn movies(connection: &Connection, user: UserId) -> Result<HashMap<MovieId, Progress>, ProgressError> {
    let mut statement = connection.prepare_cached(
        "SELECT movie_id, position_ms, duration_ms, state, updated_at FROM watch_progress WHERE user_id = ?1 \
         AND movie_id IS NOT NULL ORDER BY updated_at DESC LIMIT ?2",
    )?;
    let rows = statement.query_map(params![user, MAX_ROWS], |row| Ok((row.get("movie_id")?, to_progress(row)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub fn of(connection: &Connection, user: UserId, title: Watchable) -> Result<Option<Progress>, ProgressError> {
    let (column, id) = of_title(title);
    let mut statement = connection.prepare_cached(&format!(
        "SELECT position_ms, duration_ms, state, updated_at FROM watch_progress WHERE user_id = ?1 AND {column} = ?2"
    ))?;
    Ok(statement.query_row(params![user, id], to_progress).optional()?)
}

fn to_progress(row: &Row<'_>) -> rusqlite::Result<Progress> {
    Ok(Progress {
        position_ms: row.get("position_ms")?,
        duration_ms: row.get("duration_ms")?,
        state: row.get("state")?,
        updated_at: row.get("updated_at")?,
    })
}

impl FromSql for WatchState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "watching" => Ok(Self::Watching),
            "watched" => Ok(Self::Watched),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

impl ToSql for WatchState {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(match self {
            Self::Watching => "watching",
            Self::Watched => "watched",
        }))
    }
}
