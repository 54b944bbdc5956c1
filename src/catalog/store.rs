//! The catalog's SQL.

pub mod about;
pub mod browse;
pub mod changes;
pub mod database;
pub mod languages;
pub mod lists;
pub mod named;
pub mod search;
pub mod shows;
#[cfg(test)]
mod tests;

use super::{
    CatalogError, Title,
    built_in::{BuiltIn, BuiltInSource, magnet},
    message::{NewSource, SourceMetadata},
};
use crate::{
    domain::{
        ids::{MovieId, SourceId, UserId},
        info_hash::InfoHash,
        language::Language,
        media::TmdbId,
        title::{License, Movie, Origin, Source, TitleId},
    },
    playback_check,
    store::{
        StoreError,
        row::{image, optional_unsigned},
    },
};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use shows::{SHOW, to_show};

/// Behind the lists of the film database.
const OPEN_MOVIES_POSITION: i64 = 100;
/// Films one account may have opened at a time.
const MAX_OWN: i64 = 200;

/// What [`to_movie`] reads. Names of genres are set apart by a character that is in none of them.
const MOVIE: &str = "SELECT m.id, m.owner_id, m.tmdb_id, m.details_at, m.title, m.year, m.runtime_ms, m.overview, \
                     m.tagline, m.license_name, m.license_url, m.tint_from, m.tint_to, m.poster, m.backdrop, m.logo, m.rating, \
                     (SELECT group_concat(g.name, char(31)) FROM (SELECT genre_id FROM movie_genres \
                      WHERE movie_id = m.id ORDER BY position) JOIN genres g ON g.id = genre_id) AS genres, \
                     EXISTS (SELECT 1 FROM sources s WHERE s.movie_id = m.id) AS is_playable, \
                     EXISTS (SELECT 1 FROM sources s WHERE s.movie_id = m.id AND s.is_embedded) AS works_offline";

pub fn movie(connection: &Connection, movie: MovieId) -> Result<Option<(Movie, Vec<Source>)>, CatalogError> {
    let found = connection
        .prepare_cached(&format!("{MOVIE} FROM movies m WHERE m.id = ?1"))?
        .query_row([movie], to_movie)
        .optional()?;
    let Some(found) = found else { return Ok(None) };
    let mut statement = connection.prepare_cached(
        "SELECT id, movie_id, release_name, info_hash, magnet, metainfo, file_index, size_bytes, resolution, is_embedded \
         FROM sources WHERE movie_id = ?1 ORDER BY id",
    )?;
    let sources = statement.query_map([movie], to_source)?.collect::<Result<_, _>>()?;
    Ok(Some((found, sources)))
}

/// Titles by their ids, in the order given and in a language; those that are gone are left out.
pub fn titles(
    connection: &Connection,
    titles: &[TitleId],
    language: Option<&Language>,
) -> Result<Vec<Title>, CatalogError> {
    let mut movies = connection.prepare_cached(&format!("{MOVIE} FROM movies m WHERE m.id = ?1"))?;
    let mut shows = connection.prepare_cached(&format!("{SHOW} FROM shows h WHERE h.id = ?1"))?;
    let mut found = Vec::with_capacity(titles.len());
    for title in titles {
        found.extend(match title {
            TitleId::Movie(movie) => movies.query_row([movie], to_movie).optional()?.map(Title::Movie),
            TitleId::Show(show) => shows.query_row([show], to_show).optional()?.map(Title::Show),
        });
    }
    languages::translate(connection, language, &mut found)?;
    Ok(found)
}

pub fn own(connection: &Connection, owner: UserId) -> Result<Vec<Movie>, CatalogError> {
    let mut statement = connection.prepare_cached(&format!(
        "{MOVIE} FROM movies m WHERE m.owner_id = ?1 ORDER BY m.created_at DESC, m.id DESC"
    ))?;
    Ok(statement.query_map([owner], to_movie)?.collect::<Result<_, _>>()?)
}

