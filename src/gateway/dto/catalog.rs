//! Films, and the cards of films and shows, as clients see them.

use super::show::EpisodeRef;
use crate::{
    catalog::{self, MoviePage},
    domain::{
        ids::MovieId,
        media::{ImageName, ImageSize},
        show::Show,
        title::{self, Movie, Origin, WatchState},
    },
};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// A film or a show as a card shows it. Ids of films and of shows are counted apart.
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
    /// Its title as lettering on nothing, 500 pixels wide.
    #[schema(required)]
    pub logo: Option<String>,
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
    /// Of a show that the user is watching, where it stands in a row of such: the episode it is about, and whose progress
    /// `progress` is.
    #[schema(required)]
    pub episode: Option<EpisodeRef>,
}

/// What kind of title it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TitleKind {
    Movie,
    Show,
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
    #[serde(flatten)]
    pub about: About,
    pub tagline: String,
    pub directors: Vec<String>,
    #[schema(required)]
    pub license: Option<License>,
    /// In the asking user's "My list".
    pub is_in_my_list: bool,
    /// What it can play from, best first.
    pub sources: Vec<Source>,
}

/// What the page of a film or a show tells beside its card.
#[derive(Serialize, ToSchema)]
pub struct About {
    /// Where it is another than the one it is shown by.
    #[schema(required)]
    pub original_title: Option<String>,
    /// At most 12, the leading parts first.
    pub starring: Vec<String>,
    /// From which age on it is for, in the words of a country: `12`, `PG-13`.
    #[schema(required)]
    pub age_rating: Option<String>,
    /// The address of its trailer elsewhere on the web.
    #[schema(required)]
    pub trailer: Option<String>,
    /// At most 20.
    pub more_like_this: Vec<Title>,
}

impl About {
    /// What is told to a user with this progress in films.
    pub fn new(about: catalog::About, progress: &HashMap<MovieId, title::Progress>) -> Self {
        Self {
            more_like_this: Title::all(&about.more_like_this, progress),
            original_title: about.original_title,
            starring: about.starring,
            age_rating: about.age_rating,
            trailer: about.trailer,
        }
    }
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

impl Title {
    /// A film's card for a user with this progress in it.
    pub fn new(movie: &Movie, progress: Option<title::Progress>) -> Self {
        let origin = match movie.origin {
            Origin::BuiltIn => TitleOrigin::BuiltIn,
            Origin::Own { .. } => TitleOrigin::Own,
            Origin::Tmdb { .. } => TitleOrigin::Tmdb,
        };
        Self {
            id: movie.id.0,
            kind: TitleKind::Movie,
            title: movie.title.clone(),
            overview: movie.overview.clone(),
            year: movie.year,
            runtime_ms: movie.runtime_ms,
            tint: movie.tint.clone(),
            poster: address(ImageSize::W342, movie.poster.as_ref()),
            backdrop: address(ImageSize::W1280, movie.backdrop.as_ref()),
            still: address(ImageSize::W780, movie.backdrop.as_ref()),
            logo: address(ImageSize::W500, movie.logo.as_ref()),
            genres: movie.genres.clone(),
            rating: movie.rating,
            is_playable: movie.is_playable,
            origin,
            badge: movie.works_offline.then(|| "Works offline".to_owned()),
            progress: progress.map(Progress::from),
            episode: None,
        }
    }

    /// A show's card.
    pub fn of_show(show: &Show) -> Self {
        Self {
            id: show.id.0,
            kind: TitleKind::Show,
            title: show.title.clone(),
            overview: show.overview.clone(),
            year: show.year,
            runtime_ms: None,
            tint: show.tint.clone(),
            poster: address(ImageSize::W342, show.poster.as_ref()),
            backdrop: address(ImageSize::W1280, show.backdrop.as_ref()),
            still: address(ImageSize::W780, show.backdrop.as_ref()),
            logo: address(ImageSize::W500, show.logo.as_ref()),
            genres: show.genres.clone(),
            rating: show.rating,
            origin: TitleOrigin::Tmdb,
            is_playable: false,
            badge: None,
            progress: None,
            episode: None,
        }
    }

    /// The cards of titles, for a user with this progress in films.
    pub fn all(titles: &[catalog::Title], progress: &HashMap<MovieId, title::Progress>) -> Vec<Self> {
        let card = |title: &catalog::Title| match title {
            catalog::Title::Movie(movie) => Self::new(movie, progress.get(&movie.id).copied()),
            catalog::Title::Show(show) => Self::of_show(show),
        };
        titles.iter().map(card).collect()
    }
}

/// Where a picture is had.
pub fn address(size: ImageSize, name: Option<&ImageName>) -> Option<String> {
    name.map(|name| format!("/api/v1/images/{}/{}", size.as_str(), name.as_str()))
}

impl MovieDetail {
    /// The page of a film for a user with this progress in films.
    pub fn new(page: MoviePage, progress: &HashMap<MovieId, title::Progress>, is_in_my_list: bool) -> Self {
        let MoviePage { movie, sources, mut about } = page;
        Self {
            title: Title::new(&movie, progress.get(&movie.id).copied()),
            directors: std::mem::take(&mut about.makers),
            about: About::new(about, progress),
            is_in_my_list,
            sources: sources.iter().map(|source| Source::new(source, &movie)).collect(),
            tagline: movie.tagline,
            license: movie.license.map(|license| License { name: license.name, url: license.url }),
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
