//! Films' pictures, from the film database's image server, kept on disk within a quota. The one used longest ago goes first.
//!
//! A picture's name never stands for another picture, so what is here stays right for good.

use crate::{
    domain::media::{ImageName, ImageSize},
    ports::{MovieDatabase, MovieDatabaseError},
};
use bytes::Bytes;
use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};
use tokio::{sync::Mutex, time::timeout};

/// How long a browser waits for a picture; it shows the title without it meanwhile.
const LIMIT: Duration = Duration::from_secs(5);
/// A picture that was used is marked so at most this often.
const MARK_EVERY: Duration = Duration::from_secs(24 * 3_600);

/// Gives pictures. Cheap to clone.
#[derive(Clone)]
pub struct ImagesHandle {
    inner: Arc<Inner>,
}

struct Inner {
    database: Option<Arc<dyn MovieDatabase>>,
    dir: PathBuf,
    quota_bytes: u64,
    /// What is on disk; none until it has been counted.
    stored_bytes: AtomicU64,
    /// Held by the one who makes room.
    sweeping: Mutex<()>,
}

/// A picture as it goes to a browser.
#[derive(Clone, Debug)]
pub struct Image {
    pub bytes: Bytes,
    pub content_type: &'static str,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum ImagesError {
    #[error("there is no such picture")]
    NotFound,
    #[error("the server of pictures does not answer at the moment")]
    Unavailable,
}

impl ImagesHandle {
    /// Keeps at most `quota_bytes` of pictures below `dir`. Blocks; meant for start-up.
    pub fn new(database: Option<Arc<dyn MovieDatabase>>, dir: PathBuf, quota_bytes: u64) -> Self {
        let stored = stored(&dir).iter().map(|stored| stored.bytes).sum();
        let sweeping = Mutex::new(());
        Self { inner: Arc::new(Inner { database, dir, quota_bytes, stored_bytes: AtomicU64::new(stored), sweeping }) }
    }

    /// A picture, from disk or else from the server.
    pub async fn get(&self, size: ImageSize, name: ImageName) -> Result<Image, ImagesError> {
        let folder = self.inner.dir.join(size.as_str());
        let path = folder.join(name.as_str());
        if let Some(image) = read(path.clone()).await {
            return Ok(image);
        }
        let database = self.inner.database.as_ref().ok_or(ImagesError::NotFound)?;
        let answered = timeout(LIMIT, database.image(size, name)).await.map_err(|_| ImagesError::Unavailable)?;
        let bytes = answered.map_err(|error| match error {
            MovieDatabaseError::NotFound => ImagesError::NotFound,
            MovieDatabaseError::Refused | MovieDatabaseError::Unavailable(_) | MovieDatabaseError::Failed(_) => {
                ImagesError::Unavailable
            }
        })?;
        let content_type = content_type(&bytes).ok_or(ImagesError::NotFound)?;
        let image = Image { bytes, content_type };
        self.keep(folder, path, image.bytes.clone());
        Ok(image)
    }

    /// Writes a picture behind the caller's back, and makes room for it.
    fn keep(&self, folder: PathBuf, path: PathBuf, bytes: Bytes) {
        let inner = self.inner.clone();
        tokio::spawn(async move {
            let added = bytes.len() as u64;
            let written = tokio::task::spawn_blocking(move || write(&folder, &path, &bytes)).await;
            match written {
                Ok(Ok(true)) => inner.added(added).await,
                Ok(Ok(false)) | Err(_) => {}
                Ok(Err(error)) => tracing::warn!(%error, "a picture could not be kept"),
            }
        });
    }
}

impl Inner {
    async fn added(self: Arc<Self>, bytes: u64) {
        if self.stored_bytes.fetch_add(bytes, Ordering::Relaxed) + bytes <= self.quota_bytes {
            return;
        }
        let Ok(_sweeping) = self.sweeping.try_lock() else { return };
        let inner = self.clone();
        _ = tokio::task::spawn_blocking(move || {
            let left = sweep(&inner.dir, inner.quota_bytes);
            inner.stored_bytes.store(left, Ordering::Relaxed);
        })
        .await;
    }
}

async fn read(path: PathBuf) -> Option<Image> {
    let bytes = tokio::task::spawn_blocking(move || {
        let bytes = std::fs::read(&path).ok()?;
        let file = std::fs::File::open(&path).ok()?;
        let used_at = file.metadata().and_then(|metadata| metadata.modified()).ok()?;
        if used_at.elapsed().is_ok_and(|age| age > MARK_EVERY) {
            _ = file.set_modified(SystemTime::now());
        }
        Some(Bytes::from(bytes))
    });
    let bytes = bytes.await.ok()??;
    // What is not whole, or no picture, is fetched anew.
    let content_type = content_type(&bytes)?;
    Some(Image { bytes, content_type })
}

/// Writes a file whole or not at all; answers whether it was not there before.
fn write(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<bool> {
    std::fs::create_dir_all(folder)?;
    let is_new = !path.exists();
    let part = path.with_extension("part");
    std::fs::write(&part, bytes)?;
    std::fs::rename(&part, path)?;
    Ok(is_new)
}

/// Deletes what was used longest ago until nine tenths of the quota are left; answers what is left.
fn sweep(dir: &Path, quota_bytes: u64) -> u64 {
    let mut files = stored(dir);
    files.sort_by_key(|file| file.used_at);
    let mut left: u64 = files.iter().map(|file| file.bytes).sum();
    for file in files {
        if left <= quota_bytes / 10 * 9 {
            break;
        }
        if std::fs::remove_file(&file.path).is_ok() {
            left -= file.bytes;
        }
    }
    left
}

struct Stored {
    path: PathBuf,
    bytes: u64,
    used_at: SystemTime,
}

fn stored(dir: &Path) -> Vec<Stored> {
    let folders = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten().flatten());
    let stored = files.filter_map(|file| {
        let metadata = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
        Some(Stored { path: file.path(), bytes: metadata.len(), used_at: metadata.modified().ok()? })
    });
    stored.collect()
}

/// What a picture is by its first bytes; none for anything that a browser might take for something else.
fn content_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_are_pictures() {
        assert_eq!(content_type(b"\xff\xd8\xff\xe0 and so on"), Some("image/jpeg"));
        assert_eq!(content_type(b"\x89PNG\r\n\x1a\n..."), Some("image/png"));
        assert_eq!(content_type(b"RIFF....WEBPVP8 "), Some("image/webp"));
        for other in [&b"<svg xmlns"[..], b"<html>", b"GIF89a", b"", b"\xff\xd8"] {
            assert_eq!(content_type(other), None);
        }
    }

    #[test]
    fn what_was_used_longest_ago_makes_room() {
        let dir = tempfile::tempdir().unwrap();
        for number in 0..10u64 {
            let folder = dir.path().join(if number % 2 == 0 { "w342" } else { "w780" });
            let path = folder.join(format!("{number}.jpg"));
            assert!(write(&folder, &path, &[0; 1000]).unwrap());
            let used_at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + number);
            std::fs::File::options().append(true).open(&path).unwrap().set_modified(used_at).unwrap();
        }
        assert_eq!(sweep(dir.path(), 5_000), 4_000);
        let mut left: Vec<_> = stored(dir.path()).into_iter().map(|file| file.path).collect();
        left.sort();
        let names: Vec<_> = left.iter().map(|path| path.file_stem().unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["6", "8", "7", "9"]);
    }
}
