//! Films, the sources they play from, and how far somebody has watched them.

use super::{
    ids::{EpisodeId, MovieId, ShowId, SourceId, UserId},
    info_hash::InfoHash,
    media::{ImageName, TmdbId},
};

/// A film of the catalog.
#[derive(Clone, Debug, PartialEq)]
pub struct Movie {
    pub id: MovieId,
    pub origin: Origin,
    pub title: String,
    pub year: Option<i32>,
    pub runtime_ms: Option<i64>,
    pub overview: String,
    pub tagline: String,
    pub license: Option<License>,
    /// Two colours that set the mood of the film's pages, as `#rrggbb`.
    pub tint: [String; 2],
    pub poster: Option<ImageName>,
    pub backdrop: Option<ImageName>,
    /// Its title as lettering.
    pub logo: Option<ImageName>,
    pub genres: Vec<String>,
    /// From 0 to 10, by the film database's voters.
    pub rating: Option<f64>,
    /// There is something to play it from.
    pub is_playable: bool,
    /// Streams from inside the daemon, so it needs no network.
    pub works_offline: bool,
}

/// How a film came into the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Ships with the daemon and plays without any configuration.
    BuiltIn,
    /// A torrent somebody opened; seen by that user and by admins only.
    Own { owner: UserId },
    /// From The Movie Database; `is_whole` once all of it is known and not only what a list shows.
    Tmdb { id: TmdbId, is_whole: bool },
}

/// The licence a built-in film is shared under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct License {
    pub name: String,
    pub url: String,
}

/// An accepted release recorded for a title: what it plays from.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    pub id: SourceId,
    pub movie: MovieId,
    pub release_name: String,
    pub info_hash: InfoHash,
    pub magnet: Option<String>,
    /// The `.torrent` file's bytes, once known.
    pub metainfo: Option<Vec<u8>>,
    /// Which of the torrent's files is the film, once the metadata is known.
    pub file_index: Option<u32>,
    pub size_bytes: Option<u64>,
    pub resolution: Option<String>,
    /// Comes from the daemon's own loopback seeder rather than from a swarm.
    pub is_embedded: bool,
}

/// A film or a show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TitleId {
    Movie(MovieId),
    Show(ShowId),
}

/// What is watched in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Watchable {
    Movie(MovieId),
    Episode(EpisodeId),
}

/// What is marked as watched or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marked {
    One(Watchable),
    Season(ShowId, u32),
    /// All of it but the specials.
    Show(ShowId),
}

/// How far a user has watched a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub position_ms: i64,
    pub duration_ms: i64,
    pub state: WatchState,
    pub updated_at: i64,
}

/// Whether a title is under way or done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchState {
    Watching,
    Watched,
}

impl WatchState {
    /// Watched from nine tenths on: what is left then is credits.
    pub fn at(position_ms: i64, duration_ms: i64) -> Self {
        if duration_ms > 0 && position_ms >= duration_ms - duration_ms / 10 { Self::Watched } else { Self::Watching }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_counts_as_watched_from_nine_tenths_on() {
        assert_eq!(WatchState::at(89_999, 100_000), WatchState::Watching);
        assert_eq!(WatchState::at(90_000, 100_000), WatchState::Watched);
        assert_eq!(WatchState::at(50, 0), WatchState::Watching);
    }
}
