//! Read buffers that are used again and again: memory fresh from the system costs more than copying a film into it.

use crate::torrents::piece_source::CHUNK_MAX_BYTES;
use bytes::Bytes;
use std::sync::{Arc, Mutex, PoisonError};

/// Buffers kept while nobody uses them: a few readers' worth, 2 MiB.
const MAX_FREE: usize = 8;

/// Lends buffers of [`CHUNK_MAX_BYTES`]. Cheap to clone.
#[derive(Clone, Default)]
pub struct Buffers {
    free: Arc<Mutex<Vec<Vec<u8>>>>,
}

/// A buffer on loan; goes home when dropped.
pub struct Buffer {
    memory: Vec<u8>,
    len: usize,
    home: Buffers,
}

impl Buffers {
    /// A buffer whose first `len` bytes, at most [`CHUNK_MAX_BYTES`], are to be filled. Their content is arbitrary.
    pub fn lend(&self, len: usize) -> Buffer {
        let used = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let memory = used.unwrap_or_else(|| vec![0; CHUNK_MAX_BYTES]);
        Buffer { len: len.min(memory.len()), memory, home: self.clone() }
    }

    /// Gives the memory of all buffers that are at home back to the system.
    pub fn release(&self) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Buffer {
    pub fn as_mut(&mut self) -> &mut [u8] {
        &mut self.memory[..self.len]
    }

    /// The first `len` bytes, without copying them; the buffer goes home with the last handle to them.
    pub fn into_bytes(mut self, len: usize) -> Bytes {
        self.len = len.min(self.len);
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.memory[..self.len]
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let mut free = self.home.free.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < MAX_FREE {
            free.push(std::mem::take(&mut self.memory));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_comes_home_with_the_last_handle_to_its_bytes() {
        let buffers = Buffers::default();
        let mut buffer = buffers.lend(3);
        buffer.as_mut().copy_from_slice(b"abc");
        let bytes = buffer.into_bytes(2);
        let part = bytes.slice(1..);
        drop(bytes);
        assert_eq!((&part[..], buffers.free.lock().unwrap().len()), (&b"b"[..], 0));
        drop(part);
        assert_eq!(buffers.free.lock().unwrap().len(), 1);
        buffers.release();
        assert!(buffers.free.lock().unwrap().is_empty());
    }

    #[test]
    fn few_are_kept_however_many_were_lent() {
        let buffers = Buffers::default();
        drop((0..100).map(|_| buffers.lend(CHUNK_MAX_BYTES)).collect::<Vec<_>>());
        assert_eq!(buffers.free.lock().unwrap().len(), MAX_FREE);
    }
}
