//! Opening, watching over and closing playbacks.

use crate::{
    catalog::CatalogHandle,
    domain::{
        ids::{MovieId, SourceId},
        title::Watchable,
        user::Principal,
    },
    gateway::{
        client::Client,
        connection::Connection,
        dto::playback::{OpenPlayback, Playback, PlaybackStatus},
        extract::{Json, Path},
        policy::{Policy, Routes},
        problem::Problem,
        title_language::TitleLanguage,
    },
    playback::{PlaybackHandle, PlaybackId},
    progress::ProgressHandle,
};
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{StreamExt, stream};
use std::{convert::Infallible, time::Duration};

use utoipa_axum::routes;

pub fn routes() -> Routes {
    // Guests come through here so that the concern can tell them why they may not watch, where they may not.
    Routes::default()
        .add(Policy::Guest, routes!(open))
        .add(Policy::Guest, routes!(close))
        .add(Policy::Guest, routes!(status))
        .add(Policy::Guest, routes!(playlist))
}

/// How often a playback's status is looked at for its event stream.
const STATUS_INTERVAL: Duration = Duration::from_millis(500);

/// Opens a film for watching. Where its torrent's metadata is not known yet, that is fetched first.
#[utoipa::path(
    post, path = "/playback", tag = "playback", request_body = OpenPlayback,
    responses(
        (status = 201, body = Playback), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem), (status = 429, body = Problem), (status = 504, body = Problem)
    )
)]
async fn open(
    State(playback): State<PlaybackHandle>,
    State(catalog): State<CatalogHandle>,
    State(progress): State<ProgressHandle>,
    viewer: Principal,
    TitleLanguage(language): TitleLanguage,
    Json(body): Json<OpenPlayback>,
) -> Result<(StatusCode, axum::Json<Playback>), Problem> {
    let movie = MovieId(body.movie_id);
    let mut opened = playback.open(&viewer, movie, body.source_id.map(SourceId)).await?;
    opened.movie = catalog.translated(opened.movie, language).await?;
    let progress = progress.of(viewer.user, Watchable::Movie(movie)).await?;
    Ok((StatusCode::CREATED, axum::Json(Playback::new(&opened, progress))))
}

/// How a playback goes: once as JSON, or with `Accept: text/event-stream` as `status` events while it changes.
#[utoipa::path(
    get, path = "/playback/{id}/status", tag = "playback", params(("id" = String, Path)),
    responses((status = 200, body = PlaybackStatus), (status = 404, body = Problem))
)]
async fn status(
    State(playback): State<PlaybackHandle>,
    viewer: Principal,
    Path(id): Path<String>,
    Extension(connection): Extension<Connection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = PlaybackId(id);
    let now = PlaybackStatus::from(playback.status(&viewer, &id)?);
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if !accept.contains("text/event-stream") {
        return Ok(axum::Json(now).into_response());
    }
    let first = stream::iter([status_event(&now)]);
    let changes = stream::unfold((playback, viewer, id, now), |(playback, viewer, id, last)| async move {
        loop {
            tokio::time::sleep(STATUS_INTERVAL).await;
            // A closed playback, or a revoked sign-in, ends the stream.
            let now = PlaybackStatus::from(playback.status(&viewer, &id).ok()?);
            if now != last {
                return Some((status_event(&now), (playback, viewer, id, now)));
            }
        }
    });
    let events = first.chain(changes).take_until(connection.stopping.cancelled_owned());
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}

fn status_event(status: &PlaybackStatus) -> Result<Event, Infallible> {
    Ok(Event::default().event("status").json_data(status).unwrap_or_default())
}

/// Closes a playback; its streams end within two seconds.
#[utoipa::path(
    delete, path = "/playback/{id}", tag = "playback", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = Problem))
)]
async fn close(
    State(playback): State<PlaybackHandle>,
    viewer: Principal,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    playback.close(&viewer, PlaybackId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A playlist with the stream's whole address, for players outside the browser.
#[utoipa::path(
    get, path = "/playback/{id}/playlist.m3u8", tag = "playback", params(("id" = String, Path)),
    responses((status = 200, content_type = "audio/x-mpegurl", body = String), (status = 404, body = Problem))
)]
async fn playlist(
    State(playback): State<PlaybackHandle>,
    viewer: Principal,
    Path(id): Path<String>,
    client: Client,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (title, ticket) = playback.playlist(&viewer, &PlaybackId(id))?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let scheme = if client.is_https { "https" } else { "http" };
    let title = title.replace(['\r', '\n'], " ");
    let body = format!("#EXTM3U\n#EXTINF:-1,{title}\n{scheme}://{host}/stream/{}\n", ticket.expose());
    let headers = [
        (header::CONTENT_TYPE, "audio/x-mpegurl"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"miauflix.m3u8\""),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, body).into_response())
}
