//! The proxy between librqbit and everybody else: librqbit reaches peers and trackers through it alone, by SOCKS 5 on
//! loopback, and peers that call us are led to librqbit by it.
//!
//! What passes and what does not, on a connection to a peer of a torrent with a lane:
//!
//! | from the peer | |
//! |---|---|
//! | choke, unchoke, bitfield, have, piece | for the lane alone. librqbit sees a peer that has nothing and chokes it, so it never asks for anything |
//! | interested, not interested, request, cancel, extended (metadata, PEX), keep-alive | as they are |
//!
//! | from librqbit | |
//! |---|---|
//! | interested, not interested | swallowed: the lane is interested for as long as the torrent is not complete |
//! | all else: choke, unchoke, bitfield, have, piece, extended, keep-alive | as they are |
//!
//! So librqbit announces, exchanges peers, uploads and accounts as ever; what it downloads comes from [`mod@feed`], a peer of
//! our own making that has exactly what the lane has verified. Connections to peers of torrents without a lane, to peers
//! that are asked for a magnet link's metadata, and to trackers are relayed as they are.

pub mod dial;
mod feed;
pub mod frame;
mod incoming;
mod pex;
mod relay;
pub mod socks;

pub use dial::{Dialer, Route};
pub use feed::feed;

use super::share::Share;
use crate::domain::{info_hash::InfoHash, web_address};
use rand::{Rng as _, distr::Alphanumeric};
use socks::{Credentials, Reply, Target};
use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// Connections at a time, over all torrents.
const MAX_CONNECTIONS: usize = 2048;
/// How long librqbit may take to say what it wants, and a peer to answer a handshake.
const GREETING_TIMEOUT: Duration = Duration::from_secs(15);

/// Whose password is which.
const ENGINE: usize = 0;
const WEB: usize = 1;

/// The proxy. Cheap to clone.
#[derive(Clone)]
pub struct Mux {
    inner: Arc<Inner>,
}

struct Inner {
    address: SocketAddr,
    /// What librqbit knows, and what calls strangers' web servers knows.
    credentials: [Credentials; 2],
    /// Whether strangers' web servers may be in our own networks.
    allows_local_web: bool,
    dialer: Dialer,
    torrents: RwLock<HashMap<InfoHash, Arc<Share>>>,
    connections: Arc<Semaphore>,
}