pub fn add_own(
    transaction: &Transaction<'_>,
    owner: UserId,
    title: &str,
    source: &NewSource,
    now: i64,
) -> Result<(MovieId, bool), CatalogError> {
    let known = transaction
        .query_row(
            "SELECT m.id FROM movies m JOIN sources s ON s.movie_id = m.id WHERE m.owner_id = ?1 AND s.info_hash = ?2",
            params![owner, source.info_hash],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(movie) = known {
        return Ok((movie, false));
    }
    let count: i64 =
        transaction.query_row("SELECT count(*) FROM movies WHERE owner_id = ?1", [owner], |row| row.get(0))?;
    if count >= MAX_OWN {
        return Err(CatalogError::TooManyOwn);
    }
    transaction.execute(
        "INSERT INTO movies (owner_id, title, overview, tagline, tint_from, tint_to, created_at, updated_at) \
         VALUES (?1, ?2, '', '', '#6f7f9c', '#1a1e27', ?3, ?3)",
        params![owner, title, now],
    )?;
    let movie = MovieId(transaction.last_insert_rowid());
    put_source(transaction, movie, source, now)?;
    Ok((movie, true))
}

pub fn remove_own(transaction: &Transaction<'_>, movie: MovieId) -> Result<(), CatalogError> {
    transaction.execute("DELETE FROM movies WHERE id = ?1 AND owner_id IS NOT NULL", [movie])?;
    Ok(())
}

pub fn record_metadata(
    transaction: &Transaction<'_>,
    source: SourceId,
    metadata: &SourceMetadata,
) -> Result<(), CatalogError> {
    transaction.execute(
        "UPDATE sources SET metainfo = ?2, file_index = ?3, size_bytes = ?4 WHERE id = ?1",
        params![source, metadata.metainfo, metadata.file_index, signed(metadata.size_bytes)],
    )?;
    Ok(())
}

/// Writes the films that ship with this version, and the list they stand in.
pub fn put_built_in(transaction: &Transaction<'_>, movies: &[BuiltIn], now: i64) -> Result<(), CatalogError> {
    transaction.execute(
        "INSERT INTO lists (slug, name, description, origin, position) VALUES ('open-movies', 'Open movies', \
         'Films their makers share under an open licence', 'built_in', ?1) \
         ON CONFLICT (slug) DO UPDATE SET position = excluded.position",
        [OPEN_MOVIES_POSITION],
    )?;
    let list: i64 = transaction.query_row("SELECT id FROM lists WHERE slug = 'open-movies'", [], |row| row.get(0))?;
    transaction.execute("DELETE FROM list_items WHERE list_id = ?1", [list])?;
    for (position, built_in) in movies.iter().enumerate() {
        let movie: MovieId = transaction.query_row(
            "INSERT INTO movies (built_in_slug, title, year, runtime_ms, overview, tagline, license_name, license_url, \
             tint_from, tint_to, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11) \
             ON CONFLICT (built_in_slug) DO UPDATE SET title = excluded.title, year = excluded.year, \
             runtime_ms = excluded.runtime_ms, overview = excluded.overview, tagline = excluded.tagline, \
             license_name = excluded.license_name, license_url = excluded.license_url, \
             tint_from = excluded.tint_from, tint_to = excluded.tint_to \
             RETURNING id",
            params![
                built_in.slug,
                built_in.title,
                built_in.year,
                built_in.runtime_ms,
                built_in.overview,
                built_in.tagline,
                built_in.license.0,
                built_in.license.1,
                built_in.tint[0],
                built_in.tint[1],
                now
            ],
            |row| row.get(0),
        )?;
        let source = built_in_source(&built_in.source)?;
        // A new version of the playback check is a new torrent; the one it replaces must not linger beside it.
        transaction
            .execute("DELETE FROM sources WHERE movie_id = ?1 AND info_hash <> ?2", params![movie, source.info_hash])?;
        put_source(transaction, movie, &source, now)?;
        transaction.execute(
            "INSERT INTO list_items (list_id, position, movie_id) VALUES (?1, ?2, ?3)",
            params![list, signed(position as u64), movie],
        )?;
    }
    Ok(())
}

fn built_in_source(source: &BuiltInSource) -> Result<NewSource, StoreError> {
    Ok(match source {
        BuiltInSource::Magnet { info_hash, release_name, web_name } => {
            let info_hash: InfoHash = info_hash.parse().map_err(|_| rusqlite::Error::InvalidQuery)?;
            NewSource {
                release_name: (*release_name).to_owned(),
                info_hash,
                magnet: Some(magnet(info_hash, release_name, web_name)),
                metadata: None,
                resolution: None,
                is_embedded: false,
            }
        }
        BuiltInSource::Embedded => NewSource {
            release_name: "Playback check".to_owned(),
            info_hash: playback_check::info_hash(),
            magnet: None,
            metadata: Some(SourceMetadata {
                metainfo: playback_check::TORRENT.to_vec(),
                file_index: 0,
                size_bytes: playback_check::size_bytes(),
            }),
            resolution: Some("720p"),
            is_embedded: true,
        },
    })
}

fn put_source(transaction: &Transaction<'_>, movie: MovieId, source: &NewSource, now: i64) -> Result<(), CatalogError> {
    let metadata = source.metadata.as_ref();
    transaction.execute(
        "INSERT INTO sources (movie_id, release_name, info_hash, magnet, metainfo, file_index, size_bytes, resolution, \
         is_embedded, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (movie_id, info_hash) DO UPDATE SET magnet = coalesce(excluded.magnet, magnet)",
        params![
            movie,
            source.release_name,
            source.info_hash,
            source.magnet,
            metadata.map(|known| &known.metainfo),
            metadata.map(|known| known.file_index),
            metadata.map(|known| signed(known.size_bytes)),
            source.resolution,
            source.is_embedded,
            now
        ],
    )?;
    Ok(())
}

/// SQLite's integers are signed; a file of eight exbibytes has not been admitted.
fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Names of genres, as one column with them all.
fn genres(row: &Row<'_>) -> rusqlite::Result<Vec<String>> {
    let joined: Option<String> = row.get("genres")?;
    Ok(joined.unwrap_or_default().split('\u{1f}').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

fn to_movie(row: &Row<'_>) -> rusqlite::Result<Movie> {
    let owner: Option<UserId> = row.get("owner_id")?;
    let tmdb_id: Option<TmdbId> = row.get("tmdb_id")?;
    let details_at: Option<i64> = row.get("details_at")?;
    let license: Option<String> = row.get("license_name")?;
    let license_url: Option<String> = row.get("license_url")?;
    Ok(Movie {
        id: row.get("id")?,
        origin: match (owner, tmdb_id) {
            (Some(owner), _) => Origin::Own { owner },
            (None, Some(id)) => Origin::Tmdb { id, is_whole: details_at.is_some() },
            (None, None) => Origin::BuiltIn,
        },
        title: row.get("title")?,
        year: row.get("year")?,
        runtime_ms: row.get("runtime_ms")?,
        overview: row.get("overview")?,
        tagline: row.get("tagline")?,
        license: license.zip(license_url).map(|(name, url)| License { name, url }),
        tint: [row.get("tint_from")?, row.get("tint_to")?],
        poster: image(row, "poster")?,
        backdrop: image(row, "backdrop")?,
        logo: image(row, "logo")?,
        genres: genres(row)?,
        rating: row.get("rating")?,
        is_playable: row.get("is_playable")?,
        works_offline: row.get("works_offline")?,
    })
}

fn to_source(row: &Row<'_>) -> rusqlite::Result<Source> {
    Ok(Source {
        id: row.get("id")?,
        movie: row.get("movie_id")?,
        release_name: row.get("release_name")?,
        info_hash: row.get("info_hash")?,
        magnet: row.get("magnet")?,
        metainfo: row.get("metainfo")?,
        file_index: optional_unsigned(row, "file_index")?,
        size_bytes: optional_unsigned(row, "size_bytes")?,
        resolution: row.get("resolution")?,
        is_embedded: row.get("is_embedded")?,
    })
}
