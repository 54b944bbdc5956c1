//! Films, lists and rows as clients see them.

use crate::domain::{
    media::{ImageName, ImageSize},
    title::{self, Movie, Origin, WatchState},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A film as a card shows it.
#[derive(Serialize, ToSchema)]
pub struct Title {
    pub id: i64,
    pub kind: TitleKind,
    pub title: String,
    pub overview: String,
    #[schema(required)]
    pub year: Option<i32>,
    #[schema(required)]
    pub runtime_ms: Option<i64>,
    /// Two colours, `#rrggbb`, that set the mood of the film's pages.
    #[schema(min_items = 2, max_items = 2)]
    pub tint: [String; 2],
    /// Addresses of its art, 342 and 1280 pixels wide; without any, draw one from the tint.
    #[schema(required)]
    pub poster: Option<String>,
    #[schema(required)]
    pub backdrop: Option<String>,
    /// The backdrop at the size of a card, 780 pixels wide.
    #[schema(required)]
    pub still: Option<String>,
    pub genres: Vec<String>,
    /// From 0 to 10.
    #[schema(required)]
    pub rating: Option<f64>,
    pub origin: TitleOrigin,
    /// There is something to play it from.
    pub is_playable: bool,
    /// A word or two worth knowing before pressing Play.
    #[schema(required)]
    pub badge: Option<String>,
    /// How far the asking user has watched it.
    #[schema(required)]
    pub progress: Option<Progress>,
}

/// What kind of title it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TitleKind {
    Movie,
}

/// How a title came into the catalog.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TitleOrigin {
    BuiltIn,
    Own,
    /// From The Movie Database.
    Tmdb,
}

/// How far a user has watched a title.
#[derive(Serialize, ToSchema)]
pub struct Progress {
    pub position_ms: i64,
    pub duration_ms: i64,
    pub state: ProgressState,
    pub updated_at: i64,
}

/// Watched from nine tenths on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProgressState {
    Watching,
    Watched,
}

/// A film with all that is known of it.
#[derive(Serialize, ToSchema)]
pub struct MovieDetail {
    #[serde(flatten)]
    pub title: Title,
    pub tagline: String,
    #[schema(required)]
    pub license: Option<License>,
    /// What it can play from, best first.
    pub sources: Vec<Source>,
}

/// The licence a film is shared under.
#[derive(Serialize, ToSchema)]
pub struct License {
    pub name: String,
    pub url: String,
}

/// What a title plays from.
#[derive(Serialize, ToSchema)]
pub struct Source {
    pub id: i64,
    pub release_name: String,
    #[schema(required)]
    pub size_bytes: Option<u64>,
    #[schema(required)]
    pub resolution: Option<String>,
    /// Why it stands where it stands, in a viewer's words.
    pub why: Vec<String>,
}

/// The sources of a film.
#[derive(Serialize, ToSchema)]
pub struct Sources {
    pub sources: Vec<Source>,
}

/// The home screen: all rows in one answer.
#[derive(Serialize, ToSchema)]
pub struct Home {
    pub rows: Vec<HomeRow>,
}

/// One row of the home screen.
#[derive(Serialize, ToSchema)]
pub struct HomeRow {
    pub slug: String,
    pub name: String,
    pub kind: HomeRowKind,
    pub items: Vec<Title>,
}

/// What a row is for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HomeRowKind {
    /// Films the user is in the middle of; pressing OK plays at once.
    Continue,
    List,
}

/// The lists there are.
#[derive(Serialize, ToSchema)]
pub struct Lists {
    pub lists: Vec<ListSummary>,
}

/// A list without its films.
#[derive(Serialize, ToSchema)]
pub struct ListSummary {
    pub slug: String,
    pub name: String,
    pub description: String,
    pub count: usize,
}

/// A list with its films in order.
#[derive(Serialize, ToSchema)]
pub struct List {
    pub slug: String,
    pub name: String,
    pub description: String,
    pub items: Vec<Title>,
}

/// Films with the asking user's progress.
#[derive(Serialize, ToSchema)]
pub struct Titles {
    pub items: Vec<Title>,
}

impl Title {
    /// A film's card for a user with this progress in it.
    pub fn new(movie: &Movie, progress: Option<title::Progress>) -> Self {
        let origin = match movie.origin {
            Origin::BuiltIn => TitleOrigin::BuiltIn,
            Origin::Own { .. } => TitleOrigin::Own,
            Origin::Tmdb { .. } => TitleOrigin::Tmdb,
        };
        let address = |size: ImageSize, name: &ImageName| format!("/api/v1/images/{}/{}", size.as_str(), name.as_str());
        Self {
            id: movie.id.0,
            kind: TitleKind::Movie,
            title: movie.title.clone(),
            overview: movie.overview.clone(),
            year: movie.year,
            runtime_ms: movie.runtime_ms,
            tint: movie.tint.clone(),
            poster: movie.poster.as_ref().map(|name| address(ImageSize::W342, name)),
            backdrop: movie.backdrop.as_ref().map(|name| address(ImageSize::W1280, name)),
            still: movie.backdrop.as_ref().map(|name| address(ImageSize::W780, name)),
            genres: movie.genres.clone(),
            rating: movie.rating,
            is_playable: movie.is_playable,
            origin,
            badge: movie.works_offline.then(|| "Works offline".to_owned()),
            progress: progress.map(Progress::from),
        }
    }
}

impl MovieDetail {
    pub fn new(movie: &Movie, sources: &[title::Source], progress: Option<title::Progress>) -> Self {
        Self {
            title: Title::new(movie, progress),
            tagline: movie.tagline.clone(),
            license: movie
                .license
                .as_ref()
                .map(|license| License { name: license.name.clone(), url: license.url.clone() }),
            sources: sources.iter().map(|source| Source::new(source, movie)).collect(),
        }
    }
}

impl Source {
    pub fn new(source: &title::Source, movie: &Movie) -> Self {
        let mut why = Vec::new();
        if source.is_embedded {
            why.push("Comes from the daemon itself, no network needed".to_owned());
        }
        if let Some(license) = &movie.license {
            why.push(format!("Shared by its makers under {}", license.name));
        }
        match movie.origin {
            Origin::Own { .. } => why.push("The torrent you opened".to_owned()),
            Origin::BuiltIn | Origin::Tmdb { .. } => {}
        }
        Self {
            id: source.id.0,
            release_name: source.release_name.clone(),
            size_bytes: source.size_bytes,
            resolution: source.resolution.clone(),
            why,
        }
    }
}

impl From<title::Progress> for Progress {
    fn from(progress: title::Progress) -> Self {
        Self {
            position_ms: progress.position_ms,
            duration_ms: progress.duration_ms,
            state: match progress.state {
                WatchState::Watching => ProgressState::Watching,
                WatchState::Watched => ProgressState::Watched,
            },
            updated_at: progress.updated_at,
        }
    }
}
