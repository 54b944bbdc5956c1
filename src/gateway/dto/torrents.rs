//! Torrents as clients send them.

use serde::Deserialize;
use utoipa::ToSchema;

/// A torrent to open, by its magnet link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenTorrent {
    pub magnet: String,
}
