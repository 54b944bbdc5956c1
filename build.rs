//! Has the crate built again when the interface was: its files are embedded, and new ones would go unnoticed.

use std::{fs, io};

fn main() -> io::Result<()> {
    // Cargo takes a folder that does not exist for one that changed, at every build.
    fs::create_dir_all("ui/dist")?;
    println!("cargo::rerun-if-changed=ui/dist");
    Ok(())
}
