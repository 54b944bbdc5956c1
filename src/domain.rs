//! Pure types and rules: no I/O, no clock, no framework.

pub mod foreign_name;
pub mod ids;
pub mod info_hash;
pub mod language;
pub mod magnet;
pub mod media;
pub mod next_up;
pub mod playable;
pub mod renumbering;
pub mod search;
pub mod show;
pub mod tint;
pub mod title;
pub mod tracker;
pub mod tracking;
pub mod user;
pub mod web_address;
