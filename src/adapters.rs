//! What speaks to the outside, behind the traits of [`crate::ports`]. Only `app` knows that this exists.

mod breaker;
pub mod engine;
mod gate;
pub mod tmdb;
pub mod trakt;
