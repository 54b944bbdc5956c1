//! The memory that pieces on their way take: counted over all torrents, and used again.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

/// What pieces on their way may take, over all torrents and of one. A piece that somebody waits for may exceed both.
const MAX_BYTES: usize = 80 << 20;
const MAX_BYTES_PER_TORRENT: usize = 24 << 20;
/// Buffers of a torrent that are kept while unused.
const MAX_FREE_BYTES: usize = 4 << 20;

/// The bytes in use over all torrents. Cheap to clone.
#[derive(Clone, Default)]
pub struct Memory {
    used: Arc<AtomicUsize>,
}

/// One torrent's piece buffers, all of the same size.
pub struct Pool {
    memory: Memory,
    used: AtomicUsize,
    free: Mutex<Vec<Vec<u8>>>,
    piece_bytes: usize,
}

/// Room for one piece. Goes back to the pool when dropped, with the last handle to its bytes.
pub struct PieceBuffer {
    bytes: Vec<u8>,
    len: usize,
    pool: Arc<Pool>,
}

impl Pool {
    pub fn new(memory: Memory, piece_bytes: u32) -> Arc<Self> {
        let piece_bytes = piece_bytes as usize;
        Arc::new(Self { memory, used: AtomicUsize::new(0), free: Mutex::default(), piece_bytes })
    }

    /// Whether there is room for one more piece that nobody waits for yet.
    pub fn has_room(&self) -> bool {
        self.used.load(Ordering::Relaxed) + self.piece_bytes <= MAX_BYTES_PER_TORRENT.max(2 * self.piece_bytes)
            && self.memory.used.load(Ordering::Relaxed) + self.piece_bytes <= MAX_BYTES
    }

    /// A buffer for a piece of `len` bytes, of arbitrary content.
    pub fn lend(self: &Arc<Self>, len: u32) -> PieceBuffer {
        self.used.fetch_add(self.piece_bytes, Ordering::Relaxed);
        self.memory.used.fetch_add(self.piece_bytes, Ordering::Relaxed);
        let used = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let bytes = used.unwrap_or_else(|| vec![0; self.piece_bytes]);
        PieceBuffer { len: (len as usize).min(bytes.len()), bytes, pool: self.clone() }
    }

    /// Gives unused buffers back to the system.
    pub fn release(&self) {
        *self.free.lock().unwrap_or_else(PoisonError::into_inner) = Vec::new();
    }

    pub fn used_bytes(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }
}

impl PieceBuffer {
    /// Puts `bytes` at `offset`; what does not fit is left out.
    pub fn write(&mut self, offset: usize, bytes: &[u8]) {
        if let Some(room) = self.bytes[..self.len].get_mut(offset..offset + bytes.len()) {
            room.copy_from_slice(bytes);
        }
    }
}

impl AsRef<[u8]> for PieceBuffer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl Drop for PieceBuffer {
    fn drop(&mut self) {
        self.pool.used.fetch_sub(self.pool.piece_bytes, Ordering::Relaxed);
        self.pool.memory.used.fetch_sub(self.pool.piece_bytes, Ordering::Relaxed);
        let mut free = self.pool.free.lock().unwrap_or_else(PoisonError::into_inner);
        if (free.len() + 1) * self.pool.piece_bytes <= MAX_FREE_BYTES {
            free.push(std::mem::take(&mut self.bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_counted_until_it_comes_home_and_is_used_again() {
        let pool = Pool::new(Memory::default(), 1 << 20);
        let mut buffer = pool.lend(10);
        buffer.write(2, b"abc");
        buffer.write(9, b"xy");
        assert_eq!((buffer.as_ref().len(), &buffer.as_ref()[2..5], pool.used_bytes()), (10, &b"abc"[..], 1 << 20));
        drop(buffer);
        assert_eq!((pool.used_bytes(), pool.free.lock().unwrap().len()), (0, 1));
        assert_eq!(&pool.lend(5).as_ref()[2..5], b"abc");
        pool.release();
        assert!(pool.free.lock().unwrap().is_empty());
    }

    #[test]
    fn one_torrent_and_all_of_them_are_bounded() {
        let memory = Memory::default();
        let pools: Vec<_> = (0..10).map(|_| Pool::new(memory.clone(), 1 << 20)).collect();
        let mut lent = Vec::new();
        for pool in &pools {
            while pool.has_room() {
                lent.push(pool.lend(1));
            }
            assert!(pool.used_bytes() <= MAX_BYTES_PER_TORRENT);
        }
        assert_eq!(lent.len() << 20, MAX_BYTES);
        let huge = Pool::new(Memory::default(), 64 << 20);
        assert!(huge.has_room(), "large pieces need room too");
    }
}
