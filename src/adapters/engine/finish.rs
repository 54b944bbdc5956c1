//! What happens to a piece whose blocks are all here: hashed, shown to readers, written.

use super::share::Share;
use crate::torrents::lane::{FullPiece, Lane};
use bytes::Bytes;
use metrics::counter;
use std::sync::Arc;

/// Hashes and writes a piece that the lane fetched, on a thread that may block.
pub fn finish(share: Arc<Share>, lane: Arc<Lane>, full: FullPiece) {
    tokio::task::spawn_blocking(move || {
        let piece = full.piece;
        if !lane.hashes_right(piece, full.buffer.as_ref()) {
            tracing::debug!(torrent = share.info_hash.short(), piece, "a piece did not hash right");
            counter!("miauflix_lane_failed_pieces_total").increment(1);
            lane.failed(full);
            return;
        }
        lane.verified(piece, full.buffer.as_ref());
        let bytes = Bytes::from_owner(full.buffer);
        counter!("miauflix_lane_bytes_total").increment(bytes.len() as u64);
        share.fresh.insert(piece, bytes.clone());
        share.pieces.wake();
        let written = share.write_at(lane.geometry().start(piece), &bytes);
        match written {
            Ok(()) => share.pieces.mark(piece),
            Err(error) => share.fail_to_write(&error),
        }
        share.fresh.remove(piece);
        lane.finished(piece);
    });
}