impl Mux {
    /// Starts to listen on a port of the system's choice, until `cancelled`.
    pub async fn start(dialer: Dialer, allows_local_web: bool, cancelled: CancellationToken) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let word = || rand::rng().sample_iter(Alphanumeric).take(24).map(char::from).collect();
        let credentials = || Credentials { user: word(), password: word() };
        let inner = Inner {
            address: listener.local_addr()?,
            credentials: [credentials(), credentials()],
            allows_local_web,
            dialer,
            torrents: RwLock::default(),
            connections: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
        };
        let mux = Self { inner: Arc::new(inner) };
        let accepting = mux.clone();
        tokio::spawn(cancelled.run_until_cancelled_owned(async move { accepting.accept(listener).await }));
        Ok(mux)
    }

    /// What librqbit is to use as its proxy. Names are left to us to look up.
    pub fn proxy_url(&self) -> String {
        self.url_with(&self.inner.credentials[ENGINE])
    }

    /// What calls web servers that strangers named is to use as its proxy: it leads to the public internet only.
    pub fn web_proxy_url(&self) -> String {
        self.url_with(&self.inner.credentials[WEB])
    }

    fn url_with(&self, Credentials { user, password }: &Credentials) -> String {
        format!("socks5h://{user}:{password}@{}", self.inner.address)
    }

    pub fn dialer(&self) -> &Dialer {
        &self.inner.dialer
    }

    /// From now on connections of this torrent are its lane's.
    pub fn register(&self, share: Arc<Share>) {
        self.inner.torrents.write().unwrap_or_else(PoisonError::into_inner).insert(share.info_hash, share);
    }

    pub fn forget(&self, info_hash: InfoHash) {
        self.inner.torrents.write().unwrap_or_else(PoisonError::into_inner).remove(&info_hash);
    }

    fn get(&self, info_hash: InfoHash) -> Option<Arc<Share>> {
        self.inner.torrents.read().unwrap_or_else(PoisonError::into_inner).get(&info_hash).cloned()
    }

    /// Leads peers that call `listener` to librqbit, which listens at `engine`, until `cancelled`.
    pub fn lead_in(&self, listener: TcpListener, engine: SocketAddr, cancelled: CancellationToken) {
        let mux = self.clone();
        tokio::spawn(cancelled.run_until_cancelled_owned(async move { incoming::accept(mux, listener, engine).await }));
    }

    async fn accept(&self, listener: TcpListener) {
        loop {
            let Some((stream, _)) = next_connection(&listener).await else { continue };
            // Past the limit, librqbit is refused and tries again later.
            let Ok(permit) = self.inner.connections.clone().try_acquire_owned() else { continue };
            let mux = self.clone();
            tokio::spawn(async move {
                let _permit = permit;
                let ended = tokio::select! {
                    ended = mux.serve(stream) => ended,
                    () = mux.inner.dialer.shut() => Ok(()),
                };
                if let Err(error) = ended {
                    tracing::trace!(%error, "a relayed connection ended");
                }
            });
        }
    }

    /// One connection of librqbit's, from its CONNECT to its end.
    async fn serve(&self, mut engine: TcpStream) -> io::Result<()> {
        engine.set_nodelay(true)?;
        let (client, target) = timeout(GREETING_TIMEOUT, socks::accept(&mut engine, &self.inner.credentials)).await??;
        let is_peer = client == ENGINE && matches!(target, Target::Address(_));
        let may_call = |address| client == ENGINE || self.inner.allows_local_web || web_address::is_public(address);
        let called = match &target {
            Target::Address(address) if is_peer => self.inner.dialer.call_peer(*address).await,
            _ => self.inner.dialer.call(&target, may_call).await.map(|stream| Box::new(stream) as dial::BoxStream),
        };
        let mut remote = match called {
            Ok(remote) => remote,
            Err(error) => {
                let refusal =
                    if error.kind() == io::ErrorKind::NetworkDown { Reply::NotAllowed } else { Reply::Refused };
                return socks::reply(&mut engine, refusal).await;
            }
        };
        socks::reply(&mut engine, Reply::Connected).await?;
        if !is_peer {
            copy_bidirectional(&mut engine, &mut remote).await?;
            return Ok(());
        }
        let Greeting { bytes, info_hash } = timeout(GREETING_TIMEOUT, Greeting::read(&mut engine)).await??;
        remote.write_all(&bytes).await?;
        let share = info_hash.and_then(|info_hash| self.get(info_hash));
        let (Some(share), Target::Address(address)) = (share, target) else {
            copy_bidirectional(&mut engine, &mut remote).await?;
            return Ok(());
        };
        relay::called(share, address, engine, remote).await
    }
}

/// The next connection; none, after a pause, when there can be none right now.
async fn next_connection(listener: &TcpListener) -> Option<(TcpStream, SocketAddr)> {
    match listener.accept().await {
        Ok(accepted) => Some(accepted),
        Err(error) => {
            tracing::warn!(%error, "failed to accept a connection");
            tokio::time::sleep(Duration::from_millis(200)).await;
            None
        }
    }
}

/// The first bytes of a connection: a BitTorrent handshake (BEP 3), or anything else.
struct Greeting {
    bytes: Vec<u8>,
    /// None when it is not a handshake.
    info_hash: Option<InfoHash>,
}

impl Greeting {
    const PROTOCOL: &'static [u8; 20] = b"\x13BitTorrent protocol";
    const BYTES: usize = 68;

    async fn read<S: AsyncRead + Unpin>(stream: &mut S) -> io::Result<Self> {
        let mut bytes = Vec::with_capacity(Self::BYTES);
        let mut chunk = [0; Self::BYTES];
        while bytes.len() < Self::BYTES {
            let count = stream.read(&mut chunk[..Self::BYTES - bytes.len()]).await?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            bytes.extend_from_slice(&chunk[..count]);
            let compared = bytes.len().min(Self::PROTOCOL.len());
            if bytes[..compared] != Self::PROTOCOL[..compared] {
                return Ok(Self { bytes, info_hash: None });
            }
        }
        let info_hash = bytes.get(28..48).and_then(|hash| hash.try_into().ok()).map(InfoHash);
        Ok(Self { bytes, info_hash })
    }

    /// A handshake of our own.
    fn ours(info_hash: InfoHash, peer_id: [u8; 20]) -> Vec<u8> {
        [&Self::PROTOCOL[..], &[0; 8], &info_hash.0, &peer_id].concat()
    }
}
