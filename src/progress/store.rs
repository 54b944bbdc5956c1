//! The SQL of watch progress.

use super::ProgressError;
use crate::domain::{
    ids::{MovieId, UserId},
    title::{Progress, WatchState},
};
use rusqlite::{
    Connection, ErrorCode, OptionalExtension, Row, Transaction, params,
    types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef},
};
use std::collections::HashMap;

/// Films whose progress is read at once; the oldest beyond that are history, not "continue watching".
const MAX_ROWS: i64 = 2_000;

pub fn save(
    transaction: &Transaction<'_>,
    user: UserId,
    movie: MovieId,
    progress: Progress,
) -> Result<(), ProgressError> {
    let saved = transaction
        .prepare_cached(
            "INSERT INTO watch_progress (user_id, movie_id, position_ms, duration_ms, state, updated_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (user_id, movie_id) DO UPDATE SET \
             position_ms = excluded.position_ms, duration_ms = excluded.duration_ms, state = excluded.state, \
             updated_at = excluded.updated_at",
        )?
        .execute(params![user, movie, progress.position_ms, progress.duration_ms, progress.state, progress.updated_at]);
    match saved {
        Ok(_) => Ok(()),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            Err(ProgressError::MovieNotFound)
        }
        Err(error) => Err(error.into()),
    }
}

pub fn clear(transaction: &Transaction<'_>, user: UserId, movie: MovieId) -> Result<(), ProgressError> {
    transaction
        .prepare_cached("DELETE FROM watch_progress WHERE user_id = ?1 AND movie_id = ?2")?
        .execute(params![user, movie])?;
    Ok(())
}

pub fn all(connection: &Connection, user: UserId) -> Result<HashMap<MovieId, Progress>, ProgressError> {
    let mut statement = connection.prepare_cached(
        "SELECT movie_id, position_ms, duration_ms, state, updated_at FROM watch_progress WHERE user_id = ?1 \
         ORDER BY updated_at DESC LIMIT ?2",
    )?;
    let rows = statement.query_map(params![user, MAX_ROWS], |row| Ok((row.get("movie_id")?, to_progress(row)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub fn of(connection: &Connection, user: UserId, movie: MovieId) -> Result<Option<Progress>, ProgressError> {
    let mut statement = connection.prepare_cached(
        "SELECT position_ms, duration_ms, state, updated_at FROM watch_progress WHERE user_id = ?1 AND movie_id = ?2",
    )?;
    Ok(statement.query_row(params![user, movie], to_progress).optional()?)
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
