//! The public face of watch progress.

use super::{ProgressError, error::MAX_DURATION_MS, message::ProgressMessage, store};
use crate::{
    domain::{
        ids::{MovieId, UserId},
        title::Progress,
    },
    store::Store,
    supervision::Address,
};
use std::{collections::HashMap, time::Duration};

const CALL_TIMEOUT: Duration = Duration::from_secs(5);

/// Asks for and saves progress. Cheap to clone.
#[derive(Clone)]
pub struct ProgressHandle {
    address: Address<ProgressMessage>,
    store: Store,
}

impl ProgressHandle {
    pub(super) fn new(address: Address<ProgressMessage>, store: Store) -> Self {
        Self { address, store }
    }

    /// Saves how far a user is; on return it is on disk. Watched from nine tenths on.
    pub async fn save(
        &self,
        user: UserId,
        movie: MovieId,
        position_ms: i64,
        duration_ms: i64,
    ) -> Result<Progress, ProgressError> {
        if !(0..=MAX_DURATION_MS).contains(&duration_ms) || !(0..=duration_ms.max(0)).contains(&position_ms) {
            return Err(ProgressError::OutOfRange);
        }
        let build = |reply| ProgressMessage::Save { user, movie, position_ms, duration_ms, reply };
        self.address.call(build, CALL_TIMEOUT).await?
    }

    /// Forgets how far a user has watched a film.
    pub async fn clear(&self, user: UserId, movie: MovieId) -> Result<(), ProgressError> {
        self.address.call(|reply| ProgressMessage::Clear { user, movie, reply }, CALL_TIMEOUT).await?
    }

    /// All of a user's progress by film.
    pub async fn all(&self, user: UserId) -> Result<HashMap<MovieId, Progress>, ProgressError> {
        self.store.read(move |connection| store::all(connection, user)).await
    }

    /// One film's progress.
    pub async fn of(&self, user: UserId, movie: MovieId) -> Result<Option<Progress>, ProgressError> {
        self.store.read(move |connection| store::of(connection, user, movie)).await
    }
}
