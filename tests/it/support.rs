//! What the journeys are built from: films, torrents, and the programs and peers around the daemon.
//!
//! Everything listens on loopback, on addresses no other test process has, and ends with the value that started it.

pub mod app;
pub mod daemon;
pub mod eventually;
pub mod film;
pub mod loopback;
pub mod metainfo;
pub mod nginx;
pub mod peer;
pub mod process;
pub mod qbittorrent;
pub mod swarm;
pub mod tmdb;
pub mod tracker;
pub mod trakt;
pub mod transmission;
pub mod wire;
