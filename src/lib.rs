//! Miauflix: one daemon that keeps a catalog of films and shows and streams them from torrent swarms while they download.
//!
//! ```text
//! main → cli → app → gateway → concerns (handles) → { store, supervision, ports } → domain
//!                    adapters ──implement ports──────────┘      nobody knows adapters but app
//! ```
//!
//! Pressing Watch: [`gateway`] checks who asks and hands on to [`playback`], which finds the film's source in the
//! [`catalog`], has [`torrents`] make its torrent active, and answers a ticket. The stream that the ticket opens reads
//! verified bytes from a [`torrents::piece_source::PieceSource`], which no actor stands in front of.
//!
//! # Code map
//! | module | what it owns |
//! |---|---|
//! | [`domain`] | ids, info hashes, magnets, titles, roles: pure types and rules |
//! | [`supervision`] | addresses that outlive actors, restarts, back-off, reconcilers, the live tree, tasks |
//! | [`store`], [`sealing`], [`owner_only`], [`config`], [`events`], [`clock`], [`telemetry`], [`ports`] | what every concern stands on |
//! | [`auth`], [`audit`], [`progress`], [`catalog`], [`torrents`], [`playback`] | the concerns: one actor, one handle, their own tables |
//! | [`lists`], [`images`] | what the catalog shows from The Movie Database: its lists, kept fresh, and its pictures, kept on disk |
//! | [`trakt`] | users' accounts at Trakt, kept in step with what they watch here and with their lists |
//! | [`adapters`] | librqbit behind [`ports::TorrentEngine`], and all its connections: [`adapters::engine`] says how; The Movie Database behind [`ports::MovieDatabase`]; Trakt behind [`ports::WatchTracker`] |
//! | [`torrents::lane`] | the express lane: which block to ask which peer for, now |
//! | [`playback_check`] | the film that the daemon seeds to itself |
//! | [`gateway`] | HTTP, JSON, the embedded web app, byte ranges |
//! | [`app`], [`cli`] | the wiring, and the command line |
//!
//! # Supervision tree
//! ```text
//! root           3 restarts in 60 s, else the daemon ends with exit code 1
//! ├── accounts   Audit, Auth, Progress
//! ├── library    Catalog, Lists, Trakt
//! ├── playback   Torrents ─ TorrentSession <info hash>, Playbacks
//! └── Gateway
//! ```
//! Started from the top, stopped from the bottom. Each supervisor is a blast radius.
//!
//! # Invariants
//! 1. `domain` does no I/O and knows no framework.
//! 2. Only the owning concern writes a table.
//! 3. Only `gateway` knows HTTP and JSON; only `adapters` know remote services and the torrent engine (whose parser
//!    admission uses, so that what is admitted is what the engine takes).
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
pub mod images;
pub mod lists;
pub mod owner_only;
pub mod playback;
pub mod playback_check;
pub mod ports;
pub mod progress;
pub mod sealing;
pub mod store;
pub mod supervision;
pub mod telemetry;
pub mod torrents;
pub mod trakt;
