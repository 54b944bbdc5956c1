//! The peer wire protocol of BEP 3, as far as a seeder needs it: reads with a cap on every length, writes in one go.

use crate::domain::info_hash::InfoHash;
use bytes::Buf;
use std::io;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// What every client asks for at a time, and the most this seeder sends in one message.
pub const BLOCK_BYTES: u32 = 16 * 1024;

/// The longest message read from a peer. Requests have 13 bytes; extended handshakes a few hundred.
const MAX_MESSAGE_BYTES: u32 = 32 * 1024;

const PROTOCOL: &[u8; 20] = b"\x13BitTorrent protocol";
const HANDSHAKE_BYTES: usize = 68;
const INFO_HASH_AT: usize = 28;
const PEER_ID: &[u8; 20] = b"-MF0100-playbackchck";

const UNCHOKE: u8 = 1;
const INTERESTED: u8 = 2;
const BITFIELD: u8 = 5;
const REQUEST: u8 = 6;
const PIECE: u8 = 7;

/// What a peer said that a seeder has to act upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incoming {
    KeepAlive,
    Interested,
    Request(Request),
    /// Anything else: have, bitfield, cancel, extended messages and ids still to be invented.
    Other,
}

/// One block a peer asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    pub piece: u32,
    pub begin: u32,
    pub length: u32,
}

/// Reads a peer's handshake. Another protocol or another torrent is an error, before a byte is answered.
pub async fn read_handshake(reader: &mut (impl AsyncRead + Unpin), info_hash: InfoHash) -> io::Result<()> {
    let mut handshake = [0; HANDSHAKE_BYTES];
    reader.read_exact(&mut handshake).await?;
    if !handshake.starts_with(PROTOCOL) {
        return Err(refused("the peer speaks another protocol"));
    }
    if handshake[INFO_HASH_AT..INFO_HASH_AT + 20] != info_hash.0 {
        return Err(refused("the peer asks for another torrent"));
    }
    Ok(())
}

/// Writes the handshake and the bitfield of a complete torrent. No reserved bit is set: no extension is spoken.
pub async fn write_greeting(
    writer: &mut (impl AsyncWrite + Unpin),
    info_hash: InfoHash,
    pieces: u32,
) -> io::Result<()> {
    let mut greeting = Vec::with_capacity(HANDSHAKE_BYTES + 5 + pieces.div_ceil(8) as usize);
    greeting.extend_from_slice(PROTOCOL);
    greeting.extend_from_slice(&[0; 8]);
    greeting.extend_from_slice(&info_hash.0);
    greeting.extend_from_slice(PEER_ID);
    greeting.extend_from_slice(&(1 + pieces.div_ceil(8)).to_be_bytes());
    greeting.push(BITFIELD);
    greeting.extend((0..pieces.div_ceil(8)).map(|byte| match pieces - byte * 8 {
        // The spare bits after the last piece must be zero.
        left @ 1..=7 => 0xFF_u8 << (8 - left),
        _ => 0xFF,
    }));
    writer.write_all(&greeting).await
}

pub async fn write_keep_alive(writer: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
    writer.write_all(&0_u32.to_be_bytes()).await
}

pub async fn write_unchoke(writer: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
    writer.write_all(&[0, 0, 0, 1, UNCHOKE]).await
}

/// Writes the block a request asked for. Header and block leave in one write where the socket can.
pub async fn write_piece(writer: &mut (impl AsyncWrite + Unpin), request: Request, block: &[u8]) -> io::Result<()> {
    let mut header = [0; 13];
    header[..4].copy_from_slice(&(9 + request.length).to_be_bytes());
    header[4] = PIECE;
    header[5..9].copy_from_slice(&request.piece.to_be_bytes());
    header[9..].copy_from_slice(&request.begin.to_be_bytes());
    writer.write_all_buf(&mut Buf::chain(header.as_slice(), block)).await
}

/// Reads the next message. What isn't needed is skipped without being kept.
pub async fn read_message(reader: &mut (impl AsyncRead + Unpin)) -> io::Result<Incoming> {
    let length = reader.read_u32().await?;
    if length == 0 {
        return Ok(Incoming::KeepAlive);
    }
    if length > MAX_MESSAGE_BYTES {
        return Err(refused("the peer announced too long a message"));
    }
    match (reader.read_u8().await?, length) {
        (INTERESTED, 1) => Ok(Incoming::Interested),
        (REQUEST, 13) => Ok(Incoming::Request(Request {
            piece: reader.read_u32().await?,
            begin: reader.read_u32().await?,
            length: reader.read_u32().await?,
        })),
        (INTERESTED | REQUEST, _) => Err(refused("the peer sent a message of the wrong length")),
        _ => skip(reader, length - 1).await.map(|()| Incoming::Other),
    }
}

async fn skip(reader: &mut (impl AsyncRead + Unpin), length: u32) -> io::Result<()> {
    let skipped = tokio::io::copy(&mut reader.take(length.into()), &mut tokio::io::sink()).await?;
    if skipped < length.into() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
}

/// The peer broke the protocol, so its connection ends.
pub fn refused(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}
