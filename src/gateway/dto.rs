//! The JSON shapes of the API, one file per area. Their names are the names in the OpenAPI description.

pub mod account;
pub mod admin;
pub mod catalog;
pub mod lists;
pub mod playback;
pub mod progress;
pub mod show;
pub mod torrents;
pub mod trakt;
