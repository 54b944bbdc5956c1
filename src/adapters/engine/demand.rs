//! How a reader asks for what it misses: librqbit by a wish and hunger, or the express lane by a view.

use super::{
    appetite::Hunger,
    torrent::RunningTorrent,
    wish::{Wish, first_missing},
};
use crate::torrents::{lane::LaneViewer, piece_source::SourceState};
use futures::FutureExt as _;
use std::{ops::Range, time::Duration};

/// A reader with this much ahead of it is sated; it is hungry again at half of that.
const AHEAD_BYTES: u64 = 256 << 20;
/// Between two attempts to ask librqbit.
const PAUSE: Duration = Duration::from_millis(100);

/// One reader's. Positions and ranges are in bytes from the start of the file, which lies at `span` of the torrent.
pub struct Demand(Kind);

enum Kind {
    Engine {
        wish: Option<Wish>,
        /// Held while bytes are needed soon.
        hunger: Option<Hunger>,
    },
    Lane(Option<LaneViewer>),
}

impl Demand {
    pub fn of_engine() -> Self {
        Self(Kind::Engine { wish: None, hunger: None })
    }

    pub fn of_lane() -> Self {
        Self(Kind::Lane(None))
    }

    /// The reader has handed out all before `rest`, and does not wait. What comes next is asked for before it gets there.
    pub fn advance(&mut self, torrent: &RunningTorrent, file: usize, span: &Range<u64>, rest: Range<u64>) {
        let has_all = || holds(torrent, span, &rest);
        match &mut self.0 {
            Kind::Lane(Some(viewer)) => viewer.advance(span.start + rest.start, false),
            Kind::Lane(viewer @ None) => {
                if !has_all() && is_live(torrent) {
                    *viewer = torrent
                        .share
                        .lane
                        .load_full()
                        .map(|lane| lane.view(span.start + rest.start..span.start + rest.end));
                    if let Some(viewer) = viewer {
                        viewer.advance(span.start + rest.start, false);
                    }
                }
            }
            Kind::Engine { wish, hunger } => {
                if wish.is_none() && !has_all() && is_live(torrent) {
                    // Ready at once in a torrent that runs; else the reader asks again when it has to wait.
                    *wish = torrent.wish(file, rest.start).now_or_never().and_then(Result::ok);
                }
                move_wish(wish, hunger, torrent, span, rest.start);
            }
        }
    }

    /// Asks for the first byte of `rest`, which the reader waits for. Ends when it may be worth looking again.
    pub async fn press(&mut self, torrent: &RunningTorrent, file: usize, span: &Range<u64>, rest: Range<u64>) {
        if let Kind::Lane(viewer) = &mut self.0 {
            let Some(lane) = torrent.share.lane.load_full() else {
                // The lane has failed: librqbit takes over.
                *self = Self::of_engine();
                return;
            };
            let viewer = viewer.get_or_insert_with(|| lane.view(span.start + rest.start..span.start + rest.end));
            viewer.advance(span.start + rest.start, true);
            return std::future::pending().await;
        }
        let Kind::Engine { wish, hunger } = &mut self.0 else { return };
        if wish.is_none() {
            match torrent.wish(file, rest.start).await {
                Ok(opened) => *wish = Some(opened),
                // The torrent stopped running meanwhile; its state will say why.
                Err(error) => {
                    tracing::debug!(torrent = torrent.share.info_hash.short(), %error, "failed to ask for a piece");
                    tokio::time::sleep(PAUSE).await;
                    return;
                }
            }
        }
        move_wish(wish, hunger, torrent, span, rest.start);
        std::future::pending().await
    }

    /// The player has stopped reading for now.
    pub fn park(&mut self, torrent: &RunningTorrent, file: usize, span: &Range<u64>, position: u64) {
        // A lane goes on fetching ahead of a player that pauses: that is what many pause for.
        if matches!(self.0, Kind::Engine { .. }) {
            self.leave(torrent, file, span, position);
        }
    }

    /// The reader goes.
    pub fn leave(&mut self, torrent: &RunningTorrent, file: usize, span: &Range<u64>, position: u64) {
        if let Kind::Engine { wish, .. } = &mut self.0
            && let Some(wish) = wish.take().filter(|_| is_live(torrent))
        {
            let id = torrent.torrent.id();
            torrent.appetite.leave(id, file, wish, torrent.share.clone(), span.clone(), position);
        }
        self.drop_all();
    }

    /// Asks for nothing any more.
    pub fn drop_all(&mut self) {
        match &mut self.0 {
            Kind::Engine { wish, hunger } => (*wish, *hunger) = (None, None),
            Kind::Lane(viewer) => *viewer = None,
        }
    }
}

/// Asks librqbit for the first byte that is missing, and for haste while that is near.
fn move_wish(
    wish: &mut Option<Wish>,
    hunger: &mut Option<Hunger>,
    torrent: &RunningTorrent,
    span: &Range<u64>,
    position: u64,
) {
    let Some(open) = wish else { return };
    let Some(missing) = first_missing(&torrent.share, span, position) else {
        (*wish, *hunger) = (None, None);
        return;
    };
    open.move_to(missing);
    let ahead = if missing < position { u64::MAX } else { missing - position };
    if ahead >= AHEAD_BYTES {
        *hunger = None;
    } else if ahead < AHEAD_BYTES / 2 && hunger.is_none() {
        *hunger = Some(torrent.appetite.hunger());
    }
}

fn is_live(torrent: &RunningTorrent) -> bool {
    *torrent.share.state().borrow() == SourceState::Live
}

/// Whether every byte of `rest` is here.
fn holds(torrent: &RunningTorrent, span: &Range<u64>, rest: &Range<u64>) -> bool {
    let rest = span.start + rest.start..span.start + rest.end;
    torrent.share.pieces.verified_until(rest.clone()) == rest.end
}
