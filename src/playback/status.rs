//! What a playback is doing, in words a viewer can be told.

use crate::{ports::TorrentStats, torrents::piece_source::SourceState};
use std::{ops::Range, time::Duration};

/// How much has to lie ahead of the player before it is worth starting.
const READY_BYTES: u64 = 2 * 1024 * 1024;

/// Where a playback stands.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The torrent is not active: nobody has watched it for a while.
    Paused,
    /// The torrent cannot go on; the text says why.
    Failed(String),
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
    /// Judges a torrent's state and progress from where the player reads.
    pub fn judge(torrent: Option<(SourceState, TorrentStats)>, position: u64) -> Self {
        let Some((source, stats)) = torrent else {
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
        let state = match source {
            SourceState::Failed(reason) => PlaybackState::Failed(reason),
            SourceState::Checking => PlaybackState::Checking,
            _ if stats.downloaded_bytes >= stats.total_bytes => PlaybackState::Complete,
            SourceState::Paused | SourceState::Deleted => PlaybackState::Paused,
            SourceState::Live if missing == 0 => PlaybackState::Playing,
            SourceState::Live if stats.connected_peers == 0 => PlaybackState::FindingPeers,
            SourceState::Live if stats.download_bytes_per_s == 0 && stats.downloaded_bytes > 0 => {
                PlaybackState::Stalled
            }
            SourceState::Live => PlaybackState::Buffering,
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

    fn stats(downloaded: u64, peers: usize, rate: u64, have: Option<Range<u64>>) -> TorrentStats {
        TorrentStats {
            connected_peers: peers,
            download_bytes_per_s: rate,
            downloaded_bytes: downloaded,
            total_bytes: 100 * MIB,
            have: have.into_iter().collect(),
            ..TorrentStats::default()
        }
    }

    #[test]
    fn a_playback_says_what_the_player_waits_for() {
        let live = |stats| Some((SourceState::Live, stats));
        let whole = stats(100 * MIB, 0, 0, Some(0..100 * MIB));
        let part = |rate| stats(5 * MIB, 3, rate, Some(0..5 * MIB));
        let failure = "the disk is full".to_owned();
        let states = [
            (live(stats(0, 0, 0, None)), 0, PlaybackState::FindingPeers),
            (live(stats(0, 3, 0, None)), 0, PlaybackState::Buffering),
            (live(part(0)), 50 * MIB, PlaybackState::Stalled),
            (live(part(MIB)), 50 * MIB, PlaybackState::Buffering),
            (live(part(MIB)), MIB, PlaybackState::Playing),
            (live(whole.clone()), 99 * MIB, PlaybackState::Complete),
            (Some((SourceState::Paused, whole)), 99 * MIB, PlaybackState::Complete),
            (Some((SourceState::Paused, part(0))), 0, PlaybackState::Paused),
            (Some((SourceState::Checking, part(0))), 0, PlaybackState::Checking),
            (Some((SourceState::Failed(failure.clone()), part(0))), 0, PlaybackState::Failed(failure)),
            (None, 0, PlaybackState::Paused),
        ];
        for (torrent, position, expected) in states {
            assert_eq!(PlaybackStatus::judge(torrent.clone(), position).state, expected, "{torrent:?} at {position}");
        }
    }

    #[test]
    fn the_wait_is_what_is_missing_over_the_rate() {
        let at = |rate| PlaybackStatus::judge(Some((SourceState::Live, stats(MIB, 3, rate, Some(0..MIB)))), 0);
        assert_eq!((at(MIB / 2).contiguous_bytes, at(MIB / 2).eta), (MIB, Some(Duration::from_secs(2))));
        assert_eq!(at(0).eta, None);
    }
}
