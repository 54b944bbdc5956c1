//! Row ids as types of their own, so that a movie's id can never be passed where a user's is meant.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! row_ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

row_ids! {
    /// An account.
    UserId
    /// A film in the catalog.
    MovieId
    /// A show in the catalog.
    ShowId
    /// A season of a show.
    SeasonId
    /// An episode of a season.
    EpisodeId
    /// A playable source of a title.
    SourceId
    /// A curated list of titles.
    ListId
    /// An account at Trakt that a user has linked.
    TraktAccountId
}

/// One device's sign-in: 128 random bits, in hexadecimal on the outside. Not a secret; it opens nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LoginSessionId(pub String);

impl fmt::Display for LoginSessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
