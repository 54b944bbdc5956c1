//! Films to stream, from memory, that count what is done with them.

use crate::{
    gateway::{
        problem::Problem,
        tickets::{Leased, TicketGrant, Tickets},
    },
    torrents::piece_source::{CHUNK_MAX_BYTES, PieceReader, PieceSource, SourceError},
};
use axum::http::StatusCode;
use bytes::Bytes;
use futures::future::BoxFuture;
use std::{
    collections::HashMap,
    ops::Range,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// What a film does at the end of what it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// It has everything.
    End,
    Wait,
    Fail,
}

#[derive(Debug)]
pub struct Film {
    pub len_bytes: u64,
    /// Bytes from here on are not there.
    pub here: u64,
    pub then: Then,
    pub closed: CancellationToken,
    pub counts: Arc<Counts>,
}

#[derive(Debug, Default)]
pub struct Counts {
    pub leases: AtomicUsize,
    pub open_leases: AtomicUsize,
    pub parks: AtomicUsize,
    pub chunks: AtomicUsize,
}

impl Counts {
    pub fn open_leases(&self) -> usize {
        self.open_leases.load(Ordering::SeqCst)
    }

    pub fn parks(&self) -> usize {
        self.parks.load(Ordering::SeqCst)
    }

    pub fn chunks(&self) -> usize {
        self.chunks.load(Ordering::SeqCst)
    }
}

impl Film {
    pub fn whole(len_bytes: u64) -> Self {
        Self::partial(len_bytes, len_bytes, Then::End)
    }

    pub fn partial(len_bytes: u64, here: u64, then: Then) -> Self {
        Self { len_bytes, here, then, closed: CancellationToken::new(), counts: Arc::default() }
    }

    pub fn bytes(range: Range<u64>) -> Vec<u8> {
        range.map(|position| (position * 31 % 251) as u8).collect()
    }

    pub fn lease(&self) -> Leased {
        let counts = self.counts.clone();
        counts.leases.fetch_add(1, Ordering::SeqCst);
        counts.open_leases.fetch_add(1, Ordering::SeqCst);
        let source = Source { here: self.here, then: self.then, len_bytes: self.len_bytes, counts: counts.clone() };
        Leased { source: Arc::new(source), lease: Box::new(Lease(counts)) }
    }
}

struct Lease(Arc<Counts>);

impl Drop for Lease {
    fn drop(&mut self) {
        self.0.open_leases.fetch_sub(1, Ordering::SeqCst);
    }
}

struct Source {
    len_bytes: u64,
    here: u64,
    then: Then,
    counts: Arc<Counts>,
}

impl PieceSource for Source {
    fn len_bytes(&self) -> u64 {
        self.len_bytes
    }

    fn open(&self, range: Range<u64>) -> Box<dyn PieceReader> {
        Box::new(Reader { range, here: self.here, then: self.then, counts: self.counts.clone() })
    }
}

struct Reader {
    range: Range<u64>,
    here: u64,
    then: Then,
    counts: Arc<Counts>,
}

impl PieceReader for Reader {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, SourceError>> {
        Box::pin(async move {
            let end = self.range.end.min(self.here).min(self.range.start + CHUNK_MAX_BYTES as u64);
            if self.range.is_empty() {
                return Ok(None);
            }
            if end > self.range.start {
                let bytes = Film::bytes(self.range.start..end);
                self.range.start = end;
                self.counts.chunks.fetch_add(1, Ordering::SeqCst);
                return Ok(Some(bytes.into()));
            }
            match self.then {
                Then::End => Ok(None),
                Then::Wait => std::future::pending().await,
                Then::Fail => {
                    // As a stall does, this leaves hyper the time to send what it has.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    Err(SourceError::Stalled)
                }
            }
        })
    }

    fn park(&mut self) {
        self.counts.parks.fetch_add(1, Ordering::SeqCst);
    }
}

/// Films by ticket.
#[derive(Default)]
pub struct Shelf(Mutex<HashMap<String, Arc<Film>>>);

impl Shelf {
    pub fn put(&self, ticket: &str, film: Film) -> Arc<Film> {
        let film = Arc::new(film);
        self.0.lock().unwrap().insert(ticket.to_owned(), film.clone());
        film
    }
}

impl Tickets for Shelf {
    fn find(&self, ticket: &str) -> Result<TicketGrant, Problem> {
        assert_ne!(ticket, "panic", "a handler that panics");
        let invalid = || Problem::new(StatusCode::UNAUTHORIZED, "ticket_invalid", "Open the playback again.");
        let film = self.0.lock().unwrap().get(ticket).cloned().ok_or_else(invalid)?;
        if film.closed.is_cancelled() {
            return Err(invalid());
        }
        Ok(TicketGrant {
            etag: "dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c-0".to_owned(),
            mime: "video/mp4",
            len_bytes: film.len_bytes,
            file_name: "Film.mp4".to_owned(),
            closed: film.closed.clone(),
            lease: Box::new(move || Ok(film.lease())),
        })
    }
}
