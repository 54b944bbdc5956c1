//! Torrents made to harm, and what admission answers. None may panic, overflow or take long.

use bytes::Bytes;
use librqbit::{AddTorrent, AddTorrentOptions, AddTorrentResponse, Session, SessionOptions};
use miauflix::{
    domain::info_hash::InfoHash,
    torrents::admission::{AdmissionLimits, AdmittedTorrent, Rejection, admit},
};
use proptest::prelude::*;
use sha1::{Digest, Sha1};
use std::{fmt::Write as _, path::Path, sync::Arc, time::Instant};

const KIB: i64 = 1024;
const PIECE: i64 = 16 * KIB;

/// A bencoded value. Dictionaries keep the order and the doublets they are given.
#[derive(Clone, Debug)]
enum B {
    I(i64),
    S(Vec<u8>),
    L(Vec<B>),
    D(Vec<(&'static str, B)>),
    /// Bytes as they are.
    Raw(Vec<u8>),
}

fn s(text: impl AsRef<[u8]>) -> B {
    B::S(text.as_ref().to_vec())
}

impl B {
    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut Vec<u8>) {
        let string = |text: &[u8], out: &mut Vec<u8>| {
            out.extend_from_slice(format!("{}:", text.len()).as_bytes());
            out.extend_from_slice(text);
        };
        match self {
            B::I(number) => out.extend_from_slice(format!("i{number}e").as_bytes()),
            B::S(text) => string(text, out),
            B::L(items) => {
                out.push(b'l');
                items.iter().for_each(|item| item.write(out));
                out.push(b'e');
            }
            B::D(items) => {
                out.push(b'd');
                for (key, value) in items {
                    string(key.as_bytes(), out);
                    value.write(out);
                }
                out.push(b'e');
            }
            B::Raw(bytes) => out.extend_from_slice(bytes),
        }
    }

    /// The dictionary with a key replaced, added, or (by `None`) left out.
    fn with(&self, key: &'static str, value: impl Into<Option<B>>) -> B {
        let B::D(items) = self else { panic!("not a dictionary") };
        let mut items: Vec<_> = items.iter().filter(|(other, _)| *other != key).cloned().collect();
        items.extend(value.into().map(|value| (key, value)));
        items.sort_by_key(|(key, _)| *key);
        B::D(items)
    }
}

fn pieces(total: i64) -> B {
    B::S(vec![7; 20 * usize::try_from((total + PIECE - 1) / PIECE).unwrap()])
}

/// An info dictionary of one file.
fn single(name: impl AsRef<[u8]>) -> B {
    B::D(vec![
        ("length", B::I(100 * KIB)),
        ("name", s(name)),
        ("piece length", B::I(PIECE)),
        ("pieces", pieces(100 * KIB)),
    ])
}

fn file(length: i64, path: &[&[u8]]) -> B {
    B::D(vec![("length", B::I(length)), ("path", B::L(path.iter().map(s).collect()))])
}

/// An info dictionary of several files, with as many piece hashes as they need.
fn multi(files: Vec<B>) -> B {
    let lengths = files.iter().map(|file| {
        let B::D(items) = file else { panic!("not a file") };
        items
            .iter()
            .find_map(|(key, value)| if let ("length", B::I(length)) = (*key, value) { Some(*length) } else { None })
    });
    let total = lengths.map(Option::unwrap_or_default).fold(0, i64::saturating_add);
    let hashes = if (0..1 << 30).contains(&total) { pieces(total) } else { pieces(1) };
    B::D(vec![("files", B::L(files)), ("name", s("A film")), ("piece length", B::I(PIECE)), ("pieces", hashes)])
}

/// Several files: a film, and one more with this path.
fn beside_film(path: &[&[u8]]) -> B {
    multi(vec![file(50 * KIB, &[b"film.mkv"]), file(10, path)])
}

fn torrent(info: B) -> Vec<u8> {
    B::D(vec![("info", info)]).bytes()
}

fn check(metainfo: impl Into<Bytes>) -> Result<AdmittedTorrent, Rejection> {
    admit(metainfo.into(), &[], &AdmissionLimits::default())
}

fn hostile() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let good = single("film.mkv");
    let named = |name: &str| torrent(single(name));
    let raw = |bytes: &[u8]| torrent(good.with("x", B::Raw(bytes.to_vec())));
    let many = |count: usize| {
        let mut files = String::new();
        (0..count).for_each(|i| write!(files, "d6:lengthi1e4:pathl7:{i:07}ee").unwrap());
        let files = B::Raw(format!("l{files}e").into_bytes());
        torrent(good.with("length", None).with("files", files).with("pieces", pieces(count as i64)))
    };
    let nested = |open: &[u8], depth: usize| torrent(good.with("x", B::Raw(open.repeat(depth))));
    let closed = |depth: usize| torrent(good.with("x", B::Raw([b"l".repeat(depth), b"e".repeat(depth)].concat())));
    let with_attr = |attr: &str| multi(vec![file(50 * KIB, &[b"film.mkv"]), file(0, &[b"b"]).with("attr", s(attr))]);
    let trees = B::D(vec![("film.mkv", B::D(vec![("", B::D(vec![("length", B::I(5))]))]))]);
    vec![
        // Names, as they decode.
        ("name ..", named(".."), "name_traversal"),
        ("name .", named("."), "name_traversal"),
        ("name empty", named(""), "name_empty"),
        ("name blank", named("   "), "name_empty"),
        ("name zero-width", named("\u{200b}\u{feff}"), "name_empty"),
        ("name absolute", named("/etc/cron.d/film.mkv"), "name_separator"),
        ("name climbing", named("../../film.mkv"), "name_separator"),
        ("name of Windows", named("C:\\film.mkv"), "name_separator"),
        ("name with NUL", named("film.mkv\0.txt"), "name_control"),
        ("name with newline", named("film\n.mkv"), "name_control"),
        ("name with escape sequence", named("\u{1b}[2Jfilm.mkv"), "name_control"),
        ("name with C1 control", named("film\u{9b}2J.mkv"), "name_control"),
        ("name overriding direction", named("film\u{202e}vkm.exe"), "name_bidi"),
        ("name isolating direction", named("film\u{2066}.mkv"), "name_bidi"),
        ("name with mark", named("film\u{200f}.mkv"), "name_bidi"),
        ("name overlong", named(&format!("{}.mkv", "a".repeat(252))), "name_too_long"),
        ("name of 1 MiB", named(&"a".repeat(1 << 20)), "name_too_long"),
        ("name that UTF-16 makes ..", torrent(single(b"\xff\xfe.\0.\0")), "name_traversal"),
        ("name that UTF-16 makes absolute", torrent(single(b"\xfe\xff\0/\0a")), "name_separator"),
        ("path through ..", torrent(beside_film(&[b"..", b"..", b"etc", b"passwd"])), "name_traversal"),
        ("path through .. after BOM", torrent(beside_film(&[b"\xef\xbb\xbf..", b"a"])), "name_traversal"),
        ("path through UTF-16 ..", torrent(beside_film(&[b"\xff\xfe.\0.\0", b"a"])), "name_traversal"),
        ("path through .", torrent(beside_film(&[b".", b"a"])), "name_traversal"),
        ("path absolute by an empty component", torrent(beside_film(&[b"", b"etc", b"passwd"])), "name_empty"),
        ("path absolute", torrent(beside_film(&[b"/etc/passwd"])), "name_separator"),
        ("path component with slash", torrent(beside_film(&[b"a/../../b"])), "name_separator"),
        ("path component with backslash", torrent(beside_film(&[b"..\\b"])), "name_separator"),
        ("path with NUL", torrent(beside_film(&[b"a\0b"])), "name_control"),
        ("path with bidi", torrent(beside_film(&["a\u{202b}b".as_bytes()])), "name_bidi"),
        ("path component overlong", torrent(beside_film(&[&[b'a'; 256]])), "name_too_long"),
        ("path of 33 components", torrent(beside_film(&[&b"a"[..]; 33])), "path_too_long"),
        ("path of 5 KiB", torrent(beside_film(&[&[b'a'; 200][..]; 25])), "path_too_long"),
        ("path of 100,000 components", torrent(beside_film(&vec![&b"a"[..]; 100_000])), "path_too_long"),
        ("path of no components", torrent(beside_film(&[])), "name_empty"),
        ("same path twice", torrent(multi(vec![file(9, &[b"a.mkv"]), file(8, &[b"a.mkv"])])), "name_duplicate"),
        (
            "padding with hostile name",
            torrent(multi(vec![file(9, &[b"a.mkv"]), file(1, &[b".."]).with("attr", s("p"))])),
            "name_traversal",
        ),
        ("symlink", torrent(with_attr("l")), "symlink"),
        ("symlink among attributes", torrent(with_attr("xhl")), "symlink"),
        ("symlink target", torrent(good.with("symlink path", B::L(vec![s("etc")]))), "symlink"),
        ("symlink as the only file", torrent(good.with("attr", s("l"))), "symlink"),
        // Numbers of files.
        ("no files", torrent(multi(vec![])), "no_files"),
        ("neither file nor files", torrent(good.with("length", None)), "no_files"),
        ("file and files", torrent(good.with("files", B::L(vec![file(1, &[b"a"])]))), "malformed"),
        ("10,001 files", many(10_001), "too_many_files"),
        ("200,000 files", many(200_000), "too_many_entries"),
        ("10⁶ files", many(1_000_000), "metainfo_too_large"),
        // Lengths.
        ("length negative", torrent(good.with("length", B::I(-1))), "negative_length"),
        ("length least", torrent(good.with("length", B::I(-i64::MAX))), "negative_length"),
        (
            "length of a file negative",
            torrent(multi(vec![file(100, &[b"a.mkv"]), file(-50, &[b"b"])])),
            "negative_length",
        ),
        ("length zero", torrent(good.with("length", B::I(0))), "zero_length"),
        ("length zero without pieces", torrent(good.with("length", B::I(0)).with("pieces", s(""))), "zero_length"),
        ("length of 8 EiB", torrent(good.with("length", B::I(i64::MAX))), "total_too_large"),
        ("length of 2^64", torrent(good.with("length", B::Raw(b"i18446744073709551616e".to_vec()))), "malformed"),
        ("length of 2^64 - 1", torrent(good.with("length", B::Raw(b"i18446744073709551615e".to_vec()))), "malformed"),
        ("length over quota", torrent(good.with("length", B::I((50 << 30) + 1))), "total_too_large"),
        (
            "lengths that wrap to a small sum",
            torrent(multi(vec![file(i64::MAX, &[b"a.mkv"]), file(i64::MAX, &[b"b"]), file(100, &[b"c"])])),
            "total_too_large",
        ),
        ("length a string", torrent(good.with("length", s("100"))), "malformed"),
        // Pieces.
        ("piece length 0", torrent(good.with("piece length", B::I(0))), "piece_length"),
        ("piece length 1", torrent(good.with("piece length", B::I(1))), "piece_length"),
        ("piece length negative", torrent(good.with("piece length", B::I(-PIECE))), "piece_length"),
        ("piece length 2^32", torrent(good.with("piece length", B::I(1 << 32))), "piece_length"),
        ("piece length 2^32 + 16 KiB", torrent(good.with("piece length", B::I((1 << 32) + PIECE))), "piece_length"),
        ("piece length 128 MiB", torrent(good.with("piece length", B::I(128 << 20))), "piece_length"),
        ("piece length missing", torrent(good.with("piece length", None)), "malformed"),
        ("no piece hashes", torrent(good.with("pieces", s(""))), "piece_count"),
        ("a hash too few", torrent(good.with("pieces", pieces(80 * KIB))), "piece_count"),
        ("a hash too many", torrent(good.with("pieces", pieces(100 * KIB + PIECE))), "piece_count"),
        ("part of a hash", torrent(good.with("pieces", s([7; 139]))), "piece_count"),
        ("pieces missing", torrent(good.with("pieces", None)), "malformed"),
        ("pieces a list", torrent(good.with("pieces", B::L(vec![]))), "malformed"),
        // Structure.
        ("nothing", vec![], "malformed"),
        ("a web page", b"<!doctype html><title>404</title>".to_vec(), "malformed"),
        ("a list", b"l4:infoe".to_vec(), "malformed"),
        ("a number", b"i5e".to_vec(), "malformed"),
        ("a string", b"4:info".to_vec(), "malformed"),
        ("empty dictionary", b"de".to_vec(), "missing_info"),
        ("info a string", b"d4:info4:infoe".to_vec(), "missing_info"),
        ("info a list", b"d4:infolee".to_vec(), "missing_info"),
        ("info deeper down", B::D(vec![("a", B::D(vec![("info", good.clone())]))]).bytes(), "missing_info"),
        ("info empty", b"d4:infodee".to_vec(), "malformed"),
        ("info twice", B::D(vec![("info", good.clone()), ("info", single("other.mkv"))]).bytes(), "malformed"),
        ("name twice", torrent(good.with("name", B::Raw(b"5:a.mkv4:name5:b.mkv".to_vec()))), "malformed"),
        ("unknown key twice", torrent(good.with("x", B::Raw(b"1:a1:x1:b".to_vec()))), "malformed"),
        ("name missing", torrent(good.with("name", None)), "malformed"),
        ("name a number", torrent(good.with("name", B::I(5))), "malformed"),
        (
            "cut short",
            {
                let mut cut = torrent(good.clone());
                cut.truncate(cut.len() - 2);
                cut
            },
            "malformed",
        ),
        ("cut within a string", torrent(good.clone())[..60].to_vec(), "malformed"),
        ("trailing bytes", [torrent(good.clone()), b"x".to_vec()].concat(), "malformed"),
        ("two torrents", torrent(good.clone()).repeat(2), "malformed"),
        ("lists 10⁶ deep", nested(b"l", 1_000_000), "too_deep"),
        ("dictionaries 10⁶ deep", nested(b"d1:a", 1_000_000), "too_deep"),
        ("lists deep and closed", closed(100_000), "too_deep"),
        ("nothing but lists", b"l".repeat(5_000_000), "malformed"),
        ("a dictionary of lists", [b"d1:a".to_vec(), b"l".repeat(5_000_000)].concat(), "too_deep"),
        (
            "millions of empty strings",
            raw(&[b"l".to_vec(), b"0:".repeat(3_000_000), b"e".to_vec()].concat()),
            "too_many_entries",
        ),
        (
            "millions of tracker tiers",
            B::D(vec![
                ("announce-list", B::Raw([b"l".to_vec(), b"le".repeat(3_000_000), b"e".to_vec()].concat())),
                ("info", good.clone()),
            ])
            .bytes(),
            "too_many_entries",
        ),
        ("string of 2^63 bytes", raw(b"9223372036854775808:a"), "malformed"),
        ("string of 2^63 - 1 bytes", raw(b"9223372036854775807:a"), "malformed"),
        ("string of 2^64 bytes", raw(b"18446744073709551616:a"), "malformed"),
        ("string of a length of a thousand digits", raw(&[b"9".repeat(1000), b":a".to_vec()].concat()), "malformed"),
        ("string of negative length", raw(b"-1:a"), "malformed"),
        (
            "number of a million digits",
            raw(&[b"i".to_vec(), b"9".repeat(1_000_000), b"e".to_vec()].concat()),
            "malformed",
        ),
        ("number with leading zero", raw(b"i007e"), "malformed"),
        ("number minus zero", raw(b"i-0e"), "malformed"),
        ("number plus one", raw(b"i+1e"), "malformed"),
        ("number empty", raw(b"ie"), "malformed"),
        ("number minus", raw(b"i-e"), "malformed"),
        ("key a number", raw(b"di1ei2ee"), "malformed"),
        ("key without value", raw(b"d1:ae"), "malformed"),
        ("private flag 256", torrent(good.with("private", B::I(256))), "malformed"),
        ("private flag a string", torrent(good.with("private", s("1"))), "malformed"),
        (
            "creation date before time",
            B::D(vec![("creation date", B::I(-5)), ("info", good.clone())]).bytes(),
            "malformed",
        ),
        ("trackers no list", B::D(vec![("announce-list", B::I(5)), ("info", good.clone())]).bytes(), "malformed"),
        // What cannot be played.
        (
            "v2 only",
            torrent(B::D(vec![
                ("file tree", trees),
                ("meta version", B::I(2)),
                ("name", s("film.mkv")),
                ("piece length", B::I(PIECE)),
            ])),
            "v2_only",
        ),
        ("no film", named("film.exe"), "no_film"),
        ("film of no bytes", torrent(multi(vec![file(0, &[b"film.mkv"]), file(9, &[b"a"])])), "no_film"),
        ("film of padding", torrent(good.with("attr", s("p"))), "no_film"),
    ]
}

