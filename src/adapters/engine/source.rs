//! The bytes of one file: read from our own disk, never through librqbit, and only where pieces have hashed right.
//!
//! What the system has cached is copied at once; else two reads are in flight on blocking threads. Where a piece is missing, a [`Wish`]
//! asks librqbit for it and the reader sleeps until it is here, the torrent stops, or the stall limit is over.

use super::{
    appetite::Hunger,
    torrent::RunningTorrent,
    wish::{Wish, first_missing},
};
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
/// A reader with this much ahead of it is sated; it is hungry again at half of that.
const AHEAD_BYTES: u64 = 256 << 20;
/// How long a reader that finds the torrent paused waits for it to resume.
const RESUME_GRACE: Duration = Duration::from_secs(3);

/// One file of a running torrent.
pub struct EngineSource {
    pub torrent: Arc<RunningTorrent>,
    pub file: usize,
    /// Where the file lies, in bytes from the start of the torrent.
    pub span: Range<u64>,
}

impl PieceSource for EngineSource {
    fn len_bytes(&self) -> u64 {
        self.span.end - self.span.start
    }

    fn open(&self, range: Range<u64>) -> Box<dyn PieceReader> {
        let range = range.start..range.end.min(self.len_bytes());
        Box::new(EngineReader {
            torrent: self.torrent.clone(),
            file: self.file,
            span: self.span.clone(),
            start: range.start,
            position: range.start,
            scheduled: range.start,
            end: range.end,
            reads: VecDeque::with_capacity(READS_IN_FLIGHT),
            wish: None,
            hunger: None,
            stalled_at: None,
        })
    }
}

struct EngineReader {
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
    wish: Option<Wish>,
    /// Held while bytes are needed soon.
    hunger: Option<Hunger>,
    /// When the wait for the byte at `position` is over.
    stalled_at: Option<Instant>,
}

impl PieceReader for EngineReader {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, SourceError>> {
        self.next_chunk().boxed()
    }

    fn park(&mut self) {
        self.leave_wish();
        self.stalled_at = None;
    }
}

impl EngineReader {
    /// All progress is kept in `self` before each await, so a dropped future loses nothing.
    async fn next_chunk(&mut self) -> Result<Option<Bytes>, SourceError> {
        loop {
            if self.position >= self.end {
                return Ok(None);
            }
            if *self.torrent.share.state().borrow() == SourceState::Deleted {
                return Err(SourceError::Deleted);
            }
            let bytes = match self.read_cached() {
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
            self.move_wish();
            return Ok(Some(bytes));
        }
    }

    /// Reads what comes next at once, where that takes no longer than copying it and nothing is on its way before it.
    fn read_cached(&mut self) -> Option<Bytes> {
        if !self.reads.is_empty() {
            return None;
        }
        let len = self.readable_len()?;
        let bytes = self.torrent.share.files.read_cached(self.file, self.scheduled, len)?;
        self.scheduled += bytes.len() as u64;
        Some(bytes)
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
            if self.verified_len(self.scheduled..self.scheduled + 1).is_some_and(|len| len > 0) {
                return Ok(());
            }
            let now = state.borrow_and_update().clone();
            let wait_until = match now {
                SourceState::Checking => None,
                SourceState::Live => {
                    resume_until = None;
                    Some(*self.stalled_at.get_or_insert_with(|| Instant::now() + torrent.stall_limit))
                }
                SourceState::Paused => {
                    (self.wish, self.hunger) = (None, None);
                    Some(resume_until.ok_or(SourceError::Paused)?)
                }
                SourceState::Deleted => return Err(SourceError::Deleted),
                SourceState::Failed(reason) => return Err(SourceError::Failed(reason)),
            };
            let is_live = *state.borrow() == SourceState::Live;
            self.move_wish();
            let wants = is_live && self.wish.is_none();
            let over = async {
                match wait_until {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = &mut changed => {}
                _ = state.changed() => {}
                wish = torrent.wish(self.file, self.scheduled), if wants => match wish {
                    Ok(wish) => {
                        self.wish = Some(wish);
                        self.move_wish();
                    }
                    // The torrent stopped running meanwhile; its state will say why.
                    Err(error) => {
                        tracing::debug!(torrent = torrent.share.info_hash.short(), %error, "failed to ask for a piece");
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                },
                () = over => return Err(if is_live { SourceError::Stalled } else { SourceError::Paused }),
            }
        }
    }

    /// Asks for the first byte that is missing, and for haste while that is near. Called with every chunk: what comes
    /// after the bytes that are here is asked for before the reader gets there.
    fn move_wish(&mut self) {
        if self.wish.is_none() && self.misses_bytes() && *self.torrent.share.state().borrow() == SourceState::Live {
            // Ready at once in a torrent that runs; else the reader asks again when it has to wait.
            self.wish = self.torrent.wish(self.file, self.position).now_or_never().and_then(Result::ok);
        }
        let Some(wish) = &mut self.wish else { return };
        let Some(missing) = first_missing(&self.torrent.share, &self.span, self.position) else {
            (self.wish, self.hunger) = (None, None);
            return;
        };
        wish.move_to(missing);
        let ahead = if missing < self.position { u64::MAX } else { missing - self.position };
        if ahead >= AHEAD_BYTES {
            self.hunger = None;
        } else if ahead < AHEAD_BYTES / 2 && self.hunger.is_none() {
            self.hunger = Some(self.torrent.appetite.hunger());
        }
    }

    /// Whether bytes of the rest of the range are missing.
    fn misses_bytes(&self) -> bool {
        self.verified_len(self.scheduled..self.end).is_some_and(|len| (len as u64) < self.end - self.scheduled)
    }

    fn leave_wish(&mut self) {
        self.hunger = None;
        let Some(wish) = self.wish.take() else { return };
        let (share, span) = (self.torrent.share.clone(), self.span.clone());
        if *share.state().borrow() == SourceState::Live {
            let torrent = self.torrent.torrent.id();
            self.torrent.appetite.leave(torrent, self.file, wish, share, span, self.position);
        }
    }

    /// A read that failed takes those behind it along: the next call starts over from `position`.
    fn fail(&mut self, reason: String) -> SourceError {
        self.reads.clear();
        self.scheduled = self.position;
        SourceError::Failed(reason)
    }
}

impl Drop for EngineReader {
    fn drop(&mut self) {
        self.leave_wish();
    }
}
