//! Shows, their seasons and episodes.

use super::{
    ids::{EpisodeId, SeasonId, ShowId},
    media::{ImageName, TmdbId},
};

/// A show of the catalog.
#[derive(Clone, Debug, PartialEq)]
pub struct Show {
    pub id: ShowId,
    pub tmdb_id: TmdbId,
    /// All of it is known but its episodes, and not only what a list shows.
    pub is_whole: bool,
    pub title: String,
    /// When it was first on the air.
    pub year: Option<i32>,
    pub overview: String,
    pub tagline: String,
    /// Such as `Returning Series` or `Ended`.
    pub status: String,
    pub tint: [String; 2],
    pub poster: Option<ImageName>,
    pub backdrop: Option<ImageName>,
    /// Its title as lettering.
    pub logo: Option<ImageName>,
    pub genres: Vec<String>,
    /// From 0 to 10, by the film database's voters.
    pub rating: Option<f64>,
}

/// A season of a show. Number 0 holds the specials.
#[derive(Clone, Debug, PartialEq)]
pub struct Season {
    pub id: SeasonId,
    pub number: u32,
    pub name: String,
    pub overview: String,
    pub air_date: Option<String>,
    pub episode_count: u32,
    pub poster: Option<ImageName>,
    /// Its episodes are known.
    pub is_whole: bool,
}

/// An episode of a season.
#[derive(Clone, Debug, PartialEq)]
pub struct Episode {
    pub id: EpisodeId,
    pub number: u32,
    pub name: String,
    pub overview: String,
    pub air_date: Option<String>,
    pub runtime_ms: Option<i64>,
    pub still: Option<ImageName>,
}

/// An episode with the season it is of.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberedEpisode {
    pub season_number: u32,
    pub episode: Episode,
}
