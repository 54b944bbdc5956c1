//! Whether the daemon is well, for anybody who asks.

use crate::{
    auth::AuthHandle,
    gateway::{
        dto::admin::{Health, HealthStatus},
        policy::{Policy, Routes},
        problem::Problem,
    },
    supervision::{ActorTree, CallError, tree::ActorState},
};
use axum::{Json, extract::State};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::default().add(Policy::Public, routes!(health)).add(Policy::Public, routes!(ready))
}

/// Whether all parts run.
#[utoipa::path(get, path = "/health", tag = "health", responses((status = 200, body = Health)))]
async fn health(State(actors): State<ActorTree>) -> Json<Health> {
    Json(Health { status: status(&actors) })
}

/// Whether requests can be answered now: all parts run, and the database answers.
#[utoipa::path(get, path = "/health/ready", tag = "health", responses(
    (status = 200, body = Health),
    (status = 503, body = Problem),
))]
async fn ready(State(actors): State<ActorTree>, State(auth): State<AuthHandle>) -> Result<Json<Health>, Problem> {
    let status = status(&actors);
    if status == HealthStatus::Degraded || auth.is_setup_needed().await.is_err() {
        return Err(CallError::Unavailable.into());
    }
    Ok(Json(Health { status }))
}

fn status(actors: &ActorTree) -> HealthStatus {
    let is_restarting = actors.snapshot().iter().any(|actor| actor.state == ActorState::Restarting);
    if is_restarting { HealthStatus::Degraded } else { HealthStatus::Ok }
}
