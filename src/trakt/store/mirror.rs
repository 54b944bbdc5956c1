//! The SQL of what Trakt is known to have, and what of it is not here yet.

use crate::{
    domain::{
        ids::{TraktAccountId, UserId},
        media::{TitleKind, TmdbId},
        title::{Progress, WatchState, Watchable},
        tracking::{self, SAME_POSITION, Tracked},
    },
    trakt::TraktError,
};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use std::collections::{HashMap, HashSet};

/// A part of an account that Trakt says the last change of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Section {
    WatchedMovies,
    WatchedEpisodes,
    Playback,
    Watchlist,
    Lists,
}

impl Section {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WatchedMovies => "watched movies",
            Self::WatchedEpisodes => "watched episodes",
            Self::Playback => "playback",
            Self::Watchlist => "watchlist",
            Self::Lists => "lists",
        }
    }

    /// Where it stands that a title was watched.
    pub fn of_watched(tracked: Tracked) -> Self {
        match tracked {
            Tracked::Movie(_) => Self::WatchedMovies,
            Tracked::Episode { .. } => Self::WatchedEpisodes,
        }
    }
}

/// Something that Trakt has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    pub tracked: Tracked,
    /// When it was watched, or paused (Unix ms).
    pub at: i64,
    /// How much of it was watched, from 0 to 1.
    pub fraction: f64,
}

/// Something that Trakt has and that is not merged yet, with what it is here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unmerged {
    pub section: Section,
    pub tracked: Tracked,
    pub title: Watchable,
    pub progress: Progress,
}

/// When a section was changed at Trakt, as of when it was read last.
pub fn changed_at(
    connection: &Connection,
    account: TraktAccountId,
    section: Section,
) -> Result<Option<i64>, TraktError> {
    let mut statement =
        connection.prepare_cached("SELECT changed_at FROM trakt_sections WHERE account_id = ?1 AND section = ?2")?;
    Ok(statement.query_row(params![account, section.as_str()], |row| row.get(0)).optional()?)
}

/// Says that a section was read, as it was left by a change at `changed_at`.
pub fn set_changed_at(
    transaction: &Transaction<'_>,
    account: TraktAccountId,
    section: Section,
    changed_at: i64,
) -> Result<(), TraktError> {
    transaction
        .prepare_cached("INSERT OR REPLACE INTO trakt_sections (account_id, section, changed_at) VALUES (?1, ?2, ?3)")?
        .execute(params![account, section.as_str(), changed_at])?;
    Ok(())
}

/// A difference between what is known of a section and what Trakt has in it now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    Put { item: Item, is_merged: bool },
    Remove(Tracked),
}

/// What has to change for a section to be as Trakt has it now. What was merged before, or has been told to Trakt, stays
/// merged, and what was told stays as it was told: Trakt may have written it down with another time, or not at all yet.
pub fn changes(
    connection: &Connection,
    account: TraktAccountId,
    section: Section,
    items: &[Item],
) -> Result<Vec<Change>, TraktError> {
    let mut known = connection.prepare_cached(
        "SELECT kind, tmdb_id, season_number, episode_number, at, fraction, is_merged FROM trakt_items \
         WHERE account_id = ?1 AND section = ?2",
    )?;
    let known = known.query_map(params![account, section.as_str()], |row| {
        let item = Item { tracked: to_tracked(row)?, at: row.get("at")?, fraction: row.get("fraction")? };
        Ok((item.tracked, (item, row.get::<_, bool>("is_merged")?)))
    })?;
    let mut known = known.collect::<Result<HashMap<_, _>, _>>()?;
    let mut changes = Vec::new();
    for item in items {
        let is_merged = match known.remove(&item.tracked) {
            Some((before, is_merged)) if before == *item || (is_merged && item.at <= before.at) => continue,
            Some((before, true)) if section == Section::Playback => {
                (item.fraction - before.fraction).abs() < SAME_POSITION
            }
            Some((before, true)) => tracking::is_known_as_watched(item.at, before.at),
            Some((_, false)) | None => false,
        };
        changes.push(Change::Put { item: *item, is_merged });
    }
    changes.extend(known.into_keys().map(Change::Remove));
    Ok(changes)
}

