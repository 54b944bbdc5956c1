//! The daemon about itself.

use crate::supervision::{self, tree};
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
