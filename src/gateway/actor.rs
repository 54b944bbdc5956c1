//! The actor that owns the listeners. It is not in the way of requests: those hold typed handles.

use super::{Bound, connection_limit::ConnectionLimit, server};
use axum::Router;
use ractor::{Actor, ActorProcessingErr, ActorRef};
use std::{io, net::SocketAddr};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};
use tokio_util::sync::CancellationToken;

/// One incarnation of the server.
pub struct Gateway {
    pub http: Site,
    pub metrics: Option<Site>,
    /// Where a former incarnation listened, and where this one does.
    pub bound: watch::Sender<Option<Bound>>,
}

/// What is served at one address.
pub struct Site {
    pub setting: &'static str,
    pub listen: SocketAddr,
    pub router: Router,
    pub limit: ConnectionLimit,
}

/// Facts for the gateway.
pub enum GatewayMessage {
    /// A server ended although nobody asked it to.
    ServerEnded,
}

/// Stops the servers when it is dropped.
pub struct GatewayState {
    stopping: CancellationToken,
    servers: JoinSet<()>,
}

/// Why the daemon cannot be reached.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    #[error("{address} is in use; stop the program that uses it, or choose another address in `{setting}`")]
    InUse { address: SocketAddr, setting: &'static str },
    #[error("{address} is not an address of this machine; choose one that is in `{setting}`")]
    NotOurs { address: SocketAddr, setting: &'static str },
    #[error("listening on {address} is not allowed; choose a port from 1024 on in `{setting}`")]
    NotAllowed { address: SocketAddr, setting: &'static str },
    #[error("failed to listen on {address} (`{setting}`)")]
    Failed { address: SocketAddr, setting: &'static str, source: io::Error },
}

impl Actor for Gateway {
    type Msg = GatewayMessage;
    type State = GatewayState;
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Self::Msg>, (): ()) -> Result<Self::State, ActorProcessingErr> {
        let before = *self.bound.borrow();
        let mut state = GatewayState { stopping: CancellationToken::new(), servers: JoinSet::new() };
        let http = state.open(&self.http, before.map(|bound| bound.http), &myself).await?;
        let metrics = match &self.metrics {
            Some(site) => Some(state.open(site, before.and_then(|bound| bound.metrics), &myself).await?),
            None => None,
        };
        self.bound.send_replace(Some(Bound { http, metrics }));
        tracing::info!(address = %http, "listening");
        Ok(state)
    }

    async fn handle(
        &self,
        _: ActorRef<Self::Msg>,
        message: Self::Msg,
        _: &mut Self::State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            GatewayMessage::ServerEnded => Err("a server ended unasked".into()),
        }
    }

    async fn post_stop(&self, _: ActorRef<Self::Msg>, state: &mut Self::State) -> Result<(), ActorProcessingErr> {
        state.stopping.cancel();
        while state.servers.join_next().await.is_some() {}
        Ok(())
    }
}

impl GatewayState {
    /// Listens and serves, at the address of before if there was one: it may have been chosen by the system.
    async fn open(
        &mut self,
        site: &Site,
        before: Option<SocketAddr>,
        myself: &ActorRef<GatewayMessage>,
    ) -> Result<SocketAddr, BindError> {
        let address = before.unwrap_or(site.listen);
        let explain = |source| explain(source, address, site.setting);
        let listener = TcpListener::bind(address).await.map_err(explain)?;
        let bound = listener.local_addr().map_err(explain)?;
        let report = Report { to: myself.clone(), stopping: self.stopping.clone() };
        let server = server::serve(listener, site.router.clone(), site.limit.clone(), self.stopping.clone());
        self.servers.spawn(async move {
            let _report = report;
            server.await;
        });
        Ok(bound)
    }
}

fn explain(source: io::Error, address: SocketAddr, setting: &'static str) -> BindError {
    match source.kind() {
        io::ErrorKind::AddrInUse => BindError::InUse { address, setting },
        io::ErrorKind::AddrNotAvailable => BindError::NotOurs { address, setting },
        io::ErrorKind::PermissionDenied => BindError::NotAllowed { address, setting },
        _ => BindError::Failed { address, setting, source },
    }
}

/// Reports the end of a server, also when it panicked.
struct Report {
    to: ActorRef<GatewayMessage>,
    stopping: CancellationToken,
}

impl Drop for Report {
    fn drop(&mut self) {
        if !self.stopping.is_cancelled() {
            let _ = self.to.send_message(GatewayMessage::ServerEnded);
        }
    }
}