/// Writes some of the changes of a section.
pub fn apply(
    transaction: &Transaction<'_>,
    account: TraktAccountId,
    section: Section,
    changes: &[Change],
) -> Result<(), TraktError> {
    let mut remove = transaction.prepare_cached(
        "DELETE FROM trakt_items WHERE account_id = ?1 AND section = ?2 AND kind = ?3 AND tmdb_id = ?4 \
         AND season_number = ?5 AND episode_number = ?6",
    )?;
    for change in changes {
        match change {
            Change::Put { item, is_merged } => put(transaction, account, section, *item, *is_merged)?,
            Change::Remove(tracked) => {
                let (kind, tmdb_id, season_number, number) = of_tracked(*tracked);
                remove.execute(params![account, section.as_str(), kind, tmdb_id, season_number, number])?;
            }
        }
    }
    Ok(())
}

/// Notes that Trakt has something and that it is the same here.
pub fn put_merged(
    transaction: &Transaction<'_>,
    account: TraktAccountId,
    section: Section,
    item: Item,
) -> Result<(), TraktError> {
    put(transaction, account, section, item, true)
}

fn put(
    transaction: &Transaction<'_>,
    account: TraktAccountId,
    section: Section,
    item: Item,
    is_merged: bool,
) -> Result<(), TraktError> {
    let (kind, tmdb_id, season_number, number) = of_tracked(item.tracked);
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO trakt_items \
             (account_id, section, kind, tmdb_id, season_number, episode_number, at, fraction, is_merged) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            account,
            section.as_str(),
            kind,
            tmdb_id,
            season_number,
            number,
            item.at,
            item.fraction,
            is_merged
        ])?;
    Ok(())
}

/// What is not merged yet and whose title is in the catalog by now. A position needs the title's length, so it waits for that.
/// Nothing counts as later than `now`.
pub fn unmerged(
    connection: &Connection,
    account: TraktAccountId,
    user: UserId,
    now: i64,
    most: u32,
) -> Result<Vec<Unmerged>, TraktError> {
    const COLUMNS: &str = "t.section, t.kind, t.tmdb_id, t.season_number, t.episode_number, min(t.at, ?3) AS at, t.fraction, \
                           coalesce(p.position_ms, 0) AS position_ms, \
                           coalesce(nullif(p.duration_ms, 0), l.runtime_ms, 0) AS duration_ms";
    const IS_READY: &str = "(t.section <> 'playback' OR coalesce(nullif(p.duration_ms, 0), l.runtime_ms, 0) > 0)";
    let mut movies = connection.prepare_cached(&format!(
        "SELECT l.id, {COLUMNS} FROM trakt_items t JOIN movies l ON l.tmdb_id = t.tmdb_id \
         LEFT JOIN watch_progress p ON p.movie_id = l.id AND p.user_id = ?2 \
         WHERE t.account_id = ?1 AND t.section IN ('watched movies', 'playback') AND t.is_merged = 0 \
         AND t.kind = 'movie' AND {IS_READY} LIMIT ?4"
    ))?;
    let mut episodes = connection.prepare_cached(&format!(
        "SELECT l.id, {COLUMNS} FROM trakt_items t JOIN shows h ON h.tmdb_id = t.tmdb_id \
         JOIN seasons s ON s.show_id = h.id AND s.season_number = t.season_number \
         JOIN episodes l ON l.season_id = s.id AND l.episode_number = t.episode_number \
         LEFT JOIN watch_progress p ON p.episode_id = l.id AND p.user_id = ?2 \
         WHERE t.account_id = ?1 AND t.section IN ('watched episodes', 'playback') AND t.is_merged = 0 \
         AND t.kind = 'episode' AND {IS_READY} LIMIT ?4"
    ))?;
    let mut found = Vec::new();
    let rows = movies
        .query_map(params![account, user, now, most], |row| to_unmerged(row, Watchable::Movie(row.get("id")?)))?;
    for row in rows {
        found.push(row?);
    }
    let left = most.saturating_sub(found.len() as u32);
    let rows = episodes
        .query_map(params![account, user, now, left], |row| to_unmerged(row, Watchable::Episode(row.get("id")?)))?;
    for row in rows {
        found.push(row?);
    }
    Ok(found)
}

