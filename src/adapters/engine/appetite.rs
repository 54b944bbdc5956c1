//! How fast to fetch, over all torrents: fully while a reader is hungry, else at a trickle.
//!
//! librqbit's peers are connected and awake only while there is something to fetch: one that finds nothing looks again
//! after five seconds, and one that has the whole torrent is dropped when nothing at all is wanted, after which a choking
//! interval may pass before it gives again. Either would be the delay of the next seek or of the next range that
//! the player asks for. So there is always something to fetch: a reader's wish goes on at the first missing byte however
//! far ahead that is, and the wish of a reader that went stays for as long as the torrent runs. What keeps this from
//! fetching whole films is the rate.

use super::{
    share::Share,
    wish::{Wish, first_missing},
};
use librqbit::Session;
use std::{
    collections::HashMap,
    num::NonZeroU32,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Enough that a peer looks for the next block several times a second, little enough to leave the line alone.
const TRICKLE_BYTES_PER_S: NonZeroU32 = NonZeroU32::new(512 * 1024).expect("not zero");
/// Most readers that end are followed by the next one at once: a seek.
const LINGER: Duration = Duration::from_millis(300);

/// The hunger of all readers, and the wishes of those that went.
pub struct Appetite {
    session: Arc<Session>,
    /// What the owner allows; none means all there is.
    full_bytes_per_s: Option<NonZeroU32>,
    /// Lanes fetch, and librqbit takes what they have: there is nothing to hold back.
    has_lanes: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    hungry: usize,
    left: HashMap<(usize, usize), LeftWish>,
}

/// The wish of a reader that went.
struct LeftWish {
    wish: Wish,
    share: Arc<Share>,
    span: Range<u64>,
    position: u64,
}

impl Appetite {
    pub fn new(session: Arc<Session>, full_bytes_per_s: Option<NonZeroU32>, has_lanes: bool) -> Arc<Self> {
        let appetite = Arc::new(Self { session, full_bytes_per_s, has_lanes, state: Mutex::default() });
        appetite.set_rate(false);
        appetite
    }

    /// A reader needs bytes now: everything goes to those that do, until the answer is dropped.
    pub fn hunger(self: &Arc<Self>) -> Hunger {
        let mut state = self.lock();
        state.hungry += 1;
        if state.hungry == 1 {
            state.left.values_mut().for_each(LeftWish::step_back);
            self.set_rate(true);
        }
        Hunger { appetite: self.clone() }
    }

    /// Keeps the wish of a reader of a torrent's file that went at `position`; one per file.
    pub fn leave(&self, torrent: usize, file: usize, wish: Wish, share: Arc<Share>, span: Range<u64>, position: u64) {
        let mut state = self.lock();
        let mut left = LeftWish { wish, share, span, position };
        if state.hungry > 0 {
            left.step_back();
        }
        state.left.insert((torrent, file), left);
    }

    /// Drops what was left of a torrent that pauses or ends.
    pub fn forget(&self, torrent: usize) {
        self.lock().left.retain(|(of, _), _| *of != torrent);
    }

    /// Nobody was hungry for a while: what was left may trickle in.
    fn settle(&self) {
        let mut state = self.lock();
        if state.hungry == 0 {
            self.set_rate(false);
            state.left.retain(|_, left| left.step_forward());
        }
    }

    fn set_rate(&self, is_full: bool) {
        let trickle = self.full_bytes_per_s.map_or(TRICKLE_BYTES_PER_S, |full| full.min(TRICKLE_BYTES_PER_S));
        let rate = if is_full || self.has_lanes { self.full_bytes_per_s } else { Some(trickle) };
        if self.session.ratelimits.get_download_bps() != rate {
            self.session.ratelimits.set_download_bps(rate);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LeftWish {
    /// Asks for the last piece at most.
    fn step_back(&mut self) {
        self.wish.move_to(self.span.end - self.span.start);
    }

    /// Asks for what is missing; false when nothing is.
    fn step_forward(&mut self) -> bool {
        let missing = first_missing(&self.share, &self.span, self.position);
        if let Some(missing) = missing {
            self.wish.move_to(missing);
        }
        missing.is_some()
    }
}

/// One reader that needs bytes now.
pub struct Hunger {
    appetite: Arc<Appetite>,
}

impl Drop for Hunger {
    fn drop(&mut self) {
        let mut state = self.appetite.lock();
        state.hungry -= 1;
        let runtime = tokio::runtime::Handle::try_current().ok().filter(|_| state.hungry == 0);
        drop(state);
        if let Some(runtime) = runtime {
            let appetite = self.appetite.clone();
            runtime.spawn(async move {
                tokio::time::sleep(LINGER).await;
                appetite.settle();
            });
        }
    }
}
