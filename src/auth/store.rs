//! SQL of accounts and login sessions.

pub mod sessions;
pub mod users;
