//! The SQL of lists: the system's, those that users make, and those of their accounts at Trakt.

use super::{
    database::{LAST_AT_HOME, table},
    titles,
};
use crate::{
    catalog::{CatalogError, ListChange, ListSummary, MY_LIST, NewList, Title, TitleList, TraktList},
    domain::{
        ids::{ListId, MovieId, ShowId, TraktAccountId, UserId},
        language::Language,
        media::{TitleKind, TmdbId},
        title::TitleId,
    },
};
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, Transaction, params};

/// Lists one account may have, and titles in each.
const MAX_LISTS: i64 = 100;
const MAX_ITEMS: i64 = 2_000;
const MY_LIST_NAME: &str = "My list";

const SUMMARY: &str = "SELECT id, slug, name, description, origin, owner_id, is_public, is_default, \
                       (SELECT count(*) FROM list_items i WHERE i.list_id = l.id) AS count FROM lists l";

/// The system's lists of the home screen that have titles, with at most `most` of them.
pub fn of_system(
    connection: &Connection,
    language: Option<&Language>,
    most: u32,
) -> Result<Vec<TitleList>, CatalogError> {
    let mut lists = connection.prepare_cached(&format!(
        "{SUMMARY} WHERE owner_id IS NULL AND position <= ?1 \
         AND EXISTS (SELECT 1 FROM list_items i WHERE i.list_id = l.id) ORDER BY position, id"
    ))?;
    let lists = lists.query_map([LAST_AT_HOME], |row| Ok((row.get("id")?, to_summary(row, None)?)))?;
    let lists = lists.collect::<Result<Vec<(ListId, _)>, _>>()?;
    let fill = |(id, summary)| {
        Ok(TitleList { items: items(connection, id, None, language, None, most)?.0, summary, next: None })
    };
    lists.into_iter().map(fill).collect()
}

/// The lists of a user that have titles, the default one first, those of Trakt last.
pub fn of_user(
    connection: &Connection,
    user: UserId,
    language: Option<&Language>,
    most: u32,
) -> Result<Vec<TitleList>, CatalogError> {
    let mut lists = connection.prepare_cached(&format!(
        "{SUMMARY} WHERE owner_id = ?1 AND count > 0 ORDER BY is_default DESC, origin = 'trakt', position, id"
    ))?;
    let lists = lists.query_map([user], |row| Ok((row.get("id")?, to_summary(row, Some(user))?)))?;
    let lists = lists.collect::<Result<Vec<(ListId, _)>, _>>()?;
    let fill = |(id, summary)| {
        Ok(TitleList { items: items(connection, id, Some(user), language, None, most)?.0, summary, next: None })
    };
    lists.into_iter().map(fill).collect()
}

