//! Login sessions and the family of refresh tokens of each.

use crate::{
    auth::{AuthError, live::LiveSession, refresh_token::TokenHash, session::LoginSession, settings::SessionRules},
    domain::{
        ids::{LoginSessionId, UserId},
        user::User,
    },
};
use rusqlite::{Connection, OptionalExtension, Params, Row, Transaction, params};

/// How long a spent token still gets its successor: two tabs that refresh at once present the same one.
pub const GRACE_MS: i64 = 10_000;
/// Spent tokens remembered per session to notice reuse by. Far more than the refreshes of a token's lifetime.
const MAX_TOKENS: u32 = 2048;

/// A session about to begin.
#[derive(Clone, Debug)]
pub struct NewSession {
    pub id: LoginSessionId,
    pub token: TokenHash,
    pub device_name: String,
    pub user_agent: String,
}

/// What presenting a refresh token comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The successor is the session's token now, until `expires_at`.
    Continued { user: User, session: LoginSessionId, expires_at: i64 },
    /// It was spent before: somebody else holds it too. The whole family is gone.
    Reused { user: UserId, session: LoginSessionId },
    /// It never was, has expired, or its session is over.
    Invalid,
}

/// Begins a session. Signs out the devices that were not seen for longest, if there are too many. Answers when the
/// session ends, and which others did.
pub fn begin(
    transaction: &Transaction<'_>,
    user: UserId,
    new: &NewSession,
    rules: &SessionRules,
    now: i64,
) -> rusqlite::Result<(i64, Vec<LoginSessionId>)> {
    let ended = end_where(
        transaction,
        "id IN (SELECT id FROM login_sessions WHERE user_id = ?1
                ORDER BY last_seen_at DESC, created_at DESC, rowid DESC LIMIT -1 OFFSET ?2)",
        params![user, rules.max_devices.saturating_sub(1)],
    )?;
    let expires_at = rules.expiry(now, now);
    transaction
        .prepare_cached(
            "INSERT INTO login_sessions (id, user_id, device_name, user_agent, created_at, last_seen_at, expires_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)",
        )?
        .execute(params![new.id.0, user, new.device_name, new.user_agent, now, expires_at])?;
    insert_token(transaction, &new.token, &new.id, now, expires_at)?;
    Ok((expires_at, ended))
}

/// Replaces a refresh token by its successor. Within the grace it answers the same successor again; after it, the
/// token is being reused, and the family ends.
pub fn rotate(
    transaction: &Transaction<'_>,
    token: &TokenHash,
    successor: &TokenHash,
    user_agent: &str,
    rules: &SessionRules,
    now: i64,
) -> Result<Rotation, AuthError> {
    let Some(presented) = presented(transaction, token)? else { return Ok(Rotation::Invalid) };
    let Presented { session, user, created_at, expires_at, spent_at, session_expires_at } = presented;
    if expires_at <= now || session_expires_at <= now {
        return Ok(Rotation::Invalid);
    }
    if let Some(spent_at) = spent_at {
        // Either way round: the clock may have been set back meanwhile.
        if now.abs_diff(spent_at) > GRACE_MS.unsigned_abs() {
            end_where(transaction, "id = ?1", [&session.0])?;
            return Ok(Rotation::Reused { user, session });
        }
        let successor_expires_at = transaction
            .prepare_cached("SELECT expires_at FROM refresh_tokens WHERE token_hash = ?1")?
            .query_row([successor], |row| row.get(0))
            .optional()?;
        let Some(expires_at) = successor_expires_at else { return Ok(Rotation::Invalid) };
        return Ok(Rotation::Continued { user: super::users::find(transaction, user)?, session, expires_at });
    }
    let expires_at = rules.expiry(created_at, now);
    transaction
        .prepare_cached("UPDATE refresh_tokens SET spent_at = ?2 WHERE token_hash = ?1")?
        .execute(params![token, now])?;
    insert_token(transaction, successor, &session, now, expires_at)?;
    transaction
        .prepare_cached("UPDATE login_sessions SET last_seen_at = ?2, expires_at = ?3, user_agent = ?4 WHERE id = ?1")?
        .execute(params![session.0, now, expires_at, user_agent])?;
    Ok(Rotation::Continued { user: super::users::find(transaction, user)?, session, expires_at })
}

/// Whether a token can lead anywhere, so that nonsense never reaches the writer.
pub fn is_known(connection: &Connection, token: &TokenHash) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM refresh_tokens WHERE token_hash = ?1)")?
        .query_row([token], |row| row.get(0))
}

/// Ends one session of a user, if it is theirs.
pub fn end(
    transaction: &Transaction<'_>,
    user: UserId,
    session: &LoginSessionId,
) -> rusqlite::Result<Vec<LoginSessionId>> {
    end_where(transaction, "id = ?1 AND user_id = ?2", params![session.0, user])
}

