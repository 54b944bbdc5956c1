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
    /// How long the film plays, where that is known.
    pub runtime: Option<Duration>,
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

#[cfg(test)]
mod tests {
    use super::*;

    const USER: UserId = UserId(1);

    fn entry(user: UserId, opened_at: i64) -> Entry {
        Entry {
            id: PlaybackId::random(),
            ticket: Ticket::random(),
            title: String::new(),
            user,
            info_hash: InfoHash([0; 20]),
            file_index: 0,
            file_name: String::new(),
            mime: "video/mp4",
            size_bytes: 1,
            runtime: None,
            opened_at,
            expires_at: opened_at + 1_000,
            position: Arc::default(),
            closed: CancellationToken::new(),
        }
    }

    /// Lists a new playback; its id, its ticket, and what fires when it closes.
    fn open(table: &PlaybackTable, user: UserId, opened_at: i64) -> (PlaybackId, Ticket, CancellationToken) {
        let entry = entry(user, opened_at);
        let opened = (entry.id.clone(), entry.ticket.clone(), entry.closed.clone());
        table.insert(entry);
        opened
    }

    #[test]
    fn a_ticket_is_good_until_it_expires_or_its_playback_closes() {
        let table = PlaybackTable::default();
        let (id, ticket, closed) = open(&table, USER, 0);
        assert!(table.by_ticket(ticket.expose(), 999).is_some());
        assert!(table.by_ticket(ticket.expose(), 1_000).is_none());
        assert!(table.by_ticket("a guess", 0).is_none());
        table.close(id);
        assert!(table.by_ticket(ticket.expose(), 0).is_none() && closed.is_cancelled());
    }

    #[test]
    fn a_revoked_sign_in_ends_its_ticket_before_anybody_sweeps() {
        let table = PlaybackTable::default();
        let (id, ticket, closed) = open(&table, USER, 0);
        closed.cancel();
        assert!(table.by_ticket(ticket.expose(), 0).is_none());
        assert!(table.by_id(&id, USER).is_none());
    }

    #[test]
    fn a_playback_is_found_by_its_own_user_only() {
        let table = PlaybackTable::default();
        let (id, ..) = open(&table, USER, 0);
        assert!(table.by_id(&id, USER).is_some());
        assert!(table.by_id(&id, UserId(2)).is_none());
    }

    #[test]
    fn one_playback_too_many_closes_the_users_oldest_and_nobody_elses() {
        let table = PlaybackTable::default();
        let (_, others, _) = open(&table, UserId(2), -1);
        let opened: Vec<_> = (0..=MAX_PER_USER as i64).map(|at| open(&table, USER, at)).collect();
        let is_good = |ticket: &Ticket| table.by_ticket(ticket.expose(), 100).is_some();
        assert!(!is_good(&opened[0].1) && opened[0].2.is_cancelled());
        assert!(opened[1..].iter().all(|(_, ticket, _)| is_good(ticket)));
        assert!(is_good(&others));
    }

    #[test]
    fn sweeping_closes_what_expired_and_forgets_what_was_revoked() {
        let table = PlaybackTable::default();
        let (_, expired, fired) = open(&table, USER, 0);
        let (_, _, revoked) = open(&table, USER, 500);
        let (_, good, _) = open(&table, USER, 500);
        revoked.cancel();
        assert_eq!(table.sweep(1_100), 2);
        assert!(fired.is_cancelled());
        assert!(table.by_ticket(expired.expose(), 0).is_none());
        assert!(table.by_ticket(good.expose(), 1_100).is_some());
        assert_eq!(table.lock().by_ticket.len(), 1);
    }
}
