//! One piece on its way: its bytes so far, who was asked for which block, and who sent it.

use super::{
    PeerId,
    geometry::{BLOCK_BYTES, Geometry},
    memory::PieceBuffer,
};

/// The most peers that are asked for one block at a time.
pub const MAX_COPIES: usize = 2;

/// A piece of which blocks are still missing.
pub struct Partial {
    buffer: PieceBuffer,
    blocks: Vec<Block>,
    missing: u32,
    /// Missing blocks that nobody is asked for.
    open: u32,
    /// No block before this one is open.
    cursor: u32,
}

#[derive(Clone, Copy, Default)]
struct Block {
    sent_by: Option<PeerId>,
    asked: [Option<PeerId>; MAX_COPIES],
}

impl Block {
    fn is_open(&self) -> bool {
        self.sent_by.is_none() && self.asked == [None; MAX_COPIES]
    }
}

/// A piece whose blocks are all here, to be hashed.
pub struct FullPiece {
    pub piece: u32,
    pub buffer: PieceBuffer,
    /// Who sent each block.
    pub senders: Vec<PeerId>,
}

impl Partial {
    pub fn new(geometry: &Geometry, piece: u32, buffer: PieceBuffer) -> Self {
        let blocks = geometry.blocks(piece);
        Self { buffer, blocks: vec![Block::default(); blocks as usize], missing: blocks, open: blocks, cursor: 0 }
    }

    pub fn missing(&self) -> u32 {
        self.missing
    }

    /// The first block that nobody is asked for, from `from` on.
    pub fn first_open(&self, from: u32) -> Option<u32> {
        if self.open == 0 {
            return None;
        }
        let start = from.max(self.cursor);
        (start..self.blocks.len() as u32).find(|&block| self.blocks[block as usize].is_open())
    }

    /// Missing blocks that exactly one peer is asked for, with that peer.
    pub fn asked_once(&self) -> impl Iterator<Item = (u32, PeerId)> + '_ {
        self.blocks.iter().zip(0u32..).filter_map(|(block, number)| match (block.sent_by, block.asked) {
            (None, [Some(peer), None] | [None, Some(peer)]) => Some((number, peer)),
            _ => None,
        })
    }

    /// Notes that `peer` is asked for a block; false when enough peers are.
    pub fn ask(&mut self, number: u32, peer: PeerId) -> bool {
        let Some(block) = self.blocks.get_mut(number as usize) else { return false };
        let was_open = block.is_open();
        let Some(slot) = block.asked.iter_mut().find(|slot| slot.is_none()) else { return false };
        *slot = Some(peer);
        if was_open {
            self.open -= 1;
            if number == self.cursor {
                self.cursor += 1;
            }
        }
        true
    }

    /// Notes that `peer` will not send a block, or not soon.
    pub fn give_up(&mut self, number: u32, peer: PeerId) {
        let Some(block) = self.blocks.get_mut(number as usize) else { return };
        let was_asked = block.asked.contains(&Some(peer));
        block.asked.iter_mut().filter(|slot| **slot == Some(peer)).for_each(|slot| *slot = None);
        if was_asked && block.is_open() {
            self.open += 1;
            self.cursor = self.cursor.min(number);
        }
    }

    /// Takes a block's bytes; answers the other peers that were asked for it, or `None` when it was here already.
    pub fn receive(&mut self, number: u32, peer: PeerId, bytes: &[u8]) -> Option<[Option<PeerId>; MAX_COPIES]> {
        let block = self.blocks.get_mut(number as usize)?;
        if block.sent_by.is_some() {
            return None;
        }
        if block.is_open() {
            self.open -= 1;
        }
        block.sent_by = Some(peer);
        let others = std::mem::take(&mut block.asked).map(|asked| asked.filter(|other| *other != peer));
        self.missing -= 1;
        self.buffer.write(number as usize * BLOCK_BYTES as usize, bytes);
        Some(others)
    }

    pub fn into_full(self, piece: u32) -> FullPiece {
        FullPiece {
            piece,
            buffer: self.buffer,
            senders: self.blocks.iter().filter_map(|block| block.sent_by).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::torrents::lane::memory::{Memory, Pool};

    const ADA: PeerId = PeerId(1);
    const BOB: PeerId = PeerId(2);
    const EVE: PeerId = PeerId(3);

    fn partial() -> Partial {
        let geometry = Geometry { total_bytes: 40_000, piece_bytes: 40_000 };
        Partial::new(&geometry, 0, Pool::new(Memory::default(), 40_000).lend(40_000))
    }

    #[test]
    fn a_block_is_open_until_asked_for_and_again_when_given_up() {
        let mut partial = partial();
        assert!(partial.ask(0, ADA) && partial.ask(1, ADA));
        assert_eq!((partial.open, partial.first_open(0)), (1, Some(2)));
        partial.give_up(0, BOB);
        assert_eq!(partial.first_open(0), Some(2), "what was not asked cannot be given up");
        partial.give_up(0, ADA);
        assert_eq!((partial.open, partial.first_open(0), partial.first_open(1)), (2, Some(0), Some(2)));
    }

    #[test]
    fn two_peers_at_most_are_asked_and_the_slower_one_is_told() {
        let mut partial = partial();
        assert!(partial.ask(0, ADA) && partial.ask(0, BOB) && !partial.ask(0, EVE));
        let others: Vec<_> = partial.receive(0, BOB, &[7; 16_384]).unwrap().into_iter().flatten().collect();
        assert_eq!(others, [ADA]);
        assert!(partial.receive(0, ADA, &[8; 16_384]).is_none(), "the first copy counts");
        assert_eq!((partial.missing(), partial.open), (2, 2));
    }

    #[test]
    fn a_full_piece_knows_its_bytes_and_senders() {
        let mut partial = partial();
        partial.receive(0, ADA, &[1; 16_384]);
        partial.receive(2, BOB, &[3; 7_232]);
        partial.receive(1, ADA, &[2; 16_384]);
        assert_eq!((partial.missing(), partial.open), (0, 0));
        let full = partial.into_full(9);
        assert_eq!((full.piece, full.senders), (9, vec![ADA, ADA, BOB]));
        let bytes = full.buffer.as_ref();
        assert_eq!((bytes.len(), bytes[16_383], bytes[16_384], bytes[39_999]), (40_000, 1, 2, 3));
    }
}
