//! Accepts connections and speaks HTTP/1.1 on them, within limits. Players and TV browsers need no more than that.

use super::{
    connection::{Connection, Socket},
    connection_limit::ConnectionLimit,
};
use axum::{Router, body::Body, http::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::{SockRef, TcpKeepalive};
use std::{io, net::SocketAddr, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;
use tower::Service;

/// A request's head has to be here within this; also how long a connection may stay open between requests.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
const MAX_HEAD_BYTES: usize = 32 * 1024;
/// How long connections may take to end by themselves when the daemon stops. Supervisors give an actor 2 s.
const DRAIN_LIMIT: Duration = Duration::from_millis(1500);
/// How long to wait before accepting again when the system had no descriptor left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// A peer that vanished is noticed after this and a few probes more.
const KEEPALIVE: TcpKeepalive =
    TcpKeepalive::new().with_time(Duration::from_secs(60)).with_interval(Duration::from_secs(15));

const TOO_MANY_CONNECTIONS: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/// Serves until `stopping`: then accepts nothing more, lets answers under way end, and drops what is left after
/// [`DRAIN_LIMIT`]. Dropping the future drops every connection.
pub async fn serve(listener: TcpListener, router: Router, limit: ConnectionLimit, stopping: CancellationToken) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = stopping.cancelled() => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            // The client was gone before we came to it.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
            Err(error) => {
                tracing::warn!(%error, "failed to accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let Some(admitted) = limit.admit(peer.ip()) else {
            tracing::debug!(%peer, "refused a connection: too many are open");
            let _ = stream.try_write(TOO_MANY_CONNECTIONS);
            continue;
        };
        let connection = talk(stream, peer, router.clone(), stopping.clone());
        connections.spawn(async move {
            let _admitted = admitted;
            connection.await;
        });
    }
    drop(listener);
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(DRAIN_LIMIT, drained).await.is_err() {
        tracing::debug!(left = connections.len(), "cut the connections that had not ended in time");
    }
}

async fn talk(stream: TcpStream, peer: SocketAddr, router: Router, stopping: CancellationToken) {
    let tuned = stream.set_nodelay(true).and_then(|()| SockRef::from(&stream).set_tcp_keepalive(&KEEPALIVE));
    if let Err(error) = tuned {
        tracing::debug!(%peer, %error, "failed to tune a connection");
    }
    let connection = Connection::new(peer, stopping.clone());
    let socket = Socket::new(stream, &connection);
    let service = {
        let connection = connection.clone();
        service_fn(move |request: Request<Incoming>| {
            connection.begin_request();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(connection.clone());
            router.clone().call(request)
        })
    };
    let mut conversation = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_header_size(MAX_HEAD_BYTES)
            .serve_connection(TokioIo::new(socket), service)
    );
    let ended = tokio::select! {
        ended = conversation.as_mut() => ended,
        () = connection.wait_until_cut() => return,
        () = stopping.cancelled() => {
            conversation.as_mut().graceful_shutdown();
            tokio::select! {
                ended = conversation => ended,
                () = connection.wait_until_cut() => return,
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "a connection ended early");
    }
}
