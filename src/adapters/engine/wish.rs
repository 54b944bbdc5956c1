//! What librqbit is asked to fetch next: an open librqbit stream that is never read. The 32 MiB behind its position are
//! fetched first, and while one is open on an unfinished file, peers stay connected.

use super::share::Share;
use librqbit::ManagedTorrent;
use std::{io::SeekFrom, ops::Range, pin::Pin, sync::Arc};
use tokio::io::AsyncSeek;

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

    /// Asks for what follows `position` of the file instead. At its end, that is the last piece at most.
    pub fn move_to(&mut self, position: u64) {
        if position != self.position && self.stream.as_mut().start_seek(SeekFrom::Start(position)).is_ok() {
            self.position = position;
        }
    }
}

/// Where in a file (which lies at `span` of the torrent) the first byte is missing: from `position` on, else anywhere;
/// none when the file is complete.
pub fn first_missing(share: &Share, span: &Range<u64>, position: u64) -> Option<u64> {
    let from = |start: u64| {
        let until = share.pieces.verified_until(start..span.end);
        (until < span.end).then(|| until - span.start)
    };
    from(span.start + position).or_else(|| from(span.start))
}
