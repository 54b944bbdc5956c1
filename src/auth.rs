//! Accounts, login sessions and tokens.
//!
//! A device signs in with a password and gets two tokens: an access token for ten minutes, which every request carries
//! and which is checked without I/O, and a refresh token, which is replaced at each use. Everything is revocable at
//! once: an access token counts only while its session is among the published live ones.

mod access_token;
mod actor;
mod credentials;
mod error;
mod handle;
mod keys;
mod limits;
mod live;
mod message;
pub mod offline;
mod password;
mod refresh_token;
mod session;
mod settings;
mod setup_token;
mod store;

pub use credentials::{Credentials, NewPassword, Username};
pub use error::{AuthError, StartError};
pub use handle::{AuthHandle, UserChange};
pub use limits::{LimitSettings, Rate};
pub use password::Passwords;
pub use session::{Device, LoginSession, SignedIn};
pub use settings::{AuthSettings, HashingCost, SessionRules};

use crate::{
    audit::AuditHandle,
    config::AuthConfig,
    events::Events,
    ports::Clock,
    store::Store,
    supervision::{Address, ChildSpec},
};
use actor::Auth;
use handle::Parts;
use std::{path::Path, sync::Arc};

/// Accounts as the configuration wants them, and the actor that writes them.
pub async fn start(
    config: &AuthConfig,
    data_dir: &Path,
    store: Store,
    clock: Arc<dyn Clock>,
    events: Events,
    audit: AuditHandle,
) -> Result<(AuthHandle, Vec<ChildSpec>), StartError> {
    start_with(AuthSettings::from(config), data_dir, store, clock, events, audit).await
}

/// Accounts with settings that no configuration offers; tests make hashing cheap by it.
pub async fn start_with(
    settings: AuthSettings,
    data_dir: &Path,
    store: Store,
    clock: Arc<dyn Clock>,
    events: Events,
    audit: AuditHandle,
) -> Result<(AuthHandle, Vec<ChildSpec>), StartError> {
    let keys = keys::Keys::load_or_make(data_dir)?;
    let has_admin = store.read(|connection| Ok::<_, crate::store::StoreError>(store::users::has_admin(connection)?));
    let setup_token = setup_token::SetupToken::prepare(data_dir, !has_admin.await?)?;
    let (address, live) = (Address::new(), Arc::<live::Live>::default());
    let parts = Parts {
        address: address.clone(),
        store: store.clone(),
        clock: clock.clone(),
        live: live.clone(),
        access_tokens: access_token::AccessTokens::new(keys.access, settings.access_lifetime)?,
        refresh_key: keys.refresh,
        passwords: Passwords::new(settings.hashing)?,
        limits: limits::Limits::new(settings.limits),
        setup_token,
        audit: audit.clone(),
    };
    let make = move || {
        let actor = Auth {
            store: store.clone(),
            clock: clock.clone(),
            live: live.clone(),
            events: events.clone(),
            audit: audit.clone(),
            rules: settings.sessions,
        };
        (actor, ())
    };
    Ok((AuthHandle { parts: Arc::new(parts) }, vec![ChildSpec::actor("auth", address, make)]))
}

#[cfg(test)]
mod tests;
