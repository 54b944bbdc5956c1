//! Fetches a torrent's metadata from its swarm.
//!
//! Strangers' bytes are parsed here: each attempt runs in a task of its own, so that a panic in librqbit (an early
//! ut_metadata message of a hostile peer is enough) costs that attempt and nothing else.

use super::torrent::failed;
use crate::ports::{EngineError, ResolvedMetadata};
use librqbit::{AddTorrent, AddTorrentOptions, AddTorrentResponse, Session};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{sync::Semaphore, time::timeout_at};
use tokio_util::task::AbortOnDropHandle;
use url::Url;

/// Resolves a few magnet links at a time.
pub struct Resolver {
    session: Arc<Session>,
    trackers: Vec<String>,
    permits: Semaphore,
}

/// Magnet links that are resolved at the same time; more wait for their turn, within their own deadline.
const MAX_AT_ONCE: usize = 8;

impl Resolver {
    pub fn new(session: Arc<Session>, trackers: Vec<String>) -> Self {
        Self { session, trackers, permits: Semaphore::new(MAX_AT_ONCE) }
    }

    /// Asks the swarm (BEP 9), at most for `limit`, the wait for a turn included.
    pub async fn resolve(&self, magnet: &str, limit: Duration) -> Result<ResolvedMetadata, EngineError> {
        let deadline = tokio::time::Instant::now() + limit;
        let _permit = timeout_at(deadline, self.permits.acquire())
            .await
            .map_err(|_| EngineError::MetadataTimeout)?
            .map_err(|_| EngineError::Failed("the engine is stopping".to_owned()))?;
        let (magnet, peers) = self.prepare(magnet)?;
        let session = self.session.clone();
        let attempt = AbortOnDropHandle::new(tokio::spawn(async move {
            let options = AddTorrentOptions {
                list_only: true,
                // Also keeps a magnet link's own selection (`so=`) from being applied to files it may not have.
                only_files: Some(Vec::new()),
                initial_peers: Some(peers),
                ..AddTorrentOptions::default()
            };
            session.add_torrent(AddTorrent::from_url(magnet), Some(options)).await
        }));
        match timeout_at(deadline, attempt).await {
            Err(_) => Err(EngineError::MetadataTimeout),
            Ok(Err(panic)) => {
                tracing::error!(%panic, "a peer's metadata broke the attempt to resolve a torrent");
                Err(EngineError::Failed("a peer sent metadata that could not be read".to_owned()))
            }
            Ok(Ok(Err(error))) => Err(failed(error)),
            Ok(Ok(Ok(AddTorrentResponse::ListOnly(found)))) => {
                Ok(ResolvedMetadata { metainfo: found.torrent_bytes, seen_peers: found.seen_peers })
            }
            Ok(Ok(Ok(_))) => Err(EngineError::Failed("the torrent was added instead of resolved".to_owned())),
        }
    }

    /// Adds the configured trackers, and finds the peers that the link names itself (`x.pe`, BEP 9).
    fn prepare(&self, magnet: &str) -> Result<(String, Vec<SocketAddr>), EngineError> {
        let mut url = Url::parse(magnet).map_err(|_| EngineError::Failed("not a magnet link".to_owned()))?;
        let peers = url.query_pairs().filter(|(key, _)| key == "x.pe").filter_map(|(_, peer)| peer.parse().ok());
        let peers = peers.collect();
        url.query_pairs_mut().extend_pairs(self.trackers.iter().map(|tracker| ("tr", tracker)));
        Ok((url.into(), peers))
    }
}
