//! What only shows on real sockets: limits, slow clients, streams that end early, stopping and restarting.

use super::{
    films::{Film, Then},
    house::{House, Served, supervise},
};
use crate::{gateway::start, supervision::ActorTree, supervision::NoObserver};
use std::{sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

const SOON: Duration = Duration::from_secs(2);

async fn connect(served: &Served) -> TcpStream {
    TcpStream::connect(served.bound.http).await.unwrap()
}

async fn send(served: &Served, head: &str) -> TcpStream {
    let mut stream = connect(served).await;
    stream.write_all(format!("{head}\r\nHost: localhost\r\n\r\n").as_bytes()).await.unwrap();
    stream
}

/// All that comes until the end; a reset is an end, too.
async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    bytes
}

/// Reads the head of an answer and one byte of its body at least.
async fn begin(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "{}", String::from_utf8_lossy(&bytes));
        if bytes.windows(4).position(|end| end == b"\r\n\r\n").is_some_and(|head| bytes.len() > head + 4) {
            return bytes;
        }
    }
}

fn body_of(answer: &[u8]) -> &[u8] {
    let head = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap();
    &answer[head + 4..]
}

async fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let waited = timeout(SOON, async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    waited.await.unwrap_or_else(|_| panic!("never: {what}"));
}

#[tokio::test]
async fn a_film_arrives_whole_and_the_connection_lives_on() {
    let house = House::new().await;
    house.films.put("t", Film::whole(3_000_000));
    let served = house.serve().await;
    let mut stream = connect(&served).await;
    for _ in 0..2 {
        stream.write_all(b"GET /stream/t HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        let mut answer = begin(&mut stream).await;
        while body_of(&answer).len() < 3_000_000 {
            assert!(stream.read_buf(&mut answer).await.unwrap() > 0);
        }
        assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
        assert!(body_of(&answer) == Film::bytes(0..3_000_000));
    }
    served.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_without_a_whole_request_is_closed_after_ten_seconds() {
    let house = House::new().await;
    let served = house.serve().await;
    let mut answered = send(&served, "GET /api/v1/health HTTP/1.1").await;
    begin(&mut answered).await;
    let silent = connect(&served).await;
    let mut dribbling = connect(&served).await;
    dribbling.write_all(b"GET / HTTP/1.1\r\nHost: loc").await.unwrap();
    let began = Instant::now();
    for (name, mut stream) in [("answered", answered), ("silent", silent), ("dribbling", dribbling)] {
        timeout(Duration::from_secs(60), rest(&mut stream)).await.expect(name);
        let waited = began.elapsed();
        assert!((Duration::from_secs(9)..Duration::from_secs(12)).contains(&waited), "{name}: {waited:?}");
    }
}

#[tokio::test]
async fn one_address_gets_no_more_connections_than_its_share() {
    let house = House::with(|settings| settings.server.max_connections_per_ip = 2).await;
    let served = house.serve().await;
    let mut open = Vec::new();
    for _ in 0..2 {
        let mut stream = send(&served, "GET /api/v1/health HTTP/1.1").await;
        assert!(begin(&mut stream).await.starts_with(b"HTTP/1.1 200"));
        open.push(stream);
    }
    let refused = rest(&mut connect(&served).await).await;
    assert!(refused.starts_with(b"HTTP/1.1 503 "), "{}", String::from_utf8_lossy(&refused));
    open.clear();
    let deadline = Instant::now() + SOON;
    loop {
        let mut stream = send(&served, "GET /api/v1/health HTTP/1.1").await;
        let mut first = [0; 12];
        if stream.read_exact(&mut first).await.is_ok() && &first == b"HTTP/1.1 200" {
            break;
        }
        assert!(Instant::now() < deadline, "closed connections still count");
    }
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let house = House::new().await;
    let served = house.serve().await;
    let mut stream = send(&served, &format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(40_000))).await;
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with(b"HTTP/1.1 431 "), "{}", String::from_utf8_lossy(&answer));
}

#[tokio::test]
async fn a_source_that_fails_leaves_the_answer_visibly_incomplete() {
    let house = House::new().await;
    let film = house.films.put("t", Film::partial(1_000_000, 300_000, Then::Fail));
    let served = house.serve().await;
    let mut stream = send(&served, "GET /stream/t HTTP/1.1").await;
    let answer = timeout(SOON, rest(&mut stream)).await.unwrap();
    assert!(answer.windows(23).any(|line| line == b"content-length: 1000000"));
    assert!(body_of(&answer) == Film::bytes(0..300_000));
    eventually("the lease is given back", || film.counts.open_leases() == 0).await;
}

#[tokio::test]
async fn a_client_that_goes_away_gives_its_lease_back() {
    let house = House::new().await;
    let film = house.films.put("t", Film::partial(1_000_000, 300_000, Then::Wait));
    let served = house.serve().await;
    let mut stream = send(&served, "GET /stream/t HTTP/1.1").await;
    begin(&mut stream).await;
    assert_eq!(film.counts.open_leases(), 1);
    drop(stream);
    eventually("the lease is given back", || film.counts.open_leases() == 0).await;
}

