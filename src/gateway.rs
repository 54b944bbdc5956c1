//! The HTTP side: the only code that knows axum and JSON.
//!
//! The gateway actor owns the listeners; request handlers translate HTTP into calls on typed handles. A route exists
//! only together with a policy ([`policy`]), every error answer has one shape ([`problem`]), and video goes from a
//! piece reader to a socket without passing a mailbox (`video_body`).

mod actor;
mod byte_range;
mod client;
mod conditional;
mod connection;
mod connection_limit;
mod content_disposition;
mod cookies;
mod dto;
mod error;
mod extract;
mod host;
mod identity;
mod metrics;
pub mod policy;
pub mod problem;
mod request_log;
mod response_headers;
mod router;
mod routes;
mod same_origin;
mod server;
pub mod state;
mod stream;
pub mod tickets;
mod title_language;
mod ui_assets;
mod video_body;

pub use actor::BindError;
pub use state::Concerns;

use crate::{
    config::{Config, MetricsConfig, ServerConfig},
    supervision::{Address, ChildSpec},
};
use actor::{Gateway, Site};
use connection_limit::ConnectionLimit;
use metrics_exporter_prometheus::PrometheusHandle;
use std::{net::SocketAddr, time::Duration};
use tokio::sync::watch;

/// The most a request may take beyond the longest wait that the configuration allows a handler.
const REQUEST_MARGIN: Duration = Duration::from_secs(30);
/// The metrics listener has a reader or two.
const MAX_METRICS_CONNECTIONS: usize = 16;

/// What can be set about the HTTP side.
#[derive(Clone, Debug)]
pub struct Settings {
    pub server: ServerConfig,
    pub metrics: MetricsConfig,
    /// From a request's head to the head of its answer.
    pub request_timeout: Duration,
}

impl From<&Config> for Settings {
    fn from(config: &Config) -> Self {
        let longest_wait = Duration::from_secs(config.torrents.metadata_timeout_seconds);
        Self {
            server: config.server.clone(),
            metrics: config.metrics.clone(),
            request_timeout: longest_wait.saturating_add(REQUEST_MARGIN),
        }
    }
}

/// Where the daemon listens, once it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    pub http: SocketAddr,
    pub metrics: Option<SocketAddr>,
}

/// The running HTTP side. Cheap to clone.
#[derive(Clone, Debug)]
pub struct GatewayHandle {
    bound: watch::Receiver<Option<Bound>>,
}

impl GatewayHandle {
    /// Where the daemon listens; `None` until its supervisor has started it.
    pub fn bound(&self) -> Option<Bound> {
        *self.bound.borrow()
    }
}

/// The HTTP side, and the actor that serves it. The actor fails to start with a [`BindError`] when the daemon cannot
/// listen. `metrics` are served when an address for them is configured.
pub fn start(
    settings: &Settings,
    concerns: Concerns,
    metrics: Option<PrometheusHandle>,
) -> Result<(GatewayHandle, ChildSpec), serde_json::Error> {
    let (router, _) = router::build(settings, concerns)?;
    let (server, metrics_listen) = (settings.server.clone(), settings.metrics.listen);
    let metrics = metrics_listen.zip(metrics).map(|(listen, recorder)| (listen, metrics::router(recorder)));
    let bound = watch::Sender::new(None);
    let handle = GatewayHandle { bound: bound.subscribe() };
    let make = move || {
        let proxies = server.trusted_proxies.clone().into();
        let http = Site {
            setting: "server.listen",
            listen: server.listen,
            router: router.clone(),
            limit: ConnectionLimit::new(server.max_connections, server.max_connections_per_ip, proxies),
        };
        let metrics = metrics.clone().map(|(listen, router)| Site {
            setting: "metrics.listen",
            listen,
            router,
            limit: ConnectionLimit::new(MAX_METRICS_CONNECTIONS, MAX_METRICS_CONNECTIONS, [].into()),
        });
        (Gateway { http, metrics, bound: bound.clone() }, ())
    };
    Ok((handle, ChildSpec::actor("gateway", Address::new(), make)))
}

#[cfg(test)]
mod tests;
