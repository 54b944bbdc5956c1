//! One peer's connection to the seeder: handshake, then blocks in the order asked for.
//!
//! A request is answered before the next message is read, so a peer can't make the seeder queue anything.

use super::wire::{self, BLOCK_BYTES, Incoming, Request};
use crate::domain::info_hash::InfoHash;
use std::{future::Future, io, time::Duration};
use tokio::{io::BufReader, net::TcpStream, time::timeout};

/// The piece length of the film's torrent.
pub const PIECE_BYTES: u32 = 256 * 1024;

/// A peer says who it is right after it connected.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// Clients send a keep-alive every two minutes (BEP 3); some grace for late ones.
const IDLE_TIMEOUT: Duration = Duration::from_secs(150);

/// A peer that doesn't read what it asked for is let go.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// Enough for a burst of requests; the film itself isn't copied.
const READ_BUFFER_BYTES: usize = 4 * 1024;

/// Serves one peer until it leaves (`Ok`), breaks the protocol or is silent for too long.
pub async fn serve(mut stream: TcpStream, info_hash: InfoHash, film: &[u8]) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.split();
    let mut reader = BufReader::with_capacity(READ_BUFFER_BYTES, reader);
    let pieces = film.len().div_ceil(PIECE_BYTES as usize) as u32;

    within(HANDSHAKE_TIMEOUT, wire::read_handshake(&mut reader, info_hash)).await?;
    within(WRITE_TIMEOUT, wire::write_greeting(&mut writer, info_hash, pieces)).await?;

    let mut unchoked = false;
    loop {
        match within(IDLE_TIMEOUT, wire::read_message(&mut reader)).await {
            // Answering keeps the connection open at the other end too, without a timer of our own.
            Ok(Incoming::KeepAlive) => within(WRITE_TIMEOUT, wire::write_keep_alive(&mut writer)).await?,
            Ok(Incoming::Interested) if !unchoked => {
                unchoked = true;
                within(WRITE_TIMEOUT, wire::write_unchoke(&mut writer)).await?;
            }
            Ok(Incoming::Request(request)) if unchoked => {
                let block = block(film, request).ok_or_else(|| wire::refused("the peer asked for no block of ours"))?;
                within(WRITE_TIMEOUT, wire::write_piece(&mut writer, request, block)).await?;
            }
            // A request before the unchoke counts as not made (BEP 3).
            Ok(Incoming::Interested | Incoming::Request(_) | Incoming::Other) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// The bytes a request names, or `None` where it reaches outside its piece or the film.
fn block(film: &[u8], request: Request) -> Option<&[u8]> {
    let Request { piece, begin, length } = request;
    if length == 0 || length > BLOCK_BYTES || begin.checked_add(length)? > PIECE_BYTES {
        return None;
    }
    let start = usize::try_from(u64::from(piece) * u64::from(PIECE_BYTES) + u64::from(begin)).ok()?;
    film.get(start..start.checked_add(length as usize)?)
}

async fn within<T>(limit: Duration, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(limit, work).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(film: &[u8], piece: u32, begin: u32, length: u32) -> Option<&[u8]> {
        block(film, Request { piece, begin, length })
    }

    #[test]
    fn a_block_is_exactly_what_was_asked_for() {
        let film: Vec<u8> = (0..PIECE_BYTES + 100).map(|at| (at % 251) as u8).collect();
        assert_eq!(asked(&film, 0, 16, 4).unwrap(), &film[16..20]);
        assert_eq!(asked(&film, 1, 90, 10).unwrap(), &film[film.len() - 10..]);
        assert_eq!(asked(&film, 0, PIECE_BYTES - BLOCK_BYTES, BLOCK_BYTES).unwrap().len(), BLOCK_BYTES as usize);
    }

    #[test]
    fn nothing_outside_the_piece_or_the_film_is_given() {
        let film = vec![0; PIECE_BYTES as usize + 100];
        for (piece, begin, length) in [
            (0, 0, 0),
            (0, 0, BLOCK_BYTES + 1),
            (0, PIECE_BYTES - 1, 2),
            (0, u32::MAX, 1),
            (1, 99, 2),
            (1, 100, 1),
            (2, 0, 1),
            (u32::MAX, 0, 1),
            (u32::MAX, u32::MAX, u32::MAX),
        ] {
            assert_eq!(asked(&film, piece, begin, length), None, "{piece} {begin} {length}");
        }
    }
}
