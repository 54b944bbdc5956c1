//! The daemon's command line. Everything else is the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    miauflix::cli::run()
}
