//! Names that cannot be guessed: of a playback, and of the stream it may read.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use std::fmt;

/// Names a playback to the user it belongs to. Opens nothing by itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlaybackId(pub String);

impl PlaybackId {
    pub fn random() -> Self {
        Self(format!("pb_{}", random_token::<12>()))
    }
}

/// The secret in a stream's address: whoever holds it may read that one file until it expires or is revoked.
/// 192 random bits, never logged.
#[derive(Clone)]
pub struct Ticket(String);

impl Ticket {
    pub fn random() -> Self {
        Self(random_token::<24>())
    }

    /// The ticket as it stands in the stream's address.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What a ticket is looked up by, so that the lookup's timing tells nothing of the ticket.
    pub fn digest(&self) -> [u8; 32] {
        Self::digest_of(&self.0)
    }

    /// The digest of what somebody presents as a ticket.
    pub fn digest_of(presented: &str) -> [u8; 32] {
        Sha256::digest(presented.as_bytes()).into()
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket(…)")
    }
}

fn random_token<const BYTES: usize>() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; BYTES]>())
}
