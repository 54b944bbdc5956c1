//! The one-time token that lets the daemon's owner, and nobody else, create the first admin.

use super::StartError;
use crate::owner_only;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::Rng;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

/// The setup token, while there is one. It is new at every start, so a link that leaked dies with the daemon.
pub struct SetupToken {
    path: PathBuf,
    token: Mutex<Option<SecretString>>,
}

impl SetupToken {
    /// Makes a token of 256 bits and writes it to `setup-token` in the data directory, for its owner's eyes only. Once
    /// setup is done there is none, and no file.
    pub fn prepare(data_dir: &Path, is_needed: bool) -> Result<Self, StartError> {
        let path = data_dir.join("setup-token");
        if !is_needed {
            owner_only::remove(&path)?;
            return Ok(Self { path, token: Mutex::new(None) });
        }
        let token = URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>());
        owner_only::write(&path, token.as_bytes())?;
        Ok(Self { path, token: Mutex::new(Some(token.into())) })
    }

    /// The token, for its owner's console.
    pub fn get(&self) -> Option<SecretString> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether this is the token.
    pub fn is(&self, presented: &SecretString) -> bool {
        // Comparing digests takes the same time wherever the tokens differ.
        let digest = |token: &SecretString| Sha256::digest(token.expose_secret());
        self.get().is_some_and(|token| digest(&token) == digest(presented))
    }

    /// Setup is done: the token opens nothing any more, and its file goes.
    pub async fn spend(&self) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let path = self.path.clone();
        let removed = tokio::task::spawn_blocking(move || owner_only::remove(&path)).await;
        if let Ok(Err(error)) = removed {
            tracing::warn!(error = &error as &dyn std::error::Error, "failed to remove the spent setup token");
        }
    }
}
