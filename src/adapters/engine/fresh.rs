//! Pieces that have hashed right and are still being written: a reader that waits has them from memory.

use bytes::Bytes;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Bytes by piece. How many there can be is bounded by the lane's memory.
#[derive(Default)]
pub struct Fresh {
    pieces: Mutex<HashMap<u32, Bytes>>,
}

impl Fresh {
    pub fn insert(&self, piece: u32, bytes: Bytes) {
        self.lock().insert(piece, bytes);
    }

    pub fn get(&self, piece: u32) -> Option<Bytes> {
        self.lock().get(&piece).cloned()
    }

    pub fn remove(&self, piece: u32) {
        self.lock().remove(&piece);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u32, Bytes>> {
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
