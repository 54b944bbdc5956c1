//! The actor that alone writes watch progress.

use super::{ProgressError, message::ProgressMessage, store};
use crate::{
    clock::Clock,
    domain::title::{Progress, WatchState},
    events::{Event, Events},
    store::Store,
    supervision::respond,
};
use ractor::{Actor, ActorProcessingErr, ActorRef};
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
            ProgressMessage::Save { user, movie, position_ms, duration_ms, reply } => {
                let state = WatchState::at(position_ms, duration_ms);
                let progress = Progress { position_ms, duration_ms, state, updated_at: self.clock.now_ms() };
                let saved: Result<(), ProgressError> =
                    self.store.write(move |transaction| store::save(transaction, user, movie, progress)).await;
                if saved.is_ok() {
                    self.events.emit(Event::ProgressSaved { user, movie });
                }
                respond(reply, saved.map(|()| progress));
            }
            ProgressMessage::Clear { user, movie, reply } => {
                let cleared = self.store.write(move |transaction| store::clear(transaction, user, movie)).await;
                respond(reply, cleared);
            }
        }
        Ok(())
    }
}
