//! The database's JSON (<https://developer.themoviedb.org/reference>), and what we make of it. Nothing of it is trusted:
//! texts are cut, numbers are bounded, and a record that makes no sense is left out by itself.

mod extras;

use crate::{
    domain::{
        language::Language,
        media::{
            EpisodeFacts, Genre, ImageName, MovieDetails, SeasonFacts, ShowDetails, TitleFacts, TitleKind, TmdbId,
        },
        search::is_imdb_id,
    },
    ports::Page,
};
use extras::WireExtras;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

const MAX_NAME: usize = 300;
const MAX_TEXT: usize = 4_000;
const MAX_GENRES: usize = 100;
const MAX_SEASONS: usize = 200;
const MAX_EPISODES: usize = 2_000;
/// Of a season or an episode; some are numbered by the year.
const MAX_NUMBER: u32 = 100_000;
/// Records of one page; the database sends 20.
const MAX_RECORDS: usize = 100;
/// A film of more than a week is a mistake.
const MAX_RUNTIME_MIN: i64 = 7 * 24 * 60;

#[derive(Deserialize)]
pub struct WirePage {
    results: Vec<Value>,
    #[serde(default)]
    total_pages: u32,
}

#[derive(Deserialize)]
pub struct WireFound {
    #[serde(default)]
    movie_results: Vec<Value>,
    #[serde(default)]
    tv_results: Vec<Value>,
}

/// What films and shows have in common; shows call three of these by other names.
#[derive(Deserialize)]
struct WireTitle {
    id: i64,
    #[serde(alias = "name")]
    title: String,
    #[serde(default, alias = "original_name")]
    original_title: Option<String>,
    #[serde(default)]
    original_language: Option<String>,
    #[serde(default)]
    overview: Option<String>,
    #[serde(default, alias = "first_air_date")]
    release_date: Option<String>,
    #[serde(default)]
    poster_path: Option<String>,
    #[serde(default)]
    backdrop_path: Option<String>,
    #[serde(default)]
    popularity: Option<f64>,
    #[serde(default)]
    vote_average: Option<f64>,
    #[serde(default)]
    vote_count: Option<i64>,
}

#[derive(Deserialize)]
struct WireId {
    id: i64,
}

#[derive(Deserialize)]
struct WireMixed {
    media_type: String,
    #[serde(flatten)]
    title: WireTitle,
}

#[derive(Deserialize)]
pub struct WireMovie {
    #[serde(flatten)]
    title: WireTitle,
    #[serde(default)]
    imdb_id: Option<String>,
    #[serde(default)]
    tagline: Option<String>,
    #[serde(default)]
    runtime: Option<i64>,
    #[serde(default)]
    budget: Option<i64>,
    #[serde(default)]
    revenue: Option<i64>,
    #[serde(default)]
    genres: Vec<Value>,
    #[serde(flatten)]
    extras: WireExtras,
}

#[derive(Deserialize)]
pub struct WireShow {
    #[serde(flatten)]
    title: WireTitle,
    #[serde(default)]
    external_ids: Option<WireExternalIds>,
    #[serde(default)]
    tagline: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    in_production: Option<bool>,
    #[serde(default)]
    genres: Vec<Value>,
    #[serde(default)]
    seasons: Vec<Value>,
    #[serde(flatten)]
    extras: WireExtras,
}

#[derive(Deserialize)]
struct WireExternalIds {
    #[serde(default)]
    imdb_id: Option<String>,
}

#[derive(Deserialize)]
struct WireSeasonFacts {
    season_number: u32,
    #[serde(default)]
    id: Option<i64>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    overview: Option<String>,
    #[serde(default)]
    air_date: Option<String>,
    #[serde(default)]
    poster_path: Option<String>,
    #[serde(default)]
    episode_count: Option<u32>,
}

#[derive(Deserialize)]
pub struct WireSeason {
    episodes: Vec<Value>,
}

