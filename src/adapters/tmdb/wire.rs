//! The database's JSON (<https://developer.themoviedb.org/reference>), and what we make of it. Nothing of it is trusted:
//! texts are cut, numbers are bounded, and a record that makes no sense is left out by itself.

use crate::{
    domain::media::{Genre, ImageName, MovieDetails, MovieFacts, TmdbId},
    ports::Page,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

const MAX_NAME: usize = 300;
const MAX_TEXT: usize = 4_000;
const MAX_GENRES: usize = 20;
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
struct WireMovie {
    id: i64,
    title: String,
    #[serde(default)]
    original_title: Option<String>,
    #[serde(default)]
    original_language: Option<String>,
    #[serde(default)]
    overview: Option<String>,
    #[serde(default)]
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
pub struct WireDetails {
    #[serde(flatten)]
    movie: WireMovie,
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
}

#[derive(Deserialize)]
struct WireGenre {
    id: i64,
    name: String,
}

impl WirePage {
    /// The page's films, each once.
    pub fn movies(self) -> Page<MovieFacts> {
        let mut items: Vec<MovieFacts> = Vec::new();
        for movie in records::<WireMovie>(self.results, MAX_RECORDS).filter_map(WireMovie::facts) {
            if items.iter().all(|known| known.tmdb_id != movie.tmdb_id) {
                items.push(movie);
            }
        }
        Page { items, total_pages: self.total_pages }
    }
}

impl WireMovie {
    fn facts(self) -> Option<MovieFacts> {
        let title = text(Some(self.title), MAX_NAME);
        if self.id <= 0 || title.is_empty() {
            tracing::debug!(id = self.id, "a film of the database without number or title is left out");
            return None;
        }
        let finite = |number: Option<f64>| number.filter(|number| number.is_finite());
        Some(MovieFacts {
            tmdb_id: TmdbId(self.id),
            original_title: text(self.original_title, MAX_NAME),
            original_language: self.original_language.filter(|code| is_language(code)).unwrap_or_default(),
            overview: text(self.overview, MAX_TEXT),
            release_date: self.release_date.filter(|date| is_date(date)),
            poster: self.poster_path.as_deref().and_then(ImageName::new),
            backdrop: self.backdrop_path.as_deref().and_then(ImageName::new),
            popularity: finite(self.popularity).unwrap_or_default().clamp(0.0, 1e9),
            rating: finite(self.vote_average)
                .filter(|_| self.vote_count.unwrap_or(1) > 0)
                .map(|rating| rating.clamp(0.0, 10.0)),
            title,
        })
    }
}

impl WireDetails {
    /// None when it is no film.
    pub fn details(self) -> Option<MovieDetails> {
        let genres = records::<WireGenre>(self.genres, MAX_GENRES);
        let genres = genres.map(|genre| Genre { id: genre.id, name: text(Some(genre.name), MAX_NAME) });
        Some(MovieDetails {
            facts: self.movie.facts()?,
            imdb_id: self.imdb_id.filter(|id| is_imdb(id)),
            tagline: text(self.tagline, MAX_NAME),
            runtime_ms: self.runtime.filter(|minutes| (1..=MAX_RUNTIME_MIN).contains(minutes)).map(|min| min * 60_000),
            budget: self.budget.filter(|amount| *amount > 0),
            revenue: self.revenue.filter(|amount| *amount > 0),
            genres: genres.filter(|genre| genre.id > 0 && !genre.name.is_empty()).collect(),
        })
    }
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

fn is_imdb(id: &str) -> bool {
    id.strip_prefix("tt")
        .is_some_and(|number| (5..=12).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_language(code: &str) -> bool {
    (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn page(results: Value) -> Vec<MovieFacts> {
        serde_json::from_value::<WirePage>(json!({"results": results, "total_pages": 3, "new": 1}))
            .unwrap()
            .movies()
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
        let details: WireDetails = serde_json::from_value(json!({
            "id": 9, "title": "x".repeat(5_000), "overview": "y".repeat(50_000), "runtime": 99_999_999, "imdb_id": "nm0000001",
            "genres": [{"id": 18, "name": "Drama"}, {"id": 0, "name": ""}, 5], "budget": -1, "revenue": 7,
        }))
        .unwrap();
        let details = details.details().unwrap();
        assert_eq!(details.facts.title.len(), MAX_NAME);
        assert_eq!(details.facts.overview.len(), MAX_TEXT);
        assert_eq!((details.runtime_ms, details.imdb_id, details.budget, details.revenue), (None, None, None, Some(7)));
        assert_eq!(details.genres, [Genre { id: 18, name: "Drama".to_owned() }]);
    }
}
