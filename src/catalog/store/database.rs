//! The SQL of what comes from the film database: its lists, and titles with all that it tells of them.

use super::languages::{put_genre, put_translations};
use crate::{
    catalog::{
        CatalogError,
        completion::{DAY_MS, HOUR_MS, Target, Tint, Whole},
    },
    domain::{
        ids::{ListId, MovieId, SeasonId, ShowId},
        language::Language,
        media::{
            EpisodeFacts, Extras, Genre, ImageName, MediaList, MovieDetails, ShowDetails, TitleFacts, TitleKind,
            TmdbId, Translation,
        },
        renumbering::{self, Numbered},
    },
};
use rusqlite::{Connection, Transaction, params};

/// Titles are read again after so long whether they have changed or not, and up to as much later, so that they do not all
/// fall due together.
const AGAIN_AFTER_MS: i64 = 60 * DAY_MS;
/// A show of which more is to come, and its last season, are read again sooner, should a change of theirs have been missed.
const NEWS_AFTER_MS: i64 = 7 * DAY_MS;
/// Lists behind this position are not on the home screen. Those of genres stand behind the other lists.
pub const LAST_AT_HOME: i64 = 1_000;
const GENRES_POSITION: i64 = 50;
/// Comedy, drama, animation, action, science fiction, documentary.
const GENRES_AT_HOME: [i64; 6] = [35, 18, 16, 28, 878, 99];
/// What somebody looks at of a show that goes on is read again when it is older.
const FRESH_FOR_MS: i64 = 10 * 60_000;
/// That somebody looks at a show is noted at most this often.
const OPENED_EVERY_MS: i64 = HOUR_MS;

/// What the pages of titles are tinted with until the colours of their posters are known.
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
    for (position, list) in (1i64..).zip(MediaList::ALL) {
        transaction.execute(
            "INSERT INTO lists (slug, name, description, origin, position, due_at) VALUES (?1, ?2, ?3, 'tmdb', ?4, ?5) \
             ON CONFLICT (slug) DO UPDATE SET name = excluded.name, description = excluded.description, \
             position = excluded.position",
            params![list.slug(), list.name(), list.description(), position, now],
        )?;
    }
    Ok(())
}

/// Makes the lists of the film database's genres that are not there yet, due at once. Some stand on the home screen.
pub fn make_genre_lists(
    transaction: &Transaction<'_>,
    genres: &[(TitleKind, Genre)],
    now: i64,
) -> Result<(), CatalogError> {
    let mut make = transaction.prepare_cached(
        "INSERT INTO lists (slug, name, description, origin, position, due_at) VALUES (?1, ?2, ?3, 'tmdb', ?4, ?5) \
         ON CONFLICT (slug) DO UPDATE SET name = excluded.name, position = excluded.position",
    )?;
    for (number, (kind, genre)) in (1i64..).zip(genres) {
        let (what, at_home) = match kind {
            TitleKind::Movie => ("films", GENRES_AT_HOME.iter().position(|id| *id == genre.id)),
            TitleKind::Show => ("shows", None),
        };
        let position = at_home.map_or(LAST_AT_HOME + number, |place| GENRES_POSITION + place as i64);
        let list = MediaList::Genre(*kind, genre.id);
        make.execute(params![list.slug(), format!("{} {what}", genre.name), list.description(), position, now])?;
    }
    Ok(())
}