#[derive(Deserialize)]
struct WireEpisode {
    episode_number: u32,
    #[serde(default)]
    id: Option<i64>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    overview: Option<String>,
    #[serde(default)]
    air_date: Option<String>,
    #[serde(default)]
    runtime: Option<i64>,
    #[serde(default)]
    still_path: Option<String>,
}

#[derive(Deserialize)]
pub struct WireGenres {
    #[serde(default)]
    genres: Vec<Value>,
}

impl WireGenres {
    pub fn genres(self) -> Vec<Genre> {
        genres(self.genres)
    }
}

#[derive(Deserialize)]
struct WireGenre {
    id: i64,
    name: String,
}

impl WirePage {
    /// The page's titles, each once.
    pub fn titles(self) -> Page<TitleFacts> {
        let mut items: Vec<TitleFacts> = Vec::new();
        for facts in records::<WireTitle>(self.results, MAX_RECORDS).filter_map(WireTitle::facts) {
            if items.iter().all(|known| known.tmdb_id != facts.tmdb_id) {
                items.push(facts);
            }
        }
        Page { items, total_pages: self.total_pages }
    }
}

impl WirePage {
    /// The numbers of the page's titles.
    pub fn ids(self) -> Page<TmdbId> {
        let items = records::<WireId>(self.results, MAX_RECORDS).filter(|record| record.id > 0);
        Page { items: items.map(|record| TmdbId(record.id)).collect(), total_pages: self.total_pages }
    }

    /// The page's films and shows, each once; it may hold people, too.
    pub fn mixed(self) -> Vec<(TitleKind, TitleFacts)> {
        let mut items: Vec<(TitleKind, TitleFacts)> = Vec::new();
        for wire in records::<WireMixed>(self.results, MAX_RECORDS) {
            let kind = match wire.media_type.as_str() {
                "movie" => TitleKind::Movie,
                "tv" => TitleKind::Show,
                _ => continue,
            };
            let Some(facts) = wire.title.facts() else { continue };
            if !items.iter().any(|(known, other)| (*known, other.tmdb_id) == (kind, facts.tmdb_id)) {
                items.push((kind, facts));
            }
        }
        items
    }
}

impl WireFound {
    /// The films and shows that have the number.
    pub fn titles(self) -> Vec<(TitleKind, TitleFacts)> {
        let of = |kind, results| {
            records::<WireTitle>(results, MAX_RECORDS).filter_map(move |title| Some((kind, title.facts()?)))
        };
        of(TitleKind::Movie, self.movie_results).chain(of(TitleKind::Show, self.tv_results)).collect()
    }
}

impl WireTitle {
    fn facts(self) -> Option<TitleFacts> {
        let title = text(Some(self.title), MAX_NAME);
        if self.id <= 0 || title.is_empty() {
            tracing::debug!(id = self.id, "a title of the database without number or name is left out");
            return None;
        }
        let finite = |number: Option<f64>| number.filter(|number| number.is_finite());
        Some(TitleFacts {
            tmdb_id: TmdbId(self.id),
            original_title: text(self.original_title, MAX_NAME),
            original_language: self.original_language.filter(|code| is_language(code)).unwrap_or_default(),
            overview: text(self.overview, MAX_TEXT),
            release_date: self.release_date.filter(|date| is_date(date)),
            poster: image(self.poster_path),
            backdrop: image(self.backdrop_path),
            popularity: finite(self.popularity).unwrap_or_default().clamp(0.0, 1e9),
            rating: finite(self.vote_average)
                .filter(|_| self.vote_count.unwrap_or(1) > 0)
                .map(|rating| rating.clamp(0.0, 10.0)),
            title,
        })
    }
}

impl WireMovie {
    /// As people see it who read `language`. None when it is no film.
    pub fn details(self, language: &Language) -> Option<MovieDetails> {
        Some(MovieDetails {
            extras: self.extras.read(language),
            facts: self.title.facts()?,
            imdb_id: self.imdb_id.filter(|id| is_imdb_id(id)),
            tagline: text(self.tagline, MAX_NAME),
            runtime_ms: runtime_ms(self.runtime),
            budget: self.budget.filter(|amount| *amount > 0),
            revenue: self.revenue.filter(|amount| *amount > 0),
            genres: genres(self.genres),
        })
    }
}

