//! The daemon about itself.

use crate::{
    supervision::{
        self,
        tasks::{TaskFailure, TaskStatus},
        tree,
    },
    torrents::{
        ActiveStatus,
        lane::{LaneStats, Origin, PeerStats, ViewerStats},
        piece_source::SourceState,
    },
};
use serde::Serialize;
use utoipa::ToSchema;

/// Whether all is well; no more than that, as anybody may ask.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    pub status: HealthStatus,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HealthStatus {
    Ok,
    /// A part of the daemon is restarting.
    Degraded,
}

/// The supervision tree, parents before their children.
#[derive(Debug, Serialize, ToSchema)]
pub struct Actors {
    pub actors: Vec<ActorStatus>,
}

/// One actor or supervisor.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActorStatus {
    #[schema(example = "root/playback/torrents")]
    pub path: String,
    #[schema(example = "torrents")]
    pub name: String,
    pub kind: ActorKind,
    pub state: ActorState,
    pub restarts: u32,
    /// Calls that wait for its answer now.
    pub in_flight: usize,
    #[schema(required)]
    pub last_error: Option<String>,
    /// Unix ms.
    pub started_at: i64,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    Actor,
    Supervisor,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActorState {
    Running,
    Restarting,
    Stopped,
}

impl From<supervision::ActorStatus> for ActorStatus {
    fn from(status: supervision::ActorStatus) -> Self {
        let supervision::ActorStatus { path, state, is_supervisor, restarts, in_flight, last_error, started_at } =
            status;
        Self {
            name: path.rsplit('/').next().unwrap_or_default().to_owned(),
            path,
            kind: if is_supervisor { ActorKind::Supervisor } else { ActorKind::Actor },
            state: match state {
                tree::ActorState::Running => ActorState::Running,
                tree::ActorState::Restarting => ActorState::Restarting,
                tree::ActorState::Stopped => ActorState::Stopped,
            },
            restarts,
            in_flight,
            last_error,
            started_at,
        }
    }
}

/// What the daemon does by itself in the background, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tasks {
    pub tasks: Vec<Task>,
}

/// One task.
#[derive(Debug, Serialize, ToSchema)]
pub struct Task {
    #[schema(example = "lists")]
    pub name: String,
    pub state: TaskState,
    /// Unix ms, of the pass that runs, or else of the last one.
    #[schema(required)]
    pub started_at: Option<i64>,
    /// Unix ms, of the last pass that ended.
    #[schema(required)]
    pub finished_at: Option<i64>,
    /// Unix ms; none while it runs.
    #[schema(required)]
    pub next_at: Option<i64>,
    /// How much is due now; none where that cannot be counted.
    #[schema(required)]
    pub backlog: Option<u32>,
    /// Passes that have ended since the daemon started.
    pub runs: u64,
    /// Stays until a pass that had something to do ends well.
    #[schema(required)]
    pub last_error: Option<TaskError>,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    Idle,
    Running,
}

/// Why a task did not do all that it should.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskError {
    /// Unix ms.
    pub at: i64,
    pub message: String,
}

impl From<TaskStatus> for Task {
    fn from(status: TaskStatus) -> Self {
        let TaskStatus { name, is_running, started_at, finished_at, next_at, backlog, runs, last_error } = status;
        Self {
            name: name.to_owned(),
            state: if is_running { TaskState::Running } else { TaskState::Idle },
            started_at,
            finished_at,
            next_at,
            backlog,
            runs,
            last_error: last_error.map(|TaskFailure { at, message }| TaskError { at, message }),
        }
    }
}

/// The active torrents.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActiveTorrents {
    pub torrents: Vec<ActiveTorrent>,
}

/// One active torrent.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActiveTorrent {
    pub info_hash: String,
    pub state: TorrentState,
    /// Why it cannot go on.
    #[schema(required)]
    pub error: Option<String>,
    /// Films of it that are being sent to players now.
    pub streams: usize,
    pub size_bytes: u64,
    pub downloaded_bytes: u64,
    pub uploaded_bytes: u64,
    pub download_bytes_per_s: u64,
    pub upload_bytes_per_s: u64,
    /// How the express lane fetches it; absent when the torrent engine does, because the lane is off or has failed.
    #[schema(required)]
    pub express: Option<Lane>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TorrentState {
    Checking,
    Live,
    Paused,
    Failed,
}

