//! The daemon's promises, tried from outside: real loopback swarms, real files, real HTTP.
//!
//! One binary, so that the library is linked once; one file per journey, and `support` for what they share.

mod support;
