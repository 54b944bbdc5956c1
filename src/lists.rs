//! Keeps the film database's lists fresh: what is popular, well rated, in cinemas, looked at this week.

mod actor;

use crate::{
    catalog::CatalogHandle,
    clock::Clock,
    ports::MovieDatabase,
    supervision::{Address, ChildSpec, Task, Tasks},
};
use actor::{Lists, ListsMessage};
use std::sync::Arc;

/// Tells how to start the actor that reads lists anew.
pub fn start(
    catalog: CatalogHandle,
    clock: Arc<dyn Clock>,
    database: Arc<dyn MovieDatabase>,
    tasks: &Tasks,
) -> ChildSpec {
    let address = Address::new();
    let task = Task::new("lists", clock.clone());
    let (to, counted, now) = (address.clone(), catalog.clone(), clock.clone());
    let backlog = move || {
        let (counted, now) = (counted.clone(), now.now_ms());
        async move { Some(counted.due_lists(now).await.ok()?.len() as u32) }
    };
    tasks.add(&task, move || to.cast(ListsMessage::Refresh), backlog);
    let lists = Lists { catalog, clock, database, task };
    ChildSpec::actor("lists", address, move || (lists.clone(), ()))
}
