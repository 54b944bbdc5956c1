//! The SQL of titles and genres in the languages that people read.

use super::database::{make_genre_lists, of, table};
use crate::{
    catalog::{CatalogError, Title},
    domain::{
        language::Language,
        media::{Genre, TitleKind, Translation},
        title::Origin,
    },
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::collections::HashMap;

/// Genres are read again after so long.
const GENRES_AGAIN_AFTER_MS: i64 = 2 * 24 * 3_600_000;

/// The languages that are kept beside the catalog's own.
pub fn kept(connection: &Connection) -> Result<Vec<Language>, CatalogError> {
    let mut statement = connection.prepare_cached("SELECT language FROM languages ORDER BY created_at, language")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps titles in this language, too: all that has been read has to be read again for it.
pub fn keep(transaction: &Transaction<'_>, language: &Language, now: i64) -> Result<(), CatalogError> {
    let kept = transaction.execute(
        "INSERT INTO languages (language, created_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        params![language, now],
    )?;
    if kept > 0 { read_all_again(transaction, now) } else { Ok(()) }
}

/// Notes which language the catalog is in. When it was another, all of it has to be read again.
pub fn set_own(transaction: &Transaction<'_>, own: &Language, now: i64) -> Result<(), CatalogError> {
    let before: Option<Language> = transaction
        .query_row("SELECT cursor FROM sync_state WHERE key = 'language'", [], |row| row.get(0))
        .optional()?;
    if before.as_ref() == Some(own) {
        return Ok(());
    }
    transaction.execute(
        "INSERT INTO sync_state (key, cursor, synced_at) VALUES ('language', ?1, ?2) \
         ON CONFLICT (key) DO UPDATE SET cursor = excluded.cursor, synced_at = excluded.synced_at",
        params![own, now],
    )?;
    if before.is_none() {
        return Ok(());
    }
    transaction.execute("UPDATE lists SET due_at = ?1 WHERE due_at IS NOT NULL", [now])?;
    transaction.execute("UPDATE seasons SET due_at = ?1 WHERE completed_at IS NOT NULL", [now])?;
    transaction.execute("DELETE FROM sync_state WHERE key LIKE 'genres %'", [])?;
    read_all_again(transaction, now)
}

fn read_all_again(transaction: &Transaction<'_>, now: i64) -> Result<(), CatalogError> {
    for kind in [TitleKind::Movie, TitleKind::Show] {
        let again = format!("UPDATE {} SET details_due_at = ?1 WHERE details_at IS NOT NULL", table(kind));
        transaction.execute(&again, [now])?;
    }
    Ok(())
}

/// Writes what a title is called in the languages that are kept, for readers and for searches.
pub fn put_translations(
    transaction: &Transaction<'_>,
    kind: TitleKind,
    id: i64,
    translations: &[Translation],
) -> Result<(), CatalogError> {
    let title = of(kind);
    transaction.prepare_cached(&format!("DELETE FROM {title}_translations WHERE {title}_id = ?1"))?.execute([id])?;
    let mut insert = transaction.prepare_cached(&format!(
        "INSERT INTO {title}_translations ({title}_id, language, title, overview, tagline) \
         VALUES (?1, ?2, nullif(?3, ''), nullif(?4, ''), nullif(?5, ''))"
    ))?;
    let mut titles: Vec<&str> = Vec::new();
    for language in kept(transaction)? {
        let Some(best) = language.best(translations, |translation| &translation.language) else { continue };
        insert.execute(params![id, language, best.title, best.overview, best.tagline])?;
        if !best.title.is_empty() && !titles.contains(&&*best.title) {
            titles.push(&best.title);
        }
    }
    transaction
        .prepare_cached(&format!("UPDATE {} SET other_titles = ?2 WHERE id = ?1 AND other_titles <> ?2", table(kind)))?
        .execute(params![id, titles.join("\n")])?;
    Ok(())
}

/// Gives titles the texts and genres that they have in a language; what there is none of stays as the catalog has it.
pub fn translate<'a>(
    connection: &Connection,
    language: Option<&Language>,
    titles: impl IntoIterator<Item = &'a mut Title>,
) -> Result<(), CatalogError> {
    let Some(language) = language else { return Ok(()) };
    let genre_names = genre_names(connection, language)?;
    let select = |title: &str| {
        let sql = format!(
            "SELECT title, overview, tagline FROM {title}_translations WHERE {title}_id = ?1 AND language = ?2"
        );
        connection.prepare_cached(&sql)
    };
    let (mut movies, mut shows) = (select("movie")?, select("show")?);
    for title in titles {
        let (statement, id, own_texts, genres, logo) = match title {
            Title::Movie(it) => {
                if !matches!(it.origin, Origin::Tmdb { .. }) {
                    continue;
                }
                let texts = [&mut it.title, &mut it.overview, &mut it.tagline];
                (&mut movies, it.id.0, texts, &mut it.genres, &mut it.logo)
            }
            Title::Show(it) => {
                let texts = [&mut it.title, &mut it.overview, &mut it.tagline];
                (&mut shows, it.id.0, texts, &mut it.genres, &mut it.logo)
            }
        };
        let texts = statement.query_row(params![id, language], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]));
        let texts: [Option<String>; 3] = texts.optional()?.unwrap_or_default();
        // Lettering says what the title is elsewhere.
        if texts[0].is_some() {
            *logo = None;
        }
        for (text, translated) in own_texts.into_iter().zip(texts) {
            *text = translated.unwrap_or_else(|| std::mem::take(text));
        }
        for genre in genres.iter_mut() {
            if let Some(name) = genre_names.get(genre) {
                genre.clone_from(name);
            }
        }
    }
    Ok(())
}

