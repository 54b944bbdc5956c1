//! The actor of one active torrent: pauses it when nobody watches, resumes it when somebody does.
//!
//! It sees leases and the engine through watches that live outside it, so one that crashed goes on where the world
//! is. Bytes never pass through it.

use super::{
    active::ActiveTorrent,
    message::TorrentsMessage,
    session_state::{Cause, Seen, SessionState, Step, next},
};
use crate::domain::info_hash::InfoHash;
use ractor::{Actor, ActorProcessingErr, ActorRef};
use std::{sync::Arc, time::Duration};
use tokio::task::{AbortHandle, JoinSet};

/// The actor.
pub struct TorrentSession;

/// Why the session should look again.
pub struct SessionMessage(pub Cause);

/// What a session starts from.
pub struct SessionArguments {
    pub torrent: Arc<ActiveTorrent>,
    pub idle_pause: Duration,
    pub torrents: ActorRef<TorrentsMessage>,
}

/// What a session remembers.
pub struct Session {
    info_hash: InfoHash,
    torrent: Arc<ActiveTorrent>,
    idle_pause: Duration,
    torrents: ActorRef<TorrentsMessage>,
    state: SessionState,
    idle_timer: Option<AbortHandle>,
    tasks: JoinSet<()>,
}

impl Actor for TorrentSession {
    type Msg = SessionMessage;
    type State = Session;
    type Arguments = SessionArguments;

    async fn pre_start(
        &self,
        myself: ActorRef<SessionMessage>,
        arguments: SessionArguments,
    ) -> Result<Session, ActorProcessingErr> {
        let SessionArguments { torrent, idle_pause, torrents } = arguments;
        let mut tasks = JoinSet::new();
        tasks.spawn(watch(torrent.clone(), myself));
        let info_hash = torrent.engine.info_hash();
        Ok(Session { info_hash, torrent, idle_pause, torrents, state: SessionState::Checking, idle_timer: None, tasks })
    }

    async fn handle(
        &self,
        myself: ActorRef<SessionMessage>,
        SessionMessage(cause): SessionMessage,
        session: &mut Session,
    ) -> Result<(), ActorProcessingErr> {
        session.look(cause, &myself);
        Ok(())
    }
}

/// Tells the session of every change, and of how things are at first.
async fn watch(torrent: Arc<ActiveTorrent>, session: ActorRef<SessionMessage>) {
    let (mut leases, mut engine) = (torrent.leases.subscribe(), torrent.engine.state());
    drop(torrent);
    while session.send_message(SessionMessage(Cause::Changed)).is_ok() {
        let changed = tokio::select! {
            changed = leases.changed() => changed,
            changed = engine.changed() => changed,
        };
        if changed.is_err() {
            return;
        }
    }
}

impl Session {
    fn look(&mut self, cause: Cause, myself: &ActorRef<SessionMessage>) {
        while self.tasks.try_join_next().is_some() {}
        let engine = self.torrent.engine.state().borrow().clone();
        let seen = Seen { leases: *self.torrent.leases.borrow(), engine };
        let (state, step) = next(self.state, cause, &seen);
        if state != self.state {
            tracing::debug!(torrent = self.info_hash.short(), from = ?self.state, to = ?state, "torrent session moved on");
            if self.state == SessionState::Watched {
                let _ = self.torrents.send_message(TorrentsMessage::Unwatched { info_hash: self.info_hash });
            }
        }
        self.state = state;
        if let Some(timer) = self.idle_timer.take_if(|_| state != SessionState::Idle || step == Step::StartIdleTimer) {
            timer.abort();
        }
        match step {
            Step::Nothing => {}
            Step::StartIdleTimer => self.start_idle_timer(myself.clone()),
            Step::Pause => self.set_paused(true, myself.clone()),
            Step::Resume => self.set_paused(false, myself.clone()),
            Step::End => myself.stop(None),
        }
    }

    fn start_idle_timer(&mut self, myself: ActorRef<SessionMessage>) {
        let idle_pause = self.idle_pause;
        self.idle_timer = Some(self.tasks.spawn(async move {
            tokio::time::sleep(idle_pause).await;
            let _ = myself.send_message(SessionMessage(Cause::IdleOver));
        }));
    }

    fn set_paused(&mut self, paused: bool, myself: ActorRef<SessionMessage>) {
        let (torrent, info_hash) = (self.torrent.clone(), self.info_hash);
        let settled = Settled(myself);
        self.tasks.spawn(async move {
            let _settled = settled;
            if let Err(error) = torrent.engine.set_paused(paused).await {
                tracing::warn!(torrent = info_hash.short(), %error, paused, "failed to pause or resume a torrent");
            }
        });
    }
}

/// Reports that the engine is done, also when the task panicked.
struct Settled(ActorRef<SessionMessage>);

impl Drop for Settled {
    fn drop(&mut self) {
        let _ = self.0.send_message(SessionMessage(Cause::Settled));
    }
}