/// The lists a user may see: their own, the system's that have titles, and those that others share.
pub fn summaries(connection: &Connection, user: UserId) -> Result<Vec<ListSummary>, CatalogError> {
    let mut lists = connection.prepare_cached(&format!(
        "{SUMMARY} WHERE owner_id = ?1 OR ((owner_id IS NULL OR is_public = 1) AND count > 0) \
         ORDER BY owner_id IS NOT ?1, is_default DESC, owner_id IS NOT NULL, origin = 'trakt', position, id"
    ))?;
    let rows = lists.query_map([user], |row| to_summary(row, Some(user)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One list, if the user may see it, with the titles behind position `after`.
pub fn one(
    connection: &Connection,
    user: UserId,
    slug: &str,
    language: Option<&Language>,
    after: Option<i64>,
    most: u32,
) -> Result<TitleList, CatalogError> {
    let found = find(connection, user, slug)?;
    let Some((id, summary)) = found else {
        // Nobody's default list is there before something is put into it.
        return if slug == MY_LIST { Ok(empty_default()) } else { Err(CatalogError::ListNotFound) };
    };
    let (items, next) = items(connection, id, Some(user), language, after, most)?;
    Ok(TitleList { summary, items, next })
}

/// A title is in the user's default list.
pub fn is_in_my_list(connection: &Connection, user: UserId, title: TitleId) -> Result<bool, CatalogError> {
    let (column, id) = of_title(title);
    Ok(connection
        .prepare_cached(&format!(
            "SELECT 1 FROM lists l JOIN list_items i ON i.list_id = l.id AND i.{column} = ?2 \
             WHERE l.owner_id = ?1 AND l.is_default = 1"
        ))?
        .exists(params![user, id])?)
}

/// Does what a user wants with lists; answers the list as it is then, unless it is gone.
pub fn change(
    transaction: &Transaction<'_>,
    user: UserId,
    change: &ListChange,
) -> Result<Option<ListSummary>, CatalogError> {
    let id = match change {
        ListChange::Create(new) => create(transaction, user, new)?,
        ListChange::Edit { slug, edit } => {
            let (id, _) = own(transaction, user, slug)?;
            transaction.execute(
                "UPDATE lists SET name = ifnull(?2, name), description = ifnull(?3, description), \
                 is_public = ifnull(?4, is_public), position = ifnull(?5, position) WHERE id = ?1",
                params![id, edit.name, edit.description, edit.is_public, edit.position],
            )?;
            id
        }
        ListChange::Delete { slug } => {
            let (id, _) = own(transaction, user, slug)?;
            transaction.execute("DELETE FROM lists WHERE id = ?1", [id])?;
            return Ok(None);
        }
        ListChange::Put { slug, title } => {
            let id = match own(transaction, user, slug) {
                Err(CatalogError::ListNotFound) if slug == MY_LIST => create_default(transaction, user)?,
                found => found?.0,
            };
            put(transaction, id, *title)?;
            id
        }
        ListChange::Remove { slug, title } => {
            let (id, (column, title)) = match own(transaction, user, slug) {
                Err(CatalogError::ListNotFound) if slug == MY_LIST => return Ok(None),
                found => (found?.0, of_title(*title)),
            };
            let remove = format!("DELETE FROM list_items WHERE list_id = ?1 AND {column} = ?2");
            transaction.execute(&remove, params![id, title])?;
            id
        }
    };
    let changed =
        transaction.query_row(&format!("{SUMMARY} WHERE id = ?1"), [id], |row| to_summary(row, Some(user)))?;
    Ok(Some(changed))
}

fn create(transaction: &Transaction<'_>, user: UserId, new: &NewList) -> Result<ListId, CatalogError> {
    let (count, last): (i64, Option<i64>) = transaction.query_row(
        "SELECT count(*), max(position) FROM lists WHERE owner_id = ?1 AND origin = 'user'",
        [user],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if count >= MAX_LISTS {
        return Err(CatalogError::TooManyLists);
    }
    let insert = "INSERT INTO lists (slug, name, description, origin, owner_id, is_public, is_default, position) \
                  VALUES (lower(hex(randomblob(8))), ?1, ?2, 'user', ?3, ?4, ?5, ?6)";
    let position = last.unwrap_or_default() + 1;
    transaction.execute(insert, params![new.name, new.description, user, new.is_public, new.is_default, position])?;
    Ok(ListId(transaction.last_insert_rowid()))
}

fn create_default(transaction: &Transaction<'_>, user: UserId) -> Result<ListId, CatalogError> {
    let new = NewList { name: MY_LIST_NAME.to_owned(), description: String::new(), is_public: false, is_default: true };
    create(transaction, user, &new)
}

fn empty_default() -> TitleList {
    let summary = ListSummary {
        slug: MY_LIST.to_owned(),
        name: MY_LIST_NAME.to_owned(),
        description: String::new(),
        count: 0,
        is_own: true,
        is_public: false,
    };
    TitleList { summary, items: Vec::new(), next: None }
}

/// In front of the others, unless it is there already.
fn put(transaction: &Transaction<'_>, list: ListId, title: TitleId) -> Result<(), CatalogError> {
    let count: i64 =
        transaction.query_row("SELECT count(*) FROM list_items WHERE list_id = ?1", [list], |row| row.get(0))?;
    if count >= MAX_ITEMS {
        return Err(CatalogError::ListFull);
    }
    let (column, id) = of_title(title);
    let insert = format!(
        "INSERT INTO list_items (list_id, position, {column}) VALUES \
         (?1, ifnull((SELECT min(position) FROM list_items WHERE list_id = ?1), 0) - 1, ?2) \
         ON CONFLICT (list_id, {column}) DO NOTHING"
    );
    match transaction.execute(&insert, params![list, id]) {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => Err(match title {
            TitleId::Movie(_) => CatalogError::MovieNotFound,
            TitleId::Show(_) => CatalogError::ShowNotFound,
        }),
        put => put.map(|_| ()).map_err(CatalogError::from),
    }
}

/// Puts titles into a user's default list, each in front of the ones before it, and takes others out. What is not in the
/// catalog, or has no room, is left out.
pub fn follow(
    transaction: &Transaction<'_>,
    user: UserId,
    added: &[(TitleKind, TmdbId)],
    removed: &[(TitleKind, TmdbId)],
) -> Result<(), CatalogError> {
    for (is_added, (kind, tmdb_id)) in
        removed.iter().map(|title| (false, title)).chain(added.iter().map(|title| (true, title)))
    {
        let Some(title) = of_database(transaction, *kind, *tmdb_id)? else { continue };
        let slug = MY_LIST.to_owned();
        let of = if is_added { ListChange::Put { slug, title } } else { ListChange::Remove { slug, title } };
        match change(transaction, user, &of) {
            Ok(_) | Err(CatalogError::ListFull | CatalogError::TooManyLists) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Writes a list of an account at Trakt as it is there now, unless the account is not linked any more, or has no room for it.
/// What is not in the catalog is left out; where some of the list made no sense, what it had before stays in it, behind the
/// rest.
pub fn put_trakts(transaction: &Transaction<'_>, list: &TraktList) -> Result<(), CatalogError> {
    let TraktList { account, position, list, listed } = list;
    let id: Option<ListId> = transaction
        .prepare_cached(
            "INSERT INTO lists (slug, name, description, origin, owner_id, position, trakt_account_id, trakt_id) \
             SELECT lower(hex(randomblob(8))), ?2, ?3, 'trakt', user_id, ?4, id, ?5 FROM trakt_accounts \
             WHERE id = ?1 AND (SELECT count(*) FROM lists WHERE trakt_account_id = ?1 AND trakt_id <> ?5) < ?6 \
             ON CONFLICT (trakt_account_id, trakt_id) DO UPDATE SET name = excluded.name, \
             description = excluded.description, position = excluded.position RETURNING id",
        )?
        .query_row(params![account, list.name, list.description, position, list.id, MAX_LISTS], |row| row.get(0))
        .optional()?;
    let Some(id) = id else { return Ok(()) };
    let mut titles = Vec::new();
    for title in &listed.titles {
        titles.extend(of_database(transaction, title.kind, title.tmdb_id)?);
    }
    if listed.is_partial {
        let mut before = transaction
            .prepare_cached("SELECT movie_id, show_id FROM list_items WHERE list_id = ?1 ORDER BY position")?;
        titles.extend(before.query_map([id], to_title)?.collect::<Result<Vec<_>, _>>()?);
    }
    transaction.execute("DELETE FROM list_items WHERE list_id = ?1", [id])?;
    for (position, title) in (0..MAX_ITEMS).zip(titles) {
        let (column, title) = of_title(title);
        transaction
            .prepare_cached(&format!(
                "INSERT INTO list_items (list_id, position, {column}) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (list_id, {column}) DO NOTHING"
            ))?
            .execute(params![id, position, title])?;
    }
    Ok(())
}

/// Forgets the lists of an account at Trakt but these, by their numbers there.
pub fn keep_trakts(transaction: &Transaction<'_>, account: TraktAccountId, kept: &[i64]) -> Result<(), CatalogError> {
    let mut known = transaction.prepare_cached("SELECT id, trakt_id FROM lists WHERE trakt_account_id = ?1")?;
    let known = known.query_map([account], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (id, trakt_id) in known.collect::<Result<Vec<(ListId, i64)>, _>>()? {
        if !kept.contains(&trakt_id) {
            transaction.execute("DELETE FROM lists WHERE id = ?1", [id])?;
        }
    }
    Ok(())
}

/// What a title of the film database's is here.
fn of_database(connection: &Connection, kind: TitleKind, tmdb_id: TmdbId) -> Result<Option<TitleId>, CatalogError> {
    let id = connection
        .prepare_cached(&format!("SELECT id FROM {} WHERE tmdb_id = ?1", table(kind)))?
        .query_row([tmdb_id], |row| row.get(0))
        .optional()?;
    Ok(id.map(|id| match kind {
        TitleKind::Movie => TitleId::Movie(MovieId(id)),
        TitleKind::Show => TitleId::Show(ShowId(id)),
    }))
}

/// A list that is the user's own.
fn own(connection: &Connection, user: UserId, slug: &str) -> Result<(ListId, ListSummary), CatalogError> {
    let (id, summary) = find(connection, user, slug)?.ok_or(CatalogError::ListNotFound)?;
    if summary.is_own {
        return Ok((id, summary));
    }
    let is_trakts =
        connection.prepare_cached("SELECT 1 FROM lists WHERE id = ?1 AND origin = 'trakt'")?.exists([id])?;
    Err(if is_trakts { CatalogError::ListReadOnly } else { CatalogError::ListNotFound })
}

fn find(connection: &Connection, user: UserId, slug: &str) -> Result<Option<(ListId, ListSummary)>, CatalogError> {
    let of = |row: &Row<'_>| Ok((row.get("id")?, to_summary(row, Some(user))?));
    let found = if slug == MY_LIST {
        connection
            .prepare_cached(&format!("{SUMMARY} WHERE owner_id = ?1 AND is_default = 1"))?
            .query_row([user], of)
            .optional()?
    } else {
        connection
            .prepare_cached(&format!(
                "{SUMMARY} WHERE slug = ?2 AND (owner_id IS NULL OR owner_id = ?1 OR is_public = 1)"
            ))?
            .query_row(params![user, slug], of)
            .optional()?
    };
    Ok(found)
}

/// The titles of a list behind position `after`, and where the next page begins. What somebody else has opened is left out.
fn items(
    connection: &Connection,
    list: ListId,
    user: Option<UserId>,
    language: Option<&Language>,
    after: Option<i64>,
    most: u32,
) -> Result<(Vec<Title>, Option<i64>), CatalogError> {
    let mut rows = connection.prepare_cached(
        "SELECT i.movie_id, i.show_id, i.position FROM list_items i LEFT JOIN movies m ON m.id = i.movie_id \
         WHERE i.list_id = ?1 AND i.position > ?2 AND (m.owner_id IS NULL OR m.owner_id = ?3) ORDER BY i.position LIMIT ?4",
    )?;
    let after = after.unwrap_or(i64::MIN);
    let rows = rows.query_map(params![list, after, user, most], |row| Ok((row.get::<_, i64>(2)?, to_title(row)?)))?;
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    let next = rows.last().map(|(position, _)| *position).filter(|_| rows.len() == most as usize);
    let ids: Vec<TitleId> = rows.into_iter().map(|(_, title)| title).collect();
    Ok((titles(connection, &ids, language)?, next))
}

fn to_title(row: &Row<'_>) -> rusqlite::Result<TitleId> {
    Ok(match row.get("movie_id")? {
        Some(movie) => TitleId::Movie(movie),
        None => TitleId::Show(row.get("show_id")?),
    })
}

fn of_title(title: TitleId) -> (&'static str, i64) {
    match title {
        TitleId::Movie(movie) => ("movie_id", movie.0),
        TitleId::Show(show) => ("show_id", show.0),
    }
}

fn to_summary(row: &Row<'_>, viewer: Option<UserId>) -> rusqlite::Result<ListSummary> {
    let owner: Option<UserId> = row.get("owner_id")?;
    let is_own = owner.is_some() && owner == viewer && row.get_ref("origin")?.as_str()? == "user";
    let is_default: bool = row.get("is_default")?;
    Ok(ListSummary {
        slug: if is_own && is_default { MY_LIST.to_owned() } else { row.get("slug")? },
        name: row.get("name")?,
        description: row.get("description")?,
        count: row.get("count")?,
        is_own,
        is_public: row.get("is_public")?,
    })
}
