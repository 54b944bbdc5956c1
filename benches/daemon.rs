//! What belongs to the daemon alone, measured from outside: a finished film's bytes beside nginx, the catalog's answers,
//! start-up and memory. `make bench` runs it; it needs nginx and no root. Only ratios within one run mean anything.

#[allow(dead_code)]
#[path = "../tests/it/support"]
mod support {
    pub mod app;
    pub mod daemon;
    pub mod eventually;
    pub mod film;
    pub mod loopback;
    pub mod metainfo;
    pub mod nginx;
    pub mod process;
    pub mod tmdb;
}

use serde_json::{Value, json};
use std::{
    fs,
    process::Stdio,
    time::{Duration, Instant},
};
use support::{
    app::Client,
    daemon::Daemon,
    film,
    metainfo::Torrent,
    nginx::Nginx,
    tmdb::{EPISODES, GENRES, SEASONS, TOKEN, TmdbStandIn},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

const FILM_BYTES: usize = 512 * 1024 * 1024;
const PIECE_BYTES: u32 = 1024 * 1024;
const ROUNDS: usize = 5;
const LOAD_TIME: Duration = Duration::from_secs(2);

#[tokio::main]
async fn main() {
    start_up().await;
    large_catalog().await;
    first_sync().await;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("film.mp4");
    fs::write(&path, film::noise(FILM_BYTES, 1)).unwrap();
    let nginx = Nginx::start(folder.path()).await;
    let torrent = Torrent::of_file(&path, PIECE_BYTES, &[]);

    let data = TempDir::new().unwrap();
    let kept = data.path().join("torrents").join(torrent.info_hash.to_string());
    fs::create_dir_all(&kept).unwrap();
    fs::copy(&path, kept.join("0")).unwrap();
    let mut daemon = Daemon::start(&data).await;
    let mut client = daemon.client();
    client.set_up(&daemon.setup_token().await).await;
    println!("idle: {:.0} MiB resident", memory_mib(daemon.pid()));

    catalog(&client).await;
    let movie = client.open_torrent(&torrent.bytes).await;
    finished(&client, movie).await;
    warmed(&client, movie).await;
    let stream = client.play(movie).await["stream_url"].as_str().unwrap().to_owned();
    film_bytes(&client.url(&stream), &nginx.url("film.mp4"), &daemon, &nginx).await;
    ranges(&client.url(&stream), &nginx.url("film.mp4")).await;
}

async fn start_up() {
    let mut took = Vec::new();
    for _ in 0..ROUNDS {
        let data = TempDir::new().unwrap();
        let first = Daemon::start(&data).await;
        first.kill().await;
        let again = Daemon::start(&data).await;
        took.push(again.start_up);
        again.kill().await;
    }
    println!("start to ready: {:.0} ms", ms(percentile(&mut took, 50)));
}

/// Opens the film that is on disk already, and waits until all of it has been hashed.
async fn finished(client: &Client, movie: i64) {
    let playback = client.play(movie).await;
    let status = format!("/api/v1/playback/{}/status", playback["id"].as_str().unwrap());
    loop {
        let now = client.get(&status).await.body;
        if now["state"] == "complete" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// From pressing Play to the first byte of a film that is on disk and active.
async fn warmed(client: &Client, movie: i64) {
    let mut times = Vec::new();
    for _ in 0..50 {
        let asked = Instant::now();
        let playback = client.play(movie).await;
        first_byte(&client.url(playback["stream_url"].as_str().unwrap()), 0).await;
        times.push(asked.elapsed());
    }
    println!(
        "Play of a warmed title to 1 MiB of it: p50 {:.1} ms, p99 {:.1} ms",
        ms(percentile(&mut times, 50)),
        ms(percentile(&mut times, 99))
    );
}

async fn film_bytes(ours: &str, theirs: &str, daemon: &Daemon, nginx: &Nginx) {
    let (mut our_rates, mut their_rates) = (Vec::new(), Vec::new());
    let (mut our_cpu, mut their_cpu) = (0.0, 0.0);
    // One turn to warm the page cache, then turn about, so that a noisy moment hits both.
    read_whole(ours).await;
    read_whole(theirs).await;
    for _ in 0..ROUNDS {
        let before = cpu_seconds(daemon.pid());
        our_rates.push(read_whole(ours).await);
        our_cpu += cpu_seconds(daemon.pid()) - before;
        let before = cpu_seconds(nginx.pid());
        their_rates.push(read_whole(theirs).await);
        their_cpu += cpu_seconds(nginx.pid()) - before;
    }
    let gigabytes = (FILM_BYTES * ROUNDS) as f64 / 1e9;
    let (ours, theirs) = (percentile(&mut our_rates, 50), percentile(&mut their_rates, 50));
    let rate = |took: Duration| FILM_BYTES as f64 / 1e6 / took.as_secs_f64();
    println!(
        "finished film: {:.0} MB/s and {:.2} CPU s/GB; nginx {:.0} MB/s and {:.2} CPU s/GB",
        rate(ours),
        our_cpu / gigabytes,
        rate(theirs),
        their_cpu / gigabytes
    );
    println!("after streaming: {:.0} MiB resident", memory_mib(daemon.pid()));
}

async fn ranges(ours: &str, theirs: &str) {
    let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
    for number in 0..200usize {
        let start = number.wrapping_mul(2_654_435_761) % (FILM_BYTES - (1 << 20));
        our_times.push(first_byte(ours, start).await);
        their_times.push(first_byte(theirs, start).await);
    }
    println!(
        "1 MiB ranges, first byte p50 / p99: {:.2} / {:.2} ms; nginx {:.2} / {:.2} ms",
        ms(percentile(&mut our_times, 50)),
        ms(percentile(&mut our_times, 99)),
        ms(percentile(&mut their_times, 50)),
        ms(percentile(&mut their_times, 99))
    );
}

async fn catalog(client: &Client) {
    let home = client.get("/api/v1/home").await.body;
    let movie = home["rows"][0]["items"][0]["id"].as_i64().unwrap();
    let body = json!({"position_ms": 1_000, "duration_ms": 60_000});
    client.put(&format!("/api/v1/progress/movies/{movie}"), &body).await;
    for path in ["/api/v1/home".to_owned(), format!("/api/v1/movies/{movie}")] {
        for connections in [1, 32] {
            let mut times = load(client, &path, connections).await;
            let per_second = times.len() as f64 / LOAD_TIME.as_secs_f64();
            println!(
                "GET {path}, {connections} at a time: p50 {:.2} ms, p99 {:.2} ms, {per_second:.0} a second",
                ms(percentile(&mut times, 50)),
                ms(percentile(&mut times, 99))
            );
        }
    }
}

/// 20,000 films, 2,000 shows and 60,000 episodes.
async fn large_catalog() {
    let data = TempDir::new().unwrap();
    let mut daemon = Daemon::start(&data).await;
    let mut client = daemon.client();
    client.set_up(&daemon.setup_token().await).await;
    daemon.signal("TERM").await;
    daemon.ended().await;
    let file = miauflix::app::database_file(&support::app::config(&data)).unwrap();
    rusqlite::Connection::open(file)
        .unwrap()
        .execute_batch(include_str!("../tests/it/support/large_catalog.sql"))
        .unwrap();

    let daemon = Daemon::start(&data).await;
    println!("large catalog: ready after {:.0} ms", ms(daemon.start_up));
    let mut client = daemon.client();
    client.sign_in("ada").await;
    let paths = [
        "home",
        "shows/1000",
        "shows/1000/seasons/2",
        "movies?sort=popular",
        "movies?sort=title&genre=18&min_rating=5",
        "search?q=h",
        "search?q=har",
        "search?q=the",
        "search?q=harbuor",
        "search?q=the%20long%20whisp",
    ];
    for path in paths {
        let mut times = load(&client, &format!("/api/v1/{path}"), 1).await;
        println!(
            "large catalog, GET {path}: p50 {:.2} ms, p99 {:.2} ms",
            ms(percentile(&mut times, 50)),
            ms(percentile(&mut times, 99))
        );
    }
    println!("large catalog: {:.0} MiB resident", memory_mib(daemon.pid()));
    daemon.kill().await;
}

/// From an empty catalog to all that a film database has, as fast as it lets us ask; and what home and a stream feel of it.
async fn first_sync() {
    let (films, shows, of_genre) = (100, 60, [100, 15]);
    let database = TmdbStandIn::with_genres(films, shows, of_genre).await;
    let data = TempDir::new().unwrap();
    let settings = [
        ("MIAUFLIX_TMDB__TOKEN", TOKEN),
        ("MIAUFLIX_TMDB__API_URL", &*database.api_url),
        ("MIAUFLIX_TMDB__IMAGES_URL", &*database.images_url),
    ];
    let began = Instant::now();
    let mut daemon = Daemon::start_with(&data, &settings, Stdio::inherit()).await;
    let mut client = daemon.client();
    client.set_up(&daemon.setup_token().await).await;
    // Genres of films and of shows, four lists of each and one for each genre, and then each title and season once.
    let pages = |titles: usize| titles.div_ceil(20);
    let lists = 2 + 4 * (pages(films) + pages(shows)) + GENRES.len() * (pages(of_genre[0]) + pages(of_genre[1]));
    let (films, shows) = (films + GENRES.len() * of_genre[0], shows + GENRES.len() * of_genre[1]);
    let (seasons, least) = (shows * (SEASONS + 1), lists + films + shows + shows * (SEASONS + 1));

    let mut during = Felt::of(&client, || database.requests() < least).await;
    let took = began.elapsed();
    tokio::time::sleep(Duration::from_secs(2)).await;
    println!(
        "first sync of {films} films, {shows} shows, {seasons} seasons of {EPISODES} episodes: {} requests (at least {least}) \
         in {:.1} s (at 40 a second {:.1} s)",
        database.requests(),
        took.as_secs_f64(),
        least as f64 / 40.0
    );
    let until = Instant::now() + 2 * LOAD_TIME;
    let mut after = Felt::of(&client, || Instant::now() < until).await;
    let line = |times: &mut [Duration]| format!("{:.2} / {:.2}", ms(percentile(times, 50)), ms(percentile(times, 99)));
    println!(
        "home p50 / p99: {} ms during it, {} ms after; 1 MiB of a stream: {} ms during it, {} ms after",
        line(&mut during.home),
        line(&mut after.home),
        line(&mut during.stream),
        line(&mut after.stream)
    );
    daemon.kill().await;
    let before = database.requests();
    let again = Daemon::start_with(&data, &settings, Stdio::inherit()).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    println!("after a restart: {} requests", database.requests() - before);
    again.kill().await;
}

/// How long answers took that somebody waited for.
struct Felt {
    home: Vec<Duration>,
    stream: Vec<Duration>,
}

impl Felt {
    /// Asks for home and reads a film by the mebibyte, as long as `goes_on`.
    async fn of(client: &Client, goes_on: impl Fn() -> bool) -> Self {
        let movie = client.playback_check().await;
        let stream = client.play(movie).await["stream_url"].as_str().unwrap().to_owned();
        let mut felt = Self { home: Vec::new(), stream: Vec::new() };
        while goes_on() {
            let asked = Instant::now();
            client.get("/api/v1/home").await.expect(reqwest::StatusCode::OK);
            felt.home.push(asked.elapsed());
            let asked = Instant::now();
            assert_eq!(client.read(&stream, "0-1048575").await.len(), 1 << 20);
            felt.stream.push(asked.elapsed());
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        felt
    }
}

/// Asks for `path` over `connections` connections for a while; how long each answer took.
async fn load(client: &Client, path: &str, connections: usize) -> Vec<Duration> {
    let mut askers = JoinSet::new();
    for _ in 0..connections {
        let (client, path) = (client.clone(), path.to_owned());
        askers.spawn(async move {
            let (until, mut times) = (Instant::now() + LOAD_TIME, Vec::new());
            while Instant::now() < until {
                let asked = Instant::now();
                let answer: Value = client.get(&path).await.expect(reqwest::StatusCode::OK);
                times.push(asked.elapsed());
                assert!(answer.is_object());
            }
            times
        });
    }
    askers.join_all().await.concat()
}

/// Reads everything behind an address over a connection of its own.
async fn read_whole(url: &str) -> Duration {
    let asked = Instant::now();
    let (mut connection, mut read) = ask(url, "").await;
    let mut buffer = vec![0; 1 << 20];
    while read < FILM_BYTES {
        let count = connection.read(&mut buffer).await.unwrap();
        assert!(count > 0, "the body ended after {read} bytes");
        read += count;
    }
    asked.elapsed()
}

/// How long until the first byte of one mebibyte from `start` comes; reads it all.
async fn first_byte(url: &str, start: usize) -> Duration {
    let asked = Instant::now();
    let range = format!("Range: bytes={start}-{}\r\n", start + (1 << 20) - 1);
    let (mut connection, mut read) = ask(url, &range).await;
    let mut buffer = vec![0; 1 << 18];
    if read == 0 {
        read = connection.read(&mut buffer).await.unwrap();
    }
    let took = asked.elapsed();
    while read < 1 << 20 {
        read += connection.read(&mut buffer).await.unwrap();
    }
    took
}

/// Sends a request and reads up to the end of the answer's head; the connection and how much of the body came along.
async fn ask(url: &str, headers: &str) -> (TcpStream, usize) {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut connection = TcpStream::connect(host).await.unwrap();
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\n{headers}Connection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::with_capacity(1 << 16);
    loop {
        connection.read_buf(&mut head).await.unwrap();
        if let Some(end) = head.windows(4).position(|window| window == b"\r\n\r\n") {
            let status = String::from_utf8_lossy(&head[..15]);
            assert!(status.contains(" 20"), "{status}");
            return (connection, head.len() - end - 4);
        }
    }
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort();
    times[(times.len() - 1) * percent / 100]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// User and system time of a process so far; the kernel counts in ticks of 10 ms.
fn cpu_seconds(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks = |field: usize| fields[field].parse::<f64>().unwrap();
    (ticks(11) + ticks(12)) / 100.0
}

fn memory_mib(pid: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}
