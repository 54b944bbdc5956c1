//! Brings a database up to the current schema, one numbered file after the other.

use super::StoreError;
use rusqlite::Connection;
use rusqlite_migration::{M, Migrations, SchemaVersion};

static MIGRATIONS: &[M<'_>] = &[M::up(include_str!("migrations/0001_create_first_slice.sql"))];

/// Applies what is missing. Refuses a database that a newer version has written.
pub fn to_latest(connection: &mut Connection) -> Result<(), StoreError> {
    refuse_newer(connection)?;
    Ok(Migrations::from_slice(MIGRATIONS).to_latest(connection)?)
}

/// Fails when a newer version has written this database.
pub fn refuse_newer(connection: &Connection) -> Result<(), StoreError> {
    match Migrations::from_slice(MIGRATIONS).current_version(connection)? {
        SchemaVersion::Outside(found) => Err(StoreError::Newer { found: found.get(), known: MIGRATIONS.len() }),
        SchemaVersion::NoneSet | SchemaVersion::Inside(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(connection: &Connection) -> Vec<(String, String)> {
        let mut statement =
            connection.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn all_migrations_together_make_the_documented_schema() {
        let mut migrated = Connection::open_in_memory().unwrap();
        to_latest(&mut migrated).unwrap();
        let documented = Connection::open_in_memory().unwrap();
        documented.execute_batch(include_str!("../../schema.sql")).unwrap();
        assert_eq!(schema(&migrated), schema(&documented));
    }

    #[test]
    fn a_database_of_a_newer_version_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        let error = to_latest(&mut connection).unwrap_err();
        assert!(matches!(error, StoreError::Newer { found: 99, known: 1 }), "{error}");
    }
}
