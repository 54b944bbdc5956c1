//! Torrents that users bring along: looked at, admitted, and entered in the catalog as films of their own.

use super::{PlaybackError, PlaybackHandle};
use crate::{
    catalog::{NewSource, SourceMetadata},
    domain::{ids::MovieId, magnet::Magnet, user::Principal},
    torrents::{Activate, TorrentsError},
};
use bytes::Bytes;

/// A torrent as a user hands it over.
pub enum OwnTorrent {
    /// A magnet link; its metadata is fetched from the swarm.
    Magnet(String),
    /// The bytes of a `.torrent` file.
    Metainfo(Bytes),
}

impl PlaybackHandle {
    /// Enters a user's torrent in the catalog; `false` when that user had opened it before.
    pub async fn open_torrent(
        &self,
        viewer: &Principal,
        torrent: OwnTorrent,
    ) -> Result<(MovieId, bool), PlaybackError> {
        if viewer.role < self.own_torrents {
            return Err(PlaybackError::OwnTorrentsNotAllowed { least: self.own_torrents });
        }
        let torrents = &self.dependencies.torrents;
        let (torrent, magnet, initial_peers) = match torrent {
            OwnTorrent::Magnet(link) => {
                let magnet: Magnet = link.parse().map_err(TorrentsError::InvalidMagnet)?;
                let canonical = magnet.to_string();
                let resolved = torrents.resolve(magnet).await?;
                (resolved.torrent, Some(canonical), resolved.seen_peers)
            }
            OwnTorrent::Metainfo(bytes) => (torrents.admit(bytes).map_err(TorrentsError::Rejected)?, None, Vec::new()),
        };
        let film = torrent.files.iter().find(|file| file.index == torrent.film).ok_or(TorrentsError::NoSuchFile)?;
        let source = NewSource {
            release_name: torrent.name.clone(),
            info_hash: torrent.info_hash,
            magnet,
            metadata: Some(SourceMetadata {
                metainfo: torrent.metainfo.to_vec(),
                file_index: torrent.film,
                size_bytes: film.len_bytes,
            }),
            resolution: None,
            is_embedded: false,
        };
        let added = self.dependencies.catalog.add_own(viewer.user, title_of(&torrent.name), source).await?;
        // Whoever opens a torrent plays it next: finding its peers now saves that time then. Play reports what fails.
        let activate = Activate { info_hash: torrent.info_hash, metainfo: torrent.metainfo, initial_peers };
        if let Err(error) = torrents.activate(activate).await {
            tracing::debug!(%error, "a torrent was opened but is not active yet");
        }
        Ok(added)
    }
}

/// What to call the film until somebody knows better: the torrent's name without a file ending and separators.
fn title_of(name: &str) -> String {
    let name = name.trim();
    let stem = match name.rsplit_once('.') {
        Some((stem, ending)) if (2..=4).contains(&ending.len()) && !stem.is_empty() => stem,
        _ => name,
    };
    let words = if stem.contains(' ') { stem.to_owned() } else { stem.replace(['.', '_'], " ") };
    words.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::title_of;

    #[test]
    fn a_films_title_is_its_torrents_name_made_readable() {
        let names = [
            ("Sintel.mp4", "Sintel"),
            ("Tears_of.Steel.1080p.mkv", "Tears of Steel 1080p"),
            ("Big Buck Bunny", "Big Buck Bunny"),
            ("Dr. Strange film.webm", "Dr. Strange film"),
            (".mp4", "mp4"),
        ];
        for (name, title) in names {
            assert_eq!(title_of(name), title, "{name}");
        }
    }
}
