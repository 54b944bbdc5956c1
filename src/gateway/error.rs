//! How each concern's errors look from outside. The only place that maps errors to HTTP.

use super::problem::Problem;
use crate::{
    auth::AuthError,
    catalog::CatalogError,
    images::ImagesError,
    playback::PlaybackError,
    progress::ProgressError,
    store::StoreError,
    supervision::{CallError, RunError},
    torrents::TorrentsError,
    trakt::TraktError,
};
use axum::http::StatusCode;
use std::{error::Error, time::Duration};

/// An actor is back within its first back-offs, far sooner than this.
const RESTART_WAIT: Duration = Duration::from_secs(1);

impl From<CallError> for Problem {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Unavailable => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "A part of the daemon is restarting or overloaded. Try again in a moment.",
            )
            .retry_after(RESTART_WAIT),
            CallError::Timeout => Self::new(
                StatusCode::GATEWAY_TIMEOUT,
                "timeout",
                "A part of the daemon took too long to answer. Try again.",
            ),
        }
    }
}

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        match error {
            RunError::NoSuchTask => Self::new(StatusCode::NOT_FOUND, "task_not_found", sentence(&error)),
            RunError::Call(error) => error.into(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        internal(&error)
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        use AuthError as E;
        let (status, code) = match &error {
            E::WrongCredentials => (StatusCode::UNAUTHORIZED, "wrong_credentials"),
            E::TooManyAttempts { .. } => (StatusCode::TOO_MANY_REQUESTS, "too_many_attempts"),
            E::Busy { .. } => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            E::SetupDone => (StatusCode::CONFLICT, "setup_done"),
            E::SetupTokenWrong => (StatusCode::FORBIDDEN, "setup_token_wrong"),
            E::WeakPassword => (StatusCode::UNPROCESSABLE_ENTITY, "weak_password"),
            E::BadUsername => (StatusCode::UNPROCESSABLE_ENTITY, "bad_username"),
            E::UsernameTaken => (StatusCode::CONFLICT, "username_taken"),
            E::RefreshInvalid => (StatusCode::UNAUTHORIZED, "refresh_invalid"),
            E::AccessExpired => (StatusCode::UNAUTHORIZED, "access_expired"),
            E::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated"),
            E::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            E::LastAdmin => (StatusCode::CONFLICT, "last_admin"),
            E::Call(error) => return (*error).into(),
            E::Store(error) => return internal(error),
        };
        let problem = Self::new(status, code, sentence(&error));
        match error {
            E::TooManyAttempts { retry_after } | E::Busy { retry_after } => problem.retry_after(retry_after),
            _ => problem,
        }
    }
}

impl From<CatalogError> for Problem {
    fn from(error: CatalogError) -> Self {
        use CatalogError as E;
        match &error {
            E::MovieNotFound => Self::new(StatusCode::NOT_FOUND, "movie_not_found", sentence(&error)),
            E::ShowNotFound => Self::new(StatusCode::NOT_FOUND, "show_not_found", sentence(&error)),
            E::SeasonNotFound => Self::new(StatusCode::NOT_FOUND, "season_not_found", sentence(&error)),
            E::ListNotFound => Self::new(StatusCode::NOT_FOUND, "list_not_found", sentence(&error)),
            E::ListReadOnly => Self::new(StatusCode::CONFLICT, "list_read_only", sentence(&error)),
            E::BadList => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_list", sentence(&error)),
            E::TooManyLists => Self::new(StatusCode::CONFLICT, "too_many_lists", sentence(&error)),
            E::ListFull => Self::new(StatusCode::CONFLICT, "list_full", sentence(&error)),
            E::TooManyOwn => Self::new(StatusCode::CONFLICT, "too_many_own_torrents", sentence(&error)),
            E::Call(error) => (*error).into(),
            E::Store(error) => internal(error),
        }
    }
}

impl From<ImagesError> for Problem {
    fn from(error: ImagesError) -> Self {
        let (status, code) = match &error {
            ImagesError::NotFound => (StatusCode::NOT_FOUND, "image_not_found"),
            ImagesError::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "image_unavailable"),
        };
        Self::new(status, code, sentence(&error))
    }
}

impl From<ProgressError> for Problem {
    fn from(error: ProgressError) -> Self {
        use ProgressError as E;
        match &error {
            E::OutOfRange => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "out_of_range", sentence(&error)),
            E::TitleNotFound => Self::new(StatusCode::NOT_FOUND, "title_not_found", sentence(&error)),
            E::Call(error) => (*error).into(),
            E::Store(error) => internal(error),
        }
    }
}

