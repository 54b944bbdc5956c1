//! Where pieces and blocks lie in a torrent (BEP 3).

/// What peers ask each other for at a time, in bytes.
pub const BLOCK_BYTES: u32 = 16 * 1024;

/// The lengths of one torrent. Piece and block numbers handed in must be within them.
#[derive(Clone, Copy, Debug)]
pub struct Geometry {
    pub total_bytes: u64,
    pub piece_bytes: u32,
}

impl Geometry {
    pub fn pieces(&self) -> u32 {
        u32::try_from(self.total_bytes.div_ceil(u64::from(self.piece_bytes))).unwrap_or(u32::MAX)
    }

    /// Where a piece begins, in bytes from the start of the torrent.
    pub fn start(&self, piece: u32) -> u64 {
        u64::from(piece) * u64::from(self.piece_bytes)
    }

    /// A piece's length; the last one may be shorter than the others.
    pub fn len(&self, piece: u32) -> u32 {
        let rest = self.total_bytes.saturating_sub(self.start(piece));
        u32::try_from(rest).unwrap_or(u32::MAX).min(self.piece_bytes)
    }

    pub fn blocks(&self, piece: u32) -> u32 {
        self.len(piece).div_ceil(BLOCK_BYTES)
    }

    pub fn block_len(&self, piece: u32, block: u32) -> u32 {
        self.len(piece).saturating_sub(block * BLOCK_BYTES).min(BLOCK_BYTES)
    }

    /// The piece that holds a byte.
    pub fn piece_at(&self, offset: u64) -> u32 {
        u32::try_from(offset / u64::from(self.piece_bytes)).unwrap_or(u32::MAX)
    }

    /// The block that a message speaks of; none when it is not one of this torrent's.
    pub fn block(&self, piece: u32, begin: u32, len: u32) -> Option<u32> {
        let block = begin / BLOCK_BYTES;
        let is_block = piece < self.pieces()
            && begin.is_multiple_of(BLOCK_BYTES)
            && block < self.blocks(piece)
            && len == self.block_len(piece, block);
        is_block.then_some(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_piece_and_its_last_block_are_shorter() {
        let geometry = Geometry { total_bytes: 100_000, piece_bytes: 65_536 };
        assert_eq!((geometry.pieces(), geometry.len(0), geometry.len(1)), (2, 65_536, 34_464));
        assert_eq!((geometry.blocks(0), geometry.blocks(1), geometry.block_len(1, 2)), (4, 3, 1_696));
        assert_eq!(geometry.block(1, 32_768, 1_696), Some(2));
        for (piece, begin, len) in [(1, 32_768, 16_384), (2, 0, 16_384), (0, 1, 16_384), (0, 65_536, 16_384), (0, 0, 0)]
        {
            assert_eq!(geometry.block(piece, begin, len), None, "{piece} {begin} {len}");
        }
    }
}
