//! What tests of the concerns' SQL stand on.

pub mod plans;
