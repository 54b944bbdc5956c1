//! Films and shows: by themselves, by the page, and by what somebody types.

use crate::{
    catalog::{Browse, CatalogHandle, Sort},
    domain::{
        ids::{MovieId, ShowId},
        media::TitleKind,
        title::TitleId,
        user::Principal,
    },
    gateway::{
        dto::{
            catalog::{MovieDetail, Source, Sources, Title},
            lists::{Genres, SearchResults, TitlePage},
            show::{Season, ShowDetail},
        },
        extract::{Path, Query},
        policy::{Policy, Routes},
        problem::Problem,
        title_language::{InLanguage, TitleLanguage},
    },
    progress::ProgressHandle,
};
use axum::extract::State;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::default()
        .add(Policy::Guest, routes!(movies))
        .add(Policy::Guest, routes!(movie))
        .add(Policy::Guest, routes!(sources))
        .add(Policy::Guest, routes!(shows))
        .add(Policy::Guest, routes!(show))
        .add(Policy::Guest, routes!(season))
        .add(Policy::Guest, routes!(genres))
        .add(Policy::Guest, routes!(search))
}

/// Which titles, and in which order.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BrowseBy {
    /// A genre's id.
    genre: Option<i64>,
    /// The first and the last year, both included.
    from_year: Option<i32>,
    to_year: Option<i32>,
    /// From 0 to 10.
    min_rating: Option<f64>,
    /// Of films only.
    max_runtime_ms: Option<i64>,
    /// Only what there is something to play from.
    #[serde(default)]
    available: bool,
    #[serde(default)]
    #[param(inline)]
    sort: SortBy,
    /// The `next` of the page before.
    after: Option<i64>,
    /// Read by [`TitleLanguage`].
    #[serde(rename = "lang")]
    #[param(ignore)]
    _lang: Option<String>,
}

#[derive(Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SortBy {
    #[default]
    Popular,
    /// Of those that are out.
    Newest,
    Rating,
    Title,
}

impl BrowseBy {
    fn of(self, kind: TitleKind) -> Browse {
        let years = (self.from_year.is_some() || self.to_year.is_some())
            .then(|| self.from_year.unwrap_or(i32::MIN)..=self.to_year.unwrap_or(i32::MAX));
        Browse {
            kind,
            genre: self.genre,
            years,
            min_rating: self.min_rating.filter(|rating| rating.is_finite()),
            max_runtime_ms: self.max_runtime_ms,
            is_available: self.available,
            sort: match self.sort {
                SortBy::Popular => Sort::Popular,
                SortBy::Newest => Sort::Newest,
                SortBy::Rating => Sort::Rating,
                SortBy::Title => Sort::Title,
            },
            after: self.after,
        }
    }
}

/// A page of the films there are.
#[utoipa::path(
    get, path = "/movies", tag = "catalog", params(BrowseBy, InLanguage),
    responses((status = 200, body = TitlePage), (status = 422, body = Problem))
)]
async fn movies(
    State(catalog): State<CatalogHandle>,
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    language: TitleLanguage,
    Query(by): Query<BrowseBy>,
) -> Result<axum::Json<TitlePage>, Problem> {
    page(&catalog, &progress, &viewer, language, by.of(TitleKind::Movie)).await
}

/// A page of the shows there are.
#[utoipa::path(
    get, path = "/shows", tag = "catalog", params(BrowseBy, InLanguage),
    responses((status = 200, body = TitlePage), (status = 422, body = Problem))
)]
async fn shows(
    State(catalog): State<CatalogHandle>,
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    language: TitleLanguage,
    Query(by): Query<BrowseBy>,
) -> Result<axum::Json<TitlePage>, Problem> {
    page(&catalog, &progress, &viewer, language, by.of(TitleKind::Show)).await
}

