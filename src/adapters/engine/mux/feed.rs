//! How librqbit gets what the lane has verified: from a peer of our own making, on loopback, that has exactly that.
//!
//! librqbit stores and hashes it, tells the swarm and the tracker about it, and uploads it, as if it had fetched it.
//! It looks for something new to fetch every five seconds at the latest, so it may be as far behind. Nobody waits for it:
//! readers have the bytes from our memory and files.

use super::{
    GREETING_TIMEOUT, Greeting,
    frame::{self, Frame},
};
use crate::{
    adapters::engine::share::Share,
    torrents::{lane::BLOCK_BYTES, piece_source::SourceState},
};
use bytes::BytesMut;
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};

/// Between two attempts to connect.
const PAUSE: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_secs(30);
/// librqbit has to take something of what it lacks within this time, or the lane counts as broken.
const MAX_BACKLOG: Duration = Duration::from_secs(90);
/// What is answered at once.
const ANSWER_BYTES: usize = 512 * 1024;

/// librqbit does not take what it is offered.
#[derive(Debug, thiserror::Error)]
#[error("librqbit takes nothing from the express lane")]
pub struct NotTaken;

/// Hands over what the lane verifies, while the torrent runs and until it is complete.
pub async fn feed(share: Arc<Share>, engine: SocketAddr) -> Result<(), NotTaken> {
    let mut state = share.state();
    let mut progress = Progress::new(&share);
    loop {
        if *state.borrow() == SourceState::Paused {
            let resumed = state.wait_for(|state| *state != SourceState::Paused).await;
            if resumed.is_err() {
                return Ok(());
            }
            progress = Progress::new(&share);
        }
        if *state.borrow() != SourceState::Live || share.stored.is_complete() {
            return Ok(());
        }
        tokio::select! {
            ended = link(&share, engine, &mut progress) => if let Err(error) = ended {
                tracing::debug!(torrent = share.info_hash.short(), %error, "the link to librqbit ended");
            },
            _ = state.wait_for(|state| *state != SourceState::Live) => {}
        }
        if progress.is_overdue(&share) {
            return Err(NotTaken);
        }
        sleep(PAUSE).await;
    }
}

/// When librqbit last took something, or had nothing to take.
struct Progress {
    at: Instant,
    stored_bytes: u64,
}

impl Progress {
    fn new(share: &Share) -> Self {
        Self { at: Instant::now(), stored_bytes: share.stored.verified_bytes() }
    }

    /// Whether it should have taken something and has not for long.
    fn is_overdue(&mut self, share: &Share) -> bool {
        if share.stored.verified_bytes() != self.stored_bytes || share.pieces.missing_in(&share.stored).is_empty() {
            *self = Self::new(share);
        }
        self.at.elapsed() > MAX_BACKLOG
    }
}

/// One connection to librqbit, to its end.
async fn link(share: &Arc<Share>, engine: SocketAddr, progress: &mut Progress) -> io::Result<()> {
    let mut stream = TcpStream::connect(engine).await?;
    stream.set_nodelay(true)?;
    let mut peer_id = *b"-ML0000-............";
    peer_id[8..].copy_from_slice(&rand::random::<[u8; 12]>());
    stream.write_all(&Greeting::ours(share.info_hash, peer_id)).await?;
    timeout(GREETING_TIMEOUT, Greeting::read(&mut stream)).await??;

    let (mut reader, mut writer) = stream.split();
    let (mut input, mut out) = (BytesMut::new(), BytesMut::new());
    let pieces = share.lane.load().as_ref().map_or(0, |lane| lane.geometry().pieces());
    let mut told = Told(vec![0; (pieces as usize).div_ceil(8)]);
    told.tell(share);
    frame::put(&mut out, frame::BITFIELD, &[], &told.0);
    frame::put(&mut out, frame::UNCHOKE, &[], &[]);
    let mut asked: Vec<[u32; 3]> = Vec::new();
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let changed = share.pieces.changed();
        told.tell(share).into_iter().for_each(|piece| frame::put(&mut out, frame::HAVE, &[piece], &[]));
        writer.write_all_buf(&mut out).await?;
        tokio::select! {
            count = reader.read_buf(&mut input) => {
                if count? == 0 {
                    return Ok(());
                }
                while let Some(frame) = Frame::split(&mut input).map_err(io::Error::other)? {
                    if frame.kind() == Some(frame::REQUEST) {
                        asked.extend(frame.numbers());
                    }
                }
                while !asked.is_empty() {
                    answer(share, &mut asked, &mut out).await?;
                    writer.write_all_buf(&mut out).await?;
                }
            }
            () = changed => {}
            _ = tick.tick() => {
                if progress.is_overdue(share) {
                    return Err(io::ErrorKind::TimedOut.into());
                }
                frame::put_keep_alive(&mut out);
            }
        }
    }
}

/// What librqbit was told that we have, as a bitfield.
struct Told(Vec<u8>);

impl Told {
    /// Adds what it lacks and has not been told of yet; answers these pieces.
    fn tell(&mut self, share: &Share) -> Vec<u32> {
        let mut pieces = share.pieces.missing_in(&share.stored);
        pieces.retain(|piece| {
            let (byte, bit) = (*piece as usize / 8, 0x80 >> (piece % 8));
            let is_new = self.0.get(byte).is_some_and(|told| told & bit == 0);
            if is_new {
                self.0[byte] |= bit;
            }
            is_new
        });
        pieces
    }
}

/// Answers the first requests from disk, as many as go at once.
async fn answer(share: &Arc<Share>, asked: &mut Vec<[u32; 3]>, out: &mut BytesMut) -> io::Result<()> {
    let Some(geometry) = share.lane.load().as_ref().map(|lane| *lane.geometry()) else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    let batch: Vec<[u32; 3]> = asked.drain(..asked.len().min(ANSWER_BYTES / BLOCK_BYTES as usize)).collect();
    let share = share.clone();
    let read = move || {
        let mut out = BytesMut::new();
        let mut bytes = vec![0; BLOCK_BYTES as usize];
        for [piece, begin, len] in batch {
            let may = geometry.block(piece, begin, len).is_some() && share.pieces.contains(piece);
            let Some(bytes) = bytes.get_mut(..len as usize).filter(|_| may) else {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "librqbit asked for what it was not told of"));
            };
            share.read_at(geometry.start(piece) + u64::from(begin), bytes)?;
            frame::put(&mut out, frame::PIECE, &[piece, begin], bytes);
        }
        Ok(out)
    };
    let answers = tokio::task::spawn_blocking(read).await.map_err(|_| io::ErrorKind::Interrupted)??;
    out.unsplit(answers);
    Ok(())
}