/// The film database's lists that are due.
pub fn due_lists(connection: &Connection, now: i64) -> Result<Vec<MediaList>, CatalogError> {
    let mut statement = connection
        .prepare_cached("SELECT slug FROM lists WHERE origin = 'tmdb' AND due_at <= ?1 ORDER BY due_at, position")?;
    let slugs = statement.query_map([now], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(slugs.iter().filter_map(|slug| MediaList::of(slug)).collect())
}

/// Writes a list as the database has it now; answers the films whose rows have changed. Details of new titles are due at
/// once.
pub fn put_list(
    transaction: &Transaction<'_>,
    list: MediaList,
    titles: &[TitleFacts],
    due_at: i64,
    now: i64,
) -> Result<Vec<MovieId>, CatalogError> {
    put_off(transaction, list, due_at)?;
    let id: ListId = transaction.query_row("SELECT id FROM lists WHERE slug = ?1", [list.slug()], |row| row.get(0))?;
    let (mut ids, mut changed) = (Vec::with_capacity(titles.len()), Vec::new());
    let mut want_details = transaction.prepare_cached(&format!(
        "UPDATE {} SET details_due_at = ?2 WHERE id = ?1 AND details_at IS NULL AND details_due_at IS NULL",
        table(list.kind())
    ))?;
    for facts in titles {
        let (title, has_changed) = put_facts(transaction, list.kind(), facts, now)?;
        want_details.execute(params![title, now])?;
        if has_changed && list.kind() == TitleKind::Movie {
            changed.push(MovieId(title));
        }
        if !ids.contains(&title) {
            ids.push(title);
        }
    }
    let column = match list.kind() {
        TitleKind::Movie => "movie_id",
        TitleKind::Show => "show_id",
    };
    let mut before =
        transaction.prepare_cached(&format!("SELECT {column} FROM list_items WHERE list_id = ?1 ORDER BY position"))?;
    let before = before.query_map([id], |row| row.get(0))?.collect::<Result<Vec<Option<i64>>, _>>()?;
    if before.iter().flatten().ne(&ids) {
        transaction.execute("DELETE FROM list_items WHERE list_id = ?1", [id])?;
        let mut insert = transaction
            .prepare_cached(&format!("INSERT INTO list_items (list_id, position, {column}) VALUES (?1, ?2, ?3)"))?;
        for (position, title) in (0i64..).zip(&ids) {
            insert.execute(params![id, position, title])?;
        }
    }
    Ok(changed)
}

/// Writes titles that somebody searched for, by their number at IMDb where `imdb_id` says so; answers the films whose rows have changed. Their details are read when
/// somebody opens them, not before.
pub fn put_found(
    transaction: &Transaction<'_>,
    found: &[(TitleKind, TitleFacts)],
    imdb_id: Option<&str>,
    now: i64,
) -> Result<Vec<MovieId>, CatalogError> {
    let mut changed = Vec::new();
    for (kind, facts) in found {
        let (title, has_changed) = put_facts(transaction, *kind, facts, now)?;
        if let Some(imdb_id) = imdb_id {
            let set = format!("UPDATE {} SET imdb_id = ?2 WHERE id = ?1", table(*kind));
            transaction.prepare_cached(&set)?.execute(params![title, imdb_id])?;
        }
        if has_changed && *kind == TitleKind::Movie {
            changed.push(MovieId(title));
        }
    }
    Ok(changed)
}

/// Says when a list is due next.
pub fn put_off(transaction: &Transaction<'_>, list: MediaList, due_at: i64) -> Result<(), CatalogError> {
    transaction.execute("UPDATE lists SET due_at = ?2 WHERE slug = ?1", params![list.slug(), due_at])?;
    Ok(())
}

pub fn table(kind: TitleKind) -> &'static str {
    match kind {
        TitleKind::Movie => "movies",
        TitleKind::Show => "shows",
    }
}

/// What the names of columns and tables of a kind of title begin with.
pub fn of(kind: TitleKind) -> &'static str {
    match kind {
        TitleKind::Movie => "movie",
        TitleKind::Show => "show",
    }
}

