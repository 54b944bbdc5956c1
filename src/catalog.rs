//! The catalog: films, the sources they play from, and the lists they stand in.

mod actor;
mod built_in;
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
    store::Store,
    supervision::{Address, ChildSpec},
};
use actor::Catalog;
use std::sync::Arc;

/// Makes the catalog's handle and tells how to start its actor.
pub fn start(store: Store, clock: Arc<dyn Clock>, events: Events) -> (CatalogHandle, ChildSpec) {
    let address = Address::new();
    let handle = CatalogHandle::new(address.clone(), store.clone());
    let cache = handle.cache();
    let make = move || (Catalog::new(store.clone(), clock.clone(), events.clone(), cache.clone()), ());
    (handle, ChildSpec::actor("catalog", address, make))
}
