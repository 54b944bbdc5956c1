//! The home screen, lists, and other answers of many titles.

use super::catalog::Title;
use crate::{catalog, domain::media};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
    /// What the user is in the middle of; pressing OK plays a film at once.
    Continue,
    /// Shows with the episode that follows what the user has watched.
    NextUp,
    List,
}

/// The lists that the asking user may see.
#[derive(Serialize, ToSchema)]
pub struct Lists {
    pub lists: Vec<ListSummary>,
}

/// A list without its titles.
#[derive(Serialize, ToSchema)]
pub struct ListSummary {
    /// `my-list` is always the asking user's own default list.
    pub slug: String,
    pub name: String,
    pub description: String,
    pub count: u32,
    /// The asking user has made it, and may change it.
    pub is_own: bool,
    /// It is a user's, and the others see it.
    pub is_public: bool,
}

/// A page of a list, in order.
#[derive(Serialize, ToSchema)]
pub struct List {
    pub slug: String,
    pub name: String,
    pub description: String,
    pub is_own: bool,
    pub is_public: bool,
    /// At most 100.
    pub items: Vec<Title>,
    /// Ask for the next page with this as `after`; none at the end.
    #[schema(required)]
    pub next: Option<String>,
}

/// Titles with the asking user's progress.
#[derive(Serialize, ToSchema)]
pub struct Titles {
    pub items: Vec<Title>,
}

/// A page of the catalog.
#[derive(Serialize, ToSchema)]
pub struct TitlePage {
    /// At most 60.
    pub items: Vec<Title>,
    /// Ask for the next page with this as `after`; none at the end.
    #[schema(required)]
    pub next: Option<String>,
}

/// What a search has found, the best first.
#[derive(Serialize, ToSchema)]
pub struct SearchResults {
    /// At most 40.
    pub items: Vec<Title>,
    /// False while the film database is still being asked: ask again in half a second.
    pub is_complete: bool,
}

/// The genres that titles have.
#[derive(Serialize, ToSchema)]
pub struct Genres {
    pub genres: Vec<Genre>,
}

/// A kind of film or show.
#[derive(Serialize, ToSchema)]
pub struct Genre {
    pub id: i64,
    pub name: String,
}

/// A list to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateList {
    /// 1 to 100 letters.
    pub name: String,
    /// At most 1,000 letters.
    #[serde(default)]
    pub description: String,
    /// Whether the others see it.
    #[serde(default)]
    pub is_public: bool,
}

/// What changes of a list; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeList {
    pub name: Option<String>,
    pub description: Option<String>,
    pub is_public: Option<bool>,
    /// A user's lists stand in ascending order of it.
    pub position: Option<i64>,
}

impl From<catalog::ListSummary> for ListSummary {
    fn from(list: catalog::ListSummary) -> Self {
        Self {
            slug: list.slug,
            name: list.name,
            description: list.description,
            count: list.count,
            is_own: list.is_own,
            is_public: list.is_public,
        }
    }
}

impl List {
    pub fn new(list: catalog::TitleList, items: Vec<Title>) -> Self {
        let summary = list.summary;
        Self {
            slug: summary.slug,
            name: summary.name,
            description: summary.description,
            is_own: summary.is_own,
            is_public: summary.is_public,
            items,
            next: list.next.map(|next| next.to_string()),
        }
    }
}

impl From<media::Genre> for Genre {
    fn from(genre: media::Genre) -> Self {
        Self { id: genre.id, name: genre.name }
    }
}
