//! The open playbacks, found by id and by ticket. Written by the actor alone, read by anybody without a message;
//! it outlives the actor, so a crash closes nobody's film.

use super::{
    PlaybackId, Ticket,
    tracked_source::{ReadPosition, TrackedSource},
};
use crate::{
    domain::{ids::UserId, info_hash::InfoHash},
    torrents::{StreamLease, TorrentsError, TorrentsHandle, piece_source::PieceSource},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// How long a ticket may be used.
pub const TICKET_LIFETIME: Duration = Duration::from_secs(6 * 3600);
/// Playbacks one user may hold open; the oldest is closed for the next.
pub const MAX_PER_USER: usize = 16;
/// Playbacks open in all.
pub const MAX_OPEN: usize = 1_024;

/// One open playback.
pub struct Entry {
    pub id: PlaybackId,
    pub ticket: Ticket,
    pub title: String,
    pub user: UserId,
    pub info_hash: InfoHash,
    pub file_index: u32,
    pub file_name: String,
    pub mime: &'static str,
    pub size_bytes: u64,
    pub opened_at: i64,
    pub expires_at: i64,
    pub position: Arc<ReadPosition>,
    /// Fires when the playback is closed or its login session revoked: its streams end then.
    pub closed: CancellationToken,
}

/// What a valid ticket allows: one file of one torrent, to one user.
pub struct TicketGrant {
    pub(super) entry: Arc<Entry>,
    pub(super) torrents: TorrentsHandle,
}

impl TicketGrant {
    /// A strong validator, without its quotes: the same torrent's same file always has the same bytes.
    pub fn etag(&self) -> String {
        format!("{}-{}", self.entry.info_hash, self.entry.file_index)
    }

    pub fn mime(&self) -> &'static str {
        self.entry.mime
    }

    pub fn len_bytes(&self) -> u64 {
        self.entry.size_bytes
    }

    pub fn file_name(&self) -> &str {
        &self.entry.file_name
    }

    /// Fires when the stream has to end.
    pub fn closed(&self) -> CancellationToken {
        self.entry.closed.clone()
    }

    /// Takes a place among the streams that may run at once, and with it the bytes.
    pub fn lease(&self) -> Result<(StreamLease, Arc<dyn PieceSource>), TorrentsError> {
        let lease = self.torrents.lease(self.entry.info_hash, self.entry.file_index, self.entry.user)?;
        let source = TrackedSource::new(lease.source().clone(), self.entry.position.clone());
        Ok((lease, Arc::new(source)))
    }
}

#[derive(Default)]
pub struct PlaybackTable {
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    by_id: HashMap<PlaybackId, Arc<Entry>>,
    by_ticket: HashMap<[u8; 32], PlaybackId>,
}

impl PlaybackTable {
    /// The playback a ticket belongs to, if the ticket is good now.
    pub fn by_ticket(&self, ticket: &str, now: i64) -> Option<Arc<Entry>> {
        let entries = self.lock();
        let entry = entries.by_id.get(entries.by_ticket.get(&Ticket::digest_of(ticket))?)?;
        (entry.expires_at > now && !entry.closed.is_cancelled()).then(|| entry.clone())
    }

    /// A user's own playback.
    pub fn by_id(&self, id: &PlaybackId, user: UserId) -> Option<Arc<Entry>> {
        self.lock().by_id.get(id).filter(|entry| entry.user == user && !entry.closed.is_cancelled()).cloned()
    }

    pub fn insert(&self, entry: Entry) {
        let mut entries = self.lock();
        let of_user = |entry: &&Arc<Entry>, user: UserId| entry.user == user;
        if entries.by_id.values().filter(|other| of_user(other, entry.user)).count() >= MAX_PER_USER {
            let oldest = entries.by_id.values().filter(|other| of_user(other, entry.user)).min_by_key(|e| e.opened_at);
            let oldest = oldest.map(|entry| entry.id.clone());
            entries.close(oldest);
        }
        if entries.by_id.len() >= MAX_OPEN {
            let oldest = entries.by_id.values().min_by_key(|entry| entry.opened_at).map(|entry| entry.id.clone());
            entries.close(oldest);
        }
        entries.by_ticket.insert(entry.ticket.digest(), entry.id.clone());
        entries.by_id.insert(entry.id.clone(), Arc::new(entry));
    }

    /// Closes a playback and ends its streams.
    pub fn close(&self, id: PlaybackId) {
        self.lock().close(Some(id));
    }

    /// Closes what has expired and forgets what was revoked; how many went.
    pub fn sweep(&self, now: i64) -> usize {
        let mut entries = self.lock();
        let is_over = |entry: &&Arc<Entry>| entry.expires_at <= now || entry.closed.is_cancelled();
        let over: Vec<_> = entries.by_id.values().filter(is_over).map(|entry| entry.id.clone()).collect();
        for id in &over {
            entries.close(Some(id.clone()));
        }
        over.len()
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    fn close(&mut self, id: Option<PlaybackId>) {
        if let Some(entry) = id.and_then(|id| self.by_id.remove(&id)) {
            self.by_ticket.remove(&entry.ticket.digest());
            entry.closed.cancel();
        }
    }
}
