//! Metadata for magnet links: from this disk, else from the swarm, once per info hash however many ask.

use super::TorrentsError;
use crate::{
    domain::{info_hash::InfoHash, magnet::Magnet},
    ports::{EngineError, ResolvedMetadata, TorrentEngine},
};
use futures::{
    FutureExt as _,
    future::{BoxFuture, Shared, WeakShared},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// Magnet links that are resolved or wait for their turn.
const MAX_PENDING: usize = 64;

type Answer = Result<ResolvedMetadata, EngineError>;
type Pending = BoxFuture<'static, Answer>;

/// Asks the engine. What nobody waits for any more is given up.
pub struct Resolver {
    engine: Arc<dyn TorrentEngine>,
    timeout: Duration,
    pending: Mutex<HashMap<InfoHash, WeakShared<Pending>>>,
}

impl Resolver {
    pub fn new(engine: Arc<dyn TorrentEngine>, timeout: Duration) -> Self {
        Self { engine, timeout, pending: Mutex::default() }
    }

    /// Fetches the metadata, within the timeout.
    pub async fn resolve(&self, magnet: &Magnet) -> Result<ResolvedMetadata, TorrentsError> {
        Ok(self.join(magnet)?.await?)
    }

    fn join(&self, magnet: &Magnet) -> Result<Shared<Pending>, TorrentsError> {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.retain(|_, shared| shared.upgrade().is_some_and(|shared| shared.peek().is_none()));
        if let Some(shared) = pending.get(&magnet.info_hash).and_then(WeakShared::upgrade) {
            return Ok(shared);
        }
        if pending.len() >= MAX_PENDING {
            return Err(TorrentsError::TooManyTorrents);
        }
        let (engine, link, timeout) = (self.engine.clone(), magnet.to_string(), self.timeout);
        let shared = async move { engine.resolve(link, timeout).await }.boxed().shared();
        if let Some(weak) = shared.downgrade() {
            pending.insert(magnet.info_hash, weak);
        }
        Ok(shared)
    }
}
