//! Playbacks as clients see them.

use super::catalog::{Source, Title};
use crate::{
    domain::title,
    playback::{Opened, PlaybackState, PlaybackStatus as Status},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What to play.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenPlayback {
    pub movie_id: i64,
    /// A source of the film; without it the best one.
    pub source_id: Option<i64>,
}

/// A playback that is ready to be read.
#[derive(Serialize, ToSchema)]
pub struct Playback {
    pub id: String,
    /// Where the film's bytes are, for GET and HEAD with byte ranges. Keep it to yourself: it needs no sign-in.
    pub stream_url: String,
    pub mime: String,
    pub file_name: String,
    pub size_bytes: u64,
    pub resume_position_ms: i64,
    #[schema(required)]
    pub duration_ms: Option<i64>,
    pub title: Title,
    pub source: Source,
    pub alternatives: Vec<Source>,
    /// When the stream's address stops working; open the playback again then.
    pub expires_at: i64,
}

/// How a playback goes.
#[derive(Serialize, ToSchema, PartialEq)]
pub struct PlaybackStatus {
    pub state: PlaybackStateName,
    pub peers: Peers,
    pub download_bytes_per_s: u64,
    pub upload_bytes_per_s: u64,
    /// What the peers that give to us could deliver; absent while that is not known.
    #[schema(required)]
    pub supply_bytes_per_s: Option<u64>,
    /// What the film needs to play on: its own average, else what its player takes.
    #[schema(required)]
    pub needed_bytes_per_s: Option<u64>,
    /// Whether the peers can deliver as fast as the film plays; absent while that is not known.
    #[schema(required)]
    pub holds: Option<bool>,
    /// How long the player can go on with what is here.
    #[schema(required)]
    pub buffered_ms: Option<u64>,
    /// How long before it is due the next missing piece is asked for; negative when late. Absent when nothing is missing
    /// that somebody reads, or without the express lane.
    #[schema(required)]
    pub slack_ms: Option<i64>,
    pub downloaded_bytes: u64,
    pub total_bytes: u64,
    /// The stretches of the film that are here, as fractions of it.
    pub have: Vec<Stretch>,
    /// Bytes that are here from the player's position on.
    pub contiguous_bytes: u64,
    /// How long until enough lies ahead of the player; absent when nothing arrives.
    #[schema(required)]
    pub eta_ms: Option<u64>,
    /// What a viewer can do about it, where there is something.
    #[schema(required)]
    pub message: Option<String>,
}

/// A stretch of the film, as fractions of it.
#[derive(Serialize, ToSchema, PartialEq)]
pub struct Stretch {
    pub from: f64,
    pub to: f64,
}

/// Where a playback stands.
#[derive(Serialize, ToSchema, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum PlaybackStateName {
    Checking,
    FindingPeers,
    Buffering,
    Stalled,
    Playing,
    Complete,
    Paused,
    Failed,
}

/// Peers of a torrent.
#[derive(Serialize, ToSchema, PartialEq)]
pub struct Peers {
    pub connected: usize,
    pub seen: usize,
}

impl Playback {
    pub fn new(opened: &Opened, progress: Option<title::Progress>) -> Self {
        let resumes = progress.filter(|progress| progress.state == title::WatchState::Watching);
        Self {
            id: opened.id.0.clone(),
            stream_url: format!("/stream/{}", opened.ticket.expose()),
            mime: opened.mime.to_owned(),
            file_name: opened.file_name.clone(),
            size_bytes: opened.size_bytes,
            resume_position_ms: resumes.map_or(0, |progress| progress.position_ms),
            duration_ms: progress.map(|progress| progress.duration_ms).or(opened.movie.runtime_ms),
            title: Title::new(&opened.movie, progress),
            source: Source::new(&opened.source, &opened.movie),
            alternatives: opened.alternatives.iter().map(|source| Source::new(source, &opened.movie)).collect(),
            expires_at: opened.expires_at,
        }
    }
}

impl From<Status> for PlaybackStatus {
    fn from(status: Status) -> Self {
        let (holds, buffered) = (status.holds(), status.buffered());
        let Status { state, stats, contiguous_bytes, eta, needed_bytes_per_s, slack_ms } = status;
        let fraction = |bytes: u64| bytes as f64 / stats.total_bytes.max(1) as f64;
        let mut message = None;
        let state = match state {
            PlaybackState::Checking => PlaybackStateName::Checking,
            PlaybackState::FindingPeers => PlaybackStateName::FindingPeers,
            PlaybackState::Buffering => PlaybackStateName::Buffering,
            PlaybackState::Stalled => {
                message = Some("The peers send nothing at the moment. Another version may do better.".to_owned());
                PlaybackStateName::Stalled
            }
            PlaybackState::Playing => PlaybackStateName::Playing,
            PlaybackState::Complete => PlaybackStateName::Complete,
            PlaybackState::Paused => PlaybackStateName::Paused,
            PlaybackState::Failed(reason) => {
                message = Some(reason);
                PlaybackStateName::Failed
            }
        };
        Self {
            state,
            peers: Peers { connected: stats.connected_peers, seen: stats.seen_peers },
            download_bytes_per_s: stats.download_bytes_per_s,
            upload_bytes_per_s: stats.upload_bytes_per_s,
            supply_bytes_per_s: stats.supply_bytes_per_s,
            needed_bytes_per_s,
            holds,
            buffered_ms: buffered.map(|buffered| buffered.as_millis() as u64),
            slack_ms,
            downloaded_bytes: stats.downloaded_bytes,
            total_bytes: stats.total_bytes,
            have: stats
                .have
                .iter()
                .map(|range| Stretch { from: fraction(range.start), to: fraction(range.end) })
                .collect(),
            contiguous_bytes,
            eta_ms: eta.map(|eta| eta.as_millis() as u64),
            message,
        }
    }
}
