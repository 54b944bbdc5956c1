//! What the page of a title shows beside what its card does.

use super::Title;
use crate::domain::{
    show::{Season, Show},
    title::{Movie, Source},
};

/// A film that somebody opens.
#[derive(Clone, Debug, PartialEq)]
pub struct MoviePage {
    pub movie: Movie,
    /// Best first.
    pub sources: Vec<Source>,
    pub about: About,
}

/// A show that somebody opens.
#[derive(Clone, Debug, PartialEq)]
pub struct ShowPage {
    pub show: Show,
    pub seasons: Vec<Season>,
    pub about: About,
}

/// Whom a title is by, and what it is like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// Where it is another than the one it is shown by.
    pub original_title: Option<String>,
    /// Who directed the film, or created the show.
    pub makers: Vec<String>,
    pub starring: Vec<String>,
    /// The address of its trailer.
    pub trailer: Option<String>,
    /// Such as `12` or `PG-13`.
    pub age_rating: Option<String>,
    /// What people watch who liked it, as far as it is in the catalog.
    pub more_like_this: Vec<Title>,
}
