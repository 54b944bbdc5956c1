//! The actor that alone writes films, sources and lists.

use super::{CatalogError, built_in, handle::MovieCache, message::CatalogMessage, store};
use crate::{
    clock::Clock,
    domain::ids::MovieId,
    events::{Event, Events},
    store::Store,
    supervision::respond,
};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use std::sync::Arc;

pub struct Catalog {
    store: Store,
    clock: Arc<dyn Clock>,
    events: Events,
    cache: Arc<MovieCache>,
}

impl Catalog {
    pub fn new(store: Store, clock: Arc<dyn Clock>, events: Events, cache: Arc<MovieCache>) -> Self {
        Self { store, clock, events, cache }
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&rusqlite::Transaction<'_>, i64) -> Result<T, CatalogError> + Send + 'static,
    ) -> Result<T, CatalogError> {
        let now = self.clock.now_ms();
        self.store.write(move |transaction| work(transaction, now)).await
    }

    fn changed(&self, movie: MovieId) {
        self.cache.remove(&movie);
    }
}

impl Actor for Catalog {
    type Msg = CatalogMessage;
    type State = ();
    type Arguments = ();

    /// Brings the built-in films and their list up to date with this version of the daemon.
    async fn pre_start(&self, _: ActorRef<Self::Msg>, (): ()) -> Result<(), ActorProcessingErr> {
        self.write(|transaction, now| store::put_built_in(transaction, built_in::MOVIES, now)).await?;
        self.cache.clear();
        Ok(())
    }

    async fn handle(
        &self,
        _: ActorRef<Self::Msg>,
        message: Self::Msg,
        (): &mut Self::State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            CatalogMessage::AddOwn { owner, title, source, reply } => {
                let added =
                    self.write(move |transaction, now| store::add_own(transaction, owner, &title, &source, now)).await;
                if let Ok((movie, true)) = added {
                    self.events.emit(Event::MovieAdded { movie });
                }
                respond(reply, added);
            }
            CatalogMessage::RecordMetadata { movie, source, metadata, reply } => {
                let recorded =
                    self.write(move |transaction, _| store::record_metadata(transaction, source, &metadata)).await;
                self.changed(movie);
                respond(reply, recorded);
            }
            CatalogMessage::RemoveOwn { movie, reply } => {
                let removed = self.write(move |transaction, _| store::remove_own(transaction, movie)).await;
                self.changed(movie);
                respond(reply, removed);
            }
        }
        Ok(())
    }
}
