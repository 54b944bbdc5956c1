//! Keeps the film database's lists fresh: what is popular, well rated, in cinemas, looked at this week.

mod actor;

use crate::{
    catalog::CatalogHandle,
    clock::Clock,
    ports::MovieDatabase,
    supervision::{Address, ChildSpec},
};
use actor::Lists;
use std::sync::Arc;

/// Tells how to start the actor that reads lists anew.
pub fn start(catalog: CatalogHandle, clock: Arc<dyn Clock>, database: Arc<dyn MovieDatabase>) -> ChildSpec {
    let lists = Lists { catalog, clock, database };
    ChildSpec::actor("lists", Address::new(), move || (lists.clone(), ()))
}
