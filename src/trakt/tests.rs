//! What is on a screen, in virtual time, with a tracker from memory.

use super::{Dependencies, Link, TraktError, TraktHandle, start, tokens::AccountTokens};
use crate::{
    audit, catalog,
    clock::{Clock, SystemClock},
    domain::{
        ids::{MovieId, UserId},
        media::{TitleKind, TmdbId},
        title::Watchable,
        tracking::Tracked,
    },
    events::Events,
    ports::{
        Activities, DeviceCode, Listed, Paused, PersonalLists, Polled, Scrobble, Tokens, WatchTracker,
        WatchTrackerError, Watched,
    },
    progress::{self, ProgressHandle},
    sealing::Sealer,
    store::{Store, StoreError},
    supervision::{ActorTree, Budget, NoObserver, Supervisor, Tasks, supervisor::SupervisorArguments},
};
use futures::future::BoxFuture;
use ractor::Actor;
use secrecy::{ExposeSecret as _, SecretString};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::time::sleep;

const ADA: UserId = UserId(1);
const SECOND: Duration = Duration::from_secs(1);

/// A tracker that links at once and notes what it is told.
#[derive(Default)]
struct Memory {
    is_down: AtomicBool,
    refreshes: AtomicUsize,
    scrobbles: Mutex<Vec<(Scrobble, i64, u32)>>,
    history: Mutex<Vec<i64>>,
}

impl Memory {
    fn answer<T: Send + 'static>(&self, answer: T) -> BoxFuture<'static, Result<T, WatchTrackerError>> {
        let is_down = self.is_down.load(Ordering::SeqCst);
        Box::pin(async move { if is_down { Err(WatchTrackerError::Unavailable) } else { Ok(answer) } })
    }

    /// What was told since the last time, with the percentage.
    fn told(&self) -> Vec<(Scrobble, i64, u32)> {
        std::mem::take(&mut self.scrobbles.lock().unwrap())
    }
}

fn tokens() -> Tokens {
    Tokens { access: "a".into(), refresh: "r".into(), expires_in: Duration::from_secs(1_000_000) }
}

fn movie(tracked: Tracked) -> i64 {
    match tracked {
        Tracked::Movie(movie) => movie.0,
        Tracked::Episode { .. } => panic!("there are films only"),
    }
}

