//! The daemon's promises, tried from outside: real loopback swarms, real files, real HTTP.
//!
//! One binary, so that the library is linked once; one file per journey, and `support` for what they share.

mod byte_ranges;
mod command_line;
mod falls;
mod film_database;
mod film_database_faults;
mod finding_titles;
mod hostile_peers;
mod hostile_torrents;
mod languages;
mod many_players;
mod seeding;
mod shows;
mod signing_in;
mod sudden_death;
mod support;
mod swarm_playback;
mod tasks;
mod trakt;
