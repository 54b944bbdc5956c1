//! A peer that follows a script: honest and slow, stingy, mute, lying or hostile.

use super::{
    film::noise,
    loopback::LoopbackAddress,
    metainfo::Torrent,
    wire::{self, BITFIELD, CHOKE, EXTENDED, INTERESTED, PIECE, REQUEST, UNCHOKE, message, numbers},
};
use std::{
    fs::File,
    io,
    net::SocketAddr,
    os::unix::fs::FileExt,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedWriteHalf},
    sync::mpsc,
    task::JoinSet,
    time::{Instant, sleep_until},
};

const PEER_ID: &[u8; 20] = b"-TS0001-scriptedpeer";
const METADATA_PIECE_BYTES: usize = 16 * 1024;

/// The id under which it wants ut_metadata messages (BEP 9), and under which it sends them, as most clients do.
const UT_METADATA: u8 = 3;

/// Requests it lets wait. A client that sends more is left waiting itself.
const MAX_WAITING: usize = 1024;

/// What the peer does. All but `EvilMetadata` and `Garbage` greet honestly and give out the metadata.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Script {
    /// Serves blocks, each after `latency`, together at most `bytes_per_s`.
    Serve { bytes_per_s: Option<u32>, latency: Duration },
    /// Never unchokes.
    Choke,
    /// Unchokes and never answers a request.
    Silent,
    /// Serves blocks with one bit flipped: those whose number in their piece is a multiple of this.
    Corrupt { every: u32 },
    /// Sends half of the first block it is asked for, and nothing more.
    StopMidBlock,
    /// Chokes after so many blocks, forgetting what it was asked for, and unchokes a second later; again and again.
    ChokeAfter(usize),
    /// Sends blocks that nobody asked for.
    Unasked,
    /// Announces a message of 3 MiB and begins to send it.
    HugeMessage,
    /// Sends bytes that mean nothing after the handshake.
    Garbage,
    /// Sends metadata nobody asked for before the extended handshake.
    EvilMetadata,
}

impl Script {
    /// As fast as loopback is.
    pub const SERVE: Self = Self::Serve { bytes_per_s: None, latency: Duration::ZERO };
}

/// The running peer. Dropping it closes its connections.
pub struct ScriptedPeer {
    address: SocketAddr,
    plot: Arc<Plot>,
    _accepting: JoinSet<()>,
    _loopback: LoopbackAddress,
}

struct Plot {
    script: Script,
    torrent: Torrent,
    content: File,
    connections: AtomicUsize,
    requests: AtomicUsize,
}

impl ScriptedPeer {
    /// Follows `script` for a single-file torrent with this content.
    pub async fn start(torrent: &Torrent, content: &Path, script: Script) -> Self {
        let loopback = LoopbackAddress::allot();
        let listener = TcpListener::bind((loopback.ip, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let plot = Arc::new(Plot {
            script,
            torrent: torrent.clone(),
            content: File::open(content).unwrap(),
            connections: AtomicUsize::new(0),
            requests: AtomicUsize::new(0),
        });
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, Arc::clone(&plot)));
        Self { address, plot, _accepting: accepting, _loopback: loopback }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many clients have connected so far.
    pub fn connections(&self) -> usize {
        self.plot.connections.load(Ordering::Relaxed)
    }

    /// How many blocks have been asked for so far.
    pub fn requests(&self) -> usize {
        self.plot.requests.load(Ordering::Relaxed)
    }
}

async fn accept(listener: TcpListener, plot: Arc<Plot>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        plot.connections.fetch_add(1, Ordering::Relaxed);
        let plot = Arc::clone(&plot);
        // Clients come and go; what they break doesn't matter to the test.
        connections.spawn(async move { follow(stream, &plot).await.ok() });
    }
}

