//! The actor that alone writes watch progress.

use super::{ProgressError, message::ProgressMessage, store};
use crate::{
    clock::Clock,
    domain::{
        ids::UserId,
        title::{Progress, WatchState},
    },
    events::{Event, Events, ProgressChange},
    store::Store,
    supervision::respond,
};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use rusqlite::Transaction;
use std::sync::Arc;

pub struct ProgressKeeper {
    store: Store,
    clock: Arc<dyn Clock>,
    events: Events,
}

impl ProgressKeeper {
    pub fn new(store: Store, clock: Arc<dyn Clock>, events: Events) -> Self {
        Self { store, clock, events }
    }

    /// Writes what `work` says and tells whoever listens.
    async fn write<T: Send + 'static>(
        &self,
        user: UserId,
        change: impl FnOnce(&T) -> ProgressChange,
        work: impl FnOnce(&Transaction<'_>, i64) -> Result<T, ProgressError> + Send + 'static,
    ) -> Result<T, ProgressError> {
        let now = self.clock.now_ms();
        let written = self.store.write(move |transaction| work(transaction, now)).await;
        if let Ok(written) = &written {
            self.events.emit(Event::ProgressSaved { user, change: change(written) });
        }
        written
    }
}

impl Actor for ProgressKeeper {
    type Msg = ProgressMessage;
    type State = ();
    type Arguments = ();

    async fn pre_start(&self, _: ActorRef<Self::Msg>, (): ()) -> Result<(), ActorProcessingErr> {
        Ok(())
    }

    async fn handle(
        &self,
        _: ActorRef<Self::Msg>,
        message: Self::Msg,
        (): &mut Self::State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            ProgressMessage::Save { user, title, position_ms, duration_ms, reply } => {
                let state = WatchState::at(position_ms, duration_ms);
                let save = move |transaction: &Transaction<'_>, now| {
                    let progress = Progress { position_ms, duration_ms, state, updated_at: now };
                    store::save(transaction, user, title, progress).map(|()| progress)
                };
                let played = |progress: &Progress| ProgressChange::Played { title, progress: *progress };
                respond(reply, self.write(user, played, save).await);
            }
            ProgressMessage::Clear { user, title, reply } => {
                let clear = move |transaction: &Transaction<'_>, _| store::clear(transaction, user, title);
                respond(reply, self.write(user, |()| ProgressChange::Marked, clear).await);
            }
            ProgressMessage::Mark { user, marked, is_watched, reply } => {
                let mark = move |transaction: &Transaction<'_>, now| {
                    if is_watched {
                        store::marks::mark(transaction, user, marked, now)
                    } else {
                        store::marks::unmark(transaction, user, marked)
                    }
                };
                respond(reply, self.write(user, |()| ProgressChange::Marked, mark).await);
            }
            ProgressMessage::PutAway { user, show, reply } => {
                let put_away =
                    move |transaction: &Transaction<'_>, now| store::shows::put_away(transaction, user, show, now);
                respond(reply, self.write(user, |()| ProgressChange::Marked, put_away).await);
            }
            ProgressMessage::Import { user, found, reply } => {
                let import = move |transaction: &Transaction<'_>, _| store::import(transaction, user, &found);
                respond(reply, self.write(user, |()| ProgressChange::Imported, import).await);
            }
        }
        Ok(())
    }
}
