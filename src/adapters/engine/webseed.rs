//! A web server that has a torrent's files (BEP 19), as a peer of its lane: blocks are asked for as byte ranges, one for
//! each run of them. Hashes decide about its bytes as about any peer's.

use super::{
    finish::finish,
    share::Share,
    web::{Web, WebError},
};
use crate::torrents::{
    lane::{BLOCK_BYTES, Gone, Lane, LanePeer, Origin, PeerCommand},
    piece_source::SourceState,
};
use bytes::BytesMut;
use futures::future::{BoxFuture, select_all};
use std::{collections::BTreeSet, ops::Range, sync::Arc, time::Duration};
use tokio::time::{MissedTickBehavior, interval, sleep};
use url::Url;

/// Ranges on their way at once from one server, and the blocks of one.
const MAX_RUNS: usize = 2;
const MAX_RUN_BLOCKS: usize = 64;
/// After a failure, and after one that will hardly pass.
const BACK_OFF: Range<Duration> = Duration::from_secs(5)..Duration::from_secs(600);

/// One server, for one torrent.
pub struct Webseed {
    pub number: usize,
    pub share: Arc<Share>,
    pub web: Web,
    /// Where each file is; none for padding.
    pub files: Arc<[Option<Url>]>,
}

/// A piece's block.
type Block = (u32, u32);

/// The addresses of a torrent's files below `base`: the torrent's name and each file's path are appended, unless the
/// torrent is of one file and `base` names it.
pub fn file_urls(base: &Url, name: &str, files: &[Option<Vec<String>>]) -> Arc<[Option<Url>]> {
    let is_folder = base.path().ends_with('/');
    let below = |path: &[String]| {
        let mut url = base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push(name).extend(path);
        }
        url
    };
    let url = |path: &Option<Vec<String>>| match path.as_deref() {
        None => None,
        Some([]) if !is_folder => Some(base.clone()),
        Some(path) => Some(below(path)),
    };
    files.iter().map(url).collect()
}

impl Webseed {
    /// Delivers what the lane asks for, while the torrent runs and until it is complete.
    pub async fn run(self) {
        let mut state = self.share.state();
        let mut pause = BACK_OFF.start;
        loop {
            let live = state.wait_for(|state| matches!(state, SourceState::Live | SourceState::Deleted)).await;
            if live.is_ok_and(|state| *state == SourceState::Deleted) || self.share.pieces.is_complete() {
                return;
            }
            let Some(lane) = self.share.lane.load_full() else { return };
            // Refused when it has sent wrong bytes.
            let Ok(peer) = lane.join(Origin::Webseed(self.number)) else { return };
            let ended = tokio::select! {
                ended = self.serve(&lane, &peer, &mut pause) => ended,
                _ = state.wait_for(|state| *state != SourceState::Live) => continue,
            };
            drop(peer);
            let Some(error) = ended else { return };
            let retry_after = if let WebError::Status { retry_after, .. } = &error { *retry_after } else { None };
            let is_lasting = matches!(&error, WebError::NoRanges)
                || matches!(&error, WebError::Status { status, .. } if status.is_client_error() && retry_after.is_none());
            if is_lasting {
                pause = BACK_OFF.end;
            }
            tracing::debug!(torrent = self.share.info_hash.short(), webseed = self.number, %error, ?pause, "a webseed failed");
            sleep(retry_after.unwrap_or(pause).min(BACK_OFF.end)).await;
            pause = (pause * 2).min(BACK_OFF.end);
        }
    }

