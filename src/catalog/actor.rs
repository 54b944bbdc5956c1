//! The actor that alone writes films, sources and lists.

use super::{
    CatalogError, built_in,
    completion::{self, Completion},
    handle::MovieCache,
    message::CatalogMessage,
    store::{self, database},
};
use crate::{
    clock::Clock,
    domain::ids::MovieId,
    events::{Event, Events},
    ports::MovieDatabase,
    store::Store,
    supervision::{Reconciler, respond},
};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use std::sync::Arc;

#[derive(Clone)]
pub struct Catalog {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub events: Events,
    pub cache: Arc<MovieCache>,
    /// Where films come from beside the built-in ones, when the owner has named it.
    pub database: Option<Arc<dyn MovieDatabase>>,
}

/// What is under way.
pub struct State {
    opened: Completion,
    due: Reconciler<CatalogMessage>,
}

impl Catalog {
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&rusqlite::Transaction<'_>, i64) -> Result<T, CatalogError> + Send + 'static,
    ) -> Result<T, CatalogError> {
        let now = self.clock.now_ms();
        self.store.write(move |transaction| work(transaction, now)).await
    }

    pub fn changed(&self, movies: impl IntoIterator<Item = MovieId>) {
        movies.into_iter().for_each(|movie| _ = self.cache.remove(&movie));
    }
}

impl Actor for Catalog {
    type Msg = CatalogMessage;
    type State = State;
    type Arguments = ();

    /// Brings the films and lists that this version ships with up to date.
    async fn pre_start(&self, myself: ActorRef<Self::Msg>, (): ()) -> Result<State, ActorProcessingErr> {
        let has_database = self.database.is_some();
        self.write(move |transaction, now| {
            store::put_built_in(transaction, built_in::MOVIES, now)?;
            if has_database { database::make_lists(transaction, now) } else { Ok(()) }
        })
        .await?;
        self.cache.clear();
        if has_database {
            myself.send_message(CatalogMessage::CompleteDue)?;
        }
        let due = Reconciler::new(completion::EVERY, || CatalogMessage::CompleteDue, CatalogMessage::DueCompleted);
        Ok(State { opened: Completion::default(), due })
    }

    async fn handle(
        &self,
        myself: ActorRef<Self::Msg>,
        message: Self::Msg,
        state: &mut State,
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
                self.changed([movie]);
                respond(reply, recorded);
            }
            CatalogMessage::RemoveOwn { movie, reply } => {
                let removed = self.write(move |transaction, _| store::remove_own(transaction, movie)).await;
                self.changed([movie]);
                respond(reply, removed);
            }
            CatalogMessage::PutList { list, movies, due_at, reply } => {
                let put = self
                    .write(move |transaction, now| database::put_list(transaction, list, &movies, due_at, now))
                    .await
                    .map(|changed| self.changed(changed));
                if put.is_ok() {
                    self.events.emit(Event::ListChanged { slug: list.slug() });
                    // New films have no details yet.
                    myself.send_message(CatalogMessage::CompleteDue)?;
                }
                respond(reply, put);
            }
            CatalogMessage::PutOffList { list, due_at, reply } => {
                respond(reply, self.write(move |transaction, _| database::put_off(transaction, list, due_at)).await);
            }
            CatalogMessage::Complete { movie, tmdb_id, reply } => {
                state.opened.begin(self, &myself, (movie, tmdb_id), reply);
            }
            CatalogMessage::Completed { movie, details } => {
                completion::write(self, vec![(movie, details.map(|details| *details))]).await;
                state.opened.finished(movie);
            }
            CatalogMessage::CompleteDue => {
                let catalog = self.clone();
                state.due.activated(&myself, || async move { completion::due(&catalog).await });
            }
            CatalogMessage::DueCompleted(run) => state.due.finished(&myself, run),
        }
        Ok(())
    }
}
