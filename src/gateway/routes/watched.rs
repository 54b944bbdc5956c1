//! Marks of what the asking user has watched, here or elsewhere.

use crate::{
    catalog::CatalogHandle,
    domain::{
        ids::{EpisodeId, MovieId, ShowId},
        title::{Marked, Watchable},
        user::Principal,
    },
    gateway::{
        extract::Path,
        policy::{Policy, Routes},
        problem::Problem,
    },
    progress::ProgressHandle,
};
use axum::{extract::State, http::StatusCode};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::default()
        .add(Policy::Guest, routes!(mark_movie, unmark_movie))
        .add(Policy::Guest, routes!(mark_episode, unmark_episode))
        .add(Policy::Guest, routes!(mark_season, unmark_season))
        .add(Policy::Guest, routes!(mark_show, unmark_show))
}

/// Marks a film as watched.
#[utoipa::path(
    put, path = "/watched/movies/{id}", tag = "progress", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem))
)]
async fn mark_movie(
    State(catalog): State<CatalogHandle>,
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    catalog.movie(MovieId(id), &viewer).await?;
    mark(&progress, &viewer, Marked::One(Watchable::Movie(MovieId(id))), true).await
}

/// Marks a film as not watched, and forgets how far.
#[utoipa::path(
    delete, path = "/watched/movies/{id}", tag = "progress", params(("id" = i64, Path)), responses((status = 204))
)]
async fn unmark_movie(
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    mark(&progress, &viewer, Marked::One(Watchable::Movie(MovieId(id))), false).await
}

/// Marks an episode as watched.
#[utoipa::path(
    put, path = "/watched/episodes/{id}", tag = "progress", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem))
)]
async fn mark_episode(
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    mark(&progress, &viewer, Marked::One(Watchable::Episode(EpisodeId(id))), true).await
}

/// Marks an episode as not watched, and forgets how far.
#[utoipa::path(
    delete, path = "/watched/episodes/{id}", tag = "progress", params(("id" = i64, Path)), responses((status = 204))
)]
async fn unmark_episode(
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    mark(&progress, &viewer, Marked::One(Watchable::Episode(EpisodeId(id))), false).await
}

/// Marks the episodes of a season that are out as watched.
#[utoipa::path(
    put, path = "/watched/shows/{id}/seasons/{number}", tag = "progress",
    params(("id" = i64, Path), ("number" = u32, Path)),
    responses((status = 204), (status = 404, body = Problem))
)]
async fn mark_season(
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    Path((id, number)): Path<(i64, u32)>,
) -> Result<StatusCode, Problem> {
    mark(&progress, &viewer, Marked::Season(ShowId(id), number), true).await
}

/// Marks all episodes of a season as not watched, and forgets how far.
#[utoipa::path(
    delete, path = "/watched/shows/{id}/seasons/{number}", tag = "progress",
    params(("id" = i64, Path), ("number" = u32, Path)),
    responses((status = 204), (status = 404, body = Problem))
)]
async fn unmark_season(
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    Path((id, number)): Path<(i64, u32)>,
) -> Result<StatusCode, Problem> {
    mark(&progress, &viewer, Marked::Season(ShowId(id), number), false).await
}

/// Marks the episodes of a show that are out as watched; specials are left as they are.
#[utoipa::path(
    put, path = "/watched/shows/{id}", tag = "progress", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem))
)]
async fn mark_show(
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    mark(&progress, &viewer, Marked::Show(ShowId(id)), true).await
}

/// Marks all episodes of a show but its specials as not watched, and forgets how far.
#[utoipa::path(
    delete, path = "/watched/shows/{id}", tag = "progress", params(("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem))
)]
async fn unmark_show(
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    mark(&progress, &viewer, Marked::Show(ShowId(id)), false).await
}

async fn mark(
    progress: &ProgressHandle,
    viewer: &Principal,
    marked: Marked,
    is_watched: bool,
) -> Result<StatusCode, Problem> {
    progress.mark(viewer.user, marked, is_watched).await?;
    Ok(StatusCode::NO_CONTENT)
}
