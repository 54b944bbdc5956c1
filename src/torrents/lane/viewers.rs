//! Who reads where, and by when each piece is due: earliest deadline first over all readers.
//!
//! A reader's j-th piece is due j pieces of playing time after the reader began. One that waits for a piece that is late
//! has its whole schedule moved, as its player has: a reader with seconds in hand never goes before one that waits.

use super::geometry::Geometry;
use crate::torrents::pieces::Pieces;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::Range,
    time::{Duration, Instant},
};

/// How far ahead of a reader pieces are fetched.
const AHEAD_BYTES: u64 = 256 << 20;
/// Missing pieces of one reader that are looked at, in bytes and in number.
const WANTED_BYTES: u64 = 32 << 20;
const WANTED_PIECES: usize = 512;
/// The playing rate that is assumed until a reader shows its own, in bytes per second.
const ASSUMED_RATE: f64 = 1e6;
/// How long a reader is watched before its own rate is believed.
const RATE_WINDOW: Duration = Duration::from_secs(10);

/// A reader of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ViewerId(pub u64);

#[derive(Debug)]
pub struct Viewer {
    /// In bytes from the start of the torrent.
    position: u64,
    end: u64,
    start: u64,
    pub is_waiting: bool,
    /// When the byte at `start` was, or would have been, due.
    origin: Instant,
    rate: f64,
    seen: (Instant, u64),
}

/// A piece to fetch, in the order of deadlines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Want {
    pub piece: u32,
    /// Somebody waits for this very piece.
    pub is_head: bool,
}

/// How well one reader is served.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ViewerStats {
    pub position_bytes: u64,
    pub is_waiting: bool,
    /// How long before it is due the next missing piece of this reader would be asked for; negative when late.
    pub slack_ms: i64,
    /// Bytes per second that the reader takes, or is assumed to.
    pub rate_bytes_per_s: u64,
}

impl Viewer {
    fn new(range: Range<u64>, now: Instant) -> Self {
        let Range { start, end } = range;
        Self { position: start, end, start, is_waiting: true, origin: now, rate: ASSUMED_RATE, seen: (now, start) }
    }

    /// When a byte is due.
    fn due(&self, offset: u64) -> Instant {
        let ahead = offset.saturating_sub(self.start) as f64 / self.rate;
        self.origin + Duration::from_secs_f64(ahead.min(1e6))
    }

    fn advance(&mut self, position: u64, is_waiting: bool, now: Instant) {
        let (since, at) = self.seen;
        let watched = now.saturating_duration_since(since);
        if watched >= RATE_WINDOW {
            let measured = position.saturating_sub(at) as f64 / watched.as_secs_f64();
            let due = self.due(self.position);
            self.rate = measured.clamp(ASSUMED_RATE / 4.0, ASSUMED_RATE * 16.0);
            self.seen = (now, position);
            // The new rate holds from here on.
            (self.start, self.origin) = (self.position, due);
        }
        (self.position, self.is_waiting) = (position, is_waiting);
        if is_waiting && self.due(position) < now {
            (self.start, self.origin) = (position, now);
        }
    }
}

/// All readers of one torrent.
#[derive(Debug, Default)]
pub struct Viewers {
    next: u64,
    all: BTreeMap<ViewerId, Viewer>,
}

impl Viewers {
    pub fn open(&mut self, range: Range<u64>, now: Instant) -> ViewerId {
        self.next += 1;
        self.all.insert(ViewerId(self.next), Viewer::new(range, now));
        ViewerId(self.next)
    }

    pub fn close(&mut self, viewer: ViewerId) {
        self.all.remove(&viewer);
    }

