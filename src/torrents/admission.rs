//! The check that every torrent passes before the engine hears of it, whether it was uploaded, came by a magnet link
//! or is named on the command line (BEP 3).
//!
//! What [`admit`] lets through, the engine accepts: it is read by the engine's own parser, behind a scan that keeps
//! from that parser what would make it recurse too deep, calculate too far or hold too much.

mod files;
mod rejection;
mod scan;

pub use rejection::Rejection;

use crate::domain::{
    foreign_name::{self, NameFlaw},
    info_hash::InfoHash,
    playable::{self, Candidate},
    tracker, web_address,
};
use bytes::Bytes;
use librqbit::{ByteBuf, TorrentMetaV1Info};
use librqbit_bencode::{BencodeValue, from_bytes};
use std::ops::RangeInclusive;
use url::Url;

/// The largest `.torrent` file, in bytes.
pub const METAINFO_MAX_BYTES: usize = 10 * 1024 * 1024;

/// The most files of one torrent, padding included.
pub const FILES_MAX: usize = 10_000;

/// The most directories a file lies in, itself included.
pub const PATH_MAX_DEPTH: usize = 32;

/// The longest path within a torrent, in bytes of UTF-8.
pub const PATH_MAX_BYTES: usize = 4096;

/// Piece lengths in use today, in bytes. Most are powers of two, but nothing depends on it. Below one block (16 KiB)
/// hashes would outgrow the metadata; above 64 MiB nothing could be played before long.
pub const PIECE_LENGTH_BYTES: RangeInclusive<u32> = 16 * 1024..=64 * 1024 * 1024;

/// The most web servers of one torrent that are kept.
pub const WEBSEEDS_MAX: usize = 8;

/// What depends on the installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AdmissionLimits {
    /// The most bytes a torrent may hold: the disk quota.
    pub max_total_bytes: u64,
}

impl Default for AdmissionLimits {
    /// 50 GiB, as much as the default disk quota.
    fn default() -> Self {
        Self { max_total_bytes: 50 << 30 }
    }
}

/// A torrent that passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdmittedTorrent {
    pub info_hash: InfoHash,
    /// For display only, cleaned.
    pub name: String,
    /// Of all files, padding included.
    pub total_bytes: u64,
    pub piece_length_bytes: u32,
    /// BEP 27: peers come from the torrent's own trackers only.
    pub is_private: bool,
    /// HTTP and UDP trackers, each once, at most [`tracker::TRACKERS_MAX`].
    pub trackers: Vec<String>,
    /// Web servers that have the files (BEP 19), each once, at most [`WEBSEEDS_MAX`].
    pub webseeds: Vec<Url>,
    /// In the torrent's order, without padding (BEP 47).
    pub files: Vec<TorrentFile>,
    /// The index of the file to play.
    pub film: u32,
    /// A `.torrent` file with the same info dictionary, byte by byte, `trackers` and `webseeds`, and nothing else: all that the
    /// engine ever sees of what came from outside. Passes admission again, with the same result.
    pub metainfo: Bytes,
}

/// One file of a torrent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TorrentFile {
    /// The engine's number for it. Padding files have numbers too.
    pub index: u32,
    /// For display only: components, each cleaned, separated by `/`.
    pub path: String,
    pub len_bytes: u64,
}