/// Ends all sessions of a user but one.
pub fn end_others(
    transaction: &Transaction<'_>,
    user: UserId,
    keep: Option<&LoginSessionId>,
) -> rusqlite::Result<Vec<LoginSessionId>> {
    let keep = keep.map_or("", |session| session.0.as_str());
    end_where(transaction, "user_id = ?1 AND id <> ?2", params![user, keep])
}

/// Ends at most `batch` sessions whose time is over, and forgets as many tokens that expired. Answers whether either
/// batch was full.
pub fn end_expired(transaction: &Transaction<'_>, now: i64, batch: u32) -> rusqlite::Result<bool> {
    let sessions = transaction.execute(
        "DELETE FROM login_sessions WHERE id IN (SELECT id FROM login_sessions WHERE expires_at <= ?1 LIMIT ?2)",
        params![now, batch],
    )?;
    let tokens = transaction.execute(
        "DELETE FROM refresh_tokens
         WHERE token_hash IN (SELECT token_hash FROM refresh_tokens WHERE expires_at <= ?1 LIMIT ?2)",
        params![now, batch],
    )?;
    Ok(sessions.max(tokens) >= batch as usize)
}

/// All sessions that are live.
pub fn live(connection: &Connection, now: i64) -> rusqlite::Result<Vec<LiveSession>> {
    let mut statement = connection.prepare_cached(
        "SELECT login_sessions.id, users.id, role, expires_at, language FROM login_sessions
         JOIN users ON users.id = login_sessions.user_id LEFT JOIN preferences ON preferences.user_id = users.id WHERE is_active = 1 AND expires_at > ?1",
    )?;
    let session = |row: &Row<'_>| {
        Ok(LiveSession {
            id: LoginSessionId(row.get(0)?),
            user: row.get(1)?,
            role: row.get(2)?,
            expires_at: row.get(3)?,
            language: row.get(4)?,
        })
    };
    statement.query_map([now], session)?.collect()
}

/// The devices a user is signed in on, the one seen last first.
pub fn of_user(connection: &Connection, user: UserId, now: i64) -> rusqlite::Result<Vec<LoginSession>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, device_name, user_agent, created_at, last_seen_at FROM login_sessions
         WHERE user_id = ?1 AND expires_at > ?2 ORDER BY last_seen_at DESC, rowid DESC",
    )?;
    let session = |row: &Row<'_>| {
        Ok(LoginSession {
            id: LoginSessionId(row.get(0)?),
            device_name: row.get(1)?,
            user_agent: row.get(2)?,
            created_at: row.get(3)?,
            last_seen_at: row.get(4)?,
        })
    };
    statement.query_map(params![user, now], session)?.collect()
}

struct Presented {
    session: LoginSessionId,
    user: UserId,
    created_at: i64,
    expires_at: i64,
    spent_at: Option<i64>,
    session_expires_at: i64,
}

fn presented(transaction: &Transaction<'_>, token: &TokenHash) -> rusqlite::Result<Option<Presented>> {
    let mut statement = transaction.prepare_cached(
        "SELECT session_id, user_id, s.created_at, t.expires_at, spent_at, s.expires_at
         FROM refresh_tokens t JOIN login_sessions s ON s.id = session_id JOIN users ON users.id = user_id
         WHERE token_hash = ?1 AND is_active = 1",
    )?;
    let presented = |row: &Row<'_>| {
        Ok(Presented {
            session: LoginSessionId(row.get(0)?),
            user: row.get(1)?,
            created_at: row.get(2)?,
            expires_at: row.get(3)?,
            spent_at: row.get(4)?,
            session_expires_at: row.get(5)?,
        })
    };
    statement.query_row([token], presented).optional()
}

fn insert_token(
    transaction: &Transaction<'_>,
    token: &TokenHash,
    session: &LoginSessionId,
    now: i64,
    expires_at: i64,
) -> rusqlite::Result<()> {
    transaction
        .prepare_cached(
            "INSERT INTO refresh_tokens (token_hash, session_id, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![token, session.0, now, expires_at])?;
    transaction
        .prepare_cached(
            "DELETE FROM refresh_tokens WHERE session_id = ?1 AND created_at <
               (SELECT created_at FROM refresh_tokens WHERE session_id = ?1 ORDER BY created_at DESC LIMIT 1 OFFSET ?2)",
        )?
        .execute(params![session.0, MAX_TOKENS])?;
    Ok(())
}

fn end_where(
    transaction: &Transaction<'_>,
    condition: &'static str,
    params: impl Params,
) -> rusqlite::Result<Vec<LoginSessionId>> {
    let sql = format!("DELETE FROM login_sessions WHERE {condition} RETURNING id");
    let mut statement = transaction.prepare_cached(&sql)?;
    statement.query_map(params, |row| row.get(0).map(LoginSessionId))?.collect()
}

#[cfg(test)]
mod tests;
