//! The actor that alone writes linked accounts.

use super::{
    Link, TraktError, TraktStatus,
    linking::Linking,
    message::{Outcome, TraktMessage},
    scrobbling::{OnScreen, Scrobbling},
    store::{self, Account},
    sync,
    tokens::AccountTokens,
};
use crate::{
    audit::{AuditEntry, AuditHandle, Severity},
    catalog::CatalogHandle,
    clock::Clock,
    domain::ids::UserId,
    events::{Event, Events, ProgressChange},
    ports::{WatchTracker, WatchTrackerError},
    progress::ProgressHandle,
    store::Store,
    supervision::{Reconciler, Task, respond},
};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use std::{collections::HashSet, sync::Arc, time::Duration};
use tokio::{
    sync::broadcast::error::RecvError,
    task::{AbortHandle, JoinSet},
    time::{sleep, timeout},
};

/// What a user changes goes to Trakt after so long, together with what they change meanwhile.
const SOON: Duration = Duration::from_secs(2);
/// How long Trakt may take to be told that tokens are worthless from now on.
const REVOKE_LIMIT: Duration = Duration::from_secs(30);

#[derive(Clone)]
pub struct Trakt {
    pub tracker: Arc<dyn WatchTracker>,
    pub tokens: Arc<AccountTokens>,
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub events: Events,
    pub audit: AuditHandle,
    pub catalog: CatalogHandle,
    pub progress: ProgressHandle,
    pub on_screen: OnScreen,
    pub task: Task,
}

/// What is under way.
pub struct State {
    /// Who has an account linked, so that what the others do costs nothing.
    linked: HashSet<UserId>,
    linking: Linking,
    scrobbling: Scrobbling,
    due: Reconciler<TraktMessage>,
    soon: Option<AbortHandle>,
    tasks: JoinSet<()>,
}

impl Actor for Trakt {
    type Msg = TraktMessage;
    type State = State;
    type Arguments = ();

    async fn pre_start(&self, myself: ActorRef<Self::Msg>, (): ()) -> Result<State, ActorProcessingErr> {
        let mut tasks = JoinSet::new();
        tasks.spawn(listen(self.events.subscribe(), myself.clone()));
        self.on_screen.clear();
        let now = self.clock.now_ms();
        // What happened while nobody listened is told now.
        let linked = self.store.write(move |transaction| {
            store::make_all_due(transaction, now)?;
            store::linked(transaction)
        });
        let linked = linked.await?.into_iter().collect();
        myself.send_message(TraktMessage::Sync)?;
        let due =
            Reconciler::new(sync::EVERY, || TraktMessage::Sync, TraktMessage::Synced).reporting_to(self.task.clone());
        let (linking, scrobbling) = (Linking::default(), Scrobbling::default());
        Ok(State { linked, linking, scrobbling, due, soon: None, tasks })
    }

    async fn handle(
        &self,
        myself: ActorRef<Self::Msg>,
        message: Self::Msg,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            TraktMessage::Status { user, reply } => respond(reply, self.status(user, state).await),
            TraktMessage::Link { user, reply } => match self.account(user).await {
                Ok(Some(account)) if !account.is_broken => respond(reply, Err(TraktError::AlreadyLinked)),
                Ok(_) => state.linking.begin(&self.tracker, &myself, user, reply),
                Err(error) => respond(reply, Err(error)),
            },
            TraktMessage::CodeGiven { user, attempt, given } => {
                state.linking.given(user, attempt, given, self.clock.now_ms());
            }
            TraktMessage::LinkEnded { user, attempt, outcome } => {
                self.link_ended(user, attempt, *outcome, &myself, state).await;
            }
            TraktMessage::Unlink { user, reply } => respond(reply, self.unlink(user, state).await),
            TraktMessage::SyncNow { user, reply } => respond(reply, self.sync_now(user, &myself).await),
            TraktMessage::Changed { user } => self.changed(Some(user), &myself, state).await,
            TraktMessage::Missed => self.changed(None, &myself, state).await,
            TraktMessage::Played { user, title, progress } => {
                if state.linked.contains(&user) {
                    state.scrobbling.played(self, &myself, user, title, progress);
                }
            }
            TraktMessage::Quiet { user, viewing } => state.scrobbling.quiet(self, &myself, user, viewing),
            TraktMessage::Scrobbled { user, is_told } => {
                state.scrobbling.told(self, &myself, user, is_told);
                if !is_told {
                    self.make_due(user, self.clock.now_ms() + sync::RETRY_AFTER_MS).await;
                }
            }
            TraktMessage::Sync => {
                let trakt = self.clone();
                state.due.activated(&myself, || sync::due(trakt));
            }
            TraktMessage::Synced(run) => {
                self.reload(state).await;
                state.due.finished(&myself, run);
            }
        }
        Ok(())
    }
}

impl Trakt {
    async fn account(&self, user: UserId) -> Result<Option<Account>, TraktError> {
        self.store.read(move |connection| store::of_user(connection, user)).await
    }

