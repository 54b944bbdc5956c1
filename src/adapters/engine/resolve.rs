//! Fetches a torrent's metadata from its swarm.
//!
//! Strangers' bytes are parsed here: each attempt runs in a task of its own, so that a panic in librqbit (an early
//! ut_metadata message of a hostile peer is enough) costs that attempt and nothing else. Attempts follow one another
//! until the deadline: peers come and go, and an honest one may be faster the next time.

use crate::ports::{EngineError, ResolvedMetadata};
use librqbit::{AddTorrent, AddTorrentOptions, AddTorrentResponse, Session};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep, timeout_at},
};
use tokio_util::task::AbortOnDropHandle;
use url::Url;

/// Magnet links that are resolved at the same time; more wait for their turn, within their own deadline.
const MAX_AT_ONCE: usize = 8;
/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(500);

/// Resolves a few magnet links at a time.
pub struct Resolver {
    session: Arc<Session>,
    trackers: Vec<String>,
    permits: Semaphore,
}

/// A magnet link as librqbit is asked for it.
#[derive(Clone)]
struct Question {
    link: String,
    peers: Vec<SocketAddr>,
}

impl Resolver {
    pub fn new(session: Arc<Session>, trackers: Vec<String>) -> Self {
        Self { session, trackers, permits: Semaphore::new(MAX_AT_ONCE) }
    }

    /// Asks the swarm (BEP 9), at most for `limit`, the wait for a turn included.
    pub async fn resolve(&self, magnet: &str, limit: Duration) -> Result<ResolvedMetadata, EngineError> {
        let question = self.question(magnet)?;
        let answer = timeout_at(Instant::now() + limit, async {
            let _permit = self.permits.acquire().await;
            loop {
                match self.attempt(question.clone()).await {
                    Ok(found) => return found,
                    Err(error) => tracing::debug!(error, "failed to resolve a magnet link; trying again"),
                }
                sleep(PAUSE).await;
            }
        });
        answer.await.map_err(|_| EngineError::MetadataTimeout)
    }

    async fn attempt(&self, Question { link, peers }: Question) -> Result<ResolvedMetadata, String> {
        let session = self.session.clone();
        let attempt = AbortOnDropHandle::new(tokio::spawn(async move {
            let options = AddTorrentOptions {
                list_only: true,
                // Also keeps a magnet link's own selection (`so=`) from being applied to files it may not have.
                only_files: Some(Vec::new()),
                initial_peers: Some(peers),
                ..AddTorrentOptions::default()
            };
            session.add_torrent(AddTorrent::from_url(link), Some(options)).await
        }));
        match attempt.await {
            Ok(Ok(AddTorrentResponse::ListOnly(found))) => {
                Ok(ResolvedMetadata { metainfo: found.torrent_bytes, seen_peers: found.seen_peers })
            }
            Ok(Ok(_)) => Err("the torrent was added instead of resolved".to_owned()),
            Ok(Err(error)) => Err(format!("{error:#}")),
            Err(_) => {
                tracing::warn!("a peer's metadata could not be read and ended an attempt to resolve a magnet link");
                Err("a peer sent metadata that could not be read".to_owned())
            }
        }
    }

    /// Adds the configured trackers, and finds the peers that the link names itself (`x.pe`, BEP 9).
    fn question(&self, magnet: &str) -> Result<Question, EngineError> {
        let mut url = Url::parse(magnet).map_err(|_| EngineError::Failed("not a magnet link".to_owned()))?;
        url.query_pairs_mut().extend_pairs(self.trackers.iter().map(|tracker| ("tr", tracker)));
        let peers = url.query_pairs().filter(|(key, _)| key == "x.pe").filter_map(|(_, peer)| peer.parse().ok());
        let peers: Vec<SocketAddr> = peers.collect();
        let has_trackers = url.query_pairs().any(|(key, _)| key.starts_with("tr"));
        if peers.is_empty() && !has_trackers && self.session.get_dht().is_none() {
            let nowhere = "the magnet link names no tracker, and finding peers without one is off (torrents.dht)";
            return Err(EngineError::Failed(nowhere.to_owned()));
        }
        Ok(Question { link: url.into(), peers })
    }
}
