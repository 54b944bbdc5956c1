//! Byte ranges and conditions over the whole stream path.

use super::{films::Film, house::House};
use axum::{body::Body, http::Request};
use std::sync::atomic::Ordering;

/// One case a line: `METHOD | headers, by ; | status | Content-Range | bytes of the body`. The file has 1000 bytes;
/// `{etag}` stands for its tag.
const CASES: &str = include_str!("range_cases.txt");
const ETAG: &str = "\"dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c-0\"";

#[tokio::test]
async fn every_range_and_condition_is_answered_as_rfc_9110_says() {
    let house = House::new().await;
    let film = house.films.put("t", Film::whole(1000));
    let cases: Vec<&str> = CASES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert!(cases.len() >= 27, "{} cases", cases.len());
    for case in cases {
        let columns: Vec<&str> = case.split('|').map(str::trim).collect();
        let [method, headers, status, content_range, body] = columns[..] else { panic!("{case}") };
        let mut request = Request::builder().method(method).uri("/stream/t");
        for line in headers.split(';').filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':').unwrap();
            request = request.header(name.trim(), value.trim().replace("{etag}", ETAG));
        }
        let leases_before = film.counts.leases.load(Ordering::SeqCst);
        let answer = house.answer(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status().to_string(), status, "{case}");
        assert_eq!(answer.header("content-range").unwrap_or("-"), content_range, "{case}");
        assert_eq!(answer.header("accept-ranges"), Some("bytes"), "{case}");
        assert_eq!(answer.header("etag"), Some(ETAG), "{case}");
        assert_eq!(answer.header("cache-control"), Some("private, no-store"), "{case}");
        let takes_lease = film.counts.leases.load(Ordering::SeqCst) - leases_before;
        match body {
            "-" => assert_eq!((answer.bytes.len(), takes_lease), (0, 0), "{case}"),
            "problem" => {
                assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{case}");
                assert_eq!(takes_lease, 0, "{case}");
            }
            range => {
                let (start, end) = range.split_once("..").unwrap();
                let bytes = Film::bytes(start.parse().unwrap()..end.parse().unwrap());
                assert!(answer.bytes == bytes, "{case}: {} bytes", answer.bytes.len());
                assert_eq!(answer.header("content-length"), Some(&*bytes.len().to_string()), "{case}");
                assert_eq!(takes_lease, 1, "{case}");
            }
        }
    }
    assert_eq!(film.counts.open_leases(), 0);
}

#[tokio::test]
async fn head_says_all_that_get_would_and_opens_nothing() {
    let house = House::new().await;
    let film = house.films.put("t", Film::whole(1000));
    let head = house.call("HEAD", "/stream/t", None, None).await;
    let get = house.call("GET", "/stream/t", None, None).await;
    for name in ["content-length", "content-type", "content-disposition", "accept-ranges", "etag", "cache-control"] {
        assert!(head.header(name).is_some(), "{name}");
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
    assert_eq!(head.header("content-disposition"), Some("inline; filename=\"Film.mp4\""));
    assert_eq!(head.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(film.counts.leases.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn several_chunks_come_out_in_order_and_whole() {
    let house = House::new().await;
    house.films.put("t", Film::whole(1_000_000));
    let request = Request::get("/stream/t").header("range", "bytes=123-999998");
    let answer = house.answer(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status(), 206);
    assert!(answer.bytes == Film::bytes(123..999_999));
}

#[tokio::test]
async fn an_empty_film_is_an_empty_answer() {
    let house = House::new().await;
    house.films.put("t", Film::whole(0));
    let answer = house.call("GET", "/stream/t", None, None).await;
    assert_eq!((answer.status(), answer.header("content-length"), answer.bytes.len()), (200, Some("0"), 0));
}

#[tokio::test]
async fn a_ticket_that_is_closed_is_a_401() {
    let house = House::new().await;
    let film = house.films.put("t", Film::whole(10));
    film.closed.cancel();
    let answer = house.call("GET", "/stream/t", None, None).await;
    assert_eq!((answer.status(), &*answer.code()), (401, "ticket_invalid"));
}
