//! The actor that brings torrents in, lets them go, keeps the table `storage`, and supervises their sessions.
//!
//! Everything that a crash must not take away is in [`Shared`]; the engine has the torrents themselves. So a new
//! incarnation only starts a session for each torrent that is active.

use super::{
    TorrentsError, TorrentsParts,
    active::{ActiveTorrent, ActiveTorrents},
    handle::Activate,
    limiter::StreamLimiter,
    message::TorrentsMessage,
    resolver::Resolver,
    session::{SessionArguments, SessionMessage, TorrentSession},
    session_state::Cause,
    space,
    store::{self, Observation},
};
use crate::{
    domain::info_hash::InfoHash,
    events::Event,
    ports::AddTorrent,
    supervision::{Backoff, Reconciler, Run, respond},
    torrents::piece_source::SourceState,
};
use ractor::{Actor, ActorId, ActorProcessingErr, ActorRef, RpcReplyPort, SupervisionEvent};
use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::{sync::Mutex, task::JoinSet, time::Instant};

/// Between two rounds of saving counters and checking the disk.
const HOUSEKEEPING: Duration = Duration::from_secs(60);
const SESSION_BACKOFF: Backoff = Backoff { first: Duration::from_millis(20), most: Duration::from_secs(5) };
/// A session that ran this long starts its back-off from the beginning.
const SESSION_HEALTHY_AFTER: Duration = Duration::from_secs(60);

/// What outlives the actor: the handle reads it without asking anybody.
pub struct Shared {
    pub parts: TorrentsParts,
    pub path: &'static str,
    pub active: ActiveTorrents,
    pub limiter: StreamLimiter,
    pub resolver: Resolver,
    /// Held while a torrent comes or goes, so that two do not count on the same room.
    changing: Mutex<()>,
}

impl Shared {
    pub fn new(parts: TorrentsParts, path: &'static str) -> Self {
        let settings = &parts.settings;
        Self {
            limiter: StreamLimiter::new(settings.max_streams, settings.max_streams_per_user),
            resolver: Resolver::new(parts.engine.clone(), settings.metadata_timeout),
            active: ActiveTorrents::default(),
            changing: Mutex::default(),
            parts,
            path,
        }
    }
}

/// The actor.
pub struct Torrents;

/// What the actor remembers.
pub struct TorrentsState {
    shared: Arc<Shared>,
    sessions: HashMap<InfoHash, SessionEntry>,
    tasks: JoinSet<()>,
    housekeeping: Reconciler<TorrentsMessage>,
}

struct SessionEntry {
    running: Option<(ActorRef<SessionMessage>, Instant)>,
    attempt: u32,
}

impl Actor for Torrents {
    type Msg = TorrentsMessage;
    type State = TorrentsState;
    type Arguments = Arc<Shared>;

    async fn pre_start(
        &self,
        myself: ActorRef<TorrentsMessage>,
        shared: Arc<Shared>,
    ) -> Result<TorrentsState, ActorProcessingErr> {
        let housekeeping = Reconciler::new(HOUSEKEEPING, || TorrentsMessage::KeepHouse, TorrentsMessage::HouseKept);
        let mut state = TorrentsState { shared, sessions: HashMap::new(), tasks: JoinSet::new(), housekeeping };
        state.adopt(&myself).await?;
        myself.send_after(HOUSEKEEPING, || TorrentsMessage::KeepHouse);
        Ok(state)
    }

    async fn handle(
        &self,
        myself: ActorRef<TorrentsMessage>,
        message: TorrentsMessage,
        state: &mut TorrentsState,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            TorrentsMessage::Activate { torrent, size_bytes, reply } => {
                state.activate(torrent, size_bytes, reply, &myself).await
            }
            TorrentsMessage::Activated { info_hash, result, reply } => {
                state.activated(info_hash, result, reply, &myself).await
            }
            TorrentsMessage::Delete { info_hash, reply } => state.delete(info_hash, reply),
            TorrentsMessage::Unwatched { info_hash } => state.unwatched(info_hash).await,
            TorrentsMessage::SessionDue { info_hash } => state.ensure_session(info_hash, &myself).await,
            TorrentsMessage::KeepHouse => state.keep_house(&myself),
            TorrentsMessage::HouseKept(run) => state.house_kept(run, &myself),
        }
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<TorrentsMessage>,
        event: SupervisionEvent,
        state: &mut TorrentsState,
    ) -> Result<(), ActorProcessingErr> {
        match event {
            SupervisionEvent::ActorFailed(session, error) => state.fell(session.get_id(), error.to_string(), &myself),
            SupervisionEvent::ActorTerminated(session, _, reason) => {
                state.fell(session.get_id(), reason.unwrap_or_else(|| "ended unasked".to_owned()), &myself)
            }
            SupervisionEvent::ActorStarted(_) | SupervisionEvent::ProcessGroupChanged(_) => {}
        }
        Ok(())
    }

    async fn post_stop(
        &self,
        _: ActorRef<TorrentsMessage>,
        state: &mut TorrentsState,
    ) -> Result<(), ActorProcessingErr> {
        log_unsaved(save(&state.shared).await);
        Ok(())
    }
}

