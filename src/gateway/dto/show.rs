//! Shows, their seasons and episodes as clients see them.

use super::catalog::{About, Progress, Title, address};
use crate::{
    catalog::ShowPage,
    domain::{
        ids::EpisodeId,
        media::ImageSize,
        show::{self, NumberedEpisode},
        title,
    },
    progress::ShowProgress,
};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// A show with all that is known of it but its episodes.
#[derive(Serialize, ToSchema)]
pub struct ShowDetail {
    #[serde(flatten)]
    pub title: Title,
    #[serde(flatten)]
    pub about: About,
    pub tagline: String,
    pub creators: Vec<String>,
    /// Such as `Returning Series` or `Ended`; empty while it is not known.
    pub status: String,
    /// In the asking user's "My list".
    pub is_in_my_list: bool,
    /// The episode to go on with: the one that was begun last, or the first behind the one that was watched last; none
    /// when all that is out has been watched, or nothing is known yet.
    #[schema(required)]
    pub next: Option<EpisodeRef>,
    #[schema(required)]
    pub next_progress: Option<Progress>,
    /// In their order; number 0 holds the specials.
    pub seasons: Vec<SeasonSummary>,
}

/// An episode by the numbers that people call it by.
#[derive(Serialize, ToSchema)]
pub struct EpisodeRef {
    pub id: i64,
    pub season_number: u32,
    pub number: u32,
    pub name: String,
    /// 500 pixels wide.
    #[schema(required)]
    pub still: Option<String>,
    #[schema(required)]
    pub runtime_ms: Option<i64>,
}

/// A season without its episodes.
#[derive(Serialize, ToSchema)]
pub struct SeasonSummary {
    pub number: u32,
    pub name: String,
    /// `YYYY-MM-DD`.
    #[schema(required)]
    pub air_date: Option<String>,
    pub episode_count: u32,
    #[schema(required)]
    pub poster: Option<String>,
    /// Episodes that the asking user has watched.
    pub watched_count: u32,
}

/// A season with its episodes.
#[derive(Serialize, ToSchema)]
pub struct Season {
    #[serde(flatten)]
    pub summary: SeasonSummary,
    pub overview: String,
    /// False while its episodes are still being read from the film database: ask again.
    pub is_complete: bool,
    pub episodes: Vec<Episode>,
}

/// An episode of a season.
#[derive(Serialize, ToSchema)]
pub struct Episode {
    pub id: i64,
    pub number: u32,
    pub name: String,
    pub overview: String,
    /// `YYYY-MM-DD`.
    #[schema(required)]
    pub air_date: Option<String>,
    #[schema(required)]
    pub runtime_ms: Option<i64>,
    /// 500 pixels wide.
    #[schema(required)]
    pub still: Option<String>,
    /// How far the asking user has watched it.
    #[schema(required)]
    pub progress: Option<Progress>,
}

impl ShowDetail {
    pub fn new(page: ShowPage, progress: &ShowProgress, next: Option<&NumberedEpisode>, is_in_my_list: bool) -> Self {
        let watched = |season: &show::Season| progress.watched.get(&season.number).copied().unwrap_or_default();
        let ShowPage { show, seasons, mut about } = page;
        Self {
            title: Title::of_show(&show),
            creators: std::mem::take(&mut about.makers),
            about: About::new(about, &HashMap::new()),
            tagline: show.tagline,
            status: show.status,
            is_in_my_list,
            next: next.map(EpisodeRef::new),
            next_progress: progress.next.and_then(|(_, progress)| progress).map(Progress::from),
            seasons: seasons.iter().map(|season| SeasonSummary::new(season, watched(season))).collect(),
        }
    }
}

impl EpisodeRef {
    pub fn new(numbered: &NumberedEpisode) -> Self {
        let episode = &numbered.episode;
        Self {
            id: episode.id.0,
            season_number: numbered.season_number,
            number: episode.number,
            name: episode.name.clone(),
            still: address(ImageSize::W500, episode.still.as_ref()),
            runtime_ms: episode.runtime_ms,
        }
    }
}

impl SeasonSummary {
    fn new(season: &show::Season, watched_count: u32) -> Self {
        Self {
            number: season.number,
            name: season.name.clone(),
            air_date: season.air_date.clone(),
            episode_count: season.episode_count,
            poster: address(ImageSize::W342, season.poster.as_ref()),
            watched_count,
        }
    }
}

impl Season {
    pub fn new(
        season: &show::Season,
        episodes: &[show::Episode],
        progress: &HashMap<EpisodeId, title::Progress>,
    ) -> Self {
        let is_watched = |progress: &&title::Progress| progress.state == title::WatchState::Watched;
        let watched = progress.values().filter(is_watched).count();
        Self {
            summary: SeasonSummary::new(season, u32::try_from(watched).unwrap_or(u32::MAX)),
            overview: season.overview.clone(),
            is_complete: season.is_whole,
            episodes: episodes.iter().map(|it| Episode::new(it, progress.get(&it.id).copied())).collect(),
        }
    }
}

impl Episode {
    fn new(episode: &show::Episode, progress: Option<title::Progress>) -> Self {
        Self {
            id: episode.id.0,
            number: episode.number,
            name: episode.name.clone(),
            overview: episode.overview.clone(),
            air_date: episode.air_date.clone(),
            runtime_ms: episode.runtime_ms,
            still: address(ImageSize::W500, episode.still.as_ref()),
            progress: progress.map(Progress::from),
        }
    }
}
