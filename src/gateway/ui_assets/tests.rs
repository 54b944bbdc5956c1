use super::*;

/// A build as Vite leaves it.
fn built(path: &str) -> Option<Asset> {
    let bytes: &'static [u8] = match path {
        "index.html" => b"<index>",
        "assets/app-1a2b.js" => b"plain",
        "assets/app-1a2b.js.br" => b"brotli",
        "assets/app-1a2b.js.gz" => b"gzip",
        "favicon.svg" => b"<svg/>",
        _ => return None,
    };
    let mut sha256 = [0; 32];
    sha256[..bytes.len()].copy_from_slice(bytes);
    Some(Asset { bytes: Bytes::from_static(bytes), sha256 })
}

fn get(path: &str, headers: &[(&str, &str)]) -> Response {
    let request =
        headers.iter().fold(axum::http::Request::get(path), |request, (name, value)| request.header(*name, *value));
    answer(&request.body(Body::empty()).unwrap(), built)
}

const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

#[test]
fn a_page_of_the_app_is_the_index() {
    for path in ["/", "/index.html", "/movies/3", "/apiary", "/streams", "/a.b/c"] {
        let response = get(path, &[BROWSER]);
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(response.headers()[CONTENT_TYPE], "text/html; charset=utf-8", "{path}");
        assert_eq!(response.headers()[CACHE_CONTROL], "no-cache", "{path}");
    }
}

#[test]
fn what_is_missing_is_a_404_and_never_the_index() {
    let cases = [
        ("/assets/old-9z.js", BROWSER),
        ("/assets/app-1a2b.js.br", BROWSER),
        ("/logo.png", ("accept", "image/webp,*/*")),
        ("/movies/3", ("accept", "application/json")),
        ("/api/v1/nothing", BROWSER),
        ("/api", BROWSER),
        ("/stream/", BROWSER),
        ("/../Cargo.toml", ("accept", "*/*")),
    ];
    for (path, header) in cases {
        let response = get(path, &[header]);
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json", "{path}");
    }
}

#[test]
fn files_named_by_their_content_are_kept_for_ever() {
    let response = get("/assets/app-1a2b.js", &[]);
    assert_eq!(response.headers()[CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert_eq!(get("/favicon.svg", &[]).headers()[CACHE_CONTROL], "no-cache");
}

#[test]
fn the_smallest_encoding_the_client_takes_is_sent() {
    let encoding = |accepted| {
        let response = get("/assets/app-1a2b.js", &[("accept-encoding", accepted)]);
        assert_eq!(response.headers()[CONTENT_TYPE], "text/javascript; charset=utf-8");
        assert_eq!(response.headers()[VARY], "accept-encoding");
        response.headers().get(CONTENT_ENCODING).map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(encoding("gzip, br").as_deref(), Some("br"));
    assert_eq!(encoding("gzip").as_deref(), Some("gzip"));
    assert_eq!(encoding("identity"), None);
    let only_plain = get("/favicon.svg", &[("accept-encoding", "br")]);
    assert_eq!((only_plain.status(), only_plain.headers().get(CONTENT_ENCODING)), (StatusCode::OK, None));
}

#[test]
fn an_unchanged_index_is_a_304() {
    let etag = get("/", &[]).headers()[ETAG].to_str().unwrap().to_owned();
    let response = get("/", &[("if-none-match", &etag)]);
    assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(response.headers()[ETAG], etag);
}

#[test]
fn without_a_build_the_page_says_how_to_make_one() {
    let request = axum::http::Request::get("/").body(Body::empty()).unwrap();
    let response = answer(&request, |_| None);
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
}
