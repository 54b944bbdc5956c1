//! Reads domain types out of rows.

use crate::domain::{
    ids::{EpisodeId, ListId, MovieId, SeasonId, ShowId, SourceId, TraktAccountId, UserId},
    info_hash::InfoHash,
    language::Language,
    media::{ImageName, TmdbId},
    user::Role,
};
use rusqlite::{
    Row,
    types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef},
};

impl FromSql for InfoHash {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_blob()?.try_into().map(InfoHash).map_err(|_| FromSqlError::InvalidType)
    }
}

impl ToSql for InfoHash {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(&self.0[..]))
    }
}

impl FromSql for Role {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Role::parse(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

impl ToSql for Role {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.as_str()))
    }
}

impl FromSql for Language {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map_err(|_| FromSqlError::InvalidType)
    }
}

impl ToSql for Language {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.as_str()))
    }
}

/// Lines of text, none of which is empty.
pub fn lines(row: &Row<'_>, column: &str) -> rusqlite::Result<Vec<String>> {
    let joined: String = row.get(column)?;
    Ok(joined.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// The name of a picture, where there is one.
pub fn image(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<ImageName>> {
    let name: Option<String> = row.get(column)?;
    Ok(name.as_deref().and_then(ImageName::new))
}

/// An optional unsigned number from a column that SQLite keeps signed.
pub fn optional_unsigned<T: TryFrom<i64>>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>> {
    let value: Option<i64> = row.get(column)?;
    Ok(value.and_then(|value| T::try_from(value).ok()))
}

macro_rules! id_columns {
    ($($name:ident)*) => {$(
        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_i64().map($name)
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from(self.0))
            }
        }
    )*};
}

id_columns! { UserId MovieId ShowId SeasonId EpisodeId SourceId ListId TraktAccountId TmdbId }
