//! Films' pictures.

use crate::{
    domain::media::{ImageName, ImageSize},
    gateway::{
        extract::Path,
        policy::{Policy, Routes},
        problem::Problem,
    },
    images::{ImagesError, ImagesHandle},
};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use utoipa_axum::routes;

/// A picture's name never stands for another picture.
const FOR_GOOD: &str = "private, max-age=31536000, immutable";

pub fn routes() -> Routes {
    Routes::default().add(Policy::Guest, routes!(image))
}

/// A picture of a film, as the `poster` and `backdrop` of a title name it. Sizes: w92, w154, w185, w300, w342, w500, w780,
/// w1280.
#[utoipa::path(
    get, path = "/images/{size}/{name}", tag = "catalog", params(("size" = String, Path), ("name" = String, Path)),
    responses(
        (status = 200, description = "JPEG, PNG or WebP", content_type = "image/*"),
        (status = 404, body = Problem),
        (status = 503, body = Problem)
    )
)]
async fn image(
    State(images): State<ImagesHandle>,
    Path((size, name)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (size, name) = ImageSize::parse(&size).zip(ImageName::new(&name)).ok_or(ImagesError::NotFound)?;
    let image = images.get(size, name).await?;
    let headers = [(header::CONTENT_TYPE, image.content_type), (header::CACHE_CONTROL, FOR_GOOD)];
    Ok((headers, image.bytes).into_response())
}