    /// Serves until something fails; none when the lane has no more use for it.
    async fn serve(&self, lane: &Arc<Lane>, peer: &LanePeer, pause: &mut Duration) -> Option<WebError> {
        let mut asked: BTreeSet<Block> = BTreeSet::new();
        let mut cancelled: BTreeSet<Block> = BTreeSet::new();
        let mut commands = Vec::new();
        let mut runs: Vec<Run<'_>> = Vec::new();
        let mut tick = interval(lane.tick());
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            peer.commands(&mut commands).ok()?;
            for command in commands.drain(..) {
                match command {
                    PeerCommand::Request { piece, block } => {
                        cancelled.remove(&(piece, block));
                        asked.insert((piece, block));
                    }
                    PeerCommand::Cancel { piece, block } => {
                        if !asked.remove(&(piece, block)) {
                            cancelled.insert((piece, block));
                        }
                    }
                }
            }
            // A range that nobody wants any more is dropped, and its connection with it: a seek needs the line.
            runs.retain(|run| run.blocks.iter().any(|block| !cancelled.contains(block)));
            if runs.is_empty() {
                cancelled.clear();
            }
            while runs.len() < MAX_RUNS
                && let Some(blocks) = next_run(lane, &mut asked)
            {
                runs.push(Run { blocks: blocks.clone(), work: Box::pin(self.fetch(lane, peer, blocks)) });
            }
            tokio::select! {
                (done, index) = async { first_done(&mut runs).await }, if !runs.is_empty() => {
                    runs.swap_remove(index);
                    match done {
                        Ok(()) => *pause = BACK_OFF.start,
                        Err(Failure::Gone) => return None,
                        Err(Failure::Web(error)) => return Some(error),
                    }
                }
                () = peer.woken() => {}
                _ = tick.tick() => {
                    peer.on_tick();
                    if self.share.pieces.is_complete() {
                        return None;
                    }
                }
            }
        }
    }

    /// Fetches blocks that follow one another, file by file, and hands them to the lane.
    async fn fetch(&self, lane: &Arc<Lane>, peer: &LanePeer, blocks: Vec<Block>) -> Result<(), Failure> {
        let geometry = lane.geometry();
        let offset = |(piece, block): Block| geometry.start(piece) + u64::from(block * BLOCK_BYTES);
        let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else { return Ok(()) };
        let range = offset(*first)..offset(*last) + u64::from(geometry.block_len(last.0, last.1));
        let mut waiting = blocks.iter().copied();
        let mut here = BytesMut::new();
        let mut next = waiting.next();
        for (file, part) in self.share.files_of(range) {
            let Some(url) = self.files.get(file).cloned().flatten() else {
                here.resize(here.len() + (part.end - part.start) as usize, 0);
                continue;
            };
            let mut body = self.web.range(url, part).await.map_err(Failure::Web)?;
            while let Some(bytes) = body.next().await.map_err(Failure::Web)? {
                here.extend_from_slice(&bytes);
                while let Some((piece, block)) = next {
                    let len = geometry.block_len(piece, block) as usize;
                    if here.len() < len {
                        break;
                    }
                    let bytes = here.split_to(len);
                    if let Some(full) =
                        peer.on_block(piece, block * BLOCK_BYTES, &bytes).map_err(|Gone| Failure::Gone)?
                    {
                        finish(self.share.clone(), lane.clone(), full);
                    }
                    next = waiting.next();
                }
            }
        }
        Ok(())
    }
}

enum Failure {
    Gone,
    Web(WebError),
}

/// A range on its way.
struct Run<'a> {
    blocks: Vec<Block>,
    work: BoxFuture<'a, Result<(), Failure>>,
}

/// How the range that ends first ended, and which it is. There must be one.
async fn first_done(runs: &mut [Run<'_>]) -> (Result<(), Failure>, usize) {
    let (done, index, _) = select_all(runs.iter_mut().map(|run| &mut run.work)).await;
    (done, index)
}

/// Takes the first blocks that follow one another.
fn next_run(lane: &Lane, asked: &mut BTreeSet<Block>) -> Option<Vec<Block>> {
    let mut run = vec![asked.pop_first()?];
    while run.len() < MAX_RUN_BLOCKS
        && let (Some(&(piece, block)), Some(&next)) = (run.last(), asked.first())
    {
        let follows = if block + 1 < lane.geometry().blocks(piece) { (piece, block + 1) } else { (piece + 1, 0) };
        if next != follows {
            break;
        }
        asked.pop_first();
        run.push(next);
    }
    Some(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(base: &str, files: &[Option<&[&str]>]) -> Vec<Option<String>> {
        let owned = |path: &&[&str]| path.iter().map(|part| (*part).to_owned()).collect();
        let files: Vec<Option<Vec<String>>> = files.iter().map(|path| path.as_ref().map(owned)).collect();
        file_urls(&base.parse().unwrap(), "a film", &files).iter().map(|url| url.as_ref().map(Url::to_string)).collect()
    }

    #[test]
    fn one_file_is_where_the_address_says_or_below_it_by_name() {
        assert_eq!(urls("http://w.example/x.mp4", &[Some(&[])]), [Some("http://w.example/x.mp4".to_owned())]);
        assert_eq!(urls("http://w.example/films/", &[Some(&[])]), [Some("http://w.example/films/a%20film".to_owned())]);
    }

    #[test]
    fn many_files_are_below_the_torrents_name_and_padding_is_nowhere() {
        let found = urls("http://w.example/films", &[Some(&["s 1", "e#1.mkv"]), None, Some(&["..", "x/y"])]);
        assert_eq!(found[0].as_deref(), Some("http://w.example/films/a%20film/s%201/e%231.mkv"));
        assert_eq!(found[1], None);
        assert!(found[2].as_deref().unwrap().starts_with("http://w.example/films/a%20film/"), "{found:?}");
    }
}