impl WireShow {
    /// As people see it who read `language`. None when it is no show.
    pub fn details(self, language: &Language) -> Option<ShowDetails> {
        let mut seasons: Vec<SeasonFacts> = Vec::new();
        for season in records::<WireSeasonFacts>(self.seasons, MAX_SEASONS) {
            if season.season_number <= MAX_NUMBER && seasons.iter().all(|known| known.number != season.season_number) {
                seasons.push(season.facts());
            }
        }
        seasons.sort_by_key(|season| season.number);
        Some(ShowDetails {
            facts: self.title.facts()?,
            imdb_id: self.external_ids.and_then(|ids| ids.imdb_id).filter(|id| is_imdb_id(id)),
            tagline: text(self.tagline, MAX_NAME),
            status: text(self.status, MAX_NAME),
            in_production: self.in_production.unwrap_or_default(),
            genres: genres(self.genres),
            seasons,
            extras: self.extras.read(language),
        })
    }
}

impl WireSeasonFacts {
    fn facts(self) -> SeasonFacts {
        SeasonFacts {
            number: self.season_number,
            tmdb_id: self.id.filter(|id| *id > 0).map(TmdbId),
            name: text(self.name, MAX_NAME),
            overview: text(self.overview, MAX_TEXT),
            air_date: self.air_date.filter(|date| is_date(date)),
            poster: image(self.poster_path),
            episode_count: self.episode_count.unwrap_or_default().min(MAX_EPISODES as u32),
        }
    }
}

impl WireSeason {
    /// The episodes in their order, each once.
    pub fn episodes(self) -> Vec<EpisodeFacts> {
        let mut episodes: Vec<EpisodeFacts> = Vec::new();
        for episode in records::<WireEpisode>(self.episodes, MAX_EPISODES) {
            let is_new = episodes.iter().all(|known| known.number != episode.episode_number);
            if is_new && episode.episode_number <= MAX_NUMBER {
                episodes.push(EpisodeFacts {
                    number: episode.episode_number,
                    tmdb_id: episode.id.filter(|id| *id > 0).map(TmdbId),
                    name: text(episode.name, MAX_NAME),
                    overview: text(episode.overview, MAX_TEXT),
                    air_date: episode.air_date.filter(|date| is_date(date)),
                    runtime_ms: runtime_ms(episode.runtime),
                    still: image(episode.still_path),
                });
            }
        }
        episodes.sort_by_key(|episode| episode.number);
        episodes
    }
}

fn genres(values: Vec<Value>) -> Vec<Genre> {
    let genres = records::<WireGenre>(values, MAX_GENRES);
    let genres = genres.map(|genre| Genre { id: genre.id, name: text(Some(genre.name), MAX_NAME) });
    genres.filter(|genre| genre.id > 0 && !genre.name.is_empty()).collect()
}

fn runtime_ms(minutes: Option<i64>) -> Option<i64> {
    minutes.filter(|minutes| (1..=MAX_RUNTIME_MIN).contains(minutes)).map(|minutes| minutes * 60_000)
}

fn image(path: Option<String>) -> Option<ImageName> {
    path.as_deref().and_then(ImageName::new)
}

/// Those of the values that are what they should be; the others are left out singly.
fn records<T: DeserializeOwned>(values: Vec<Value>, most: usize) -> impl Iterator<Item = T> {
    values.into_iter().take(most).filter_map(|value| {
        serde_json::from_value(value)
            .inspect_err(|error| tracing::debug!(%error, "a record of the database makes no sense and is left out"))
            .ok()
    })
}

/// Text without control characters, at most so many characters long.
fn text(text: Option<String>, most: usize) -> String {
    let text = text.unwrap_or_default();
    let kept = text.chars().filter(|c| !c.is_control() || *c == '\n').take(most);
    kept.collect::<String>().trim().to_owned()
}

