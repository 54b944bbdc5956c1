//! One's own account and devices.

use crate::{
    auth::AuthHandle,
    domain::{ids::LoginSessionId, language::Language, user::Principal},
    gateway::{
        dto::account::{LoginSession, LoginSessions, UpdateMeRequest, User},
        extract::{Json, Path},
        policy::{Policy, Routes},
        problem::Problem,
    },
};
use axum::{extract::State, http::StatusCode};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::default()
        .add(Policy::Guest, routes!(me, update_me))
        .add(Policy::Guest, routes!(sessions))
        .add(Policy::Guest, routes!(revoke))
}

/// The account that asks.
#[utoipa::path(get, path = "/me", tag = "me", responses((status = 200, body = User)))]
async fn me(State(auth): State<AuthHandle>, principal: Principal) -> Result<axum::Json<User>, Problem> {
    Ok(axum::Json(auth.user(principal.user).await?.into()))
}

/// Changes one's own account. A new password signs one's other devices out.
#[utoipa::path(patch, path = "/me", tag = "me", request_body = UpdateMeRequest, responses(
    (status = 200, body = User),
    (status = 401, body = Problem, description = "wrong_credentials"),
    (status = 422, body = Problem, description = "weak_password, invalid_language, invalid_body"),
))]
async fn update_me(
    State(auth): State<AuthHandle>,
    principal: Principal,
    Json(request): Json<UpdateMeRequest>,
) -> Result<axum::Json<User>, Problem> {
    let UpdateMeRequest { current_password, new_password, language } = request;
    let language = language.map(|language| language.map(|tag| tag.parse::<Language>()).transpose()).transpose();
    let language =
        language.map_err(|_| unprocessable("invalid_language", "Name a language such as \"en\" or \"pt-BR\"."))?;
    let passwords = match (current_password, new_password) {
        (Some(current), Some(new)) => Some((current, new)),
        (None, None) if language.is_some() => None,
        (None, None) => return Err(unprocessable("invalid_body", "Say what to change.")),
        _ => return Err(unprocessable("invalid_body", "A new password needs the current one, too.")),
    };
    let mut user = None;
    if let Some((current, new)) = passwords {
        user = Some(auth.change_password(&principal, current, new).await?);
    }
    if let Some(language) = language {
        user = Some(auth.set_language(&principal, language).await?);
    }
    user.map(|user| axum::Json(user.into())).ok_or_else(Problem::internal)
}

fn unprocessable(code: &'static str, detail: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
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
