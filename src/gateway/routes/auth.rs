//! First admin, sign-in, refresh, sign-out.

use crate::{
    auth::{self, AuthError, AuthHandle, Credentials, Device},
    gateway::{
        client::Client,
        cookies,
        dto::account::{LoginRequest, RefreshRequest, SetupRequest, SetupStatus, SignedIn, Transport},
        extract::{Json, user_agent},
        identity::Identity,
        policy::{Policy, Routes},
        problem::Problem,
    },
    ports::Clock,
};
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use secrecy::SecretString;
use std::sync::Arc;
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::default()
        .add(Policy::Public, routes!(setup_status, setup))
        .add(Policy::Public, routes!(login))
        .add(Policy::Public, routes!(refresh))
        .add(Policy::Public, routes!(logout))
}

/// Whether the daemon still waits for its first admin.
#[utoipa::path(get, path = "/setup", tag = "auth", responses((status = 200, body = SetupStatus)))]
async fn setup_status(State(auth): State<AuthHandle>) -> Result<axum::Json<SetupStatus>, Problem> {
    Ok(axum::Json(SetupStatus { needed: auth.is_setup_needed().await? }))
}

/// Creates the first admin with the token that the daemon printed, and signs them in.
#[utoipa::path(post, path = "/setup", tag = "auth", request_body = SetupRequest, responses(
    (status = 201, body = SignedIn),
    (status = 403, body = Problem, description = "setup_token_wrong"),
    (status = 409, body = Problem, description = "setup_done"),
    (status = 422, body = Problem, description = "weak_password, bad_username"),
))]
async fn setup(caller: Caller, Json(request): Json<SetupRequest>) -> Result<Response, Problem> {
    let SetupRequest { token, username, password, device_name, transport } = request;
    let device = caller.device(device_name);
    let signed_in = caller.auth.setup(token, Credentials { username, password }, device).await?;
    Ok(caller.hand_over(StatusCode::CREATED, &signed_in, transport))
}

/// Signs a device in.
#[utoipa::path(post, path = "/auth/login", tag = "auth", request_body = LoginRequest, responses(
    (status = 200, body = SignedIn),
    (status = 401, body = Problem, description = "wrong_credentials"),
    (status = 429, body = Problem, description = "too_many_attempts"),
    (status = 503, body = Problem, description = "busy"),
))]
async fn login(caller: Caller, Json(request): Json<LoginRequest>) -> Result<Response, Problem> {
    let LoginRequest { username, password, device_name, transport } = request;
    let device = caller.device(device_name);
    let signed_in = caller.auth.login(Credentials { username, password }, device).await?;
    Ok(caller.hand_over(StatusCode::OK, &signed_in, transport))
}

/// Replaces the tokens of a device.
#[utoipa::path(post, path = "/auth/refresh", tag = "auth", request_body = RefreshRequest, responses(
    (status = 200, body = SignedIn),
    (status = 401, body = Problem, description = "refresh_invalid"),
))]
async fn refresh(caller: Caller, Json(request): Json<RefreshRequest>) -> Result<Response, Problem> {
    let (token, transport) = match request.refresh_token {
        Some(token) => (Some(token), Transport::Token),
        None => (caller.refresh_cookie(), Transport::Cookie),
    };
    let device = caller.device(None);
    let refreshed = match token {
        Some(token) => caller.auth.refresh(token, device).await,
        None => Err(AuthError::RefreshInvalid),
    };
    match refreshed {
        Ok(signed_in) => Ok(caller.hand_over(StatusCode::OK, &signed_in, transport)),
        Err(error @ AuthError::RefreshInvalid) if transport == Transport::Cookie => {
            Ok(caller.forget(Problem::from(error)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Signs this device out. Also works when its access token has expired, so nobody stays signed in by accident.
#[utoipa::path(post, path = "/auth/logout", tag = "auth", responses((status = 204)))]
async fn logout(caller: Caller, Extension(identity): Extension<Identity>) -> Result<Response, Problem> {
    let device_session = match (identity, caller.refresh_cookie()) {
        (Identity::Known(principal), _) => Some((principal.user, principal.session)),
        (_, Some(token)) => match caller.auth.refresh(token, caller.device(None)).await {
            Ok(signed_in) => Some((signed_in.user.id, signed_in.session)),
            Err(AuthError::RefreshInvalid) => None,
            Err(error) => return Err(error.into()),
        },
        (_, None) => None,
    };
    if let Some((user, session)) = device_session {
        match caller.auth.revoke(user, session).await {
            // Somebody was faster: the device is signed out, which is what was asked for.
            Ok(()) | Err(AuthError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(caller.forget(StatusCode::NO_CONTENT))
}

/// Who signs in or out, and how to answer them.
struct Caller {
    auth: AuthHandle,
    clock: Arc<dyn Clock>,
    client: Client,
    headers: HeaderMap,
}

impl Caller {
    fn device(&self, name: Option<String>) -> Device {
        let name = name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "Unnamed device".to_owned());
        Device { name, user_agent: user_agent(&self.headers).to_owned(), ip: self.client.ip }
    }

    fn refresh_cookie(&self) -> Option<SecretString> {
        cookies::read(&self.headers, cookies::REFRESH).map(Into::into)
    }

    fn hand_over(&self, status: StatusCode, signed_in: &auth::SignedIn, transport: Transport) -> Response {
        let mut response = (status, axum::Json(SignedIn::new(signed_in, transport))).into_response();
        if transport == Transport::Cookie {
            cookies::set(response.headers_mut(), signed_in, self.client.is_https, self.clock.now_ms());
        }
        response
    }

    fn forget(&self, answer: impl IntoResponse) -> Response {
        let mut response = answer.into_response();
        cookies::clear(response.headers_mut(), self.client.is_https);
        response
    }
}

impl axum::extract::FromRequestParts<crate::gateway::state::Concerns> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        state: &crate::gateway::state::Concerns,
    ) -> Result<Self, Problem> {
        let client = Client::from_request_parts(parts, state).await?;
        Ok(Self { auth: state.auth.clone(), clock: state.clock.clone(), client, headers: parts.headers.clone() })
    }
}
