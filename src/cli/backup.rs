//! `miauflix backup`: copies of the database that can be trusted and put back.
//!
//! Keys and films are not in a backup: keys are made anew (everybody signs in again), films download again.

use super::Failure;
use crate::{
    app,
    config::Config,
    store::{Store, verify},
};
use clap::Subcommand;
use std::{
    fs,
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
        let kept = database.with_extension("db.before-restore");
        // Opening folds the write-ahead log into the file, so that the copy kept is whole.
        verify(&database).map_err(Failure::failed)?;
        fs::rename(&database, &kept).map_err(Failure::failed)?;
        println!("The database that was there is kept as {}", kept.display());
    }
    for log in ["db-wal", "db-shm"] {
        let _ = fs::remove_file(database.with_extension(log));
    }
    fs::rename(&incoming, &database).map_err(Failure::failed)?;
    println!("Restored {}", file.display());
    Ok(())
}
