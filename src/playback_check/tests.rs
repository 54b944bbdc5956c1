//! The seeder as a peer sees it, over real loopback connections.

use super::*;
use librqbit::torrent_from_bytes;
use std::future::Future;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const PATIENCE: Duration = Duration::from_secs(10);

/// A peer that says what it is told to say.
struct Peer(TcpStream);

impl Peer {
    async fn connect(seeder: &LoopbackSeeder) -> Self {
        Self(TcpStream::connect(seeder.addr()).await.unwrap())
    }

    /// Connects, shakes hands and reads the bitfield.
    async fn greeted(seeder: &LoopbackSeeder) -> Self {
        let mut peer = Self::connect(seeder).await;
        peer.say(&handshake(info_hash())).await;
        let answer = peer.hear(68).await;
        assert_eq!(&answer[28..48], &info_hash().0);
        assert_eq!(peer.message().await[0], 5);
        peer
    }

    async fn unchoked(seeder: &LoopbackSeeder) -> Self {
        let mut peer = Self::greeted(seeder).await;
        peer.say(&[0, 0, 0, 1, 2]).await;
        assert_eq!(peer.message().await, [1]);
        peer
    }

    async fn say(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    async fn request(&mut self, piece: u32, begin: u32, length: u32) {
        self.say(&request(piece, begin, length)).await;
    }

    async fn hear(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        soon(self.0.read_exact(&mut bytes)).await.unwrap();
        bytes
    }

    async fn message(&mut self) -> Vec<u8> {
        let length = soon(self.0.read_u32()).await.unwrap();
        self.hear(length as usize).await
    }

    /// Whether the seeder hung up, having said nothing more.
    async fn is_hung_up_on(&mut self) -> bool {
        let mut rest = Vec::new();
        let read = soon(self.0.read_to_end(&mut rest)).await;
        rest.is_empty() && read.map_or_else(|error| error.kind() == io::ErrorKind::ConnectionReset, |_| true)
    }
}

async fn soon<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.unwrap()
}

fn handshake(info_hash: InfoHash) -> Vec<u8> {
    [b"\x13BitTorrent protocol".as_slice(), &[0, 0, 0, 0, 0, 0x10, 0, 0], &info_hash.0, b"-TS0001-tttttttttttt"]
        .concat()
}

fn request(piece: u32, begin: u32, length: u32) -> Vec<u8> {
    let mut message = vec![0, 0, 0, 13, 6];
    for number in [piece, begin, length] {
        message.extend_from_slice(&number.to_be_bytes());
    }
    message
}

#[test]
fn the_torrent_describes_the_film() {
    let torrent = torrent_from_bytes(TORRENT).unwrap();
    assert_eq!(torrent.info_hash.0, info_hash().0);

    let info = torrent.info.data;
    assert_eq!(info.piece_length, connection::PIECE_BYTES);
    assert_eq!(info.length, Some(FILM.len() as u64));
    assert!(!info.private);
    let hashes: Vec<u8> = FILM.chunks(info.piece_length as usize).flat_map(Sha1::digest).collect();
    assert_eq!(info.pieces.as_ref(), hashes.as_slice());
}

#[tokio::test]
async fn the_whole_film_can_be_fetched_block_by_block() {
    let seeder = LoopbackSeeder::start().await.unwrap();
    let mut peer = Peer::unchoked(&seeder).await;
    let mut fetched = Vec::with_capacity(FILM.len());
    while fetched.len() < FILM.len() {
        let piece = (fetched.len() / connection::PIECE_BYTES as usize) as u32;
        let begin = fetched.len() as u32 - piece * connection::PIECE_BYTES;
        let length = wire::BLOCK_BYTES.min((FILM.len() - fetched.len()) as u32);
        peer.request(piece, begin, length).await;
        let message = peer.message().await;
        assert_eq!(message[0], 7);
        assert_eq!(message[1..9], [piece.to_be_bytes(), begin.to_be_bytes()].concat());
        fetched.extend_from_slice(&message[9..]);
    }
    assert!(fetched == FILM);
}

#[tokio::test]
async fn the_bitfield_has_one_bit_for_each_piece() {
    let seeder = LoopbackSeeder::start().await.unwrap();
    let mut peer = Peer::connect(&seeder).await;
    peer.say(&handshake(info_hash())).await;
    peer.hear(68).await;
    let bitfield = peer.message().await;
    let set: u32 = bitfield[1..].iter().map(|byte| byte.count_ones()).sum();
    assert_eq!(set, FILM.len().div_ceil(connection::PIECE_BYTES as usize) as u32);
    assert_eq!(bitfield[1] & 0x80, 0x80);
}

