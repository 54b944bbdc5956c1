//! The peer wire protocol (BEP 3) for tests: framing, and a leecher that fetches single blocks.

use super::{loopback::LoopbackAddress, metainfo::Torrent};
use miauflix::domain::info_hash::InfoHash;
use std::{io, net::SocketAddr};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpSocket, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

pub const CHOKE: u8 = 0;
pub const UNCHOKE: u8 = 1;
pub const INTERESTED: u8 = 2;
pub const BITFIELD: u8 = 5;
pub const REQUEST: u8 = 6;
pub const PIECE: u8 = 7;
pub const EXTENDED: u8 = 20;

/// Where the info hash stands in a handshake of 68 bytes.
const INFO_HASH_AT: usize = 28;

/// A handshake that announces the extension protocol (BEP 10).
pub fn handshake(info_hash: InfoHash, peer_id: &[u8; 20]) -> Vec<u8> {
    [b"\x13BitTorrent protocol".as_slice(), &[0, 0, 0, 0, 0, 0x10, 0, 0], &info_hash.0, peer_id].concat()
}

/// Reads the other side's handshake; answers the info hash it speaks of.
pub async fn read_handshake(reader: &mut (impl AsyncReadExt + Unpin)) -> io::Result<InfoHash> {
    let mut handshake = [0; 68];
    reader.read_exact(&mut handshake).await?;
    let mut info_hash = [0; 20];
    info_hash.copy_from_slice(&handshake[INFO_HASH_AT..INFO_HASH_AT + 20]);
    Ok(InfoHash(info_hash))
}

pub fn message(id: u8, payload: &[u8]) -> Vec<u8> {
    let mut message = (payload.len() as u32 + 1).to_be_bytes().to_vec();
    message.push(id);
    message.extend_from_slice(payload);
    message
}

/// Reads the next message that is not a keep-alive, as id and payload.
pub async fn read_message(reader: &mut (impl AsyncReadExt + Unpin)) -> io::Result<(u8, Vec<u8>)> {
    loop {
        let length = reader.read_u32().await? as usize;
        if length > 0 {
            let id = reader.read_u8().await?;
            let mut payload = vec![0; length - 1];
            reader.read_exact(&mut payload).await?;
            return Ok((id, payload));
        }
    }
}

/// Three numbers of a request, or the two in front of a block.
pub fn numbers(payload: &[u8]) -> Vec<u32> {
    payload.chunks_exact(4).map(|bytes| u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])).collect()
}

/// A client that asks one peer for blocks. It looks like what it is: it verifies nothing.
pub struct Leecher {
    pub reader: OwnedReadHalf,
    pub writer: OwnedWriteHalf,
}

impl Leecher {
    /// Connects and shakes hands. The peer has to answer with the same torrent.
    pub async fn connect(peer: SocketAddr, info_hash: InfoHash) -> io::Result<Self> {
        Self::over(TcpStream::connect(peer).await?, info_hash).await
    }

    /// As `connect`, from a given address of this machine.
    pub async fn connect_from(from: SocketAddr, peer: SocketAddr, info_hash: InfoHash) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(from)?;
        Self::over(socket.connect(peer).await?, info_hash).await
    }

    async fn over(stream: TcpStream, info_hash: InfoHash) -> io::Result<Self> {
        let (mut reader, mut writer) = stream.into_split();
        writer.write_all(&handshake(info_hash, b"-TS0001-leechleechle")).await?;
        assert_eq!(read_handshake(&mut reader).await?, info_hash);
        Ok(Self { reader, writer })
    }

    /// Says that it wants something and waits until it may ask.
    pub async fn unchoked(&mut self) -> io::Result<()> {
        self.writer.write_all(&message(INTERESTED, &[])).await?;
        self.until(UNCHOKE).await.map(drop)
    }

    /// Fetches one block.
    pub async fn block(&mut self, piece: u32, begin: u32, length: u32) -> io::Result<Vec<u8>> {
        let request: Vec<u8> = [piece, begin, length].iter().flat_map(|number| number.to_be_bytes()).collect();
        self.writer.write_all(&message(REQUEST, &request)).await?;
        let payload = self.until(PIECE).await?;
        assert_eq!(numbers(&payload[..8]), [piece, begin]);
        Ok(payload[8..].to_vec())
    }

    /// Passes over other messages until one with this id comes; answers its payload.
    pub async fn until(&mut self, wanted: u8) -> io::Result<Vec<u8>> {
        loop {
            let (id, payload) = read_message(&mut self.reader).await?;
            if id == wanted {
                return Ok(payload);
            }
        }
    }
}

#[tokio::test]
async fn a_leecher_fetches_blocks_of_the_playback_check_film() {
    use miauflix::playback_check;
    let seeder = playback_check::LoopbackSeeder::start().await.unwrap();
    let mut leecher = Leecher::connect(seeder.addr(), playback_check::info_hash()).await.unwrap();
    leecher.unchoked().await.unwrap();
    assert_eq!(&leecher.block(0, 4, 4).await.unwrap(), b"ftyp");
}

/// Whether the peer at `address` says that it has every piece.
pub async fn has_everything(address: SocketAddr, torrent: &Torrent) -> bool {
    let here = LoopbackAddress::allot();
    let Ok(mut leecher) = Leecher::connect_from((here.ip, 0).into(), address, torrent.info_hash).await else {
        return false;
    };
    let Ok(bitfield) = leecher.until(BITFIELD).await else { return false };
    bitfield.iter().map(|byte| byte.count_ones()).sum::<u32>() == torrent.pieces()
}
