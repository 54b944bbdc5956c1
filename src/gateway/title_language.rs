//! In which language a request is answered: the one that its user prefers, else the one that its client accepts.

use super::{problem::Problem, state::Concerns};
use crate::domain::{language::Language, user::Principal};
use axum::{
    extract::FromRequestParts,
    http::{header::ACCEPT_LANGUAGE, request::Parts},
};

/// The language of titles and texts; none is the catalog's own.
pub struct TitleLanguage(pub Option<Language>);

impl FromRequestParts<Concerns> for TitleLanguage {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Concerns) -> Result<Self, Problem> {
        let viewer = Principal::from_request_parts(parts, state).await?;
        let wanted = match viewer.language {
            Some(language) => vec![language],
            None => {
                let header = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
                Language::accepted(header.unwrap_or_default())
            }
        };
        Ok(Self(state.catalog.language_of(&wanted)))
    }
}
