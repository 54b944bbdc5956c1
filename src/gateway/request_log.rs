//! One line and one measurement per request. Both name the matched route, never the path or query: those carry tickets,
//! and what people watch.

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
    let (elapsed, status) = (began.elapsed(), response.status().as_u16());
    let route = route.as_ref().map_or("(file)", MatchedPath::as_str);
    tracing::debug!(%method, route, status, elapsed_ms = elapsed.as_millis() as u64, "answered");
    let labels = [("route", route.to_owned()), ("status", status.to_string())];
    metrics::histogram!("miauflix_http_request_seconds", &labels).record(elapsed);
    response
}
