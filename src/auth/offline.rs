//! What the command line does to accounts, with or without a daemon running beside it.
//!
//! It writes the same tables in the same transactions; a running daemon catches up within a minute.

use super::{
    AuthError, NewPassword, Passwords, Username,
    store::{sessions, users},
};
use crate::{
    audit::{self, AuditEntry, Severity},
    domain::user::{Role, User},
    store::Store,
};

/// Creates an account.
pub async fn add_user(
    store: &Store,
    passwords: &Passwords,
    username: Username,
    password: NewPassword,
    role: Role,
    now: i64,
) -> Result<User, AuthError> {
    let hash = passwords.hash(password).await?;
    store
        .write(move |transaction| {
            let user = users::insert(transaction, &username, &hash, role, now)?;
            let entry = AuditEntry::new(Severity::Info, "user.created", format!("user:{}", user.id));
            audit::append(transaction, &entry.with("role", role.as_str()).with("by", "command line"), now)?;
            Ok(user)
        })
        .await
}

/// Gives an account a new password, and signs all its devices out.
pub async fn set_password(
    store: &Store,
    passwords: &Passwords,
    username: Username,
    password: NewPassword,
    now: i64,
) -> Result<User, AuthError> {
    let hash = passwords.hash(password).await?;
    store
        .write(move |transaction| {
            let account = users::account_named(transaction, &username)?.ok_or(AuthError::NotFound)?;
            let user = users::set_password(transaction, account.user.id, &hash, now)?;
            sessions::end_others(transaction, user.id, None)?;
            let entry = AuditEntry::new(Severity::Warning, "password.changed", format!("user:{}", user.id));
            audit::append(transaction, &entry.with("by", "command line"), now)?;
            Ok(user)
        })
        .await
}

/// All accounts, by name.
pub async fn users(store: &Store) -> Result<Vec<User>, AuthError> {
    store.read(|connection| Ok(users::all(connection)?)).await
}
