//! The daemon's own secret: made on the first start, kept in a file of its own, never in the database or its backups.

use super::StartError;
use crate::owner_only;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto};
use rand::Rng;
use std::path::Path;

const KEY_BYTES: usize = 32;

/// The keys of access tokens and of refresh tokens, both derived from the one on disk.
pub struct Keys {
    pub access: MacKey,
    pub refresh: MacKey,
}

impl Keys {
    /// Reads `keys/auth` in the data directory, making it when there is none. Refuses one that others can read.
    pub fn load_or_make(data_dir: &Path) -> Result<Self, StartError> {
        let folder = data_dir.join("keys");
        owner_only::make_folder(&folder)?;
        owner_only::check(&folder)?;
        let path = folder.join("auth");
        if !path.try_exists().map_err(|source| owner_only::file_error(&path, source))? {
            owner_only::write(&path, &rand::rng().random::<[u8; KEY_BYTES]>())?;
        }
        owner_only::check(&path)?;
        let secret = std::fs::read(&path).map_err(|source| owner_only::file_error(&path, source))?;
        if secret.len() != KEY_BYTES {
            return Err(StartError::Damaged { path });
        }
        let root = MacKey::new(&secret);
        Ok(Self { access: root.derive("access tokens")?, refresh: root.derive("refresh tokens")? })
    }
}

/// A key for HMAC-SHA-256 (RFC 2104), which RFC 7518 calls HS256.
pub struct MacKey {
    pub encoding: EncodingKey,
    pub decoding: DecodingKey,
}

impl MacKey {
    pub fn new(secret: &[u8]) -> Self {
        Self { encoding: EncodingKey::from_secret(secret), decoding: DecodingKey::from_secret(secret) }
    }

    /// The MAC of a message: 256 bits in base64url without padding.
    pub fn mac(&self, message: &[u8]) -> Result<String, jsonwebtoken::errors::Error> {
        crypto::sign(message, &self.encoding, Algorithm::HS256)
    }

    fn derive(&self, purpose: &str) -> Result<Self, StartError> {
        let mac = self.mac(purpose.as_bytes())?;
        let secret = URL_SAFE_NO_PAD.decode(mac).map_err(jsonwebtoken::errors::Error::from)?;
        Ok(Self::new(&secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::owner_only::OwnerOnlyError;
    use std::{fs, os::unix::fs::PermissionsExt};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn the_key_is_made_once_and_only_its_owner_can_read_it() {
        let data = tempfile::tempdir().unwrap();
        Keys::load_or_make(data.path()).unwrap();
        let made = fs::read(data.path().join("keys/auth")).unwrap();
        assert_eq!((mode(&data.path().join("keys")), mode(&data.path().join("keys/auth"))), (0o700, 0o600));
        Keys::load_or_make(data.path()).unwrap();
        assert_eq!(fs::read(data.path().join("keys/auth")).unwrap(), made);
        assert_eq!(made.len(), KEY_BYTES);
    }

    #[test]
    fn two_daemons_have_different_keys() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mac = |data: &tempfile::TempDir| Keys::load_or_make(data.path()).unwrap().access.mac(b"").unwrap();
        assert_ne!(mac(&one), mac(&other));
    }

    #[test]
    fn keys_for_different_purposes_differ() {
        let keys = Keys::load_or_make(tempfile::tempdir().unwrap().path()).unwrap();
        assert_ne!(keys.access.mac(b"").unwrap(), keys.refresh.mac(b"").unwrap());
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        for exposed in [0o640, 0o604, 0o620, 0o602] {
            let data = tempfile::tempdir().unwrap();
            Keys::load_or_make(data.path()).unwrap();
            let path = data.path().join("keys/auth");
            fs::set_permissions(&path, fs::Permissions::from_mode(exposed)).unwrap();
            let error = Keys::load_or_make(data.path()).err().unwrap();
            assert!(matches!(error, StartError::OwnerOnly(OwnerOnlyError::Exposed { .. })), "{exposed:o}: {error}");
        }
    }

    #[test]
    fn a_damaged_key_is_refused_rather_than_replaced() {
        let data = tempfile::tempdir().unwrap();
        Keys::load_or_make(data.path()).unwrap();
        fs::write(data.path().join("keys/auth"), [7; 16]).unwrap();
        assert!(matches!(Keys::load_or_make(data.path()), Err(StartError::Damaged { .. })));
        assert_eq!(fs::read(data.path().join("keys/auth")).unwrap(), [7; 16]);
    }
}
