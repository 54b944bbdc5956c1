//! The SQL of what comes from the film database: its lists, and films with all that it tells of them.

use crate::{
    catalog::CatalogError,
    domain::{
        ids::{ListId, MovieId},
        media::{ImageName, MovieDetails, MovieFacts, MovieList, TmdbId},
    },
};
use rusqlite::{Connection, Transaction, params};

/// What the pages of films without pictures are tinted with.
const TINTS: [(&str, &str); 6] = [
    ("#6f7f9c", "#1a1e27"),
    ("#9c6f6f", "#271a1a"),
    ("#6f9c84", "#1a2721"),
    ("#9c8d6f", "#27221a"),
    ("#826f9c", "#1f1a27"),
    ("#6f959c", "#1a2527"),
];

/// Makes the lists of the film database that are not there yet, due at once.
pub fn make_lists(transaction: &Transaction<'_>, now: i64) -> Result<(), CatalogError> {
    for (position, list) in (1i64..).zip(MovieList::ALL) {
        transaction.execute(
            "INSERT INTO lists (slug, name, description, origin, position, due_at) VALUES (?1, ?2, ?3, 'tmdb', ?4, ?5) \
             ON CONFLICT (slug) DO UPDATE SET name = excluded.name, description = excluded.description, \
             position = excluded.position",
            params![list.slug(), list.name(), list.description(), position, now],
        )?;
    }
    Ok(())
}