    async fn status(&self, user: UserId, state: &State) -> Result<TraktStatus, TraktError> {
        let (pending, failed) = state.linking.of(user);
        if let Some(link) = pending {
            return Ok(TraktStatus { link, error: None });
        }
        Ok(match self.account(user).await? {
            Some(Account { is_broken: false, username, linked_at, synced_at, error, .. }) => {
                TraktStatus { link: Link::Linked { username, linked_at, synced_at }, error }
            }
            Some(Account { error, .. }) => TraktStatus { link: Link::Unlinked, error: failed.or(error) },
            None => TraktStatus { link: Link::Unlinked, error: failed },
        })
    }

    async fn link_ended(
        &self,
        user: UserId,
        attempt: u64,
        outcome: Outcome,
        myself: &ActorRef<TraktMessage>,
        state: &mut State,
    ) {
        let Some((tokens, username)) = state.linking.ended(user, attempt, outcome) else { return };
        let now = self.clock.now_ms();
        let linked = match self.tokens.seal(user, &tokens) {
            Ok(sealed) => {
                let link = move |transaction: &rusqlite::Transaction<'_>| {
                    store::link(transaction, user, username.as_deref(), &sealed, now)
                };
                self.store.write(link).await
            }
            Err(error) => Err(error),
        };
        match linked {
            Ok(()) => {
                state.linked.insert(user);
                self.audit.record(AuditEntry::new(Severity::Info, "trakt.linked", format!("user:{user}")).by(user));
                _ = myself.send_message(TraktMessage::Sync);
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "failed to keep a link to Trakt");
                let error =
                    WatchTrackerError::Failed("the daemon could not keep the link; its log says why".to_owned());
                state.linking.failed(user, error);
            }
        }
    }

    async fn unlink(&self, user: UserId, state: &mut State) -> Result<(), TraktError> {
        state.linking.stop(user);
        state.scrobbling.forget(self, user);
        state.linked.remove(&user);
        while state.tasks.try_join_next().is_some() {}
        let Some(account) = self.store.write(move |transaction| store::unlink(transaction, user)).await? else {
            return Ok(());
        };
        self.audit.record(AuditEntry::new(Severity::Info, "trakt.unlinked", format!("user:{user}")).by(user));
        if let Ok(tokens) = self.tokens.open(user, &account) {
            let tracker = self.tracker.clone();
            state.tasks.spawn(async move {
                for token in tokens {
                    match timeout(REVOKE_LIMIT, tracker.revoke(&token)).await {
                        Ok(Ok(())) => {}
                        Ok(Err(error)) => tracing::debug!(%error, "a token of Trakt's was not revoked"),
                        Err(_) => tracing::debug!("a token of Trakt's was not revoked in time"),
                    }
                }
            });
        }
        Ok(())
    }

    async fn sync_now(&self, user: UserId, myself: &ActorRef<TraktMessage>) -> Result<(), TraktError> {
        if self.account(user).await?.is_none_or(|account| account.is_broken) {
            return Err(TraktError::NotLinked);
        }
        let now = self.clock.now_ms();
        self.store.write(move |transaction| store::make_due(transaction, user, now)).await?;
        _ = myself.send_message(TraktMessage::Sync);
        Ok(())
    }

    /// Something has changed here, of one user or of whoever: it is told soon.
    async fn changed(&self, user: Option<UserId>, myself: &ActorRef<TraktMessage>, state: &mut State) {
        if !user.map_or(!state.linked.is_empty(), |user| state.linked.contains(&user)) {
            return;
        }
        let now = self.clock.now_ms();
        match user {
            Some(user) => self.make_due(user, now).await,
            None => _ = self.store.write(move |transaction| store::make_all_due(transaction, now)).await,
        }
        if state.soon.as_ref().is_none_or(AbortHandle::is_finished) {
            let myself = myself.clone();
            state.soon = Some(state.tasks.spawn(async move {
                sleep(SOON).await;
                _ = myself.send_message(TraktMessage::Sync);
            }));
        }
    }

    async fn make_due(&self, user: UserId, at: i64) {
        let written = self.store.write(move |transaction| store::make_due(transaction, user, at)).await;
        if let Err(error) = written {
            tracing::warn!(error = &error as &dyn std::error::Error, "failed to note that an account at Trakt is due");
        }
    }

    /// Links may have broken.
    async fn reload(&self, state: &mut State) {
        if let Ok(linked) = self.store.read(store::linked).await {
            state.linked = linked.into_iter().collect();
        }
    }
}

/// Hands on what users do.
async fn listen(mut events: tokio::sync::broadcast::Receiver<Event>, to: ActorRef<TraktMessage>) {
    loop {
        let message = match events.recv().await {
            Ok(Event::ProgressSaved { user, change: ProgressChange::Played { title, progress } }) => {
                TraktMessage::Played { user, title, progress }
            }
            Ok(Event::ProgressSaved { user, change: ProgressChange::Marked } | Event::OwnListChanged { user }) => {
                TraktMessage::Changed { user }
            }
            Ok(_) => continue,
            Err(RecvError::Lagged(_)) => TraktMessage::Missed,
            Err(RecvError::Closed) => return,
        };
        if to.send_message(message).is_err() {
            return;
        }
    }
}
