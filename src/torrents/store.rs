//! The table `storage`: torrents on this disk.

use super::TorrentsError;
use crate::domain::info_hash::InfoHash;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use std::net::SocketAddr;

/// The most peers remembered per torrent.
pub const SEEN_PEERS_MAX: usize = 64;

/// A torrent on this disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTorrent {
    pub info_hash: InfoHash,
    pub size_bytes: u64,
    pub downloaded_bytes: u64,
    pub uploaded_bytes: u64,
    pub last_access_at: i64,
    pub is_protected: bool,
}

/// What has changed about a torrent since it was last written.
#[derive(Clone, Debug)]
pub struct Observation {
    pub info_hash: InfoHash,
    pub downloaded_bytes: u64,
    pub uploaded_more_bytes: u64,
    pub last_access_at: i64,
    pub seen_peers: Vec<SocketAddr>,
}

/// All torrents on this disk, the least recently used first.
pub fn all(connection: &Connection) -> Result<Vec<StoredTorrent>, TorrentsError> {
    let mut statement = connection.prepare_cached(
        "SELECT info_hash, size_bytes, downloaded_bytes, uploaded_bytes, last_access_at, is_protected
         FROM storage ORDER BY last_access_at",
    )?;
    let rows = statement.query_map([], stored)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn stored(row: &Row<'_>) -> rusqlite::Result<StoredTorrent> {
    let bytes = |column| row.get::<_, i64>(column).map(|bytes| u64::try_from(bytes).unwrap_or(0));
    Ok(StoredTorrent {
        info_hash: row.get(0)?,
        size_bytes: bytes(1)?,
        downloaded_bytes: bytes(2)?,
        uploaded_bytes: bytes(3)?,
        last_access_at: row.get(4)?,
        is_protected: row.get(5)?,
    })
}

/// The metadata of a torrent on this disk.
pub fn metainfo(connection: &Connection, info_hash: InfoHash) -> Result<Option<Vec<u8>>, TorrentsError> {
    let mut statement = connection.prepare_cached("SELECT metainfo FROM storage WHERE info_hash = ?1")?;
    Ok(statement.query_row([info_hash], |row| row.get(0)).optional()?)
}

/// The peers that were good the last time.
pub fn seen_peers(connection: &Connection, info_hash: InfoHash) -> Result<Vec<SocketAddr>, TorrentsError> {
    let mut statement = connection.prepare_cached("SELECT seen_peers FROM storage WHERE info_hash = ?1")?;
    let peers: Option<String> = statement.query_row([info_hash], |row| row.get(0)).optional()?;
    Ok(peers.unwrap_or_default().split_whitespace().filter_map(|peer| peer.parse().ok()).collect())
}

/// Records that a torrent is going to be on this disk.
pub fn open(
    transaction: &Transaction<'_>,
    info_hash: InfoHash,
    metainfo: &[u8],
    size_bytes: u64,
    now_ms: i64,
) -> Result<(), TorrentsError> {
    transaction
        .prepare_cached(
            "INSERT INTO storage
               (info_hash, metainfo, size_bytes, downloaded_bytes, uploaded_bytes, seen_peers, last_access_at)
             VALUES (?1, ?2, ?3, 0, 0, '', ?4)
             ON CONFLICT (info_hash) DO UPDATE SET metainfo = ?2, size_bytes = ?3, last_access_at = ?4",
        )?
        .execute(params![info_hash, metainfo, signed(size_bytes), now_ms])?;
    Ok(())
}

/// Records what was observed. Nothing happens to a torrent that is gone.
pub fn observe(transaction: &Transaction<'_>, observation: &Observation) -> Result<(), TorrentsError> {
    let peers: Vec<String> = observation.seen_peers.iter().take(SEEN_PEERS_MAX).map(SocketAddr::to_string).collect();
    transaction
        .prepare_cached(
            "UPDATE storage SET downloaded_bytes = ?2, uploaded_bytes = uploaded_bytes + ?3,
               last_access_at = max(last_access_at, ?4), seen_peers = CASE ?5 WHEN '' THEN seen_peers ELSE ?5 END
             WHERE info_hash = ?1",
        )?
        .execute(params![
            observation.info_hash,
            signed(observation.downloaded_bytes),
            signed(observation.uploaded_more_bytes),
            observation.last_access_at,
            peers.join(" "),
        ])?;
    Ok(())
}

/// Forgets a torrent whose files are gone.
pub fn delete(transaction: &Transaction<'_>, info_hash: InfoHash) -> Result<(), TorrentsError> {
    transaction.prepare_cached("DELETE FROM storage WHERE info_hash = ?1")?.execute([info_hash])?;
    Ok(())
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn what_is_observed_adds_up_and_what_is_deleted_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("db")).unwrap();
        let info_hash = InfoHash([7; 20]);
        let peer: SocketAddr = "127.0.0.1:6881".parse().unwrap();
        store
            .write(move |tx| {
                open(tx, info_hash, b"meta", 100, 5)?;
                let mut seen = Observation {
                    info_hash,
                    downloaded_bytes: 10,
                    uploaded_more_bytes: 3,
                    last_access_at: 9,
                    seen_peers: vec![peer],
                };
                observe(tx, &seen)?;
                seen.seen_peers.clear();
                observe(tx, &seen)?;
                assert_eq!(seen_peers(tx, info_hash)?, [peer]);
                assert_eq!(metainfo(tx, info_hash)?.as_deref(), Some(&b"meta"[..]));
                let [torrent] = &all(tx)?[..] else { panic!("one torrent") };
                assert_eq!((torrent.downloaded_bytes, torrent.uploaded_bytes, torrent.last_access_at), (10, 6, 9));
                delete(tx, info_hash)?;
                assert_eq!(all(tx)?, []);
                Ok::<_, TorrentsError>(())
            })
            .await
            .unwrap();
    }
}
