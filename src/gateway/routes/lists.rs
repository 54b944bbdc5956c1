//! Lists: everybody's to read, and one's own to change.

use crate::{
    catalog::{CatalogHandle, ListChange, ListEdit, NewList},
    domain::{
        ids::{MovieId, ShowId},
        title::TitleId,
        user::Principal,
    },
    gateway::{
        dto::{
            catalog::Title,
            lists::{ChangeList, CreateList, List, ListSummary, Lists},
        },
        extract::{Json, Path, Query},
        policy::{Policy, Routes},
        problem::Problem,
        title_language::{InLanguage, TitleLanguage},
    },
    progress::ProgressHandle,
};
use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::default()
        .add(Policy::Guest, routes!(lists, create))
        .add(Policy::Guest, routes!(list, change, delete))
        .add(Policy::Guest, routes!(put_movie, remove_movie))
        .add(Policy::Guest, routes!(put_show, remove_show))
}

#[derive(Deserialize, IntoParams)]
struct PageOf {
    /// The `next` of the page before.
    after: Option<i64>,
}

/// The lists there are: one's own first, then those of one's account at Trakt, the system's, and what others share.
#[utoipa::path(get, path = "/lists", tag = "lists", responses((status = 200, body = Lists)))]
async fn lists(State(catalog): State<CatalogHandle>, viewer: Principal) -> Result<axum::Json<Lists>, Problem> {
    let lists = catalog.list_summaries(viewer.user).await?;
    Ok(axum::Json(Lists { lists: lists.into_iter().map(ListSummary::from).collect() }))
}

/// A page of a list. `my-list` is the asking user's own.
#[utoipa::path(
    get, path = "/lists/{slug}", tag = "lists", params(("slug" = String, Path), PageOf, InLanguage),
    responses((status = 200, body = List), (status = 404, body = Problem))
)]
async fn list(
    State(catalog): State<CatalogHandle>,
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    TitleLanguage(language): TitleLanguage,
    Path(slug): Path<String>,
    Query(page): Query<PageOf>,
) -> Result<axum::Json<List>, Problem> {
    let list = catalog.list(viewer.user, slug, language, page.after).await?;
    let items = Title::all(&list.items, &progress.movies(viewer.user).await?);
    Ok(axum::Json(List::new(list, items)))
}

/// Makes a list.
#[utoipa::path(
    post, path = "/lists", tag = "lists", request_body = CreateList,
    responses((status = 201, body = ListSummary), (status = 409, body = Problem), (status = 422, body = Problem))
)]
async fn create(
    State(catalog): State<CatalogHandle>,
    viewer: Principal,
    Json(body): Json<CreateList>,
) -> Result<(StatusCode, axum::Json<ListSummary>), Problem> {
    let new = NewList { name: body.name, description: body.description, is_public: body.is_public, is_default: false };
    let list = changed(&catalog, &viewer, ListChange::Create(new)).await?;
    Ok((StatusCode::CREATED, list))
}

/// Changes the name, the description, the place or the audience of one's own list.
#[utoipa::path(
    patch, path = "/lists/{slug}", tag = "lists", params(("slug" = String, Path)), request_body = ChangeList,
    responses(
        (status = 200, body = ListSummary), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)
    )
)]
async fn change(
    State(catalog): State<CatalogHandle>,
    viewer: Principal,
    Path(slug): Path<String>,
    Json(body): Json<ChangeList>,
) -> Result<axum::Json<ListSummary>, Problem> {
    let edit =
        ListEdit { name: body.name, description: body.description, is_public: body.is_public, position: body.position };
    changed(&catalog, &viewer, ListChange::Edit { slug, edit }).await
}

/// Deletes one's own list; its titles stay in the catalog.
#[utoipa::path(
    delete, path = "/lists/{slug}", tag = "lists", params(("slug" = String, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn delete(
    State(catalog): State<CatalogHandle>,
    viewer: Principal,
    Path(slug): Path<String>,
) -> Result<StatusCode, Problem> {
    catalog.change_list(&viewer, ListChange::Delete { slug }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts a film in front of one's own list.
#[utoipa::path(
    put, path = "/lists/{slug}/items/movies/{id}", tag = "lists", params(("slug" = String, Path), ("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn put_movie(
    State(catalog): State<CatalogHandle>,
    viewer: Principal,
    Path((slug, id)): Path<(String, i64)>,
) -> Result<StatusCode, Problem> {
    put(&catalog, &viewer, slug, TitleId::Movie(MovieId(id))).await
}

/// Takes a film out of one's own list.
#[utoipa::path(
    delete, path = "/lists/{slug}/items/movies/{id}", tag = "lists",
    params(("slug" = String, Path), ("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn remove_movie(
    State(catalog): State<CatalogHandle>,
    viewer: Principal,
    Path((slug, id)): Path<(String, i64)>,
) -> Result<StatusCode, Problem> {
    remove(&catalog, &viewer, slug, TitleId::Movie(MovieId(id))).await
}

/// Puts a show in front of one's own list.
#[utoipa::path(
    put, path = "/lists/{slug}/items/shows/{id}", tag = "lists", params(("slug" = String, Path), ("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn put_show(
    State(catalog): State<CatalogHandle>,
    viewer: Principal,
    Path((slug, id)): Path<(String, i64)>,
) -> Result<StatusCode, Problem> {
    put(&catalog, &viewer, slug, TitleId::Show(ShowId(id))).await
}

/// Takes a show out of one's own list.
#[utoipa::path(
    delete, path = "/lists/{slug}/items/shows/{id}", tag = "lists",
    params(("slug" = String, Path), ("id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn remove_show(
    State(catalog): State<CatalogHandle>,
    viewer: Principal,
    Path((slug, id)): Path<(String, i64)>,
) -> Result<StatusCode, Problem> {
    remove(&catalog, &viewer, slug, TitleId::Show(ShowId(id))).await
}

async fn put(catalog: &CatalogHandle, viewer: &Principal, slug: String, title: TitleId) -> Result<StatusCode, Problem> {
    catalog.change_list(viewer, ListChange::Put { slug, title }).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
    catalog: &CatalogHandle,
    viewer: &Principal,
    slug: String,
    title: TitleId,
) -> Result<StatusCode, Problem> {
    catalog.change_list(viewer, ListChange::Remove { slug, title }).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn changed(
    catalog: &CatalogHandle,
    viewer: &Principal,
    change: ListChange,
) -> Result<axum::Json<ListSummary>, Problem> {
    let list = catalog.change_list(viewer, change).await?.ok_or_else(Problem::not_found)?;
    Ok(axum::Json(list.into()))
}
