//! The torrent engine: librqbit behind [`crate::ports::TorrentEngine`].
//!
//! librqbit finds peers, fetches pieces and hashes them. What is on disk, which of it may be read, and how a player reads
//! it is ours: `storage` (files named by number), `pieces` (what has hashed right), `source` (the bytes), `wish` and
//! `appetite` (what librqbit is asked to fetch next, and how fast).

mod appetite;
mod buffers;
mod files;
mod librqbit;
mod pieces;
mod resolve;
mod share;
mod source;
mod storage;
mod torrent;
mod wish;

pub use librqbit::{EngineSettings, LibrqbitEngine};

#[cfg(test)]
mod tests;
