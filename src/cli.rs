//! The commands beside `serve`: each takes its input, writes its output, and answers an exit code.

pub mod torrent_check;
pub mod user;
