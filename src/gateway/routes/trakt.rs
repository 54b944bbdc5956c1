//! The asking user's account at Trakt.

use crate::{
    domain::user::Principal,
    gateway::{
        dto::trakt::Trakt,
        policy::{Policy, Routes},
        problem::Problem,
    },
    trakt::TraktHandle,
};
use axum::{Json, extract::State, http::StatusCode};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::default().add(Policy::User, routes!(status, link, unlink)).add(Policy::User, routes!(sync))
}

/// How the user stands with Trakt.
#[utoipa::path(get, path = "/me/trakt", tag = "me", responses((status = 200, body = Trakt)))]
async fn status(State(trakt): State<TraktHandle>, viewer: Principal) -> Result<Json<Trakt>, Problem> {
    Ok(Json(trakt.status(viewer.user).await?.into()))
}

/// Begins to link an account; answers the code to type in at Trakt, which is the same while one is pending.
#[utoipa::path(post, path = "/me/trakt", tag = "me", responses(
    (status = 202, body = Trakt),
    (status = 409, body = Problem, description = "already_linked, trakt_not_configured"),
    (status = 503, body = Problem, description = "trakt_unavailable"),
))]
async fn link(State(trakt): State<TraktHandle>, viewer: Principal) -> Result<(StatusCode, Json<Trakt>), Problem> {
    Ok((StatusCode::ACCEPTED, Json(trakt.link(viewer.user).await?.into())))
}

/// Forgets the account and all that came with it, or stops linking. What was watched stays, and one's own lists.
#[utoipa::path(delete, path = "/me/trakt", tag = "me", responses((status = 204)))]
async fn unlink(State(trakt): State<TraktHandle>, viewer: Principal) -> Result<StatusCode, Problem> {
    trakt.unlink(viewer.user).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Has the account brought in step now.
#[utoipa::path(post, path = "/me/trakt/sync", tag = "me", responses(
    (status = 202),
    (status = 409, body = Problem, description = "not_linked, trakt_not_configured"),
))]
async fn sync(State(trakt): State<TraktHandle>, viewer: Principal) -> Result<StatusCode, Problem> {
    trakt.sync(viewer.user).await?;
    Ok(StatusCode::ACCEPTED)
}
