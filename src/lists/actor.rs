//! The actor that reads lists when they are due. What is due, the catalog knows.

use crate::{
    catalog::{CatalogError, CatalogHandle},
    clock::Clock,
    domain::media::{MediaList, TitleFacts},
    ports::{MovieDatabase, MovieDatabaseError, Urgency},
    supervision::{Reconciler, Run, Task},
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use std::{sync::Arc, time::Duration};

/// How often due lists are looked for.
const EVERY: Duration = Duration::from_secs(5 * 60);
/// Pages of a list that are read, of 20 titles each, and how many at a time.
const PAGES: u32 = 5;
const AT_ONCE: usize = 2;
/// A list is read again after so long; sooner when it could not be read.
const AGAIN_AFTER_MS: i64 = 3_600_000;
/// A genre's changes slowly.
const GENRE_AGAIN_AFTER_MS: i64 = 7 * 24 * 3_600_000;
const RETRY_AFTER_MS: i64 = 5 * 60_000;

#[derive(Clone)]
pub struct Lists {
    pub catalog: CatalogHandle,
    pub clock: Arc<dyn Clock>,
    pub database: Arc<dyn MovieDatabase>,
    pub task: Task,
}

pub enum ListsMessage {
    Refresh,
    Refreshed(Run),
}

impl Actor for Lists {
    type Msg = ListsMessage;
    type State = Reconciler<ListsMessage>;
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Self::Msg>, (): ()) -> Result<Self::State, ActorProcessingErr> {
        myself.send_message(ListsMessage::Refresh)?;
        Ok(Reconciler::new(EVERY, || ListsMessage::Refresh, ListsMessage::Refreshed).reporting_to(self.task.clone()))
    }

    async fn handle(
        &self,
        myself: ActorRef<Self::Msg>,
        message: Self::Msg,
        reconciler: &mut Self::State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            ListsMessage::Refresh => {
                let lists = self.clone();
                reconciler.activated(&myself, || async move { lists.refresh().await });
            }
            ListsMessage::Refreshed(run) => reconciler.finished(&myself, run),
        }
        Ok(())
    }
}

impl Lists {
    /// Reads the lists that are due, one after the other; all of them when somebody has asked for it.
    async fn refresh(&self) -> Run {
        let until = if self.task.take_asked_for() { i64::MAX } else { self.clock.now_ms() };
        let due = self.catalog.due_lists(until).await.unwrap_or_else(|error| {
            self.task.failed("due lists could not be looked up", &error);
            Vec::new()
        });
        if due.is_empty() {
            return Run::NothingDue;
        }
        let mut is_written = false;
        for list in due {
            match self.refresh_one(list).await {
                Ok(()) => is_written = true,
                Err(error) => self.task.failed(&format!("the list {} could not be written", list.slug()), &error),
            }
        }
        // Lists of genres become due while the others are read for the first time.
        if is_written && until != i64::MAX { Run::More } else { Run::Drained }
    }

    async fn refresh_one(&self, list: MediaList) -> Result<(), CatalogError> {
        let now = self.clock.now_ms();
        match self.read(list).await {
            Ok(titles) => {
                let again = if list.genre().is_some() { GENRE_AGAIN_AFTER_MS } else { AGAIN_AFTER_MS };
                self.catalog.put_list(list, titles, now + again).await
            }
            Err(error) => {
                let what = format!("the list {} could not be read and stays as it was", list.slug());
                self.task.failed(&what, &error);
                self.catalog.put_off_list(list, now + RETRY_AFTER_MS).await
            }
        }
    }

    /// All pages or nothing: half a list would look like a whole one.
    async fn read(&self, list: MediaList) -> Result<Vec<TitleFacts>, MovieDatabaseError> {
        let first = self.database.list(list, 1, Urgency::Background).await?;
        let pages = stream::iter(2..=PAGES.min(first.total_pages));
        let rest = pages.map(|page| self.database.list(list, page, Urgency::Background)).buffered(AT_ONCE);
        let rest: Vec<_> = rest.try_collect().await?;
        Ok(first.items.into_iter().chain(rest.into_iter().flat_map(|page| page.items)).collect())
    }
}
