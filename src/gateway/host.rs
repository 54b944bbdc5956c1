//! The names under which the daemon may be reached. Refusing all others stops DNS rebinding: a web page whose name is
//! pointed at us still sends its own name.

use super::problem::Problem;
use axum::{
    extract::{Request, State},
    http::{StatusCode, header::HOST},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

/// Middleware: refuses requests for names that are not ours. `hosts` is in lower case.
pub async fn check(State(hosts): State<Arc<[String]>>, request: Request, next: Next) -> Response {
    match named(&request) {
        Some(names) if names.iter().all(|name| is_ours(name, &hosts)) => next.run(request).await,
        Some(_) => Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "host_not_allowed",
            "The daemon does not answer under this name. Add it to `server.hosts` in the configuration.",
        )
        .into_response(),
        None => Problem::bad_request("The request has to name its host exactly once.").into_response(),
    }
}

/// The name of the `Host` header, and that of the request line where it has one (RFC 9112 §3.2.2).
fn named(request: &Request) -> Option<Vec<String>> {
    let mut lines = request.headers().get_all(HOST).iter();
    let header = lines.next().filter(|_| lines.next().is_none())?.to_str().ok()?;
    let line = request.uri().authority().map(|authority| authority.as_str());
    [Some(header), line]
        .into_iter()
        .flatten()
        .map(|authority| name_of(authority).map(str::to_ascii_lowercase))
        .collect()
}

/// An authority without its port; IPv6 addresses keep their brackets.
fn name_of(authority: &str) -> Option<&str> {
    let (name, port) = match authority.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port),
        _ => (authority, ""),
    };
    (!name.is_empty() && port.bytes().all(|digit| digit.is_ascii_digit())).then_some(name)
}

/// Names cannot be made of addresses, so every address is fine.
fn is_ours(name: &str, hosts: &[String]) -> bool {
    let ipv6 = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    if ipv6.map_or(name.parse::<IpAddr>().is_ok(), |ip| ip.parse::<Ipv6Addr>().is_ok()) {
        return true;
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    name == "localhost" || hosts.iter().any(|host| host == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_localhost_and_configured_names_are_ours() {
        let hosts = ["tv.example".to_owned()];
        for (authority, expected) in [
            ("localhost", true),
            ("localhost:7878", true),
            ("127.0.0.1:7878", true),
            ("192.168.1.5", true),
            ("[::1]", true),
            ("[::1]:7878", true),
            ("[2001:db8::5]:7878", true),
            ("tv.example", true),
            ("tv.example.", true),
            ("TV.Example:443", true),
            ("evil.example", false),
            ("tv.example.evil.example", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("127.0.0.1@evil.example", false),
            ("[::1].evil.example", false),
            ("tv.example:80:80", false),
            ("tv.example:x", false),
            (":80", false),
            ("", false),
        ] {
            let allowed = name_of(authority).is_some_and(|name| is_ours(&name.to_ascii_lowercase(), &hosts));
            assert_eq!(allowed, expected, "{authority}");
        }
    }
}