impl TorrentsState {
    /// Takes over what the engine and the leases of a former incarnation left.
    async fn adopt(&mut self, myself: &ActorRef<TorrentsMessage>) -> Result<(), ActorProcessingErr> {
        let left = self.shared.parts.engine.active();
        if left.iter().any(|engine| self.shared.active.get(engine.info_hash()).is_none()) {
            let rows = self.shared.parts.store.read(store::all).await?;
            for engine in left {
                let row = rows.iter().find(|row| row.info_hash == engine.info_hash());
                let (size_bytes, at) = row.map_or((0, 0), |row| (row.size_bytes, row.last_access_at));
                self.shared.active.insert(ActiveTorrent::new(engine, size_bytes, at));
            }
        }
        for (info_hash, _) in self.shared.active.all() {
            self.ensure_session(info_hash, myself).await?;
        }
        Ok(())
    }

    async fn activate(
        &mut self,
        torrent: Activate,
        size_bytes: u64,
        reply: RpcReplyPort<Result<(), TorrentsError>>,
        myself: &ActorRef<TorrentsMessage>,
    ) -> Result<(), ActorProcessingErr> {
        let info_hash = torrent.info_hash;
        if let Some(active) = self.shared.active.get(info_hash)
            && *active.engine.state().borrow() != SourceState::Deleted
        {
            active.touch(self.shared.parts.clock.now_ms());
            self.ensure_session(info_hash, myself).await?;
            if let Some((session, _)) = self.sessions.get(&info_hash).and_then(|entry| entry.running.as_ref()) {
                let _ = session.send_message(SessionMessage(Cause::Activated));
            }
            respond(reply, Ok(()));
            return Ok(());
        }
        while self.tasks.try_join_next().is_some() {}
        let (shared, myself) = (self.shared.clone(), myself.clone());
        self.tasks.spawn(async move {
            let result = bring_in(&shared, torrent, size_bytes).await;
            let _ = myself.send_message(TorrentsMessage::Activated { info_hash, result, reply });
        });
        Ok(())
    }

    async fn activated(
        &mut self,
        info_hash: InfoHash,
        result: Result<(), TorrentsError>,
        reply: RpcReplyPort<Result<(), TorrentsError>>,
        myself: &ActorRef<TorrentsMessage>,
    ) -> Result<(), ActorProcessingErr> {
        if result.is_ok() {
            self.ensure_session(info_hash, myself).await?;
            self.shared.parts.events.emit(Event::TorrentActivated { info_hash });
        }
        respond(reply, result);
        Ok(())
    }

    fn delete(
        &mut self,
        info_hash: InfoHash,
        reply: RpcReplyPort<Result<(), TorrentsError>>,
    ) -> Result<(), ActorProcessingErr> {
        while self.tasks.try_join_next().is_some() {}
        let shared = self.shared.clone();
        self.tasks.spawn(async move {
            let _changing = shared.changing.lock().await;
            shared.active.remove(info_hash);
            respond(reply, space::delete(&shared.parts, info_hash).await);
        });
        Ok(())
    }

    async fn unwatched(&mut self, info_hash: InfoHash) -> Result<(), ActorProcessingErr> {
        let Some(torrent) = self.shared.active.get(info_hash) else { return Ok(()) };
        torrent.touch(self.shared.parts.clock.now_ms());
        let observation = observe(info_hash, &torrent);
        let written = self.shared.parts.store.write(move |tx| store::observe(tx, &observation)).await;
        log_unsaved(written);
        Ok(())
    }

    fn keep_house(&mut self, myself: &ActorRef<TorrentsMessage>) -> Result<(), ActorProcessingErr> {
        let shared = self.shared.clone();
        self.housekeeping.activated(myself, || async move {
            let _changing = shared.changing.lock().await;
            log_unsaved(save(&shared).await);
            if let Err(error) = space::make_room(&shared.parts, &shared.active, None).await {
                tracing::error!(%error, "failed to keep torrents within their disk space");
            }
            Run::Drained
        });
        Ok(())
    }

    fn house_kept(&mut self, run: Run, myself: &ActorRef<TorrentsMessage>) -> Result<(), ActorProcessingErr> {
        self.housekeeping.finished(myself, run);
        Ok(())
    }

    /// Starts the session of an active torrent that has none.
    async fn ensure_session(
        &mut self,
        info_hash: InfoHash,
        myself: &ActorRef<TorrentsMessage>,
    ) -> Result<(), ActorProcessingErr> {
        let Some(torrent) = self.shared.active.get(info_hash) else { return Ok(()) };
        let entry = self.sessions.entry(info_hash).or_insert(SessionEntry { running: None, attempt: 0 });
        if entry.running.is_some() {
            return Ok(());
        }
        let idle_pause = self.shared.parts.settings.idle_pause;
        let arguments = SessionArguments { torrent, idle_pause, torrents: myself.clone() };
        let (session, _) = myself.get_cell().spawn_linked(None, TorrentSession, arguments).await?;
        let now_ms = self.shared.parts.clock.now_ms();
        let path = session_path(self.shared.path, info_hash);
        entry.running = Some((session.clone(), Instant::now()));
        self.shared.parts.tree.record_started(&path, false, &session.get_cell(), None, now_ms);
        Ok(())
    }

