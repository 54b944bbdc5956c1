//! What a torrent calls its files never reaches the disk.

use super::*;

/// A `.torrent` file of one file whose path tries to leave every folder.
fn hostile(bytes: &[u8], path: &str) -> (InfoHash, Bytes) {
    use sha1::{Digest as _, Sha1};
    let mut info =
        format!("d5:filesld6:lengthi{}e4:pathl{path}eee4:name5:../..12:piece lengthi{PIECE}e6:pieces", bytes.len())
            .into_bytes();
    let hashes: Vec<u8> = bytes.chunks(PIECE as usize).flat_map(Sha1::digest).collect();
    info.extend_from_slice(format!("{}:", hashes.len()).as_bytes());
    info.extend_from_slice(&hashes);
    info.push(b'e');
    let metainfo = [b"d4:info", &info[..], b"e"].concat();
    (InfoHash(Sha1::digest(&info).into()), metainfo.into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_in_a_torrent_never_reach_the_disk() {
    let film = Film::new(20, &[200_000]).await;
    let mut accepted = 0;
    for path in ["2:..2:..4:evil", "9:/etc/evil", "3:a\0b", "1:.", "4:\"`$~"] {
        let (info_hash, metainfo) = hostile(film.bytes(0), path);
        let jail = tempfile::tempdir().unwrap();
        let (there, here) = (jail.path().join("a/b/seeder"), jail.path().join("a/b/leecher"));
        std::fs::create_dir_all(there.join(info_hash.to_string())).unwrap();
        std::fs::create_dir_all(&here).unwrap();
        std::fs::write(there.join(info_hash.to_string()).join("0"), film.bytes(0)).unwrap();
        let mut settings = settings(&there, SOON);
        settings.listen = Some((Ipv4Addr::LOCALHOST, 0).into());
        let seeder = LibrqbitEngine::start(settings).await.unwrap();
        let add = |peers| AddTorrent { info_hash, metainfo: metainfo.clone(), initial_peers: peers };
        // Most are refused outright, which is as good.
        let Ok(seeding) = seeder.add(add(Vec::new())).await else { continue };
        accepted += 1;
        reaches(&seeding, SourceState::Live).await;
        let leecher = engine(&here, SOON).await;
        let torrent = leecher
            .add(add(vec![(Ipv4Addr::LOCALHOST, seeder.listen_address().unwrap().port()).into()]))
            .await
            .unwrap();
        assert!(read(&mut *whole(&torrent, 0)).await.unwrap() == film.bytes(0));
        assert_eq!(tree(jail.path()), [format!("a/b/leecher/{info_hash}/0"), format!("a/b/seeder/{info_hash}/0"),]);
    }
    assert!(accepted > 0, "nothing was tried");
}

fn tree(root: &Path) -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path)
            } else {
                files.push(path.strip_prefix(root).unwrap().to_string_lossy().into_owned())
            }
        }
    }
    files.sort();
    files
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_torrent_of_many_files_makes_only_those_that_are_read() {
    let mut lens = vec![100; 300];
    lens[7] = 300_000;
    let film = Film::new(21, &lens).await;
    let seeder = Seeder::new(None).await;
    seeder.seed(&film).await;
    let dir = tempfile::tempdir().unwrap();
    let engine = engine(dir.path(), SOON).await;
    let torrent = engine.add(film.add(vec![seeder.address])).await.unwrap();
    let big = film.files.iter().position(|(_, bytes)| bytes.len() == 300_000).unwrap();
    assert!(read(&mut *whole(&torrent, big as u32)).await.unwrap() == film.bytes(big));
    // The first and last piece of the big file also hold small ones; no whole piece lies beyond them.
    let files = tree(dir.path());
    assert!(files.len() < lens.len(), "{} files", files.len());
}
