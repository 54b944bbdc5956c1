//! Opening one's own torrent.

use crate::{
    catalog::CatalogHandle,
    domain::{ids::MovieId, user::Principal},
    gateway::{
        dto::{catalog::MovieDetail, torrents::OpenTorrent},
        extract::{Json, Path},
        policy::{Policy, Routes},
        problem::Problem,
    },
    playback::{OwnTorrent, PlaybackHandle},
    torrents::admission::METAINFO_MAX_BYTES,
};
use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode, header},
};
use std::collections::HashMap;

use utoipa_axum::{router::UtoipaMethodRouterExt, routes};

pub fn routes() -> Routes {
    // Which role may open one's own is a setting, which the concern knows.
    Routes::default()
        .add(Policy::Guest, routes!(open).layer(DefaultBodyLimit::max(METAINFO_MAX_BYTES)))
        .add(Policy::Guest, routes!(remove))
}

const METAINFO_TYPE: &str = "application/x-bittorrent";

/// Opens a torrent as a film of one's own: a magnet link as JSON, or a `.torrent` file's bytes. 200 when it was there.
#[utoipa::path(
    post, path = "/torrents", tag = "torrents",
    request_body(content((OpenTorrent = "application/json"), (Vec<u8> = "application/x-bittorrent"))),
    responses(
        (status = 201, body = MovieDetail), (status = 200, body = MovieDetail), (status = 403, body = Problem),
        (status = 422, body = Problem), (status = 504, body = Problem)
    )
)]
async fn open(
    State(playback): State<PlaybackHandle>,
    State(catalog): State<CatalogHandle>,
    viewer: Principal,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, axum::Json<MovieDetail>), Problem> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let torrent = if content_type.starts_with(METAINFO_TYPE) {
        OwnTorrent::Metainfo(body)
    } else {
        OwnTorrent::Magnet(Json::<OpenTorrent>::from_bytes(&body)?.0.magnet)
    };
    let (movie, is_new) = playback.open_torrent(&viewer, torrent).await?;
    let page = catalog.open(movie, &viewer, None).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, axum::Json(MovieDetail::new(page, &HashMap::new(), false))))
}

/// Forgets a film that one opened oneself. What is on disk goes when space is needed.
#[utoipa::path(
    delete, path = "/torrents/{movie_id}", tag = "torrents", params(("movie_id" = i64, Path)),
    responses((status = 204), (status = 404, body = Problem))
)]
async fn remove(
    State(catalog): State<CatalogHandle>,
    viewer: Principal,
    Path(movie): Path<i64>,
) -> Result<StatusCode, Problem> {
    catalog.remove_own(MovieId(movie), &viewer).await?;
    Ok(StatusCode::NO_CONTENT)
}
