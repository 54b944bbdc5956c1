//! Files that only the daemon's own user may read.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// Why such a file or folder could not be used.
#[derive(Debug, thiserror::Error)]
pub enum OwnerOnlyError {
    #[error("failed to use {path}; the data directory must be writable by the daemon")]
    File { path: PathBuf, source: io::Error },
    #[error("others than its owner can read {path}; run `chmod go= {path}` and start again")]
    Exposed { path: PathBuf },
}

/// Makes a folder with mode 0700, unless it is there.
pub fn make_folder(path: &Path) -> Result<(), OwnerOnlyError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|source| file_error(path, source))
}

/// Puts a file with mode 0600 in place, in one piece and durably.
pub fn write(path: &Path, content: &[u8]) -> Result<(), OwnerOnlyError> {
    let written = || -> io::Result<()> {
        let unfinished = path.with_extension("new");
        match std::fs::remove_file(&unfinished) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        file.write_all(content)?;
        file.sync_all()?;
        std::fs::rename(&unfinished, path)?;
        path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    written().map_err(|source| file_error(path, source))
}

/// Refuses what anybody but its owner may read or write.
pub fn check(path: &Path) -> Result<(), OwnerOnlyError> {
    let metadata = std::fs::metadata(path).map_err(|source| file_error(path, source))?;
    if metadata.mode() & 0o077 != 0 { Err(OwnerOnlyError::Exposed { path: path.to_owned() }) } else { Ok(()) }
}

/// Removes a file, unless it is gone.
pub fn remove(path: &Path) -> Result<(), OwnerOnlyError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(file_error(path, error)),
        _ => Ok(()),
    }
}

/// Says which file it was.
pub fn file_error(path: &Path, source: io::Error) -> OwnerOnlyError {
    OwnerOnlyError::File { path: path.to_owned(), source }
}
