//! The body of a stream: bytes from a piece reader to a connection, as fast as the client takes them.
//!
//! Promises: nothing is read ahead of the client. A client that pauses for [`PARK_AFTER`] gives back what its reader
//! holds, and keeps its connection. A source that fails, a playback that is closed and a daemon that stops all cut
//! the connection, so a player never takes a truncated film for a whole one.

use super::{connection::Connection, tickets::Leased};
use crate::torrents::piece_source::{PieceReader, SourceError};
use bytes::Bytes;
use futures::future::BoxFuture;
use http_body::{Body, Frame, SizeHint};
use std::{
    ops::Range,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};
use tokio::{task::AbortHandle, time::Instant};
use tokio_util::sync::CancellationToken;

/// A client that has not asked for bytes for this long is paused.
const PARK_AFTER: Duration = Duration::from_secs(15);

/// Why a body ended before its time; hyper then closes the connection without completing the answer.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    #[error(transparent)]
    Source(#[from] SourceError),
    #[error("the source gave fewer or more bytes than its length")]
    WrongLength,
}

/// One range of a film on its way to one client.
pub struct VideoBody {
    left_bytes: u64,
    first: First,
    reading: Option<BoxFuture<'static, (Box<dyn PieceReader>, Chunk)>>,
    between_reads: Arc<Mutex<BetweenReads>>,
    watch: AbortHandle,
    _lease: Box<dyn Send>,
}

/// hyper gathers what a body has at hand, up to 400 KB, before it sends any of it. Having nothing at hand right after
/// the first chunk puts that chunk on the wire, which is what a player waits for.
#[derive(PartialEq)]
enum First {
    Awaited,
    Given,
    Sent,
}

type Chunk = Result<Option<Bytes>, SourceError>;

/// Where the reader is while nobody waits for it, so that it can be parked from outside.
struct BetweenReads {
    /// Taken while a read is under way.
    reader: Option<Box<dyn PieceReader>>,
    since: Instant,
    is_parked: bool,
}

impl VideoBody {
    /// A body that gives `range`, which lies within the source. Must be made within a runtime.
    pub fn new(leased: Leased, range: Range<u64>, closed: CancellationToken, connection: Connection) -> Self {
        let reader = leased.source.open(range.clone());
        let between_reads = BetweenReads { reader: Some(reader), since: Instant::now(), is_parked: false };
        let between_reads = Arc::new(Mutex::new(between_reads));
        connection.expect_pauses();
        metrics::gauge!("miauflix_streams_open").increment(1.0);
        let watch = tokio::spawn(watch(between_reads.clone(), closed, connection)).abort_handle();
        Self {
            left_bytes: range.end - range.start,
            first: First::Awaited,
            reading: None,
            between_reads,
            watch,
            _lease: leased.lease,
        }
    }

    fn read(&mut self) -> Option<BoxFuture<'static, (Box<dyn PieceReader>, Chunk)>> {
        let mut reader = lock(&self.between_reads).reader.take()?;
        Some(Box::pin(async move {
            let chunk = reader.next().await;
            (reader, chunk)
        }))
    }

    fn account_for(&mut self, chunk: Chunk) -> Result<Bytes, BodyError> {
        let bytes = chunk?.filter(|bytes| !bytes.is_empty()).ok_or(BodyError::WrongLength)?;
        self.left_bytes = self.left_bytes.checked_sub(bytes.len() as u64).ok_or(BodyError::WrongLength)?;
        metrics::counter!("miauflix_stream_bytes_total").increment(bytes.len() as u64);
        Ok(bytes)
    }
}

impl Body for VideoBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        if self.left_bytes == 0 {
            return Poll::Ready(None);
        }
        if self.first == First::Given {
            self.first = First::Sent;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut reading = match self.reading.take() {
            Some(reading) => reading,
            // An earlier failure took the reader: the body has ended.
            None => match self.read() {
                Some(reading) => reading,
                None => return Poll::Ready(None),
            },
        };
        let Poll::Ready((reader, chunk)) = reading.as_mut().poll(context) else {
            self.reading = Some(reading);
            return Poll::Pending;
        };
        let bytes = self.account_for(chunk);
        if self.first == First::Awaited {
            self.first = First::Given;
        }
        match &bytes {
            Ok(_) => {
                *lock(&self.between_reads) =
                    BetweenReads { reader: Some(reader), since: Instant::now(), is_parked: false };
            }
            Err(error) => tracing::info!(%error, "a stream ended early"),
        }
        Poll::Ready(Some(bytes.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left_bytes == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left_bytes)
    }
}

impl Drop for VideoBody {
    fn drop(&mut self) {
        self.watch.abort();
        metrics::gauge!("miauflix_streams_open").decrement(1.0);
    }
}

/// Parks the reader of a paused client, and cuts the connection when the stream has to end. A body is not polled while
/// its client takes nothing, so neither could come from the body itself.
async fn watch(between_reads: Arc<Mutex<BetweenReads>>, closed: CancellationToken, connection: Connection) {
    let park = async {
        let mut next_look = Instant::now() + PARK_AFTER;
        loop {
            tokio::time::sleep_until(next_look).await;
            next_look = park_if_paused(&mut lock(&between_reads));
        }
    };
    tokio::select! {
        () = closed.cancelled() => {}
        () = connection.stopping.cancelled() => {}
        () = park => {}
    }
    connection.cut();
}

/// Parks when it is time to, and says when to look again.
fn park_if_paused(between_reads: &mut BetweenReads) -> Instant {
    let now = Instant::now();
    let BetweenReads { reader: Some(reader), since, is_parked: false } = between_reads else {
        return now + PARK_AFTER;
    };
    let due = *since + PARK_AFTER;
    if due > now {
        return due;
    }
    reader.park();
    between_reads.is_parked = true;
    now + PARK_AFTER
}

fn lock(between_reads: &Mutex<BetweenReads>) -> MutexGuard<'_, BetweenReads> {
    between_reads.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