#[tokio::test]
async fn requests_sent_in_one_burst_are_answered_in_order() {
    let seeder = LoopbackSeeder::start().await.unwrap();
    let mut peer = Peer::unchoked(&seeder).await;
    let burst: Vec<u8> = (0..16).rev().flat_map(|block| request(2, block * wire::BLOCK_BYTES, 32)).collect();
    peer.say(&burst).await;
    for block in (0..16).rev() {
        let begin: u32 = block * wire::BLOCK_BYTES;
        let start = (2 * connection::PIECE_BYTES + begin) as usize;
        let message = peer.message().await;
        assert_eq!(message[5..9], begin.to_be_bytes());
        assert_eq!(message[9..], FILM[start..start + 32]);
    }
}

#[tokio::test]
async fn extended_and_unknown_messages_are_passed_over() {
    let seeder = LoopbackSeeder::start().await.unwrap();
    let mut peer = Peer::greeted(&seeder).await;
    peer.say(b"\0\0\0\x1a\x14\0d1:md11:ut_metadatai3eee").await;
    peer.say(&[0, 0, 0, 3, 99, 1, 2]).await;
    peer.say(&[0, 0, 0, 1, 2]).await;
    assert_eq!(peer.message().await, [1]);
}

#[tokio::test]
async fn a_keep_alive_is_answered() {
    let seeder = LoopbackSeeder::start().await.unwrap();
    let mut peer = Peer::greeted(&seeder).await;
    peer.say(&[0; 4]).await;
    assert_eq!(peer.hear(4).await, [0; 4]);
}

#[tokio::test]
async fn a_request_before_the_unchoke_is_not_answered() {
    let seeder = LoopbackSeeder::start().await.unwrap();
    let mut peer = Peer::greeted(&seeder).await;
    peer.request(0, 0, 16).await;
    peer.say(&[0, 0, 0, 1, 2]).await;
    assert_eq!(peer.message().await, [1]);
}

#[tokio::test]
async fn another_torrent_gets_no_answer() {
    let seeder = LoopbackSeeder::start().await.unwrap();
    let mut peer = Peer::connect(&seeder).await;
    peer.say(&handshake(InfoHash([7; 20]))).await;
    assert!(peer.is_hung_up_on().await);
}

#[tokio::test]
async fn another_protocol_gets_no_answer() {
    let seeder = LoopbackSeeder::start().await.unwrap();
    let mut peer = Peer::connect(&seeder).await;
    peer.say(&b"GET / HTTP/1.1\r\n".repeat(8)).await;
    assert!(peer.is_hung_up_on().await);
}

#[tokio::test]
async fn a_request_outside_the_film_ends_the_connection() {
    let seeder = LoopbackSeeder::start().await.unwrap();
    let mut peer = Peer::unchoked(&seeder).await;
    peer.request(u32::MAX, 0, 16).await;
    assert!(peer.is_hung_up_on().await);
}

#[tokio::test]
async fn a_message_over_the_limit_ends_the_connection() {
    let seeder = LoopbackSeeder::start().await.unwrap();
    let mut peer = Peer::greeted(&seeder).await;
    peer.say(&u32::MAX.to_be_bytes()).await;
    assert!(peer.is_hung_up_on().await);
}

#[tokio::test]
async fn one_peer_too_many_is_turned_away_and_welcome_later() {
    let seeder = LoopbackSeeder::start().await.unwrap();
    let mut peers = Vec::new();
    for _ in 0..MAX_CONNECTIONS {
        peers.push(Peer::greeted(&seeder).await);
    }
    assert!(Peer::connect(&seeder).await.is_hung_up_on().await);

    drop(peers);
    soon(async {
        loop {
            let mut peer = Peer::connect(&seeder).await;
            // The seeder may not have seen the others leave yet, and hang up while we speak.
            let _ = peer.0.write_all(&handshake(info_hash())).await;
            if peer.0.read_exact(&mut [0; 68]).await.is_ok() {
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn dropping_the_seeder_hangs_up_and_closes_the_port() {
    let seeder = LoopbackSeeder::start().await.unwrap();
    let addr = seeder.addr();
    let mut peer = Peer::greeted(&seeder).await;
    drop(seeder);
    assert!(peer.is_hung_up_on().await);
    assert!(TcpStream::connect(addr).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_silent_peer_is_let_go() {
    let (client, server) = connected().await;
    let served = connection::serve(server, info_hash(), FILM).await;
    assert_eq!(served.unwrap_err().kind(), io::ErrorKind::TimedOut);
    drop(client);
}

#[tokio::test]
async fn the_film_has_its_index_in_front() {
    let at = |name: &[u8]| FILM.windows(4).position(|bytes| bytes == name).unwrap();
    assert_eq!(&FILM[4..8], b"ftyp");
    assert!(at(b"moov") < at(b"mdat"));
}

async fn connected() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    (client, listener.accept().await.unwrap().0)
}
