//! The catalog: films and shows, the sources they play from, and the lists they stand in.

mod about;
mod actor;
mod browse;
mod built_in;
mod cache;
mod changes;
mod completion;
mod error;
mod handle;
mod lists;
mod message;
mod poster;
mod searching;
mod store;

pub use about::{About, MoviePage, ShowPage};
pub use browse::{Browse, Sort};
pub use error::CatalogError;
pub use handle::{CatalogHandle, Found};
pub use lists::{ListChange, ListEdit, ListSummary, MY_LIST, NewList, Title, TitleList, TraktList};
pub use message::{NewSource, SourceMetadata};

use crate::{
    clock::Clock,
    events::Events,
    ports::MovieDatabase,
    store::Store,
    supervision::{Address, ChildSpec, Task, Tasks},
};
use actor::Catalog;
use cache::CatalogCache;
use message::CatalogMessage;
use std::sync::Arc;

/// Makes the catalog's handle and tells how to start its actor.
pub fn start(
    store: Store,
    clock: Arc<dyn Clock>,
    events: Events,
    database: Option<Arc<dyn MovieDatabase>>,
    tasks: &Tasks,
) -> (CatalogHandle, ChildSpec) {
    let address = Address::new();
    let cache = Arc::new(CatalogCache::default());
    let own = database.as_ref().map(|database| database.language().clone());
    let handle = CatalogHandle::new(address.clone(), store.clone(), clock.clone(), cache.clone(), own);
    let details_task = Task::new("details", clock.clone());
    let changes_task = Task::new("changes", clock.clone());
    if database.is_some() {
        let (to, counted) = (address.clone(), handle.clone());
        let backlog = move || {
            let counted = counted.clone();
            async move { counted.details_due().await.ok() }
        };
        tasks.add(&details_task, move || to.cast(CatalogMessage::CompleteDue), backlog);
        let (to, counted) = (address.clone(), handle.clone());
        let backlog = move || {
            let counted = counted.clone();
            async move { counted.change_days_due().await.ok() }
        };
        tasks.add(&changes_task, move || to.cast(CatalogMessage::SyncChanges), backlog);
    }
    let catalog = Catalog { store, clock, events, cache, database, details_task, changes_task };
    let make = move || (catalog.clone(), ());
    (handle, ChildSpec::actor("catalog", address, make))
}

#[cfg(test)]
mod tests;
