//! Accounts.

use crate::{
    auth::{AuthError, credentials::Username},
    domain::{
        ids::UserId,
        language::Language,
        user::{Role, User},
    },
};
use rusqlite::{Connection, ErrorCode, OptionalExtension, Row, Transaction, params};

const COLUMNS: &str = "id, username, role, is_active, created_at, \
                       (SELECT language FROM preferences WHERE user_id = users.id) AS language";

/// An account together with its password's hash.
pub struct Account {
    pub user: User,
    pub password_hash: String,
}

/// Whether anybody is an admin yet.
pub fn has_admin(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT EXISTS (SELECT 1 FROM users WHERE role = 'admin')", [], |row| row.get(0))
}

pub fn all(connection: &Connection) -> rusqlite::Result<Vec<User>> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM users ORDER BY username"))?;
    statement.query_map([], user)?.collect()
}

pub fn find(connection: &Connection, id: UserId) -> Result<User, AuthError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM users WHERE id = ?1"))?;
    statement.query_row([id], user).optional()?.ok_or(AuthError::NotFound)
}

pub fn account(connection: &Connection, id: UserId) -> Result<Account, AuthError> {
    let sql = format!("SELECT {COLUMNS}, password_hash FROM users WHERE id = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    statement.query_row([id], with_hash).optional()?.ok_or(AuthError::NotFound)
}

pub fn account_named(connection: &Connection, username: &Username) -> rusqlite::Result<Option<Account>> {
    let sql = format!("SELECT {COLUMNS}, password_hash FROM users WHERE username = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    statement.query_row([username.as_str()], with_hash).optional()
}

pub fn insert(
    transaction: &Transaction<'_>,
    username: &Username,
    password_hash: &str,
    role: Role,
    now: i64,
) -> Result<User, AuthError> {
    let inserted = transaction.execute(
        "INSERT INTO users (username, password_hash, role, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4)",
        params![username.as_str(), password_hash, role, now],
    );
    match inserted {
        Ok(_) => find(transaction, UserId(transaction.last_insert_rowid())),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            Err(AuthError::UsernameTaken)
        }
        Err(error) => Err(error.into()),
    }
}

pub fn set_password(
    transaction: &Transaction<'_>,
    id: UserId,
    password_hash: &str,
    now: i64,
) -> Result<User, AuthError> {
    transaction.execute(
        "UPDATE users SET password_hash = ?2, updated_at = ?3 WHERE id = ?1",
        params![id, password_hash, now],
    )?;
    find(transaction, id)
}

/// Says which language a user reads titles in.
pub fn set_language(transaction: &Transaction<'_>, id: UserId, language: Option<&Language>) -> Result<User, AuthError> {
    // Whoever is not there has no preferences.
    find(transaction, id)?;
    transaction.execute(
        "INSERT INTO preferences (user_id, language) VALUES (?1, ?2) \
         ON CONFLICT (user_id) DO UPDATE SET language = excluded.language",
        params![id, language],
    )?;
    find(transaction, id)
}

/// Changes what a user may do. Refuses to leave the daemon without an active admin.
pub fn set_access(
    transaction: &Transaction<'_>,
    id: UserId,
    role: Role,
    is_active: bool,
    now: i64,
) -> Result<User, AuthError> {
    if role != Role::Admin || !is_active {
        refuse_last_admin(transaction, id)?;
    }
    transaction.execute(
        "UPDATE users SET role = ?2, is_active = ?3, updated_at = ?4 WHERE id = ?1",
        params![id, role, is_active, now],
    )?;
    find(transaction, id)
}

/// Deletes a user with everything that is theirs. Refuses to leave the daemon without an active admin.
pub fn delete(transaction: &Transaction<'_>, id: UserId) -> Result<(), AuthError> {
    refuse_last_admin(transaction, id)?;
    match transaction.execute("DELETE FROM users WHERE id = ?1", [id])? {
        0 => Err(AuthError::NotFound),
        _ => Ok(()),
    }
}

fn refuse_last_admin(transaction: &Transaction<'_>, id: UserId) -> Result<(), AuthError> {
    let is_last: bool = transaction.query_row(
        "SELECT EXISTS (SELECT 1 FROM users WHERE id = ?1 AND role = 'admin' AND is_active = 1)
            AND NOT EXISTS (SELECT 1 FROM users WHERE id <> ?1 AND role = 'admin' AND is_active = 1)",
        [id],
        |row| row.get(0),
    )?;
    if is_last { Err(AuthError::LastAdmin) } else { Ok(()) }
}

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        id: row.get("id")?,
        username: row.get("username")?,
        role: row.get("role")?,
        is_active: row.get("is_active")?,
        created_at: row.get("created_at")?,
        language: row.get("language")?,
    })
}

fn with_hash(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account { user: user(row)?, password_hash: row.get("password_hash")? })
}
