//! The torrent engine: librqbit behind [`crate::ports::TorrentEngine`].
//!
//! librqbit finds peers, announces, stores, uploads and accounts. What is on disk, which of it may be read, and how a
//! player reads it is ours: `storage` (files named by number), `share` (what has hashed right), `source` (the bytes).
//!
//! Who fetches, `demand` knows. With the express lane, librqbit's connections pass through the `mux`, where
//! `torrents::lane` asks the peers for blocks, `finish` hashes and writes whole pieces, and librqbit is fed with what has
//! been verified. Without it librqbit fetches: `wish` and `appetite` say what next, and how fast.

mod appetite;
mod buffers;
mod demand;
mod files;
mod finish;
mod fresh;
mod librqbit;
mod mux;
mod resolve;
mod share;
mod source;
mod storage;
mod torrent;
mod web;
mod webseed;
mod wish;

pub use librqbit::{EngineSettings, LibrqbitEngine};

#[cfg(test)]
mod tests;
