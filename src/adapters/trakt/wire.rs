//! Trakt's JSON (<https://trakt.docs.apiary.io>), and what we make of it. Nothing of it is trusted: texts are cut, numbers are
//! bounded, and a record that makes no sense is left out by itself.

use crate::{
    domain::{
        media::{TitleKind, TmdbId},
        tracking::{NamedTitle, Tracked},
    },
    ports::{Activities, DeviceCode, Listed, Paused, PersonalList, PersonalLists, Tokens, WatchTrackerError, Watched},
};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

const MAX_NAME: usize = 300;
/// What lists here may be called, and be said of.
const MAX_LIST_NAME: usize = 100;
const MAX_DESCRIPTION: usize = 1_000;
const MAX_TOKEN: usize = 4_096;
const MAX_CODE: usize = 100;
/// Of a season or an episode; some are numbered by the year.
const MAX_NUMBER: u32 = 100_000;
/// Of all that was watched.
const MAX_EPISODES: usize = 200_000;
/// Somebody types a code in within that time.
const MAX_CODE_LIFE_S: u64 = 1_800;
const MAX_INTERVAL_S: u64 = 60;
const DAY_S: u64 = 24 * 3_600;

#[derive(Deserialize)]
pub struct WireDeviceCode {
    device_code: String,
    user_code: String,
    verification_url: String,
    expires_in: u64,
    interval: u64,
}

#[derive(Deserialize)]
pub struct WireTokens {
    access_token: String,
    refresh_token: String,
    expires_in: u64,
}

#[derive(Deserialize)]
pub struct WireSettings {
    user: WireUser,
}

#[derive(Deserialize)]
struct WireUser {
    username: String,
}

#[derive(Deserialize)]
pub struct WireActivities {
    #[serde(default)]
    movies: WireTimes,
    #[serde(default)]
    episodes: WireTimes,
    #[serde(default)]
    watchlist: WireTimes,
    #[serde(default)]
    lists: WireTimes,
}

#[derive(Default, Deserialize)]
struct WireTimes {
    watched_at: Option<String>,
    paused_at: Option<String>,
    updated_at: Option<String>,
}

#[derive(Deserialize)]
struct WireTitle {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    year: Option<i32>,
    ids: WireIds,
}

/// Not every title of Trakt's is in The Movie Database.
#[derive(Deserialize)]
struct WireIds {
    tmdb: Option<i64>,
}

#[derive(Deserialize)]
struct WireWatchedMovie {
    last_watched_at: String,
    movie: WireTitle,
}

#[derive(Deserialize)]
struct WireWatchedShow {
    show: WireTitle,
    #[serde(default)]
    seasons: Vec<Value>,
}

#[derive(Deserialize)]
struct WireSeason {
    number: u32,
    #[serde(default)]
    episodes: Vec<Value>,
}

#[derive(Deserialize)]
struct WireEpisode {
    number: u32,
    last_watched_at: String,
}

#[derive(Deserialize)]
struct WirePlayback {
    progress: f64,
    paused_at: String,
    #[serde(flatten)]
    item: WireItem,
}

#[derive(Deserialize)]
struct WireListed {
    listed_at: String,
    #[serde(flatten)]
    item: WireItem,
}

#[derive(Deserialize)]
struct WireList {
    name: String,
    description: Option<String>,
    ids: WireListIds,
}

#[derive(Deserialize)]
struct WireListIds {
    trakt: i64,
}

/// Which of them is there, `type` says.
#[derive(Deserialize)]
struct WireItem {
    #[serde(rename = "type")]
    kind: String,
    movie: Option<WireTitle>,
    show: Option<WireTitle>,
    episode: Option<WireNumbers>,
}

#[derive(Deserialize)]
struct WireNumbers {
    season: u32,
    number: u32,
}

