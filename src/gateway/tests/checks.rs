//! What happens to a request before a handler sees it, and to its answer afterwards.

use super::house::House;
use axum::{body::Body, http::Request};
use bytes::Bytes;
use std::{convert::Infallible, time::Duration};

#[tokio::test]
async fn names_that_are_not_ours_are_refused_on_every_kind_of_address() {
    let house = House::with(|settings| settings.server.hosts = vec!["TV.example".to_owned()]).await;
    for path in ["/", "/api/v1/health", "/stream/x", "/nothing"] {
        let get = |host: &'static str| Request::get(path).header("host", host).body(Body::empty()).unwrap();
        let refused = house.answer(get("rebound.example")).await;
        assert_eq!((refused.status(), &*refused.code()), (421, "host_not_allowed"), "{path}");
        assert_ne!(house.answer(get("tv.example")).await.status(), 421, "{path}");
    }
}

#[tokio::test]
async fn a_request_line_may_not_name_another_host_than_the_header() {
    let house = House::new().await;
    let request = Request::get("http://rebound.example/api/v1/health").header("host", "localhost");
    assert_eq!(house.answer(request.body(Body::empty()).unwrap()).await.status(), 421);
}

#[tokio::test]
async fn a_request_names_its_host_once() {
    let house = House::new().await;
    let request = Request::get("/").header("host", "localhost").header("host", "localhost");
    assert_eq!(house.answer(request.body(Body::empty()).unwrap()).await.status(), 400);
}

#[tokio::test]
async fn other_pages_change_nothing_even_with_the_users_cookies() {
    let house = House::new().await;
    for (method, path) in [("POST", "/api/v1/auth/logout"), ("DELETE", "/api/v1/users/1"), ("PATCH", "/api/v1/me")] {
        let request = Request::builder().method(method).uri(path).header("origin", "https://evil.example");
        let answer = house.answer(request.body(Body::empty()).unwrap()).await;
        assert_eq!((answer.status(), &*answer.code()), (403, "cross_origin"), "{method} {path}");
    }
}

#[tokio::test]
async fn a_form_cannot_be_sent_here() {
    let house = House::new().await;
    let request = Request::post("/api/v1/auth/login").header("content-type", "text/plain");
    let answer = house.answer(request.body("{\"username\":\"a\",\"password\":\"b\"}".into()).unwrap()).await;
    assert_eq!((answer.status(), &*answer.code()), (415, "unsupported_media_type"));
}

#[tokio::test]
async fn a_handler_that_panics_answers_500_and_the_next_request_is_fine() {
    let house = House::new().await;
    let answer = house.call("GET", "/stream/panic", None, None).await;
    assert_eq!((answer.status(), &*answer.code()), (500, "internal"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(house.call("GET", "/api/v1/health", None, None).await.status(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_never_comes_is_not_waited_for() {
    let house = House::with(|settings| settings.request_timeout = Duration::from_secs(20)).await;
    let never = futures::stream::pending::<Result<Bytes, Infallible>>();
    let request = Request::post("/api/v1/auth/login").header("content-type", "application/json");
    let answer = house.answer(request.body(Body::from_stream(never)).unwrap()).await;
    assert_eq!((answer.status(), &*answer.code()), (504, "timeout"));
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_and_so_is_a_wrong_method() {
    let house = House::new().await;
    let missing = house.call("GET", "/api/v1/nothing", None, None).await;
    assert_eq!((missing.status(), &*missing.code()), (404, "not_found"));
    assert_eq!(missing.header("content-type"), Some("application/problem+json"));
    let wrong = house.call("DELETE", "/api/v1/health", None, None).await;
    assert_eq!((wrong.status(), &*wrong.code()), (405, "method_not_allowed"));
    assert_eq!(wrong.header("allow"), Some("GET,HEAD"));
}

#[tokio::test]
async fn api_answers_are_kept_nowhere_and_nothing_may_embed_or_sniff_us() {
    let house = House::new().await;
    let policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
        media-src 'self' blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; \
        form-action 'none'; frame-ancestors 'none'";
    for (path, cache) in
        [("/api/v1/health", Some("no-store")), ("/api/v1/me", Some("no-store")), ("/api/docs", Some("no-store"))]
    {
        let answer = house.call("GET", path, None, None).await;
        assert_eq!(answer.header("cache-control"), cache, "{path}");
        assert_eq!(answer.header("content-security-policy"), Some(policy), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
    }
}
