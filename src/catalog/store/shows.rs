//! The SQL that reads shows, their seasons and episodes.

use super::titles;
use crate::{
    catalog::{CatalogError, Title},
    domain::{
        ids::{EpisodeId, ShowId},
        language::Language,
        show::{Episode, NumberedEpisode, Season, Show},
        title::TitleId,
    },
    store::row::image,
};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// What [`to_show`] reads; `genres` as with films.
pub const SHOW: &str = "SELECT h.id, h.tmdb_id, h.details_at, h.title, h.year, h.overview, h.tagline, h.status, \
                        h.tint_from, h.tint_to, h.poster, h.backdrop, h.logo, h.rating, \
                        (SELECT group_concat(g.name, char(31)) FROM (SELECT genre_id FROM show_genres \
                         WHERE show_id = h.id ORDER BY position) JOIN genres g ON g.id = genre_id) AS genres";

pub fn show(connection: &Connection, show: ShowId) -> Result<Option<(Show, Vec<Season>)>, CatalogError> {
    let found = connection
        .prepare_cached(&format!("{SHOW} FROM shows h WHERE h.id = ?1"))?
        .query_row([show], to_show)
        .optional()?;
    let Some(found) = found else { return Ok(None) };
    let mut seasons = connection.prepare_cached(
        "SELECT id, season_number, name, overview, air_date, episode_count, poster, completed_at FROM seasons \
         WHERE show_id = ?1 ORDER BY season_number",
    )?;
    let seasons = seasons.query_map([show], to_season)?.collect::<Result<_, _>>()?;
    Ok(Some((found, seasons)))
}

pub fn season(
    connection: &Connection,
    show: ShowId,
    number: u32,
) -> Result<Option<(Season, Vec<Episode>)>, CatalogError> {
    let found = connection
        .prepare_cached(
            "SELECT id, season_number, name, overview, air_date, episode_count, poster, completed_at FROM seasons \
             WHERE show_id = ?1 AND season_number = ?2",
        )?
        .query_row(params![show, number], to_season)
        .optional()?;
    let Some(found) = found else { return Ok(None) };
    let mut episodes = connection.prepare_cached(
        "SELECT id, episode_number, name, overview, air_date, runtime_ms, still FROM episodes WHERE season_id = ?1 \
         ORDER BY episode_number",
    )?;
    let episodes = episodes.query_map([found.id], to_episode)?.collect::<Result<_, _>>()?;
    Ok(Some((found, episodes)))
}

/// Episodes by their ids, in the order given, with the shows they are of; those that are gone are left out.
pub fn episodes(
    connection: &Connection,
    ids: &[EpisodeId],
    language: Option<&Language>,
) -> Result<Vec<(NumberedEpisode, Show)>, CatalogError> {
    let mut episodes = connection.prepare_cached(
        "SELECT e.id, e.episode_number, e.name, e.overview, e.air_date, e.runtime_ms, e.still, s.season_number, s.show_id \
         FROM episodes e JOIN seasons s ON s.id = e.season_id WHERE e.id = ?1",
    )?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let episode = episodes.query_row([id], |row| {
            let episode = NumberedEpisode { season_number: row.get("season_number")?, episode: to_episode(row)? };
            Ok((episode, row.get::<_, ShowId>("show_id")?))
        });
        let Some((episode, show)) = episode.optional()? else { continue };
        if let Some(Title::Show(show)) = titles(connection, &[TitleId::Show(show)], language)?.pop() {
            found.push((episode, show));
        }
    }
    Ok(found)
}

pub fn to_show(row: &Row<'_>) -> rusqlite::Result<Show> {
    Ok(Show {
        id: row.get("id")?,
        tmdb_id: row.get("tmdb_id")?,
        is_whole: row.get::<_, Option<i64>>("details_at")?.is_some(),
        title: row.get("title")?,
        year: row.get("year")?,
        overview: row.get("overview")?,
        tagline: row.get("tagline")?,
        status: row.get("status")?,
        tint: [row.get("tint_from")?, row.get("tint_to")?],
        poster: image(row, "poster")?,
        backdrop: image(row, "backdrop")?,
        logo: image(row, "logo")?,
        genres: super::genres(row)?,
        rating: row.get("rating")?,
    })
}

fn to_season(row: &Row<'_>) -> rusqlite::Result<Season> {
    Ok(Season {
        id: row.get("id")?,
        number: row.get("season_number")?,
        name: row.get("name")?,
        overview: row.get("overview")?,
        air_date: row.get("air_date")?,
        episode_count: row.get("episode_count")?,
        poster: image(row, "poster")?,
        is_whole: row.get::<_, Option<i64>>("completed_at")?.is_some(),
    })
}

fn to_episode(row: &Row<'_>) -> rusqlite::Result<Episode> {
    Ok(Episode {
        id: row.get("id")?,
        number: row.get("episode_number")?,
        name: row.get("name")?,
        overview: row.get("overview")?,
        air_date: row.get("air_date")?,
        runtime_ms: row.get("runtime_ms")?,
        still: image(row, "still")?,
    })
}
