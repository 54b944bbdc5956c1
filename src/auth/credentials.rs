//! User names and passwords as they come in, and as they must be.

use super::AuthError;
use secrecy::{ExposeSecret, SecretString};

const MAX_USERNAME_BYTES: usize = 32;
const MIN_PASSWORD_CHARS: usize = 8;
/// A longer password is not worth the time to read it.
pub const MAX_PASSWORD_BYTES: usize = 1024;

/// What somebody typed into a sign-in form.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub username: String,
    pub password: SecretString,
}

/// A well-formed user name: 1 to 32 of `a-z 0-9 . _ -`, trimmed and in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Username(String);

impl Username {
    /// Trims, lowers, checks.
    pub fn parse(typed: &str) -> Result<Self, AuthError> {
        let name = typed.trim();
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if name.is_empty() || name.len() > MAX_USERNAME_BYTES || !name.bytes().all(is_allowed) {
            return Err(AuthError::BadUsername);
        }
        Ok(Self(name.to_ascii_lowercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A password somebody may choose: at least 8 characters, at most 1024 bytes, and no other rules.
#[derive(Clone, Debug)]
pub struct NewPassword(SecretString);

impl NewPassword {
    pub fn parse(password: SecretString) -> Result<Self, AuthError> {
        let typed = password.expose_secret();
        if typed.len() > MAX_PASSWORD_BYTES || typed.chars().count() < MIN_PASSWORD_CHARS {
            return Err(AuthError::WeakPassword);
        }
        Ok(Self(password))
    }

    pub(super) fn into_secret(self) -> SecretString {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_name_is_trimmed_and_lowered() {
        assert_eq!(Username::parse("  Ada.L-1_ ").unwrap().as_str(), "ada.l-1_");
    }

    #[test]
    fn odd_user_names_are_refused() {
        for typed in ["", "   ", "a b", "ada\0", "ädä", "a/b", "<b>", &"a".repeat(33), "аda"] {
            assert!(matches!(Username::parse(typed), Err(AuthError::BadUsername)), "{typed:?}");
        }
    }

    #[test]
    fn passwords_are_measured_in_characters_below_and_in_bytes_above() {
        let is_strong = |typed: &str| NewPassword::parse(typed.into()).is_ok();
        assert!(is_strong("12345678") && is_strong("ääääääää") && is_strong(&"x".repeat(1024)));
        assert!(!is_strong("1234567") && !is_strong("äääääää") && !is_strong(&"x".repeat(1025)));
    }
}
