//! "Playback check": the built-in film and the peer that seeds it from inside the daemon.
//!
//! The film reaches a player through the whole torrent path (peer, pieces, hashes, byte ranges), so the main job can be
//! tried on a machine without a network. The seeder answers on loopback only, knows this one info hash, and costs
//! nothing while no peer is connected.

mod connection;
mod wire;

use crate::domain::info_hash::InfoHash;
use sha1::{Digest, Sha1};
use std::{io, net::SocketAddr, time::Duration};
use tokio::{net::TcpListener, task::JoinSet};

/// The film's metainfo file. It names no tracker: the seeder's address is handed to the engine.
pub const TORRENT: &[u8] = include_bytes!("../assets/playback-check.torrent");

/// The film, as `scripts/make-playback-check` made it.
const FILM: &[u8] = include_bytes!("../assets/playback-check.mp4");

/// `TORRENT` is a dictionary with the single key `info`, so the info dictionary lies between these and the closing `e`.
const BEFORE_INFO: &[u8] = b"d4:info";

/// The engine needs one connection; a restarted engine or a test may bring a few more.
const MAX_CONNECTIONS: usize = 16;

/// Accepting fails when the process is out of descriptors; trying again at once would only spin.
const ACCEPT_RETRY: Duration = Duration::from_millis(500);

/// Returns the info hash of the film.
pub fn info_hash() -> InfoHash {
    InfoHash(Sha1::digest(&TORRENT[BEFORE_INFO.len()..TORRENT.len() - 1]).into())
}

/// Returns the film's length.
pub fn size_bytes() -> u64 {
    FILM.len() as u64
}

/// A peer on loopback that has the whole film. Dropping it closes its listener and all its connections.
pub struct LoopbackSeeder {
    addr: SocketAddr,
    _accepting: JoinSet<()>,
}

impl LoopbackSeeder {
    /// Binds a free port of 127.0.0.1 and answers peers from then on.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let addr = listener.local_addr()?;
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener));
        Ok(Self { addr, _accepting: accepting })
    }

    /// Where peers reach the seeder.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }
}

/// Serves one task per peer. A peer over the limit is turned away instead of waiting with an open connection.
async fn accept(listener: TcpListener) {
    let info_hash = info_hash();
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
        };
        match accepted {
            Ok((stream, _)) if connections.len() < MAX_CONNECTIONS => {
                connections.spawn(async move {
                    if let Err(error) = connection::serve(stream, info_hash, FILM).await {
                        tracing::debug!(%error, "closed a connection to the playback check seeder");
                    }
                });
            }
            Ok(_) => tracing::debug!("turned away a peer of the playback check seeder: too many connections"),
            Err(error) => {
                tracing::warn!(%error, "failed to accept a peer of the playback check seeder");
                tokio::time::sleep(ACCEPT_RETRY).await;
            }
        }
    }
}

#[cfg(test)]
mod tests;
