//! Byte ranges and conditional requests (RFC 9110 §13–14), beside nginx serving the same file.

use crate::support::{
    app::{Client, TestApp},
    film,
    metainfo::Torrent,
    nginx::Nginx,
    peer::{Script, ScriptedPeer},
};
use reqwest::{Method, Response, StatusCode, header};
use sha2::{Digest, Sha256};

const SIZE: usize = 300_000;

/// A request's method and headers; `OWN` stands for the entity tag the asked server gives the file.
type Case = (Method, &'static [(&'static str, &'static str)]);

/// Where RFC 9110 leaves no choice, the two must agree.
const NO_CHOICE: &[Case] = &[
    (Method::GET, &[]),
    (Method::HEAD, &[]),
    (Method::GET, &[("range", "bytes=0-0")]),
    (Method::GET, &[("range", "bytes=0-99")]),
    (Method::GET, &[("range", "bytes=100-199")]),
    (Method::GET, &[("range", "bytes=0-")]),
    (Method::GET, &[("range", "bytes=150000-")]),
    (Method::GET, &[("range", "bytes=299999-")]),
    (Method::GET, &[("range", "bytes=299999-299999")]),
    (Method::GET, &[("range", "bytes=299990-300010")]),
    (Method::GET, &[("range", "bytes=0-99999999999")]),
    (Method::GET, &[("range", "bytes=-1")]),
    (Method::GET, &[("range", "bytes=-500")]),
    (Method::GET, &[("range", "bytes=-300000")]),
    (Method::GET, &[("range", "bytes=-300001")]),
    (Method::GET, &[("range", "bytes=300000-")]),
    (Method::GET, &[("range", "bytes=300000-300001")]),
    (Method::GET, &[("range", "items=0-5")]),
    (Method::GET, &[("if-none-match", "OWN")]),
    (Method::GET, &[("if-none-match", "\"other\"")]),
    (Method::GET, &[("if-none-match", "\"other\", OWN")]),
    (Method::GET, &[("if-none-match", "*")]),
    (Method::HEAD, &[("if-none-match", "OWN")]),
    (Method::GET, &[("if-none-match", "OWN"), ("range", "bytes=0-99")]),
    (Method::GET, &[("if-match", "OWN")]),
    (Method::GET, &[("if-match", "\"other\"")]),
    (Method::GET, &[("if-match", "*")]),
    (Method::GET, &[("if-match", "\"other\""), ("range", "bytes=0-99")]),
    (Method::GET, &[("if-range", "OWN"), ("range", "bytes=0-99")]),
    (Method::GET, &[("if-range", "\"other\""), ("range", "bytes=0-99")]),
];

/// Where there is a choice, or nginx takes a liberty: what we answer.
const OUR_CHOICE: &[(Case, u16)] = &[
    // An invalid range is ignored.
    ((Method::GET, &[("range", "bytes=5-4")]), 200),
    ((Method::GET, &[("range", "bytes=abc")]), 200),
    ((Method::GET, &[("range", "bytes=")]), 200),
    // An empty suffix satisfies nothing.
    ((Method::GET, &[("range", "bytes=-0")]), 416),
    // Never several parts: one whole answer instead, or one range where they touch.
    ((Method::GET, &[("range", "bytes=0-99,1000-1099")]), 200),
    ((Method::GET, &[("range", "bytes=0-99,50-149")]), 206),
    // Ranges are defined for GET alone (§14.2).
    ((Method::HEAD, &[("range", "bytes=0-99")]), 200),
    // If-Range takes strong validators only (§13.1.5).
    ((Method::GET, &[("if-range", "W/OWN"), ("range", "bytes=0-99")]), 200),
];

/// What both have to agree on.
#[derive(Debug, PartialEq)]
struct Essence {
    status: StatusCode,
    content_range: Option<String>,
    length: Option<String>,
    body: Vec<u8>,
}

async fn ask(client: &Client, url: &str, (method, headers): &Case) -> Response {
    let own = client.request_url(Method::HEAD, url).send().await.unwrap().headers()[header::ETAG].clone();
    let mut request = client.request_url(method.clone(), url);
    for (name, value) in *headers {
        request = request.header(*name, value.replace("OWN", own.to_str().unwrap()));
    }
    request.send().await.unwrap()
}

async fn essence(client: &Client, url: &str, case: &Case) -> Essence {
    let response = ask(client, url, case).await;
    let status = response.status();
    let value = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (content_range, length) = (value(header::CONTENT_RANGE), value(header::CONTENT_LENGTH));
    let body = response.bytes().await.unwrap();
    // What an error or a 304 says in its body, and how long that is, is each server's own affair.
    let is_content = status.is_success();
    let body = if is_content { Sha256::digest(&body).to_vec() } else { Vec::new() };
    Essence { status, content_range, length: length.filter(|_| is_content), body }
}

async fn compare(is_complete: bool) {
    let path = film::noise_file(SIZE, 3);
    let nginx = Nginx::start(path.parent().unwrap()).await;
    let theirs = nginx.url(path.file_name().unwrap().to_str().unwrap());
    let torrent = Torrent::of_file(&path, 16 * 1024, &[]);
    let seeder = ScriptedPeer::start(&torrent, &path, Script::SERVE).await;
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let movie = admin.open_magnet(&torrent.magnet(&[seeder.address()])).await;
    let stream = admin.play(movie).await["stream_url"].as_str().unwrap().to_owned();
    if is_complete {
        admin.read(&stream, "0-").await;
    }
    let ours = admin.url(&stream);
    for case in NO_CHOICE {
        let (ours, theirs) = (essence(&admin, &ours, case).await, essence(&admin, &theirs, case).await);
        assert_eq!(ours, theirs, "{case:?}");
    }
    for (case, status) in OUR_CHOICE {
        assert_eq!(ask(&admin, &ours, case).await.status(), *status, "{case:?}");
    }
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_that_downloads_answers_ranges_as_nginx_does() {
    compare(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finished_film_answers_ranges_as_nginx_does() {
    compare(true).await;
}