impl From<PlaybackError> for Problem {
    fn from(error: PlaybackError) -> Self {
        use PlaybackError as E;
        match error {
            E::NoSource => Self::new(StatusCode::CONFLICT, "no_source", sentence(&error)),
            E::GuestsMayNotWatch | E::OwnTorrentsNotAllowed { .. } => {
                Self::new(StatusCode::FORBIDDEN, "forbidden", sentence(&error))
            }
            E::NotFound => Self::new(StatusCode::NOT_FOUND, "playback_not_found", sentence(&error)),
            E::TicketInvalid => Self::new(StatusCode::UNAUTHORIZED, "ticket_invalid", sentence(&error)),
            E::Catalog(error) => error.into(),
            E::Torrents(error) => error.into(),
            E::Call(error) => error.into(),
        }
    }
}

impl From<TorrentsError> for Problem {
    fn from(error: TorrentsError) -> Self {
        use TorrentsError as E;
        let (status, code) = match &error {
            E::MetadataTimeout => (StatusCode::GATEWAY_TIMEOUT, "metadata_timeout"),
            E::Rejected(rejection) => {
                let detail = rejection.to_string();
                return Self::new(StatusCode::UNPROCESSABLE_ENTITY, "torrent_rejected", detail);
            }
            E::InvalidMagnet(magnet) => {
                return Self::new(StatusCode::UNPROCESSABLE_ENTITY, "torrent_rejected", magnet.to_string());
            }
            E::TooManyStreams { .. } => (StatusCode::TOO_MANY_REQUESTS, "too_many_streams"),
            E::TooManyTorrents => (StatusCode::SERVICE_UNAVAILABLE, "too_many_torrents"),
            E::NotActive => (StatusCode::SERVICE_UNAVAILABLE, "not_active"),
            E::NoSuchFile => (StatusCode::NOT_FOUND, "no_such_file"),
            E::DiskFull => (StatusCode::INSUFFICIENT_STORAGE, "disk_full"),
            E::Engine(_) => {
                internal(&error);
                (StatusCode::BAD_GATEWAY, "engine_failed")
            }
            E::Call(error) => return (*error).into(),
            E::Store(error) => return internal(error),
        };
        let problem = Self::new(status, code, sentence(&error));
        match error {
            E::TooManyStreams { retry_after } => problem.retry_after(retry_after),
            E::TooManyTorrents | E::NotActive => problem.retry_after(RESTART_WAIT),
            _ => problem,
        }
    }
}

impl From<TraktError> for Problem {
    fn from(error: TraktError) -> Self {
        use TraktError as E;
        match error {
            E::NotConfigured => Self::new(StatusCode::CONFLICT, "trakt_not_configured", sentence(&error)),
            E::AlreadyLinked => Self::new(StatusCode::CONFLICT, "already_linked", sentence(&error)),
            E::NotLinked | E::SealBroken => Self::new(StatusCode::CONFLICT, "not_linked", sentence(&error)),
            E::Tracker(_) => Self::new(StatusCode::SERVICE_UNAVAILABLE, "trakt_unavailable", sentence(&error)),
            E::Sealing(error) => internal(&error),
            E::Catalog(error) => error.into(),
            E::Progress(error) => error.into(),
            E::Call(error) => error.into(),
            E::Store(error) => internal(&error),
        }
    }
}

/// Logs what went wrong, causes and all, and tells the client no more than that it did.
pub fn internal(error: &dyn Error) -> Problem {
    let mut causes = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    tracing::error!(%error, causes = causes.join(": "), "failed to answer a request");
    Problem::internal()
}

/// Error texts are lowercase fragments; people get a sentence.
pub fn sentence(error: &dyn Error) -> String {
    sentence_of(&error.to_string())
}

/// See [`sentence`].
pub fn sentence_of(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{http::header::RETRY_AFTER, response::IntoResponse};

    #[test]
    fn an_actor_that_restarts_is_a_retryable_503() {
        let response = Problem::from(CallError::Unavailable).into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[RETRY_AFTER], "1");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
    }

    #[test]
    fn an_actor_that_is_late_is_a_504() {
        assert_eq!(Problem::from(CallError::Timeout).status(), StatusCode::GATEWAY_TIMEOUT);
    }

    #[test]
    fn a_store_error_tells_the_client_nothing_about_the_store() {
        let problem = Problem::from(AuthError::Store(StoreError::Stopping));
        assert_eq!(problem.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!format!("{problem:?}").contains("database"));
    }

    #[test]
    fn texts_become_sentences() {
        assert_eq!(sentence(&AuthError::Unauthenticated), "Sign in first.");
    }
}
