//! The one place from which peers, trackers and webseeds are called: names are looked up and connections made here.

use super::socks::Target;
use crate::config::ProxyUrl;
use librqbit_utp::UtpSocketUdp;
use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpSocket, TcpStream, lookup_host},
    sync::watch,
    time::{sleep, timeout},
};
use tokio_socks::{TargetAddr, tcp::Socks5Stream};

const TIMEOUT: Duration = Duration::from_secs(5);
/// How long TCP is tried alone, as clients do.
const UTP_AFTER: Duration = Duration::from_secs(1);
/// Addresses of one name that are tried.
const MAX_ADDRESSES: usize = 4;

/// A connection, whatever carries it.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}
pub type BoxStream = Box<dyn Stream>;

/// The owner's way out.
#[derive(Clone, Debug, Default)]
pub struct Route {
    pub interface: Option<String>,
    pub proxy: Option<ProxyUrl>,
}

impl Route {
    /// Whether UDP may leave as it likes: neither an interface nor a proxy could hold all of librqbit's.
    pub fn is_free(&self) -> bool {
        self.interface.is_none() && self.proxy.is_none()
    }
}

/// Whether traffic may leave, and how it leaves. Cheap to clone.
#[derive(Clone)]
pub struct Dialer {
    route: Arc<Route>,
    utp: Option<Arc<UtpSocketUdp>>,
    /// False ends every connection, and refuses new ones: whoever guards the way out sets it.
    may_leave: watch::Receiver<bool>,
}

impl Dialer {
    pub fn new(route: Route, utp: Option<Arc<UtpSocketUdp>>, may_leave: watch::Receiver<bool>) -> Self {
        Self { route: Arc::new(route), utp, may_leave }
    }

    /// Calls a peer: by TCP, and by uTP as well (BEP 29) when that takes long or fails.
    pub async fn call_peer(&self, address: SocketAddr) -> io::Result<BoxStream> {
        self.check()?;
        let tcp = async { Ok(Box::new(self.connect(&Target::Address(address)).await?) as BoxStream) };
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

    /// Calls a server, at those of its addresses that `may_call` allows. A name that a proxy looks up is left to it.
    pub async fn call(&self, target: &Target, may_call: impl Fn(IpAddr) -> bool) -> io::Result<TcpStream> {
        self.check()?;
        let mut addresses: Vec<SocketAddr> = match target {
            Target::Name(..) if self.route.proxy.is_some() => return self.connect(target).await,
            Target::Name(name, port) => timeout(TIMEOUT, lookup_host((name.as_str(), *port))).await??.collect(),
            Target::Address(address) => vec![*address],
        };
        addresses.retain(|address| may_call(address.ip()));
        let mut last = io::Error::new(io::ErrorKind::NotFound, "there is no address that may be called");
        for address in addresses.into_iter().take(MAX_ADDRESSES) {
            match self.connect(&Target::Address(address)).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    async fn connect(&self, target: &Target) -> io::Result<TcpStream> {
        let stream = match (&self.route.proxy, target) {
            (Some(proxy), _) => timeout(TIMEOUT, through(proxy, target)).await??,
            (None, Target::Address(address)) => timeout(TIMEOUT, self.straight(*address)).await??,
            (None, Target::Name(..)) => return Err(io::ErrorKind::InvalidInput.into()),
        };
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    async fn straight(&self, address: SocketAddr) -> io::Result<TcpStream> {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        if let Some(interface) = &self.route.interface {
            bind(&socket, interface)?;
        }
        socket.connect(address).await
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

/// Holds a socket to a network interface.
#[cfg(target_os = "linux")]
pub fn bind(socket: &TcpSocket, interface: &str) -> io::Result<()> {
    socket.bind_device(Some(interface.as_bytes()))
}

/// Holds a socket to a network interface.
#[cfg(not(target_os = "linux"))]
pub fn bind(_: &TcpSocket, _: &str) -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "torrents.interface works on Linux only"))
}

/// Calls through the owner's proxy (RFC 1928), which looks up names itself.
async fn through(proxy: &ProxyUrl, target: &Target) -> io::Result<TcpStream> {
    let socket = TcpStream::connect(proxy.host_and_port()).await?;
    let target = match target {
        Target::Address(address) => TargetAddr::Ip(*address),
        Target::Name(name, port) => TargetAddr::Domain(name.as_str().into(), *port),
    };
    let stream = match proxy.credentials() {
        Some((user, password)) => {
            Socks5Stream::connect_with_password_and_socket(socket, target, &user, &password).await
        }
        None => Socks5Stream::connect_with_socket(socket, target).await,
    };
    Ok(stream.map_err(io::Error::other)?.into_inner())
}
