//! The public face of playbacks: open one, ask how it goes, close it, redeem its ticket.

use super::{
    Dependencies, PlaybackError, PlaybackId, PlaybackStatus, Ticket,
    message::PlaybackMessage,
    table::{Entry, PlaybackTable, TICKET_LIFETIME, TicketGrant},
    tracked_source::ReadPosition,
};
use crate::{
    catalog::SourceMetadata,
    config::Config,
    domain::{
        ids::{MovieId, SourceId},
        magnet::Magnet,
        playable,
        title::{Movie, Source},
        user::{Principal, Role},
    },
    supervision::Address,
    torrents::{Activate, AdmittedTorrent, TorrentsError},
};
use bytes::Bytes;
use std::{net::SocketAddr, sync::Arc, time::Duration};

const CALL_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens and closes playbacks. Cheap to clone.
#[derive(Clone)]
pub struct PlaybackHandle {
    address: Address<PlaybackMessage>,
    table: Arc<PlaybackTable>,
    pub(super) dependencies: Dependencies,
    guests_may_watch: bool,
    pub(super) own_torrents: Role,
}

/// A playback that is ready to be read.
pub struct Opened {
    pub id: PlaybackId,
    pub ticket: Ticket,
    pub movie: Movie,
    pub source: Source,
    pub alternatives: Vec<Source>,
    pub file_name: String,
    pub mime: &'static str,
    pub size_bytes: u64,
    pub expires_at: i64,
}

impl PlaybackHandle {
    pub(super) fn new(
        address: Address<PlaybackMessage>,
        table: Arc<PlaybackTable>,
        dependencies: Dependencies,
        config: &Config,
    ) -> Self {
        let (guests_may_watch, own_torrents) = (config.auth.guests_may_watch, config.torrents.own_torrents);
        Self { address, table, dependencies, guests_may_watch, own_torrents }
    }

    /// Opens a film for a viewer: chooses its source, learns the torrent's metadata where it is not known yet, makes the
    /// torrent active and issues a ticket.
    pub async fn open(
        &self,
        viewer: &Principal,
        movie: MovieId,
        wanted: Option<SourceId>,
    ) -> Result<Opened, PlaybackError> {
        if viewer.role == Role::Guest && !self.guests_may_watch {
            return Err(PlaybackError::GuestsMayNotWatch);
        }
        let found = self.dependencies.catalog.movie(movie, viewer).await?;
        let (movie, sources) = (&found.0, &found.1);
        let is_wanted = |source: &&Source| wanted.is_none_or(|wanted| wanted == source.id);
        let source = sources.iter().find(is_wanted).ok_or(PlaybackError::NoSource)?;
        let (torrent, peers) = self.metadata_of(source).await?;

        let film = torrent.files.iter().find(|file| file.index == torrent.film).ok_or(TorrentsError::NoSuchFile)?;
        let activate =
            Activate { info_hash: torrent.info_hash, metainfo: torrent.metainfo.clone(), initial_peers: peers };
        self.dependencies.torrents.activate(activate).await?;

        let (id, ticket) = (PlaybackId::random(), Ticket::random());
        let opened_at = self.dependencies.clock.now_ms();
        let expires_at = opened_at + TICKET_LIFETIME.as_millis() as i64;
        let file_name = film.path.rsplit('/').next().unwrap_or(&film.path).to_owned();
        let mime = playable::mime_type(&film.path).unwrap_or("application/octet-stream");
        let entry = Entry {
            id: id.clone(),
            ticket: ticket.clone(),
            title: movie.title.clone(),
            user: viewer.user,
            info_hash: torrent.info_hash,
            file_index: film.index,
            file_name: file_name.clone(),
            mime,
            size_bytes: film.len_bytes,
            runtime: movie.runtime_ms.and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis),
            opened_at,
            expires_at,
            position: Arc::new(ReadPosition::default()),
            closed: self.dependencies.auth.revocation(&viewer.session).child_token(),
        };
        self.address.call(|reply| PlaybackMessage::Open { entry: Box::new(entry), reply }, CALL_TIMEOUT).await?;

        Ok(Opened {
            id,
            ticket,
            movie: movie.clone(),
            source: Source { size_bytes: Some(film.len_bytes), ..source.clone() },
            alternatives: sources.iter().filter(|other| other.id != source.id).cloned().collect(),
            file_name,
            mime,
            size_bytes: film.len_bytes,
            expires_at,
        })
    }

    /// The metadata of a source, from the catalog or from its swarm, and peers that are known to have it.
    async fn metadata_of(&self, source: &Source) -> Result<(AdmittedTorrent, Vec<SocketAddr>), PlaybackError> {
        let torrents = &self.dependencies.torrents;
        if let Some(metainfo) = &source.metainfo {
            let torrent = torrents.admit(Bytes::from(metainfo.clone())).map_err(TorrentsError::Rejected)?;
            let embedded = source.is_embedded.then_some(self.dependencies.embedded_seeder);
            let named = source.magnet.as_deref().and_then(|link| link.parse::<Magnet>().ok());
            let peers = embedded.into_iter().chain(named.map(|magnet| magnet.peers).unwrap_or_default()).collect();
            return Ok((torrent, peers));
        }
        let link = source.magnet.as_deref().ok_or(PlaybackError::NoSource)?;
        let magnet: Magnet = link.parse().map_err(TorrentsError::InvalidMagnet)?;
        let resolved = torrents.resolve(magnet).await?;
        let film = resolved.torrent.files.iter().find(|file| file.index == resolved.torrent.film);
        let metadata = SourceMetadata {
            metainfo: resolved.torrent.metainfo.to_vec(),
            file_index: resolved.torrent.film,
            size_bytes: film.map_or(0, |film| film.len_bytes),
        };
        self.dependencies.catalog.record_metadata(source.movie, source.id, metadata).await?;
        Ok((resolved.torrent, resolved.seen_peers))
    }

    /// How a viewer's own playback goes.
    pub fn status(&self, viewer: &Principal, id: &PlaybackId) -> Result<PlaybackStatus, PlaybackError> {
        let entry = self.table.by_id(id, viewer.user).ok_or(PlaybackError::NotFound)?;
        let torrents = &self.dependencies.torrents;
        let stats = torrents.stats(entry.info_hash, entry.file_index);
        Ok(PlaybackStatus::judge(torrents.state(entry.info_hash).zip(stats), entry.position.get(), entry.runtime))
    }

    /// The film's title and its stream's ticket, for players outside the browser.
    pub fn playlist(&self, viewer: &Principal, id: &PlaybackId) -> Result<(String, Ticket), PlaybackError> {
        let entry = self.table.by_id(id, viewer.user).ok_or(PlaybackError::NotFound)?;
        Ok((entry.title.clone(), entry.ticket.clone()))
    }

    /// Closes a viewer's own playback; its streams end.
    pub async fn close(&self, viewer: &Principal, id: PlaybackId) -> Result<(), PlaybackError> {
        self.table.by_id(&id, viewer.user).ok_or(PlaybackError::NotFound)?;
        Ok(self.address.call(|reply| PlaybackMessage::Close { id, reply }, CALL_TIMEOUT).await?)
    }

    /// What the holder of a ticket may read.
    pub fn redeem(&self, ticket: &str) -> Result<TicketGrant, PlaybackError> {
        let entry =
            self.table.by_ticket(ticket, self.dependencies.clock.now_ms()).ok_or(PlaybackError::TicketInvalid)?;
        Ok(TicketGrant { entry, torrents: self.dependencies.torrents.clone() })
    }
}
