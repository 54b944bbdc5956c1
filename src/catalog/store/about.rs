//! The SQL of what the page of a title shows beside what its card does.

use super::{database, languages, titles};
use crate::{
    catalog::{About, CatalogError, Title},
    domain::{
        ids::{MovieId, ShowId},
        language::Language,
        media::TitleKind,
        title::TitleId,
    },
    store::row::lines,
};
use rusqlite::Connection;

/// What is known of a title beside its card, in a language. Translates the title, too.
pub fn about(connection: &Connection, title: &mut Title, language: Option<&Language>) -> Result<About, CatalogError> {
    languages::translate(connection, language, [&mut *title])?;
    let (kind, id, shown) = match title {
        Title::Movie(movie) => (TitleKind::Movie, movie.id.0, &movie.title),
        Title::Show(show) => (TitleKind::Show, show.id.0, &show.title),
    };
    let (table, name) = (database::table(kind), database::of(kind));
    let mut about = connection
        .prepare_cached(&format!(
            "SELECT original_title, makers, starring, trailer, age_rating FROM {table} WHERE id = ?1"
        ))?
        .query_row([id], |row| {
            Ok(About {
                original_title: Some(row.get("original_title")?),
                makers: lines(row, "makers")?,
                starring: lines(row, "starring")?,
                trailer: row.get("trailer")?,
                age_rating: row.get("age_rating")?,
                more_like_this: Vec::new(),
            })
        })?;
    about.original_title = about.original_title.filter(|original| !original.is_empty() && original != shown);
    let mut alike = connection.prepare_cached(&format!(
        "SELECT t.id FROM {name}_recommendations r JOIN {table} t ON t.tmdb_id = r.tmdb_id WHERE r.{name}_id = ?1 \
         ORDER BY r.position"
    ))?;
    let id_of = |id: i64| match kind {
        TitleKind::Movie => TitleId::Movie(MovieId(id)),
        TitleKind::Show => TitleId::Show(ShowId(id)),
    };
    let alike = alike.query_map([id], |row| row.get(0).map(id_of))?.collect::<Result<Vec<_>, _>>()?;
    about.more_like_this = titles(connection, &alike, language)?;
    Ok(about)
}
