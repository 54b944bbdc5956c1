//! Brings accounts in step that are due: reads what has changed at Trakt, takes over what is later there, tells what is
//! later here.
//!
//! What Trakt has is read before anything is told, and what was told is noted, so that nothing is told twice: not what
//! Trakt told us, and not after a crash in between.

use super::{
    TraktError,
    actor::Trakt,
    store::{
        self,
        exports::{self, Export},
        mirror::{self, Item, Section},
    },
};
use crate::{
    catalog::TraktList,
    domain::{
        ids::{TraktAccountId, UserId},
        media::{TitleKind, TmdbId},
        tracking::{self, NamedTitle, Tracked},
    },
    ports::{Activities, Listed, Paused, PersonalList, Scrobble, WatchTrackerError, Watched},
    supervision::Run,
};
use futures::{StreamExt as _, stream};
use rusqlite::{Connection, Transaction};
use std::{cmp::Reverse, collections::HashSet, time::Duration};

/// How often due accounts are looked for, when nothing else says that there is one.
pub const EVERY: Duration = Duration::from_secs(60);
/// An account is due again after so long; sooner when it could not be brought in step.
const AGAIN_AFTER_MS: i64 = 30 * 60_000;
pub const RETRY_AFTER_MS: i64 = 5 * 60_000;
/// Accounts of one pass, and at a time.
const BATCH: u32 = 40;
const AT_ONCE: usize = 4;
/// What is taken over, or told, in one go.
const IMPORT_BATCH: u32 = 200;
/// What is written in one transaction, so that users who save something meanwhile do not wait for it.
const WRITE_BATCH: usize = 500;
const TITLES_BATCH: usize = 100;
const EXPORT_BATCH: u32 = 100;
/// Positions that are told in one pass, the latest.
const MAX_POSITIONS: u32 = 50;
/// Of a history, so many films and shows are added to the catalog, the latest; the rest is matched with what is there.
const MAX_NEW_TITLES: usize = 100;
/// What is begun and of the watchlist is added, up to what "My list" may have.
const MAX_LISTED: usize = 2_000;
/// What was written so long before the last pass is looked at once more: it may have been on its way.
const OVERLAP_MS: i64 = 10 * 60_000;

type Title = (TitleKind, TmdbId);

/// Brings one batch of due accounts in step; of all, when somebody has asked for it.
pub async fn due(trakt: Trakt) -> Run {
    let (now, is_asked_for) = (trakt.clock.now_ms(), trakt.task.take_asked_for());
    let take = move |transaction: &Transaction<'_>| {
        if is_asked_for {
            store::make_all_due(transaction, now)?;
        }
        store::take_due(transaction, now, now + AGAIN_AFTER_MS, BATCH)
    };
    let due = trakt.store.write(take).await.unwrap_or_else(|error: TraktError| {
        trakt.task.failed("due accounts could not be looked up", &error);
        Vec::new()
    });
    if due.is_empty() {
        return Run::NothingDue;
    }
    let is_full = due.len() == BATCH as usize;
    stream::iter(due).for_each_concurrent(AT_ONCE, |user| trakt.bring_in_step(user)).await;
    if is_full { Run::More } else { Run::Drained }
}

impl Trakt {
    async fn bring_in_step(&self, user: UserId) {
        let began = self.clock.now_ms();
        let written = match self.sync(user, began).await {
            // The user has unlinked the account meanwhile, or has to link it again, which is written down already.
            Err(
                TraktError::NotLinked | TraktError::SealBroken | TraktError::Tracker(WatchTrackerError::TokenRefused),
            ) => return,
            Ok((account, note)) => {
                let at = self.clock.now_ms();
                let synced =
                    move |transaction: &Transaction<'_>| store::synced(transaction, account, at, note.as_deref());
                self.store.write(synced).await
            }
            Err(error) => {
                self.task.failed("an account could not be brought in step", &error);
                let text = match error {
                    TraktError::Tracker(error) => error.to_string(),
                    _ => "something went wrong here; the daemon's log says what".to_owned(),
                };
                self.store
                    .write(move |transaction| store::failed(transaction, user, &text, began + RETRY_AFTER_MS))
                    .await
            }
        };
        if let Err(error) = written {
            self.task.failed("it could not be noted how an account is in step", &error);
        }
    }

