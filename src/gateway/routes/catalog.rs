//! Home, lists and films.

use crate::{
    catalog::{CatalogHandle, TitleList},
    domain::{
        ids::MovieId,
        title::{Movie, Progress, WatchState},
        user::Principal,
    },
    gateway::{
        dto::catalog::{Home, HomeRow, HomeRowKind, List, ListSummary, Lists, MovieDetail, Source, Sources, Title},
        extract::Path,
        policy::{Policy, Routes},
        problem::Problem,
    },
    progress::ProgressHandle,
};
use axum::extract::State;
use std::{cmp::Reverse, collections::HashMap};

use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::default()
        .add(Policy::Guest, routes!(home))
        .add(Policy::Guest, routes!(lists))
        .add(Policy::Guest, routes!(list))
        .add(Policy::Guest, routes!(movie))
        .add(Policy::Guest, routes!(sources))
}

/// Films in the "Continue watching" row, and in any other.
const CONTINUE_LENGTH: usize = 20;
const ROW_LENGTH: u32 = 40;

/// The home screen: every row in one answer.
#[utoipa::path(get, path = "/home", tag = "catalog", responses((status = 200, body = Home)))]
async fn home(
    State(catalog): State<CatalogHandle>,
    State(progress): State<ProgressHandle>,
    viewer: Principal,
) -> Result<axum::Json<Home>, Problem> {
    let lists = catalog.lists(ROW_LENGTH).await?;
    let own = catalog.own(viewer.user).await?;
    let progress = progress.all(viewer.user).await?;
    let mut rows = Vec::new();
    let under_way = catalog.movies(under_way(&progress), &viewer).await?;
    if !under_way.is_empty() {
        rows.push(row("continue", "Continue watching", HomeRowKind::Continue, &under_way, &progress));
    }
    for list in &lists {
        rows.push(row(&list.slug, &list.name, HomeRowKind::List, &list.movies, &progress));
    }
    if !own.is_empty() {
        rows.push(row("own", "Opened by you", HomeRowKind::List, &own, &progress));
    }
    Ok(axum::Json(Home { rows }))
}

/// The films a user is in the middle of, the latest first.
fn under_way(progress: &HashMap<MovieId, Progress>) -> Vec<MovieId> {
    let is_under_way = |progress: &Progress| progress.state == WatchState::Watching && progress.position_ms > 0;
    let mut movies: Vec<_> = progress
        .iter()
        .filter(|(_, progress)| is_under_way(progress))
        .map(|(movie, progress)| (Reverse(progress.updated_at), *movie))
        .collect();
    movies.sort();
    movies.into_iter().take(CONTINUE_LENGTH).map(|(_, movie)| movie).collect()
}

fn row<'all>(
    slug: &str,
    name: &str,
    kind: HomeRowKind,
    movies: impl IntoIterator<Item = &'all Movie>,
    progress: &HashMap<MovieId, Progress>,
) -> HomeRow {
    HomeRow { slug: slug.to_owned(), name: name.to_owned(), kind, items: titles(movies, progress) }
}

fn titles<'all>(movies: impl IntoIterator<Item = &'all Movie>, progress: &HashMap<MovieId, Progress>) -> Vec<Title> {
    movies.into_iter().map(|movie| Title::new(movie, progress.get(&movie.id).copied())).collect()
}

/// The lists there are.
#[utoipa::path(get, path = "/lists", tag = "catalog", responses((status = 200, body = Lists)))]
async fn lists(State(catalog): State<CatalogHandle>) -> Result<axum::Json<Lists>, Problem> {
    let summary = |list: TitleList| ListSummary {
        count: list.movies.len(),
        slug: list.slug,
        name: list.name,
        description: list.description,
    };
    Ok(axum::Json(Lists { lists: catalog.lists(u32::MAX).await?.into_iter().map(summary).collect() }))
}

/// One list with its films.
#[utoipa::path(
    get, path = "/lists/{slug}", tag = "catalog", params(("slug" = String, Path)),
    responses((status = 200, body = List), (status = 404, body = Problem))
)]
async fn list(
    State(catalog): State<CatalogHandle>,
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    Path(slug): Path<String>,
) -> Result<axum::Json<List>, Problem> {
    let list = catalog.list(&slug).await?;
    let items = titles(&list.movies, &progress.all(viewer.user).await?);
    Ok(axum::Json(List { slug: list.slug, name: list.name, description: list.description, items }))
}

/// A film with its sources.
#[utoipa::path(
    get, path = "/movies/{id}", tag = "catalog", params(("id" = i64, Path)),
    responses((status = 200, body = MovieDetail), (status = 404, body = Problem))
)]
async fn movie(
    State(catalog): State<CatalogHandle>,
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    Path(id): Path<i64>,
) -> Result<axum::Json<MovieDetail>, Problem> {
    let found = catalog.open(MovieId(id), &viewer).await?;
    let progress = progress.of(viewer.user, MovieId(id)).await?;
    Ok(axum::Json(MovieDetail::new(&found.0, &found.1, progress)))
}

/// What a film can play from, best first.
#[utoipa::path(
    get, path = "/movies/{id}/sources", tag = "catalog", params(("id" = i64, Path)),
    responses((status = 200, body = Sources), (status = 404, body = Problem))
)]
async fn sources(
    State(catalog): State<CatalogHandle>,
    viewer: Principal,
    Path(id): Path<i64>,
) -> Result<axum::Json<Sources>, Problem> {
    let found = catalog.movie(MovieId(id), &viewer).await?;
    let sources = found.1.iter().map(|source| Source::new(source, &found.0)).collect();
    Ok(axum::Json(Sources { sources }))
}