/// Admits a v1 torrent, or the v1 part of a hybrid one, or says what is wrong with it. Web servers that its magnet link
/// named (`webseeds`) become the torrent's own. Takes up to some tens of milliseconds for the largest torrents.
pub fn admit(metainfo: Bytes, webseeds: &[Url], limits: &AdmissionLimits) -> Result<AdmittedTorrent, Rejection> {
    if metainfo.len() > METAINFO_MAX_BYTES {
        return Err(Rejection::MetainfoTooLarge);
    }
    // A line end after the dictionary is common, and does not reach the engine.
    let metainfo = metainfo.trim_ascii_end();
    scan::scan(metainfo)?;
    let torrent =
        librqbit::torrent_from_bytes(metainfo).map_err(|_| Rejection::Malformed("a field has the wrong type"))?;
    let info = &torrent.info.data;

    let entries = files::entries(info)?;
    let total_bytes = files::total_bytes(&entries, limits)?;
    let piece_length_bytes = check_pieces(info, total_bytes)?;
    let name = info.name.as_ref().ok_or(Rejection::Malformed("it has no name"))?;
    // The engine decodes names by the same guess. What they decode to counts: it may be worse than their bytes.
    let encoding = info.detect_encoding();
    let decode = |bytes| encoding.decode(bytes).0;
    let name = decode(name.as_ref());
    if let Some(flaw) = NameFlaw::of(&name) {
        return Err(Rejection::TorrentName(flaw));
    }
    let files = files::check(&entries, decode)?;

    let film = playable::film(files.iter().map(|file| Candidate {
        index: file.index,
        path: &file.path,
        len_bytes: file.len_bytes,
    }))
    .ok_or(Rejection::NoFilm)?;
    let trackers = torrent.iter_announce().filter_map(|address| str::from_utf8(address.as_ref()).ok());
    let trackers: Vec<String> = tracker::collect(trackers).into_iter().map(String::from).collect();
    let named = webseeds.iter().map(|url| url.as_str().to_owned());
    let webseeds = web_address::collect(url_list(metainfo).into_iter().chain(named), WEBSEEDS_MAX);
    let admitted = AdmittedTorrent {
        info_hash: InfoHash(torrent.info_hash.0),
        name: foreign_name::clean(&name),
        total_bytes,
        piece_length_bytes,
        is_private: info.private,
        metainfo: encode(&trackers, &webseeds, torrent.info.raw_bytes.as_ref()),
        trackers,
        webseeds,
        files,
        film,
    };
    torrent.info.data.validate().map_err(|_| Rejection::Malformed("the torrent engine does not accept it"))?;
    Ok(admitted)
}

/// Counts the piece hashes: one per piece, the last of which may be short. Answers the piece length.
fn check_pieces(info: &TorrentMetaV1Info<ByteBuf<'_>>, total_bytes: u64) -> Result<u32, Rejection> {
    if !PIECE_LENGTH_BYTES.contains(&info.piece_length) {
        return Err(Rejection::PieceLength);
    }
    let pieces = total_bytes.div_ceil(u64::from(info.piece_length));
    let (hashes, rest) = info.pieces.as_ref().as_chunks::<20>();
    if !rest.is_empty() || hashes.len() as u64 != pieces {
        return Err(Rejection::PieceCount);
    }
    Ok(info.piece_length)
}

/// The web servers that an admitted torrent names (BEP 19).
pub fn webseeds(metainfo: &[u8]) -> Vec<Url> {
    web_address::collect(url_list(metainfo), WEBSEEDS_MAX)
}

/// An admitted torrent without its trackers that speak UDP.
pub fn without_udp(metainfo: &Bytes) -> Bytes {
    let Ok(torrent) = librqbit::torrent_from_bytes(metainfo) else { return metainfo.clone() };
    let trackers = torrent.iter_announce().filter_map(|address| str::from_utf8(address.as_ref()).ok());
    let trackers: Vec<String> = trackers.filter(|address| !address.starts_with("udp:")).map(str::to_owned).collect();
    encode(&trackers, &webseeds(metainfo), torrent.info.raw_bytes.as_ref())
}

/// What stands under `url-list`: one address, or a list of them. Anything else counts as nothing.
fn url_list(metainfo: &[u8]) -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Lists<V> {
        #[serde(rename = "url-list")]
        urls: Option<V>,
    }
    let text = |bytes: &ByteBuf<'_>| String::from_utf8(bytes.as_ref().to_vec()).ok();
    match from_bytes::<Lists<BencodeValue<ByteBuf<'_>>>>(metainfo).ok().and_then(|lists| lists.urls) {
        Some(BencodeValue::Bytes(one)) => text(&one).into_iter().collect(),
        Some(BencodeValue::List(many)) => many
            .iter()
            .take(16 * WEBSEEDS_MAX)
            .filter_map(|value| if let BencodeValue::Bytes(one) = value { text(one) } else { None })
            .collect(),
        _ => Vec::new(),
    }
}

/// A `.torrent` file of these trackers (BEP 12), these web servers and this info dictionary.
fn encode(trackers: &[String], webseeds: &[Url], info: &[u8]) -> Bytes {
    let mut metainfo = b"d".to_vec();
    if !trackers.is_empty() {
        metainfo.extend_from_slice(b"13:announce-listl");
        for tracker in trackers {
            metainfo.extend_from_slice(format!("l{}:{tracker}e", tracker.len()).as_bytes());
        }
        metainfo.push(b'e');
    }
    metainfo.extend_from_slice(b"4:info");
    metainfo.extend_from_slice(info);
    if !webseeds.is_empty() {
        metainfo.extend_from_slice(b"8:url-listl");
        for url in webseeds {
            metainfo.extend_from_slice(format!("{}:{url}", url.as_str().len()).as_bytes());
        }
        metainfo.push(b'e');
    }
    metainfo.push(b'e');
    metainfo.into()
}
