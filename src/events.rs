//! What happened, told to whoever listens. Events are hints: the store is the truth, and a listener that lags
//! reads it again.

use crate::domain::{
    ids::{LoginSessionId, MovieId, UserId},
    info_hash::InfoHash,
    title::{Progress, Watchable},
};
use tokio::sync::broadcast;

/// How many events a slow listener may fall behind before it has to read the store again.
const BACKLOG: usize = 256;

/// A fact, in the past tense.
#[derive(Clone, Debug)]
pub enum Event {
    LoginSessionRevoked { session: LoginSessionId },
    MovieAdded { movie: MovieId },
    ListChanged { slug: String },
    OwnListChanged { user: UserId },
    ProgressSaved { user: UserId, change: ProgressChange },
    TorrentActivated { info_hash: InfoHash },
    TorrentEvicted { info_hash: InfoHash },
}

/// How somebody's progress came to change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ProgressChange {
    /// They are watching it.
    Played { title: Watchable, progress: Progress },
    /// They said so.
    Marked,
    /// Another service said so.
    Imported,
}

/// The daemon's event bus. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Events {
    sender: broadcast::Sender<Event>,
}

impl Events {
    pub fn new() -> Self {
        Self { sender: broadcast::Sender::new(BACKLOG) }
    }

    /// Tells every listener; nobody listening is fine.
    pub fn emit(&self, event: Event) {
        let _ = self.sender.send(event);
    }

    /// Listens from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.sender.subscribe()
    }
}

impl Default for Events {
    fn default() -> Self {
        Self::new()
    }
}
