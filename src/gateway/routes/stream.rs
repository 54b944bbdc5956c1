//! The video itself.

use crate::gateway::{
    connection::Connection,
    extract::Path,
    policy::{Policy, Routes},
    problem::Problem,
    stream,
    tickets::Tickets,
};
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, Method},
    response::Response,
};
use std::sync::Arc;
use utoipa_axum::routes;

pub fn routes() -> Routes {
    Routes::default().add(Policy::Ticket, routes!(watch))
}

/// The film behind a ticket, as byte ranges (RFC 9110 §14). The ticket is all a player needs.
#[utoipa::path(method(get, head), path = "/stream/{ticket}", tag = "playback", params(("ticket" = String, Path)),
    responses(
    (status = 200, description = "The whole film", content_type = "video/*"),
    (status = 206, description = "The range that was asked for", content_type = "video/*"),
    (status = 304, description = "The player has it already"),
    (status = 401, body = Problem, description = "ticket_invalid: open the playback again"),
    (status = 412, body = Problem, description = "changed"),
    (status = 416, body = Problem, description = "range: nothing lies there"),
    (status = 429, body = Problem, description = "too_many_streams"),
))]
async fn watch(
    State(tickets): State<Arc<dyn Tickets>>,
    Extension(connection): Extension<Connection>,
    Path(ticket): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    stream::answer(&method, &headers, tickets.find(&ticket)?, connection)
}