async fn follow(stream: TcpStream, plot: &Plot) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (mut reader, mut writer) = stream.into_split();
    if wire::read_handshake(&mut reader).await? != plot.torrent.info_hash {
        return Ok(());
    }
    writer.write_all(&wire::handshake(plot.torrent.info_hash, PEER_ID)).await?;
    if plot.script == Script::EvilMetadata {
        writer.write_all(&plot.metadata_message(UT_METADATA, 0)).await?;
        // It stays until the client has had enough.
        return tokio::io::copy(&mut reader, &mut tokio::io::sink()).await.map(drop);
    }
    if plot.script == Script::Garbage {
        writer.write_all(&noise(100_000, 1)).await?;
        return tokio::io::copy(&mut reader, &mut tokio::io::sink()).await.map(drop);
    }
    writer.write_all(&plot.greeting()).await?;
    if plot.script == Script::HugeMessage {
        writer.write_all(&[&(3_u32 << 20).to_be_bytes()[..], &[PIECE], &noise(1 << 20, 2)].concat()).await?;
    }

    // Metadata and unchokes overtake blocks that wait for their time.
    let (say, said) = mpsc::channel(MAX_WAITING);
    let (ask, asked) = mpsc::channel(MAX_WAITING);
    let listening = listen(reader, plot, say.clone(), ask);
    let (listened, (), sent) = tokio::join!(listening, answer(plot, asked, say), send(writer, said));
    listened.and(sent)
}

async fn listen(
    mut reader: impl AsyncReadExt + Unpin,
    plot: &Plot,
    say: mpsc::Sender<Vec<u8>>,
    ask: mpsc::Sender<(Instant, Vec<u32>)>,
) -> io::Result<()> {
    let mut their_ut_metadata = UT_METADATA;
    loop {
        let (id, payload) = wire::read_message(&mut reader).await?;
        let sent = match id {
            INTERESTED if plot.script != Script::Choke => say.send(message(UNCHOKE, &[])).await.is_ok(),
            REQUEST => {
                plot.requests.fetch_add(1, Ordering::Relaxed);
                plot.script == Script::Silent || ask.send((Instant::now(), numbers(&payload))).await.is_ok()
            }
            EXTENDED if payload.first() == Some(&0) => {
                their_ut_metadata = number_after(&payload, b"11:ut_metadatai").unwrap_or(UT_METADATA as usize) as u8;
                true
            }
            EXTENDED if payload.first() == Some(&UT_METADATA) => {
                let piece = number_after(&payload, b"5:piecei").unwrap_or_default();
                say.send(plot.metadata_message(their_ut_metadata, piece)).await.is_ok()
            }
            _ => true,
        };
        if !sent {
            return Ok(());
        }
    }
}

/// Answers requests in their order, each when its time has come.
async fn answer(plot: &Plot, mut asked: mpsc::Receiver<(Instant, Vec<u32>)>, say: mpsc::Sender<Vec<u8>>) {
    let mut line_is_free = Instant::now();
    let mut answered = 0;
    while let Some((asked_at, request)) = asked.recv().await {
        let Some(mut block) = plot.block(&request) else { return };
        answered += 1;
        match plot.script {
            Script::StopMidBlock => {
                block.truncate(block.len() / 2);
                _ = say.send(block).await;
                return std::future::pending().await;
            }
            Script::ChokeAfter(blocks) if answered > blocks => {
                _ = say.send(message(CHOKE, &[])).await;
                sleep_until(Instant::now() + Duration::from_secs(1)).await;
                while asked.try_recv().is_ok() {}
                _ = say.send(message(UNCHOKE, &[])).await;
                answered = 0;
                continue;
            }
            Script::Unasked => {
                for begin in (0..).step_by(16 * 1024).take(200) {
                    let unasked = [
                        &0_u32.to_be_bytes()[..],
                        &u32::to_be_bytes(begin % plot.torrent.piece_length),
                        &[7; 16 * 1024],
                    ];
                    _ = say.send(message(PIECE, &unasked.concat())).await;
                }
            }
            _ => {}
        }
        if let Script::Serve { bytes_per_s, latency } = plot.script {
            if let Some(rate) = bytes_per_s {
                let sending = Duration::from_secs_f64(block.len() as f64 / f64::from(rate));
                line_is_free = line_is_free.max(asked_at) + sending;
            }
            sleep_until(line_is_free.max(asked_at) + latency).await;
        }
        if say.send(block).await.is_err() {
            return;
        }
    }
}

