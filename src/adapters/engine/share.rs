//! What librqbit's storage hook, our readers and the torrent itself know in common.

use super::{files::Files, fresh::Fresh};
use crate::{
    domain::info_hash::InfoHash,
    torrents::{lane::Lane, piece_source::SourceState, pieces::Pieces},
};
use arc_swap::ArcSwapOption;
use std::{io, ops::Range, path::PathBuf, sync::Arc};
use tokio::sync::watch;

/// One active torrent's layout, verified pieces, files and state.
pub struct Share {
    pub info_hash: InfoHash,
    /// Where each file lies, in bytes from the start of the torrent.
    pub layout: Vec<Range<u64>>,
    /// Hashed right and on disk.
    pub pieces: Arc<Pieces>,
    /// What librqbit knows of `pieces`.
    pub stored: Pieces,
    /// Hashed right and on their way to disk.
    pub fresh: Fresh,
    pub files: Files,
    /// Fetches what readers wait for; none when the lane is off or has failed.
    pub lane: ArcSwapOption<Lane>,
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
            pieces: Arc::new(Pieces::new(end, piece_bytes)),
            stored: Pieces::new(end, piece_bytes),
            fresh: Fresh::default(),
            lane: ArcSwapOption::empty(),
            files: Files::new(dir),
            layout,
            state: watch::Sender::new(SourceState::Checking),
        }
    }

    pub fn total_bytes(&self) -> u64 {
        self.layout.last().map_or(0, |file| file.end)
    }

    /// Fills `buffer` from `offset` (from the start of the torrent) on, across files.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let mut rest = buffer;
        for (file, within, len) in self.parts(offset, rest.len()) {
            let (part, tail) = rest.split_at_mut(len);
            self.files.read_exact(file, within, part)?;
            rest = tail;
        }
        if rest.is_empty() { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    /// Writes `bytes` at `offset` (from the start of the torrent), across files.
    pub fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        for (file, within, len) in self.parts(offset, rest.len()) {
            let (part, tail) = rest.split_at(len);
            self.files.write_all(file, within, part)?;
            rest = tail;
        }
        if rest.is_empty() { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    /// Whether this stretch of a file is of pieces that have hashed right.
    pub fn holds(&self, file: usize, offset: u64, len: usize) -> bool {
        let Some(start) = self.layout.get(file).map(|span| span.start + offset) else { return false };
        let end = start + len as u64;
        self.pieces.verified_until(start..end) == end
    }

    /// The files that a stretch of the torrent lies in, in order: which, and where in it.
    pub fn files_of(&self, range: Range<u64>) -> Vec<(usize, Range<u64>)> {
        let len = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
        self.parts(range.start, len).map(|(file, within, len)| (file, within..within + len as u64)).collect()
    }

    /// The files that `len` bytes from `offset` on lie in: which, where in it, and how many bytes.
    fn parts(&self, offset: u64, len: usize) -> impl Iterator<Item = (usize, u64, usize)> + '_ {
        let range = offset..offset.saturating_add(len as u64);
        let first = self.layout.partition_point(|file| file.end <= offset);
        self.layout.iter().enumerate().skip(first).take_while(move |(_, file)| file.start < range.end).filter_map(
            move |(index, file)| {
                let (start, end) = (offset.max(file.start), (offset + len as u64).min(file.end));
                (start < end).then(|| (index, start - file.start, (end - start) as usize))
            },
        )
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
    fn what_lies_in_several_files_is_written_and_read_in_parts() {
        let dir = tempfile::tempdir().unwrap();
        let share = Share::new(InfoHash([0; 20]), [10, 0, 20, 30].into_iter(), 16, dir.path().join("t"));
        let bytes: Vec<u8> = (0..40).collect();
        share.write_at(5, &bytes).unwrap();
        let mut read = vec![0; 36];
        share.read_at(7, &mut read).unwrap();
        assert_eq!(read, bytes[2..38]);
        assert_eq!(share.parts(5, 40).collect::<Vec<_>>(), [(0, 5, 5), (2, 0, 20), (3, 0, 15)]);
        assert!(share.write_at(50, &bytes).is_err(), "nothing is written beyond the end");
    }

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
