//! What users do about their account, and admins about everybody's.

use super::AuthHandle;
use crate::{
    audit::AuditEntry,
    auth::{
        AuthError, Credentials, LoginSession,
        credentials::{NewPassword, Username},
        limits::Place,
        message::{AccountChange, AuthMessage, NewAccount},
        store::{sessions, users},
    },
    domain::{
        ids::{LoginSessionId, UserId},
        language::Language,
        user::{Principal, Role, User},
    },
};
use secrecy::SecretString;

/// What an admin changes about an account; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    pub role: Option<Role>,
    pub is_active: Option<bool>,
    pub password: Option<SecretString>,
}

impl AuthHandle {
    /// Signs a device of a user out.
    pub async fn revoke(&self, user: UserId, session: LoginSessionId) -> Result<(), AuthError> {
        self.call(|reply| AuthMessage::Revoke { user, session, reply }).await
    }

    /// The devices a user is signed in on, the one seen last first.
    pub async fn sessions(&self, user: UserId) -> Result<Vec<LoginSession>, AuthError> {
        let now = self.parts.clock.now_ms();
        self.parts.store.read(move |connection| Ok(sessions::of_user(connection, user, now)?)).await
    }

    /// One account.
    pub async fn user(&self, user: UserId) -> Result<User, AuthError> {
        self.parts.store.read(move |connection| users::find(connection, user)).await
    }

    /// Changes one's own password, and signs one's other devices out.
    pub async fn change_password(
        &self,
        principal: &Principal,
        current: SecretString,
        new: SecretString,
    ) -> Result<User, AuthError> {
        let (parts, by, new) = (&self.parts, principal.clone(), NewPassword::parse(new)?);
        let user = by.user;
        let account = parts.store.read(move |connection| users::account(connection, user)).await?;
        let username = Username::parse(&account.user.username)?;
        let place = Place::Session(&by.session.0);
        parts.limits.try_account(&username, place)?;
        let password_hash = account.password_hash;
        if !parts.passwords.verify(current, Some(password_hash.clone())).await? {
            parts.audit.record(AuditEntry::failure("password.failed", format!("user:{user}")).by(user));
            return Err(AuthError::WrongCredentials);
        }
        parts.limits.succeeded(&username, place);
        let new_password_hash = parts.passwords.hash(new).await?;
        self.call(|reply| AuthMessage::ChangePassword { by, password_hash, new_password_hash, reply }).await
    }

    /// Says which language one reads titles in; none is whatever the device asks for.
    pub async fn set_language(&self, principal: &Principal, language: Option<Language>) -> Result<User, AuthError> {
        let user = principal.user;
        self.call(|reply| AuthMessage::SetLanguage { user, language, reply }).await
    }

    /// All accounts, by name.
    pub async fn users(&self) -> Result<Vec<User>, AuthError> {
        self.parts.store.read(|connection| Ok(users::all(connection)?)).await
    }

    /// Creates an account.
    pub async fn create_user(&self, by: &Principal, credentials: Credentials, role: Role) -> Result<User, AuthError> {
        let username = Username::parse(&credentials.username)?;
        let password_hash = self.parts.passwords.hash(NewPassword::parse(credentials.password)?).await?;
        let (by, account) = (by.clone(), NewAccount { username, password_hash, role });
        self.call(|reply| AuthMessage::CreateUser { by, account, reply }).await
    }

    /// Changes an account. A new role counts from the next request; a new password, or being made inactive, signs the
    /// user's devices out, but for the one that asks.
    pub async fn update_user(&self, by: &Principal, user: UserId, change: UserChange) -> Result<User, AuthError> {
        let UserChange { role, is_active, password } = change;
        let password_hash = match password {
            Some(password) => Some(self.parts.passwords.hash(NewPassword::parse(password)?).await?),
            None => None,
        };
        let (by, change) = (by.clone(), AccountChange { role, is_active, password_hash });
        self.call(|reply| AuthMessage::UpdateUser { by, user, change, reply }).await
    }

    /// Deletes an account with everything that is theirs.
    pub async fn delete_user(&self, by: &Principal, user: UserId) -> Result<(), AuthError> {
        let by = by.clone();
        self.call(|reply| AuthMessage::DeleteUser { by, user, reply }).await
    }
}
