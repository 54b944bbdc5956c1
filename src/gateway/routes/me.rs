//! One's own account and devices.

use crate::{
    auth::AuthHandle,
    domain::{ids::LoginSessionId, user::Principal},
    gateway::{
        dto::account::{ChangePasswordRequest, LoginSession, LoginSessions, User},
        extract::{Json, Path},
        policy::{Policy, Routes},
        problem::Problem,
    },
};
use axum::{extract::State, http::StatusCode};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::default()
        .add(Policy::Guest, routes!(me, change_password))
        .add(Policy::Guest, routes!(sessions))
        .add(Policy::Guest, routes!(revoke))
}

/// The account that asks.
#[utoipa::path(get, path = "/me", tag = "me", responses((status = 200, body = User)))]
async fn me(State(auth): State<AuthHandle>, principal: Principal) -> Result<axum::Json<User>, Problem> {
    Ok(axum::Json(auth.user(principal.user).await?.into()))
}

/// Changes one's own password, and signs one's other devices out.
#[utoipa::path(patch, path = "/me", tag = "me", request_body = ChangePasswordRequest, responses(
    (status = 200, body = User),
    (status = 401, body = Problem, description = "wrong_credentials"),
    (status = 422, body = Problem, description = "weak_password"),
))]
async fn change_password(
    State(auth): State<AuthHandle>,
    principal: Principal,
    Json(request): Json<ChangePasswordRequest>,
) -> Result<axum::Json<User>, Problem> {
    let ChangePasswordRequest { current_password, new_password } = request;
    Ok(axum::Json(auth.change_password(&principal, current_password, new_password).await?.into()))
}

/// The devices one is signed in on.
#[utoipa::path(get, path = "/me/sessions", tag = "me", responses((status = 200, body = LoginSessions)))]
async fn sessions(State(auth): State<AuthHandle>, principal: Principal) -> Result<axum::Json<LoginSessions>, Problem> {
    let sessions = auth.sessions(principal.user).await?;
    let sessions = sessions.into_iter().map(|session| LoginSession::new(session, &principal.session)).collect();
    Ok(axum::Json(LoginSessions { sessions }))
}

/// Signs one of one's devices out.
#[utoipa::path(delete, path = "/me/sessions/{id}", tag = "me", params(("id" = String, Path)), responses(
    (status = 204),
    (status = 404, body = Problem),
))]
async fn revoke(
    State(auth): State<AuthHandle>,
    principal: Principal,
    Path(session): Path<LoginSessionId>,
) -> Result<StatusCode, Problem> {
    auth.revoke(principal.user, session).await?;
    Ok(StatusCode::NO_CONTENT)
}