    /// Answers what the user should know although all went well.
    async fn sync(&self, user: UserId, began: i64) -> Result<(TraktAccountId, Option<String>), TraktError> {
        let account = self.store.read(move |connection| store::of_user(connection, user)).await?;
        let account = account.filter(|account| !account.is_broken).ok_or(TraktError::NotLinked)?;
        let id = account.id;
        if account.username.is_none() {
            let name = self.tokens.with(user, |token| async move { self.tracker.username(&token).await }).await?;
            self.store.write(move |transaction| store::set_username(transaction, id, &name)).await?;
        }
        let activities = self.tokens.with(user, |token| async move { self.tracker.activities(&token).await }).await?;
        self.read_progress(user, id, activities).await?;
        self.import(user, id).await?;
        let since = account.exported_at.saturating_sub(OVERLAP_MS);
        self.export_watched(user, id, since).await?;
        self.export_positions(user, id, since).await?;
        self.store.write(move |transaction| store::exported(transaction, id, began)).await?;
        let note = match self.sync_watchlist(user, id, activities.watchlist_at).await {
            Err(TraktError::Tracker(error @ WatchTrackerError::LimitReached)) => Some(error.to_string()),
            synced => synced.map(|()| None)?,
        };
        self.read_lists(user, id, activities.lists_at).await?;
        Ok((id, note))
    }

    /// Reads what has changed at Trakt of what was watched and begun.
    async fn read_progress(&self, user: UserId, account: TraktAccountId, at: Activities) -> Result<(), TraktError> {
        for (section, changed_at) in [
            (Section::WatchedMovies, at.watched_movies_at),
            (Section::WatchedEpisodes, at.watched_episodes_at),
            (Section::Playback, at.playback_at),
        ] {
            if !self.has_changed(account, section, changed_at).await? {
                continue;
            }
            let (items, titles) = match section {
                Section::WatchedMovies => watched(
                    self.tokens.with(user, |token| async move { self.tracker.watched_movies(&token).await }).await?,
                ),
                Section::WatchedEpisodes => watched(
                    self.tokens.with(user, |token| async move { self.tracker.watched_episodes(&token).await }).await?,
                ),
                Section::Playback | Section::Watchlist | Section::Lists => {
                    paused(self.tokens.with(user, |token| async move { self.tracker.playback(&token).await }).await?)
                }
            };
            self.add_titles(titles).await?;
            let changes = move |connection: &Connection| mirror::changes(connection, account, section, &items);
            let changes = self.store.read(changes).await?;
            for changes in changes.chunks(WRITE_BATCH).map(<[_]>::to_vec) {
                let apply = move |transaction: &Transaction<'_>| mirror::apply(transaction, account, section, &changes);
                self.store.write(apply).await?;
            }
            self.store
                .write(move |transaction| mirror::set_changed_at(transaction, account, section, changed_at))
                .await?;
        }
        Ok(())
    }

    async fn add_titles(&self, titles: Vec<NamedTitle>) -> Result<(), TraktError> {
        for titles in titles.chunks(TITLES_BATCH).map(<[_]>::to_vec) {
            self.catalog.add_named(titles).await?;
        }
        Ok(())
    }

    async fn has_changed(
        &self,
        account: TraktAccountId,
        section: Section,
        changed_at: i64,
    ) -> Result<bool, TraktError> {
        let known = self.store.read(move |connection| mirror::changed_at(connection, account, section)).await?;
        Ok(known != Some(changed_at))
    }

    /// Takes over what Trakt knows later, of titles that are in the catalog by now.
    async fn import(&self, user: UserId, account: TraktAccountId) -> Result<(), TraktError> {
        loop {
            let now = self.clock.now_ms();
            let found = self
                .store
                .read(move |connection| mirror::unmerged(connection, account, user, now, IMPORT_BATCH))
                .await?;
            if found.is_empty() {
                return Ok(());
            }
            let progress = found.iter().map(|found| (found.title, found.progress)).collect();
            self.progress.import(user, progress).await?;
            self.store.write(move |transaction| mirror::set_merged(transaction, account, &found)).await?;
        }
    }

