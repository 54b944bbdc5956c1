//! The two cookies of a signed-in browser. Scripts never see them (HttpOnly), other sites never send them
//! (SameSite=Strict).

use crate::auth::SignedIn;
use axum::http::{HeaderMap, HeaderValue, header::COOKIE, header::SET_COOKIE};
use secrecy::ExposeSecret;

pub const ACCESS: &str = "miauflix_access";
pub const REFRESH: &str = "miauflix_refresh";

const ACCESS_PATH: &str = "/";
const REFRESH_PATH: &str = "/api/v1/auth";

/// The value of a request's cookie.
pub fn read<'headers>(headers: &'headers HeaderMap, name: &str) -> Option<&'headers str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// Hands both tokens to the browser. `Secure` only where the browser came by https, or it would drop them.
pub fn set(headers: &mut HeaderMap, signed_in: &SignedIn, is_https: bool, now_ms: i64) {
    let access = signed_in.access_token.expose_secret();
    let refresh = signed_in.refresh_token.expose_secret();
    let cookies = [
        (ACCESS, access, ACCESS_PATH, signed_in.access_expires_at),
        (REFRESH, refresh, REFRESH_PATH, signed_in.refresh_expires_at),
    ];
    for (name, value, path, expires_at) in cookies {
        append(headers, name, value, path, (expires_at - now_ms).max(0) / 1000, is_https);
    }
}

/// Makes the browser forget both tokens.
pub fn clear(headers: &mut HeaderMap, is_https: bool) {
    for (name, path) in [(ACCESS, ACCESS_PATH), (REFRESH, REFRESH_PATH)] {
        append(headers, name, "", path, 0, is_https);
    }
}

fn append(headers: &mut HeaderMap, name: &str, value: &str, path: &str, max_age_s: i64, is_https: bool) {
    let secure = if is_https { "; Secure" } else { "" };
    let line = format!("{name}={value}; Path={path}; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}");
    match HeaderValue::try_from(line) {
        Ok(mut line) => {
            line.set_sensitive(true);
            headers.append(SET_COOKIE, line);
        }
        Err(_) => tracing::error!(cookie = name, "a token has characters that no cookie may have"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; miauflix_access=x=y"));
        headers.append(COOKIE, HeaderValue::from_static("miauflix_refresh=z"));
        assert_eq!(read(&headers, ACCESS), Some("x=y"));
        assert_eq!(read(&headers, REFRESH), Some("z"));
        assert_eq!(read(&headers, "miauflix"), None);
    }

    #[test]
    fn forgetting_covers_both_cookies_at_the_paths_they_were_set_for() {
        let mut headers = HeaderMap::new();
        clear(&mut headers, true);
        let lines: Vec<_> = headers.get_all(SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect();
        assert_eq!(
            lines,
            [
                "miauflix_access=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure",
                "miauflix_refresh=; Path=/api/v1/auth; Max-Age=0; HttpOnly; SameSite=Strict; Secure",
            ]
        );
    }
}
