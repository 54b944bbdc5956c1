//! From a stream ticket to an HTTP answer: conditions, byte range, headers, and only then a lease and a body.
//!
//! Answers are the same whether the film is complete or still arriving, so a player can rely on its byte ranges.

use super::{
    byte_range::{self, Selection},
    conditional::{self, Verdict},
    connection::Connection,
    content_disposition,
    problem::Problem,
    tickets::TicketGrant,
    video_body::VideoBody,
};
use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{
            ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, RANGE,
        },
    },
    response::{IntoResponse, Response},
};
use std::ops::Range;

/// Answers a GET or HEAD. HEAD, 304, 412 and 416 open nothing and take no lease.
pub fn answer(
    method: &Method,
    headers: &HeaderMap,
    grant: TicketGrant,
    connection: Connection,
) -> Result<Response, Problem> {
    let etag = format!("\"{}\"", grant.etag);
    let mut common = HeaderMap::new();
    common.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    common.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    common.insert(ETAG, HeaderValue::try_from(&etag).map_err(|error| super::error::internal(&error))?);

    let honour_range = match conditional::weigh(headers, &etag) {
        Verdict::NotModified => return Ok((StatusCode::NOT_MODIFIED, common).into_response()),
        Verdict::Failed => {
            let detail = "The film at this address is not the one the player had before. Open it again.";
            return Ok((common, Problem::new(StatusCode::PRECONDITION_FAILED, "changed", detail)).into_response());
        }
        Verdict::Answer { honour_range } => honour_range,
    };
    // GET is the only method for which ranges are defined (RFC 9110 §14.2).
    let is_get = method == Method::GET;
    let (status, range) = match select(headers, grant.len_bytes, honour_range && is_get) {
        Selection::Whole => (StatusCode::OK, 0..grant.len_bytes),
        Selection::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Selection::Unsatisfiable => {
            common.insert(CONTENT_RANGE, content_range(None, grant.len_bytes)?);
            let detail = format!("The film has {} bytes; the player asked for some behind its end.", grant.len_bytes);
            return Ok((common, Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "range", detail)).into_response());
        }
    };
    common.insert(CONTENT_TYPE, HeaderValue::from_static(grant.mime));
    common.insert(CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
    common.insert(CONTENT_DISPOSITION, content_disposition::inline(&grant.file_name));
    if status == StatusCode::PARTIAL_CONTENT {
        common.insert(CONTENT_RANGE, content_range(Some(&range), grant.len_bytes)?);
    }
    let body = if is_get && !range.is_empty() {
        Body::new(VideoBody::new((grant.lease)()?, range, grant.closed, connection))
    } else {
        Body::empty()
    };
    Ok((status, common, body).into_response())
}

fn select(headers: &HeaderMap, len_bytes: u64, honour_range: bool) -> Selection {
    let mut lines = headers.get_all(RANGE).iter();
    match (lines.next().and_then(|line| line.to_str().ok()), lines.next()) {
        (Some(line), None) if honour_range => byte_range::select(line, len_bytes),
        _ => Selection::Whole,
    }
}

fn content_range(range: Option<&Range<u64>>, len_bytes: u64) -> Result<HeaderValue, Problem> {
    let value = match range {
        Some(range) => format!("bytes {}-{}/{len_bytes}", range.start, range.end - 1),
        None => format!("bytes */{len_bytes}"),
    };
    HeaderValue::try_from(value).map_err(|error| super::error::internal(&error))
}