    /// Tells what was watched here and that Trakt does not know.
    async fn export_watched(&self, user: UserId, account: TraktAccountId, since: i64) -> Result<(), TraktError> {
        loop {
            let found = self
                .store
                .read(move |connection| exports::watched(connection, account, user, since, EXPORT_BATCH))
                .await?;
            let is_full = found.len() == EXPORT_BATCH as usize;
            let found = self.not_on_screen(user, found);
            if found.is_empty() {
                return Ok(());
            }
            let watched: Vec<(Tracked, i64)> =
                found.iter().map(|export| (export.tracked, export.progress.updated_at)).collect();
            let told = &*watched;
            self.tokens.with(user, |token| async move { self.tracker.add_to_history(&token, told).await }).await?;
            let note = move |transaction: &Transaction<'_>| {
                watched.iter().try_for_each(|(tracked, at)| {
                    let item = Item { tracked: *tracked, at: *at, fraction: 1.0 };
                    mirror::put_merged(transaction, account, Section::of_watched(*tracked), item)
                })
            };
            self.store.write(note).await?;
            if !is_full {
                return Ok(());
            }
        }
    }

    /// Tells how far the user is in what was begun here.
    async fn export_positions(&self, user: UserId, account: TraktAccountId, since: i64) -> Result<(), TraktError> {
        let found = self
            .store
            .read(move |connection| exports::positions(connection, account, user, since, MAX_POSITIONS))
            .await?;
        // The oldest first, so that they stand in their order there, too.
        for export in self.not_on_screen(user, found).into_iter().rev() {
            let Some(fraction) = tracking::fraction(export.progress) else { continue };
            self.scrobble(user, Scrobble::Pause, export.tracked, fraction, export.progress.updated_at).await?;
        }
        Ok(())
    }

    /// What is on the screen is told from there.
    fn not_on_screen(&self, user: UserId, mut exports: Vec<Export>) -> Vec<Export> {
        let on_screen = self.on_screen.of(user);
        exports.retain(|export| !on_screen.contains(&export.title));
        exports
    }

    /// Tells Trakt what happens on a screen, and notes what it knows by that.
    pub async fn scrobble(
        &self,
        user: UserId,
        scrobble: Scrobble,
        tracked: Tracked,
        fraction: f64,
        at: i64,
    ) -> Result<(), TraktError> {
        self.tokens
            .with(user, |token| async move { self.tracker.scrobble(&token, scrobble, tracked, fraction).await })
            .await?;
        let section = match scrobble {
            Scrobble::Start => return Ok(()),
            Scrobble::Pause => Section::Playback,
            Scrobble::Stop => Section::of_watched(tracked),
        };
        let note = move |transaction: &Transaction<'_>| match store::of_user(transaction, user)? {
            Some(account) => mirror::put_merged(transaction, account.id, section, Item { tracked, at, fraction }),
            None => Ok(()),
        };
        self.store.write(note).await
    }

    /// Brings "My list" and the watchlist in step.
    async fn sync_watchlist(&self, user: UserId, account: TraktAccountId, changed_at: i64) -> Result<(), TraktError> {
        let (last, ours) = self
            .store
            .read(move |connection| {
                Ok::<_, TraktError>((mirror::watchlist(connection, account)?, exports::my_list(connection, user)?))
            })
            .await?;
        let has_changed = self.has_changed(account, Section::Watchlist, changed_at).await?;
        let listed = match has_changed {
            true => self.tokens.with(user, |token| async move { self.tracker.watchlist(&token).await }).await?,
            false => Listed::default(),
        };
        let mut theirs: HashSet<Title> = listed.titles.iter().map(of_listed).collect();
        if !has_changed || listed.is_partial {
            theirs.extend(&last);
        }
        let changes = tracking::bring_in_step(&last, &ours, &theirs);
        for titles in changes.remove_here.chunks(TITLES_BATCH) {
            self.catalog.follow_list(user, Vec::new(), titles.to_vec()).await?;
        }
        // In the order in which they were put into the watchlist.
        let wanted: HashSet<Title> = changes.add_here.iter().copied().collect();
        let new = listed.titles.into_iter().filter(|title| wanted.contains(&of_listed(title)));
        let new: Vec<NamedTitle> = new.take(MAX_LISTED).collect();
        for titles in new.chunks(TITLES_BATCH) {
            self.catalog.add_named(titles.to_vec()).await?;
            self.catalog.follow_list(user, titles.iter().map(of_listed).collect(), Vec::new()).await?;
        }
        for titles in changes.remove_there.chunks(EXPORT_BATCH as usize) {
            self.tokens
                .with(user, |token| async move { self.tracker.remove_from_watchlist(&token, titles).await })
                .await?;
        }
        let mut added = Ok(());
        theirs.retain(|title| !changes.remove_there.contains(title));
        for titles in changes.add_there.chunks(EXPORT_BATCH as usize) {
            added = self
                .tokens
                .with(user, |token| async move { self.tracker.add_to_watchlist(&token, titles).await })
                .await;
            if added.is_err() {
                break;
            }
            theirs.extend(titles);
        }
        let note = move |transaction: &Transaction<'_>| {
            // What had no room here is not in both.
            let after = exports::my_list(transaction, user)?;
            let both = theirs.into_iter().filter(|title| after.contains(title) || ours.contains(title));
            let both: HashSet<Title> = both.collect();
            if both != last {
                mirror::set_watchlist(transaction, account, &both, changed_at)?;
            }
            mirror::set_changed_at(transaction, account, Section::Watchlist, changed_at)
        };
        self.store.write(note).await?;
        added
    }

    /// Reads the account's own lists when they have changed at Trakt. One that could not be read stays as it was, and all
    /// are read again.
    async fn read_lists(&self, user: UserId, account: TraktAccountId, changed_at: i64) -> Result<(), TraktError> {
        if !self.has_changed(account, Section::Lists, changed_at).await? {
            return Ok(());
        }
        let found = self.tokens.with(user, |token| async move { self.tracker.personal_lists(&token).await }).await?;
        if !found.is_partial {
            self.catalog.keep_trakt_lists(account, found.lists.iter().map(|list| list.id).collect()).await?;
        }
        let mut read = Ok(());
        for (position, list) in (1..).zip(found.lists) {
            read = read.and(self.read_list(user, account, position, list).await);
        }
        read?;
        self.store
            .write(move |transaction| mirror::set_changed_at(transaction, account, Section::Lists, changed_at))
            .await
    }

    async fn read_list(
        &self,
        user: UserId,
        account: TraktAccountId,
        position: i64,
        list: PersonalList,
    ) -> Result<(), TraktError> {
        let id = list.id;
        let listed =
            self.tokens.with(user, |token| async move { self.tracker.personal_list(&token, id).await }).await?;
        self.add_titles(listed.titles.clone()).await?;
        Ok(self.catalog.put_trakt_list(TraktList { account, position, list, listed }).await?)
    }
}

fn of_listed(title: &NamedTitle) -> Title {
    (title.kind, title.tmdb_id)
}

/// What Trakt has, and the titles of it that the catalog should have.
fn watched(mut watched: Vec<Watched>) -> (Vec<Item>, Vec<NamedTitle>) {
    watched.sort_by_key(|watched| Reverse(watched.at));
    let titles = latest(watched.iter().map(|watched| &watched.title));
    (watched.iter().map(|watched| Item { tracked: watched.tracked, at: watched.at, fraction: 1.0 }).collect(), titles)
}

fn paused(paused: Vec<Paused>) -> (Vec<Item>, Vec<NamedTitle>) {
    let titles = latest(paused.iter().map(|paused| &paused.title));
    let item = |paused: &Paused| Item { tracked: paused.tracked, at: paused.at, fraction: paused.fraction };
    (paused.iter().map(item).collect(), titles)
}

/// The first of the titles, each once.
fn latest<'a>(titles: impl Iterator<Item = &'a NamedTitle>) -> Vec<NamedTitle> {
    let mut known = HashSet::new();
    titles.filter(|title| known.insert((title.kind, title.tmdb_id))).take(MAX_NEW_TITLES).cloned().collect()
}
