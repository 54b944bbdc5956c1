//! What is on each user's screen, told to Trakt while it is watched: that it began, that it paused, that it was watched.
//!
//! One after the other for each user. What cannot be told is dropped here: it is in the store, from where the next
//! synchronisation tells it.

use super::{TraktError, actor::Trakt, message::TraktMessage, store};
use crate::{
    domain::{
        ids::UserId,
        title::{Progress, WatchState, Watchable},
        tracking,
    },
    ports::Scrobble,
};
use ractor::ActorRef;
use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    task::{AbortHandle, JoinSet},
    time::sleep,
};

/// A player that says nothing for so long has paused.
const QUIET: Duration = Duration::from_secs(90);
/// What waits to be told of one user; beyond that the oldest is dropped.
const MAX_WAITING: usize = 16;

/// The titles whose progress is being told, which synchronisation leaves alone meanwhile. Cheap to clone.
#[derive(Clone, Default)]
pub struct OnScreen(Arc<Mutex<HashMap<UserId, HashSet<Watchable>>>>);

impl OnScreen {
    pub fn of(&self, user: UserId) -> HashSet<Watchable> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&user).cloned().unwrap_or_default()
    }

    fn set(&self, user: UserId, titles: HashSet<Watchable>) {
        let mut on_screen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if titles.is_empty() {
            on_screen.remove(&user);
        } else {
            on_screen.insert(user, titles);
        }
    }

    pub fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Who watches what. Lives in the actor's state, so it dies with the actor.
#[derive(Default)]
pub struct Scrobbling {
    viewers: HashMap<UserId, Viewer>,
    last_viewing: u64,
    tasks: JoinSet<()>,
}

#[derive(Default)]
struct Viewer {
    viewing: Option<Viewing>,
    waiting: VecDeque<Step>,
    telling: Option<Watchable>,
}

/// A title on a screen.
struct Viewing {
    title: Watchable,
    progress: Progress,
    /// Trakt is told that it was watched.
    is_over: bool,
    number: u64,
    quiet: AbortHandle,
}

/// Something to tell.
#[derive(Clone, Copy)]
struct Step {
    scrobble: Scrobble,
    title: Watchable,
    progress: Progress,
}

impl Scrobbling {
    /// A player has said how far a user is.
    pub fn played(
        &mut self,
        trakt: &Trakt,
        myself: &ActorRef<TraktMessage>,
        user: UserId,
        title: Watchable,
        progress: Progress,
    ) {
        while self.tasks.try_join_next().is_some() {}
        self.last_viewing += 1;
        let number = self.last_viewing;
        let to = myself.clone();
        let quiet = self.tasks.spawn(async move {
            sleep(QUIET).await;
            _ = to.send_message(TraktMessage::Quiet { user, viewing: number });
        });
        let viewer = self.viewers.entry(user).or_default();
        let before = viewer.viewing.take();
        if let Some(before) = &before {
            before.quiet.abort();
        }
        let is_watched = progress.state == WatchState::Watched;
        let was_over = match &before {
            Some(before) if before.title == title => Some(before.is_over),
            Some(before) => {
                viewer.pause(before);
                None
            }
            None => None,
        };
        match (was_over, is_watched) {
            (None, false) | (Some(true), false) => viewer.push(Scrobble::Start, title, progress),
            (None | Some(false), true) => viewer.push(Scrobble::Stop, title, progress),
            (Some(false), false) | (Some(true), true) => {}
        }
        viewer.viewing = Some(Viewing { title, progress, is_over: is_watched, number, quiet });
        self.tell_next(trakt, myself, user);
    }

    /// Nothing was heard of a viewing for a while.
    pub fn quiet(&mut self, trakt: &Trakt, myself: &ActorRef<TraktMessage>, user: UserId, number: u64) {
        let Some(viewer) = self.viewers.get_mut(&user) else { return };
        if let Some(viewing) = viewer.viewing.take_if(|viewing| viewing.number == number) {
            viewer.pause(&viewing);
        }
        self.tell_next(trakt, myself, user);
    }

    /// Something was told, or could not be, and then the rest is left to synchronisation.
    pub fn told(&mut self, trakt: &Trakt, myself: &ActorRef<TraktMessage>, user: UserId, is_told: bool) {
        let Some(viewer) = self.viewers.get_mut(&user) else { return };
        viewer.telling = None;
        if !is_told {
            viewer.waiting.clear();
        }
        self.tell_next(trakt, myself, user);
    }

    /// Forgets what is on a user's screen.
    pub fn forget(&mut self, trakt: &Trakt, user: UserId) {
        if let Some(viewing) = self.viewers.remove(&user).and_then(|viewer| viewer.viewing) {
            viewing.quiet.abort();
        }
        trakt.on_screen.set(user, HashSet::new());
    }

    fn tell_next(&mut self, trakt: &Trakt, myself: &ActorRef<TraktMessage>, user: UserId) {
        let Some(viewer) = self.viewers.get_mut(&user) else { return };
        if viewer.telling.is_none()
            && let Some(step) = viewer.waiting.pop_front()
        {
            viewer.telling = Some(step.title);
            let report = Report { to: myself.clone(), user, is_told: false };
            let trakt = trakt.clone();
            self.tasks.spawn(async move {
                let mut report = report;
                match trakt.tell(user, step).await {
                    Ok(()) => report.is_told = true,
                    Err(error) => {
                        tracing::debug!(
                            error = &error as &dyn std::error::Error,
                            "Trakt was not told what is on a screen"
                        );
                    }
                }
            });
        }
        trakt.on_screen.set(user, viewer.titles());
        if viewer.viewing.is_none() && viewer.telling.is_none() {
            self.viewers.remove(&user);
        }
    }
}

impl Viewer {
    fn push(&mut self, scrobble: Scrobble, title: Watchable, progress: Progress) {
        if self.waiting.len() >= MAX_WAITING {
            self.waiting.pop_front();
        }
        self.waiting.push_back(Step { scrobble, title, progress });
    }

    /// It is not on the screen any more.
    fn pause(&mut self, viewing: &Viewing) {
        if !viewing.is_over {
            self.push(Scrobble::Pause, viewing.title, viewing.progress);
        }
    }

    /// What there is still something to tell of.
    fn titles(&self) -> HashSet<Watchable> {
        let viewing = self.viewing.iter().filter(|viewing| !viewing.is_over).map(|viewing| viewing.title);
        viewing.chain(self.waiting.iter().map(|step| step.title)).chain(self.telling).collect()
    }
}

/// Reports whether something was told, also when the telling panicked.
struct Report {
    to: ActorRef<TraktMessage>,
    user: UserId,
    is_told: bool,
}

impl Drop for Report {
    fn drop(&mut self) {
        _ = self.to.send_message(TraktMessage::Scrobbled { user: self.user, is_told: self.is_told });
    }
}

impl Trakt {
    /// Tells Trakt, and notes what it knows by that.
    async fn tell(&self, user: UserId, step: Step) -> Result<(), TraktError> {
        let Step { scrobble, title, progress } = step;
        let tracked = self.store.read(move |connection| store::exports::tracked(connection, title)).await?;
        let Some((tracked, fraction)) = tracked.zip(tracking::fraction(progress)) else { return Ok(()) };
        self.scrobble(user, scrobble, tracked, fraction, progress.updated_at).await
    }
}
