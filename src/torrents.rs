//! Active torrents: admission, sessions, leases, eviction, and the bytes that players read.

pub mod admission;
pub mod piece_source;
