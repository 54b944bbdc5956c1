//! The HTTP side as clients see it: over sockets or, where those make no difference, by the router alone.

mod accounts;
mod checks;
mod connections;
pub mod films;
mod house;
mod pages;
mod roles;
mod streams;