/// The names of genres in a language by those that the catalog has.
fn genre_names(connection: &Connection, language: &Language) -> Result<HashMap<String, String>, CatalogError> {
    let mut statement = connection.prepare_cached(
        "SELECT g.name, t.name FROM genre_translations t JOIN genres g ON g.id = t.genre_id WHERE t.language = ?1",
    )?;
    let rows = statement.query_map([language], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The genres that titles have, by their names in a language.
pub fn genres(connection: &Connection, language: Option<&Language>) -> Result<Vec<Genre>, CatalogError> {
    let mut statement = connection.prepare_cached(
        "SELECT g.id, ifnull(t.name, g.name) AS name FROM genres g \
         LEFT JOIN genre_translations t ON t.language = ?1 AND t.genre_id = g.id \
         WHERE EXISTS (SELECT 1 FROM movie_genres m WHERE m.genre_id = g.id) \
         OR EXISTS (SELECT 1 FROM show_genres s WHERE s.genre_id = g.id) ORDER BY name COLLATE NOCASE",
    )?;
    let rows = statement.query_map([language], |row| Ok(Genre { id: row.get(0)?, name: row.get(1)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn genres_key(language: &Language) -> String {
    format!("genres {language}")
}

/// Of the catalog's own language and of those that are kept, the ones whose genres are due.
pub fn due_genres(connection: &Connection, own: &Language, now: i64) -> Result<Vec<Language>, CatalogError> {
    let mut is_fresh = connection.prepare_cached("SELECT 1 FROM sync_state WHERE key = ?1 AND synced_at > ?2")?;
    let mut due = Vec::new();
    for language in std::iter::once(own.clone()).chain(kept(connection)?) {
        if !is_fresh.exists(params![genres_key(&language), now - GENRES_AGAIN_AFTER_MS])? {
            due.push(language);
        }
    }
    Ok(due)
}

/// Writes what genres are called in a language.
pub fn put_genres(
    transaction: &Transaction<'_>,
    language: &Language,
    is_own: bool,
    genres: &[(TitleKind, Genre)],
    now: i64,
) -> Result<(), CatalogError> {
    if is_own {
        make_genre_lists(transaction, genres, now)?;
    }
    for (_, genre) in genres {
        if is_own {
            put_genre(transaction, genre)?;
        } else {
            transaction
                .prepare_cached(
                    "INSERT INTO genre_translations (language, genre_id, name) SELECT ?1, id, ?3 FROM genres WHERE id = ?2 \
                     ON CONFLICT DO UPDATE SET name = excluded.name WHERE name <> excluded.name",
                )?
                .execute(params![language, genre.id, genre.name])?;
        }
    }
    transaction.execute(
        "INSERT INTO sync_state (key, cursor, synced_at) VALUES (?1, '', ?2) \
         ON CONFLICT (key) DO UPDATE SET synced_at = excluded.synced_at",
        params![genres_key(language), now],
    )?;
    Ok(())
}

/// Writes a genre by its name in the catalog's own language.
pub fn put_genre(transaction: &Transaction<'_>, genre: &Genre) -> Result<(), CatalogError> {
    transaction
        .prepare_cached(
            "INSERT INTO genres (id, name) VALUES (?1, ?2) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE name <> excluded.name",
        )?
        .execute(params![genre.id, genre.name])?;
    Ok(())
}