/// Writes what a list shows of a title; answers its row's id, and whether anything is new. A text that is not told is no
/// reason to forget the one that is here.
fn put_facts(
    transaction: &Transaction<'_>,
    kind: TitleKind,
    facts: &TitleFacts,
    now: i64,
) -> Result<(i64, bool), CatalogError> {
    let (from, to) = TINTS[facts.tmdb_id.0.unsigned_abs() as usize % TINTS.len()];
    let table = table(kind);
    let written = transaction
        .prepare_cached(&format!(
            "INSERT INTO {table} (tmdb_id, title, original_title, original_language, overview, tagline, year, \
             release_date, poster, backdrop, popularity, rating, tint_from, tint_to, created_at, \
             updated_at) VALUES (?1, ?2, ?3, ?4, ?5, '', ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14) \
             ON CONFLICT (tmdb_id) DO UPDATE SET title = excluded.title, original_title = excluded.original_title, \
             original_language = excluded.original_language, \
             overview = ifnull(nullif(excluded.overview, ''), overview), year = excluded.year, \
             release_date = excluded.release_date, poster = excluded.poster, backdrop = excluded.backdrop, \
             popularity = excluded.popularity, rating = excluded.rating, updated_at = excluded.updated_at \
             WHERE (title, original_title, original_language, overview, release_date, poster, backdrop, popularity, rating) \
             IS NOT (excluded.title, excluded.original_title, excluded.original_language, \
             ifnull(nullif(excluded.overview, ''), overview), excluded.release_date, excluded.poster, excluded.backdrop, excluded.popularity, excluded.rating)"
        ))?
        .execute(params![
            facts.tmdb_id,
            facts.title,
            facts.original_title,
            facts.original_language,
            facts.overview,
            facts.release_date.as_deref().and_then(|date| date.get(..4)?.parse::<i32>().ok()),
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
        .prepare_cached(&format!("SELECT id FROM {table} WHERE tmdb_id = ?1"))?
        .query_row([facts.tmdb_id], |row| row.get(0))?;
    Ok((id, written > 0))
}

/// What is due: first titles of which only what a list shows is known, the most popular first, then the seasons of shows
/// that somebody looked at, then the others, and in the end what is read anew.
pub fn due(connection: &Connection, now: i64, most: u32) -> Result<Vec<Target>, CatalogError> {
    let mut targets = Vec::new();
    let mut seasons = connection.prepare_cached(
        "SELECT s.id, h.tmdb_id, s.season_number FROM seasons s JOIN shows h ON h.id = s.show_id \
         WHERE s.due_at <= ?1 AND (h.opened_at IS NOT NULL) = ?2 \
         ORDER BY s.completed_at IS NOT NULL, h.opened_at DESC, h.popularity DESC, s.season_number DESC LIMIT ?3",
    )?;
    let mut add_seasons = |targets: &mut Vec<Target>, is_opened: bool| -> Result<(), CatalogError> {
        let left = most.saturating_sub(targets.len() as u32);
        let rows = seasons.query_map(params![now, is_opened, left], |row| {
            Ok(Target::Season { season: row.get(0)?, show: row.get(1)?, number: row.get(2)? })
        })?;
        targets.extend(rows.collect::<Result<Vec<_>, _>>()?);
        Ok(())
    };
    add_seasons(&mut targets, true)?;
    for kind in [TitleKind::Movie, TitleKind::Show] {
        let mut titles = connection.prepare_cached(&format!(
            "SELECT id, tmdb_id FROM {} WHERE details_due_at <= ?1 ORDER BY details_at IS NOT NULL, popularity DESC LIMIT ?2",
            table(kind)
        ))?;
        let left = most.saturating_sub(targets.len() as u32);
        let rows = titles.query_map(params![now, left], |row| {
            let tmdb_id = row.get(1)?;
            Ok(match kind {
                TitleKind::Movie => Target::Movie { movie: row.get(0)?, tmdb_id },
                TitleKind::Show => Target::Show { show: row.get(0)?, tmdb_id },
            })
        })?;
        targets.extend(rows.collect::<Result<Vec<_>, _>>()?);
    }
    add_seasons(&mut targets, false)?;
    Ok(targets)
}

/// How much is due.
pub fn count_due(connection: &Connection, now: i64) -> Result<u32, CatalogError> {
    let mut count = connection.prepare_cached(
        "SELECT (SELECT count(*) FROM movies WHERE details_due_at <= ?1) \
         + (SELECT count(*) FROM shows WHERE details_due_at <= ?1) + (SELECT count(*) FROM seasons WHERE due_at <= ?1)",
    )?;
    Ok(count.query_row([now], |row| row.get(0))?)
}

/// What could not be read yet is due now, not only when it is tried again by itself.
pub fn try_again(transaction: &Transaction<'_>, now: i64) -> Result<(), CatalogError> {
    for (table, due_at, read_at) in [
        ("movies", "details_due_at", "details_at"),
        ("shows", "details_due_at", "details_at"),
        ("seasons", "due_at", "completed_at"),
    ] {
        let statement = format!("UPDATE {table} SET {due_at} = ?1 WHERE {due_at} > ?1 AND {read_at} IS NULL");
        transaction.execute(&statement, [now])?;
    }
    Ok(())
}

/// Writes all of a title, or a season's episodes, and when it is due again.
pub fn put_whole(transaction: &Transaction<'_>, target: Target, whole: &Whole, now: i64) -> Result<(), CatalogError> {
    match (target, whole) {
        (Target::Movie { movie, .. }, Whole::Movie(details, tint)) => {
            put_movie(transaction, movie, details, now)?;
            put_tint(transaction, TitleKind::Movie, movie.0, tint)
        }
        (Target::Show { show, .. }, Whole::Show(details, tint)) => {
            put_show(transaction, show, details, now)?;
            put_tint(transaction, TitleKind::Show, show.0, tint)
        }
        (Target::Season { season, .. }, Whole::Season(episodes)) => put_episodes(transaction, season, episodes, now),
        // Nobody answers with something else than what was asked for.
        (Target::Movie { .. } | Target::Show { .. } | Target::Season { .. }, _) => Ok(()),
    }
}

fn put_tint(transaction: &Transaction<'_>, kind: TitleKind, id: i64, tint: &Tint) -> Result<(), CatalogError> {
    if let Some([from, to]) = tint {
        transaction
            .prepare_cached(&format!("UPDATE {} SET tint_from = ?2, tint_to = ?3 WHERE id = ?1", table(kind)))?
            .execute(params![id, from, to])?;
    }
    Ok(())
}

/// It could not be had; it is due again at `due_at`.
pub fn put_off_target(transaction: &Transaction<'_>, target: Target, due_at: i64) -> Result<(), CatalogError> {
    let (statement, id) = match target {
        Target::Movie { movie, .. } => ("UPDATE movies SET details_due_at = ?2 WHERE id = ?1", movie.0),
        Target::Show { show, .. } => ("UPDATE shows SET details_due_at = ?2 WHERE id = ?1", show.0),
        Target::Season { season, .. } => ("UPDATE seasons SET due_at = ?2 WHERE id = ?1", season.0),
    };
    transaction.prepare_cached(statement)?.execute(params![id, due_at])?;
    Ok(())
}

/// Later than `AGAIN_AFTER_MS` by an amount of its own.
fn again_at(id: i64, now: i64) -> i64 {
    now + AGAIN_AFTER_MS + id.rem_euclid(AGAIN_AFTER_MS / HOUR_MS) * HOUR_MS
}

fn put_movie(
    transaction: &Transaction<'_>,
    movie: MovieId,
    details: &MovieDetails,
    now: i64,
) -> Result<(), CatalogError> {
    let original = original(&details.facts, &details.extras);
    put_facts(transaction, TitleKind::Movie, &with_overview(&details.facts, original), now)?;
    transaction
        .prepare_cached(
            "UPDATE movies SET imdb_id = ?2, tagline = ?3, runtime_ms = ?4, budget = ?5, revenue = ?6, details_at = ?7, \
             details_due_at = ?8 WHERE id = ?1",
        )?
        .execute(params![
            movie,
            details.imdb_id,
            tagline(&details.tagline, original),
            details.runtime_ms,
            details.budget,
            details.revenue,
            now,
            again_at(movie.0, now)
        ])?;
    put_genres(transaction, "movie", movie.0, &details.genres)?;
    put_extras(transaction, TitleKind::Movie, movie.0, &details.extras)
}

/// A title's texts in the language that it was made in.
fn original<'a>(facts: &TitleFacts, extras: &'a Extras) -> Option<&'a Translation> {
    let language: Language = facts.original_language.parse().ok()?;
    language.best(&extras.translations, |translation| &translation.language)
}

