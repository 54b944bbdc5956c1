//! The sole writer of accounts, login sessions and refresh tokens.
//!
//! Each change is one transaction. Once it is committed, the live sessions are published, then the audit entry
//! and the event go out, then the caller hears of it.

use super::{
    AuthError, Device,
    live::{Live, LiveSession},
    message::{AccountChange, AuthMessage, NewAccount, Opened, SignIn},
    refresh_token::TokenHash,
    settings::SessionRules,
    store::{
        sessions::{self, Rotation},
        users,
    },
};
use crate::{
    audit::{AuditEntry, AuditHandle, Severity},
    domain::{
        ids::{LoginSessionId, UserId},
        language::Language,
        user::{Principal, User},
    },
    events::{Event, Events},
    ports::Clock,
    store::{Store, StoreError},
    supervision::{Reconciler, Run, respond},
};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use std::{sync::Arc, time::Duration};

const RECONCILE_EVERY: Duration = Duration::from_secs(60);
const BATCH: u32 = 500;

/// Writes accounts.
pub struct Auth {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub live: Arc<Live>,
    pub events: Events,
    pub audit: AuditHandle,
    pub rules: SessionRules,
}

impl Actor for Auth {
    type Msg = AuthMessage;
    type State = Reconciler<AuthMessage>;
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Self::Msg>, (): ()) -> Result<Self::State, ActorProcessingErr> {
        self.reload().await?;
        myself.send_message(AuthMessage::Reconcile)?;
        Ok(Reconciler::new(RECONCILE_EVERY, || AuthMessage::Reconcile, AuthMessage::Reconciled))
    }

    async fn handle(
        &self,
        myself: ActorRef<Self::Msg>,
        message: Self::Msg,
        reconciler: &mut Self::State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            AuthMessage::Setup { account, sign_in, reply } => respond(reply, self.setup(account, sign_in).await),
            AuthMessage::SignIn { user, password_hash, sign_in, reply } => {
                respond(reply, self.sign_in(user, password_hash, sign_in).await);
            }
            AuthMessage::Refresh { token, successor, device, reply } => {
                respond(reply, self.refresh(token, successor, device).await);
            }
            AuthMessage::Revoke { user, session, reply } => respond(reply, self.revoke(user, session).await),
            AuthMessage::ChangePassword { by, password_hash, new_password_hash, reply } => {
                respond(reply, self.change_password(by, password_hash, new_password_hash).await);
            }
            AuthMessage::SetLanguage { user, language, reply } => {
                respond(reply, self.set_language(user, language).await)
            }
            AuthMessage::CreateUser { by, account, reply } => respond(reply, self.create_user(by, account).await),
            AuthMessage::UpdateUser { by, user, change, reply } => {
                respond(reply, self.update_user(by, user, change).await);
            }
            AuthMessage::DeleteUser { by, user, reply } => respond(reply, self.delete_user(by, user).await),
            AuthMessage::Reconcile => reconciler.activated(&myself, || self.reconcile()),
            AuthMessage::Reconciled(run) => {
                if let Err(error) = self.reload().await {
                    tracing::warn!(error = &error as &dyn std::error::Error, "failed to reload the live sessions");
                }
                reconciler.finished(&myself, run);
            }
        }
        Ok(())
    }
}

impl Auth {
    async fn setup(&self, account: NewAccount, sign_in: SignIn) -> Result<Opened, AuthError> {
        let (now, rules) = (self.clock.now_ms(), self.rules);
        let SignIn { session, device } = sign_in;
        let begin = session.clone();
        let (user, (expires_at, ended)) = self
            .store
            .write(move |transaction| {
                if users::has_admin(transaction)? {
                    return Err(AuthError::SetupDone);
                }
                let NewAccount { username, password_hash, role } = account;
                let user = users::insert(transaction, &username, &password_hash, role, now)?;
                let begun = sessions::begin(transaction, user.id, &begin, &rules, now)?;
                Ok((user, begun))
            })
            .await?;
        let opened = Opened { user, session: session.id, expires_at };
        self.opened(&opened, ended);
        self.audit_sign_in("setup", &opened, &device);
        Ok(opened)
    }

