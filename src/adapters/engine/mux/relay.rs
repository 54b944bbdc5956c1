//! One connection between librqbit and a peer of a torrent with a lane. What passes and what does not: see [`super`].

use super::{
    GREETING_TIMEOUT, Greeting,
    dial::BoxStream,
    frame::{self, Frame},
    pex,
};
use crate::{
    adapters::engine::{finish::finish, share::Share},
    torrents::lane::{BLOCK_BYTES, Gone, Lane, LanePeer, Origin, PeerCommand},
};
use bytes::BytesMut;
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional, split},
    net::TcpStream,
    time::{Instant, MissedTickBehavior, interval, timeout},
};

/// The message of that name (BEP 3).
const INTERESTED: &[u8] = &[0, 0, 0, 1, frame::INTERESTED];
/// Room for what is read at once.
const READ_BYTES: usize = 64 * 1024;
/// Nothing more is read for a side that takes nothing any more.
const MAX_QUEUED_BYTES: usize = 512 * 1024;
/// Clients send a keep-alive every two minutes.
const MAX_SILENCE: Duration = Duration::from_secs(150);

/// A peer that librqbit called, and greeted through us.
pub async fn called(
    share: Arc<Share>,
    address: SocketAddr,
    mut engine: TcpStream,
    mut remote: BoxStream,
) -> io::Result<()> {
    if share.lane.load().is_some() && share.pieces.is_empty() {
        // Who has something must first say what that is. We have nothing, so this may go a round trip early.
        remote.write_all(INTERESTED).await?;
    }
    let greeting = timeout(GREETING_TIMEOUT, Greeting::read(&mut remote)).await??;
    if greeting.info_hash != Some(share.info_hash) {
        return Err(invalid("the peer speaks of another torrent"));
    }
    engine.write_all(&greeting.bytes).await?;
    run(share, Origin::Called(address), engine, remote).await
}

/// Relays until either side closes, or the peer has to go.
pub async fn run(share: Arc<Share>, origin: Origin, mut engine: TcpStream, mut remote: BoxStream) -> io::Result<()> {
    let Some(lane) = share.lane.load_full() else {
        copy_bidirectional(&mut engine, &mut remote).await?;
        return Ok(());
    };
    let peer = lane.join(origin).map_err(gone)?;
    let pieces = lane.geometry().pieces();
    let mut relay = Relay {
        share,
        lane,
        peer,
        is_caller: matches!(origin, Origin::Caller(_)),
        pex_id: None,
        is_interested: true,
        to_engine: BytesMut::new(),
        to_remote: BytesMut::new(),
        commands: Vec::new(),
    };
    // librqbit tells a peer what it gets only when that peer has said what it has.
    frame::put(&mut relay.to_engine, frame::BITFIELD, &[], &vec![0; (pieces as usize).div_ceil(8)]);
    frame::put(&mut relay.to_remote, frame::INTERESTED, &[], &[]);
    relay.run(engine, remote).await
}

struct Relay {
    share: Arc<Share>,
    lane: Arc<Lane>,
    peer: LanePeer,
    is_caller: bool,
    /// Under which number a caller wants to hear of other peers.
    pex_id: Option<u8>,
    is_interested: bool,
    to_engine: BytesMut,
    to_remote: BytesMut,
    commands: Vec<PeerCommand>,
}

impl Relay {
    async fn run(&mut self, mut engine: TcpStream, remote: BoxStream) -> io::Result<()> {
        let (mut engine_in, mut engine_out) = engine.split();
        let (mut remote_in, mut remote_out) = split(remote);
        let (mut from_engine, mut from_remote) = (BytesMut::new(), BytesMut::new());
        let mut tick = interval(self.lane.tick());
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard_at = Instant::now();
        loop {
            tokio::select! {
                count = read(&mut remote_in, &mut from_remote), if self.to_engine.len() < MAX_QUEUED_BYTES => {
                    if count? == 0 {
                        return Ok(());
                    }
                    heard_at = Instant::now();
                    while let Some(frame) = Frame::split(&mut from_remote).map_err(io::Error::other)? {
                        self.on_remote(&frame)?;
                    }
                }
                count = read(&mut engine_in, &mut from_engine), if self.to_remote.len() < MAX_QUEUED_BYTES => {
                    if count? == 0 {
                        return Ok(());
                    }
                    while let Some(frame) = Frame::split(&mut from_engine).map_err(io::Error::other)? {
                        self.on_engine(&frame);
                    }
                    continue;
                }
                written = remote_out.write_buf(&mut self.to_remote), if !self.to_remote.is_empty() => {
                    written?;
                    continue;
                }
                written = engine_out.write_buf(&mut self.to_engine), if !self.to_engine.is_empty() => {
                    written?;
                    continue;
                }
                () = self.peer.woken() => {}
                _ = tick.tick() => {
                    if heard_at.elapsed() > MAX_SILENCE {
                        return Err(io::ErrorKind::TimedOut.into());
                    }
                    self.peer.on_tick();
                    if self.is_over() {
                        return Ok(());
                    }
                }
            }
            self.ask()?;
        }
    }

