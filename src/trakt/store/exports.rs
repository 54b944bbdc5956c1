//! The SQL of what is here and that Trakt does not know yet.

use super::mirror::to_tracked;
use crate::{
    domain::{
        ids::{TraktAccountId, UserId},
        media::{TitleKind, TmdbId},
        title::{Progress, WatchState, Watchable},
        tracking::{ONE_VIEWING_MS, SAME_POSITION, Tracked},
    },
    trakt::TraktError,
};
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use std::collections::HashSet;

/// Something to tell Trakt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Export {
    pub title: Watchable,
    pub tracked: Tracked,
    pub progress: Progress,
}

/// Progress with what the title is at The Movie Database.
const PROGRESS: &str = "SELECT p.movie_id, p.episode_id, p.position_ms, p.duration_ms, p.state, p.updated_at, \
     CASE WHEN p.movie_id IS NULL THEN 'episode' ELSE 'movie' END AS kind, coalesce(m.tmdb_id, h.tmdb_id) AS tmdb_id, \
     coalesce(s.season_number, 0) AS season_number, coalesce(e.episode_number, 0) AS episode_number \
     FROM watch_progress p LEFT JOIN movies m ON m.id = p.movie_id \
     LEFT JOIN episodes e ON e.id = p.episode_id LEFT JOIN seasons s ON s.id = e.season_id \
     LEFT JOIN shows h ON h.id = s.show_id WHERE p.user_id = :user AND p.updated_at >= :since \
     AND coalesce(m.tmdb_id, h.tmdb_id) IS NOT NULL";

/// Where Trakt would have it.
const SAME_ITEM: &str = "t.account_id = :account AND t.kind = f.kind AND t.tmdb_id = f.tmdb_id \
     AND t.season_number = f.season_number AND t.episode_number = f.episode_number";

/// What was watched here at `since` or later and that Trakt does not know, the oldest first.
pub fn watched(
    connection: &Connection,
    account: TraktAccountId,
    user: UserId,
    since: i64,
    most: u32,
) -> Result<Vec<Export>, TraktError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT f.* FROM ({PROGRESS} AND p.state = 'watched') f \
         LEFT JOIN trakt_items t ON t.section = CASE f.kind WHEN 'movie' THEN 'watched movies' ELSE 'watched episodes' END \
         AND {SAME_ITEM} WHERE t.at IS NULL OR f.updated_at > t.at + :one_viewing ORDER BY f.updated_at LIMIT :most"
    ))?;
    let rows = statement.query_map(
        named_params! {
            ":account": account, ":user": user, ":since": since, ":one_viewing": ONE_VIEWING_MS, ":most": most,
        },
        to_export,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What was begun here at `since` or later and where Trakt has another position, or none; the latest.
pub fn positions(
    connection: &Connection,
    account: TraktAccountId,
    user: UserId,
    since: i64,
    most: u32,
) -> Result<Vec<Export>, TraktError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT f.* FROM ({PROGRESS} AND p.state = 'watching' AND p.duration_ms > 0 \
         AND p.position_ms >= p.duration_ms * :least) f \
         LEFT JOIN trakt_items t ON t.section = 'playback' AND {SAME_ITEM} \
         WHERE t.at IS NULL OR (f.updated_at > t.at \
         AND abs(f.position_ms * 1.0 / f.duration_ms - t.fraction) >= :least) ORDER BY f.updated_at DESC LIMIT :most"
    ))?;
    let rows = statement.query_map(
        named_params! {
            ":account": account, ":user": user, ":since": since, ":least": SAME_POSITION, ":most": most,
        },
        to_export,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What a title is at The Movie Database; none when it is not there.
pub fn tracked(connection: &Connection, title: Watchable) -> Result<Option<Tracked>, TraktError> {
    let found = match title {
        Watchable::Movie(movie) => connection
            .prepare_cached("SELECT tmdb_id FROM movies WHERE id = ?1 AND tmdb_id IS NOT NULL")?
            .query_row([movie], |row| Ok(Tracked::Movie(row.get(0)?)))
            .optional()?,
        Watchable::Episode(episode) => connection
            .prepare_cached(
                "SELECT h.tmdb_id, s.season_number, e.episode_number FROM episodes e \
                 JOIN seasons s ON s.id = e.season_id JOIN shows h ON h.id = s.show_id WHERE e.id = ?1",
            )?
            .query_row([episode], |row| {
                Ok(Tracked::Episode { show: row.get(0)?, season_number: row.get(1)?, number: row.get(2)? })
            })
            .optional()?,
    };
    Ok(found)
}

/// The titles of a user's default list that are at The Movie Database.
pub fn my_list(connection: &Connection, user: UserId) -> Result<HashSet<(TitleKind, TmdbId)>, TraktError> {
    let mut statement = connection.prepare_cached(
        "SELECT i.movie_id IS NOT NULL AS is_movie, coalesce(m.tmdb_id, h.tmdb_id) AS tmdb_id \
         FROM lists l JOIN list_items i ON i.list_id = l.id LEFT JOIN movies m ON m.id = i.movie_id \
         LEFT JOIN shows h ON h.id = i.show_id \
         WHERE l.owner_id = ?1 AND l.is_default = 1 AND coalesce(m.tmdb_id, h.tmdb_id) IS NOT NULL",
    )?;
    let rows = statement.query_map([user], |row| {
        Ok((if row.get("is_movie")? { TitleKind::Movie } else { TitleKind::Show }, row.get("tmdb_id")?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn to_export(row: &Row<'_>) -> rusqlite::Result<Export> {
    let title = match row.get("movie_id")? {
        Some(movie) => Watchable::Movie(movie),
        None => Watchable::Episode(row.get("episode_id")?),
    };
    let progress = Progress {
        position_ms: row.get("position_ms")?,
        duration_ms: row.get("duration_ms")?,
        state: row.get::<_, WatchState>("state")?,
        updated_at: row.get("updated_at")?,
    };
    Ok(Export { title, tracked: to_tracked(row)?, progress })
}
