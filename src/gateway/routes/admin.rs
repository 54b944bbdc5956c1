//! The daemon's inner life, for admins.

use crate::{
    audit::{AuditEntry, AuditHandle, Severity},
    domain::user::Principal,
    gateway::{
        dto::admin::{ActiveTorrent, ActiveTorrents, ActorStatus, Actors, Task, Tasks},
        extract::Path,
        policy::{Policy, Routes},
        problem::Problem,
    },
    supervision::{self, ActorTree},
    torrents::TorrentsHandle,
};
use axum::{Json, extract::State, http::StatusCode};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::default()
        .add(Policy::Admin, routes!(actors))
        .add(Policy::Admin, routes!(torrents))
        .add(Policy::Admin, routes!(tasks))
        .add(Policy::Admin, routes!(run))
}

/// The torrents that are active now, their peers and readers; the one that was used last first.
#[utoipa::path(get, path = "/admin/torrents", tag = "admin", responses((status = 200, body = ActiveTorrents)))]
async fn torrents(State(torrents): State<TorrentsHandle>) -> Json<ActiveTorrents> {
    Json(ActiveTorrents { torrents: torrents.active().into_iter().map(ActiveTorrent::from).collect() })
}

/// The live supervision tree.
#[utoipa::path(get, path = "/admin/actors", tag = "admin", responses((status = 200, body = Actors)))]
async fn actors(State(actors): State<ActorTree>) -> Json<Actors> {
    Json(Actors { actors: actors.snapshot().into_iter().map(ActorStatus::from).collect() })
}

/// What the daemon does by itself in the background: when it ran and runs next, how much is due, and why it failed.
#[utoipa::path(get, path = "/admin/tasks", tag = "admin", responses((status = 200, body = Tasks)))]
async fn tasks(State(tasks): State<supervision::Tasks>) -> Json<Tasks> {
    Json(Tasks { tasks: tasks.snapshot().await.into_iter().map(Task::from).collect() })
}

/// Runs a task now, or once more after the pass that runs. That includes what is not due yet: `lists` reads all lists,
/// `changes` asks for today's changes, `details` tries again what could not be read.
#[utoipa::path(post, path = "/admin/tasks/{name}/run", tag = "admin", params(("name" = String, Path)), responses(
    (status = 202),
    (status = 404, body = Problem, description = "task_not_found"),
    (status = 503, body = Problem, description = "unavailable"),
))]
async fn run(
    State(tasks): State<supervision::Tasks>,
    State(audit): State<AuditHandle>,
    principal: Principal,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    tasks.run(&name)?;
    audit.record(AuditEntry::new(Severity::Info, "task.run", format!("task:{name}")).by(principal.user));
    Ok(StatusCode::ACCEPTED)
}