    fn on_remote(&mut self, frame: &Frame) -> io::Result<()> {
        match frame.kind() {
            Some(frame::CHOKE) => self.peer.on_choke(),
            Some(frame::UNCHOKE) => self.peer.on_unchoke(),
            Some(frame::HAVE) => {
                let [piece] = frame.numbers().ok_or_else(|| invalid("a have without a piece"))?;
                self.peer.on_have(piece);
            }
            Some(frame::BITFIELD) => self.peer.on_bitfield(frame.payload()).map_err(gone)?,
            Some(frame::PIECE) => {
                let [piece, begin] = frame.numbers().ok_or_else(|| invalid("a block without a place"))?;
                let block = frame.payload().get(8..).unwrap_or_default();
                if let Some(full) = self.peer.on_block(piece, begin, block).map_err(gone)? {
                    finish(self.share.clone(), self.lane.clone(), full);
                }
            }
            Some(frame::EXTENDED) => {
                if self.is_caller && frame.payload().first() == Some(&0) {
                    self.pex_id = pex::id(frame.payload().get(1..).unwrap_or_default());
                }
                self.to_engine.extend_from_slice(&frame.0);
            }
            None | Some(frame::INTERESTED | frame::NOT_INTERESTED | frame::REQUEST | frame::CANCEL) => {
                self.to_engine.extend_from_slice(&frame.0);
            }
            // Of extensions that librqbit has not offered.
            Some(_) => {}
        }
        Ok(())
    }

    fn on_engine(&mut self, frame: &Frame) {
        match frame.kind() {
            Some(frame::INTERESTED | frame::NOT_INTERESTED) => {}
            // It is choked by this peer, so it never asks.
            Some(frame::REQUEST | frame::CANCEL) => {
                tracing::debug!(torrent = self.share.info_hash.short(), "librqbit asked a peer that chokes it");
            }
            Some(frame::EXTENDED) if self.pex_id.is_some() && frame.payload().first() == self.pex_id.as_ref() => {
                if let Some((id, message)) = frame.payload().split_first()
                    && let Some(message) = pex::without_local(message)
                {
                    frame::put(&mut self.to_remote, frame::EXTENDED, &[], &[&[*id], &message[..]].concat());
                }
            }
            _ => self.to_remote.extend_from_slice(&frame.0),
        }
    }

    /// Tells the peer what the lane wants of it now.
    fn ask(&mut self) -> io::Result<()> {
        self.peer.commands(&mut self.commands).map_err(gone)?;
        let geometry = *self.lane.geometry();
        for command in self.commands.drain(..) {
            let (kind, piece, block) = match command {
                PeerCommand::Request { piece, block } => (frame::REQUEST, piece, block),
                PeerCommand::Cancel { piece, block } => (frame::CANCEL, piece, block),
            };
            let numbers = [piece, block * BLOCK_BYTES, geometry.block_len(piece, block)];
            frame::put(&mut self.to_remote, kind, &numbers, &[]);
        }
        Ok(())
    }

    /// Once everything is here, seeds are of no use to us, nor we to them.
    fn is_over(&mut self) -> bool {
        if !self.is_interested || !self.share.pieces.is_complete() {
            return false;
        }
        self.is_interested = false;
        frame::put(&mut self.to_remote, frame::NOT_INTERESTED, &[], &[]);
        self.peer.is_seed()
    }
}

async fn read<R: tokio::io::AsyncRead + Unpin>(reader: &mut R, buffer: &mut BytesMut) -> io::Result<usize> {
    if buffer.capacity() - buffer.len() < READ_BYTES / 2 {
        buffer.reserve(READ_BYTES);
    }
    reader.read_buf(buffer).await
}

fn gone(_: Gone) -> io::Error {
    invalid("the lane has no use for this peer")
}

fn invalid(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}
