//! How the rest of the daemon signs people in, and asks who they are.

mod accounts;

pub use accounts::UserChange;

use super::{
    AuthError, Credentials, Device, SignedIn,
    access_token::AccessTokens,
    credentials::{NewPassword, Username},
    keys::MacKey,
    limits::{Limits, Place},
    live::Live,
    message::{AuthMessage, NewAccount, Opened, Reply, SignIn},
    password::Passwords,
    refresh_token::RefreshToken,
    setup_token::SetupToken,
    store::{
        sessions,
        users::{self, Account},
    },
};
use crate::{
    audit::{AuditEntry, AuditHandle},
    domain::{
        ids::LoginSessionId,
        user::{Principal, Role},
    },
    ports::Clock,
    store::Store,
    supervision::{Address, CallError},
};
use secrecy::SecretString;
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

const CALL_TIMEOUT: Duration = Duration::from_secs(5);

/// Accounts, login sessions and tokens. Cheap to clone.
#[derive(Clone)]
pub struct AuthHandle {
    pub(super) parts: Arc<Parts>,
}

/// What a handle works with.
pub(super) struct Parts {
    pub address: Address<AuthMessage>,
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub live: Arc<Live>,
    pub access_tokens: AccessTokens,
    pub refresh_key: MacKey,
    pub passwords: Passwords,
    pub limits: Limits,
    pub setup_token: SetupToken,
    pub audit: AuditHandle,
}

impl AuthHandle {
    /// Whether the daemon still waits for its first admin.
    pub async fn is_setup_needed(&self) -> Result<bool, AuthError> {
        self.parts.store.read(|connection| Ok(!users::has_admin(connection)?)).await
    }

    /// The token of the setup link, until the first admin exists. Only for the console of the daemon's owner.
    pub fn setup_token(&self) -> Option<SecretString> {
        self.parts.setup_token.get()
    }

    /// Creates the first admin and signs them in. Only the first of many at once succeeds.
    pub async fn setup(
        &self,
        token: SecretString,
        credentials: Credentials,
        device: Device,
    ) -> Result<SignedIn, AuthError> {
        let parts = &self.parts;
        parts.limits.try_address(device.ip)?;
        if !self.is_setup_needed().await? {
            parts.setup_token.spend().await;
            return Err(AuthError::SetupDone);
        }
        let device = device.tidied();
        if !parts.setup_token.is(&token) {
            if parts.setup_token.get().is_none() {
                return Err(AuthError::SetupDone);
            }
            let entry = AuditEntry::failure("setup.failed", "setup");
            parts.audit.record(entry.from(device.ip, &device.user_agent));
            return Err(AuthError::SetupTokenWrong);
        }
        let username = Username::parse(&credentials.username)?;
        let password_hash = parts.passwords.hash(NewPassword::parse(credentials.password)?).await?;
        let account = NewAccount { username, password_hash, role: Role::Admin };
        let (sign_in, refresh_token) = SignIn::new(device);
        let opened = self.call(|reply| AuthMessage::Setup { account, sign_in, reply }).await?;
        parts.setup_token.spend().await;
        self.signed_in(opened, refresh_token)
    }

    /// Signs a device in. A user who does not exist takes the same path, the same time and the same answer as a
    /// wrong password.
    pub async fn login(&self, credentials: Credentials, device: Device) -> Result<SignedIn, AuthError> {
        let parts = &self.parts;
        let device = device.tidied();
        parts.limits.try_address(device.ip)?;
        let username = Username::parse(&credentials.username).ok();
        let place = Place::Address(device.ip);
        if let Some(username) = &username {
            parts
                .limits
                .try_account(username, place)
                .inspect_err(|_| self.record_failure("login".to_owned(), &device))?;
        }
        let named = username.clone();
        let account = parts
            .store
            .read(move |connection| match named {
                Some(username) => Ok::<_, AuthError>(users::account_named(connection, &username)?),
                None => Ok(None),
            })
            .await?;
        let hash = account.as_ref().map(|account| account.password_hash.clone());
        let resource = account.as_ref().map_or("login".to_owned(), |account| format!("user:{}", account.user.id));
        let is_right = parts.passwords.verify(credentials.password, hash).await?;
        let (Some(username), Some(Account { user, password_hash })) =
            (username, account.filter(|account| is_right && account.user.is_active))
        else {
            self.record_failure(resource, &device);
            return Err(AuthError::WrongCredentials);
        };
        parts.limits.succeeded(&username, place);
        let (sign_in, refresh_token) = SignIn::new(device);
        let user = user.id;
        let opened = self.call(|reply| AuthMessage::SignIn { user, password_hash, sign_in, reply }).await?;
        self.signed_in(opened, refresh_token)
    }

    /// Replaces a refresh token by its successor, with a new access token. The same token within ten seconds gets the
    /// same successor; later, it signs its device out.
    pub async fn refresh(&self, refresh_token: SecretString, device: Device) -> Result<SignedIn, AuthError> {
        let presented = RefreshToken::parse(refresh_token).ok_or(AuthError::RefreshInvalid)?;
        let successor = presented.successor(&self.parts.refresh_key).map_err(signing_failed)?;
        let token = presented.hash();
        if !self.parts.store.read(move |connection| Ok::<_, AuthError>(sessions::is_known(connection, &token)?)).await?
        {
            return Err(AuthError::RefreshInvalid);
        }
        let (next, device) = (successor.hash(), device.tidied());
        let opened = self.call(|reply| AuthMessage::Refresh { token, successor: next, device, reply }).await?;
        self.signed_in(opened, successor)
    }

    /// Who presents this access token. No I/O: the role is today's, and a session that was revoked is none.
    pub fn authenticate(&self, access_token: &str) -> Result<Principal, AuthError> {
        let now = self.parts.clock.now_ms();
        let (user, session) = self.parts.access_tokens.check(access_token, now)?;
        let principal = self.parts.live.principal(&session, now).filter(|principal| principal.user == user);
        principal.ok_or(AuthError::Unauthenticated)
    }

    /// Is cancelled once the session is revoked, has expired, or its user may not come in any more. Already is, if the
    /// session is not live.
    pub fn revocation(&self, session: &LoginSessionId) -> CancellationToken {
        self.parts.live.revocation(session, self.parts.clock.now_ms())
    }

    async fn call<T: Send + 'static>(&self, build: impl FnOnce(Reply<T>) -> AuthMessage) -> Result<T, AuthError> {
        self.parts.address.call(build, CALL_TIMEOUT).await?
    }

    fn signed_in(&self, opened: Opened, refresh_token: RefreshToken) -> Result<SignedIn, AuthError> {
        let Opened { user, session, expires_at } = opened;
        let issued = self.parts.access_tokens.issue(user.id, &session, self.parts.clock.now_ms(), expires_at);
        let (access_token, access_expires_at) = issued.map_err(signing_failed)?;
        Ok(SignedIn {
            user,
            session,
            access_token,
            access_expires_at,
            refresh_token: refresh_token.into_secret(),
            refresh_expires_at: expires_at,
        })
    }

    fn record_failure(&self, resource: String, device: &Device) {
        let entry = AuditEntry::failure("login.failed", resource);
        self.parts.audit.record(entry.from(device.ip, &device.user_agent));
    }
}

fn signing_failed(error: jsonwebtoken::errors::Error) -> AuthError {
    tracing::error!(%error, "failed to sign a token");
    AuthError::Call(CallError::Unavailable)
}
