//! The catalog and the actor that reads its lists, with a film database from memory, in virtual time.

use super::*;
use crate::{
    domain::{
        language::Language,
        media::{
            EpisodeFacts, Extras, Genre, ImageName, ImageSize, MediaList, MovieDetails, SeasonFacts, ShowDetails,
            TitleFacts, TitleKind, TmdbId,
        },
    },
    lists,
    ports::{MovieDatabaseError, Page, Urgency},
    store::StoreError,
    supervision::{
        ActorTree, Budget, NoObserver, Supervisor,
        supervisor::{SupervisorArguments, SupervisorMessage},
        tasks::TaskStatus,
    },
};
use bytes::Bytes;
use futures::future::BoxFuture;
use ractor::{Actor, ActorRef};
use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::time::{Instant, sleep};

const EPOCH_MS: i64 = 1_700_000_000_000;
const DAY: Duration = Duration::from_secs(86_400);
const DAYS: u64 = 30;

const FILMS: i64 = 400;
const SHOWS: i64 = 60;
/// 40 of them have seven seasons, the others six.
const SEASONS: u64 = 400;
/// Every third show, of which more is to come.
const IN_PRODUCTION: u64 = 20;
const PER_PAGE: u32 = 20;
/// Of the four lists of films and the four of shows.
const PAGES: u64 = 4 * 5 + 4 * 3;
/// Of the one list of a genre.
const GENRE_PAGES: u64 = 5;
/// That begin in [`DAYS`].
const WEEKS: u64 = 5;
/// Pages of films and of shows that change on a day.
const CHANGED_PAGES: u64 = 40;

/// Goes as virtual time does.
#[derive(Clone, Copy)]
struct VirtualClock(Instant);

impl Clock for VirtualClock {
    fn now_ms(&self) -> i64 {
        EPOCH_MS + self.0.elapsed().as_millis() as i64
    }
}

/// A database in which nothing of ours changes, and that counts what it is asked.
struct Unchanging {
    clock: VirtualClock,
    language: Language,
    asked: Mutex<BTreeMap<&'static str, u64>>,
    /// It does not search.
    is_down: AtomicBool,
}

type Answer<'a, T> = BoxFuture<'a, Result<T, MovieDatabaseError>>;

impl Unchanging {
    fn count<T: Send + 'static>(&self, what: &'static str, answer: T) -> Answer<'_, T> {
        *self.asked.lock().unwrap().entry(what).or_default() += 1;
        Box::pin(async { Ok(answer) })
    }

    fn take_asked(&self) -> BTreeMap<&'static str, u64> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn facts(id: i64) -> TitleFacts {
    TitleFacts {
        tmdb_id: TmdbId(id),
        title: format!("Title {id}"),
        original_title: String::new(),
        original_language: "en".to_owned(),
        overview: String::new(),
        release_date: None,
        poster: None,
        backdrop: None,
        popularity: 1.0 / id as f64,
        rating: None,
    }
}

impl MovieDatabase for Unchanging {
    fn language(&self) -> &Language {
        &self.language
    }

    fn genres<'a>(&'a self, _: &'a Language, _: Urgency) -> Answer<'a, Vec<(TitleKind, Genre)>> {
        self.count("genres", vec![(TitleKind::Movie, Genre { id: 18, name: "Drama".to_owned() })])
    }

