//! What can be set about accounts.

use super::limits::LimitSettings;
use crate::config::AuthConfig;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Access tokens live at most this long: as long as a stolen one could, were its session not revocable.
pub const MAX_ACCESS_LIFETIME: Duration = Duration::from_secs(10 * 60);

/// All settings of accounts. [`AuthSettings::from`] the configuration are those of the daemon.
#[derive(Clone, Debug)]
pub struct AuthSettings {
    pub access_lifetime: Duration,
    pub sessions: SessionRules,
    pub hashing: HashingCost,
    pub limits: LimitSettings,
}

/// How long a login session lasts, and how many a user has.
#[derive(Clone, Copy, Debug)]
pub struct SessionRules {
    /// Without a refresh.
    pub idle: Duration,
    /// In all.
    pub max: Duration,
    pub max_devices: u32,
}

/// What hashing one password costs (argon2id with one lane).
#[derive(Clone, Copy, Debug)]
pub struct HashingCost {
    pub memory_kib: u32,
    pub passes: u32,
}

impl Default for HashingCost {
    /// The least that OWASP's Password Storage Cheat Sheet recommends: 19 MiB, 2 passes.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2 }
    }
}

impl From<&AuthConfig> for AuthSettings {
    fn from(config: &AuthConfig) -> Self {
        let minutes = Duration::from_secs(u64::from(config.access_token_minutes) * 60);
        Self {
            access_lifetime: minutes.min(MAX_ACCESS_LIFETIME),
            sessions: SessionRules {
                idle: DAY.saturating_mul(config.session_idle_days),
                max: DAY.saturating_mul(config.session_max_days),
                max_devices: u32::try_from(config.max_devices_per_user).unwrap_or(u32::MAX).max(1),
            },
            hashing: HashingCost::default(),
            limits: LimitSettings::default(),
        }
    }
}

impl SessionRules {
    /// When a session that began at `created_at` and is refreshed `now` ends (Unix ms).
    pub fn expiry(&self, created_at: i64, now: i64) -> i64 {
        let idle_end = now.saturating_add(millis(self.idle));
        idle_end.min(created_at.saturating_add(millis(self.max)))
    }
}

/// A duration in the unit of our timestamps.
pub fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