pub fn set_merged(
    transaction: &Transaction<'_>,
    account: TraktAccountId,
    merged: &[Unmerged],
) -> Result<(), TraktError> {
    let mut set = transaction.prepare_cached(
        "UPDATE trakt_items SET is_merged = 1 WHERE account_id = ?1 AND section = ?2 AND kind = ?3 AND tmdb_id = ?4 \
         AND season_number = ?5 AND episode_number = ?6",
    )?;
    for Unmerged { section, tracked, .. } in merged {
        let (kind, tmdb_id, season_number, number) = of_tracked(*tracked);
        set.execute(params![account, section.as_str(), kind, tmdb_id, season_number, number])?;
    }
    Ok(())
}

/// What both lists had when they were last in step.
pub fn watchlist(connection: &Connection, account: TraktAccountId) -> Result<HashSet<(TitleKind, TmdbId)>, TraktError> {
    let mut statement = connection
        .prepare_cached("SELECT kind, tmdb_id FROM trakt_items WHERE account_id = ?1 AND section = 'watchlist'")?;
    let rows = statement.query_map([account], |row| {
        let is_movie = row.get_ref("kind")?.as_str()? == "movie";
        Ok((if is_movie { TitleKind::Movie } else { TitleKind::Show }, row.get("tmdb_id")?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub fn set_watchlist(
    transaction: &Transaction<'_>,
    account: TraktAccountId,
    titles: &HashSet<(TitleKind, TmdbId)>,
    now: i64,
) -> Result<(), TraktError> {
    transaction
        .prepare_cached("DELETE FROM trakt_items WHERE account_id = ?1 AND section = 'watchlist'")?
        .execute([account])?;
    let mut insert = transaction.prepare_cached(
        "INSERT INTO trakt_items \
         (account_id, section, kind, tmdb_id, season_number, episode_number, at, fraction, is_merged) \
         VALUES (?1, 'watchlist', ?2, ?3, 0, 0, ?4, 0, 1)",
    )?;
    for (kind, tmdb_id) in titles {
        let kind = match kind {
            TitleKind::Movie => "movie",
            TitleKind::Show => "show",
        };
        insert.execute(params![account, kind, tmdb_id, now])?;
    }
    Ok(())
}

fn of_tracked(tracked: Tracked) -> (&'static str, TmdbId, u32, u32) {
    match tracked {
        Tracked::Movie(movie) => ("movie", movie, 0, 0),
        Tracked::Episode { show, season_number, number } => ("episode", show, season_number, number),
    }
}

pub fn to_tracked(row: &Row<'_>) -> rusqlite::Result<Tracked> {
    let tmdb_id = row.get("tmdb_id")?;
    Ok(match row.get_ref("kind")?.as_str()? {
        "movie" => Tracked::Movie(tmdb_id),
        _ => Tracked::Episode {
            show: tmdb_id,
            season_number: row.get("season_number")?,
            number: row.get("episode_number")?,
        },
    })
}

fn to_unmerged(row: &Row<'_>, title: Watchable) -> rusqlite::Result<Unmerged> {
    let tracked = to_tracked(row)?;
    let (updated_at, fraction): (i64, f64) = (row.get("at")?, row.get("fraction")?);
    let (position_ms, duration_ms): (i64, i64) = (row.get("position_ms")?, row.get("duration_ms")?);
    let is_paused = row.get_ref("section")?.as_str()? == Section::Playback.as_str();
    let progress = if is_paused {
        let position_ms = (duration_ms as f64 * fraction) as i64;
        Progress { position_ms, duration_ms, state: WatchState::at(position_ms, duration_ms), updated_at }
    } else {
        // The player's place in it stays.
        Progress { position_ms, duration_ms, state: WatchState::Watched, updated_at }
    };
    let section = if is_paused { Section::Playback } else { Section::of_watched(tracked) };
    Ok(Unmerged { section, tracked, title, progress })
}
