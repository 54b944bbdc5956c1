//! The tokens of linked accounts: sealed in the store, opened for who presents them, and replaced before they expire.

use super::{
    TraktError,
    store::{self, Account, SealedTokens},
};
use crate::{
    clock::Clock,
    domain::ids::{TraktAccountId, UserId},
    ports::{Tokens, WatchTracker, WatchTrackerError},
    sealing::Sealer,
    store::Store,
};
use secrecy::{ExposeSecret as _, SecretString};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex as StdMutex, PoisonError},
};
use tokio::sync::Mutex;

/// Tokens are replaced so long before they expire.
const AHEAD_MS: i64 = 3_600_000;

/// Opens the tokens of accounts.
pub struct AccountTokens {
    parts: Arc<Parts>,
    /// One at a time replaces a user's tokens: a refresh token is spent by its use.
    locks: StdMutex<HashMap<UserId, Arc<Mutex<()>>>>,
}

struct Parts {
    tracker: Arc<dyn WatchTracker>,
    sealer: Sealer,
    store: Store,
    clock: Arc<dyn Clock>,
}

impl AccountTokens {
    pub fn new(tracker: Arc<dyn WatchTracker>, sealer: Sealer, store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { parts: Arc::new(Parts { tracker, sealer, store, clock }), locks: StdMutex::default() }
    }

    /// Asks Trakt something with a user's access token; once more with a new one when it does not count any more.
    pub async fn with<T, Asked: Future<Output = Result<T, WatchTrackerError>>>(
        &self,
        user: UserId,
        ask: impl Fn(SecretString) -> Asked,
    ) -> Result<T, TraktError> {
        let (_, token) = self.access(user, None).await?;
        let refused = match ask(token.clone()).await {
            Err(WatchTrackerError::TokenRefused) => token,
            answered => return Ok(answered?),
        };
        let (account, token) = self.access(user, Some(&refused)).await?;
        match ask(token).await {
            Err(error @ WatchTrackerError::TokenRefused) => Err(self.parts.broken(account, error.into()).await),
            answered => Ok(answered?),
        }
    }

    pub fn seal(&self, user: UserId, tokens: &Tokens) -> Result<SealedTokens, TraktError> {
        self.parts.seal(user, tokens)
    }

    /// Both tokens of an account, for the one who makes them worthless.
    pub fn open(&self, user: UserId, account: &Account) -> Result<[SecretString; 2], TraktError> {
        Ok([self.parts.open(user, "access", account)?, self.parts.open(user, "refresh", account)?])
    }

    /// The access token of a user's account: a new one when the one that is there is about to expire, or is `refused`.
    async fn access(
        &self,
        user: UserId,
        refused: Option<&SecretString>,
    ) -> Result<(TraktAccountId, SecretString), TraktError> {
        let lock = self.locks.lock().unwrap_or_else(PoisonError::into_inner).entry(user).or_default().clone();
        let guard = lock.lock_owned().await;
        let parts = self.parts.clone();
        let account = parts.store.read(move |connection| store::of_user(connection, user)).await?;
        let account = account.filter(|account| !account.is_broken).ok_or(TraktError::NotLinked)?;
        let token = match parts.open(user, "access", &account) {
            Ok(token) => token,
            Err(error) => return Err(parts.broken(account.id, error).await),
        };
        let now = parts.clock.now_ms();
        let is_refused = refused.is_some_and(|refused| refused.expose_secret() == token.expose_secret());
        if !is_refused && now + AHEAD_MS < account.tokens.expires_at {
            return Ok((account.id, token));
        }
        // What Trakt answers must reach the store even when whoever waits for it is gone: the old token is spent by then.
        let (id, expires_at) = (account.id, account.tokens.expires_at);
        let refreshed = tokio::spawn(async move {
            let _guard = guard;
            parts.refresh(user, account).await
        });
        let failed = || WatchTrackerError::Failed("the tokens could not be replaced".to_owned());
        match refreshed.await.map_err(|_| failed())? {
            Err(TraktError::Tracker(WatchTrackerError::Unavailable)) if !is_refused && now < expires_at => {
                Ok((id, token))
            }
            refreshed => Ok((id, refreshed?)),
        }
    }
}

impl Parts {
    fn seal(&self, user: UserId, tokens: &Tokens) -> Result<SealedTokens, TraktError> {
        let expires_in_ms = i64::try_from(tokens.expires_in.as_millis()).unwrap_or(i64::MAX);
        Ok(SealedTokens {
            access: self.sealer.seal(&place(user, "access"), &tokens.access)?,
            refresh: self.sealer.seal(&place(user, "refresh"), &tokens.refresh)?,
            expires_at: self.clock.now_ms().saturating_add(expires_in_ms),
        })
    }

    fn open(&self, user: UserId, which: &str, account: &Account) -> Result<SecretString, TraktError> {
        let sealed = if which == "access" { &account.tokens.access } else { &account.tokens.refresh };
        self.sealer.open(&place(user, which), sealed).map_err(|_| TraktError::SealBroken)
    }

    async fn refresh(&self, user: UserId, account: Account) -> Result<SecretString, TraktError> {
        let refresh_token = match self.open(user, "refresh", &account) {
            Ok(token) => token,
            Err(error) => return Err(self.broken(account.id, error).await),
        };
        match self.tracker.refresh(&refresh_token).await {
            Ok(tokens) => {
                let sealed = self.seal(user, &tokens)?;
                self.store.write(move |transaction| store::set_tokens(transaction, account.id, &sealed)).await?;
                Ok(tokens.access)
            }
            Err(error @ WatchTrackerError::TokenRefused) => Err(self.broken(account.id, error.into()).await),
            Err(error) => Err(error.into()),
        }
    }

    /// The link has to be made anew: says so in the store, and answers why.
    async fn broken(&self, account: TraktAccountId, error: TraktError) -> TraktError {
        tracing::warn!(error = &error as &dyn std::error::Error, "a link to Trakt has to be made anew");
        let text = error.to_string();
        let written = self.store.write(move |transaction| store::break_link(transaction, account, &text)).await;
        written.err().unwrap_or(error)
    }
}

/// Where a token is kept, so that it opens nowhere else.
fn place(user: UserId, which: &str) -> String {
    format!("trakt_accounts.{which}_token of user {user}")
}
