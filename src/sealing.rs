//! Secrets of others that the daemon has to present again, sealed before they go into the database: AES-256-GCM
//! (NIST SP 800-38D) by a key that lies in a file of its own, never in the database or its backups.

use crate::owner_only::{self, OwnerOnlyError};
use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hkdf,
};
use rand::Rng;
use secrecy::{ExposeSecret, SecretString};
use std::{
    fmt,
    path::{Path, PathBuf},
};

const KEY_BYTES: usize = 32;
/// The first byte of what is sealed: how it was done.
const VERSION: u8 = 1;

/// Why nothing can be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealingError {
    #[error(transparent)]
    OwnerOnly(#[from] OwnerOnlyError),
    #[error("{path} is damaged; delete it (accounts at other services have to be linked again) or restore it")]
    Damaged { path: PathBuf },
    #[error("failed to prepare the sealing of secrets")]
    Unprepared,
    #[error("failed to seal a secret")]
    Unsealed,
}

/// What was sealed does not open: by another key, in another place, or not whole any more.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed secret does not open")]
pub struct DoesNotOpen;

/// Seals for one purpose; what it has sealed no other purpose's opens.
pub struct Sealer {
    key: RandomizedNonceKey,
}

impl Sealer {
    /// Derives the purpose's key (RFC 5869) from `keys/sealing` in the data directory, which is made when there is none.
    /// Refuses one that others can read.
    pub fn load_or_make(data_dir: &Path, purpose: &str) -> Result<Self, SealingError> {
        let folder = data_dir.join("keys");
        owner_only::make_folder(&folder)?;
        owner_only::check(&folder)?;
        let path = folder.join("sealing");
        if !path.try_exists().map_err(|source| owner_only::file_error(&path, source))? {
            owner_only::write(&path, &rand::rng().random::<[u8; KEY_BYTES]>())?;
        }
        owner_only::check(&path)?;
        let root = std::fs::read(&path).map_err(|source| owner_only::file_error(&path, source))?;
        if root.len() != KEY_BYTES {
            return Err(SealingError::Damaged { path });
        }
        let mut key = [0; KEY_BYTES];
        hkdf::Salt::new(hkdf::HKDF_SHA256, &[])
            .extract(&root)
            .expand(&[purpose.as_bytes()], hkdf::HKDF_SHA256)
            .and_then(|derived| derived.fill(&mut key))
            .map_err(|_| SealingError::Unprepared)?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, &key).map_err(|_| SealingError::Unprepared)?;
        Ok(Self { key })
    }

    /// Seals a secret for the one place it is kept in, such as a column and whose row it is.
    pub fn seal(&self, place: &str, secret: &SecretString) -> Result<Vec<u8>, SealingError> {
        let mut text = secret.expose_secret().as_bytes().to_vec();
        let nonce = self
            .key
            .seal_in_place_append_tag(Aad::from(place.as_bytes()), &mut text)
            .map_err(|_| SealingError::Unsealed)?;
        Ok([&[VERSION], nonce.as_ref().as_slice(), &text].concat())
    }

    /// Opens what was sealed for this place.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<SecretString, DoesNotOpen> {
        let (nonce, text) = match sealed {
            [VERSION, rest @ ..] => rest.split_first_chunk::<NONCE_LEN>().ok_or(DoesNotOpen)?,
            _ => return Err(DoesNotOpen),
        };
        let mut text = text.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = self.key.open_in_place(nonce, Aad::from(place.as_bytes()), &mut text).map_err(|_| DoesNotOpen)?;
        std::str::from_utf8(opened).map(SecretString::from).map_err(|_| DoesNotOpen)
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::PermissionsExt};

    fn sealer(data: &tempfile::TempDir, purpose: &str) -> Sealer {
        Sealer::load_or_make(data.path(), purpose).unwrap()
    }

    #[test]
    fn a_secret_comes_back_after_a_restart_and_never_looks_the_same_twice() {
        let data = tempfile::tempdir().unwrap();
        let secret = SecretString::from("a token");
        let sealed = sealer(&data, "tokens").seal("token of 1", &secret).unwrap();
        assert!(!sealed.windows(7).any(|part| part == b"a token"));
        let again = sealer(&data, "tokens");
        assert_eq!(again.open("token of 1", &sealed).unwrap().expose_secret(), "a token");
        assert_ne!(again.seal("token of 1", &secret).unwrap(), sealed);
        let mode = fs::metadata(data.path().join("keys/sealing")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn what_is_moved_damaged_cut_or_of_another_key_does_not_open() {
        let data = tempfile::tempdir().unwrap();
        let tokens = sealer(&data, "tokens");
        let sealed = tokens.seal("token of 1", &"a token".into()).unwrap();
        let opened = |sealer: &Sealer, place, sealed: &[u8]| sealer.open(place, sealed).map(|_| ());
        assert_eq!(opened(&tokens, "token of 2", &sealed), Err(DoesNotOpen));
        assert_eq!(opened(&sealer(&data, "magnets"), "token of 1", &sealed), Err(DoesNotOpen));
        assert_eq!(opened(&sealer(&tempfile::tempdir().unwrap(), "tokens"), "token of 1", &sealed), Err(DoesNotOpen));
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert_eq!(opened(&tokens, "token of 1", &damaged), Err(DoesNotOpen), "byte {at}");
            assert_eq!(opened(&tokens, "token of 1", &sealed[..at]), Err(DoesNotOpen), "cut at {at}");
        }
    }

    #[test]
    fn a_damaged_key_is_refused_rather_than_replaced() {
        let data = tempfile::tempdir().unwrap();
        sealer(&data, "tokens");
        fs::write(data.path().join("keys/sealing"), [7; 16]).unwrap();
        assert!(matches!(Sealer::load_or_make(data.path(), "tokens"), Err(SealingError::Damaged { .. })));
    }
}
