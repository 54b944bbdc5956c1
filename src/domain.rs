//! Pure types and rules: no I/O, no clock, no framework.

pub mod ids;
pub mod info_hash;
pub mod title;
pub mod user;
