//! What speaks to the outside, behind the traits of [`crate::ports`]. Only `app` knows that this exists.

pub mod engine;
pub mod tmdb;
