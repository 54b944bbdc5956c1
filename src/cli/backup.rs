//! `miauflix backup`: copies of the database that can be trusted and put back.
//!
//! Keys and films are not in a backup: keys are made anew (everybody signs in again, and links
//! accounts at Trakt again), films download again.

use super::Failure;
use crate::{
    app,
    config::Config,
    store::{Store, verify},
};
use clap::Subcommand;
use std::{
    fs, io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Subcommand)]
pub enum BackupCommand {
    /// Copies the database into FILE, which must not exist; the daemon may run meanwhile
    Create { file: PathBuf },
    /// Checks that FILE is a whole database
    Verify { file: PathBuf },
    /// Puts FILE in the place of the database; the daemon must be stopped. The old one is kept beside it
    Restore { file: PathBuf },
}

pub fn run(config: &Config, command: BackupCommand) -> Result<ExitCode, Failure> {
    match command {
        BackupCommand::Create { file } => create(config, &file)?,
        BackupCommand::Verify { file } => check(&file)?,
        BackupCommand::Restore { file } => restore(config, &file)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn create(config: &Config, file: &Path) -> Result<(), Failure> {
    if file.exists() {
        return Err(Failure::usage(format!("{} exists already; name a new file", file.display())));
    }
    let database = app::database_file(config).map_err(Failure::failed)?;
    if !database.exists() {
        return Err(Failure::usage(format!("there is no database at {}", database.display())));
    }
    // SQLite fills an empty file; made by us, it is for its owner's eyes only: it holds password hashes.
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).map_err(Failure::failed)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::failed)?;
    runtime.block_on(async { Store::open(&database)?.copy_into(file).await }).map_err(Failure::failed)?;
    check(file)?;
    println!("Saved {}", file.display());
    Ok(())
}

fn check(file: &Path) -> Result<(), Failure> {
    if !file.is_file() {
        return Err(Failure::usage(format!("there is no file {}", file.display())));
    }
    verify(file).map_err(|error| Failure {
        code: 1,
        text: format!("{} is not usable: {:#}", file.display(), anyhow::Error::from(error)),
    })
}

fn restore(config: &Config, file: &Path) -> Result<(), Failure> {
    check(file)?;
    let _lock = app::lock_data_dir(config).map_err(Failure::failed)?;
    let database = app::database_file(config).map_err(Failure::failed)?;
    let incoming = database.with_extension("db.incoming");
    fs::copy(file, &incoming).map_err(Failure::failed)?;
    fs::File::open(&incoming).and_then(|copy| copy.sync_all()).map_err(Failure::failed)?;
    if database.exists() {
        keep_aside(&database).map_err(Failure::failed)?;
    }
    fs::rename(&incoming, &database).map_err(Failure::failed)?;
    println!("Restored {}", file.display());
    Ok(())
}

/// Keeps the database that is there, damaged or not, beside the one to come. Its own name always leads to a database.
fn keep_aside(database: &Path) -> io::Result<()> {
    // Folds the write-ahead log in where that can be done; a damaged database is replaced all the same.
    if let Err(error) = verify(database) {
        eprintln!("miauflix: the database to be replaced is not whole: {error}");
    }
    let kept = database.with_extension("db.before-restore");
    match fs::remove_file(&kept) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::hard_link(database, &kept)?,
    }
    for log in ["wal", "shm"] {
        match fs::rename(
            database.with_extension(format!("db-{log}")),
            kept.with_extension(format!("before-restore-{log}")),
        ) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    println!("The database that was there is kept as {}", kept.display());
    Ok(())
}
