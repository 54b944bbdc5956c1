//! The actor that alone writes films, sources and lists.

use super::{
    CatalogError, built_in,
    cache::{CatalogCache, MAX_LANGUAGES},
    changes,
    completion::{self, Completion},
    message::CatalogMessage,
    searching::{Found, Searching},
    store::{self, database, languages},
};
use crate::{
    clock::Clock,
    domain::{ids::MovieId, language::Language, search::imdb_id},
    events::{Event, Events},
    ports::MovieDatabase,
    store::Store,
    supervision::{Reconciler, Task, respond},
};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use std::sync::Arc;

/// The film database is asked again for the same after so long, and after so long when it failed.
const SEARCHED_FOR_MS: i64 = 3_600_000;
const SEARCH_RETRY_MS: i64 = 30_000;

#[derive(Clone)]
pub struct Catalog {
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub events: Events,
    pub cache: Arc<CatalogCache>,
    /// Where films come from beside the built-in ones, when the owner has named it.
    pub database: Option<Arc<dyn MovieDatabase>>,
    pub details_task: Task,
    pub changes_task: Task,
}

/// What is under way.
pub struct State {
    opened: Completion,
    searching: Searching,
    due: Reconciler<CatalogMessage>,
    changes: Reconciler<CatalogMessage>,
}

impl Catalog {
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&rusqlite::Transaction<'_>, i64) -> Result<T, CatalogError> + Send + 'static,
    ) -> Result<T, CatalogError> {
        let now = self.clock.now_ms();
        let written = self.store.write(move |transaction| work(transaction, now)).await;
        self.cache.committed();
        written
    }

    pub fn changed(&self, movies: impl IntoIterator<Item = MovieId>) {
        movies.into_iter().for_each(|movie| _ = self.cache.movies.remove(&movie));
    }

    /// Keeps titles in a language from now on; answers whether that is news.
    async fn keep(&self, language: Language) -> bool {
        let kept = self.cache.languages.load_full();
        if kept.contains(&language) || kept.len() >= MAX_LANGUAGES {
            return false;
        }
        tracing::info!(%language, "somebody reads titles in another language; they are read for it, too");
        let kept = self.write(move |transaction, now| {
            languages::keep(transaction, &language, now)?;
            languages::kept(transaction)
        });
        match kept.await {
            Ok(kept) => {
                self.cache.languages.store(Arc::new(kept));
                true
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "failed to keep titles in a language");
                false
            }
        }
    }

    /// Writes what the film database found. It is not asked for the same again for a while; when it failed, for a moment.
    async fn searched(&self, query: String, found: Found) {
        let again_after_ms = if found.is_ok() { SEARCHED_FOR_MS } else { SEARCH_RETRY_MS };
        let written = match found {
            Ok(titles) => {
                let imdb_id = imdb_id(&query).map(str::to_owned);
                let put = move |transaction: &rusqlite::Transaction<'_>, now| {
                    database::put_found(transaction, &titles, imdb_id.as_deref(), now)
                };
                self.write(put).await
            }
            Err(error) => {
                tracing::warn!(%error, "the film database did not search");
                Ok(Vec::new())
            }
        };
        match written {
            Ok(movies) => self.changed(movies),
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "failed to write what was found"),
        }
        self.cache.searches.insert(query, self.clock.now_ms() + again_after_ms);
    }
}

impl Actor for Catalog {
    type Msg = CatalogMessage;
    type State = State;
    type Arguments = ();

