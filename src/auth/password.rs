//! Hashes passwords with argon2id (RFC 9106), away from the runtime and few at a time.
//!
//! Each hash takes 19 MiB and a core, so a flood of sign-ins must not decide how many run: a few run, a few wait
//! a moment, the rest is turned away at once.

use super::{
    AuthError, StartError,
    credentials::{MAX_PASSWORD_BYTES, NewPassword},
    settings::HashingCost,
};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use std::{
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::Semaphore;

const MAX_RUNNING: usize = 4;
const MAX_WAITING: usize = 32;
const MAX_WAIT: Duration = Duration::from_secs(2);
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// The daemon's password hasher. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    nobodys_hash: Arc<str>,
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
    hashed: Arc<AtomicU64>,
}

impl Passwords {
    pub fn new(cost: HashingCost) -> Result<Self, StartError> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None);
        let params = params.map_err(|error| StartError::Hashing(error.to_string()))?;
        let running = std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(MAX_RUNNING);
        Ok(Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            nobodys_hash: nobodys_hash(cost).into(),
            running: Arc::new(Semaphore::new(running)),
            admitted: Arc::new(Semaphore::new(running + MAX_WAITING)),
            hashed: Arc::default(),
        })
    }

    /// The PHC string to store for a new password.
    pub async fn hash(&self, password: NewPassword) -> Result<String, AuthError> {
        let password = password.into_secret();
        let hash = move |argon2: &Argon2<'_>| argon2.hash_password(password.expose_secret().as_bytes());
        match self.run(hash).await? {
            Ok(hash) => Ok(hash.to_string()),
            Err(error) => {
                tracing::error!(%error, "failed to hash a password");
                Err(AuthError::Busy { retry_after: RETRY_AFTER })
            }
        }
    }

    /// Whether this is the password of that hash. With no hash, because there is no such account, it costs the same
    /// and the answer is no.
    pub async fn verify(&self, password: SecretString, hash: Option<String>) -> Result<bool, AuthError> {
        if password.expose_secret().len() > MAX_PASSWORD_BYTES {
            return Ok(false);
        }
        let hash = hash.unwrap_or_else(|| self.nobodys_hash.to_string());
        self.run(move |argon2| argon2.verify_password(password.expose_secret().as_bytes(), hash.as_str()).is_ok()).await
    }

    /// How many passwords were hashed so far.
    pub fn hashed(&self) -> u64 {
        self.hashed.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> T + Send + 'static,
    ) -> Result<T, AuthError> {
        const BUSY: AuthError = AuthError::Busy { retry_after: RETRY_AFTER };
        let admitted = self.admitted.clone().try_acquire_owned().map_err(|_| BUSY)?;
        let running = tokio::time::timeout(MAX_WAIT, self.running.clone().acquire_owned()).await;
        let running = running.map_err(|_| BUSY)?.map_err(|_| BUSY)?;
        let (argon2, hashed) = (self.argon2.clone(), self.hashed.clone());
        // The permits move into the closure: it goes on when its caller gives up, and must go on counting.
        let done = tokio::task::spawn_blocking(move || {
            let _permits = (admitted, running);
            hashed.fetch_add(1, Ordering::Relaxed);
            work(&argon2)
        });
        done.await.map_err(|_| BUSY)
    }
}

/// A well-formed hash that no password has, for unknown users: it costs what every other costs.
fn nobodys_hash(cost: HashingCost) -> String {
    let HashingCost { memory_kib, passes } = cost;
    let [salt, output] = [&[0; 16][..], &[0; 32][..]].map(|bytes| STANDARD_NO_PAD.encode(bytes));
    format!("$argon2id$v=19$m={memory_kib},t={passes},p=1${salt}${output}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: HashingCost = HashingCost { memory_kib: 8, passes: 1 };

    fn new(password: &str) -> NewPassword {
        NewPassword::parse(password.into()).unwrap()
    }

    #[tokio::test]
    async fn the_password_and_no_other_fits_its_hash() {
        let passwords = Passwords::new(CHEAP).unwrap();
        let hash = passwords.hash(new("correct horse")).await.unwrap();
        assert!(passwords.verify("correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("correct hors".into(), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn nobodys_hash_is_computed_and_fits_nothing() {
        let passwords = Passwords::new(CHEAP).unwrap();
        assert!(argon2::PasswordHash::new(&nobodys_hash(CHEAP)).is_ok());
        assert!(!passwords.verify("".into(), None).await.unwrap());
        assert_eq!(passwords.hashed(), 1);
    }

    #[tokio::test]
    async fn the_daemon_hashes_with_argon2id_in_19_mib_and_two_passes() {
        let hash = Passwords::new(HashingCost::default()).unwrap().hash(new("correct horse")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }

    #[tokio::test]
    async fn a_flood_is_turned_away_once_the_queue_is_full() {
        let passwords = Passwords::new(CHEAP).unwrap();
        let most = passwords.admitted.available_permits();
        let _all = passwords.running.clone().acquire_many_owned(passwords.running.available_permits() as u32).await;
        let waiting: Vec<_> = (0..most)
            .map(|_| {
                let passwords = passwords.clone();
                tokio::spawn(async move { passwords.verify("x".into(), None).await })
            })
            .collect();
        while passwords.admitted.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(matches!(passwords.verify("x".into(), None).await, Err(AuthError::Busy { .. })));
        assert_eq!(passwords.hashed(), 0);
        drop(waiting);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_long_for_their_turn() {
        let passwords = Passwords::new(CHEAP).unwrap();
        let _all = passwords.running.clone().acquire_many_owned(passwords.running.available_permits() as u32).await;
        assert!(matches!(passwords.verify("x".into(), None).await, Err(AuthError::Busy { .. })));
        assert!(passwords.admitted.available_permits() > passwords.running.available_permits());
    }
}
