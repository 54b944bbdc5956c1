//! What the world's film databases tell of films and shows, before those are rows of ours.

use super::language::Language;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt};

/// A film's or a show's number in The Movie Database. The two are counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TmdbId(pub i64);

impl fmt::Display for TmdbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The name of a picture at the image server: `<letters and digits>.jpg`, `.jpeg`, `.png` or `.webp`, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImageName(String);

impl ImageName {
    /// None for anything that is not such a name; a leading slash, as the database writes it, is dropped.
    pub fn new(name: &str) -> Option<Self> {
        const MAX_BYTES: usize = 100;
        let name = name.strip_prefix('/').unwrap_or(name);
        let (stem, kind) = name.rsplit_once('.')?;
        let is_stem =
            !stem.is_empty() && stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        let is_kind = matches!(kind, "jpg" | "jpeg" | "png" | "webp");
        (is_stem && is_kind && name.len() <= MAX_BYTES).then(|| Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The widths that the image server keeps and that we pass on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImageSize {
    W92,
    W154,
    W185,
    W300,
    W342,
    W500,
    W780,
    W1280,
}

impl ImageSize {
    pub const ALL: [Self; 8] =
        [Self::W92, Self::W154, Self::W185, Self::W300, Self::W342, Self::W500, Self::W780, Self::W1280];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::W92 => "w92",
            Self::W154 => "w154",
            Self::W185 => "w185",
            Self::W300 => "w300",
            Self::W342 => "w342",
            Self::W500 => "w500",
            Self::W780 => "w780",
            Self::W1280 => "w1280",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.as_str() == text)
    }
}

/// What somebody watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TitleKind {
    Movie,
    Show,
}

/// A film or a show as a list of the database shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct TitleFacts {
    pub tmdb_id: TmdbId,
    pub title: String,
    pub original_title: String,
    pub original_language: String,
    pub overview: String,
    /// `YYYY-MM-DD`; of a show, when it was first on the air.
    pub release_date: Option<String>,
    pub poster: Option<ImageName>,
    pub backdrop: Option<ImageName>,
    pub popularity: f64,
    /// From 0 to 10; none when nobody has voted.
    pub rating: Option<f64>,
}

/// A film as the database tells all of it.
#[derive(Clone, Debug, PartialEq)]
pub struct MovieDetails {
    pub facts: TitleFacts,
    /// `tt…`.
    pub imdb_id: Option<String>,
    pub tagline: String,
    pub runtime_ms: Option<i64>,
    pub budget: Option<i64>,
    pub revenue: Option<i64>,
    pub genres: Vec<Genre>,
    pub extras: Extras,
}

/// A show as the database tells all of it but its episodes.
#[derive(Clone, Debug, PartialEq)]
pub struct ShowDetails {
    pub facts: TitleFacts,
    /// `tt…`.
    pub imdb_id: Option<String>,
    pub tagline: String,
    /// Such as `Returning Series` or `Ended`.
    pub status: String,
    /// More of it is to come.
    pub in_production: bool,
    pub genres: Vec<Genre>,
    pub seasons: Vec<SeasonFacts>,
    pub extras: Extras,
}

/// What else the database tells of a film or a show, of all of which it may know nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extras {
    pub translations: Vec<Translation>,
    /// Who directed the film, or created the show.
    pub makers: Vec<String>,
    /// Who plays in it, the leading parts first.
    pub starring: Vec<String>,
    /// The address of its trailer.
    pub trailer: Option<String>,
    /// From which age on it is for, in the words of the country, such as `12` or `PG-13`.
    pub age_rating: Option<String>,
    /// Its title as lettering.
    pub logo: Option<ImageName>,
    /// What people watch who liked it, the best first.
    pub recommended: Vec<TmdbId>,
}

/// A title and its texts in some language; what is not known is empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Translation {
    pub language: Language,
    pub title: String,
    pub overview: String,
    pub tagline: String,
}

/// A season without its episodes. Number 0 holds the specials.
#[derive(Clone, Debug, PartialEq)]
pub struct SeasonFacts {
    pub number: u32,
    pub tmdb_id: Option<TmdbId>,
    pub name: String,
    pub overview: String,
    pub air_date: Option<String>,
    pub poster: Option<ImageName>,
    pub episode_count: u32,
}

/// One episode.
#[derive(Clone, Debug, PartialEq)]
pub struct EpisodeFacts {
    pub number: u32,
    pub tmdb_id: Option<TmdbId>,
    pub name: String,
    pub overview: String,
    pub air_date: Option<String>,
    pub runtime_ms: Option<i64>,
    pub still: Option<ImageName>,
}

/// A kind of film or show, by the database's number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Genre {
    pub id: i64,
    pub name: String,
}

const GENRE_OF_MOVIES: &str = "movies-of-genre-";
const GENRE_OF_SHOWS: &str = "shows-of-genre-";