    fn list(&self, list: MediaList, page: u32, _: Urgency) -> Answer<'_, Page<TitleFacts>> {
        let last = match list.kind() {
            TitleKind::Movie => FILMS,
            TitleKind::Show => SHOWS,
        };
        // Four lists of films share no film, so that there are as many as there should be.
        let lists_of_films =
            [MediaList::TrendingMovies, MediaList::NowPlaying, MediaList::PopularMovies, MediaList::TopRatedMovies];
        let offset = lists_of_films.iter().position(|known| *known == list).unwrap_or(0) as i64 * 100;
        let first = offset + i64::from((page - 1) * PER_PAGE) + 1;
        let items = (first..first + i64::from(PER_PAGE)).filter(|id| *id <= last).map(facts).collect();
        self.count("lists", Page { items, total_pages: (last as u32).div_ceil(PER_PAGE) })
    }

    fn movie(&self, movie: TmdbId, _: Urgency) -> Answer<'_, MovieDetails> {
        let details = MovieDetails {
            facts: facts(movie.0),
            imdb_id: None,
            tagline: String::new(),
            runtime_ms: Some(1),
            budget: None,
            revenue: None,
            genres: Vec::new(),
            extras: Extras::default(),
        };
        self.count("films", details)
    }

    fn show(&self, show: TmdbId, _: Urgency) -> Answer<'_, ShowDetails> {
        let season = |number| SeasonFacts {
            number,
            tmdb_id: Some(TmdbId(show.0 * 100 + i64::from(number))),
            name: String::new(),
            overview: String::new(),
            air_date: None,
            poster: None,
            episode_count: 2,
        };
        let details = ShowDetails {
            facts: facts(show.0),
            imdb_id: None,
            tagline: String::new(),
            status: String::new(),
            in_production: show.0 % 3 == 0,
            genres: Vec::new(),
            seasons: (1..=if show.0 <= 40 { 7 } else { 6 }).map(season).collect(),
            extras: Extras::default(),
        };
        self.count("shows", details)
    }

    fn season(&self, show: TmdbId, number: u32, _: Urgency) -> Answer<'_, Vec<EpisodeFacts>> {
        let episode = |episode| EpisodeFacts {
            number: episode,
            tmdb_id: Some(TmdbId(show.0 * 10_000 + i64::from(number * 100 + episode))),
            name: String::new(),
            overview: String::new(),
            air_date: None,
            runtime_ms: None,
            still: None,
        };
        self.count("seasons", (1..=2).map(episode).collect())
    }

    /// The further the day, the more has changed; none of it is ours.
    fn changes<'a>(&'a self, _: TitleKind, _: &'a str, _: u32, _: Urgency) -> Answer<'a, Page<TmdbId>> {
        let of_day = self.clock.now_ms() as u64 % DAY.as_millis() as u64;
        let total_pages = (CHANGED_PAGES * of_day / DAY.as_millis() as u64 + 1) as u32;
        self.count("changes", Page { items: vec![TmdbId(1_000_000)], total_pages })
    }

    fn search<'a>(&'a self, _: &'a str, _: Urgency) -> Answer<'a, Vec<(TitleKind, TitleFacts)>> {
        let found = match self.is_down.load(Ordering::SeqCst) {
            true => Err(MovieDatabaseError::Unavailable("it answered 500".to_owned())),
            false => Ok(vec![(TitleKind::Movie, facts(9_000))]),
        };
        *self.asked.lock().unwrap().entry("searches").or_default() += 1;
        Box::pin(async { found })
    }

    fn image(&self, _: ImageSize, _: ImageName) -> Answer<'_, Bytes> {
        self.count("images", Bytes::new())
    }
}

/// The actors on a database file of their own.
struct Library {
    handle: CatalogHandle,
    database: Arc<Unchanging>,
    store: Store,
    tasks: Tasks,
    root: ActorRef<SupervisorMessage>,
    _data: tempfile::TempDir,
}

impl Library {
    /// Has read all that there is.
    async fn start() -> Self {
        let clock = VirtualClock(Instant::now());
        let database = Arc::new(Unchanging {
            clock,
            language: Language::default(),
            asked: Mutex::default(),
            is_down: AtomicBool::new(false),
        });
        let data = tempfile::tempdir().unwrap();
        let store = Store::open(&data.path().join("miauflix.db")).unwrap();
        store.hurry().await;
        let tasks = Tasks::default();
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let (handle, catalog) = start(store.clone(), clock.clone(), Events::new(), Some(database.clone()), &tasks);
        let lists = lists::start(handle.clone(), clock, database.clone(), &tasks);
        let arguments = SupervisorArguments {
            path: "root".to_owned(),
            budget: Budget { restarts: 0, window: DAY },
            children: vec![catalog, lists],
            tree: ActorTree::new(Arc::new(NoObserver)),
        };
        let (root, _) = Actor::spawn(None, Supervisor, arguments).await.unwrap();
        sleep(Duration::from_secs(30 * 60)).await;
        Self { handle, database, store, tasks, root, _data: data }
    }
}

