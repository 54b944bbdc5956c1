//! The SQL of accounts at Trakt.

pub mod exports;
pub mod mirror;
#[cfg(test)]
mod tests;

use super::TraktError;
use crate::domain::ids::{TraktAccountId, UserId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

/// An account as the database has it.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: TraktAccountId,
    pub username: Option<String>,
    pub tokens: SealedTokens,
    pub is_broken: bool,
    pub linked_at: i64,
    /// What was watched before that, Trakt has been told.
    pub exported_at: i64,
    pub synced_at: Option<i64>,
    pub error: Option<String>,
}

/// Tokens that only the daemon's key opens.
#[derive(Clone, Debug)]
pub struct SealedTokens {
    pub access: Vec<u8>,
    pub refresh: Vec<u8>,
    /// Of the access token (Unix ms).
    pub expires_at: i64,
}

pub fn of_user(connection: &Connection, user: UserId) -> Result<Option<Account>, TraktError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, username, access_token, refresh_token, expires_at, is_broken, linked_at, exported_at, synced_at, error \
         FROM trakt_accounts WHERE user_id = ?1",
    )?;
    Ok(statement.query_row([user], to_account).optional()?)
}

/// The users whose links hold.
pub fn linked(connection: &Connection) -> Result<Vec<UserId>, TraktError> {
    let mut statement = connection.prepare_cached("SELECT user_id FROM trakt_accounts WHERE is_broken = 0")?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Links an account. The same account linked again goes on where it was; what is known of another one is forgotten.
pub fn link(
    transaction: &Transaction<'_>,
    user: UserId,
    username: Option<&str>,
    tokens: &SealedTokens,
    now: i64,
) -> Result<(), TraktError> {
    transaction
        .prepare_cached("DELETE FROM trakt_accounts WHERE user_id = ?1 AND (username = ?2) IS NOT 1")?
        .execute(params![user, username])?;
    transaction
        .prepare_cached(
            "INSERT INTO trakt_accounts (user_id, username, access_token, refresh_token, expires_at, linked_at, due_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) ON CONFLICT (user_id) DO UPDATE SET \
             access_token = excluded.access_token, refresh_token = excluded.refresh_token, \
             expires_at = excluded.expires_at, is_broken = 0, linked_at = excluded.linked_at, \
             due_at = excluded.due_at, error = NULL",
        )?
        .execute(params![user, username, tokens.access, tokens.refresh, tokens.expires_at, now])?;
    Ok(())
}

/// Forgets an account and all that came with it.
pub fn unlink(transaction: &Transaction<'_>, user: UserId) -> Result<Option<Account>, TraktError> {
    let account = of_user(transaction, user)?;
    transaction.prepare_cached("DELETE FROM trakt_accounts WHERE user_id = ?1")?.execute([user])?;
    Ok(account)
}

pub fn set_tokens(
    transaction: &Transaction<'_>,
    account: TraktAccountId,
    tokens: &SealedTokens,
) -> Result<(), TraktError> {
    transaction
        .prepare_cached(
            "UPDATE trakt_accounts SET access_token = ?2, refresh_token = ?3, expires_at = ?4 WHERE id = ?1",
        )?
        .execute(params![account, tokens.access, tokens.refresh, tokens.expires_at])?;
    Ok(())
}

pub fn set_username(transaction: &Transaction<'_>, account: TraktAccountId, username: &str) -> Result<(), TraktError> {
    transaction
        .prepare_cached("UPDATE trakt_accounts SET username = ?2 WHERE id = ?1")?
        .execute(params![account, username])?;
    Ok(())
}

/// The link has to be made anew, which `error` says.
pub fn break_link(transaction: &Transaction<'_>, account: TraktAccountId, error: &str) -> Result<(), TraktError> {
    transaction
        .prepare_cached("UPDATE trakt_accounts SET is_broken = 1, error = ?2 WHERE id = ?1")?
        .execute(params![account, error])?;
    Ok(())
}

/// Brings the time at which an account is due forward.
pub fn make_due(transaction: &Transaction<'_>, user: UserId, at: i64) -> Result<(), TraktError> {
    transaction
        .prepare_cached("UPDATE trakt_accounts SET due_at = min(due_at, ?2) WHERE user_id = ?1")?
        .execute(params![user, at])?;
    Ok(())
}

pub fn make_all_due(transaction: &Transaction<'_>, at: i64) -> Result<(), TraktError> {
    transaction.prepare_cached("UPDATE trakt_accounts SET due_at = min(due_at, ?1)")?.execute([at])?;
    Ok(())
}

/// Takes accounts that are due, of users who may sign in; from now on they are due again at `next_at`, or sooner when
/// something happens meanwhile.
pub fn take_due(transaction: &Transaction<'_>, now: i64, next_at: i64, most: u32) -> Result<Vec<UserId>, TraktError> {
    let mut due = transaction.prepare_cached(
        "SELECT user_id FROM trakt_accounts t WHERE is_broken = 0 AND due_at <= ?1 \
         AND EXISTS (SELECT 1 FROM users u WHERE u.id = t.user_id AND u.is_active = 1) ORDER BY due_at LIMIT ?2",
    )?;
    let due = due.query_map(params![now, most], |row| row.get(0))?.collect::<Result<Vec<UserId>, _>>()?;
    let mut take = transaction.prepare_cached("UPDATE trakt_accounts SET due_at = ?2 WHERE user_id = ?1")?;
    for user in &due {
        take.execute(params![user, next_at])?;
    }
    Ok(due)
}

/// How many accounts are due.
pub fn count_due(connection: &Connection, now: i64) -> Result<u32, TraktError> {
    let mut count =
        connection.prepare_cached("SELECT count(*) FROM trakt_accounts WHERE is_broken = 0 AND due_at <= ?1")?;
    Ok(count.query_row([now], |row| row.get(0))?)
}

/// Both sides are in step, as of `at`, but for what `note` says.
pub fn synced(
    transaction: &Transaction<'_>,
    account: TraktAccountId,
    at: i64,
    note: Option<&str>,
) -> Result<(), TraktError> {
    transaction
        .prepare_cached("UPDATE trakt_accounts SET synced_at = ?2, error = ?3 WHERE id = ?1 AND is_broken = 0")?
        .execute(params![account, at, note])?;
    Ok(())
}

/// It could not be brought in step; it is tried again at `due_at`.
pub fn failed(transaction: &Transaction<'_>, user: UserId, error: &str, due_at: i64) -> Result<(), TraktError> {
    transaction
        .prepare_cached(
            "UPDATE trakt_accounts SET error = ?2, due_at = min(due_at, ?3) WHERE user_id = ?1 AND is_broken = 0",
        )?
        .execute(params![user, error, due_at])?;
    Ok(())
}

/// Trakt has been told what was watched before `at`.
pub fn exported(transaction: &Transaction<'_>, account: TraktAccountId, at: i64) -> Result<(), TraktError> {
    transaction
        .prepare_cached("UPDATE trakt_accounts SET exported_at = ?2 WHERE id = ?1")?
        .execute(params![account, at])?;
    Ok(())
}

fn to_account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: row.get("id")?,
        username: row.get("username")?,
        tokens: SealedTokens {
            access: row.get("access_token")?,
            refresh: row.get("refresh_token")?,
            expires_at: row.get("expires_at")?,
        },
        is_broken: row.get("is_broken")?,
        linked_at: row.get("linked_at")?,
        exported_at: row.get("exported_at")?,
        synced_at: row.get("synced_at")?,
        error: row.get("error")?,
    })
}
