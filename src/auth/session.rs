//! A device, and its sign-in as its user sees it.

use crate::domain::{ids::LoginSessionId, user::User};
use secrecy::SecretString;
use std::net::IpAddr;

const MAX_NAME_CHARS: usize = 64;
const MAX_USER_AGENT_CHARS: usize = 256;

/// Where a request comes from. `ip` is the client's, once trusted proxies are looked through.
#[derive(Clone, Debug)]
pub struct Device {
    pub name: String,
    pub user_agent: String,
    pub ip: IpAddr,
}

impl Device {
    /// The same device with texts that are short and printable: they are stored, and shown to their user.
    pub(super) fn tidied(self) -> Self {
        Self {
            name: tidy(&self.name, MAX_NAME_CHARS),
            user_agent: tidy(&self.user_agent, MAX_USER_AGENT_CHARS),
            ip: self.ip.to_canonical(),
        }
    }
}

fn tidy(text: &str, max_chars: usize) -> String {
    text.trim().chars().filter(|char| !char.is_control()).take(max_chars).collect()
}

/// What a device gets when it signs in or refreshes. Times are Unix ms.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub user: User,
    pub session: LoginSessionId,
    pub access_token: SecretString,
    pub access_expires_at: i64,
    pub refresh_token: SecretString,
    pub refresh_expires_at: i64,
}

/// One device's sign-in. Times are Unix ms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginSession {
    pub id: LoginSessionId,
    pub device_name: String,
    pub user_agent: String,
    pub created_at: i64,
    pub last_seen_at: i64,
}
