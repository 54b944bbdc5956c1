//! How far the asking user has watched.

use crate::{
    catalog::CatalogHandle,
    domain::{
        ids::{EpisodeId, MovieId, ShowId},
        title::Watchable,
        user::Principal,
    },
    gateway::{
        dto::{
            catalog::{Progress, Title},
            lists::Titles,
            progress::SaveProgress,
        },
        extract::{Json, Path},
        policy::{Policy, Routes},
        problem::Problem,
        title_language::TitleLanguage,
    },
    progress::ProgressHandle,
};
use axum::{extract::State, http::StatusCode};
use std::cmp::Reverse;
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::default()
        .add(Policy::Guest, routes!(save, clear))
        .add(Policy::Guest, routes!(save_episode, clear_episode))
        .add(Policy::Guest, routes!(put_away))
        .add(Policy::Guest, routes!(all))
}

/// Saves how far the user is; watched from nine tenths on. On 200 it is on disk.
#[utoipa::path(
    put, path = "/progress/movies/{id}", tag = "progress", params(("id" = i64, Path)),
    request_body = SaveProgress,
    responses((status = 200, body = Progress), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn save(
    State(catalog): State<CatalogHandle>,
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    Path(id): Path<i64>,
    Json(body): Json<SaveProgress>,
) -> Result<axum::Json<Progress>, Problem> {
    catalog.movie(MovieId(id), &viewer).await?;
    let saved = progress.save(viewer.user, Watchable::Movie(MovieId(id)), body.position_ms, body.duration_ms).await?;
    Ok(axum::Json(saved.into()))
}

/// Forgets how far the user is.
#[utoipa::path(
    delete, path = "/progress/movies/{id}", tag = "progress", params(("id" = i64, Path)),
    responses((status = 204))
)]
async fn clear(
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    progress.clear(viewer.user, Watchable::Movie(MovieId(id))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Saves how far the user is in an episode; watched from nine tenths on. On 200 it is on disk.
#[utoipa::path(
    put, path = "/progress/episodes/{id}", tag = "progress", params(("id" = i64, Path)),
    request_body = SaveProgress,
    responses((status = 200, body = Progress), (status = 404, body = Problem), (status = 422, body = Problem))
)]
async fn save_episode(
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    Path(id): Path<i64>,
    Json(body): Json<SaveProgress>,
) -> Result<axum::Json<Progress>, Problem> {
    let episode = Watchable::Episode(EpisodeId(id));
    let saved = progress.save(viewer.user, episode, body.position_ms, body.duration_ms).await?;
    Ok(axum::Json(saved.into()))
}

/// Forgets how far the user is in an episode.
#[utoipa::path(
    delete, path = "/progress/episodes/{id}", tag = "progress", params(("id" = i64, Path)),
    responses((status = 204))
)]
async fn clear_episode(
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    progress.clear(viewer.user, Watchable::Episode(EpisodeId(id))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a show off the home screen until the user watches it again. What was watched stays so; episodes in the middle of
/// which the user is begin anew.
#[utoipa::path(
    delete, path = "/progress/shows/{id}", tag = "progress", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem))
)]
async fn put_away(
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    progress.put_away(viewer.user, ShowId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Every film with progress, the latest first.
#[utoipa::path(get, path = "/progress", tag = "progress", responses((status = 200, body = Titles)))]
async fn all(
    State(catalog): State<CatalogHandle>,
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    TitleLanguage(language): TitleLanguage,
) -> Result<axum::Json<Titles>, Problem> {
    let progress = progress.movies(viewer.user).await?;
    let mut movies: Vec<MovieId> = progress.keys().copied().collect();
    movies.sort_by_key(|movie| (progress.get(movie).map(|progress| Reverse(progress.updated_at)), *movie));
    let movies = catalog.movies(movies, &viewer, language).await?;
    Ok(axum::Json(Titles {
        items: movies.iter().map(|movie| Title::new(movie, progress.get(&movie.id).copied())).collect(),
    }))
}