/// The film database's lists that are due.
pub fn due_lists(connection: &Connection, now: i64) -> Result<Vec<MovieList>, CatalogError> {
    let mut statement = connection
        .prepare_cached("SELECT slug FROM lists WHERE origin = 'tmdb' AND due_at <= ?1 ORDER BY due_at, position")?;
    let slugs = statement.query_map([now], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(slugs.iter().filter_map(|slug| MovieList::of(slug)).collect())
}

/// Writes a list as the database has it now; answers the films whose rows have changed.
pub fn put_list(
    transaction: &Transaction<'_>,
    list: MovieList,
    movies: &[MovieFacts],
    due_at: i64,
    now: i64,
) -> Result<Vec<MovieId>, CatalogError> {
    put_off(transaction, list, due_at)?;
    let list: ListId =
        transaction.query_row("SELECT id FROM lists WHERE slug = ?1", [list.slug()], |row| row.get(0))?;
    let (mut ids, mut changed) = (Vec::with_capacity(movies.len()), Vec::new());
    for facts in movies {
        let (id, has_changed) = put_facts(transaction, facts, now)?;
        if has_changed {
            changed.push(id);
        }
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let mut statement =
        transaction.prepare_cached("SELECT movie_id FROM list_items WHERE list_id = ?1 ORDER BY position")?;
    let before = statement.query_map([list], |row| row.get(0))?.collect::<Result<Vec<MovieId>, _>>()?;
    if before != ids {
        transaction.execute("DELETE FROM list_items WHERE list_id = ?1", [list])?;
        let mut insert =
            transaction.prepare_cached("INSERT INTO list_items (list_id, movie_id, position) VALUES (?1, ?2, ?3)")?;
        for (position, id) in (0i64..).zip(&ids) {
            insert.execute(params![list, id, position])?;
        }
    }
    Ok(changed)
}

/// Says when a list is due next.
pub fn put_off(transaction: &Transaction<'_>, list: MovieList, due_at: i64) -> Result<(), CatalogError> {
    transaction.execute("UPDATE lists SET due_at = ?2 WHERE slug = ?1", params![list.slug(), due_at])?;
    Ok(())
}

/// Writes what a list shows of a film; answers its id, and whether anything is new. Details are due at once for a new one.
fn put_facts(transaction: &Transaction<'_>, facts: &MovieFacts, now: i64) -> Result<(MovieId, bool), CatalogError> {
    let (from, to) = TINTS[facts.tmdb_id.0.unsigned_abs() as usize % TINTS.len()];
    let written = transaction
        .prepare_cached(
            "INSERT INTO movies (tmdb_id, title, original_title, original_language, overview, tagline, year, \
             release_date, poster, backdrop, popularity, rating, tint_from, tint_to, details_due_at, created_at, \
             updated_at) VALUES (?1, ?2, ?3, ?4, ?5, '', ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14, ?14) \
             ON CONFLICT (tmdb_id) DO UPDATE SET title = excluded.title, original_title = excluded.original_title, \
             original_language = excluded.original_language, overview = excluded.overview, year = excluded.year, \
             release_date = excluded.release_date, poster = excluded.poster, backdrop = excluded.backdrop, \
             popularity = excluded.popularity, rating = excluded.rating, updated_at = excluded.updated_at \
             WHERE (title, original_title, original_language, overview, release_date, poster, backdrop, popularity, rating) \
             IS NOT (excluded.title, excluded.original_title, excluded.original_language, excluded.overview, \
             excluded.release_date, excluded.poster, excluded.backdrop, excluded.popularity, excluded.rating)",
        )?
        .execute(params![
            facts.tmdb_id,
            facts.title,
            facts.original_title,
            facts.original_language,
            facts.overview,
            year(facts),
            facts.release_date,
            facts.poster.as_ref().map(ImageName::as_str),
            facts.backdrop.as_ref().map(ImageName::as_str),
            facts.popularity,
            facts.rating,
            from,
            to,
            now
        ])?;
    let id = transaction
        .prepare_cached("SELECT id FROM movies WHERE tmdb_id = ?1")?
        .query_row([facts.tmdb_id], |row| row.get(0))?;
    Ok((id, written > 0))
}

/// Films whose details are due, those that have none yet and the most popular first.
pub fn due_details(connection: &Connection, now: i64, most: u32) -> Result<Vec<(MovieId, TmdbId)>, CatalogError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, tmdb_id FROM movies WHERE details_due_at <= ?1 AND tmdb_id IS NOT NULL \
         ORDER BY details_at IS NOT NULL, popularity DESC LIMIT ?2",
    )?;
    let rows = statement.query_map(params![now, most], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Writes all of a film; it is due again at `due_at`.
pub fn put_details(
    transaction: &Transaction<'_>,
    movie: MovieId,
    details: &MovieDetails,
    due_at: i64,
    now: i64,
) -> Result<(), CatalogError> {
    put_facts(transaction, &details.facts, now)?;
    transaction
        .prepare_cached(
            "UPDATE movies SET imdb_id = ?2, tagline = ?3, runtime_ms = ?4, budget = ?5, revenue = ?6, details_at = ?7, \
             details_due_at = ?8 WHERE id = ?1",
        )?
        .execute(params![
            movie,
            details.imdb_id,
            details.tagline,
            details.runtime_ms,
            details.budget,
            details.revenue,
            now,
            due_at
        ])?;
    transaction.prepare_cached("DELETE FROM movie_genres WHERE movie_id = ?1")?.execute([movie])?;
    for (position, genre) in (0i64..).zip(&details.genres) {
        transaction
            .prepare_cached("INSERT INTO genres (id, name) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE name <> excluded.name")?
            .execute(params![genre.id, genre.name])?;
        transaction
            .prepare_cached(
                "INSERT INTO movie_genres (movie_id, genre_id, position) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            )?
            .execute(params![movie, genre.id, position])?;
    }
    Ok(())
}

/// Details could not be had; they are due again at `due_at`.
pub fn put_off_details(transaction: &Transaction<'_>, movie: MovieId, due_at: i64) -> Result<(), CatalogError> {
    transaction
        .prepare_cached("UPDATE movies SET details_due_at = ?2 WHERE id = ?1")?
        .execute(params![movie, due_at])?;
    Ok(())
}

fn year(facts: &MovieFacts) -> Option<i32> {
    facts.release_date.as_deref()?.get(..4)?.parse().ok()
}
