//! What a playback is doing, in words a viewer can be told.

use crate::ports::TorrentStats;
use std::{ops::Range, time::Duration};

/// How much has to lie ahead of the player before it is worth starting.
const READY_BYTES: u64 = 2 * 1024 * 1024;

/// Where a playback stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaybackState {
    /// What is on disk is being hashed.
    Checking,
    FindingPeers,
    Buffering,
    /// Peers are connected and the player waits, but nothing arrives.
    Stalled,
    Playing,
    /// The whole film is here.
    Complete,
    /// The torrent is not active: paused for want of viewers, or failed.
    Paused,
}

/// A playback's status now.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaybackStatus {
    pub state: PlaybackState,
    pub stats: TorrentStats,
    /// Bytes that are here from the player's position on.
    pub contiguous_bytes: u64,
    /// How long until there is enough ahead of the player; `None` when nothing arrives.
    pub eta: Option<Duration>,
}

impl PlaybackStatus {
    /// Judges a torrent's progress from where the player reads.
    pub fn judge(stats: Option<TorrentStats>, position: u64) -> Self {
        let Some(stats) = stats else {
            return Self {
                state: PlaybackState::Paused,
                stats: TorrentStats::default(),
                contiguous_bytes: 0,
                eta: None,
            };
        };
        let contiguous_bytes = contiguous(&stats.have, position);
        let wanted = READY_BYTES.min(stats.total_bytes.saturating_sub(position));
        let missing = wanted.saturating_sub(contiguous_bytes);
        let eta = match (missing, stats.download_bytes_per_s) {
            (0, _) => Some(Duration::ZERO),
            (_, 0) => None,
            (missing, rate) => Some(Duration::from_millis(missing.saturating_mul(1000) / rate)),
        };
        let state = if stats.is_checking {
            PlaybackState::Checking
        } else if stats.downloaded_bytes >= stats.total_bytes {
            PlaybackState::Complete
        } else if missing == 0 {
            PlaybackState::Playing
        } else if stats.connected_peers == 0 {
            PlaybackState::FindingPeers
        } else if stats.download_bytes_per_s == 0 && stats.downloaded_bytes > 0 {
            PlaybackState::Stalled
        } else {
            PlaybackState::Buffering
        };
        Self { state, stats, contiguous_bytes, eta }
    }
}

fn contiguous(have: &[Range<u64>], position: u64) -> u64 {
    have.iter().find(|range| range.contains(&position)).map_or(0, |range| range.end - position)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1024 * 1024;

    fn stats(downloaded: u64, peers: usize, rate: u64, have: Option<Range<u64>>) -> Option<TorrentStats> {
        Some(TorrentStats {
            connected_peers: peers,
            download_bytes_per_s: rate,
            downloaded_bytes: downloaded,
            total_bytes: 100 * MIB,
            have: have.into_iter().collect(),
            ..TorrentStats::default()
        })
    }

    #[test]
    fn a_playback_says_what_the_player_waits_for() {
        let states = [
            (stats(0, 0, 0, None), 0, PlaybackState::FindingPeers),
            (stats(0, 3, 0, None), 0, PlaybackState::Buffering),
            (stats(5 * MIB, 3, 0, Some(0..5 * MIB)), 50 * MIB, PlaybackState::Stalled),
            (stats(5 * MIB, 3, MIB, Some(0..5 * MIB)), 50 * MIB, PlaybackState::Buffering),
            (stats(5 * MIB, 3, MIB, Some(0..5 * MIB)), MIB, PlaybackState::Playing),
            (stats(100 * MIB, 0, 0, Some(0..100 * MIB)), 99 * MIB, PlaybackState::Complete),
            (None, 0, PlaybackState::Paused),
        ];
        for (stats, position, expected) in states {
            assert_eq!(PlaybackStatus::judge(stats.clone(), position).state, expected, "{stats:?} at {position}");
        }
    }

    #[test]
    fn the_wait_is_what_is_missing_over_the_rate() {
        let status = PlaybackStatus::judge(stats(MIB, 3, MIB / 2, Some(0..MIB)), 0);
        assert_eq!((status.contiguous_bytes, status.eta), (MIB, Some(Duration::from_secs(2))));
        assert_eq!(PlaybackStatus::judge(stats(MIB, 3, 0, Some(0..MIB)), 0).eta, None);
    }
}
