//! The bytes of one file: read from our own disk, never through librqbit, and only where pieces have hashed right.
//!
//! What the system has cached is copied at once; else two reads are in flight on blocking threads. Where a piece is
//! missing, a [`Demand`] asks for it and the reader sleeps until it is here, the torrent stops, or the stall limit is over.

use super::{demand::Demand, torrent::RunningTorrent};
use crate::torrents::piece_source::{CHUNK_MAX_BYTES, PieceReader, PieceSource, SourceError, SourceState};
use bytes::Bytes;
use futures::{FutureExt as _, future::BoxFuture};
use std::{collections::VecDeque, io, ops::Range, sync::Arc, time::Duration};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep_until},
};

/// Reads on their way at once.
const READS_IN_FLIGHT: usize = 2;
/// The first read is small: the player decides sooner.
const FIRST_READ_BYTES: usize = 64 * 1024;
/// How long a reader that finds the torrent paused waits for it to resume.
const RESUME_GRACE: Duration = Duration::from_secs(3);

/// One file of a running torrent, whose missing pieces librqbit fetches.
pub struct EngineSource(pub FileSource);

/// One file of a running torrent, whose missing pieces the express lane fetches.
pub struct LaneSource(pub FileSource);

impl PieceSource for EngineSource {
    fn len_bytes(&self) -> u64 {
        self.0.len_bytes()
    }

    fn open(&self, range: Range<u64>) -> Box<dyn PieceReader> {
        Box::new(self.0.reader(range, Demand::of_engine()))
    }
}

impl PieceSource for LaneSource {
    fn len_bytes(&self) -> u64 {
        self.0.len_bytes()
    }

    fn open(&self, range: Range<u64>) -> Box<dyn PieceReader> {
        Box::new(self.0.reader(range, Demand::of_lane()))
    }
}

/// Where one file lies.
pub struct FileSource {
    pub torrent: Arc<RunningTorrent>,
    pub file: usize,
    /// In bytes from the start of the torrent.
    pub span: Range<u64>,
}

impl FileSource {
    fn len_bytes(&self) -> u64 {
        self.span.end - self.span.start
    }

    fn reader(&self, range: Range<u64>, demand: Demand) -> FileReader {
        FileReader {
            torrent: self.torrent.clone(),
            file: self.file,
            span: self.span.clone(),
            start: range.start,
            position: range.start,
            scheduled: range.start,
            end: range.end.min(self.len_bytes()),
            reads: VecDeque::with_capacity(READS_IN_FLIGHT),
            demand,
            stalled_at: None,
        }
    }
}

struct FileReader {
    torrent: Arc<RunningTorrent>,
    file: usize,
    span: Range<u64>,
    start: u64,
    /// What was handed out ends here, in bytes from the start of the file.
    position: u64,
    /// What is being read ends here.
    scheduled: u64,
    end: u64,
    reads: VecDeque<JoinHandle<io::Result<Bytes>>>,
    demand: Demand,
    /// When the wait for the byte at `position` is over.
    stalled_at: Option<Instant>,
}

impl PieceReader for FileReader {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, SourceError>> {
        self.next_chunk().boxed()
    }

    fn park(&mut self) {
        self.demand.park(&self.torrent, self.file, &self.span, self.position);
        self.stalled_at = None;
    }
}

impl FileReader {
    /// All progress is kept in `self` before each await, so a dropped future loses nothing.
    async fn next_chunk(&mut self) -> Result<Option<Bytes>, SourceError> {
        loop {
            if self.position >= self.end {
                return Ok(None);
            }
            if *self.torrent.share.state().borrow() == SourceState::Deleted {
                return Err(SourceError::Deleted);
            }
            let bytes = match self.read_at_once() {
                Some(bytes) => bytes,
                None => {
                    self.schedule_reads();
                    let Some(read) = self.reads.front_mut() else {
                        self.wait_for_piece().await?;
                        continue;
                    };
                    let read = read.await;
                    self.reads.pop_front();
                    match read {
                        Ok(Ok(bytes)) => bytes,
                        Ok(Err(error)) => return Err(self.fail(format!("reading from disk failed: {error}"))),
                        Err(_) => return Err(self.fail("reading from disk was interrupted".to_owned())),
                    }
                }
            };
            self.position += bytes.len() as u64;
            self.stalled_at = None;
            self.demand.advance(&self.torrent, self.file, &self.span, self.position..self.end);
            return Ok(Some(bytes));
        }
    }

