//! The one place from which peers, trackers and webseeds are called: names are looked up and connections made here.

use super::socks::Target;
use librqbit_utp::UtpSocketUdp;
use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    sync::watch,
    time::{sleep, timeout},
};

const TIMEOUT: Duration = Duration::from_secs(5);
/// How long TCP is tried alone, as clients do.
const UTP_AFTER: Duration = Duration::from_secs(1);
/// Addresses of one name that are tried.
const MAX_ADDRESSES: usize = 4;

/// A connection, whatever carries it.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}
pub type BoxStream = Box<dyn Stream>;

/// Whether traffic may leave, and how it leaves. Cheap to clone.
#[derive(Clone)]
pub struct Dialer {
    utp: Option<Arc<UtpSocketUdp>>,
    /// False ends every connection, and refuses new ones: whoever guards the way out sets it.
    may_leave: watch::Receiver<bool>,
}

impl Dialer {
    pub fn new(utp: Option<Arc<UtpSocketUdp>>, may_leave: watch::Receiver<bool>) -> Self {
        Self { utp, may_leave }
    }

    /// Calls a peer: by TCP, and by uTP as well (BEP 29) when that takes long or fails.
    pub async fn call_peer(&self, address: SocketAddr) -> io::Result<BoxStream> {
        self.check()?;
        let tcp = async { Ok(Box::new(tcp(address).await?) as BoxStream) };
        let Some(utp) = self.utp.as_ref().filter(|utp| utp.bind_addr().is_ipv4() == address.is_ipv4()) else {
            return tcp.await;
        };
        let mut tcp = std::pin::pin!(tcp);
        let failed = tokio::select! {
            stream = &mut tcp => match stream {
                Ok(stream) => return Ok(stream),
                Err(error) => Some(error),
            },
            () = sleep(UTP_AFTER) => None,
        };
        let mut by_utp = std::pin::pin!(async {
            let stream = timeout(TIMEOUT, utp.connect(address)).await.map_err(|_| io::ErrorKind::TimedOut)?;
            Ok(Box::new(stream.map_err(io::Error::other)?) as BoxStream)
        });
        if let Some(error) = failed {
            return by_utp.await.map_err(|_: io::Error| error);
        }
        tokio::select! {
            stream = &mut tcp => match stream {
                Ok(stream) => Ok(stream),
                Err(_) => by_utp.await,
            },
            stream = &mut by_utp => match stream {
                Ok(stream) => Ok(stream),
                Err(_) => tcp.await,
            },
        }
    }

    /// Calls a server, at those of its addresses that `may_call` allows.
    pub async fn call(&self, target: &Target, may_call: impl Fn(IpAddr) -> bool) -> io::Result<TcpStream> {
        self.check()?;
        let mut addresses: Vec<SocketAddr> = match target {
            Target::Address(address) => vec![*address],
            Target::Name(name, port) => timeout(TIMEOUT, lookup_host((name.as_str(), *port))).await??.collect(),
        };
        addresses.retain(|address| may_call(address.ip()));
        let mut last = io::Error::new(io::ErrorKind::NotFound, "there is no address that may be called");
        for address in addresses.into_iter().take(MAX_ADDRESSES) {
            match tcp(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Returns once traffic may not leave any more.
    pub async fn shut(&self) {
        let mut may_leave = self.may_leave.clone();
        if may_leave.wait_for(|may| !may).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    fn check(&self) -> io::Result<()> {
        let may = *self.may_leave.borrow();
        if may { Ok(()) } else { Err(io::Error::new(io::ErrorKind::NetworkDown, "torrent traffic is stopped")) }
    }
}

async fn tcp(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = timeout(TIMEOUT, TcpStream::connect(address)).await??;
    stream.set_nodelay(true)?;
    Ok(stream)
}