    async fn sign_in(&self, user: UserId, password_hash: String, sign_in: SignIn) -> Result<Opened, AuthError> {
        let (now, rules) = (self.clock.now_ms(), self.rules);
        let SignIn { session, device } = sign_in;
        let begin = session.clone();
        let (user, (expires_at, ended)) = self
            .store
            .write(move |transaction| {
                let user = still_right(transaction, user, &password_hash)?;
                let begun = sessions::begin(transaction, user.id, &begin, &rules, now)?;
                Ok::<_, AuthError>((user, begun))
            })
            .await?;
        let opened = Opened { user, session: session.id, expires_at };
        self.opened(&opened, ended);
        self.audit_sign_in("login", &opened, &device);
        Ok(opened)
    }

    async fn refresh(&self, token: TokenHash, successor: TokenHash, device: Device) -> Result<Opened, AuthError> {
        let (now, rules, user_agent) = (self.clock.now_ms(), self.rules, device.user_agent.clone());
        let rotated = self
            .store
            .write(move |transaction| sessions::rotate(transaction, &token, &successor, &user_agent, &rules, now))
            .await?;
        match rotated {
            Rotation::Continued { user, session, expires_at } => {
                let opened = Opened { user, session, expires_at };
                self.opened(&opened, Vec::new());
                Ok(opened)
            }
            Rotation::Reused { user, session } => {
                self.ended(vec![session.clone()]);
                let entry = AuditEntry::new(Severity::Critical, "refresh.reused", format!("session:{session}"));
                self.audit.record(entry.by(user).from(device.ip, &device.user_agent));
                tracing::warn!(%user, "a spent refresh token was presented again; its device was signed out");
                Err(AuthError::RefreshInvalid)
            }
            Rotation::Invalid => Err(AuthError::RefreshInvalid),
        }
    }

    async fn revoke(&self, user: UserId, session: LoginSessionId) -> Result<(), AuthError> {
        let resource = format!("session:{session}");
        let ended = self
            .store
            .write(move |transaction| Ok::<_, AuthError>(sessions::end(transaction, user, &session)?))
            .await?;
        if ended.is_empty() {
            return Err(AuthError::NotFound);
        }
        self.ended(ended);
        self.audit.record(AuditEntry::new(Severity::Info, "session.revoked", resource).by(user));
        Ok(())
    }

    async fn change_password(&self, by: Principal, hash: String, new_hash: String) -> Result<User, AuthError> {
        let (now, Principal { user, session, .. }) = (self.clock.now_ms(), by);
        let (user, ended) = self
            .store
            .write(move |transaction| {
                still_right(transaction, user, &hash)?;
                let user = users::set_password(transaction, user, &new_hash, now)?;
                Ok::<_, AuthError>((user.clone(), sessions::end_others(transaction, user.id, Some(&session))?))
            })
            .await?;
        self.ended(ended);
        self.audit.record(AuditEntry::new(Severity::Info, "password.changed", resource(user.id)).by(user.id));
        Ok(user)
    }

    async fn set_language(&self, user: UserId, language: Option<Language>) -> Result<User, AuthError> {
        let set =
            move |transaction: &rusqlite::Transaction<'_>| users::set_language(transaction, user, language.as_ref());
        let user = self.store.write(set).await?;
        self.live.update(&user);
        Ok(user)
    }

    async fn create_user(&self, by: Principal, account: NewAccount) -> Result<User, AuthError> {
        let now = self.clock.now_ms();
        let NewAccount { username, password_hash, role } = account;
        let user = self
            .store
            .write(move |transaction| users::insert(transaction, &username, &password_hash, role, now))
            .await?;
        let entry = AuditEntry::new(Severity::Info, "user.created", resource(user.id)).by(by.user);
        self.audit.record(entry.with("role", user.role.as_str()));
        Ok(user)
    }

