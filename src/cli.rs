//! The daemon's commands.

pub mod user;
