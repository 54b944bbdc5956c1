//! Torrents made to order: honest ones for any content, and hostile ones bencoded key by key.

use miauflix::domain::info_hash::InfoHash;
use sha1::{Digest, Sha1};
use std::{
    fmt::Write as _,
    fs::File,
    io::{BufReader, Read},
    net::SocketAddr,
    path::Path,
};

/// A bencoded value (BEP 3). Dictionaries keep the order and the doubles they are given, so invalid ones can be made.
#[derive(Clone, Debug)]
pub enum Bencode {
    Integer(i128),
    Bytes(Vec<u8>),
    List(Vec<Bencode>),
    Dictionary(Vec<(&'static str, Bencode)>),
}

impl Bencode {
    pub fn text(text: &str) -> Self {
        Self::Bytes(text.as_bytes().to_vec())
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode_into(&mut out);
        out
    }

    fn encode_into(&self, out: &mut Vec<u8>) {
        match self {
            Self::Integer(number) => out.extend_from_slice(format!("i{number}e").as_bytes()),
            Self::Bytes(bytes) => {
                out.extend_from_slice(format!("{}:", bytes.len()).as_bytes());
                out.extend_from_slice(bytes);
            }
            Self::List(items) => {
                out.push(b'l');
                items.iter().for_each(|item| item.encode_into(out));
                out.push(b'e');
            }
            Self::Dictionary(entries) => {
                out.push(b'd');
                for (key, value) in entries {
                    Self::text(key).encode_into(out);
                    value.encode_into(out);
                }
                out.push(b'e');
            }
        }
    }
}

/// A metainfo file and what tests want to know about it.
#[derive(Clone, Debug)]
pub struct Torrent {
    /// The .torrent file.
    pub bytes: Vec<u8>,
    /// The bencoded info dictionary, as ut_metadata sends it.
    pub info: Vec<u8>,
    pub info_hash: InfoHash,
    pub piece_length: u32,
    pub length: u64,
    name: String,
    trackers: Vec<String>,
}

impl Torrent {
    /// Describes one file on disk under its own name.
    pub fn of_file(path: &Path, piece_length: u32, trackers: &[&str]) -> Self {
        let name = path.file_name().unwrap().to_str().unwrap();
        let length = path.metadata().unwrap().len();
        let pieces = piece_hashes(BufReader::new(File::open(path).unwrap()), piece_length);
        Self::of_info(single_file(name.as_bytes(), length, piece_length, pieces), trackers)
    }

    /// Describes one file with this content. Any bytes can be its name.
    pub fn of_bytes(name: &[u8], content: &[u8], piece_length: u32, trackers: &[&str]) -> Self {
        let pieces = piece_hashes(content, piece_length);
        Self::of_info(single_file(name, content.len() as u64, piece_length, pieces), trackers)
    }

    /// Describes a folder. Each file has a path of components, as hostile as they are given, and its content.
    pub fn of_files(name: &str, files: &[(&[&str], &[u8])], piece_length: u32, trackers: &[&str]) -> Self {
        let content: Vec<u8> = files.iter().flat_map(|(_, content)| content.iter().copied()).collect();
        let list = files.iter().map(|(path, content)| {
            Bencode::Dictionary(vec![
                ("length", Bencode::Integer(content.len() as i128)),
                ("path", Bencode::List(path.iter().map(|component| Bencode::text(component)).collect())),
            ])
        });
        let info = Bencode::Dictionary(vec![
            ("files", Bencode::List(list.collect())),
            ("name", Bencode::text(name)),
            ("piece length", Bencode::Integer(piece_length.into())),
            ("pieces", Bencode::Bytes(piece_hashes(content.as_slice(), piece_length))),
        ]);
        Self::of_info(info, trackers)
    }

    /// Wraps an info dictionary, honest or not. What it doesn't say reads as zero and empty.
    pub fn of_info(info: Bencode, trackers: &[&str]) -> Self {
        let encoded = info.encode();
        let mut metainfo = Vec::new();
        if let Some(first) = trackers.first() {
            metainfo.push(("announce", Bencode::text(first)));
            // One tier each (BEP 12), so a client that needs the second one doesn't shuffle it in front.
            let tiers = trackers.iter().map(|tracker| Bencode::List(vec![Bencode::text(tracker)])).collect();
            metainfo.push(("announce-list", Bencode::List(tiers)));
        }
        metainfo.push(("info", info.clone()));
        let facts = Facts::of(&info);
        Self {
            bytes: Bencode::Dictionary(metainfo).encode(),
            info_hash: InfoHash(Sha1::digest(&encoded).into()),
            info: encoded,
            piece_length: facts.piece_length,
            length: facts.length,
            name: facts.name,
            trackers: trackers.iter().map(|tracker| (*tracker).to_owned()).collect(),
        }
    }

    /// The magnet link (BEP 9) with the name, the torrent's trackers and the addresses of peers to ask.
    pub fn magnet(&self, peers: &[SocketAddr]) -> String {
        let mut magnet = format!("magnet:?xt=urn:btih:{}", self.info_hash);
        let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        write!(magnet, "&dn={}", encode(&self.name)).unwrap();
        for tracker in &self.trackers {
            write!(magnet, "&tr={}", encode(tracker)).unwrap();
        }
        for peer in peers {
            write!(magnet, "&x.pe={peer}").unwrap();
        }
        magnet
    }

    pub fn pieces(&self) -> u32 {
        self.length.div_ceil(self.piece_length.into()) as u32
    }
}

/// What an info dictionary says about its content.
#[derive(Default)]
struct Facts {
    piece_length: u32,
    length: u64,
    name: String,
}

impl Facts {
    fn of(info: &Bencode) -> Self {
        let mut facts = Self::default();
        let Bencode::Dictionary(entries) = info else { return facts };
        for (key, value) in entries {
            match (*key, value) {
                ("piece length", Bencode::Integer(length)) => facts.piece_length = (*length).try_into().unwrap_or(0),
                ("length", Bencode::Integer(length)) => facts.length = (*length).try_into().unwrap_or(0),
                ("name", Bencode::Bytes(name)) => facts.name = String::from_utf8_lossy(name).into_owned(),
                ("files", Bencode::List(files)) => facts.length = files.iter().map(|file| Self::of(file).length).sum(),
                _ => {}
            }
        }
        facts
    }
}

fn single_file(name: &[u8], length: u64, piece_length: u32, pieces: Vec<u8>) -> Bencode {
    Bencode::Dictionary(vec![
        ("length", Bencode::Integer(length.into())),
        ("name", Bencode::Bytes(name.to_vec())),
        ("piece length", Bencode::Integer(piece_length.into())),
        ("pieces", Bencode::Bytes(pieces)),
    ])
}

fn piece_hashes(mut content: impl Read, piece_length: u32) -> Vec<u8> {
    let mut hashes = Vec::new();
    let mut piece = Vec::with_capacity(piece_length as usize);
    loop {
        piece.clear();
        content.by_ref().take(piece_length.into()).read_to_end(&mut piece).unwrap();
        if piece.is_empty() {
            return hashes;
        }
        hashes.extend_from_slice(&Sha1::digest(&piece));
    }
}

#[test]
fn another_parser_reads_the_same_torrent() {
    let torrent = Torrent::of_files(
        "Season 1",
        &[(&["e1.mkv"], &[1; 70_000]), (&["extras", "e0.mkv"], &[2; 10])],
        32 * 1024,
        &["http://127.0.0.1:1/announce"],
    );
    let parsed = librqbit::torrent_from_bytes(&torrent.bytes).unwrap();
    assert_eq!(parsed.info_hash.0, torrent.info_hash.0);
    let info = parsed.info.data;
    assert_eq!(info.files.unwrap().iter().map(|file| file.length).sum::<u64>(), torrent.length);
    assert_eq!(info.pieces.as_ref().len() / 20, torrent.pieces() as usize);
}

#[test]
fn the_magnet_link_names_the_same_torrent() {
    let torrent = Torrent::of_bytes(b"A & B.mp4", b"content", 16 * 1024, &["http://127.0.0.1:1/announce"]);
    let magnet = librqbit::Magnet::parse(&torrent.magnet(&["127.0.0.9:6".parse().unwrap()])).unwrap();
    assert_eq!(magnet.as_id20().unwrap().0, torrent.info_hash.0);
    assert_eq!(magnet.trackers, ["http://127.0.0.1:1/announce"]);
    assert_eq!(magnet.name.as_deref(), Some("A & B.mp4"));
}

#[test]
fn hostile_torrents_keep_what_no_honest_one_says() {
    let info = Bencode::Dictionary(vec![
        ("name", Bencode::text("../../etc/passwd")),
        ("length", Bencode::Integer(-1)),
        ("length", Bencode::Integer(u64::MAX.into())),
    ]);
    let encoded = String::from_utf8(Torrent::of_info(info, &[]).bytes).unwrap();
    assert_eq!(encoded, "d4:infod4:name16:../../etc/passwd6:lengthi-1e6:lengthi18446744073709551615eee");
}
