//! Which pieces of a torrent have hashed right since it became active. Nothing else may be read.

use std::{
    ops::Range,
    sync::atomic::{AtomicU64, Ordering},
};
use tokio::sync::{Notify, futures::Notified};

/// The most stretches that [`Pieces::have`] lists.
const MAX_STRETCHES: usize = 64;

/// One bit per piece. Positions are bytes from the start of the torrent.
pub struct Pieces {
    total_bytes: u64,
    piece_bytes: u64,
    verified: Box<[AtomicU64]>,
    changed: Notify,
}

impl Pieces {
    /// No piece of `piece_bytes` (the last one may be shorter) is here yet.
    pub fn new(total_bytes: u64, piece_bytes: u64) -> Self {
        let piece_bytes = piece_bytes.max(1);
        let words = total_bytes.div_ceil(piece_bytes).div_ceil(64);
        Self {
            total_bytes,
            piece_bytes,
            verified: (0..words).map(|_| AtomicU64::new(0)).collect(),
            changed: Notify::new(),
        }
    }

    /// Records that a piece has hashed right and is on disk.
    pub fn mark(&self, piece: u32) {
        if let Some(word) = self.verified.get(piece as usize / 64) {
            word.fetch_or(1 << (piece % 64), Ordering::Release);
        }
        self.changed.notify_waiters();
    }

    /// Wakes everybody who waits for a change: bytes are here by another way.
    pub fn wake(&self) {
        self.changed.notify_waiters();
    }

    /// The piece that holds a byte, and where in it the byte lies.
    pub fn place(&self, offset: u64) -> (u32, u64) {
        (u32::try_from(offset / self.piece_bytes).unwrap_or(u32::MAX), offset % self.piece_bytes)
    }

    pub fn contains(&self, piece: u32) -> bool {
        let word = self.verified.get(piece as usize / 64).map_or(0, |word| word.load(Ordering::Acquire));
        word & (1 << (piece % 64)) != 0
    }

    /// The pieces that are here and not in `other`, which is of the same torrent.
    pub fn missing_in(&self, other: &Self) -> Vec<u32> {
        let mut pieces = Vec::new();
        for ((mine, theirs), start) in self.verified.iter().zip(&other.verified).zip((0u32..).step_by(64)) {
            let mut rest = mine.load(Ordering::Acquire) & !theirs.load(Ordering::Acquire);
            while rest != 0 {
                pieces.push(start + rest.trailing_zeros());
                rest &= rest - 1;
            }
        }
        pieces
    }

    /// Whether no piece is here.
    pub fn is_empty(&self) -> bool {
        self.verified.iter().all(|word| word.load(Ordering::Acquire) == 0)
    }

    /// Whether every piece is here.
    pub fn is_complete(&self) -> bool {
        self.verified_until(0..self.total_bytes) == self.total_bytes
    }

    /// Adds what a check of the disk found: a bitfield as peers send it (BEP 3), highest bit first.
    pub fn mark_all(&self, bitfield: &[u8]) {
        for (word, bytes) in self.verified.iter().zip(bitfield.chunks(8)) {
            let bits = bytes.iter().enumerate().map(|(i, byte)| u64::from(byte.reverse_bits()) << (8 * i));
            word.fetch_or(bits.fold(0, |word, byte| word | byte), Ordering::Release);
        }
        self.changed.notify_waiters();
    }

    /// Forgets everything: the disk is going to be checked again.
    pub fn clear(&self) {
        for word in &self.verified {
            word.store(0, Ordering::Release);
        }
    }