/// Where there is no text in the catalog's language, the original one is better than none.
fn with_overview(facts: &TitleFacts, original: Option<&Translation>) -> TitleFacts {
    let mut facts = facts.clone();
    if let (true, Some(original)) = (facts.overview.is_empty(), original) {
        facts.overview.clone_from(&original.overview);
    }
    facts
}

fn tagline<'a>(tagline: &'a str, original: Option<&'a Translation>) -> &'a str {
    if tagline.is_empty() { original.map_or("", |original| &original.tagline) } else { tagline }
}

/// Writes whom a title is by, what it is called elsewhere, and what people watch who liked it.
fn put_extras(transaction: &Transaction<'_>, kind: TitleKind, id: i64, extras: &Extras) -> Result<(), CatalogError> {
    put_translations(transaction, kind, id, &extras.translations)?;
    transaction
        .prepare_cached(&format!(
            "UPDATE {} SET logo = ?2, trailer = ?3, age_rating = ?4, makers = ?5, starring = ?6 WHERE id = ?1",
            table(kind)
        ))?
        .execute(params![
            id,
            extras.logo.as_ref().map(ImageName::as_str),
            extras.trailer,
            extras.age_rating,
            extras.makers.join("\n"),
            extras.starring.join("\n")
        ])?;
    let title = of(kind);
    transaction.prepare_cached(&format!("DELETE FROM {title}_recommendations WHERE {title}_id = ?1"))?.execute([id])?;
    let mut insert = transaction.prepare_cached(&format!(
        "INSERT INTO {title}_recommendations ({title}_id, position, tmdb_id) VALUES (?1, ?2, ?3)"
    ))?;
    for (position, recommended) in (0i64..).zip(&extras.recommended) {
        insert.execute(params![id, position, recommended])?;
    }
    Ok(())
}