#[test]
fn every_hostile_torrent_is_answered_with_its_reason_in_no_time() {
    let table = hostile();
    assert!(table.len() >= 40);
    let start = Instant::now();
    let wrong: Vec<String> = table
        .into_iter()
        .filter_map(|(what, metainfo, code)| {
            let answer = check(metainfo).map(|torrent| torrent.name);
            let is_right = matches!(&answer, Err(rejection) if rejection.code() == code);
            (!is_right).then(|| format!("{what}: expected {code}, got {answer:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(start.elapsed().as_secs() < 2, "{:?}", start.elapsed());
}

#[test]
fn a_good_torrent_is_described_as_it_is() {
    let padding = |length| file(length, &[b".pad", b"100"]).with("attr", s("p"));
    let info = multi(vec![
        file(PIECE - 100, &[b"Sample", b"film.mkv"]),
        padding(100),
        file(60 * KIB, &["Fílm.mkv".as_bytes()]),
        padding(100),
        file(5, &[b"FILM.srt"]),
        file(0, &[b"film.srt"]),
    ]);
    let raw_info = info.with("private", B::I(1)).bytes();
    let metainfo = B::D(vec![
        ("announce", s("http://ignored.example/announce")),
        (
            "announce-list",
            B::L(vec![
                B::L(vec![s("http://a.example/announce"), s("file:///etc/passwd"), s(b"\xff")]),
                B::L(vec![s("udp://b.example:6969"), s("http://a.example/announce")]),
            ]),
        ),
        ("info", B::Raw(raw_info.clone())),
        ("url-list", s("http://c.example")),
    ]);
    let torrent = check(metainfo.bytes()).unwrap();
    assert_eq!(torrent.info_hash, InfoHash(Sha1::digest(&raw_info).into()));
    assert_eq!((torrent.name.as_str(), torrent.total_bytes), ("A film", 76 * 1024 + 105));
    assert_eq!((torrent.piece_length_bytes, torrent.is_private), (16 * 1024, true));
    assert_eq!(torrent.trackers, ["http://a.example/announce", "udp://b.example:6969"]);
    let files: Vec<_> = torrent.files.iter().map(|file| (file.index, file.path.as_str(), file.len_bytes)).collect();
    assert_eq!(
        files,
        [(0, "Sample/film.mkv", 16 * 1024 - 100), (2, "Fílm.mkv", 60 * 1024), (4, "FILM.srt", 5), (5, "film.srt", 0),]
    );
    assert_eq!(torrent.film, 2);
}

#[test]
fn the_engine_sees_nothing_but_the_info_dictionary_and_usable_trackers() {
    let info = single("film.mkv");
    let metainfo = B::D(vec![
        ("announce", s("ftp://a.example")),
        ("comment", s("x".repeat(99))),
        ("info", info.clone()),
        ("zz", s("tail")),
    ]);
    let admitted = check(metainfo.bytes()).unwrap();
    assert_eq!(admitted.metainfo, torrent(info.clone()));
    assert_eq!(check(admitted.metainfo.clone()).unwrap(), admitted);

    let many = B::L((0..200).map(|i| B::L(vec![s(format!("udp://t{i}.example:1"))])).collect());
    let admitted = check(B::D(vec![("announce-list", many), ("info", info)]).bytes()).unwrap();
    assert_eq!(admitted.trackers.len(), 64);
    assert_eq!(check(admitted.metainfo.clone()).unwrap(), admitted);
}

/// Info dictionaries unlike most, but of kinds that exist.
fn unusual() -> Vec<(&'static str, B)> {
    let good = single("film.mkv");
    let tree = B::D(vec![("film.mkv", B::D(vec![("", B::D(vec![("length", B::I(100 * KIB))]))]))]);
    vec![
        ("hybrid", good.with("file tree", tree).with("meta version", B::I(2))),
        ("keys out of order", {
            let B::D(mut items) = good.clone() else { panic!() };
            items.reverse();
            B::D(items)
        }),
        ("pieces of 17,000 bytes", good.with("piece length", B::I(17_000)).with("pieces", s([7; 140]))),
        ("pieces of 64 MiB", good.with("piece length", B::I(64 << 20)).with("pieces", s([7; 20]))),
        ("names that differ in case", multi(vec![file(9, &[b"a.mkv"]), file(8, &[b"A.mkv"])])),
        ("a name in windows-1251", single(b"\xd4\xe8\xeb\xfc\xec.mkv")),
        ("path.utf-8", multi(vec![file(9, &[b"a.mkv"]).with("path.utf-8", B::L(vec![s("..")]))])),
        ("a name of 255 bytes", single(format!("{}.mkv", "a".repeat(251)))),
        ("32 directories", beside_film(&[&b"a"[..]; 32])),
        ("10,000 files", multi((0..10_000).map(|i| file(20, &[format!("{i}.mkv").as_bytes()])).collect())),
        ("the whole quota", {
            let piece: i64 = 4 << 20;
            let hashes = B::S(vec![7; 20 * ((50 << 30) / piece) as usize]);
            good.with("length", B::I(50 << 30)).with("piece length", B::I(piece)).with("pieces", hashes)
        }),
    ]
}

#[test]
fn unusual_torrents_that_exist_are_let_in() {
    for (what, info) in unusual() {
        if let Err(rejection) = check(torrent(info)) {
            panic!("{what}: {rejection}");
        }
    }
}

/// A session that speaks to nobody.
async fn quiet_engine(directory: &Path) -> Arc<Session> {
    let options = SessionOptions {
        dht: None,
        disable_trackers: true,
        disable_local_service_discovery: true,
        ..SessionOptions::default()
    };
    Session::new_with_opts(directory.to_owned(), options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_engine_accepts_whatever_is_admitted() {
    let directory = tempfile::tempdir().unwrap();
    let engine = quiet_engine(directory.path()).await;
    let good = torrent(multi(vec![file(50 * KIB, &[b"film.mkv"]), file(9, &[b"a", b"film.srt"])]));
    let mutants = (0..good.len()).flat_map(|at| {
        let good = &good;
        b"\0.019:deil\xff".iter().map(move |&byte| {
            let mut mutant = good.clone();
            mutant[at] = byte;
            mutant
        })
    });
    let mut accepted = 0;
    for metainfo in unusual().into_iter().map(|(_, info)| torrent(info)).chain(mutants) {
        let Ok(admitted) = check(metainfo) else { continue };
        accepted += 1;
        let options = AddTorrentOptions { list_only: true, ..AddTorrentOptions::default() };
        let answer = engine.add_torrent(AddTorrent::from_bytes(admitted.metainfo.clone()), Some(options)).await;
        let Ok(AddTorrentResponse::ListOnly(listed)) = answer else { panic!("refused: {:?}", admitted.metainfo) };
        assert_eq!(InfoHash(listed.info_hash.0), admitted.info_hash);
    }
    assert!(accepted > 500, "{accepted}");
    engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_engine_runs_torrents_of_odd_piece_lengths() {
    let directory = tempfile::tempdir().unwrap();
    let engine = quiet_engine(directory.path()).await;
    for (piece, hashes) in [(17_000, 7), (PIECE + 1, 7), (100 * KIB - 1, 2), (64 << 20, 1)] {
        let info = single("film.mkv").with("piece length", B::I(piece)).with("pieces", s(vec![7; 20 * hashes]));
        let metainfo = check(torrent(info)).unwrap().metainfo;
        let options = AddTorrentOptions { paused: true, overwrite: true, ..AddTorrentOptions::default() };
        let answer = engine.add_torrent(AddTorrent::from_bytes(metainfo), Some(options)).await.unwrap();
        answer.into_handle().unwrap().wait_until_initialized().await.unwrap();
    }
    engine.stop().await;
}

#[test]
fn a_line_end_after_the_torrent_is_overlooked() {
    let exact = check(torrent(single("film.mkv"))).unwrap();
    assert_eq!(check([torrent(single("film.mkv")), b"\r\n".to_vec()].concat()), Ok(exact));
}

#[test]
fn the_quota_is_the_limit() {
    let metainfo = Bytes::from(torrent(single("film.mkv")));
    let limited = |max_total_bytes| admit(metainfo.clone(), &[], &AdmissionLimits { max_total_bytes });
    assert!(limited(100 * 1024).is_ok());
    assert_eq!(limited(100 * 1024 - 1), Err(Rejection::TotalTooLarge { max_total_bytes: 100 * 1024 - 1 }));
}

#[test]
fn no_reason_repeats_what_the_torrent_says() {
    for name in ["evil\u{1b}[31m", "evil\u{202e}", "evil/.."] {
        let reason = check(torrent(single(name))).unwrap_err().to_string();
        assert!(reason.ends_with('.') && !reason.contains("evil"), "{reason}");
    }
}

/// What an admitted torrent promises, whatever it was made from.
fn assert_sound(torrent: &AdmittedTorrent) {
    assert!(torrent.files.iter().any(|file| file.index == torrent.film && file.len_bytes > 0));
    assert!(torrent.files.iter().map(|file| file.len_bytes).sum::<u64>() <= torrent.total_bytes);
    assert!(torrent.files.iter().all(|file| file.path.split('/').all(|name| !matches!(name, "" | "." | ".."))));
    assert_eq!(check(torrent.metainfo.clone()).as_ref(), Ok(torrent));
}

/// Bencode-like rubbish: tokens a parser takes seriously.
fn tokens() -> impl Strategy<Value = Vec<u8>> {
    let token = prop_oneof![
        Just(b"d".to_vec()),
        Just(b"l".to_vec()),
        Just(b"e".to_vec()),
        prop::sample::select(vec![
            "info",
            "files",
            "length",
            "name",
            "path",
            "pieces",
            "piece length",
            "attr",
            "private"
        ])
        .prop_map(|key| s(key).bytes()),
        any::<i64>().prop_map(|number| B::I(number).bytes()),
        any::<u128>().prop_map(|number| format!("i{number}e").into_bytes()),
        any::<u64>().prop_map(|number| format!("{number}:").into_bytes()),
        prop::collection::vec(any::<u8>(), 0..24).prop_map(|text| B::S(text).bytes()),
    ];
    prop::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(check(bytes).is_err());
    }

    #[test]
    fn any_bencode_like_bytes_are_answered(tokens in tokens()) {
        for metainfo in [tokens.clone(), [b"d4:infod", &tokens[..], b"ee"].concat(), torrent(single("a.mkv").with("x", B::Raw(tokens)))] {
            if let Ok(torrent) = check(metainfo) {
                assert_sound(&torrent);
            }
        }
    }

    #[test]
    fn a_mutated_torrent_is_rejected_or_sound(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..4u8, any::<u8>()), 1..6),
        is_single in any::<bool>(),
    ) {
        let info = if is_single { single("film.mkv") } else { beside_film(&[b"a", b"film.srt"]).with("private", B::I(1)) };
        let mut metainfo = B::D(vec![("announce", s("http://t.example/a")), ("info", info)]).bytes();
        for (at, edit, byte) in edits {
            let at = at.index(metainfo.len());
            match edit {
                0 => metainfo[at] = byte,
                1 => metainfo.insert(at, byte),
                2 => { metainfo.remove(at); }
                // A digit for a digit keeps the structure more often.
                _ => metainfo[at] = b"0123456789"[usize::from(byte % 10)],
            }
        }
        if let Ok(torrent) = check(metainfo) {
            assert_sound(&torrent);
        }
    }

    #[test]
    fn a_mutated_name_is_rejected_or_sound(name in prop::collection::vec(any::<u8>(), 0..40)) {
        let name = [&name[..], b".mkv"].concat();
        for info in [single(&name), beside_film(&[&name])] {
            if let Ok(torrent) = check(torrent(info)) {
                assert_sound(&torrent);
            }
        }
    }
}