impl WireDeviceCode {
    pub fn code(self) -> Result<DeviceCode, WatchTrackerError> {
        let Self { device_code, user_code, verification_url, expires_in, interval } = self;
        let is_code =
            |code: &str| !code.is_empty() && code.len() <= MAX_CODE && code.bytes().all(|b| b.is_ascii_graphic());
        // People follow this address, so it has to be one of the web.
        let is_web = url::Url::parse(&verification_url).is_ok_and(|url| matches!(url.scheme(), "https" | "http"));
        if !is_code(&device_code) || !is_code(&user_code) || !is_web || verification_url.len() > MAX_NAME {
            return Err(WatchTrackerError::Failed("it answered a code that makes no sense".to_owned()));
        }
        Ok(DeviceCode {
            device_code: device_code.into(),
            user_code,
            verification_url,
            expires_in: Duration::from_secs(expires_in.min(MAX_CODE_LIFE_S)),
            interval: Duration::from_secs(interval.clamp(1, MAX_INTERVAL_S)),
        })
    }
}

impl WireTokens {
    pub fn tokens(self) -> Result<Tokens, WatchTrackerError> {
        let is_token =
            |token: &str| !token.is_empty() && token.len() <= MAX_TOKEN && token.bytes().all(|b| b.is_ascii_graphic());
        if !is_token(&self.access_token) || !is_token(&self.refresh_token) {
            return Err(WatchTrackerError::Failed("it answered tokens that make no sense".to_owned()));
        }
        Ok(Tokens {
            access: SecretString::from(self.access_token),
            refresh: SecretString::from(self.refresh_token),
            expires_in: Duration::from_secs(self.expires_in.min(366 * DAY_S)),
        })
    }
}

/// Whether an error of OAuth's (RFC 6749, section 5.2) is about the application and not about the token.
pub fn is_invalid_client(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok_and(|body| body["error"] == "invalid_client")
}

impl WireSettings {
    pub fn username(self) -> String {
        text(&self.user.username)
    }
}

impl WireActivities {
    pub fn activities(self) -> Activities {
        let at = |time: Option<String>| time.and_then(|time| unix_ms(&time)).unwrap_or_default();
        Activities {
            watched_movies_at: at(self.movies.watched_at),
            watched_episodes_at: at(self.episodes.watched_at),
            playback_at: at(self.movies.paused_at).max(at(self.episodes.paused_at)),
            watchlist_at: at(self.watchlist.updated_at),
            lists_at: at(self.lists.updated_at),
        }
    }
}

impl WireTitle {
    fn named(&self, kind: TitleKind) -> Option<NamedTitle> {
        Some(NamedTitle {
            kind,
            tmdb_id: TmdbId(self.ids.tmdb.filter(|id| *id > 0)?),
            title: self.title.as_deref().map(text).unwrap_or_default(),
            year: self.year.filter(|year| (1_870..3_000).contains(year)),
        })
    }
}

impl WireItem {
    /// A film or a show.
    fn title(&self) -> Option<NamedTitle> {
        match &*self.kind {
            "movie" => self.movie.as_ref()?.named(TitleKind::Movie),
            "show" => self.show.as_ref()?.named(TitleKind::Show),
            _ => None,
        }
    }

    /// A film or an episode.
    fn tracked(&self) -> Option<(Tracked, NamedTitle)> {
        match &*self.kind {
            "movie" => {
                let title = self.movie.as_ref()?.named(TitleKind::Movie)?;
                Some((Tracked::Movie(title.tmdb_id), title))
            }
            "episode" => {
                let (title, numbers) = (self.show.as_ref()?.named(TitleKind::Show)?, self.episode.as_ref()?);
                let tracked = Tracked::Episode {
                    show: title.tmdb_id,
                    season_number: number(numbers.season)?,
                    number: number(numbers.number)?,
                };
                Some((tracked, title))
            }
            _ => None,
        }
    }
}

pub fn watched_movies(values: Vec<Value>) -> Vec<Watched> {
    latest(records::<WireWatchedMovie>(values).filter_map(|watched| {
        let title = watched.movie.named(TitleKind::Movie)?;
        Some(Watched { tracked: Tracked::Movie(title.tmdb_id), title, at: unix_ms(&watched.last_watched_at)? })
    }))
}