fn put_show(transaction: &Transaction<'_>, show: ShowId, details: &ShowDetails, now: i64) -> Result<(), CatalogError> {
    let original = original(&details.facts, &details.extras);
    put_facts(transaction, TitleKind::Show, &with_overview(&details.facts, original), now)?;
    let due_at = if details.in_production { now + NEWS_AFTER_MS } else { again_at(show.0, now) };
    transaction
        .prepare_cached(
            "UPDATE shows SET imdb_id = ?2, tagline = ?3, status = ?4, in_production = ?5, details_at = ?6, \
             details_due_at = ?7 WHERE id = ?1",
        )?
        .execute(params![
            show,
            details.imdb_id,
            tagline(&details.tagline, original),
            details.status,
            details.in_production,
            now,
            due_at
        ])?;
    put_genres(transaction, "show", show.0, &details.genres)?;
    put_extras(transaction, TitleKind::Show, show.0, &details.extras)?;
    renumber(
        transaction,
        Counted::Seasons { of: show },
        details.seasons.iter().map(|season| (season.number, season.tmdb_id)),
    )?;
    for season in &details.seasons {
        // A season that has grown is due.
        transaction
            .prepare_cached(
                "INSERT INTO seasons (show_id, season_number, tmdb_id, name, overview, air_date, episode_count, poster, due_at) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (show_id, season_number) DO UPDATE SET \
                 tmdb_id = excluded.tmdb_id, name = excluded.name, overview = excluded.overview, air_date = excluded.air_date, \
                 poster = excluded.poster, episode_count = excluded.episode_count, \
                 due_at = CASE WHEN episode_count = excluded.episode_count THEN due_at ELSE excluded.due_at END",
            )?
            .execute(params![
                show,
                season.number,
                season.tmdb_id,
                season.name,
                season.overview,
                season.air_date,
                season.episode_count,
                season.poster.as_ref().map(ImageName::as_str),
                now
            ])?;
    }
    Ok(())
}

fn put_episodes(
    transaction: &Transaction<'_>,
    season: SeasonId,
    episodes: &[EpisodeFacts],
    now: i64,
) -> Result<(), CatalogError> {
    renumber(
        transaction,
        Counted::Episodes { of: season },
        episodes.iter().map(|episode| (episode.number, episode.tmdb_id)),
    )?;
    for episode in episodes {
        transaction
            .prepare_cached(
                "INSERT INTO episodes (season_id, episode_number, tmdb_id, name, overview, air_date, runtime_ms, still) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (season_id, episode_number) DO UPDATE SET \
                 tmdb_id = excluded.tmdb_id, name = excluded.name, overview = excluded.overview, air_date = excluded.air_date, \
                 runtime_ms = excluded.runtime_ms, still = excluded.still",
            )?
            .execute(params![
                season,
                episode.number,
                episode.tmdb_id,
                episode.name,
                episode.overview,
                episode.air_date,
                episode.runtime_ms,
                episode.still.as_ref().map(ImageName::as_str)
            ])?;
    }
    // Only the last season of a show of which more is to come may still grow by itself.
    transaction
        .prepare_cached(
            "UPDATE seasons SET completed_at = ?2, due_at = CASE WHEN (SELECT in_production FROM shows WHERE id = show_id) \
             AND season_number = (SELECT max(season_number) FROM seasons o WHERE o.show_id = seasons.show_id) \
             THEN ?3 END WHERE id = ?1",
        )?
        .execute(params![season, now, now + NEWS_AFTER_MS])?;
    Ok(())
}

