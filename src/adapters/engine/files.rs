//! One torrent's files on disk: `<torrents dir>/<info hash>/<file index>`.
//!
//! Nothing that a torrent says about names reaches the file system. A file is made by the first write to it, so a
//! torrent of ten thousand files of which one is watched has one file here. Few are open at a time.

use super::buffers::Buffers;
use bytes::Bytes;
use rustix::io::ReadWriteFlags;
use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::FileExt,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

/// Files of one torrent that stay open. A player reads one; a check of the disk reads one after the other.
const MAX_OPEN: usize = 8;

/// Reads and writes at positions, from many threads at once.
pub struct Files {
    dir: PathBuf,
    open: RwLock<Open>,
    buffers: Buffers,
}

#[derive(Default)]
struct Open {
    files: Vec<(usize, Arc<File>)>,
    is_removed: bool,
}

impl Open {
    fn find(&self, index: usize) -> Option<Arc<File>> {
        self.files.iter().find(|(open, _)| *open == index).map(|(_, file)| file.clone())
    }
}

impl Files {
    pub fn new(dir: PathBuf) -> Self {
        Self { dir, open: RwLock::default(), buffers: Buffers::default() }
    }

    /// Fills `buffer` from `offset` on.
    pub fn read_exact(&self, index: usize, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.file(index, false)?.read_exact_at(buffer, offset)
    }

    /// Reads `len` bytes from `offset` on, at most `CHUNK_MAX_BYTES`.
    pub fn read(&self, index: usize, offset: u64, len: usize) -> io::Result<Bytes> {
        let mut buffer = self.buffers.lend(len);
        self.file(index, false)?.read_exact_at(buffer.as_mut(), offset)?;
        Ok(buffer.into_bytes(len))
    }

    /// Reads up to `len` bytes from `offset` on, if they are in the system's page cache and the file is open: that takes
    /// no longer than copying them, so it needs no thread that may block. `None` says to use [`read`](Self::read).
    pub fn read_cached(&self, index: usize, offset: u64, len: usize) -> Option<Bytes> {
        let file = self.opened(index)?;
        let mut buffer = self.buffers.lend(len);
        let mut parts = [io::IoSliceMut::new(buffer.as_mut())];
        match rustix::io::preadv2(&*file, &mut parts, offset, ReadWriteFlags::NOWAIT) {
            Ok(0) | Err(_) => None,
            Ok(count) => Some(buffer.into_bytes(count)),
        }
    }

    /// Writes all of `bytes` at `offset`, making the file when there is none.
    pub fn write_all(&self, index: usize, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.file(index, true)?.write_all_at(bytes, offset)
    }

    /// Closes what is open; the next access opens it again.
    pub fn close(&self) {
        self.open.write().unwrap_or_else(PoisonError::into_inner).files.clear();
        self.buffers.release();
    }

    /// Deletes the torrent's folder. Nothing can be made in it by this torrent afterwards.
    pub fn remove(&self) -> io::Result<()> {
        {
            let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
            *open = Open { files: Vec::new(), is_removed: true };
        }
        match std::fs::remove_dir_all(&self.dir) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn opened(&self, index: usize) -> Option<Arc<File>> {
        self.open.read().unwrap_or_else(PoisonError::into_inner).find(index)
    }

    fn file(&self, index: usize, create: bool) -> io::Result<Arc<File>> {
        if let Some(file) = self.opened(index) {
            return Ok(file);
        }
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = open.find(index) {
            return Ok(file);
        }
        if open.is_removed {
            return Err(io::ErrorKind::NotFound.into());
        }
        if create {
            std::fs::create_dir_all(&self.dir)?;
        }
        let file = OpenOptions::new().read(true).write(true).create(create).open(self.dir.join(index.to_string()))?;
        let file = Arc::new(file);
        if open.files.len() >= MAX_OPEN {
            open.files.remove(0);
        }
        open.files.push((index, file.clone()));
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_by_the_first_write_and_never_by_a_read() {
        let root = tempfile::tempdir().unwrap();
        let files = Files::new(root.path().join("torrent"));
        assert_eq!(files.read(7, 0, 1).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert!(!root.path().join("torrent").exists());
        files.write_all(7, 5, b"abc").unwrap();
        assert_eq!(&files.read(7, 5, 3).unwrap()[..], b"abc");
        assert_eq!(files.read(7, 5, 4).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        assert_eq!(std::fs::read_dir(root.path().join("torrent")).unwrap().count(), 1);
    }

    #[test]
    fn many_files_are_used_with_few_open() {
        let root = tempfile::tempdir().unwrap();
        let files = Files::new(root.path().join("torrent"));
        (0..100).for_each(|index| files.write_all(index, 0, &[index as u8]).unwrap());
        (0..100).for_each(|index| assert_eq!(files.read(index, 0, 1).unwrap()[..], [index as u8]));
        assert!(files.open.read().unwrap().files.len() <= MAX_OPEN);
    }

    #[test]
    fn what_is_cached_is_read_without_blocking_and_never_opens_a_file() {
        // Not where temporary files are, which may be a file system that cannot say what is cached.
        let target = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
        std::fs::create_dir_all(&target).unwrap();
        let root = tempfile::tempdir_in(target).unwrap();
        let files = Files::new(root.path().join("torrent"));
        assert!(files.read_cached(0, 0, 3).is_none());
        files.write_all(0, 0, b"abcdef").unwrap();
        assert_eq!(files.read_cached(0, 1, 3).as_deref(), Some(&b"bcd"[..]));
        assert_eq!(files.read_cached(0, 4, 9).as_deref(), Some(&b"ef"[..]), "what there is");
        assert!(files.read_cached(0, 6, 1).is_none(), "at the end");
        files.close();
        assert!(files.read_cached(0, 0, 3).is_none(), "closed");
    }

    #[test]
    fn a_late_write_does_not_bring_a_removed_torrent_back() {
        let root = tempfile::tempdir().unwrap();
        let files = Files::new(root.path().join("torrent"));
        files.write_all(0, 0, b"abc").unwrap();
        files.remove().unwrap();
        assert!(files.write_all(0, 0, b"abc").is_err());
        assert!(!root.path().join("torrent").exists());
    }
}
