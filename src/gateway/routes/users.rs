//! Everybody's accounts, for admins.

use crate::{
    auth::{AuthHandle, Credentials},
    domain::{ids::UserId, user::Principal},
    gateway::{
        dto::account::{CreateUserRequest, UpdateUserRequest, User, Users},
        extract::{Json, Path},
        policy::{Policy, Routes},
        problem::Problem,
    },
};
use axum::{extract::State, http::StatusCode};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::default().add(Policy::Admin, routes!(users, create)).add(Policy::Admin, routes!(update, delete))
}

/// All accounts.
#[utoipa::path(get, path = "/users", tag = "users", responses((status = 200, body = Users)))]
async fn users(State(auth): State<AuthHandle>) -> Result<axum::Json<Users>, Problem> {
    let users = auth.users().await?.into_iter().map(Into::into).collect();
    Ok(axum::Json(Users { users }))
}

/// Creates an account.
#[utoipa::path(post, path = "/users", tag = "users", request_body = CreateUserRequest, responses(
    (status = 201, body = User),
    (status = 409, body = Problem, description = "username_taken"),
    (status = 422, body = Problem, description = "weak_password, bad_username"),
))]
async fn create(
    State(auth): State<AuthHandle>,
    principal: Principal,
    Json(request): Json<CreateUserRequest>,
) -> Result<(StatusCode, axum::Json<User>), Problem> {
    let CreateUserRequest { username, password, role } = request;
    let user = auth.create_user(&principal, Credentials { username, password }, role.into()).await?;
    Ok((StatusCode::CREATED, axum::Json(user.into())))
}

/// Changes an account. A new password, or being made inactive, signs the user's devices out.
#[utoipa::path(patch, path = "/users/{id}", tag = "users", params(("id" = i64, Path)),
    request_body = UpdateUserRequest, responses(
    (status = 200, body = User),
    (status = 404, body = Problem),
    (status = 409, body = Problem, description = "last_admin"),
))]
async fn update(
    State(auth): State<AuthHandle>,
    principal: Principal,
    Path(user): Path<UserId>,
    Json(request): Json<UpdateUserRequest>,
) -> Result<axum::Json<User>, Problem> {
    Ok(axum::Json(auth.update_user(&principal, user, request.into()).await?.into()))
}

/// Deletes an account with everything that is theirs.
#[utoipa::path(delete, path = "/users/{id}", tag = "users", params(("id" = i64, Path)), responses(
    (status = 204),
    (status = 404, body = Problem),
    (status = 409, body = Problem, description = "last_admin"),
))]
async fn delete(
    State(auth): State<AuthHandle>,
    principal: Principal,
    Path(user): Path<UserId>,
) -> Result<StatusCode, Problem> {
    auth.delete_user(&principal, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
