//! One line per request. It names the matched route, never the path or query: those carry tickets, and what people
//! watch.

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use tokio::time::Instant;

/// Middleware: see the module.
pub async fn log(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    tracing::debug!(
        %method,
        route = route.as_ref().map_or("(file)", MatchedPath::as_str),
        status = response.status().as_u16(),
        elapsed_ms = began.elapsed().as_millis() as u64,
        "answered"
    );
    response
}
