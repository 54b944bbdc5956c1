//! The daemon's inner life, for admins.

use crate::{
    gateway::{
        dto::admin::{ActiveTorrent, ActiveTorrents, ActorStatus, Actors},
        policy::{Policy, Routes},
    },
    supervision::ActorTree,
    torrents::TorrentsHandle,
};
use axum::{Json, extract::State};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::default().add(Policy::Admin, routes!(actors)).add(Policy::Admin, routes!(torrents))
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