impl WatchTracker for Memory {
    fn device_code(&self) -> BoxFuture<'_, Result<DeviceCode, WatchTrackerError>> {
        self.answer(DeviceCode {
            device_code: "d".into(),
            user_code: "U".to_owned(),
            verification_url: "https://trakt.example".to_owned(),
            expires_in: Duration::from_secs(600),
            interval: SECOND,
        })
    }

    fn poll<'a>(&'a self, _: &'a SecretString) -> BoxFuture<'a, Result<Polled, WatchTrackerError>> {
        self.answer(Polled::Linked(tokens()))
    }

    fn refresh<'a>(&'a self, _: &'a SecretString) -> BoxFuture<'a, Result<Tokens, WatchTrackerError>> {
        let number = self.refreshes.fetch_add(1, Ordering::SeqCst) + 1;
        self.answer(Tokens { access: format!("a{number}").into(), ..tokens() })
    }

    fn revoke<'a>(&'a self, _: &'a SecretString) -> BoxFuture<'a, Result<(), WatchTrackerError>> {
        self.answer(())
    }

    fn username<'a>(&'a self, _: &'a SecretString) -> BoxFuture<'a, Result<String, WatchTrackerError>> {
        self.answer("sean".to_owned())
    }

    fn activities<'a>(&'a self, _: &'a SecretString) -> BoxFuture<'a, Result<Activities, WatchTrackerError>> {
        self.answer(Activities::default())
    }

    fn watched_movies<'a>(&'a self, _: &'a SecretString) -> BoxFuture<'a, Result<Vec<Watched>, WatchTrackerError>> {
        self.answer(Vec::new())
    }

    fn watched_episodes<'a>(&'a self, _: &'a SecretString) -> BoxFuture<'a, Result<Vec<Watched>, WatchTrackerError>> {
        self.answer(Vec::new())
    }

    fn playback<'a>(&'a self, _: &'a SecretString) -> BoxFuture<'a, Result<Vec<Paused>, WatchTrackerError>> {
        self.answer(Vec::new())
    }

    fn watchlist<'a>(&'a self, _: &'a SecretString) -> BoxFuture<'a, Result<Listed, WatchTrackerError>> {
        self.answer(Listed::default())
    }

    fn personal_lists<'a>(&'a self, _: &'a SecretString) -> BoxFuture<'a, Result<PersonalLists, WatchTrackerError>> {
        self.answer(PersonalLists::default())
    }

    fn personal_list<'a>(&'a self, _: &'a SecretString, _: i64) -> BoxFuture<'a, Result<Listed, WatchTrackerError>> {
        self.answer(Listed::default())
    }

    fn add_to_history<'a>(
        &'a self,
        _: &'a SecretString,
        watched: &'a [(Tracked, i64)],
    ) -> BoxFuture<'a, Result<(), WatchTrackerError>> {
        if !self.is_down.load(Ordering::SeqCst) {
            self.history.lock().unwrap().extend(watched.iter().map(|(tracked, _)| movie(*tracked)));
        }
        self.answer(())
    }

    fn add_to_watchlist<'a>(
        &'a self,
        _: &'a SecretString,
        _: &'a [(TitleKind, TmdbId)],
    ) -> BoxFuture<'a, Result<(), WatchTrackerError>> {
        self.answer(())
    }

    fn remove_from_watchlist<'a>(
        &'a self,
        _: &'a SecretString,
        _: &'a [(TitleKind, TmdbId)],
    ) -> BoxFuture<'a, Result<(), WatchTrackerError>> {
        self.answer(())
    }

    fn scrobble<'a>(
        &'a self,
        _: &'a SecretString,
        scrobble: Scrobble,
        tracked: Tracked,
        fraction: f64,
    ) -> BoxFuture<'a, Result<(), WatchTrackerError>> {
        if !self.is_down.load(Ordering::SeqCst) {
            self.scrobbles.lock().unwrap().push((scrobble, movie(tracked), (fraction * 100.0).round() as u32));
        }
        self.answer(())
    }
}

struct House {
    tracker: Arc<Memory>,
    trakt: TraktHandle,
    progress: ProgressHandle,
    data: tempfile::TempDir,
}

