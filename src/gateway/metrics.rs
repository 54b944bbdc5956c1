//! `GET /metrics` in the Prometheus text format, on a listener of its own so that it is never where the users are.

use axum::{Router, http::header::CONTENT_TYPE, response::IntoResponse, routing::get};
use metrics_exporter_prometheus::PrometheusHandle;

pub fn router(recorder: PrometheusHandle) -> Router {
    Router::new().route("/metrics", get(move || async move { render(&recorder) }))
}

fn render(recorder: &PrometheusHandle) -> impl IntoResponse + use<> {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], recorder.render())
}
