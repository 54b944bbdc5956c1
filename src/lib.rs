//! Miauflix: one daemon that keeps a catalog of films and streams them from torrent swarms while they download.
//!
//! ```text
//! main → cli → app → gateway → concerns (handles) → { store, supervision, ports } → domain
//!                    adapters ──implement ports──────────┘      nobody knows adapters but app
//! ```
//!
//! # Supervision tree
//! ```text
//! root
//! ├── accounts   Auth, Progress
//! ├── library    Catalog
//! ├── playback   Torrents ─ TorrentSession <info hash>, Playbacks
//! └── gateway
//! ```
//!
//! # Invariants
//! 1. `domain` does no I/O and knows no framework.
//! 2. Only the owning concern writes a table.
//! 3. Only `gateway` knows HTTP and JSON; only `adapters` know remote services and the torrent engine.
//! 4. No message carries media bytes.
//! 5. No actor handler awaits anything but the local store.
//! 6. Every queue, cache, body, batch and wait has a limit.
//! 7. After a crash of any actor its state is rebuilt from the store within one back-off.
//! 8. Events are hints; the store is the truth.
//! 9. Nothing is global: two daemons run in one process (tests do).
//!
//! `tests/tidy.rs` holds the layer rules.
#![forbid(unsafe_code)]

pub mod adapters;
pub mod app;
pub mod audit;
pub mod auth;
pub mod catalog;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod events;
pub mod gateway;
pub mod playback;
pub mod playback_check;
pub mod ports;
pub mod progress;
pub mod store;
pub mod supervision;
pub mod telemetry;
pub mod torrents;