impl House {
    /// A daemon with two films of The Movie Database, 101 and 102, and an account that is linked.
    async fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let store = Store::open(&data.path().join("miauflix.db")).unwrap();
        let fill = |transaction: &rusqlite::Transaction<'_>| {
            transaction.execute_batch(
                "INSERT INTO users (id, username, password_hash, role, created_at, updated_at) \
                 VALUES (1, 'ada', '', 'admin', 1, 1);
                 INSERT INTO movies (id, tmdb_id, title, overview, tagline, tint_from, tint_to, created_at, updated_at) \
                 VALUES (901, 101, 'One', '', '', '', '', 1, 1), (902, 102, 'Two', '', '', '', '', 1, 1);",
            )?;
            Ok::<_, StoreError>(())
        };
        store.write(fill).await.unwrap();
        let (clock, events): (Arc<dyn Clock>, _) = (Arc::new(SystemClock), Events::new());
        let tasks = Tasks::default();
        let (audit, mut children) = audit::start(store.clone(), clock.clone());
        let (progress, progress_child) = progress::start(store.clone(), clock.clone(), events.clone());
        let (catalog, catalog_child) = catalog::start(store.clone(), clock.clone(), events.clone(), None, &tasks);
        let tracker = Arc::<Memory>::default();
        let (trakt, trakt_child) = start(
            Dependencies {
                tracker: tracker.clone(),
                sealer: Sealer::load_or_make(data.path(), "tokens").unwrap(),
                store,
                clock,
                events,
                audit,
                catalog,
                progress: progress.clone(),
            },
            &tasks,
        );
        children.extend([progress_child, catalog_child, trakt_child]);
        let budget = Budget { restarts: 0, window: SECOND };
        let tree = ActorTree::new(Arc::new(NoObserver));
        let arguments = SupervisorArguments { path: "house".to_owned(), budget, children, tree };
        Actor::spawn(None, Supervisor, arguments).await.unwrap();
        let house = Self { tracker, trakt, progress, data };
        house.trakt.link(ADA).await.unwrap();
        house.until_in_step().await;
        house
    }

    async fn until_in_step(&self) {
        loop {
            let status = self.trakt.status(ADA).await.unwrap();
            if matches!(status.link, Link::Linked { synced_at: Some(_), .. }) {
                return;
            }
            sleep(SECOND).await;
        }
    }

    /// The player says that it is so far, in hundredths of the film.
    async fn play(&self, movie: i64, percent: i64) {
        self.progress.save(ADA, Watchable::Movie(MovieId(movie)), percent * 1_000, 100_000).await.unwrap();
        sleep(SECOND).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_player_that_is_quiet_for_ninety_seconds_has_paused() {
    let house = House::new().await;
    for percent in 10..14 {
        house.play(901, percent).await;
        sleep(30 * SECOND).await;
    }
    assert_eq!(house.tracker.told(), [(Scrobble::Start, 101, 10)]);
    sleep(58 * SECOND).await;
    assert_eq!(house.tracker.told(), []);
    sleep(3 * SECOND).await;
    assert_eq!(house.tracker.told(), [(Scrobble::Pause, 101, 13)]);
    house.play(901, 14).await;
    assert_eq!(house.tracker.told(), [(Scrobble::Start, 101, 14)]);
}

#[tokio::test(start_paused = true)]
async fn another_title_pauses_the_one_before_and_the_end_is_told_once() {
    let house = House::new().await;
    house.play(901, 50).await;
    house.play(902, 3).await;
    house.play(902, 91).await;
    house.play(902, 99).await;
    let told = house.tracker.told();
    let expected =
        [(Scrobble::Start, 101, 50), (Scrobble::Pause, 101, 50), (Scrobble::Start, 102, 3), (Scrobble::Stop, 102, 91)];
    assert_eq!(told, expected);
    // It is over: nothing is left to pause, and nothing to tell once more.
    sleep(120 * SECOND).await;
    house.trakt.sync(ADA).await.unwrap();
    sleep(10 * SECOND).await;
    assert_eq!((house.tracker.told(), house.tracker.history.lock().unwrap().len()), (vec![], 0));
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_told_is_told_from_the_store() {
    let house = House::new().await;
    house.tracker.is_down.store(true, Ordering::SeqCst);
    house.play(901, 50).await;
    house.play(902, 95).await;
    sleep(120 * SECOND).await;
    assert_eq!(house.tracker.told(), []);
    house.tracker.is_down.store(false, Ordering::SeqCst);
    house.trakt.sync(ADA).await.unwrap();
    sleep(10 * SECOND).await;
    assert_eq!(house.tracker.told(), [(Scrobble::Pause, 101, 50)]);
    assert_eq!(*house.tracker.history.lock().unwrap(), [102]);
}

#[tokio::test(start_paused = true)]
async fn tokens_that_do_not_count_are_replaced_once_however_many_ask() {
    let house = House::new().await;
    let tokens = AccountTokens::new(
        house.tracker.clone(),
        Sealer::load_or_make(house.data.path(), "tokens").unwrap(),
        Store::open(&house.data.path().join("miauflix.db")).unwrap(),
        Arc::new(SystemClock),
    );
    let ask = || {
        tokens.with(ADA, |token| async move {
            sleep(SECOND).await;
            if token.expose_secret() == "a" { Err(WatchTrackerError::TokenRefused) } else { Ok(()) }
        })
    };
    let asked = futures::future::join_all((0..20).map(|_| ask())).await;
    assert!(asked.iter().all(Result::is_ok));
    assert_eq!(house.tracker.refreshes.load(Ordering::SeqCst), 1);
    // When the new one does not count either, the link is to be made anew.
    let refused = tokens.with(ADA, |_| async { Err::<(), _>(WatchTrackerError::TokenRefused) }).await;
    assert!(matches!(refused, Err(TraktError::Tracker(WatchTrackerError::TokenRefused))));
    assert!(matches!(tokens.with(ADA, |_| async { Ok(()) }).await, Err(TraktError::NotLinked)));
    assert_eq!(house.trakt.status(ADA).await.unwrap().link, Link::Unlinked);
}
