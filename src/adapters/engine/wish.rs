//! What librqbit is asked to fetch next. It fetches nothing else.
//!
//! A wish is an open librqbit stream that is never read: the 32 MiB behind its position are fetched first, and while one
//! is open on an unfinished file, peers stay connected. Two things it does not do are made up for here:
//! * A peer that finds nothing to fetch looks again only after five seconds, so a wish runs ahead of its reader to the
//!   first byte that is missing, up to [`AHEAD_BYTES`]: a seek then meets peers that are awake.
//! * Without any wish librqbit drops the peers that have the whole torrent, and reconnecting may cost a choking
//!   interval. So the last wish of a file stays for [`LINGER`] when its reader goes (most closes are seeks), and then moves
//!   to the end of the file, where it asks for the last piece at most.

use librqbit::ManagedTorrent;
use std::{
    collections::HashMap,
    io::SeekFrom,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::io::AsyncSeek;

/// How far ahead of a reader is fetched.
const AHEAD_BYTES: u64 = 256 << 20;
/// What librqbit itself adds to the position of a stream.
const STREAM_AHEAD_BYTES: u64 = 32 << 20;
const LINGER: Duration = Duration::from_millis(300);

/// One open librqbit stream.
pub struct Wish {
    stream: Pin<Box<dyn AsyncSeek + Send + Sync>>,
    position: u64,
}

impl Wish {
    /// Asks for what follows `position` of a file. Waits until the torrent runs.
    pub async fn open(torrent: Arc<ManagedTorrent>, file: usize, position: u64) -> anyhow::Result<Self> {
        let mut wish = Self { stream: Box::pin(torrent.stream(file).await?), position: 0 };
        wish.move_to(position);
        Ok(wish)
    }

    /// Asks for what follows `position` instead.
    pub fn move_to(&mut self, position: u64) {
        if position != self.position && self.stream.as_mut().start_seek(SeekFrom::Start(position)).is_ok() {
            self.position = position;
        }
    }
}

/// How far from a reader at `position` to look for the first missing byte.
pub fn look_ahead_end(position: u64, end: u64) -> u64 {
    position.saturating_add(AHEAD_BYTES - STREAM_AHEAD_BYTES).min(end)
}

/// The wishes whose readers have gone: one per file at most.
#[derive(Clone, Default)]
pub struct LeftWishes {
    by_file: Arc<Mutex<HashMap<usize, Wish>>>,
}

impl LeftWishes {
    /// Keeps the wish of a reader that went, for as long as the torrent runs.
    pub fn leave(&self, file: usize, len_bytes: u64, mut wish: Wish, linger: bool) {
        if !linger {
            wish.move_to(len_bytes);
        }
        self.by_file.lock().unwrap_or_else(PoisonError::into_inner).insert(file, wish);
        let runtime = tokio::runtime::Handle::try_current().ok().filter(|_| linger);
        if let Some(runtime) = runtime {
            let left = self.clone();
            runtime.spawn(async move {
                tokio::time::sleep(LINGER).await;
                left.retire(file, len_bytes);
            });
        }
    }

    /// A reader of this file has a wish of its own now: what others left must not compete with it.
    pub fn retire(&self, file: usize, len_bytes: u64) {
        if let Some(wish) = self.by_file.lock().unwrap_or_else(PoisonError::into_inner).get_mut(&file) {
            wish.move_to(len_bytes);
        }
    }

    pub fn clear(&self) {
        self.by_file.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
