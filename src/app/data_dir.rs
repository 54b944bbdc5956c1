//! The folder that holds what the daemon must not lose, and the lock that keeps a second daemon out of it.

use crate::config::Config;
use std::{
    fs::{self, DirBuilder, File, TryLockError},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

/// Why the data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    #[error("no home directory is known; set `data.dir` in the configuration or MIAUFLIX_DATA__DIR")]
    NoHome,
    #[error("cannot use the data directory {dir}: {source}; set `data.dir` to a folder this user may write to")]
    Unusable { dir: PathBuf, source: std::io::Error },
    #[error("another miauflix uses the data directory {0}; stop it first, or set another `data.dir`")]
    InUse(PathBuf),
}

/// Where this configuration's data lives.
pub fn data_dir(config: &Config) -> Result<PathBuf, DataDirError> {
    if !config.data.dir.as_os_str().is_empty() {
        return std::path::absolute(&config.data.dir)
            .map_err(|source| DataDirError::Unusable { dir: config.data.dir.clone(), source });
    }
    let data_home = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".local/share"));
    Ok(data_home.or_else(home).ok_or(DataDirError::NoHome)?.join("miauflix"))
}

/// The database file of this configuration.
pub fn database_file(config: &Config) -> Result<PathBuf, DataDirError> {
    Ok(data_dir(config)?.join("miauflix.db"))
}

/// The database file, in a data directory that is there.
pub fn make_database_file(config: &Config) -> Result<PathBuf, DataDirError> {
    make_data_dir(config)?;
    database_file(config)
}

/// Makes the data directory where needed, for this user's eyes only.
fn make_data_dir(config: &Config) -> Result<PathBuf, DataDirError> {
    let dir = data_dir(config)?;
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&dir);
    made.map_err(|source| DataDirError::Unusable { dir: dir.clone(), source })?;
    Ok(dir)
}

/// Locks the data directory, made where needed, until the file is dropped.
pub fn lock_data_dir(config: &Config) -> Result<File, DataDirError> {
    let dir = make_data_dir(config)?;
    let unusable = |source| DataDirError::Unusable { dir: dir.clone(), source };
    let lock =
        fs::OpenOptions::new().create(true).truncate(false).write(true).open(dir.join("lock")).map_err(unusable)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(DataDirError::InUse(dir)),
        Err(TryLockError::Error(source)) => Err(unusable(source)),
    }
}
