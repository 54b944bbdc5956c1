//! An HTTP tracker on loopback (BEP 3, compact answers of BEP 23, scrape of BEP 48) that tells tests who announced.

use super::loopback::LoopbackAddress;
use axum::{
    Router,
    extract::{ConnectInfo, RawQuery, State},
    http::StatusCode,
    routing::get,
};
use miauflix::domain::info_hash::InfoHash;
use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr, SocketAddrV4},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinSet};

/// How soon clients shall ask again: short, so tests never wait for a second announce.
const INTERVAL: Duration = Duration::from_secs(2);

/// One announce as it came in.
#[derive(Clone, Debug)]
pub struct Announce {
    pub peer: SocketAddr,
    pub left: u64,
    pub event: Option<String>,
}

/// The tracker. It tracks whatever is announced, and stops when dropped.
pub struct Tracker {
    address: SocketAddr,
    swarms: Arc<Mutex<Swarms>>,
    _serving: JoinSet<()>,
    _loopback: LoopbackAddress,
}

#[derive(Default)]
struct Swarms {
    announces: BTreeMap<InfoHash, Vec<Announce>>,
    /// Who is there now, and whether it has everything.
    peers: BTreeMap<(InfoHash, SocketAddrV4), bool>,
}

impl Tracker {
    pub async fn start() -> Self {
        let loopback = LoopbackAddress::allot();
        let listener = TcpListener::bind((loopback.ip, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let swarms = Arc::new(Mutex::new(Swarms::default()));
        let router = Router::new()
            .route("/announce", get(announce))
            .route("/scrape", get(scrape))
            .with_state(Arc::clone(&swarms))
            .into_make_service_with_connect_info::<SocketAddr>();
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, swarms, _serving: serving, _loopback: loopback }
    }

    /// The announce URL.
    pub fn url(&self) -> String {
        format!("http://{}/announce", self.address)
    }

    /// Tells clients about a peer that doesn't announce itself.
    pub fn introduce(&self, info_hash: InfoHash, peer: SocketAddr) {
        let SocketAddr::V4(peer) = peer else { panic!("compact answers hold IPv4 addresses") };
        self.swarms.lock().unwrap().peers.insert((info_hash, peer), true);
    }

    /// Everything announced for a torrent so far, oldest first.
    pub fn announces(&self, info_hash: InfoHash) -> Vec<Announce> {
        self.swarms.lock().unwrap().announces.get(&info_hash).cloned().unwrap_or_default()
    }

    /// Whether a client at this address has announced that it has everything.
    pub fn is_seeded_from(&self, info_hash: InfoHash, ip: IpAddr) -> bool {
        self.announces(info_hash).iter().any(|announce| announce.peer.ip() == ip && announce.left == 0)
    }
}

async fn announce(
    State(swarms): State<Arc<Mutex<Swarms>>>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    RawQuery(query): RawQuery,
) -> Result<Vec<u8>, StatusCode> {
    let query = Query::parse(query.as_deref().unwrap_or_default());
    let info_hash = query.info_hash().ok_or(StatusCode::BAD_REQUEST)?;
    let left = query.number("left").ok_or(StatusCode::BAD_REQUEST)?;
    let port = query.number("port").and_then(|port| u16::try_from(port).ok()).ok_or(StatusCode::BAD_REQUEST)?;
    let IpAddr::V4(ip) = client.ip() else { return Err(StatusCode::BAD_REQUEST) };
    let peer = SocketAddrV4::new(ip, port);
    let event = query.text("event").filter(|event| !event.is_empty());

    let mut swarms = swarms.lock().unwrap();
    if event.as_deref() == Some("stopped") {
        swarms.peers.remove(&(info_hash, peer));
    } else if port != 0 {
        swarms.peers.insert((info_hash, peer), left == 0);
    }
    swarms.announces.entry(info_hash).or_default().push(Announce { peer: peer.into(), left, event });

    let compact: Vec<u8> = swarms
        .of(info_hash)
        .filter(|(other, _)| *other != peer)
        .flat_map(|(other, _)| [other.ip().octets().as_slice(), &other.port().to_be_bytes()].concat())
        .collect();
    let (seeders, leechers) = swarms.counts(info_hash);
    let mut answer = format!(
        "d8:completei{seeders}e10:incompletei{leechers}e8:intervali{}e5:peers{}:",
        INTERVAL.as_secs(),
        compact.len()
    )
    .into_bytes();
    answer.extend_from_slice(&compact);
    answer.push(b'e');
    Ok(answer)
}

async fn scrape(State(swarms): State<Arc<Mutex<Swarms>>>, RawQuery(query): RawQuery) -> Vec<u8> {
    let swarms = swarms.lock().unwrap();
    let mut answer = b"d5:filesd".to_vec();
    let mut asked: Vec<_> = Query::parse(query.as_deref().unwrap_or_default()).info_hashes().collect();
    asked.sort();
    for info_hash in asked {
        let (seeders, leechers) = swarms.counts(info_hash);
        answer.extend_from_slice(b"20:");
        answer.extend_from_slice(&info_hash.0);
        let counts = format!("d8:completei{seeders}e10:downloadedi{seeders}e10:incompletei{leechers}ee");
        answer.extend_from_slice(counts.as_bytes());
    }
    answer.extend_from_slice(b"ee");
    answer
}

impl Swarms {
    fn of(&self, info_hash: InfoHash) -> impl Iterator<Item = (SocketAddrV4, bool)> {
        self.peers.iter().filter(move |((swarm, _), _)| *swarm == info_hash).map(|((_, peer), seeds)| (*peer, *seeds))
    }

