//! The catalog: films, the sources they play from, and the lists they stand in.

mod actor;
mod built_in;
mod completion;
mod error;
mod handle;
mod message;
mod store;

pub use error::CatalogError;
pub use handle::{CatalogHandle, TitleList};
pub use message::{NewSource, SourceMetadata};

use crate::{
    clock::Clock,
    events::Events,
    ports::MovieDatabase,
    store::Store,
    supervision::{Address, ChildSpec},
};
use actor::Catalog;
use std::sync::Arc;

/// Makes the catalog's handle and tells how to start its actor.
pub fn start(
    store: Store,
    clock: Arc<dyn Clock>,
    events: Events,
    database: Option<Arc<dyn MovieDatabase>>,
) -> (CatalogHandle, ChildSpec) {
    let address = Address::new();
    let handle = CatalogHandle::new(address.clone(), store.clone());
    let catalog = Catalog { store, clock, events, cache: handle.cache(), database };
    let make = move || (catalog.clone(), ());
    (handle, ChildSpec::actor("catalog", address, make))
}