    /// Brings the films and lists that this version ships with up to date.
    async fn pre_start(&self, myself: ActorRef<Self::Msg>, (): ()) -> Result<State, ActorProcessingErr> {
        let has_database = self.database.is_some();
        let own = self.database.as_ref().map(|database| database.language().clone());
        let kept = self.write(move |transaction, now| {
            store::put_built_in(transaction, built_in::MOVIES, now)?;
            if let Some(own) = own {
                database::make_lists(transaction, now)?;
                languages::set_own(transaction, &own, now)?;
            }
            languages::kept(transaction)
        });
        self.cache.languages.store(Arc::new(kept.await?));
        self.cache.movies.clear();
        if has_database {
            myself.send_message(CatalogMessage::CompleteDue)?;
            myself.send_message(CatalogMessage::SyncChanges)?;
        }
        let changes = Reconciler::new(changes::EVERY, || CatalogMessage::SyncChanges, CatalogMessage::ChangesSynced)
            .reporting_to(self.changes_task.clone());
        let due = Reconciler::new(completion::EVERY, || CatalogMessage::CompleteDue, CatalogMessage::DueCompleted)
            .reporting_to(self.details_task.clone());
        Ok(State { opened: Completion::default(), searching: Searching::default(), due, changes })
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
            CatalogMessage::PutList { list, titles, due_at, reply } => {
                let put = self
                    .write(move |transaction, now| database::put_list(transaction, list, &titles, due_at, now))
                    .await
                    .map(|changed| self.changed(changed));
                if put.is_ok() {
                    self.events.emit(Event::ListChanged { slug: list.slug().into_owned() });
                    // New titles have no details yet.
                    myself.send_message(CatalogMessage::CompleteDue)?;
                }
                respond(reply, put);
            }
            CatalogMessage::PutOffList { list, due_at, reply } => {
                respond(reply, self.write(move |transaction, _| database::put_off(transaction, list, due_at)).await);
            }
            CatalogMessage::Complete { target, reply } => state.opened.begin(self, &myself, target, reply),
            CatalogMessage::Completed { target, answer } => {
                if let Err(error) = completion::write(self, vec![(target, *answer)]).await {
                    tracing::warn!(error = &error as &dyn std::error::Error, "failed to write what somebody opened");
                }
                state.opened.finished(target);
                // A show that was opened now has seasons.
                myself.send_message(CatalogMessage::CompleteDue)?;
            }
            CatalogMessage::ShowOpened { show } => {
                let opened = self.write(move |transaction, now| database::open_show(transaction, show, now)).await;
                match opened {
                    Ok(true) => myself.send_message(CatalogMessage::CompleteDue)?,
                    Ok(false) => {}
                    Err(error) => {
                        tracing::warn!(error = &error as &dyn std::error::Error, "failed to note an opened show");
                    }
                }
            }
            CatalogMessage::ChangeList { user, change, reply } => {
                let changed = self.write(move |transaction, _| store::lists::change(transaction, user, &change)).await;
                if changed.is_ok() {
                    self.events.emit(Event::OwnListChanged { user });
                }
                respond(reply, changed);
            }
            CatalogMessage::AddNamed { titles, reply } => {
                let added = self.write(move |transaction, now| store::named::add(transaction, &titles, now)).await;
                if added.is_ok() && self.database.is_some() {
                    myself.send_message(CatalogMessage::CompleteDue)?;
                }
                respond(reply, added);
            }
            CatalogMessage::FollowList { user, added, removed, reply } => {
                let follow =
                    self.write(move |transaction, _| store::lists::follow(transaction, user, &added, &removed));
                respond(reply, follow.await);
            }
            CatalogMessage::PutTraktList { list, reply } => {
                respond(reply, self.write(move |transaction, _| store::lists::put_trakts(transaction, &list)).await);
            }
            CatalogMessage::KeepTraktLists { account, lists, reply } => {
                let keep = self.write(move |transaction, _| store::lists::keep_trakts(transaction, account, &lists));
                respond(reply, keep.await);
            }
            CatalogMessage::Search { query } => state.searching.begin(self, &myself, query),
            CatalogMessage::Searched { query, found } => {
                state.searching.finished(&query);
                self.searched(query, found).await;
            }
            CatalogMessage::KeepLanguage { language } => {
                if self.keep(language).await {
                    myself.send_message(CatalogMessage::CompleteDue)?;
                }
            }
            CatalogMessage::CompleteDue => {
                let catalog = self.clone();
                state.due.activated(&myself, || async move { completion::due(&catalog).await });
            }
            CatalogMessage::SyncChanges => {
                let catalog = self.clone();
                state.changes.activated(&myself, || async move { changes::sync(&catalog).await });
            }
            CatalogMessage::ChangesSynced(run) => {
                state.changes.finished(&myself, run);
                myself.send_message(CatalogMessage::CompleteDue)?;
            }
            CatalogMessage::DueCompleted(run) => state.due.finished(&myself, run),
        }
        Ok(())
    }
}
