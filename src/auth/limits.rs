//! How often somebody may try to sign in.
//!
//! Three limits, each a bucket per key (GCRA): the address, to keep floods out; the account as tried from one place,
//! in two steps, so that guessing gets slower the longer it goes on; and the account from everywhere, for
//! guessers with many addresses. The last slows the account's owner too, so it does not count for a place from which
//! the account was signed in to. A sign-in clears its place.

use super::{AuthError, credentials::Username};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, Reference},
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::keyed::DashMapStateStore,
};
use quick_cache::sync::Cache;
use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    ops::Add,
    time::Duration,
};
use tokio::time::Instant;

/// Keys that a limit remembers at a time; those that have recovered are forgotten first.
const MAX_KEYS: usize = 50_000;
const MAX_KNOWN_PLACES: usize = 10_000;
/// What a newcomer is told while a limit remembers all the keys it can.
const FULL_RETRY: Duration = Duration::from_secs(30);

/// A bucket: `burst` at once, then one per `one_per`.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    pub burst: NonZeroU32,
    pub one_per: Duration,
}

/// The limits of sign-ins.
#[derive(Clone, Copy, Debug)]
pub struct LimitSettings {
    pub per_address: Rate,
    /// The first step of an account from one place, then the second.
    pub per_place: [Rate; 2],
    pub per_account: Rate,
}

impl Default for LimitSettings {
    fn default() -> Self {
        let rate = |burst, seconds| Rate {
            burst: NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN),
            one_per: Duration::from_secs(seconds),
        };
        Self { per_address: rate(30, 2), per_place: [rate(10, 6), rate(40, 60)], per_account: rate(100, 10) }
    }
}

/// From where an account is tried.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// An address; of IPv6 the /64, which is what one customer gets.
    Address(IpAddr),
    /// A session that is signed in already, and asks for the password again.
    Session(&'a str),
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => match address.to_canonical() {
                IpAddr::V4(address) => address.fmt(f),
                IpAddr::V6(address) => {
                    Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).fmt(f)?;
                    f.write_str("/64")
                }
            },
            Self::Session(id) => f.write_str(id),
        }
    }
}

/// The state of all limits. In memory only: a restart forgives.
pub struct Limits {
    per_address: Limit,
    per_place: [Limit; 2],
    per_account: Limit,
    /// How often each account was signed in to from each place. Eviction only makes the limits stricter.
    sign_ins: Cache<String, u32>,
}

impl Limits {
    pub fn new(settings: LimitSettings) -> Self {
        Self {
            per_address: Limit::new(settings.per_address),
            per_place: settings.per_place.map(Limit::new),
            per_account: Limit::new(settings.per_account),
            sign_ins: Cache::new(MAX_KNOWN_PLACES),
        }
    }

    /// Counts an attempt of any kind from an address.
    pub fn try_address(&self, address: IpAddr) -> Result<(), AuthError> {
        self.per_address.take(&Place::Address(address).to_string())
    }

    /// Counts an attempt at an account's password, before anybody knows whether it is right.
    pub fn try_account(&self, username: &Username, place: Place<'_>) -> Result<(), AuthError> {
        let known = self.sign_ins.get(&at(username, place)).unwrap_or(0);
        let key = format!("{} {known}", at(username, place));
        for limit in &self.per_place {
            limit.take(&key)?;
        }
        if known > 0 { Ok(()) } else { self.per_account.take(username.as_str()) }
    }

    /// The password was right: this place starts afresh.
    pub fn succeeded(&self, username: &Username, place: Place<'_>) {
        let key = at(username, place);
        let before = self.sign_ins.get(&key).unwrap_or(0);
        self.sign_ins.insert(key, before.wrapping_add(1).max(1));
    }
}

fn at(username: &Username, place: Place<'_>) -> String {
    format!("{}@{place}", username.as_str())
}

struct Limit {
    buckets: RateLimiter<String, DashMapStateStore<String>, TokioClock, NoOpMiddleware<TokioInstant>>,
}

impl Limit {
    fn new(rate: Rate) -> Self {
        let one_per = rate.one_per.max(Duration::from_nanos(1));
        let quota = Quota::with_period(one_per).unwrap_or(Quota::per_second(rate.burst)).allow_burst(rate.burst);
        Self { buckets: RateLimiter::dashmap_with_clock(quota, TokioClock) }
    }

    fn take(&self, key: &str) -> Result<(), AuthError> {
        if self.buckets.len() >= MAX_KEYS {
            self.buckets.retain_recent();
            if self.buckets.len() >= MAX_KEYS {
                return Err(AuthError::TooManyAttempts { retry_after: FULL_RETRY });
            }
        }
        self.buckets
            .check_key(&key.to_owned())
            .map_err(|not_until| AuthError::TooManyAttempts { retry_after: not_until.wait_time_from(TokioClock.now()) })
    }
}

/// The runtime's clock, which tests can pause.
#[derive(Clone, Copy, Debug)]
struct TokioClock;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct TokioInstant(Instant);

impl Clock for TokioClock {
    type Instant = TokioInstant;

    fn now(&self) -> TokioInstant {
        TokioInstant(Instant::now())
    }
}

impl Add<Nanos> for TokioInstant {
    type Output = Self;

    fn add(self, nanos: Nanos) -> Self {
        Self(self.0 + Duration::from(nanos))
    }
}

impl Reference for TokioInstant {
    fn duration_since(&self, earlier: Self) -> Nanos {
        self.0.saturating_duration_since(earlier.0).into()
    }

    fn saturating_sub(&self, duration: Nanos) -> Self {
        Self(self.0.checked_sub(duration.into()).unwrap_or(self.0))
    }
}

#[cfg(test)]
mod tests;