pub fn watched_episodes(values: Vec<Value>) -> Vec<Watched> {
    let mut watched = Vec::new();
    for show in records::<WireWatchedShow>(values) {
        let Some(title) = show.show.named(TitleKind::Show) else { continue };
        for season in records::<WireSeason>(show.seasons) {
            watched.extend(records::<WireEpisode>(season.episodes).filter_map(|episode| {
                let (season_number, number) = (number(season.number)?, number(episode.number)?);
                let tracked = Tracked::Episode { show: title.tmdb_id, season_number, number };
                Some(Watched { tracked, title: title.clone(), at: unix_ms(&episode.last_watched_at)? })
            }));
        }
        if watched.len() > MAX_EPISODES {
            tracing::warn!("a history at Trakt has more episodes than are kept");
            break;
        }
    }
    latest(watched.into_iter())
}

/// Each once, with the last time.
fn latest(watched: impl Iterator<Item = Watched>) -> Vec<Watched> {
    let mut latest: HashMap<Tracked, Watched> = HashMap::new();
    for watched in watched {
        match latest.get(&watched.tracked) {
            Some(known) if known.at >= watched.at => {}
            _ => _ = latest.insert(watched.tracked, watched),
        }
    }
    latest.into_values().collect()
}

/// The latest first, each once.
pub fn playback(values: Vec<Value>) -> Vec<Paused> {
    let mut paused: Vec<Paused> = records::<WirePlayback>(values)
        .filter_map(|playback| {
            let ((tracked, title), at) = (playback.item.tracked()?, unix_ms(&playback.paused_at)?);
            let is_percentage = playback.progress.is_finite() && (0.0..=100.0).contains(&playback.progress);
            is_percentage.then(|| Paused { tracked, title, at, fraction: playback.progress / 100.0 })
        })
        .collect();
    paused.sort_by_key(|paused| Reverse(paused.at));
    let mut known = HashSet::new();
    paused.retain(|paused| known.insert(paused.tracked));
    paused
}

pub fn watchlist(values: Vec<Value>) -> Listed {
    let count = values.len();
    let mut listed: Vec<WireListed> = records(values).collect();
    let is_partial = listed.len() < count;
    listed.sort_by_cached_key(|listed| unix_ms(&listed.listed_at));
    Listed { titles: titles_of(listed.iter().map(|listed| &listed.item)), is_partial }
}

pub fn personal_list(values: Vec<Value>) -> Listed {
    let count = values.len();
    let items: Vec<WireItem> = records(values).collect();
    Listed { titles: titles_of(items.iter()), is_partial: items.len() < count }
}

/// Films and shows, each once.
fn titles_of<'a>(items: impl Iterator<Item = &'a WireItem>) -> Vec<NamedTitle> {
    let mut known = HashSet::new();
    items.filter_map(WireItem::title).filter(|title| known.insert((title.kind, title.tmdb_id))).collect()
}

pub fn personal_lists(values: Vec<Value>) -> PersonalLists {
    let count = values.len();
    let lists: Vec<PersonalList> = records::<WireList>(values)
        .map(|list| PersonalList {
            id: list.ids.trakt,
            name: cut(&list.name, MAX_LIST_NAME),
            description: cut(&list.description.unwrap_or_default(), MAX_DESCRIPTION),
        })
        .filter(|list| list.id > 0 && !list.name.is_empty())
        .collect();
    PersonalLists { is_partial: lists.len() < count, lists }
}

/// Films and episodes, each with when it was watched.
pub fn history(watched: &[(Tracked, i64)]) -> Value {
    let mut movies = Vec::new();
    let mut shows: BTreeMap<i64, BTreeMap<u32, Vec<Value>>> = BTreeMap::new();
    for (tracked, at) in watched {
        match tracked {
            Tracked::Movie(movie) => movies.push(json!({"ids": {"tmdb": movie}, "watched_at": iso(*at)})),
            Tracked::Episode { show, season_number, number } => {
                let season = shows.entry(show.0).or_default().entry(*season_number).or_default();
                season.push(json!({"number": number, "watched_at": iso(*at)}));
            }
        }
    }
    let season = |(number, episodes): (u32, Vec<Value>)| json!({"number": number, "episodes": episodes});
    let shows = shows.into_iter().map(|(show, seasons)| {
        json!({"ids": {"tmdb": show}, "seasons": seasons.into_iter().map(season).collect::<Vec<_>>()})
    });
    json!({"movies": movies, "shows": shows.collect::<Vec<_>>()})
}

