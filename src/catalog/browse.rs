//! How the catalog is browsed.

use crate::domain::media::TitleKind;
use std::ops::RangeInclusive;

/// Which titles of the catalog, and in which order.
#[derive(Clone, Debug, PartialEq)]
pub struct Browse {
    pub kind: TitleKind,
    pub genre: Option<i64>,
    pub years: Option<RangeInclusive<i32>>,
    /// From 0 to 10.
    pub min_rating: Option<f64>,
    /// Of films only.
    pub max_runtime_ms: Option<i64>,
    /// There is something to play it from.
    pub is_available: bool,
    pub sort: Sort,
    /// The last title of the page before.
    pub after: Option<i64>,
}

/// The order of titles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Popular,
    /// Of those that are out.
    Newest,
    Rating,
    Title,
}
