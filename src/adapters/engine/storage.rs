//! Where librqbit reads and writes pieces: our numbered files, and a note of every piece that has hashed right.
//! What has hashed right is never written again: the lane put it there, and librqbit only learns of it.

use super::share::Share;
use anyhow::Context as _;
use librqbit::{
    ManagedTorrentShared, TorrentMetadata,
    storage::{BoxStorageFactory, StorageFactory, StorageFactoryExt as _, TorrentStorage},
};
use librqbit_core::lengths::ValidPieceIndex;
use std::{
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

/// Makes the storage of one torrent: at its start, and again when it starts over after a failure.
pub struct NumberedFiles(pub Arc<Share>);

impl StorageFactory for NumberedFiles {
    type Storage = NumberedStorage;

    fn create(&self, _: &ManagedTorrentShared, _: &TorrentMetadata) -> anyhow::Result<NumberedStorage> {
        Ok(NumberedStorage { share: RwLock::new(Some(self.0.clone())) })
    }

    fn clone_box(&self) -> BoxStorageFactory {
        Self(self.0.clone()).boxed()
    }
}

/// Empty once librqbit has taken it: what its tasks still try to write then is refused.
pub struct NumberedStorage {
    share: RwLock<Option<Arc<Share>>>,
}

impl NumberedStorage {
    fn share(&self) -> anyhow::Result<Arc<Share>> {
        self.share.read().unwrap_or_else(PoisonError::into_inner).clone().context("the torrent is not running")
    }
}

impl TorrentStorage for NumberedStorage {
    fn init(&mut self, _: &ManagedTorrentShared, _: &TorrentMetadata) -> anyhow::Result<()> {
        Ok(())
    }

    fn pread_exact(&self, file_id: usize, offset: u64, buf: &mut [u8]) -> anyhow::Result<()> {
        Ok(self.share()?.files.read_exact(file_id, offset, buf)?)
    }

    fn pwrite_all(&self, file_id: usize, offset: u64, buf: &[u8]) -> anyhow::Result<()> {
        let share = self.share()?;
        if share.holds(file_id, offset, buf.len()) {
            return Ok(());
        }
        share.files.write_all(file_id, offset, buf).inspect_err(|error| share.fail_to_write(error))?;
        Ok(())
    }

    /// Files go with their folder, by `Files::remove`.
    fn remove_file(&self, _: usize, _: &Path) -> anyhow::Result<()> {
        Ok(())
    }

    fn remove_directory_if_empty(&self, _: &Path) -> anyhow::Result<()> {
        Ok(())
    }

    /// Files are sparse and grow by being written.
    fn ensure_file_length(&self, _: usize, _: u64) -> anyhow::Result<()> {
        Ok(())
    }

    fn take(&self) -> anyhow::Result<Box<dyn TorrentStorage>> {
        let share = self.share.write().unwrap_or_else(PoisonError::into_inner).take();
        Ok(Box::new(Self { share: RwLock::new(share) }))
    }

    fn on_piece_completed(&self, piece: ValidPieceIndex) -> anyhow::Result<()> {
        let share = self.share()?;
        share.stored.mark(piece.get());
        share.pieces.mark(piece.get());
        Ok(())
    }
}
