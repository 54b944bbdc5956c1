//! The API's description, and a page that shows it. The page is ours because it has to work without the internet and
//! under a policy that runs no script but our own.

use crate::gateway::policy::{Policy, Routes};
use axum::{
    Extension,
    http::header::CONTENT_TYPE,
    response::{Html, IntoResponse},
};
use bytes::Bytes;
use utoipa_axum::routes;

/// The OpenAPI document of all routes, ready to send.
#[derive(Clone)]
pub struct Description(pub Bytes);

pub fn description() -> Routes {
    Routes::default().add(Policy::Public, routes!(openapi))
}

pub fn pages() -> Routes {
    Routes::default()
        .add(Policy::Public, routes!(page))
        .add(Policy::Public, routes!(script))
        .add(Policy::Public, routes!(style))
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "docs", responses((status = 200, content_type = "application/json")))]
async fn openapi(Extension(Description(json)): Extension<Description>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], json)
}

/// A page that shows this description.
#[utoipa::path(get, path = "/api/docs", tag = "docs", responses((status = 200, content_type = "text/html")))]
async fn page() -> Html<&'static str> {
    Html(include_str!("../docs/docs.html"))
}

/// The script of the page.
#[utoipa::path(get, path = "/api/docs/docs.js", tag = "docs",
    responses((status = 200, content_type = "text/javascript")))]
async fn script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("../docs/docs.js"))
}

/// The style of the page.
#[utoipa::path(get, path = "/api/docs/docs.css", tag = "docs", responses((status = 200, content_type = "text/css")))]
async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../docs/docs.css"))
}
