//! The SQL that marks titles as watched.

use crate::{
    domain::{
        ids::UserId,
        title::{Marked, Progress, WatchState, Watchable},
    },
    progress::ProgressError,
};
use rusqlite::{Connection, Transaction, params};

/// Of a season or a show: the episodes that are known and out.
pub fn mark(transaction: &Transaction<'_>, user: UserId, marked: Marked, now: i64) -> Result<(), ProgressError> {
    let Some((of, show, number)) = several(marked) else {
        let Marked::One(title) = marked else { return Ok(()) };
        return mark_one(transaction, user, title, now);
    };
    exists(transaction, marked)?;
    transaction
        .prepare_cached(&format!(
            "INSERT INTO watch_progress (user_id, episode_id, position_ms, duration_ms, state, updated_at) \
             SELECT ?1, e.id, 0, 0, 'watched', ?4 FROM seasons s JOIN episodes e ON e.season_id = s.id \
             WHERE {of} AND {IS_OUT} \
             ON CONFLICT (episode_id, user_id) DO UPDATE SET state = 'watched', updated_at = excluded.updated_at"
        ))?
        .execute(params![user, show, number, now])?;
    Ok(())
}

/// Forgets what was watched of it, and how far.
pub fn unmark(transaction: &Transaction<'_>, user: UserId, marked: Marked) -> Result<(), ProgressError> {
    let Some((of, show, number)) = several(marked) else {
        let Marked::One(title) = marked else { return Ok(()) };
        return super::clear(transaction, user, title);
    };
    exists(transaction, marked)?;
    transaction
        .prepare_cached(&format!(
            "DELETE FROM watch_progress WHERE user_id = ?1 AND episode_id IN \
             (SELECT e.id FROM seasons s JOIN episodes e ON e.season_id = s.id WHERE {of})"
        ))?
        .execute(params![user, show, number])?;
    Ok(())
}

/// An episode that has been on the air at the time `?4`, in milliseconds.
const IS_OUT: &str = "e.air_date <= date(?4 / 1000, 'unixepoch')";

/// Which episodes are meant, as a condition on `?2` and `?3`.
fn several(marked: Marked) -> Option<(&'static str, i64, u32)> {
    match marked {
        Marked::One(_) => None,
        Marked::Season(show, number) => Some(("s.show_id = ?2 AND s.season_number = ?3", show.0, number)),
        // All regular seasons.
        Marked::Show(show) => Some(("s.show_id = ?2 AND s.season_number > ?3", show.0, 0)),
    }
}

fn exists(connection: &Connection, marked: Marked) -> Result<(), ProgressError> {
    let is_there = match marked {
        Marked::One(_) => true,
        Marked::Show(show) => connection.prepare_cached("SELECT 1 FROM shows WHERE id = ?1")?.exists([show])?,
        Marked::Season(show, number) => connection
            .prepare_cached("SELECT 1 FROM seasons WHERE show_id = ?1 AND season_number = ?2")?
            .exists(params![show, number])?,
    };
    if is_there { Ok(()) } else { Err(ProgressError::TitleNotFound) }
}

fn mark_one(transaction: &Transaction<'_>, user: UserId, title: Watchable, now: i64) -> Result<(), ProgressError> {
    let before = super::of(transaction, user, title)?;
    let (position_ms, duration_ms) = before.map_or((0, 0), |before| (before.position_ms, before.duration_ms));
    let progress = Progress { position_ms, duration_ms, state: WatchState::Watched, updated_at: now };
    super::save(transaction, user, title, progress)
}