async fn page(
    catalog: &CatalogHandle,
    progress: &ProgressHandle,
    viewer: &Principal,
    TitleLanguage(language): TitleLanguage,
    browse: Browse,
) -> Result<axum::Json<TitlePage>, Problem> {
    let (titles, next) = catalog.browse(browse, language).await?;
    let items = Title::all(&titles, &progress.movies(viewer.user).await?);
    Ok(axum::Json(TitlePage { items, next: next.map(|next| next.to_string()) }))
}

/// A film with its sources.
#[utoipa::path(
    get, path = "/movies/{id}", tag = "catalog", params(("id" = i64, Path), InLanguage),
    responses((status = 200, body = MovieDetail), (status = 404, body = Problem))
)]
async fn movie(
    State(catalog): State<CatalogHandle>,
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    TitleLanguage(language): TitleLanguage,
    Path(id): Path<i64>,
) -> Result<axum::Json<MovieDetail>, Problem> {
    let page = catalog.open(MovieId(id), &viewer, language).await?;
    let progress = progress.movies(viewer.user).await?;
    let is_in_my_list = catalog.is_in_my_list(viewer.user, TitleId::Movie(MovieId(id))).await?;
    Ok(axum::Json(MovieDetail::new(page, &progress, is_in_my_list)))
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

/// A show with its seasons.
#[utoipa::path(
    get, path = "/shows/{id}", tag = "catalog", params(("id" = i64, Path), InLanguage),
    responses((status = 200, body = ShowDetail), (status = 404, body = Problem))
)]
async fn show(
    State(catalog): State<CatalogHandle>,
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    TitleLanguage(language): TitleLanguage,
    Path(id): Path<i64>,
) -> Result<axum::Json<ShowDetail>, Problem> {
    let page = catalog.open_show(ShowId(id), language).await?;
    let progress = progress.show(viewer.user, ShowId(id)).await?;
    let next = catalog.episodes(progress.next.iter().map(|(next, _)| next.episode()).collect(), None).await?;
    let is_in_my_list = catalog.is_in_my_list(viewer.user, TitleId::Show(ShowId(id))).await?;
    let next = next.first().map(|(episode, _)| episode);
    Ok(axum::Json(ShowDetail::new(page, &progress, next, is_in_my_list)))
}

/// A season with its episodes.
#[utoipa::path(
    get, path = "/shows/{id}/seasons/{number}", tag = "catalog", params(("id" = i64, Path), ("number" = u32, Path)),
    responses((status = 200, body = Season), (status = 404, body = Problem))
)]
async fn season(
    State(catalog): State<CatalogHandle>,
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    Path((id, number)): Path<(i64, u32)>,
) -> Result<axum::Json<Season>, Problem> {
    let (season, episodes) = catalog.open_season(ShowId(id), number).await?;
    let progress = progress.season(viewer.user, ShowId(id), number).await?;
    Ok(axum::Json(Season::new(&season, &episodes, &progress)))
}

/// The genres that titles have.
#[utoipa::path(get, path = "/genres", tag = "catalog", params(InLanguage), responses((status = 200, body = Genres)))]
async fn genres(
    State(catalog): State<CatalogHandle>,
    TitleLanguage(language): TitleLanguage,
) -> Result<axum::Json<Genres>, Problem> {
    Ok(axum::Json(Genres { genres: catalog.genres(language).await?.into_iter().map(Into::into).collect() }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SearchFor {
    /// What somebody types; cut after 100 letters.
    #[serde(default)]
    q: String,
}

/// Films and shows by what somebody types, mistyped or not. What is here already comes at once.
#[utoipa::path(
    get, path = "/search", tag = "catalog", params(SearchFor, InLanguage), responses((status = 200, body = SearchResults))
)]
async fn search(
    State(catalog): State<CatalogHandle>,
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    TitleLanguage(language): TitleLanguage,
    Query(wanted): Query<SearchFor>,
) -> Result<axum::Json<SearchResults>, Problem> {
    let found = catalog.search(&wanted.q, language).await?;
    let items = Title::all(&found.items, &progress.movies(viewer.user).await?);
    Ok(axum::Json(SearchResults { items, is_complete: found.is_complete }))
}
