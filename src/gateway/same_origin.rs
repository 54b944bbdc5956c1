//! Refuses requests that another web page makes in a user's browser (CSRF). Only unsafe methods change anything, so
//! only those are checked: where they come from, and that their body is of a kind no form can send.

use super::{client::Client, problem::Problem};
use axum::{
    extract::Request,
    http::{
        HeaderMap, Method, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, ORIGIN, TRANSFER_ENCODING},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

/// The one route that also takes raw bytes.
const TORRENTS: &str = "/api/v1/torrents";

/// Middleware: see the module.
pub async fn check(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let is_https = request.extensions().get::<Client>().is_some_and(|client| client.is_https);
    if !is_from_our_pages(request.headers(), is_https) {
        let detail = "Another web page tried to change something here. Open Miauflix itself to do it.";
        return Problem::new(StatusCode::FORBIDDEN, "cross_origin", detail).into_response();
    }
    let takes_torrents = request.method() == Method::POST && request.uri().path() == TORRENTS;
    if !is_body_allowed(request.headers(), takes_torrents) {
        let detail = "Send the body as `Content-Type: application/json`.";
        return Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail).into_response();
    }
    next.run(request).await
}

/// Browsers say where a request comes from; whoever says nothing is not a browser page, or so old that only the
/// content type and `SameSite` protect it.
fn is_from_our_pages(headers: &HeaderMap, is_https: bool) -> bool {
    let site_is_ours = headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
    site_is_ours && headers.get(ORIGIN).is_none_or(|origin| is_ours(origin.as_bytes(), headers, is_https))
}

fn is_ours(origin: &[u8], headers: &HeaderMap, is_https: bool) -> bool {
    let origin = std::str::from_utf8(origin).ok().and_then(|origin| origin.split_once("://"));
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let (Some((scheme, authority)), Some(host)) = (origin, host) else { return false };
    let default_port = match scheme {
        "https" => ":443",
        // A page that came by plain http may have been written by anybody on the way.
        "http" if !is_https => ":80",
        _ => return false,
    };
    let without_port = |authority: &str| authority.strip_suffix(default_port).unwrap_or(authority).to_ascii_lowercase();
    without_port(authority) == without_port(host)
}

fn is_body_allowed(headers: &HeaderMap, takes_torrents: bool) -> bool {
    let has_body = headers.contains_key(TRANSFER_ENCODING)
        || headers.get(CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0");
    let Some(content_type) = headers.get(CONTENT_TYPE) else { return !has_body };
    let essence = content_type.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        || takes_torrents && essence.eq_ignore_ascii_case("application/x-bittorrent")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_our_own_pages_and_programs_may_change_anything() {
        const HOST: (&str, &str) = ("host", "tv.example:7878");
        let cases: &[(&[(&str, &str)], bool)] = &[
            (&[HOST], true),
            (&[HOST, ("sec-fetch-site", "same-origin")], true),
            (&[HOST, ("sec-fetch-site", "none")], true),
            (&[HOST, ("sec-fetch-site", "same-site")], false),
            (&[HOST, ("sec-fetch-site", "cross-site")], false),
            (&[HOST, ("sec-fetch-site", "cross-site"), ("origin", "http://tv.example:7878")], false),
            (&[HOST, ("sec-fetch-site", "same-origin"), ("origin", "http://evil.example")], false),
            (&[HOST, ("origin", "http://tv.example:7878")], true),
            (&[HOST, ("origin", "http://TV.example:7878")], true),
            (&[HOST, ("origin", "http://tv.example")], false),
            (&[HOST, ("origin", "http://tv.example:1")], false),
            (&[HOST, ("origin", "http://tv.example:7878.evil.example")], false),
            (&[HOST, ("origin", "null")], false),
            (&[HOST, ("origin", "")], false),
            (&[HOST, ("origin", "file://tv.example:7878")], false),
            (&[("host", "tv.example"), ("origin", "https://tv.example:443")], true),
            (&[("host", "tv.example:443"), ("origin", "https://tv.example")], true),
            (&[("origin", "http://tv.example")], false),
        ];
        for (lines, expected) in cases {
            assert_eq!(is_from_our_pages(&headers(lines), false), *expected, "{lines:?}");
        }
    }

    #[test]
    fn behind_https_a_plain_http_page_is_not_ours() {
        let host = ("host", "tv.example");
        assert!(is_from_our_pages(&headers(&[host, ("origin", "https://tv.example")]), true));
        assert!(!is_from_our_pages(&headers(&[host, ("origin", "http://tv.example")]), true));
    }

    #[test]
    fn bodies_are_json_or_none_and_torrents_only_where_they_belong() {
        type Case = (&'static [(&'static str, &'static str)], bool, bool);
        let cases: &[Case] = &[
            (&[], true, true),
            (&[("content-length", "0")], true, true),
            (&[("content-length", "2")], false, false),
            (&[("transfer-encoding", "chunked")], false, false),
            (&[("content-type", "application/json"), ("content-length", "2")], true, true),
            (&[("content-type", "Application/JSON; charset=utf-8")], true, true),
            (&[("content-type", "application/jsonp")], false, false),
            (&[("content-type", "text/plain")], false, false),
            (&[("content-type", "text/plain; application/json")], false, false),
            (&[("content-type", "application/x-www-form-urlencoded")], false, false),
            (&[("content-type", "multipart/form-data; boundary=x")], false, false),
            (&[("content-type", "application/x-bittorrent")], false, true),
        ];
        for (lines, elsewhere, torrents) in cases {
            assert_eq!(is_body_allowed(&headers(lines), false), *elsewhere, "{lines:?}");
            assert_eq!(is_body_allowed(&headers(lines), true), *torrents, "{lines:?} for torrents");
        }
    }
}
