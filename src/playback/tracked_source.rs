//! Remembers how far a playback's streams have read, so that its status can say what lies ahead of the player.

use crate::torrents::piece_source::{PieceReader, PieceSource, SourceError};
use bytes::Bytes;
use futures::future::BoxFuture;
use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// The offset the player reads at. A player holds several streams for moments only, so the last one to read is right.
#[derive(Default)]
pub struct ReadPosition(AtomicU64);

impl ReadPosition {
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A source whose readers report their position.
pub struct TrackedSource {
    inner: Arc<dyn PieceSource>,
    position: Arc<ReadPosition>,
}

impl TrackedSource {
    pub fn new(inner: Arc<dyn PieceSource>, position: Arc<ReadPosition>) -> Self {
        Self { inner, position }
    }
}

impl PieceSource for TrackedSource {
    fn len_bytes(&self) -> u64 {
        self.inner.len_bytes()
    }

    fn open(&self, range: Range<u64>) -> Box<dyn PieceReader> {
        let offset = range.start;
        self.position.0.store(offset, Ordering::Relaxed);
        Box::new(TrackedReader { inner: self.inner.open(range), offset, position: self.position.clone() })
    }
}

struct TrackedReader {
    inner: Box<dyn PieceReader>,
    offset: u64,
    position: Arc<ReadPosition>,
}

impl PieceReader for TrackedReader {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, SourceError>> {
        Box::pin(async {
            let chunk = self.inner.next().await?;
            if let Some(bytes) = &chunk {
                self.offset += bytes.len() as u64;
                self.position.0.store(self.offset, Ordering::Relaxed);
            }
            Ok(chunk)
        })
    }

    fn park(&mut self) {
        self.inner.park();
    }
}