async fn send(mut writer: OwnedWriteHalf, mut said: mpsc::Receiver<Vec<u8>>) -> io::Result<()> {
    while let Some(message) = said.recv().await {
        writer.write_all(&message).await?;
    }
    Ok(())
}

impl Plot {
    /// The extended handshake (BEP 10) and the bitfield of someone who has everything.
    fn greeting(&self) -> Vec<u8> {
        let size = self.torrent.info.len();
        let extended = format!("\0d1:md11:ut_metadatai{UT_METADATA}ee13:metadata_sizei{size}e4:reqqi500ee");
        let pieces = self.torrent.pieces();
        let mut bitfield = vec![0xFF_u8; pieces.div_ceil(8) as usize];
        if let (Some(last), spare @ 1..) = (bitfield.last_mut(), bitfield_spare(pieces)) {
            *last <<= spare;
        }
        [message(EXTENDED, extended.as_bytes()), message(BITFIELD, &bitfield)].concat()
    }

    /// One piece of the info dictionary (BEP 9).
    fn metadata_message(&self, id: u8, piece: usize) -> Vec<u8> {
        let info = &self.torrent.info;
        let start = (piece * METADATA_PIECE_BYTES).min(info.len());
        let end = (start + METADATA_PIECE_BYTES).min(info.len());
        let head = format!("d8:msg_typei1e5:piecei{piece}e10:total_sizei{}ee", info.len());
        message(EXTENDED, &[&[id], head.as_bytes(), &info[start..end]].concat())
    }

    fn block(&self, request: &[u32]) -> Option<Vec<u8>> {
        let &[piece, begin, length] = request else { return None };
        let mut block = vec![0; length as usize];
        let start = u64::from(piece) * u64::from(self.torrent.piece_length) + u64::from(begin);
        self.content.read_exact_at(&mut block, start).ok()?;
        if matches!(self.script, Script::Corrupt { every } if (begin / (16 * 1024)).is_multiple_of(every)) {
            *block.first_mut()? ^= 1;
        }
        Some(message(PIECE, &[&piece.to_be_bytes()[..], &begin.to_be_bytes(), &block].concat()))
    }
}

fn bitfield_spare(pieces: u32) -> u32 {
    pieces.next_multiple_of(8) - pieces
}

