//! What an HTTP body asks for bytes. It does not know which engine, or which part of it, delivers them.

use bytes::Bytes;
use futures::future::BoxFuture;
use std::ops::Range;

/// The most bytes one [`PieceReader::next`] gives.
pub const CHUNK_MAX_BYTES: usize = 256 * 1024;

/// One file of an active torrent as a source of verified bytes.
pub trait PieceSource: Send + Sync {
    /// The file's length.
    fn len_bytes(&self) -> u64;

    /// A reader of `range`, which must lie within the file. Opening is free; the first read asks for pieces.
    fn open(&self, range: Range<u64>) -> Box<dyn PieceReader>;
}

/// Reads one range from front to back. Only bytes whose piece has hashed right ever come out.
pub trait PieceReader: Send {
    /// The next bytes, at most [`CHUNK_MAX_BYTES`], as soon as they are here; `None` at the end of the range.
    /// Fails when it has to wait for a byte longer than the stall limit, or while the torrent is paused or failed;
    /// bytes that are here are read whatever the swarm does. A deleted torrent's readers fail at once.
    /// Dropping the future loses no bytes: the next call goes on where the last answer ended.
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, SourceError>>;

    /// The player has stopped reading for now: gives back what the reader holds (piece priority, permits) until the
    /// next call of [`next`](Self::next).
    fn park(&mut self);
}

/// What a torrent is doing, as far as its readers care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceState {
    /// What is on disk is being hashed; readers wait, however long it takes.
    Checking,
    Live,
    Paused,
    Deleted,
    Failed(String),
}

/// Why a reader ended early.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    #[error("no data arrived from the swarm within the stall limit")]
    Stalled,
    #[error("the torrent was paused")]
    Paused,
    #[error("the torrent was deleted")]
    Deleted,
    #[error("the torrent failed: {0}")]
    Failed(String),
}