/// The database's lists that we keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaList {
    TrendingMovies,
    TrendingShows,
    NowPlaying,
    OnTheAir,
    PopularMovies,
    PopularShows,
    TopRatedMovies,
    TopRatedShows,
    /// What is popular of one genre, by the database's number.
    Genre(TitleKind, i64),
}

impl MediaList {
    /// Those that are no genre's, in the order of the home screen.
    pub const ALL: [Self; 8] = [
        Self::TrendingMovies,
        Self::TrendingShows,
        Self::NowPlaying,
        Self::OnTheAir,
        Self::PopularMovies,
        Self::PopularShows,
        Self::TopRatedMovies,
        Self::TopRatedShows,
    ];

    pub fn kind(self) -> TitleKind {
        match self {
            Self::TrendingMovies | Self::NowPlaying | Self::PopularMovies | Self::TopRatedMovies => TitleKind::Movie,
            Self::TrendingShows | Self::OnTheAir | Self::PopularShows | Self::TopRatedShows => TitleKind::Show,
            Self::Genre(kind, _) => kind,
        }
    }

    pub fn genre(self) -> Option<i64> {
        match self {
            Self::Genre(_, genre) => Some(genre),
            _ => None,
        }
    }

    /// What names it in our addresses and tables.
    pub fn slug(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::TrendingMovies => "trending-movies",
            Self::TrendingShows => "trending-shows",
            Self::NowPlaying => "now-playing",
            Self::OnTheAir => "on-the-air",
            Self::PopularMovies => "popular-movies",
            Self::PopularShows => "popular-shows",
            Self::TopRatedMovies => "top-rated-movies",
            Self::TopRatedShows => "top-rated-shows",
            Self::Genre(TitleKind::Movie, genre) => return Cow::Owned(format!("{GENRE_OF_MOVIES}{genre}")),
            Self::Genre(TitleKind::Show, genre) => return Cow::Owned(format!("{GENRE_OF_SHOWS}{genre}")),
        })
    }

    /// None for a genre's, which is called as the genre is.
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::TrendingMovies => "Films of the week",
            Self::TrendingShows => "Shows of the week",
            Self::NowPlaying => "In cinemas now",
            Self::OnTheAir => "New episodes this week",
            Self::PopularMovies => "Popular films",
            Self::PopularShows => "Popular shows",
            Self::TopRatedMovies => "Top rated films",
            Self::TopRatedShows => "Top rated shows",
            Self::Genre(..) => return None,
        })
    }

    pub fn description(self) -> &'static str {
        match self {
            Self::TrendingMovies => "Films that people look at most this week",
            Self::TrendingShows => "Shows that people look at most this week",
            Self::NowPlaying => "Films that cinemas show now",
            Self::OnTheAir => "Shows with an episode in the next seven days",
            Self::PopularMovies => "Films that most people look for",
            Self::PopularShows => "Shows that most people look for",
            Self::TopRatedMovies => "Films with the best votes",
            Self::TopRatedShows => "Shows with the best votes",
            Self::Genre(TitleKind::Movie, _) => "Films of this genre that most people look for",
            Self::Genre(TitleKind::Show, _) => "Shows of this genre that most people look for",
        }
    }

    pub fn of(slug: &str) -> Option<Self> {
        let genre = |prefix: &str| slug.strip_prefix(prefix)?.parse().ok();
        let of_genre = genre(GENRE_OF_MOVIES).map(|genre| Self::Genre(TitleKind::Movie, genre));
        let of_genre = of_genre.or_else(|| genre(GENRE_OF_SHOWS).map(|genre| Self::Genre(TitleKind::Show, genre)));
        of_genre.or_else(|| Self::ALL.into_iter().find(|list| list.slug() == slug))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_pictures_are_names_of_pictures() {
        assert_eq!(ImageName::new("/aB3-_x.jpg").unwrap().as_str(), "aB3-_x.jpg");
        assert_eq!(ImageName::new("a.webp").unwrap().as_str(), "a.webp");
        let long = format!("{}.jpg", "a".repeat(200));
        for wrong in
            ["", "/", ".jpg", "a.svg", "a", "../a.jpg", "a/b.jpg", "a b.jpg", "a.jpg?x", "ä.jpg", "a..jpg", &long]
        {
            assert_eq!(ImageName::new(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_size_and_list_is_found_by_its_name() {
        for size in ImageSize::ALL {
            assert_eq!(ImageSize::parse(size.as_str()), Some(size));
        }
        assert_eq!(ImageSize::parse("original"), None);
        let genres = [MediaList::Genre(TitleKind::Movie, 28), MediaList::Genre(TitleKind::Show, 18)];
        for list in MediaList::ALL.into_iter().chain(genres) {
            assert_eq!(MediaList::of(&list.slug()), Some(list));
        }
        assert_eq!(MediaList::of("movies-of-genre-x"), None);
    }
}