fn is_date(date: &str) -> bool {
    let bytes = date.as_bytes();
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

fn is_language(code: &str) -> bool {
    (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn page(results: Value) -> Vec<TitleFacts> {
        serde_json::from_value::<WirePage>(json!({"results": results, "total_pages": 3, "new": 1}))
            .unwrap()
            .titles()
            .items
    }

    #[test]
    fn a_record_that_makes_no_sense_is_left_out_alone() {
        let movies = page(json!([
            {"id": 1, "title": "One", "release_date": "", "poster_path": null, "vote_average": 0, "vote_count": 0},
            {"id": "two", "title": "Two"},
            {"id": 3},
            {"id": 4, "title": "  \u{0} "},
            {"id": -5, "title": "Five"},
            {"id": 1, "title": "One again"},
            "six",
            {"id": 7, "title": "Seven", "poster_path": "/../../etc/passwd", "backdrop_path": "/ok.jpg",
             "release_date": "2020-01-02", "popularity": 12.5, "vote_average": 99, "vote_count": 3, "unknown": {}},
        ]));
        assert_eq!(movies.iter().map(|movie| movie.tmdb_id.0).collect::<Vec<_>>(), [1, 7]);
        assert_eq!((movies[0].rating, movies[0].release_date.clone()), (None, None));
        assert_eq!(movies[1].poster, None);
        assert_eq!(movies[1].backdrop, ImageName::new("ok.jpg"));
        assert_eq!(movies[1].rating, Some(10.0));
    }

    #[test]
    fn details_are_bounded() {
        let details: WireMovie = serde_json::from_value(json!({
            "id": 9, "title": "x".repeat(5_000), "overview": "y".repeat(50_000), "runtime": 99_999_999, "imdb_id": "nm0000001",
            "genres": [{"id": 18, "name": "Drama"}, {"id": 0, "name": ""}, 5], "budget": -1, "revenue": 7,
        }))
        .unwrap();
        let details = details.details(&"en".parse().unwrap()).unwrap();
        assert_eq!(details.facts.title.len(), MAX_NAME);
        assert_eq!(details.facts.overview.len(), MAX_TEXT);
        assert_eq!((details.runtime_ms, details.imdb_id, details.budget, details.revenue), (None, None, None, Some(7)));
        assert_eq!(details.genres, [Genre { id: 18, name: "Drama".to_owned() }]);
    }

    #[test]
    fn a_shows_seasons_and_episodes_stand_in_their_order_each_once() {
        let show: WireShow = serde_json::from_value(json!({
            "id": 5, "name": "Show", "original_name": "Sjow", "first_air_date": "2001-02-03", "in_production": true,
            "status": "Returning Series", "external_ids": {"imdb_id": "tt0123456"},
            "seasons": [{"season_number": 2}, {"season_number": 0, "name": "Specials"}, {"season_number": 2}, {"season_number": -1},
                        {"season_number": 1, "episode_count": 9}],
        }))
        .unwrap();
        let show = show.details(&"en".parse().unwrap()).unwrap();
        assert_eq!((&*show.facts.title, show.facts.release_date.as_deref()), ("Show", Some("2001-02-03")));
        assert_eq!(show.imdb_id.as_deref(), Some("tt0123456"));
        assert_eq!(show.seasons.iter().map(|season| season.number).collect::<Vec<_>>(), [0, 1, 2]);
        let season: WireSeason = serde_json::from_value(json!({"episodes": [
            {"episode_number": 2, "runtime": 40}, {"episode_number": 1}, {"name": "lost"}, {"episode_number": 2},
        ]}))
        .unwrap();
        let episodes = season.episodes();
        assert_eq!(
            episodes.iter().map(|episode| (episode.number, episode.runtime_ms)).collect::<Vec<_>>(),
            [(1, None), (2, Some(2_400_000))]
        );
    }
}
