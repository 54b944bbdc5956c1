//! Watch progress: how far each user has watched each film and episode.

mod actor;
mod error;
mod handle;
mod message;
mod store;

pub use error::ProgressError;
pub use handle::{ProgressHandle, ShowProgress, ShowUnderWay};

use crate::{
    clock::Clock,
    events::Events,
    store::Store,
    supervision::{Address, ChildSpec},
};
use actor::ProgressKeeper;
use std::sync::Arc;

/// Makes the handle and tells how to start the actor.
pub fn start(store: Store, clock: Arc<dyn Clock>, events: Events) -> (ProgressHandle, ChildSpec) {
    let address = Address::new();
    let handle = ProgressHandle::new(address.clone(), store.clone(), clock.clone());
    let make = move || (ProgressKeeper::new(store.clone(), clock.clone(), events.clone()), ());
    (handle, ChildSpec::actor("progress", address, make))
}
