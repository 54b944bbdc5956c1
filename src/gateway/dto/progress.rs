//! Watch progress as clients send it.

use serde::Deserialize;
use utoipa::ToSchema;

/// How far the user is now.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveProgress {
    pub position_ms: i64,
    /// The film's length as the player knows it.
    pub duration_ms: i64,
}
