//! In which language a request is answered: the one that it names (`lang`), else the one that its user prefers, else the one
//! that its client accepts.

use super::{problem::Problem, state::Concerns};
use crate::domain::{language::Language, user::Principal};
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header::ACCEPT_LANGUAGE, request::Parts},
};
use utoipa::IntoParams;

/// How a request names its language.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what the extractor reads")]
pub struct InLanguage {
    /// Of titles and texts, such as `en` or `pt-BR`, for this request only.
    lang: Option<String>,
}

/// The language of titles and texts; none is the catalog's own.
pub struct TitleLanguage(pub Option<Language>);

impl FromRequestParts<Concerns> for TitleLanguage {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Concerns) -> Result<Self, Problem> {
        let viewer = Principal::from_request_parts(parts, state).await?;
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        let named = url::form_urlencoded::parse(query).find(|(name, _)| name == "lang");
        let named = named.map(|(_, tag)| tag.parse::<Language>()).transpose().map_err(|error| {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_language", format!("`lang`: {error}."))
        })?;
        let wanted = match named.or(viewer.language) {
            Some(language) => vec![language],
            None => {
                let header = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
                Language::accepted(header.unwrap_or_default())
            }
        };
        Ok(Self(state.catalog.language_of(&wanted)))
    }
}