/// The bencoded number that follows these bytes.
fn number_after(payload: &[u8], before: &[u8]) -> Option<usize> {
    let start = payload.windows(before.len()).position(|bytes| bytes == before)? + before.len();
    let digits = payload[start..].split(|byte| *byte == b'e').next()?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{super::wire::Leecher, *};
    use std::{io::Write, time::Duration};
    use tempfile::NamedTempFile;
    use tokio::time::timeout;

    const PIECE_LENGTH: u32 = 32 * 1024;
    const BLOCK: u32 = 16 * 1024;
    const MOMENT: Duration = Duration::from_millis(200);

    struct Stage {
        content: Vec<u8>,
        torrent: Torrent,
        peer: ScriptedPeer,
        _file: NamedTempFile,
    }

    impl Stage {
        async fn set(script: Script) -> Self {
            let content = noise(300_000, 1);
            let mut file = NamedTempFile::new().unwrap();
            file.write_all(&content).unwrap();
            let torrent = Torrent::of_bytes(b"film.mp4", &content, PIECE_LENGTH, &[]);
            let peer = ScriptedPeer::start(&torrent, file.path(), script).await;
            Self { content, torrent, peer, _file: file }
        }

        async fn leecher(&self) -> Leecher {
            Leecher::connect(self.peer.address(), self.torrent.info_hash).await.unwrap()
        }
    }

    #[tokio::test]
    async fn a_serving_peer_gives_its_metadata_and_its_blocks() {
        let stage = Stage::set(Script::SERVE).await;
        let mut leecher = stage.leecher().await;
        leecher.writer.write_all(&message(EXTENDED, b"\0d1:md11:ut_metadatai7eee")).await.unwrap();
        leecher.writer.write_all(&message(EXTENDED, b"\x03d8:msg_typei0e5:piecei0ee")).await.unwrap();
        assert_eq!(leecher.until(EXTENDED).await.unwrap()[0], 0);
        let metadata = leecher.until(EXTENDED).await.unwrap();
        assert_eq!(metadata[0], 7);
        assert!(metadata.ends_with(&stage.torrent.info));

        leecher.unchoked().await.unwrap();
        assert_eq!(leecher.block(3, 5, 100).await.unwrap(), stage.content[3 * PIECE_LENGTH as usize + 5..][..100]);
        assert_eq!((stage.peer.connections(), stage.peer.requests()), (1, 1));
    }

    #[tokio::test]
    async fn a_slow_peer_takes_its_latency_and_keeps_to_its_rate() {
        let latency = Duration::from_millis(50);
        let stage = Stage::set(Script::Serve { bytes_per_s: Some(160 * 1024), latency }).await;
        let mut leecher = stage.leecher().await;
        leecher.unchoked().await.unwrap();
        let started = Instant::now();
        for begin in [0, BLOCK] {
            leecher.block(0, begin, BLOCK).await.unwrap();
        }
        // Two blocks of 16 KiB take 100 ms each at 160 KiB/s, and were asked for one after the other.
        assert!(started.elapsed() >= Duration::from_millis(290), "{:?}", started.elapsed());
    }

    #[tokio::test]
    async fn a_choking_peer_never_unchokes() {
        let stage = Stage::set(Script::Choke).await;
        let mut leecher = stage.leecher().await;
        assert!(timeout(MOMENT, leecher.unchoked()).await.is_err());
    }

    #[tokio::test]
    async fn a_silent_peer_takes_requests_and_answers_none() {
        let stage = Stage::set(Script::Silent).await;
        let mut leecher = stage.leecher().await;
        leecher.unchoked().await.unwrap();
        assert!(timeout(MOMENT, leecher.block(0, 0, BLOCK)).await.is_err());
        assert_eq!(stage.peer.requests(), 1);
    }

    #[tokio::test]
    async fn a_corrupt_peer_flips_one_bit() {
        let stage = Stage::set(Script::Corrupt { every: 1 }).await;
        let mut leecher = stage.leecher().await;
        leecher.unchoked().await.unwrap();
        let block = leecher.block(0, 0, BLOCK).await.unwrap();
        let wrong: u32 = block.iter().zip(&stage.content).map(|(theirs, ours)| (theirs ^ ours).count_ones()).sum();
        assert_eq!(wrong, 1);
    }

    #[tokio::test]
    async fn evil_metadata_comes_before_the_extended_handshake() {
        let stage = Stage::set(Script::EvilMetadata).await;
        let mut leecher = stage.leecher().await;
        let (id, payload) = wire::read_message(&mut leecher.reader).await.unwrap();
        assert_eq!((id, payload[0]), (EXTENDED, UT_METADATA));
        assert!(payload.ends_with(&stage.torrent.info));
    }

    #[tokio::test]
    async fn the_bitfield_ends_with_the_last_piece() {
        let stage = Stage::set(Script::SERVE).await;
        let mut leecher = stage.leecher().await;
        // 300,000 bytes are ten pieces.
        assert_eq!(leecher.until(BITFIELD).await.unwrap(), [0xFF, 0xC0]);
    }
}