/// What is counted within something else.
#[derive(Clone, Copy)]
enum Counted {
    Seasons { of: ShowId },
    Episodes { of: SeasonId },
}

/// Gives the rows of a show's seasons, or of a season's episodes, the numbers they have now, so that progress stays with
/// what was watched. Removes those that are gone, unless somebody has watched them.
fn renumber(
    transaction: &Transaction<'_>,
    counted: Counted,
    now: impl Iterator<Item = (u32, Option<TmdbId>)>,
) -> Result<(), CatalogError> {
    let (table, parent, number, of, is_watched) = match counted {
        Counted::Seasons { of } => (
            "seasons",
            "show_id",
            "season_number",
            of.0,
            "SELECT 1 FROM episodes e JOIN watch_progress p ON p.episode_id = e.id WHERE e.season_id = ?1",
        ),
        Counted::Episodes { of } => {
            let is_watched = "SELECT 1 FROM watch_progress p WHERE p.episode_id = ?1";
            ("episodes", "season_id", "episode_number", of.0, is_watched)
        }
    };
    let mut rows =
        transaction.prepare_cached(&format!("SELECT id, {number}, tmdb_id FROM {table} WHERE {parent} = ?1"))?;
    let known = rows
        .query_map([of], |row| Ok(Numbered { id: row.get::<_, i64>(0)?, number: row.get(1)?, tmdb_id: row.get(2)? }))?;
    let known = known.collect::<Result<Vec<_>, _>>()?;
    let moves = renumbering::moves(&known, &now.collect::<Vec<_>>());
    let mut remove = transaction.prepare_cached(&format!("DELETE FROM {table} WHERE id = ?1"))?;
    let mut is_watched = transaction.prepare_cached(is_watched)?;
    for id in moves.displaced {
        remove.execute([id])?;
    }
    for id in moves.gone {
        if !is_watched.exists([id])? {
            remove.execute([id])?;
        }
    }
    let mut set = transaction.prepare_cached(&format!("UPDATE {table} SET {number} = ?2 WHERE id = ?1"))?;
    // Numbers are unique, so they are all let go before they are given out anew.
    for (id, _) in &moves.moved {
        set.execute(params![id, -id])?;
    }
    for (id, number) in &moves.moved {
        set.execute(params![id, number])?;
    }
    Ok(())
}

/// Writes the genres of a film or a show, whichever `title` says.
fn put_genres(transaction: &Transaction<'_>, title: &str, id: i64, genres: &[Genre]) -> Result<(), CatalogError> {
    transaction.prepare_cached(&format!("DELETE FROM {title}_genres WHERE {title}_id = ?1"))?.execute([id])?;
    for (position, genre) in (0i64..).zip(genres) {
        put_genre(transaction, genre)?;
        transaction
            .prepare_cached(&format!(
                "INSERT INTO {title}_genres ({title}_id, genre_id, position) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"
            ))?
            .execute(params![id, genre.id, position])?;
    }
    Ok(())
}

/// Notes that somebody looks at a show. One of which more is to come is due, and its last season, unless they have been read
/// a moment ago. Answers whether there is anything to read now.
pub fn open_show(transaction: &Transaction<'_>, show: ShowId, now: i64) -> Result<bool, CatalogError> {
    let noted = transaction
        .prepare_cached("UPDATE shows SET opened_at = ?2 WHERE id = ?1 AND coalesce(opened_at, 0) < ?3")?
        .execute(params![show, now, now - OPENED_EVERY_MS])?;
    let is_due = transaction
        .prepare_cached(
            "UPDATE shows SET details_due_at = ?2 WHERE id = ?1 AND in_production = 1 AND details_at < ?3 AND details_due_at > ?2",
        )?
        .execute(params![show, now, now - FRESH_FOR_MS])?;
    let last_is_due = transaction
        .prepare_cached(
            "UPDATE seasons SET due_at = ?2 WHERE show_id = ?1 AND completed_at < ?3 AND due_at > ?2 \
             AND season_number = (SELECT max(season_number) FROM seasons o WHERE o.show_id = ?1)",
        )?
        .execute(params![show, now, now - FRESH_FOR_MS])?;
    Ok(noted + is_due + last_is_due > 0)
}
