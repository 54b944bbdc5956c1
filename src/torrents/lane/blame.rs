//! Who sent wrong bytes. Only proven liars are banned: a failed piece is fetched again from one peer alone, and the good
//! copy then tells exactly whose blocks differ.

use super::{PeerId, geometry::BLOCK_BYTES};
use sha1::{Digest as _, Sha1};
use std::{
    collections::{HashMap, HashSet, VecDeque},
    net::IpAddr,
};

/// Failed pieces whose evidence is kept, and pieces of evidence of one.
const MAX_FAILED: usize = 64;
const MAX_EVIDENCE: usize = 4 * 4096;
const MAX_BANNED: usize = 4096;

/// Whom a verdict is about: a peer that comes back has another port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Suspect {
    Peer(IpAddr),
    Webseed(usize),
}

/// Evidence and verdicts of one torrent.
#[derive(Default)]
pub struct Blame {
    failed: HashMap<u32, Vec<Evidence>>,
    failed_order: VecDeque<u32>,
    /// Pieces that one peer alone is asked for.
    solo: HashMap<u32, PeerId>,
    banned: HashSet<Suspect>,
}

/// What somebody sent as a block of a piece that failed.
struct Evidence {
    sender: Suspect,
    block: usize,
    digest: [u8; 20],
}

impl Blame {
    pub fn is_banned(&self, suspect: Suspect) -> bool {
        self.banned.contains(&suspect)
    }

    pub fn banned(&self) -> usize {
        self.banned.len()
    }

    pub fn ban(&mut self, suspect: Suspect) {
        if self.banned.len() < MAX_BANNED {
            self.banned.insert(suspect);
        }
    }

    /// Whether `peer` may be asked for blocks of a piece.
    pub fn allows(&self, piece: u32, peer: PeerId) -> bool {
        self.solo.get(&piece).is_none_or(|only| *only == peer)
    }

    pub fn is_solo(&self, piece: u32) -> bool {
        self.solo.contains_key(&piece)
    }

    pub fn has_failed(&self, piece: u32) -> bool {
        self.failed.contains_key(&piece)
    }

    pub fn set_solo(&mut self, piece: u32, peer: PeerId) {
        self.solo.insert(piece, peer);
    }

    /// A peer left; answers the pieces that were left to it.
    pub fn forget(&mut self, peer: PeerId) -> Vec<u32> {
        let pieces: Vec<u32> = self.solo.iter().filter(|(_, only)| **only == peer).map(|(piece, _)| *piece).collect();
        pieces.iter().for_each(|piece| {
            self.solo.remove(piece);
        });
        pieces
    }

    /// Keeps what was sent of a piece that failed.
    pub fn keep(&mut self, piece: u32, bytes: &[u8], senders: &[Option<Suspect>]) {
        if !self.failed.contains_key(&piece) {
            if self.failed_order.len() == MAX_FAILED
                && let Some(oldest) = self.failed_order.pop_front()
            {
                self.failed.remove(&oldest);
            }
            self.failed_order.push_back(piece);
        }
        let evidence = self.failed.entry(piece).or_default();
        for (block, (bytes, sender)) in bytes.chunks(BLOCK_BYTES as usize).zip(senders).enumerate() {
            if let Some(sender) = *sender
                && evidence.len() < MAX_EVIDENCE
            {
                evidence.push(Evidence { sender, block, digest: digest(bytes) });
            }
        }
    }

    /// Compares a good copy with what was kept, and answers who lied.
    pub fn judge(&mut self, piece: u32, good: &[u8]) -> HashSet<Suspect> {
        self.solo.remove(&piece);
        self.failed_order.retain(|failed| *failed != piece);
        let Some(evidence) = self.failed.remove(&piece) else { return HashSet::new() };
        let good: Vec<[u8; 20]> = good.chunks(BLOCK_BYTES as usize).map(digest).collect();
        let is_lie = |evidence: &Evidence| good.get(evidence.block) != Some(&evidence.digest);
        evidence.iter().filter(|evidence| is_lie(evidence)).map(|evidence| evidence.sender).collect()
    }
}

fn digest(block: &[u8]) -> [u8; 20] {
    Sha1::digest(block).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: Option<Suspect> = Some(Suspect::Peer(IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1))));
    const EVE: Option<Suspect> = Some(Suspect::Webseed(0));

    #[test]
    fn the_good_copy_tells_exactly_who_lied() {
        let good = vec![7; 40_000];
        let mut bad = good.clone();
        bad[20_000] = 0;
        let mut blame = Blame::default();
        blame.keep(3, &bad, &[ADA, EVE, ADA]);
        blame.set_solo(3, PeerId(1));
        assert!(blame.has_failed(3) && !blame.allows(3, PeerId(2)) && blame.allows(3, PeerId(1)));
        assert_eq!(blame.judge(3, &good), EVE.into_iter().collect());
        assert!(!blame.has_failed(3) && blame.allows(3, PeerId(2)));
    }

    #[test]
    fn a_piece_left_to_a_peer_that_left_is_anybodys_again() {
        let mut blame = Blame::default();
        blame.set_solo(3, PeerId(1));
        assert!(blame.forget(PeerId(2)).is_empty());
        assert_eq!(blame.forget(PeerId(1)), [3]);
        assert!(blame.allows(3, PeerId(2)));
    }

    #[test]
    fn evidence_is_bounded() {
        let mut blame = Blame::default();
        (0..1000).for_each(|piece| blame.keep(piece, &[1], &[ADA]));
        assert_eq!((blame.failed.len(), blame.failed_order.len()), (MAX_FAILED, MAX_FAILED));
        assert!(blame.has_failed(999) && !blame.has_failed(0));
    }
}
