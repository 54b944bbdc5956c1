//! Web servers that strangers named: webseeds (BEP 19), and where a magnet link's metadata may be had.
//!
//! They are called through the mux, which leads to the public internet only, at each redirect anew.

use super::mux::Mux;
use bytes::{Bytes, BytesMut};
use reqwest::{Client, Proxy, StatusCode, header, redirect};
use std::{ops::Range, time::Duration};
use url::Url;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a server may send nothing.
const READ_TIMEOUT: Duration = Duration::from_secs(15);
const MAX_REDIRECTS: usize = 3;
/// Idle connections to one server, and how long they are kept.
const MAX_IDLE: usize = 2;
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Calls web servers. Cheap to clone.
#[derive(Clone)]
pub struct Web {
    client: Client,
}

/// Why a server was of no use.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    #[error("it could not be reached, or broke off: {0}")]
    Failed(#[from] reqwest::Error),
    #[error("it answered {status}")]
    Status { status: StatusCode, retry_after: Option<Duration> },
    #[error("it does not answer byte ranges")]
    NoRanges,
    #[error("it sent more than was asked for")]
    TooLong,
}

impl Web {
    pub fn new(mux: &Mux) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .proxy(Proxy::all(mux.web_proxy_url())?)
            .redirect(redirect::Policy::limited(MAX_REDIRECTS))
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .pool_max_idle_per_host(MAX_IDLE)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .user_agent(concat!("Miauflix/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client })
    }

    /// All of a small file.
    pub async fn get(&self, url: Url, max_bytes: usize) -> Result<Bytes, WebError> {
        let mut answer = self.client.get(url).send().await?;
        if !answer.status().is_success() {
            return Err(refusal(&answer));
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len() + chunk.len() > max_bytes {
                return Err(WebError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    /// Asks for a stretch of a file; its bytes follow, no more of them than were asked for.
    pub async fn range(&self, url: Url, range: Range<u64>) -> Result<RangeBody, WebError> {
        let wanted = format!("bytes={}-{}", range.start, range.end - 1);
        let answer = self.client.get(url).header(header::RANGE, wanted).send().await?;
        match answer.status() {
            StatusCode::PARTIAL_CONTENT => {}
            StatusCode::OK => return Err(WebError::NoRanges),
            _ => return Err(refusal(&answer)),
        }
        let promised = answer.headers().get(header::CONTENT_RANGE).and_then(|value| value.to_str().ok());
        let start = format!("bytes {}-{}/", range.start, range.end - 1);
        if !promised.is_some_and(|promised| promised.starts_with(&start)) {
            return Err(WebError::NoRanges);
        }
        Ok(RangeBody { answer, rest: range.end - range.start })
    }
}

/// The bytes of a stretch.
pub struct RangeBody {
    answer: reqwest::Response,
    rest: u64,
}

impl RangeBody {
    /// The next bytes; none at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, WebError> {
        let Some(chunk) = self.answer.chunk().await? else { return Ok(None) };
        self.rest = self.rest.checked_sub(chunk.len() as u64).ok_or(WebError::TooLong)?;
        Ok(Some(chunk))
    }
}

fn refusal(answer: &reqwest::Response) -> WebError {
    let seconds = answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    WebError::Status { status: answer.status(), retry_after: seconds.map(Duration::from_secs) }
}
