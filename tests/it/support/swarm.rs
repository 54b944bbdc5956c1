//! A film in a swarm of its own: a tracker, and transmission seeding it.

use super::{metainfo::Torrent, tracker::Tracker, transmission::TransmissionSeeder};
use std::path::Path;

/// The swarm. Dropping it ends its seeder and its tracker.
pub struct Swarm {
    pub torrent: Torrent,
    pub tracker: Tracker,
    _seeder: TransmissionSeeder,
}

impl Swarm {
    /// Seeds a file. Returns once the tracker knows the seeder.
    pub async fn of(path: &Path, piece_length: u32) -> Self {
        let tracker = Tracker::start().await;
        let torrent = Torrent::of_file(path, piece_length, &[&tracker.url()]);
        let seeder = TransmissionSeeder::start(&torrent, path.parent().unwrap(), &tracker).await;
        Self { torrent, tracker, _seeder: seeder }
    }
}
