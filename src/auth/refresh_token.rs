//! Refresh tokens: 256 bits that mean nothing, of which only the SHA-256 is ever stored.
//!
//! A token's successor is its HMAC under a key of ours. So the successor can be sent again to a second tab that
//! presents the same token a moment later, without ever having been stored in clear.

use super::keys::MacKey;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::Rng;
use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

const TOKEN_BYTES: usize = 32;

/// A well-formed refresh token.
#[derive(Clone, Debug)]
pub struct RefreshToken(SecretString);

impl RefreshToken {
    pub fn generate() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; TOKEN_BYTES]>()).into())
    }

    /// Refuses what cannot be a token of ours, before anything is looked up.
    pub fn parse(presented: SecretString) -> Option<Self> {
        let mut decoded = [0; TOKEN_BYTES];
        let length = URL_SAFE_NO_PAD.decode_slice(presented.expose_secret(), &mut decoded).ok()?;
        (length == TOKEN_BYTES).then_some(Self(presented))
    }

    /// What the store knows it by.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.expose_secret()).into())
    }

    /// The one token that replaces this one.
    pub fn successor(&self, key: &MacKey) -> Result<Self, jsonwebtoken::errors::Error> {
        Ok(Self(key.mac(self.0.expose_secret().as_bytes())?.into()))
    }

    pub fn into_secret(self) -> SecretString {
        self.0
    }
}

/// The SHA-256 of a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl ToSql for TokenHash {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(&self.0[..]))
    }
}

impl FromSql for TokenHash {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_blob()?.try_into().map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_successor_is_a_token_again_and_depends_on_the_key() {
        let (token, key) = (RefreshToken::generate(), MacKey::new(&[1; 32]));
        let successor = token.successor(&key).unwrap();
        assert!(RefreshToken::parse(successor.clone().into_secret()).is_some());
        assert_eq!(successor.hash(), token.successor(&key).unwrap().hash());
        assert_ne!(successor.hash(), token.successor(&MacKey::new(&[2; 32])).unwrap().hash());
    }

    #[test]
    fn only_256_bits_in_base64url_are_a_token() {
        for presented in ["", "x", &"A".repeat(42), &"A".repeat(44), &"+".repeat(43), &"A".repeat(100_000)] {
            assert!(RefreshToken::parse(presented.into()).is_none(), "{} bytes", presented.len());
        }
    }
}
