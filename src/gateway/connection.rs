//! One client connection: what requests know of it, and the socket that gives up on clients that stop reading.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Sleep,
};
use tokio_util::sync::CancellationToken;

/// A client that takes nothing of an ordinary answer for this long is cut. A paused player may take its time: there
/// TCP keep-alive finds the dead ones.
const WRITE_STALL_LIMIT: Duration = Duration::from_secs(30);

/// The connection a request came by; among the request's extensions.
#[derive(Clone, Debug)]
pub struct Connection {
    pub peer: SocketAddr,
    /// The daemon is stopping: whatever would go on for long has to end.
    pub stopping: CancellationToken,
    cut: CancellationToken,
    carries_stream: Arc<AtomicBool>,
}

impl Connection {
    pub fn new(peer: SocketAddr, stopping: CancellationToken) -> Self {
        let peer = SocketAddr::new(peer.ip().to_canonical(), peer.port());
        Self { peer, stopping, cut: CancellationToken::new(), carries_stream: Arc::default() }
    }

    /// Ends the connection now, whatever is under way on it.
    pub fn cut(&self) {
        self.cut.cancel();
    }

    pub async fn wait_until_cut(&self) {
        self.cut.cancelled().await;
    }

    /// The answer to the request at hand is a video: its reader may pause.
    pub fn expect_pauses(&self) {
        self.carries_stream.store(true, Ordering::Relaxed);
    }

    /// A new request has come: until somebody says otherwise its answer has to be taken without pauses.
    pub fn begin_request(&self) {
        self.carries_stream.store(false, Ordering::Relaxed);
    }
}

/// A socket whose writes fail with [`io::ErrorKind::TimedOut`] when the client has stopped reading for too long.
pub struct Socket {
    stream: TcpStream,
    carries_stream: Arc<AtomicBool>,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Socket {
    pub fn new(stream: TcpStream, connection: &Connection) -> Self {
        Self { stream, carries_stream: connection.carries_stream.clone(), stalled: None }
    }

    fn watch<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() || self.carries_stream.load(Ordering::Relaxed) {
            self.stalled = None;
            return written;
        }
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(WRITE_STALL_LIMIT)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.watch(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::{io::AsyncWriteExt, net::TcpListener, time::Instant};

    async fn pair() -> (TcpStream, TcpStream, Connection) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (server, peer) = listener.accept().await.unwrap();
        (client, server, Connection::new(peer, CancellationToken::new()))
    }

    async fn fill(socket: &mut Socket) -> io::Error {
        let bytes = vec![0; 1024 * 1024];
        loop {
            if let Err(error) = socket.write_all(&bytes).await {
                return error;
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_nothing_of_an_ordinary_answer_is_given_up() {
        let (_client, server, connection) = pair().await;
        let began = Instant::now();
        let error = fill(&mut Socket::new(server, &connection)).await;
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(began.elapsed() >= WRITE_STALL_LIMIT);
    }

    #[tokio::test(start_paused = true)]
    async fn a_player_may_pause_for_hours() {
        let (_client, server, connection) = pair().await;
        connection.expect_pauses();
        let mut socket = Socket::new(server, &connection);
        assert!(tokio::time::timeout(Duration::from_secs(6 * 60 * 60), fill(&mut socket)).await.is_err());
    }
}
