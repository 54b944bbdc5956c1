//! What the progress actor is asked to do.

use super::ProgressError;
use crate::domain::{
    ids::{MovieId, UserId},
    title::Progress,
};
use ractor::RpcReplyPort;

pub enum ProgressMessage {
    /// Saves a position; the answer comes once it is on disk.
    Save {
        user: UserId,
        movie: MovieId,
        position_ms: i64,
        duration_ms: i64,
        reply: RpcReplyPort<Result<Progress, ProgressError>>,
    },
    /// Forgets how far a user has watched a film.
    Clear { user: UserId, movie: MovieId, reply: RpcReplyPort<Result<(), ProgressError>> },
}
