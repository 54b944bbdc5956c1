//! Fetches a torrent's metadata from its swarm, or from where its magnet link says that it lies.
//!
//! Strangers' bytes are parsed here: each attempt runs in a task of its own, so that a panic in librqbit (an early
//! ut_metadata message of a hostile peer is enough) costs that attempt and nothing else. Attempts follow one another
//! until the deadline: peers come and go, and an honest one may be faster the next time.

use super::web::Web;
use crate::{
    domain::{info_hash::InfoHash, magnet::Magnet},
    ports::{EngineError, ResolvedMetadata},
    torrents::admission::METAINFO_MAX_BYTES,
};
use bytes::Bytes;
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
    web: Option<Web>,
    /// Whether trackers may be asked by UDP.
    allows_udp: bool,
    permits: Semaphore,
}

/// A magnet link as librqbit is asked for it.
#[derive(Clone)]
struct Question {
    link: String,
    peers: Vec<SocketAddr>,
    info_hash: InfoHash,
    /// Where the metadata may be had as a file.
    urls: Vec<Url>,
}

impl Resolver {
    pub fn new(session: Arc<Session>, trackers: Vec<String>, web: Option<Web>, allows_udp: bool) -> Self {
        Self { session, trackers, web, allows_udp, permits: Semaphore::new(MAX_AT_ONCE) }
    }

    /// Asks the swarm (BEP 9) and the places on the web that the link names, at most for `limit`, the wait for a turn
    /// included. The first answer counts.
    pub async fn resolve(&self, magnet: &str, limit: Duration) -> Result<ResolvedMetadata, EngineError> {
        let question = self.question(magnet)?;
        let answer = timeout_at(Instant::now() + limit, async {
            let _permit = self.permits.acquire().await;
            let by_swarm = async {
                loop {
                    match self.attempt(question.clone()).await {
                        Ok(found) => return found,
                        Err(error) => tracing::debug!(error, "failed to resolve a magnet link; trying again"),
                    }
                    sleep(PAUSE).await;
                }
            };
            tokio::select! {
                found = by_swarm => found,
                Some(metainfo) = self.on_the_web(&question) => ResolvedMetadata { metainfo, seen_peers: Vec::new() },
            }
        });
        answer.await.map_err(|_| EngineError::MetadataTimeout)
    }

    /// The metadata as a file of somebody's, if it is the right one.
    async fn on_the_web(&self, question: &Question) -> Option<Bytes> {
        let web = self.web.as_ref()?;
        for url in &question.urls {
            match web.get(url.clone(), METAINFO_MAX_BYTES).await {
                Ok(metainfo) if is_of(question.info_hash, metainfo.clone()).await => return Some(metainfo),
                Ok(_) => tracing::debug!("a web server answered with another torrent"),
                Err(error) => tracing::debug!(%error, "failed to get a torrent from a web server"),
            }
        }
        None
    }

    async fn attempt(&self, Question { link, peers, .. }: Question) -> Result<ResolvedMetadata, String> {
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
        if !self.allows_udp {
            let kept: Vec<_> = url.query_pairs().into_owned().filter(|(_, value)| !value.starts_with("udp:")).collect();
            url.query_pairs_mut().clear().extend_pairs(kept);
        }
        url.query_pairs_mut().extend_pairs(self.trackers.iter().map(|tracker| ("tr", tracker)));
        let peers = url.query_pairs().filter(|(key, _)| key == "x.pe").filter_map(|(_, peer)| peer.parse().ok());
        let peers: Vec<SocketAddr> = peers.collect();
        let magnet: Magnet = magnet.parse().map_err(|_| EngineError::Failed("not a magnet link".to_owned()))?;
        let (info_hash, urls) = (magnet.info_hash, magnet.metadata_urls);
        let has_trackers = url.query_pairs().any(|(key, _)| key.starts_with("tr"));
        let has_urls = self.web.is_some() && !urls.is_empty();
        if peers.is_empty() && !has_trackers && !has_urls && self.session.get_dht().is_none() {
            let nowhere = "the magnet link names no tracker, and finding peers without one is off (torrents.dht)";
            return Err(EngineError::Failed(nowhere.to_owned()));
        }
        Ok(Question { link: url.into(), peers, info_hash, urls })
    }
}

/// Whether these bytes are the torrent with this info hash. They are strangers' bytes: reading them may panic.
async fn is_of(info_hash: InfoHash, metainfo: Bytes) -> bool {
    let read =
        tokio::task::spawn_blocking(move || librqbit::torrent_from_bytes(&metainfo).map(|torrent| torrent.info_hash.0));
    matches!(read.await, Ok(Ok(found)) if found == info_hash.0)
}
