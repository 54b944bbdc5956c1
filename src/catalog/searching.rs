//! Asks the film database for what somebody searches for, so that it is in the catalog when they ask again.

use super::{actor::Catalog, message::CatalogMessage};
use crate::{
    domain::media::{TitleFacts, TitleKind},
    ports::{MovieDatabaseError, Urgency},
};
use ractor::ActorRef;
use std::{collections::HashSet, time::Duration};
use tokio::{task::JoinSet, time::timeout};

/// Searches under way at a time; beyond that what is here already has to do.
const MAX_AT_ONCE: usize = 8;
const LIMIT: Duration = Duration::from_secs(5);

/// What the database found.
pub type Found = Result<Vec<(TitleKind, TitleFacts)>, MovieDatabaseError>;

/// Searches that are under way. Lives in the actor's state, so it dies with the actor.
#[derive(Default)]
pub struct Searching {
    under_way: HashSet<String>,
    tasks: JoinSet<()>,
}

impl Searching {
    /// Starts to ask, unless that is under way already.
    pub fn begin(&mut self, catalog: &Catalog, myself: &ActorRef<CatalogMessage>, query: String) {
        while self.tasks.try_join_next().is_some() {}
        let Some(database) = catalog.database.clone() else { return };
        if self.under_way.len() >= MAX_AT_ONCE || !self.under_way.insert(query.clone()) {
            return;
        }
        let late = MovieDatabaseError::Unavailable("it took too long".to_owned());
        let report = Report { to: myself.clone(), query, found: Some(Err(late)) };
        self.tasks.spawn(async move {
            let mut report = report;
            if let Ok(found) = timeout(LIMIT, database.search(&report.query, Urgency::Waiting)).await {
                report.found = Some(found);
            }
        });
    }

    pub fn finished(&mut self, query: &str) {
        self.under_way.remove(query);
    }
}

/// Reports what was found, also when the search panicked.
struct Report {
    to: ActorRef<CatalogMessage>,
    query: String,
    found: Option<Found>,
}

impl Drop for Report {
    fn drop(&mut self) {
        if let Some(found) = self.found.take() {
            let query = std::mem::take(&mut self.query);
            _ = self.to.send_message(CatalogMessage::Searched { query, found });
        }
    }
}