    /// A session ended: for good when its torrent did, else it starts again. Nothing but its own torrent notices.
    fn fell(&mut self, id: ActorId, error: String, myself: &ActorRef<TorrentsMessage>) {
        let is_fallen =
            |entry: &SessionEntry| entry.running.as_ref().is_some_and(|(session, _)| session.get_id() == id);
        let Some((&info_hash, entry)) = self.sessions.iter_mut().find(|(_, entry)| is_fallen(entry)) else { return };
        let path = session_path(self.shared.path, info_hash);
        let since = entry.running.take().map(|(_, since)| since);
        if self.shared.active.get(info_hash).is_none_or(|torrent| is_deleted(&torrent)) {
            self.sessions.remove(&info_hash);
            self.shared.parts.tree.forget(&path);
            return;
        }
        if since.is_some_and(|since| since.elapsed() >= SESSION_HEALTHY_AFTER) {
            entry.attempt = 0;
        }
        let delay = SESSION_BACKOFF.delay(entry.attempt);
        entry.attempt = entry.attempt.saturating_add(1);
        tracing::error!(actor = path, error, "actor failed; restarting it");
        self.shared.parts.tree.record_failed(&path, error);
        myself.send_after(delay, move || TorrentsMessage::SessionDue { info_hash });
    }
}

fn is_deleted(torrent: &ActiveTorrent) -> bool {
    *torrent.engine.state().borrow() == SourceState::Deleted
}

fn session_path(path: &str, info_hash: InfoHash) -> String {
    format!("{path}/{}", info_hash.short())
}

/// Makes room for a torrent, records it, and gives it to the engine.
async fn bring_in(shared: &Shared, torrent: Activate, size_bytes: u64) -> Result<(), TorrentsError> {
    let Activate { info_hash, metainfo, mut initial_peers } = torrent;
    let parts = &shared.parts;
    let _changing = shared.changing.lock().await;
    if shared.active.get(info_hash).is_some_and(|torrent| !is_deleted(&torrent)) {
        return Ok(());
    }
    retire_one_too_many(shared).await?;
    space::make_room(parts, &shared.active, Some((info_hash, size_bytes))).await?;

    let now_ms = parts.clock.now_ms();
    let record = metainfo.clone();
    let seen_peers = parts
        .store
        .write(move |tx| {
            store::open(tx, info_hash, &record, size_bytes, now_ms)?;
            store::seen_peers(tx, info_hash)
        })
        .await?;
    initial_peers.extend(seen_peers);
    initial_peers.sort_unstable();
    initial_peers.dedup();
    initial_peers.truncate(store::SEEN_PEERS_MAX * 2);

    let engine = parts.engine.add(AddTorrent { info_hash, metainfo, initial_peers }).await?;
    shared.active.insert(ActiveTorrent::new(engine, size_bytes, now_ms));
    Ok(())
}

/// Takes the least recently used torrent that nobody watches out of the engine, when it is full. The files stay.
async fn retire_one_too_many(shared: &Shared) -> Result<(), TorrentsError> {
    let mut active = shared.active.all();
    if active.len() < shared.parts.settings.max_active {
        return Ok(());
    }
    active.sort_by_key(|(_, torrent)| torrent.last_access_at.load(Ordering::Relaxed));
    for (info_hash, torrent) in active {
        if shared.active.retire(info_hash) {
            let observation = observe(info_hash, &torrent);
            shared.parts.store.write(move |tx| store::observe(tx, &observation)).await?;
            shared.parts.engine.remove(info_hash, false).await?;
            return Ok(());
        }
    }
    Err(TorrentsError::TooManyTorrents)
}

/// Writes down what all active torrents have done since the last time.
async fn save(shared: &Shared) -> Result<(), TorrentsError> {
    let active = shared.active.all().into_iter();
    let observations: Vec<Observation> = active.map(|(info_hash, torrent)| observe(info_hash, &torrent)).collect();
    if observations.is_empty() {
        return Ok(());
    }
    let write = move |tx: &rusqlite::Transaction<'_>| {
        observations.iter().try_for_each(|observation| store::observe(tx, observation))
    };
    shared.parts.store.write(write).await
}

/// Counters may be lost, on a full disk for one; playing goes on.
fn log_unsaved(saved: Result<(), TorrentsError>) {
    if let Err(error) = saved {
        tracing::error!(error = &error as &dyn std::error::Error, "failed to save what torrents have done");
    }
}

fn observe(info_hash: InfoHash, torrent: &ActiveTorrent) -> Observation {
    let stats = torrent.engine.stats(0);
    let before = torrent.uploaded_saved.swap(stats.uploaded_bytes, Ordering::Relaxed);
    Observation {
        info_hash,
        downloaded_bytes: torrent.engine.verified_bytes(),
        uploaded_more_bytes: stats.uploaded_bytes.saturating_sub(before),
        last_access_at: torrent.last_access_at.load(Ordering::Relaxed),
        seen_peers: stats.known_peers,
    }
}