/// One torrent's express lane.
#[derive(Debug, Serialize, ToSchema)]
pub struct Lane {
    pub peers: Vec<LanePeer>,
    pub readers: Vec<LaneReader>,
    /// What the peers that give to us could deliver.
    pub supply_bytes_per_s: u64,
    /// Held in memory by pieces on their way.
    pub memory_bytes: usize,
    pub received_bytes: u64,
    /// Came twice, unasked, or was wrong.
    pub wasted_bytes: u64,
    pub requests: u64,
    /// Blocks that were asked for twice.
    pub copies: u64,
    /// Requests that were taken back.
    pub cancels: u64,
    pub failed_pieces: u64,
    /// Peers and webseeds that sent wrong bytes.
    pub banned: usize,
}

/// A peer or webseed of one torrent.
#[derive(Debug, Serialize, ToSchema)]
pub struct LanePeer {
    /// An IP address and port; of a webseed, its number in the torrent's list.
    pub address: String,
    pub kind: LanePeerKind,
    pub is_choking: bool,
    /// It lets requests grow old.
    pub is_snubbing: bool,
    /// Zero until it has delivered.
    pub rate_bytes_per_s: u64,
    /// The shortest answer time lately, without what we queue ourselves.
    #[schema(required)]
    pub base_latency_ms: Option<u64>,
    pub in_flight_blocks: usize,
    pub window_blocks: usize,
    pub delivered_blocks: u64,
    pub wasted_bytes: u64,
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LanePeerKind {
    /// We called it.
    Called,
    /// It called us.
    Caller,
    Webseed,
}

/// Somebody who reads a film of the torrent.
#[derive(Debug, Serialize, ToSchema)]
pub struct LaneReader {
    /// From the start of the torrent.
    pub position_bytes: u64,
    pub is_waiting: bool,
    /// How long before it is due the next missing piece is asked for; negative when late.
    pub slack_ms: i64,
    pub rate_bytes_per_s: u64,
}

impl From<ActiveStatus> for ActiveTorrent {
    fn from(status: ActiveStatus) -> Self {
        let ActiveStatus { info_hash, state, leases, size_bytes, verified_bytes, stats, lane } = status;
        let (state, error) = match state {
            SourceState::Checking => (TorrentState::Checking, None),
            SourceState::Live => (TorrentState::Live, None),
            SourceState::Paused | SourceState::Deleted => (TorrentState::Paused, None),
            SourceState::Failed(reason) => (TorrentState::Failed, Some(reason)),
        };
        Self {
            info_hash: info_hash.to_string(),
            state,
            error,
            streams: leases,
            size_bytes,
            downloaded_bytes: verified_bytes,
            uploaded_bytes: stats.uploaded_bytes,
            download_bytes_per_s: stats.download_bytes_per_s,
            upload_bytes_per_s: stats.upload_bytes_per_s,
            express: lane.map(Lane::from),
        }
    }
}

impl From<LaneStats> for Lane {
    fn from(stats: LaneStats) -> Self {
        Self {
            supply_bytes_per_s: stats.supply_bytes_per_s(),
            memory_bytes: stats.memory_bytes,
            received_bytes: stats.counters.received_bytes,
            wasted_bytes: stats.counters.wasted_bytes,
            requests: stats.counters.requests,
            copies: stats.counters.copies,
            cancels: stats.counters.cancels,
            failed_pieces: stats.counters.failed_pieces,
            banned: stats.banned,
            peers: stats.peers.into_iter().map(LanePeer::from).collect(),
            readers: stats.viewers.into_iter().map(LaneReader::from).collect(),
        }
    }
}

impl From<PeerStats> for LanePeer {
    fn from(stats: PeerStats) -> Self {
        let (address, kind) = match stats.origin {
            Origin::Called(address) => (address.to_string(), LanePeerKind::Called),
            Origin::Caller(address) => (address.to_string(), LanePeerKind::Caller),
            Origin::Webseed(number) => (number.to_string(), LanePeerKind::Webseed),
        };
        Self {
            address,
            kind,
            is_choking: stats.is_choking,
            is_snubbing: stats.is_snubbing,
            rate_bytes_per_s: stats.rate_bytes_per_s,
            base_latency_ms: stats.base_latency.map(|latency| latency.as_millis() as u64),
            in_flight_blocks: stats.in_flight_blocks,
            window_blocks: stats.window_blocks,
            delivered_blocks: stats.delivered_blocks,
            wasted_bytes: stats.wasted_bytes,
        }
    }
}

impl From<ViewerStats> for LaneReader {
    fn from(stats: ViewerStats) -> Self {
        let ViewerStats { position_bytes, is_waiting, slack_ms, rate_bytes_per_s } = stats;
        Self { position_bytes, is_waiting, slack_ms, rate_bytes_per_s }
    }
}