    fn counts(&self, info_hash: InfoHash) -> (usize, usize) {
        let (seeders, leechers): (Vec<_>, Vec<_>) = self.of(info_hash).partition(|(_, seeds)| *seeds);
        (seeders.len(), leechers.len())
    }
}

/// A query whose values are bytes: an info hash is rarely text.
struct Query(Vec<(String, Vec<u8>)>);

impl Query {
    fn parse(query: &str) -> Self {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        Self(pairs.map(|(key, value)| (key.to_owned(), percent_decoded(value))).collect())
    }

    fn info_hashes(&self) -> impl Iterator<Item = InfoHash> {
        let hashes = self.0.iter().filter(|(key, _)| key == "info_hash");
        hashes.filter_map(|(_, value)| value.as_slice().try_into().ok().map(InfoHash))
    }

    fn info_hash(&self) -> Option<InfoHash> {
        self.info_hashes().next()
    }

    fn text(&self, wanted: &str) -> Option<String> {
        let (_, value) = self.0.iter().find(|(key, _)| key == wanted)?;
        String::from_utf8(value.clone()).ok()
    }

    fn number(&self, wanted: &str) -> Option<u64> {
        self.text(wanted)?.parse().ok()
    }
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        let escaped = (byte == b'%').then(|| {
            let digits = [bytes.next()?, bytes.next()?];
            u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()
        });
        decoded.push(escaped.flatten().unwrap_or(byte));
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO_HASH: InfoHash = InfoHash([0x25; 20]);

    async fn get(url: &str) -> Vec<u8> {
        reqwest::get(url).await.unwrap().error_for_status().unwrap().bytes().await.unwrap().to_vec()
    }

    fn announce_url(tracker: &Tracker, port: u16, left: u64, event: &str) -> String {
        let hash = "%25".repeat(20);
        format!("{}?info_hash={hash}&peer_id=p&port={port}&left={left}&compact=1&event={event}", tracker.url())
    }

    #[tokio::test]
    async fn a_leecher_learns_of_the_seeders_but_not_of_itself() {
        let tracker = Tracker::start().await;
        tracker.introduce(INFO_HASH, "127.0.0.7:258".parse().unwrap());
        let answer = get(&announce_url(&tracker, 7000, 5, "started")).await;
        assert_eq!(answer, b"d8:completei1e10:incompletei1e8:intervali2e5:peers6:\x7f\0\0\x07\x01\x02e");
    }

    #[tokio::test]
    async fn announces_can_be_looked_at_and_a_stopped_peer_is_gone() {
        let tracker = Tracker::start().await;
        get(&announce_url(&tracker, 7000, 0, "")).await;
        assert!(tracker.is_seeded_from(INFO_HASH, [127, 0, 0, 1].into()));
        assert_eq!(tracker.announces(INFO_HASH)[0].event, None);

        get(&announce_url(&tracker, 7000, 0, "stopped")).await;
        assert_eq!(tracker.announces(INFO_HASH)[1].event.as_deref(), Some("stopped"));
        let scraped = get(&tracker.url().replace("announce?", "scrape?").replace("/announce", "/scrape")).await;
        assert_eq!(scraped, b"d5:filesdee");
        let swarm =
            get(&format!("{}?info_hash={}", tracker.url().replace("announce", "scrape"), "%25".repeat(20))).await;
        assert!(swarm.ends_with(b"d8:completei0e10:downloadedi0e10:incompletei0eeee"));
    }

    #[tokio::test]
    async fn an_announce_without_an_info_hash_is_refused() {
        let tracker = Tracker::start().await;
        let answer = reqwest::get(format!("{}?port=1&left=0", tracker.url())).await.unwrap();
        assert_eq!(answer.status(), 400);
    }
}
