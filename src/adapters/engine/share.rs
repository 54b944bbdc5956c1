//! What librqbit's storage hook, our readers and the torrent itself know in common.

use super::{files::Files, pieces::Pieces};
use crate::{domain::info_hash::InfoHash, torrents::piece_source::SourceState};
use std::{io, ops::Range, path::PathBuf};
use tokio::sync::watch;

/// One active torrent's layout, verified pieces, files and state.
pub struct Share {
    pub info_hash: InfoHash,
    /// Where each file lies, in bytes from the start of the torrent.
    pub layout: Vec<Range<u64>>,
    pub pieces: Pieces,
    pub files: Files,
    state: watch::Sender<SourceState>,
}

impl Share {
    pub fn new(info_hash: InfoHash, lens_bytes: impl Iterator<Item = u64>, piece_bytes: u64, dir: PathBuf) -> Self {
        let mut end = 0;
        let layout: Vec<Range<u64>> = lens_bytes
            .map(|len| {
                let start = end;
                end = start + len;
                start..end
            })
            .collect();
        Self {
            info_hash,
            pieces: Pieces::new(end, piece_bytes),
            files: Files::new(dir),
            layout,
            state: watch::Sender::new(SourceState::Checking),
        }
    }

    /// The file that fills most of the torrent.
    pub fn largest_file(&self) -> usize {
        let len = |range: &Range<u64>| range.end - range.start;
        self.layout.iter().enumerate().max_by_key(|(_, range)| len(range)).map_or(0, |(index, _)| index)
    }

    pub fn state(&self) -> watch::Receiver<SourceState> {
        self.state.subscribe()
    }

    /// Enters `next`, unless the torrent is deleted: that is for good.
    pub fn enter(&self, next: SourceState) {
        self.state.send_if_modified(|state| {
            let changes = *state != SourceState::Deleted && *state != next;
            if changes {
                *state = next;
            }
            changes
        });
    }

    /// The torrent cannot go on.
    pub fn fail(&self, reason: String) {
        if *self.state.borrow() != SourceState::Deleted {
            tracing::warn!(torrent = self.info_hash.short(), reason, "torrent failed");
        }
        self.enter(SourceState::Failed(reason));
    }

    /// A write failed: the torrent stops, and says what the owner can do about it.
    pub fn fail_to_write(&self, error: &io::Error) {
        self.fail(match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "the disk is full; free some space, or lower torrents.disk_quota_gib".to_owned()
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                format!("the torrents folder cannot be written: {error}")
            }
            _ => format!("writing to disk failed: {error}"),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_named_and_a_deleted_torrent_stays_deleted() {
        let share = Share::new(InfoHash([0; 20]), [10, 20].into_iter(), 16, PathBuf::new());
        assert_eq!(share.layout, [0..10, 10..30]);
        share.fail_to_write(&io::ErrorKind::StorageFull.into());
        let state = share.state().borrow().clone();
        assert!(matches!(state, SourceState::Failed(reason) if reason.contains("disk is full")));
        share.enter(SourceState::Deleted);
        share.enter(SourceState::Live);
        assert_eq!(*share.state().borrow(), SourceState::Deleted);
    }
}
