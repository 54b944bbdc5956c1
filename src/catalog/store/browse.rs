//! The SQL of the catalog's pages: every title there is, filtered and in some order.

use super::{MOVIE, SHOW, languages::translate, to_movie, to_show};
use crate::{
    catalog::{Browse, CatalogError, Sort, Title},
    domain::{language::Language, media::TitleKind},
};
use rusqlite::{Connection, params_from_iter, types::Value};

/// One page behind the title `after`, by the index in the order that is asked for: left to itself, SQLite reads
/// all films that nobody owns and sorts them. `now` is in milliseconds.
pub fn page(
    connection: &Connection,
    browse: &Browse,
    language: Option<&Language>,
    now: i64,
    most: u32,
) -> Result<Vec<Title>, CatalogError> {
    let (select, table, title, genres) = match browse.kind {
        TitleKind::Movie => (MOVIE, "movies", "m", "movie"),
        TitleKind::Show => (SHOW, "shows", "h", "show"),
    };
    let (index, key, direction, comparison) = match browse.sort {
        Sort::Popular => ("popularity", "{}.popularity", "DESC", "<"),
        Sort::Newest => ("release", "ifnull({}.release_date, '')", "DESC", "<"),
        Sort::Rating => ("rating", "ifnull({}.rating, 0)", "DESC", "<"),
        Sort::Title => ("title", "{}.title COLLATE NOCASE", "ASC", ">"),
    };
    let (mut values, mut conditions) = (Vec::<Value>::new(), Vec::new());
    let mut given = |value: Value| {
        values.push(value);
        values.len()
    };
    if browse.kind == TitleKind::Movie {
        conditions.push("m.owner_id IS NULL".to_owned());
    }
    let own_key = key.replace("{}", title);
    if let Some(after) = browse.after {
        let (n, other_key) = (given(after.into()), key.replace("{}", "o"));
        conditions.push(format!(
            "({own_key}, {title}.id) {comparison} (SELECT {other_key}, o.id FROM {table} o WHERE o.id = ?{n})"
        ));
    }
    if browse.sort == Sort::Newest {
        conditions.push(format!("{own_key} <= date(?{} / 1000, 'unixepoch')", given(now.into())));
    }
    if let Some(genre) = browse.genre {
        let n = given(genre.into());
        conditions.push(format!(
            "EXISTS (SELECT 1 FROM {genres}_genres g WHERE g.{genres}_id = {title}.id AND g.genre_id = ?{n})"
        ));
    }
    if let Some(year) = &browse.years {
        let (from, to) = (given(i64::from(*year.start()).into()), given(i64::from(*year.end()).into()));
        conditions.push(format!("{title}.year BETWEEN ?{from} AND ?{to}"));
    }
    if let Some(rating) = browse.min_rating {
        conditions.push(format!("{title}.rating >= ?{}", given(rating.into())));
    }
    if let (Some(runtime), TitleKind::Movie) = (browse.max_runtime_ms, browse.kind) {
        conditions.push(format!("m.runtime_ms <= ?{}", given(runtime.into())));
    }
    if browse.is_available {
        conditions.push(match browse.kind {
            TitleKind::Movie => "EXISTS (SELECT 1 FROM sources s WHERE s.movie_id = m.id)".to_owned(),
            // Episodes have no sources yet.
            TitleKind::Show => "0".to_owned(),
        });
    }
    let conditions = if conditions.is_empty() { "1".to_owned() } else { conditions.join(" AND ") };
    let n = given(i64::from(most).into());
    let mut statement = connection.prepare_cached(&format!(
        "{select} FROM {table} {title} INDEXED BY {table}_by_{index} WHERE {conditions} ORDER BY {own_key} {direction}, {title}.id {direction} LIMIT ?{n}"
    ))?;
    let rows = statement.query_map(params_from_iter(values), |row| match browse.kind {
        TitleKind::Movie => Ok(Title::Movie(to_movie(row)?)),
        TitleKind::Show => Ok(Title::Show(to_show(row)?)),
    })?;
    let mut titles = rows.collect::<Result<Vec<_>, _>>()?;
    translate(connection, language, &mut titles)?;
    Ok(titles)
}