    /// A reader has handed out all bytes before `position`; answers whether that changes what is wanted.
    pub fn advance(
        &mut self,
        viewer: ViewerId,
        position: u64,
        is_waiting: bool,
        geometry: &Geometry,
        now: Instant,
    ) -> bool {
        let Some(viewer) = self.all.get_mut(&viewer) else { return false };
        let before = (geometry.piece_at(viewer.position), viewer.is_waiting);
        viewer.advance(position, is_waiting, now);
        before != (geometry.piece_at(position), is_waiting)
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether a piece lies ahead of some reader, however far.
    pub fn want(&self, piece: u32, geometry: &Geometry) -> bool {
        let (start, end) = (geometry.start(piece), geometry.start(piece) + u64::from(geometry.len(piece)));
        self.all.values().any(|viewer| end > viewer.position && start < viewer.end)
    }

    /// The missing pieces ahead of all readers, the most urgent first. Pieces in `taken` are being finished.
    pub fn order(&self, pieces: &Pieces, taken: &HashSet<u32>, geometry: &Geometry) -> Vec<Want> {
        let wanted =
            usize::try_from(WANTED_BYTES / u64::from(geometry.piece_bytes)).unwrap_or(1).clamp(2, WANTED_PIECES);
        let mut all: Vec<(Instant, Want)> = Vec::new();
        for viewer in self.all.values() {
            let ahead = viewer.position..viewer.end.min(viewer.position.saturating_add(AHEAD_BYTES));
            let missing = missing(pieces, taken, geometry, ahead).take(wanted);
            let here = geometry.piece_at(viewer.position);
            all.extend(missing.map(|piece| {
                let is_head = viewer.is_waiting && piece == here;
                (viewer.due(geometry.start(piece)), Want { piece, is_head })
            }));
        }
        all.sort_by_key(|(due, want)| (*due, !want.is_head));
        let mut places: HashMap<u32, usize> = HashMap::with_capacity(all.len());
        let mut order: Vec<Want> = Vec::with_capacity(all.len());
        for (_, want) in all {
            match places.get(&want.piece) {
                Some(&at) => order[at].is_head |= want.is_head,
                None => {
                    places.insert(want.piece, order.len());
                    order.push(want);
                }
            }
        }
        order
    }

    pub fn stats(&self, pieces: &Pieces, now: Instant) -> Vec<ViewerStats> {
        let of = |viewer: &Viewer| {
            let due = viewer.due(pieces.verified_until(viewer.position..viewer.end));
            let early = due.saturating_duration_since(now).as_millis() as i64;
            let late = now.saturating_duration_since(due).as_millis() as i64;
            ViewerStats {
                position_bytes: viewer.position,
                is_waiting: viewer.is_waiting,
                slack_ms: early - late,
                rate_bytes_per_s: viewer.rate as u64,
            }
        };
        self.all.values().map(of).collect()
    }
}

/// The pieces of a range of bytes that are neither verified nor being finished, ascending.
fn missing<'a>(
    pieces: &'a Pieces,
    taken: &'a HashSet<u32>,
    geometry: &'a Geometry,
    range: Range<u64>,
) -> impl Iterator<Item = u32> + 'a {
    let mut at = range.start;
    std::iter::from_fn(move || {
        while at < range.end {
            at = pieces.verified_until(at..range.end);
            if at >= range.end {
                return None;
            }
            let piece = geometry.piece_at(at);
            at = geometry.start(piece) + u64::from(geometry.piece_bytes);
            if !taken.contains(&piece) {
                return Some(piece);
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GEOMETRY: Geometry = Geometry { total_bytes: 100_000_000, piece_bytes: 1_000_000 };
    const MB: u64 = 1_000_000;

    fn numbers(order: &[Want]) -> Vec<u32> {
        order.iter().map(|want| want.piece).collect()
    }

    fn world() -> (Viewers, Pieces, Instant) {
        (Viewers::default(), Pieces::new(GEOMETRY.total_bytes, MB), Instant::now())
    }

    #[test]
    fn the_order_is_by_deadline_over_all_readers() {
        let (mut viewers, pieces, now) = world();
        viewers.open(0..3 * MB, now);
        viewers.open(50 * MB..52 * MB, now + Duration::from_millis(500));
        let order = viewers.order(&pieces, &HashSet::new(), &GEOMETRY);
        assert_eq!(numbers(&order), [0, 50, 1, 51, 2]);
        assert_eq!(order.iter().filter(|want| want.is_head).count(), 2);
    }

    #[test]
    fn what_is_here_or_being_finished_is_not_wanted() {
        let (mut viewers, pieces, now) = world();
        viewers.open(MB / 2..6 * MB, now);
        pieces.mark(1);
        pieces.mark(2);
        let order = viewers.order(&pieces, &HashSet::from([4]), &GEOMETRY);
        assert_eq!(numbers(&order), [0, 3, 5]);
    }

    #[test]
    fn a_reader_that_waits_goes_before_one_with_bytes_in_hand() {
        let (mut viewers, pieces, now) = world();
        let early = viewers.open(0..20 * MB, now);
        (0..6).for_each(|piece| pieces.mark(piece));
        viewers.advance(early, MB, false, &GEOMETRY, now + Duration::from_secs(1));
        let late = viewers.open(60 * MB..80 * MB, now + Duration::from_secs(2));
        viewers.advance(late, 60 * MB, true, &GEOMETRY, now + Duration::from_secs(2));
        assert_eq!(numbers(&viewers.order(&pieces, &HashSet::new(), &GEOMETRY))[..4], [60, 61, 62, 63]);
    }

    #[test]
    fn a_schedule_that_is_late_moves_with_its_player() {
        let (mut viewers, pieces, now) = world();
        let viewer = viewers.open(0..20 * MB, now);
        viewers.advance(viewer, 0, true, &GEOMETRY, now + Duration::from_secs(7));
        assert_eq!(viewers.stats(&pieces, now + Duration::from_secs(7))[0].slack_ms, 0);
        pieces.mark(0);
        assert_eq!(viewers.stats(&pieces, now + Duration::from_secs(7))[0].slack_ms, 1000);
    }

    #[test]
    fn a_reader_shows_its_own_rate() {
        let (mut viewers, pieces, now) = world();
        let viewer = viewers.open(0..100 * MB, now);
        viewers.advance(viewer, 20 * MB, false, &GEOMETRY, now + Duration::from_secs(10));
        assert_eq!(viewers.stats(&pieces, now)[0].rate_bytes_per_s, 2_000_000);
    }

    #[test]
    fn only_so_much_is_wanted_at_a_time() {
        let geometry = Geometry { total_bytes: 1 << 40, piece_bytes: 1 << 14 };
        let pieces = Pieces::new(1 << 40, 1 << 14);
        let mut viewers = Viewers::default();
        viewers.open(0..1 << 40, Instant::now());
        assert_eq!(viewers.order(&pieces, &HashSet::new(), &geometry).len(), WANTED_PIECES);
        assert!(viewers.want(1 << 20, &geometry));
    }
}
