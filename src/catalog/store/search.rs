//! The SQL that finds titles by what somebody types.

use super::titles;
use crate::{
    catalog::{CatalogError, Title},
    domain::{
        ids::{MovieId, ShowId},
        language::Language,
        search::{fit, folded, imdb_id},
        title::TitleId,
    },
};
use rusqlite::{Connection, params};

/// Titles that are looked at, of those with the words and of those with the trigrams.
const CANDIDATES: u32 = 120;
/// Queries as short as this find titles that begin so, and nothing else.
const SHORT: usize = 2;
/// With fewer titles that have the words, mistyped ones are looked for, too.
const ENOUGH: usize = 10;

/// The titles that fit best, the best first.
pub fn search(
    connection: &Connection,
    query: &str,
    language: Option<&Language>,
    most: usize,
) -> Result<Vec<Title>, CatalogError> {
    let words = folded(query);
    if let Some(id) = imdb_id(&words) {
        return titles(connection, &at_imdb(connection, id)?, language);
    }
    let found = match words.chars().count() {
        0 => return Ok(Vec::new()),
        1..=SHORT => beginning(connection, &words)?,
        _ => {
            let mut found = matching(connection, "title_words", &with_words(&words))?;
            if found.len() < ENOUGH {
                let alike = matching(connection, "title_trigrams", &with_trigrams(&words))?;
                found.extend(alike.into_iter().filter(|one| !found.contains(one)).collect::<Vec<_>>());
            }
            found
        }
    };
    let mut best = Vec::with_capacity(found.len());
    for title in found {
        best.extend(fitting(connection, query, title)?.map(|fit| (fit, title)));
    }
    best.sort_by(|one, other| other.0.total_cmp(&one.0));
    let best: Vec<TitleId> = best.into_iter().take(most).map(|(_, title)| title).collect();
    titles(connection, &best, language)
}

/// Titles by their number at IMDb.
fn at_imdb(connection: &Connection, id: &str) -> Result<Vec<TitleId>, CatalogError> {
    let mut movies = connection.prepare_cached("SELECT id FROM movies WHERE imdb_id = ?1 AND owner_id IS NULL")?;
    let movies = movies.query_map([id], |row| Ok(TitleId::Movie(row.get(0)?)))?;
    let mut shows = connection.prepare_cached("SELECT id FROM shows WHERE imdb_id = ?1")?;
    let shows = shows.query_map([id], |row| Ok(TitleId::Show(row.get(0)?)))?;
    Ok(movies.chain(shows).collect::<Result<_, _>>()?)
}

/// Every word is there, or one that begins so.
fn with_words(words: &str) -> String {
    words.split(' ').map(|word| format!("\"{word}\"*")).collect::<Vec<_>>().join(" ")
}

/// Some of the groups of three letters are there.
fn with_trigrams(words: &str) -> String {
    let letters: Vec<char> = words.chars().collect();
    let groups = letters.windows(3).map(|group| format!("\"{}\"", group.iter().collect::<String>()));
    groups.collect::<Vec<_>>().join(" OR ")
}

fn matching(connection: &Connection, table: &str, expression: &str) -> Result<Vec<TitleId>, CatalogError> {
    let mut statement = connection
        .prepare_cached(&format!("SELECT rowid FROM {table} WHERE {table} MATCH ?1 ORDER BY rank LIMIT ?2"))?;
    let rows = statement.query_map(params![expression, CANDIDATES], |row| row.get::<_, i64>(0))?;
    let title = |row: i64| match row % 2 {
        0 => TitleId::Movie(MovieId(row / 2)),
        _ => TitleId::Show(ShowId(row / 2)),
    };
    Ok(rows.map(|row| row.map(title)).collect::<Result<_, _>>()?)
}

fn beginning(connection: &Connection, letters: &str) -> Result<Vec<TitleId>, CatalogError> {
    let end = format!("{letters}\u{10ffff}");
    let mut movies = connection.prepare_cached(
        "SELECT id FROM movies INDEXED BY movies_by_title WHERE owner_id IS NULL AND title COLLATE NOCASE BETWEEN ?1 AND ?2 \
         ORDER BY popularity DESC LIMIT ?3",
    )?;
    let movies = movies.query_map(params![letters, end, CANDIDATES / 2], |row| Ok(TitleId::Movie(row.get(0)?)))?;
    let mut shows = connection.prepare_cached(
        "SELECT id FROM shows WHERE title COLLATE NOCASE BETWEEN ?1 AND ?2 ORDER BY popularity DESC LIMIT ?3",
    )?;
    let shows = shows.query_map(params![letters, end, CANDIDATES / 2], |row| Ok(TitleId::Show(row.get(0)?)))?;
    Ok(movies.chain(shows).collect::<Result<_, _>>()?)
}

fn fitting(connection: &Connection, query: &str, title: TitleId) -> Result<Option<f64>, CatalogError> {
    let (table, id) = match title {
        TitleId::Movie(movie) => ("movies", movie.0),
        TitleId::Show(show) => ("shows", show.0),
    };
    let fit = connection
        .prepare_cached(&format!(
            "SELECT title, original_title, other_titles, makers, starring, popularity FROM {table} WHERE id = ?1"
        ))?
        .query_row([id], |row| {
            let text = |column: &str| row.get::<_, String>(column);
            let (title, original, others) = (text("title")?, text("original_title")?, text("other_titles")?);
            let (makers, starring) = (text("makers")?, text("starring")?);
            let titles = [&*title, &*original].into_iter().chain(others.lines());
            Ok(fit(query, titles, makers.lines().chain(starring.lines()), row.get("popularity")?))
        })?;
    Ok(fit)
}
