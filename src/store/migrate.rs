//! Brings a database up to the current schema, one numbered file after the other.

use super::StoreError;
use rusqlite::Connection;
use rusqlite_migration::{M, Migrations, SchemaVersion};

static MIGRATIONS: &[M<'_>] = &[
    M::up(include_str!("migrations/0001_create_first_slice.sql")),
    M::up(include_str!("migrations/0002_add_tmdb_movies.sql")).foreign_key_check(),
    M::up(include_str!("migrations/0003_add_shows.sql")).foreign_key_check(),
    M::up(include_str!("migrations/0004_add_progress_of_episodes.sql")).foreign_key_check(),
    M::up(include_str!("migrations/0005_add_search.sql")),
    M::up(include_str!("migrations/0006_add_sync_state.sql")),
    M::up(include_str!("migrations/0007_add_languages.sql")).foreign_key_check(),
    M::up(include_str!("migrations/0008_add_trakt.sql")),
    M::up(include_str!("migrations/0009_add_imdb_index.sql")),
    M::up(include_str!("migrations/0010_add_lists_of_trakt.sql")).foreign_key_check(),
];

/// Applies what is missing. Refuses a database that a newer version has written.
pub fn to_latest(connection: &mut Connection) -> Result<(), StoreError> {
    refuse_newer(connection)?;
    apply(connection, MIGRATIONS)
}

fn apply(connection: &mut Connection, migrations: &'static [M<'static>]) -> Result<(), StoreError> {
    // A table that is made anew must neither take along nor rename what refers to it (<https://sqlite.org/lang_altertable.html>).
    let makes_anew = |connection: &Connection, on: bool| -> rusqlite::Result<()> {
        connection.pragma_update(None, "foreign_keys", !on)?;
        connection.pragma_update(None, "legacy_alter_table", on)
    };
    makes_anew(connection, true)?;
    let migrated = Migrations::from_slice(migrations).to_latest(connection);
    makes_anew(connection, false)?;
    Ok(migrated?)
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
    fn what_users_had_outlives_the_migrations() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "foreign_keys", true).unwrap();
        Migrations::from_slice(MIGRATIONS).to_version(&mut connection, 1).unwrap();
        connection
            .execute_batch(
                "INSERT INTO users VALUES (1, 'ada', 'x', 'admin', 1, 0, 0);
                 INSERT INTO movies (id, owner_id, title, overview, tagline, tint_from, tint_to, created_at, updated_at)
                 VALUES (7, 1, 'Mine', '', '', '#000000', '#000000', 5, 5);
                 INSERT INTO sources (movie_id, release_name, info_hash, created_at) VALUES (7, 'Mine', zeroblob(20), 5);
                 INSERT INTO watch_progress VALUES (1, 7, 10, 100, 'watching', 5);
                 INSERT INTO lists VALUES (3, 'some', 'Some', '', NULL, 0);
                 INSERT INTO list_items VALUES (3, 7, 0);",
            )
            .unwrap();
        // Lists of users, and accounts at Trakt, came later.
        apply(&mut connection, &MIGRATIONS[..9]).unwrap();
        connection
            .execute_batch(
                "INSERT INTO lists (id, slug, name, description, origin, owner_id, is_public, is_default, position)
                 VALUES (9, 'mine', 'Mine', '', 'user', 1, 1, 1, 4);
                 INSERT INTO list_items (list_id, position, movie_id) VALUES (9, -1, 7);
                 INSERT INTO trakt_accounts (id, user_id, access_token, refresh_token, expires_at, linked_at, due_at)
                 VALUES (5, 1, x'', x'', 0, 0, 0);
                 INSERT INTO trakt_sections VALUES (5, 'watchlist', 6);",
            )
            .unwrap();
        to_latest(&mut connection).unwrap();
        let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!(
            count("SELECT count(*) FROM movies m JOIN sources s ON s.movie_id = m.id WHERE m.title = 'Mine'"),
            1
        );
        assert_eq!(count("SELECT count(*) FROM watch_progress JOIN list_items USING (movie_id) WHERE list_id = 3"), 1);
        assert_eq!(
            count(
                "SELECT count(*) FROM lists l JOIN list_items i ON i.list_id = l.id \
                 WHERE l.id = 9 AND owner_id = 1 AND is_public = 1 AND is_default = 1 AND l.position = 4"
            ),
            1
        );
        assert_eq!(count("SELECT changed_at FROM trakt_sections WHERE section = 'watchlist'"), 6);
        connection.execute("DELETE FROM users", []).unwrap();
        assert_eq!(
            count("SELECT (SELECT count(*) FROM movies) + (SELECT count(*) FROM sources)"),
            0,
            "keys hold again"
        );
    }

    #[test]
    fn a_database_of_a_newer_version_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();
        let error = to_latest(&mut connection).unwrap_err();
        assert!(matches!(error, StoreError::Newer { found: 99, known: 10 }), "{error}");
    }
}
