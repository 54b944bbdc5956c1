//! Where a request really comes from. What proxies say counts only when the proxy is a configured one.

use super::{connection::Connection, problem::Problem};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, request::Parts},
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// The client behind a request; among the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    pub ip: IpAddr,
    /// The browser came by https, as a trusted proxy says.
    pub is_https: bool,
}

/// Middleware: puts the [`Client`] into the request's extensions.
pub async fn find(State(proxies): State<Arc<[IpNet]>>, mut request: Request, next: Next) -> Response {
    if let Some(connection) = request.extensions().get::<Connection>() {
        let client = behind(connection.peer.ip(), request.headers(), &proxies);
        request.extensions_mut().insert(client);
    }
    next.run(request).await
}

/// Walks `X-Forwarded-For` from the right, where the proxy nearest to us wrote, past every proxy we trust.
fn behind(peer: IpAddr, headers: &HeaderMap, proxies: &[IpNet]) -> Client {
    let is_trusted = |ip: IpAddr| proxies.iter().any(|proxy| proxy.contains(&ip));
    if !is_trusted(peer) {
        return Client { ip: peer, is_https: false };
    }
    let mut ip = peer;
    for hop in list(headers, "x-forwarded-for").rev() {
        // Whatever is left of something unreadable was written by nobody we know.
        let Some(before) = address(hop) else { break };
        ip = before;
        if !is_trusted(ip) {
            break;
        }
    }
    let is_https =
        list(headers, "x-forwarded-proto").next_back().is_some_and(|proto| proto.eq_ignore_ascii_case("https"));
    Client { ip, is_https }
}

fn list<'headers>(headers: &'headers HeaderMap, name: &str) -> impl DoubleEndedIterator<Item = &'headers str> {
    headers.get_all(name).iter().flat_map(|line| line.to_str().unwrap_or("?").split(',')).map(str::trim)
}

fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let ip = bare.parse().ok().or_else(|| text.parse().ok().map(|address: SocketAddr| address.ip()));
    ip.map(|ip: IpAddr| ip.to_canonical())
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get().copied().ok_or_else(Problem::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed_and_from_the_right() {
        let proxies: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        let cases = [
            ("203.0.113.9", "1.1.1.1", "203.0.113.9"),
            ("10.0.0.1", "1.1.1.1", "1.1.1.1"),
            ("10.0.0.1", "6.6.6.6, 1.1.1.1", "1.1.1.1"),
            ("10.0.0.1", "6.6.6.6, 1.1.1.1, 10.0.0.2", "1.1.1.1"),
            ("10.0.0.1", "6.6.6.6, junk, 10.0.0.2", "10.0.0.2"),
            ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", "1.1.1.1:4711", "1.1.1.1"),
            ("::1", "[2001:db8::1]:4711", "2001:db8::1"),
            ("::1", "[2001:db8::1]", "2001:db8::1"),
            ("::1", "::ffff:1.1.1.1", "1.1.1.1"),
        ];
        for (peer, forwarded, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            let client = behind(peer.parse().unwrap(), &headers, &proxies);
            assert_eq!(client.ip.to_string(), expected, "{peer} says {forwarded:?}");
        }
    }

    #[test]
    fn https_counts_only_when_a_trusted_proxy_says_so_last() {
        let proxies: Vec<IpNet> = vec!["10.0.0.1/32".parse().unwrap()];
        for (peer, proto, expected) in [
            ("10.0.0.1", "https", true),
            ("10.0.0.1", "https, http", false),
            ("10.0.0.1", "http", false),
            ("10.0.0.2", "https", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-proto", proto.parse().unwrap());
            assert_eq!(behind(peer.parse().unwrap(), &headers, &proxies).is_https, expected, "{peer} {proto}");
        }
    }
}
