//! Disk space: what torrents take, what is free, and making room.

use super::{
    TorrentsError, TorrentsParts,
    active::ActiveTorrents,
    eviction::{Demand, Occupant, plan},
    store,
};
use crate::{domain::info_hash::InfoHash, events::Event};
use std::{collections::HashMap, io, os::unix::fs::MetadataExt as _, path::Path};

/// What `stat` counts blocks in.
const BLOCK_BYTES: u64 = 512;

/// Deletes what has to go so that `incoming` (a torrent and its size) fits; with nothing to come, so that what is
/// here stays within its limits. Fails, deleting nothing, when `incoming` cannot fit.
pub async fn make_room(
    parts: &TorrentsParts,
    active: &ActiveTorrents,
    incoming: Option<(InfoHash, u64)>,
) -> Result<(), TorrentsError> {
    let rows = parts.store.read(store::all).await?;
    let dir = parts.settings.torrents_dir.clone();
    let measure = move || {
        std::fs::create_dir_all(&dir)?;
        let mut on_disk: HashMap<InfoHash, u64> = HashMap::new();
        for info_hash in rows.iter().map(|row| row.info_hash).chain(incoming.map(|(info_hash, _)| info_hash)) {
            on_disk.insert(info_hash, bytes_on_disk(&dir.join(info_hash.to_string())));
        }
        Ok::<_, io::Error>((rows, on_disk, free_bytes(&dir)?))
    };
    let measured = tokio::task::spawn_blocking(measure).await.map_err(|_| TorrentsError::DiskFull)?;
    let (rows, on_disk, free_bytes) = measured.map_err(|error| {
        tracing::error!(%error, "failed to measure the torrents folder");
        TorrentsError::DiskFull
    })?;

    let bytes_of = |info_hash: InfoHash| on_disk.get(&info_hash).copied().unwrap_or(0);
    let occupant = |row: &store::StoredTorrent| {
        let bytes_on_disk = bytes_of(row.info_hash);
        let torrent = active.get(row.info_hash);
        let is_incoming = incoming.is_some_and(|(info_hash, _)| info_hash == row.info_hash);
        let is_watched = is_incoming || torrent.as_ref().is_some_and(|torrent| torrent.is_watched());
        let grows = is_watched && !is_incoming;
        Occupant {
            info_hash: row.info_hash,
            bytes_on_disk,
            growth_bytes: if grows { row.size_bytes.saturating_sub(bytes_on_disk) } else { 0 },
            last_access_at: row.last_access_at,
            is_protected: row.is_protected,
            is_watched,
        }
    };
    let demand = Demand {
        quota_bytes: parts.settings.disk_quota_bytes,
        reserve_bytes: parts.settings.free_space_reserve_bytes,
        free_bytes,
        incoming_bytes: incoming.map_or(0, |(info_hash, size)| size.saturating_sub(bytes_of(info_hash))),
    };
    let plan = plan(rows.iter().map(occupant).collect(), demand);
    if incoming.is_some() && !plan.is_enough {
        return Err(TorrentsError::DiskFull);
    }
    for info_hash in plan.evict {
        // Somebody may have begun to watch it since.
        if active.retire(info_hash) {
            delete(parts, info_hash).await?;
            tracing::info!(torrent = info_hash.short(), "evicted a torrent to make room");
        }
    }
    Ok(())
}

/// Deletes a torrent that is not active any more: its files, then its row.
pub async fn delete(parts: &TorrentsParts, info_hash: InfoHash) -> Result<(), TorrentsError> {
    parts.engine.remove(info_hash, true).await?;
    parts.store.write(move |tx| store::delete(tx, info_hash)).await?;
    parts.events.emit(Event::TorrentEvicted { info_hash });
    Ok(())
}

/// What a torrent's folder takes; its files are sparse.
fn bytes_on_disk(dir: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(dir) else { return 0 };
    let blocks = entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|file| file.blocks());
    blocks.fold(0, u64::saturating_add).saturating_mul(BLOCK_BYTES)
}

/// What an unprivileged process may still write.
fn free_bytes(dir: &Path) -> io::Result<u64> {
    let stat = rustix::fs::statvfs(dir)?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}