    /// Reads what comes next at once, where that takes no longer than copying it and nothing is on its way before it.
    fn read_at_once(&mut self) -> Option<Bytes> {
        if !self.reads.is_empty() {
            return None;
        }
        let bytes = match self.readable_len() {
            Some(len) => self.torrent.share.files.read_cached(self.file, self.scheduled, len),
            None => self.read_fresh(),
        }?;
        self.scheduled += bytes.len() as u64;
        Some(bytes)
    }

    /// What comes next from a piece that is still being written.
    fn read_fresh(&self) -> Option<Bytes> {
        let share = &self.torrent.share;
        let (piece, within) = share.pieces.place(self.span.start + self.scheduled);
        let bytes = share.fresh.get(piece)?;
        let start = usize::try_from(within).ok()?;
        let most = usize::try_from(self.end - self.scheduled).unwrap_or(CHUNK_MAX_BYTES).min(CHUNK_MAX_BYTES);
        let end = bytes.len().min(start + most);
        (start < end).then(|| bytes.slice(start..end))
    }

    /// How much can be read next: verified, and no more than a chunk.
    fn readable_len(&self) -> Option<usize> {
        let most = if self.scheduled == self.start { FIRST_READ_BYTES } else { CHUNK_MAX_BYTES };
        let wanted = self.scheduled..self.end.min(self.scheduled + most as u64);
        self.verified_len(wanted).filter(|len| *len > 0)
    }

    /// Starts reads of what is here, in order, up to the limit.
    fn schedule_reads(&mut self) {
        while self.reads.len() < READS_IN_FLIGHT && self.scheduled < self.end {
            let Some(len) = self.readable_len() else { return };
            let (share, file, offset) = (self.torrent.share.clone(), self.file, self.scheduled);
            self.reads.push_back(tokio::task::spawn_blocking(move || share.files.read(file, offset, len)));
            self.scheduled += len as u64;
        }
    }

    fn verified_len(&self, wanted: Range<u64>) -> Option<usize> {
        let absolute = self.span.start + wanted.start..self.span.start + wanted.end;
        let until = self.torrent.share.pieces.verified_until(absolute.clone());
        usize::try_from(until.saturating_sub(absolute.start)).ok()
    }

    /// Returns once the byte at `scheduled` is here.
    async fn wait_for_piece(&mut self) -> Result<(), SourceError> {
        let torrent = self.torrent.clone();
        let mut state = torrent.share.state();
        let mut resume_until = Some(Instant::now() + RESUME_GRACE);
        loop {
            let mut changed = std::pin::pin!(torrent.share.pieces.changed());
            changed.as_mut().enable();
            if self.readable_len().is_some() || self.read_fresh().is_some() {
                return Ok(());
            }
            let now = state.borrow_and_update().clone();
            let is_live = now == SourceState::Live;
            let wait_until = match now {
                SourceState::Checking => None,
                SourceState::Live => {
                    resume_until = None;
                    Some(*self.stalled_at.get_or_insert_with(|| Instant::now() + torrent.stall_limit))
                }
                SourceState::Paused => {
                    self.demand.drop_all();
                    Some(resume_until.ok_or(SourceError::Paused)?)
                }
                SourceState::Deleted => return Err(SourceError::Deleted),
                SourceState::Failed(reason) => return Err(SourceError::Failed(reason)),
            };
            let over = async {
                match wait_until {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = &mut changed => {}
                _ = state.changed() => {}
                () = self.demand.press(&torrent, self.file, &self.span, self.scheduled..self.end), if is_live => {}
                () = over => return Err(if is_live { SourceError::Stalled } else { SourceError::Paused }),
            }
        }
    }

    /// A read that failed takes those behind it along: the next call starts over from `position`.
    fn fail(&mut self, reason: String) -> SourceError {
        self.reads.clear();
        self.scheduled = self.position;
        SourceError::Failed(reason)
    }
}

impl Drop for FileReader {
    fn drop(&mut self) {
        self.demand.leave(&self.torrent, self.file, &self.span, self.position);
    }
}