    async fn update_user(&self, by: Principal, user: UserId, change: AccountChange) -> Result<User, AuthError> {
        let now = self.clock.now_ms();
        let entry = AuditEntry::new(Severity::Warning, "user.updated", resource(user))
            .by(by.user)
            .with("password", change.password_hash.is_some());
        let (user, ended) = self
            .store
            .write(move |transaction| {
                let before = users::find(transaction, user)?;
                let role = change.role.unwrap_or(before.role);
                let is_active = change.is_active.unwrap_or(before.is_active);
                let after = users::set_access(transaction, user, role, is_active, now)?;
                let mut ended = Vec::new();
                if let Some(hash) = change.password_hash {
                    users::set_password(transaction, user, &hash, now)?;
                    let own = (by.user == user).then_some(&by.session);
                    ended = sessions::end_others(transaction, user, own)?;
                }
                if !after.is_active {
                    ended.extend(sessions::end_others(transaction, user, None)?);
                }
                Ok::<_, AuthError>((after, ended))
            })
            .await?;
        self.live.update(&user);
        self.ended(ended);
        self.audit.record(entry.with("role", user.role.as_str()).with("is_active", user.is_active));
        Ok(user)
    }

    async fn delete_user(&self, by: Principal, user: UserId) -> Result<(), AuthError> {
        let ended = self
            .store
            .write(move |transaction| {
                let ended = sessions::end_others(transaction, user, None)?;
                users::delete(transaction, user)?;
                Ok::<_, AuthError>(ended)
            })
            .await?;
        self.ended(ended);
        self.audit.record(AuditEntry::new(Severity::Warning, "user.deleted", resource(user)).by(by.user));
        Ok(())
    }

    fn reconcile(&self) -> impl Future<Output = Run> + Send + 'static {
        let (store, now) = (self.store.clone(), self.clock.now_ms());
        async move {
            let expired = store
                .write(move |transaction| Ok::<_, StoreError>(sessions::end_expired(transaction, now, BATCH)?))
                .await;
            match expired {
                Ok(true) => Run::More,
                Ok(false) => Run::Drained,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "failed to end expired sessions");
                    Run::Drained
                }
            }
        }
    }

    /// Makes the live sessions what the store says. Reads as a writer does: it so waits for a transaction that an actor
    /// before this one began and did not live to publish.
    async fn reload(&self) -> Result<(), StoreError> {
        let now = self.clock.now_ms();
        let stored =
            self.store.write(move |transaction| Ok::<_, StoreError>(sessions::live(transaction, now)?)).await?;
        for session in self.live.replace(stored) {
            self.events.emit(Event::LoginSessionRevoked { session });
        }
        Ok(())
    }

    fn opened(&self, opened: &Opened, ended: Vec<LoginSessionId>) {
        let Opened { user, session, expires_at } = opened;
        self.live.publish(LiveSession {
            id: session.clone(),
            user: user.id,
            role: user.role,
            language: user.language.clone(),
            expires_at: *expires_at,
        });
        self.ended(ended);
    }

    fn ended(&self, sessions: Vec<LoginSessionId>) {
        self.live.end(&sessions);
        for session in sessions {
            self.events.emit(Event::LoginSessionRevoked { session });
        }
    }

    fn audit_sign_in(&self, action: &'static str, opened: &Opened, device: &Device) {
        let entry = AuditEntry::new(Severity::Info, action, format!("session:{}", opened.session));
        self.audit.record(entry.by(opened.user.id).from(device.ip, &device.user_agent));
    }
}

/// The active account, if its password is still the one that was found right a moment ago.
fn still_right(transaction: &rusqlite::Transaction<'_>, user: UserId, password_hash: &str) -> Result<User, AuthError> {
    match users::account(transaction, user) {
        Ok(account) if account.password_hash == password_hash && account.user.is_active => Ok(account.user),
        Ok(_) | Err(AuthError::NotFound) => Err(AuthError::WrongCredentials),
        Err(error) => Err(error),
    }
}

fn resource(user: UserId) -> String {
    format!("user:{user}")
}
