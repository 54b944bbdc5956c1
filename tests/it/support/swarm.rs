//! A film in a swarm of its own: a tracker, and qBittorrent seeding it.

use super::{metainfo::Torrent, qbittorrent::QbittorrentSeeder, tracker::Tracker};
use std::path::Path;

/// The swarm. Dropping it ends its seeder and its tracker.
pub struct Swarm {
    pub torrent: Torrent,
    _tracker: Tracker,
    _seeder: QbittorrentSeeder,
}

impl Swarm {
    /// Seeds a file. Returns once the tracker knows the seeder.
    pub async fn of(path: &Path, piece_length: u32) -> Self {
        let tracker = Tracker::start().await;
        let torrent = Torrent::of_file(path, piece_length, &[&tracker.url()]);
        let seeder = QbittorrentSeeder::start(&torrent, path.parent().unwrap(), &tracker).await;
        Self { torrent, _tracker: tracker, _seeder: seeder }
    }
}
