//! Puts routes and the checks around them together.

use super::{
    Settings, client, host, identity,
    policy::Rule,
    problem::Problem,
    request_log, response_headers,
    routes::{self, docs::Description},
    same_origin,
    state::Concerns,
    ui_assets,
};
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Request, State},
    http::StatusCode,
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use std::{any::Any, sync::Arc, time::Duration};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::{Info, OpenApi};

/// What a request's body may have, unless its route says otherwise.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// The whole HTTP side, and the list of who may do what on it. Layers below wrap those above them.
pub fn build(settings: &Settings, state: Concerns) -> Result<(Router, Vec<Rule>), serde_json::Error> {
    let (routes, openapi, rules) = routes::all().into_parts();
    let description = Description(describe(openapi)?.into());
    let hosts: Arc<[String]> = settings.server.hosts.iter().map(|host| host.to_ascii_lowercase()).collect();
    let proxies: Arc<[_]> = settings.server.trusted_proxies.clone().into();
    let router = routes
        .fallback(ui_assets::serve)
        .method_not_allowed_fallback(wrong_method)
        .with_state(state.clone())
        .layer(Extension(description))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn_with_state(state.auth, identity::identify))
        .layer(from_fn(same_origin::check))
        .layer(from_fn_with_state(settings.request_timeout, in_time))
        .layer(from_fn_with_state(proxies, client::find))
        .layer(from_fn_with_state(hosts, host::check))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(request_log::log))
        .layer(from_fn(response_headers::add));
    Ok((router, rules))
}

fn describe(mut openapi: OpenApi) -> Result<Vec<u8>, serde_json::Error> {
    openapi.info = Info::new("Miauflix", env!("CARGO_PKG_VERSION"));
    serde_json::to_vec(&openapi)
}

/// Ends requests that nobody will wait for any longer. An answer that has begun, such as a stream, may go on.
async fn in_time(State(limit): State<Duration>, request: Request, next: Next) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let detail = "The daemon took too long to answer. Try again.";
            Problem::new(StatusCode::GATEWAY_TIMEOUT, "timeout", detail).into_response()
        }
    }
}

async fn wrong_method() -> Problem {
    let detail = "This address does not take this method. The `Allow` header lists those it takes.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}

/// The panic itself is in the log already, by the panic hook.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    Problem::internal().into_response()
}
