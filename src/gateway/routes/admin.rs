//! The daemon's inner life, for admins.

use crate::{
    gateway::{
        dto::admin::{ActorStatus, Actors},
        policy::{Policy, Routes},
    },
    supervision::ActorTree,
};
use axum::{Json, extract::State};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::default().add(Policy::Admin, routes!(actors))
}

/// The live supervision tree.
#[utoipa::path(get, path = "/admin/actors", tag = "admin", responses((status = 200, body = Actors)))]
async fn actors(State(actors): State<ActorTree>) -> Json<Actors> {
    Json(Actors { actors: actors.snapshot().into_iter().map(ActorStatus::from).collect() })
}
