//! Accounts at Trakt that users have linked: kept in step with what they watch here and with "My list".
//!
//! Of what was watched, the later holds on both sides, and Trakt is never told what it told us. Nothing is removed at Trakt
//! but what the user takes out of "My list". What is on the screen is told at once; when Trakt is down, the next
//! synchronisation makes up for it from the store. The other lists of an account come here and are only read.

mod actor;
mod error;
mod handle;
mod linking;
mod message;
mod scrobbling;
mod store;
mod sync;
#[cfg(test)]
mod tests;
mod tokens;

pub use error::TraktError;
pub use handle::{Link, TraktHandle, TraktStatus};

use crate::{
    audit::AuditHandle,
    catalog::CatalogHandle,
    clock::Clock,
    events::Events,
    ports::WatchTracker,
    progress::ProgressHandle,
    sealing::Sealer,
    store::Store,
    supervision::{Address, ChildSpec, Task, Tasks},
};
use actor::Trakt;
use message::TraktMessage;
use scrobbling::OnScreen;
use std::sync::Arc;
use tokens::AccountTokens;

/// What the accounts are kept in step with, and by.
pub struct Dependencies {
    pub tracker: Arc<dyn WatchTracker>,
    pub sealer: Sealer,
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub events: Events,
    pub audit: AuditHandle,
    pub catalog: CatalogHandle,
    pub progress: ProgressHandle,
}

/// Makes the handle and tells how to start the actor.
pub fn start(dependencies: Dependencies, tasks: &Tasks) -> (TraktHandle, ChildSpec) {
    let Dependencies { tracker, sealer, store, clock, events, audit, catalog, progress } = dependencies;
    let address = Address::new();
    let tokens = AccountTokens::new(tracker.clone(), sealer, store.clone(), clock.clone());
    let task = Task::new("trakt", clock.clone());
    let (to, counted, now) = (address.clone(), store.clone(), clock.clone());
    let backlog = move || {
        let (counted, now) = (counted.clone(), now.now_ms());
        async move { counted.read(move |connection| store::count_due(connection, now)).await.ok() }
    };
    tasks.add(&task, move || to.cast(TraktMessage::Sync), backlog);
    let trakt = Trakt {
        tracker,
        tokens: Arc::new(tokens),
        store,
        clock,
        events,
        audit,
        catalog,
        progress,
        on_screen: OnScreen::default(),
        task,
    };
    (TraktHandle::new(address.clone()), ChildSpec::actor("trakt", address, move || (trakt.clone(), ())))
}