    /// Wakes after the next change. Register it (`enable`) before looking, so that no change is missed.
    pub fn changed(&self) -> Notified<'_> {
        self.changed.notified()
    }

    /// Where the verified bytes that begin at `range.start` end, at most `range.end`.
    pub fn verified_until(&self, range: Range<u64>) -> u64 {
        self.run_until(range, true)
    }

    /// The verified stretches of `range`, ascending, and how many bytes all of them hold. When there are more than
    /// 64 stretches the first ones are listed; the sum counts all.
    pub fn have(&self, range: Range<u64>) -> (Vec<Range<u64>>, u64) {
        let (mut stretches, mut sum, mut at) = (Vec::new(), 0, range.start);
        while at < range.end {
            let start = self.run_until(at..range.end, false);
            at = self.run_until(start..range.end, true);
            if at > start {
                sum += at - start;
                if stretches.len() < MAX_STRETCHES {
                    stretches.push(start..at);
                }
            }
        }
        (stretches, sum)
    }

    /// The bytes of all verified pieces.
    pub fn verified_bytes(&self) -> u64 {
        self.have(0..self.total_bytes).1
    }

    /// Where the run of pieces that are (or are not) verified ends.
    fn run_until(&self, range: Range<u64>, verified: bool) -> u64 {
        let mut at = range.start;
        while at < range.end {
            let piece = at / self.piece_bytes;
            let Some(word) = self.verified.get((piece / 64) as usize) else { return at };
            let bits = word.load(Ordering::Acquire);
            let wanted = if verified { bits } else { !bits };
            let run = u64::from((wanted >> (piece % 64)).trailing_ones()).min(64 - piece % 64);
            if run == 0 {
                return at;
            }
            at = (piece + run).saturating_mul(self.piece_bytes);
        }
        at.min(range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_bitfield_from_a_check_reads_highest_bit_first() {
        let pieces = Pieces::new(100 * 10 - 3, 10);
        let mut bitfield = vec![0; 13];
        bitfield[0] = 0b1000_0001;
        bitfield[12] = 0b0001_0000;
        pieces.mark_all(&bitfield);
        assert_eq!(pieces.have(0..997), (vec![0..10, 70..80, 990..997], 27));
        pieces.clear();
        assert_eq!(pieces.verified_bytes(), 0);
    }

    #[test]
    fn what_one_has_and_the_other_lacks_is_listed() {
        let (mine, theirs) = (Pieces::new(200, 1), Pieces::new(200, 1));
        [0, 63, 64, 199].iter().for_each(|&piece| mine.mark(piece));
        [63, 7].iter().for_each(|&piece| theirs.mark(piece));
        assert_eq!(mine.missing_in(&theirs), [0, 64, 199]);
        assert!(mine.contains(199) && !mine.contains(7) && !mine.contains(100_000));
        (0..200).for_each(|piece| theirs.mark(piece));
        assert!(theirs.is_complete() && !mine.is_complete());
    }

    #[test]
    fn a_long_list_of_stretches_is_cut_but_still_summed() {
        let pieces = Pieces::new(400, 1);
        (0..400).step_by(2).for_each(|piece| pieces.mark(piece));
        let (stretches, sum) = pieces.have(0..400);
        assert_eq!((stretches.len(), sum), (MAX_STRETCHES, 200));
    }

    proptest! {
        #[test]
        fn stretches_are_exactly_the_bytes_of_marked_pieces(
            marked in proptest::collection::btree_set(0u32..200, 0..60), from in 0u64..1500, len in 0u64..1500,
        ) {
            let pieces = Pieces::new(200 * 7 + 3, 7);
            marked.iter().for_each(|&piece| pieces.mark(piece));
            let range = from.min(1403)..(from + len).min(1403);
            let expected: Vec<u64> = range.clone().filter(|at| marked.contains(&((at / 7) as u32))).collect();
            let (stretches, sum) = pieces.have(range.clone());
            prop_assert_eq!(stretches.into_iter().flatten().collect::<Vec<u64>>(), expected.clone());
            prop_assert_eq!(sum, expected.len() as u64);
            let run = range.clone().take_while(|at| marked.contains(&((at / 7) as u32))).count() as u64;
            prop_assert_eq!(pieces.verified_until(range.clone()), range.start + run);
        }
    }
}