/// Films and shows.
pub fn titles(titles: &[(TitleKind, TmdbId)]) -> Value {
    let of = |kind: TitleKind| {
        let ids = titles.iter().filter(|(other, _)| *other == kind);
        ids.map(|(_, tmdb_id)| json!({"ids": {"tmdb": tmdb_id}})).collect::<Vec<_>>()
    };
    json!({"movies": of(TitleKind::Movie), "shows": of(TitleKind::Show)})
}

pub fn scrobble(tracked: Tracked, fraction: f64) -> Value {
    let progress = (fraction.clamp(0.0, 1.0) * 10_000.0).round() / 100.0;
    match tracked {
        Tracked::Movie(movie) => json!({"movie": {"ids": {"tmdb": movie}}, "progress": progress}),
        Tracked::Episode { show, season_number, number } => json!({
            "show": {"ids": {"tmdb": show}}, "episode": {"season": season_number, "number": number},
            "progress": progress,
        }),
    }
}

fn number(number: u32) -> Option<u32> {
    (number <= MAX_NUMBER).then_some(number)
}

/// Those of the values that are what they should be; the others are left out singly.
fn records<T: DeserializeOwned>(values: Vec<Value>) -> impl Iterator<Item = T> {
    values.into_iter().filter_map(|value| {
        serde_json::from_value(value)
            .inspect_err(|error| tracing::debug!(%error, "a record of Trakt's makes no sense and is left out"))
            .ok()
    })
}

/// Text of a length that a name has.
fn text(text: &str) -> String {
    cut(text, MAX_NAME)
}

/// Text in one line, without control characters, of at most so many letters.
fn cut(text: &str, most: usize) -> String {
    let in_one_line = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    in_one_line.filter(|c| !c.is_control()).take(most).collect::<String>().trim().to_owned()
}

/// A time (RFC 3339) as Unix ms; none before 1970.
fn unix_ms(time: &str) -> Option<i64> {
    time.parse::<Timestamp>().ok().map(Timestamp::as_millisecond).filter(|at| *at >= 0)
}

