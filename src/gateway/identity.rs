//! Who is asking: reads the access token of a request and finds the principal behind it. No I/O.

use super::{cookies, problem::Problem};
use crate::{
    auth::{AuthError, AuthHandle},
    domain::user::Principal,
};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, header::AUTHORIZATION, request::Parts},
    middleware::Next,
    response::Response,
};

/// What a request's access token says. Put into the request's extensions before routing.
#[derive(Clone, Debug)]
pub enum Identity {
    /// No token.
    Anonymous,
    /// A token that does not count, with the reason.
    Refused(Problem),
    Known(Principal),
}

impl Identity {
    /// The principal, or why there is none.
    pub fn principal(&self) -> Result<&Principal, Problem> {
        match self {
            Self::Known(principal) => Ok(principal),
            Self::Refused(problem) => Err(problem.clone()),
            Self::Anonymous => Err(AuthError::Unauthenticated.into()),
        }
    }
}

/// Middleware: finds out who asks. It refuses nobody; policies do.
pub async fn identify(State(auth): State<AuthHandle>, mut request: Request, next: Next) -> Response {
    let identity = match access_token(request.headers()) {
        None => Identity::Anonymous,
        Some(token) => match auth.authenticate(token) {
            Ok(principal) => Identity::Known(principal),
            Err(error) => Identity::Refused(error.into()),
        },
    };
    request.extensions_mut().insert(identity);
    next.run(request).await
}

/// `Authorization: Bearer` (RFC 6750) goes before the cookie: who sends it, means it.
fn access_token(headers: &HeaderMap) -> Option<&str> {
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    bearer.or_else(|| cookies::read(headers, cookies::ACCESS))
}

impl<S: Sync> FromRequestParts<S> for Principal {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Identity>().unwrap_or(&Identity::Anonymous).principal().cloned()
    }
}
