//! The web UI's files, embedded in the binary. What no route takes ends up here.
//!
//! Files under `/assets/` carry a hash of their content in their name and may be kept for ever; all others are asked
//! for again each time, by entity tag. A page of the app that somebody opens directly is `index.html`.

mod encoding;

use super::{
    conditional::{self, Verdict},
    problem::Problem,
};
use axum::{
    body::Body,
    extract::Request,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{ACCEPT, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY},
    },
    response::{Html, IntoResponse, Response},
};
use bytes::Bytes;
use encoding::Encoding;
use rust_embed::RustEmbed;
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "ui/dist"]
#[allow_missing = true]
struct Dist;

const INDEX: &str = "index.html";
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><title>Miauflix</title><h1>Miauflix runs</h1>\
    <p>This build has no web UI. Build it with <code>npm ci &amp;&amp; npm run build</code> in <code>ui/</code>, then \
    build the daemon again. The API is described at <a href=\"/api/docs\">/api/docs</a>.</p></html>";

/// Answers from the embedded files.
pub async fn serve(request: Request) -> Response {
    answer(&request, |path| {
        let file = Dist::get(path)?;
        let bytes = match file.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => bytes.into(),
        };
        Some(Asset { bytes, sha256: file.metadata.sha256_hash() })
    })
}

struct Asset {
    bytes: Bytes,
    sha256: [u8; 32],
}

fn answer(request: &Request, find: impl Fn(&str) -> Option<Asset>) -> Response {
    let path = request.uri().path();
    let is_reserved = ["/api", "/stream"]
        .iter()
        .any(|area| path.strip_prefix(area).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    if is_reserved || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::not_found().into_response();
    }
    let name = match path.trim_start_matches('/') {
        "" => INDEX,
        name => name,
    };
    if let Some(response) = file(name, request.headers(), &find) {
        return response;
    }
    if !is_page(name, request.headers()) {
        return Problem::not_found().into_response();
    }
    file(INDEX, request.headers(), &find).unwrap_or_else(|| (StatusCode::OK, Html(NOT_BUILT)).into_response())
}

/// Whether a browser navigates to a page of the app, rather than fetching a file that is missing.
fn is_page(name: &str, headers: &HeaderMap) -> bool {
    let accepts_html = headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.split(',').any(|kind| kind.trim_start().starts_with("text/html")));
    name == INDEX || accepts_html && !name.starts_with("assets/")
}

fn file(name: &str, headers: &HeaderMap, find: impl Fn(&str) -> Option<Asset>) -> Option<Response> {
    let content_type = content_type(name)?;
    let accepted = encoding::accepted(headers);
    let (encoding, asset) = accepted.into_iter().find_map(|encoding| {
        let stored = format!("{name}{}", encoding.suffix());
        Some((encoding, find(&stored)?))
    })?;
    let etag = format!("\"{}\"", hex::encode(&asset.sha256[..16]));
    let is_immutable = name.starts_with("assets/");
    let cache = if is_immutable { "public, max-age=31536000, immutable" } else { "no-cache" };

    let mut answer = HeaderMap::new();
    answer.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    answer.insert(ETAG, HeaderValue::try_from(&etag).ok()?);
    match conditional::weigh(headers, &etag) {
        Verdict::NotModified => return Some((StatusCode::NOT_MODIFIED, answer).into_response()),
        Verdict::Failed => return Some((StatusCode::PRECONDITION_FAILED, answer).into_response()),
        Verdict::Answer { .. } => {}
    }
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if encoding != Encoding::Identity {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
    }
    Some((answer, Body::from(asset.bytes)).into_response())
}

/// The kinds of files a build has; others, such as the compressed twins, cannot be asked for.
fn content_type(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
