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
    /// What the film needs to play on, in bytes per second: its own average, else what its player takes.
    pub needed_bytes_per_s: Option<u64>,
    /// How long before it is due the next missing piece is asked for, in ms; negative when late.
    pub slack_ms: Option<i64>,
}

impl PlaybackStatus {
    /// Judges a torrent's state and progress from where the player reads.
    pub fn judge(torrent: Option<(SourceState, TorrentStats)>, position: u64, runtime: Option<Duration>) -> Self {
        let Some((source, stats)) = torrent else {
            return Self {
                state: PlaybackState::Paused,
                stats: TorrentStats::default(),
                contiguous_bytes: 0,
                eta: None,
                needed_bytes_per_s: None,
                slack_ms: None,
            };
        };
        let contiguous_bytes = contiguous(&stats.have, position);
        let wanted = READY_BYTES.min(stats.total_bytes.saturating_sub(position));
        let missing = wanted.saturating_sub(contiguous_bytes);
        let supply_bytes_per_s = stats.download_bytes_per_s.max(stats.supply_bytes_per_s.unwrap_or(0));
        let eta = match (missing, supply_bytes_per_s) {
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
        let viewer = stats.viewers.iter().min_by_key(|viewer| viewer.position_bytes.abs_diff(position));
        let average = runtime
            .map(|runtime| runtime.as_millis() as u64)
            .filter(|ms| *ms > 0)
            .map(|ms| stats.total_bytes * 1000 / ms);
        let needed_bytes_per_s = average.or(viewer.map(|viewer| viewer.rate_bytes_per_s));
        let slack_ms = viewer.map(|viewer| viewer.slack_ms);
        Self { state, stats, contiguous_bytes, eta, needed_bytes_per_s, slack_ms }
    }
}

impl PlaybackStatus {
    /// How long the player can go on with what is here.
    pub fn buffered(&self) -> Option<Duration> {
        let rate = self.needed_bytes_per_s.filter(|rate| *rate > 0)?;
        Some(Duration::from_millis(self.contiguous_bytes.saturating_mul(1000) / rate))
    }

    /// Whether the peers can deliver as fast as the film plays; `None` while that is not known.
    pub fn holds(&self) -> Option<bool> {
        if self.state == PlaybackState::Complete {
            return Some(true);
        }
        let supply = self.stats.supply_bytes_per_s.filter(|supply| *supply > 0)?;
        Some(supply >= self.needed_bytes_per_s?)
    }
}

fn contiguous(have: &[Range<u64>], position: u64) -> u64 {
    have.iter().find(|range| range.contains(&position)).map_or(0, |range| range.end - position)
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::torrents::lane::ViewerStats;

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
            assert_eq!(
                PlaybackStatus::judge(torrent.clone(), position, None).state,
                expected,
                "{torrent:?} at {position}"
            );
        }
    }

    #[test]
    fn the_wait_is_what_is_missing_over_the_rate() {
        let at = |rate| PlaybackStatus::judge(Some((SourceState::Live, stats(MIB, 3, rate, Some(0..MIB)))), 0, None);
        assert_eq!((at(MIB / 2).contiguous_bytes, at(MIB / 2).eta), (MIB, Some(Duration::from_secs(2))));
        assert_eq!(at(0).eta, None);
    }

    #[test]
    fn whether_the_peers_keep_up_is_judged_by_what_the_film_needs() {
        let judge = |supply, runtime| {
            let viewer =
                ViewerStats { position_bytes: MIB, slack_ms: 700, rate_bytes_per_s: MIB, ..Default::default() };
            let stats = TorrentStats {
                supply_bytes_per_s: supply,
                viewers: vec![viewer],
                ..stats(4 * MIB, 3, 0, Some(0..4 * MIB))
            };
            PlaybackStatus::judge(Some((SourceState::Live, stats)), 2 * MIB, runtime)
        };
        let own = judge(Some(2 * MIB), Some(Duration::from_secs(25)));
        assert_eq!((own.needed_bytes_per_s, own.holds()), (Some(4 * MIB), Some(false)));
        assert_eq!((own.buffered(), own.slack_ms), (Some(Duration::from_millis(500)), Some(700)));
        let taken = judge(Some(2 * MIB), None);
        assert_eq!((taken.needed_bytes_per_s, taken.holds()), (Some(MIB), Some(true)));
        assert_eq!(judge(None, None).holds(), None);
        let fresh = PlaybackStatus::judge(
            Some((SourceState::Live, TorrentStats { supply_bytes_per_s: Some(MIB), ..stats(0, 3, 0, None) })),
            0,
            None,
        );
        assert_eq!(
            fresh.eta,
            Some(Duration::from_secs(2)),
            "before anything has arrived, what the peers can do counts"
        );
    }
}