#[tokio::test]
async fn closing_a_playback_ends_a_stream_that_waits_for_pieces() {
    let house = House::new().await;
    let film = house.films.put("t", Film::partial(1_000_000, 300_000, Then::Wait));
    let served = house.serve().await;
    let mut stream = send(&served, "GET /stream/t HTTP/1.1").await;
    begin(&mut stream).await;
    film.closed.cancel();
    timeout(SOON, rest(&mut stream)).await.unwrap();
    eventually("the lease is given back", || film.counts.open_leases() == 0).await;
}

#[tokio::test]
async fn revoking_a_login_session_ends_a_stream_whose_player_is_paused() {
    let house = House::new().await;
    let root = house.set_up().await;
    let mut film = Film::whole(100_000_000);
    film.closed = house.auth.revocation(&root.session);
    let film = house.films.put("t", film);
    let served = house.serve().await;
    let mut paused = send(&served, "GET /stream/t HTTP/1.1").await;
    begin(&mut paused).await;
    house.auth.revoke(root.user.id, root.session.clone()).await.unwrap();
    eventually("the lease is given back", || film.counts.open_leases() == 0).await;
    let received = timeout(SOON, rest(&mut paused)).await.unwrap();
    assert!(received.len() < 100_000_000);
    let next = rest(&mut send(&served, "GET /stream/t HTTP/1.0").await).await;
    assert!(next.starts_with(b"HTTP/1.0 401 "), "{}", String::from_utf8_lossy(&next));
}

#[tokio::test]
async fn stopping_ends_streams_and_idle_connections_within_the_limit() {
    let house = House::new().await;
    let film = house.films.put("t", Film::partial(1_000_000, 300_000, Then::Wait));
    let served = house.serve().await;
    let mut stream = send(&served, "GET /stream/t HTTP/1.1").await;
    begin(&mut stream).await;
    let mut idle = send(&served, "GET /api/v1/health HTTP/1.1").await;
    begin(&mut idle).await;
    let began = Instant::now();
    served.stop().await;
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    timeout(SOON, rest(&mut stream)).await.unwrap();
    assert!(timeout(SOON, rest(&mut idle)).await.unwrap().is_empty());
    assert_eq!(film.counts.open_leases(), 0);
    assert!(TcpStream::connect(served.bound.http).await.is_err());
}

#[tokio::test]
async fn an_answer_under_way_is_finished_before_the_daemon_stops() {
    let house = House::new().await;
    let served = house.serve().await;
    let mut stream = connect(&served).await;
    let body = r#"{"username":"nobody","password":"nothing at all"}"#;
    let head = format!(
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&body.as_bytes()[..10]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let finish = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        stream.write_all(&body.as_bytes()[10..]).await.unwrap();
        rest(&mut stream).await
    };
    let ((), answer) = tokio::join!(served.stop(), finish);
    assert!(answer.starts_with(b"HTTP/1.1 401 "), "{}", String::from_utf8_lossy(&answer));
}

#[tokio::test]
async fn a_gateway_that_fell_comes_back_at_the_same_address() {
    let house = House::new().await;
    let served = house.serve().await;
    house.actors.kill("root/gateway");
    let restarts = || {
        let actors = house.concerns.actors.snapshot();
        actors.iter().find(|actor| actor.path == "root/gateway").map_or(0, |actor| actor.restarts)
    };
    eventually("it is restarted", || restarts() == 1).await;
    assert_eq!(served.handle.bound(), Some(served.bound));
    let mut stream = send(&served, "GET /api/v1/health HTTP/1.1").await;
    assert!(begin(&mut stream).await.starts_with(b"HTTP/1.1 200"));
}

#[tokio::test]
async fn an_address_in_use_is_fatal_and_says_what_to_do() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    let house = House::with(|settings| settings.server.listen = address).await;
    let (_, child) = start(&house.settings, house.concerns.clone(), None).unwrap();
    let error = supervise("root", vec![child], ActorTree::new(Arc::new(NoObserver))).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains(&format!("{address} is in use")) && text.contains("`server.listen`"), "{text}");
}

#[tokio::test]
async fn metrics_have_a_listener_of_their_own() {
    let house = House::with(|settings| settings.metrics.listen = Some("127.0.0.1:0".parse().unwrap())).await;
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let (handle, child) = start(&house.settings, house.concerns.clone(), Some(recorder.handle())).unwrap();
    supervise("root", vec![child], ActorTree::new(Arc::new(NoObserver))).await.unwrap();
    metrics::with_local_recorder(&recorder, || metrics::counter!("miauflix_test_total").increment(7));
    let address = handle.bound().unwrap().metrics.unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /metrics HTTP/1.0\r\nHost: x\r\n\r\n").await.unwrap();
    let answer = String::from_utf8(rest(&mut stream).await).unwrap();
    assert!(answer.contains("miauflix_test_total 7"), "{answer}");
    assert_eq!(house.call("GET", "/metrics", None, None).await.status(), 404);
}