#[tokio::test(start_paused = true)]
async fn a_search_that_failed_is_tried_again_soon_and_one_that_did_not_is_not() {
    let library = Library::start().await;
    let search = async || library.handle.search("lighthouse", None).await.unwrap().is_complete;
    library.database.is_down.store(true, Ordering::SeqCst);
    assert!(!search().await);
    sleep(Duration::from_secs(1)).await;
    assert!(search().await, "it is not asked again and again");
    library.database.is_down.store(false, Ordering::SeqCst);
    sleep(Duration::from_secs(30)).await;
    assert!(!search().await);
    sleep(Duration::from_secs(59 * 60)).await;
    assert!(search().await);
    assert_eq!(library.database.take_asked()["searches"], 2);
    library.root.stop(None);
}

#[tokio::test(start_paused = true)]
async fn a_month_in_which_nobody_watches_costs_no_more_than_it_must() {
    let Library { database, store, tasks, root, .. } = &Library::start().await;
    let first = database.take_asked();
    println!("first sync: {first:?}, {} rows", store.changed_rows().await);

    assert_eq!(
        first,
        BTreeMap::from([
            ("films", FILMS as u64),
            ("genres", 1),
            ("lists", PAGES + GENRE_PAGES),
            ("seasons", SEASONS),
            ("shows", SHOWS as u64)
        ])
    );
    // Titles are read again in the third and fourth month; this is the third.
    let later: Result<(), StoreError> = store
        .write(|transaction| {
            Ok(transaction.execute_batch(
                "UPDATE movies SET details_due_at = details_due_at - 60 * 86400000 WHERE details_at IS NOT NULL; \
                 UPDATE shows SET details_due_at = details_due_at - 60 * 86400000 WHERE in_production = 0;",
            )?)
        })
        .await;
    later.unwrap();

    let before: Vec<TaskStatus> = tasks.snapshot().await;
    let (commits, rows) = (store.count_commits().await, store.changed_rows().await);
    sleep(DAY * DAYS as u32).await;
    let asked = database.take_asked();
    let (commits, rows) = (commits.load(Ordering::SeqCst), store.changed_rows().await - rows);
    let runs = tasks.snapshot().await.into_iter().zip(before).map(|(now, before)| {
        assert_eq!((now.backlog, &now.last_error), (Some(0), &None), "{}", now.name);
        (now.name, now.runs - before.runs)
    });
    println!("{DAYS} days: {asked:?}, {commits} commits of {rows} rows, {:?}", runs.collect::<Vec<_>>());

    let most = BTreeMap::from([
        // All pages of all lists every hour, and those of a genre every week.
        ("lists", PAGES * 24 * DAYS + GENRE_PAGES * WEEKS),
        // Films and shows four times a day, up to then, and once more when the day is over.
        ("changes", 2 * DAYS * (4 * (CHANGED_PAGES / 2 + 1) + CHANGED_PAGES)),
        // Every other day.
        ("genres", DAYS / 2 + 1),
        // Once in the two months that their turns are spread over.
        ("films", FILMS as u64),
        // The same, and those of which more is to come every week, with their last seasons.
        ("shows", SHOWS as u64 - IN_PRODUCTION + IN_PRODUCTION * WEEKS),
        ("seasons", IN_PRODUCTION * WEEKS),
    ]);
    for (what, asked) in &asked {
        assert!(most.get(what).is_some_and(|most| asked <= most), "{what}: {asked} of {most:?}");
    }
    // One for each list; one to ask for a day and one for what has changed on it; at most one for each title.
    let titles = asked["films"] + asked["shows"] + asked["seasons"] + asked["genres"];
    let most = 8 * 24 * DAYS + WEEKS + 2 * 2 * 5 * DAYS + titles;
    assert!(commits as u64 <= most, "{commits} commits, of {most}");
    root.stop(None);
}
