//! The SQL of how far somebody is in a show.

use super::to_progress;
use crate::{
    domain::{
        ids::{EpisodeId, ShowId, UserId},
        next_up::Candidate,
        title::Progress,
    },
    progress::ProgressError,
};
use rusqlite::{Connection, Transaction, params};
use std::collections::HashMap;

/// A user's progress in one season.
pub fn season(
    connection: &Connection,
    user: UserId,
    show: ShowId,
    number: u32,
) -> Result<HashMap<EpisodeId, Progress>, ProgressError> {
    let mut statement = connection.prepare_cached(
        "SELECT e.id, p.position_ms, p.duration_ms, p.state, p.updated_at FROM seasons s \
         JOIN episodes e ON e.season_id = s.id JOIN watch_progress p ON p.episode_id = e.id AND p.user_id = ?1 \
         WHERE s.show_id = ?2 AND s.season_number = ?3",
    )?;
    let rows = statement.query_map(params![user, show, number], |row| Ok((row.get(0)?, to_progress(row)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// All episodes of a show with a user's progress, in their order. `now` is in milliseconds.
pub fn episodes(
    connection: &Connection,
    user: UserId,
    show: ShowId,
    now: i64,
) -> Result<Vec<Candidate>, ProgressError> {
    let mut statement = connection.prepare_cached(
        "SELECT e.id, s.season_number, e.episode_number, e.air_date <= date(?3 / 1000, 'unixepoch') AS is_out, \
         p.position_ms, p.duration_ms, p.state, p.updated_at FROM seasons s JOIN episodes e ON e.season_id = s.id \
         LEFT JOIN watch_progress p ON p.episode_id = e.id AND p.user_id = ?1 \
         WHERE s.show_id = ?2 ORDER BY s.season_number, e.episode_number",
    )?;
    let rows = statement.query_map(params![user, show, now], |row| {
        Ok(Candidate {
            episode: row.get(0)?,
            season_number: row.get(1)?,
            number: row.get(2)?,
            is_out: row.get::<_, Option<bool>>(3)?.unwrap_or_default(),
            progress: if row.get::<_, Option<i64>>("updated_at")?.is_some() { Some(to_progress(row)?) } else { None },
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The shows a user has watched last and has not put away since, with when that was.
pub fn watched_last(connection: &Connection, user: UserId, most: u32) -> Result<Vec<(ShowId, i64)>, ProgressError> {
    let mut statement = connection.prepare_cached(
        "SELECT s.show_id, max(p.updated_at) AS at FROM watch_progress p JOIN episodes e ON e.id = p.episode_id \
         JOIN seasons s ON s.id = e.season_id LEFT JOIN put_away_shows a ON a.user_id = ?1 AND a.show_id = s.show_id \
         WHERE p.user_id = ?1 GROUP BY s.show_id HAVING a.put_away_at IS NULL OR at > a.put_away_at \
         ORDER BY at DESC LIMIT ?2",
    )?;
    let rows = statement.query_map(params![user, most], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes a show off the home screen, and forgets the episodes in the midst of which the user is.
pub fn put_away(transaction: &Transaction<'_>, user: UserId, show: ShowId, now: i64) -> Result<(), ProgressError> {
    let is_there = transaction.prepare_cached("SELECT 1 FROM shows WHERE id = ?1")?.exists([show])?;
    if !is_there {
        return Err(ProgressError::TitleNotFound);
    }
    transaction
        .prepare_cached(
            "DELETE FROM watch_progress WHERE user_id = ?1 AND state = 'watching' AND episode_id IN \
             (SELECT e.id FROM seasons s JOIN episodes e ON e.season_id = s.id WHERE s.show_id = ?2)",
        )?
        .execute(params![user, show])?;
    transaction
        .prepare_cached("INSERT OR REPLACE INTO put_away_shows (user_id, show_id, put_away_at) VALUES (?1, ?2, ?3)")?
        .execute(params![user, show, now])?;
    Ok(())
}