fn iso(at: i64) -> String {
    format!("{:.3}", Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_that_make_no_sense_are_left_out_singly() {
        let watched = watched_movies(vec![
            json!({"last_watched_at": "2024-05-01T10:00:00.000Z", "movie": {"title": "One", "year": 2001, "ids": {"tmdb": 1}}}),
            json!({"last_watched_at": "yesterday", "movie": {"title": "Two", "ids": {"tmdb": 2}}}),
            json!({"last_watched_at": "2024-05-01T10:00:00Z", "movie": {"title": "Three", "ids": {"tmdb": null}}}),
            json!({"last_watched_at": "2024-05-01T10:00:00Z", "movie": {"title": "Four", "ids": {"tmdb": -4}}}),
            json!({"last_watched_at": "2024-06-01T10:00:00Z", "movie": {"title": "One", "ids": {"tmdb": 1}}}),
            json!("five"),
        ]);
        assert_eq!(watched.len(), 1);
        assert_eq!(
            (watched[0].tracked, iso(watched[0].at).as_str()),
            (Tracked::Movie(TmdbId(1)), "2024-06-01T10:00:00.000Z")
        );

        let episodes = watched_episodes(vec![
            json!({"show": {"title": "Show", "ids": {"tmdb": 7}}, "seasons": [
                {"number": 1, "episodes": [{"number": 1, "last_watched_at": "2024-05-01T10:00:00Z"}, {"number": "two"}]},
                {"number": 4_000_000_000u32, "episodes": [{"number": 1, "last_watched_at": "2024-05-01T10:00:00Z"}]},
                7,
            ]}),
            json!({"show": {"title": "No seasons", "ids": {"tmdb": 8}}}),
        ]);
        assert_eq!(episodes.len(), 1);

        let paused = playback(vec![
            json!({"type": "movie", "progress": 25, "paused_at": "2024-05-01T10:00:00Z", "movie": {"ids": {"tmdb": 1}}}),
            json!({"type": "episode", "progress": 10.5, "paused_at": "2024-05-02T10:00:00Z",
                   "show": {"ids": {"tmdb": 7}}, "episode": {"season": 2, "number": 3}}),
            json!({"type": "movie", "progress": 900, "paused_at": "2024-05-01T10:00:00Z", "movie": {"ids": {"tmdb": 2}}}),
            json!({"type": "opera", "progress": 9, "paused_at": "2024-05-01T10:00:00Z"}),
        ]);
        assert_eq!(paused.iter().map(|paused| paused.fraction).collect::<Vec<_>>(), [0.105, 0.25]);

        let season = json!({"type": "season", "listed_at": "2024-05-02T10:00:00Z", "show": {"ids": {"tmdb": 7}}});
        let nameless = json!({"type": "movie", "listed_at": "2024-05-02T10:00:00Z", "movie": {"ids": {"tmdb": null}}});
        let listed = json!({"type": "show", "listed_at": "2024-05-02T10:00:00Z",
                            "show": {"title": " A\u{7}B ", "ids": {"tmdb": 7}}});
        let whole = watchlist(vec![season, nameless, listed.clone()]);
        assert_eq!(whole.titles.iter().map(|title| &*title.title).collect::<Vec<_>>(), ["AB"]);
        let partial = watchlist(vec![listed, json!({"type": "movie", "movie": []})]);
        assert_eq!((whole.is_partial, partial.is_partial, partial.titles.len()), (false, true, 1));
    }

    #[test]
    fn lists_that_make_no_sense_are_left_out_singly() {
        let list = |id: i64, name: &str, description: Value| json!({"name": name, "description": description, "privacy": "private", "ids": {"trakt": id, "slug": "a"}});
        let long = "n".repeat(2_000);
        let whole = personal_lists(vec![list(5, " A\nlist\u{7} ", Value::Null), list(6, &long, json!(long))]);
        assert!(!whole.is_partial);
        assert_eq!((&*whole.lists[0].name, &*whole.lists[0].description), ("A list", ""));
        assert_eq!((whole.lists[1].name.len(), whole.lists[1].description.len()), (100, 1_000));
        for senseless in [list(0, "None", Value::Null), list(7, " \u{7}", Value::Null), json!({"name": "No number"})] {
            let partial = personal_lists(vec![senseless, list(5, "A list", Value::Null)]);
            assert_eq!((partial.is_partial, partial.lists.len()), (true, 1));
        }

        let item = |kind: &str, id: i64| json!({"rank": 1, "type": kind, kind: {"title": "Some", "ids": {"tmdb": id}}});
        let listed = personal_list(vec![item("show", 2), item("person", 4), item("movie", 2), item("show", 2)]);
        let titles: Vec<_> = listed.titles.iter().map(|title| (title.kind, title.tmdb_id.0)).collect();
        assert_eq!((titles, listed.is_partial), (vec![(TitleKind::Show, 2), (TitleKind::Movie, 2)], false));
        assert!(personal_list(vec![json!(7), item("show", 2)]).is_partial);
    }

    #[test]
    fn codes_and_tokens_are_bounded() {
        let code = |url: &str, interval: u64| {
            let value = json!({"device_code": "d", "user_code": "U", "verification_url": url, "expires_in": 1_000_000, "interval": interval});
            serde_json::from_value::<WireDeviceCode>(value).unwrap().code()
        };
        let given = code("https://trakt.tv/activate", 0).unwrap();
        assert_eq!((given.expires_in.as_secs(), given.interval.as_secs()), (MAX_CODE_LIFE_S, 1));
        assert!(code("javascript:alert(1)", 5).is_err());
        let tokens = WireTokens { access_token: "a b".to_owned(), refresh_token: "c".to_owned(), expires_in: 1 };
        assert!(tokens.tokens().is_err());
    }

    #[test]
    fn what_was_watched_is_told_by_show_and_season() {
        let episode = |season_number, number| Tracked::Episode { show: TmdbId(7), season_number, number };
        let body =
            history(&[(Tracked::Movie(TmdbId(1)), 0), (episode(1, 1), 1_500), (episode(1, 2), 0), (episode(2, 1), 0)]);
        assert_eq!(body["movies"], json!([{"ids": {"tmdb": 1}, "watched_at": "1970-01-01T00:00:00.000Z"}]));
        assert_eq!(body["shows"][0]["seasons"][0]["episodes"][0]["watched_at"], "1970-01-01T00:00:01.500Z");
        assert_eq!(body["shows"][0]["seasons"].as_array().unwrap().len(), 2);
    }
}
