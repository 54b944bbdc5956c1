//! What the catalog's actor is asked to do.

use super::{
    CatalogError, ListChange, ListSummary, TraktList,
    completion::{Target, Whole},
    searching::Found,
};
use crate::{
    domain::{
        ids::{MovieId, ShowId, SourceId, TraktAccountId, UserId},
        info_hash::InfoHash,
        language::Language,
        media::{MediaList, TitleFacts, TitleKind, TmdbId},
        tracking::NamedTitle,
    },
    ports::MovieDatabaseError,
    supervision::Run,
};
use ractor::RpcReplyPort;

/// A source as it is first recorded.
#[derive(Clone, Debug)]
pub struct NewSource {
    pub release_name: String,
    pub info_hash: InfoHash,
    pub magnet: Option<String>,
    pub metadata: Option<SourceMetadata>,
    pub resolution: Option<&'static str>,
    pub is_embedded: bool,
}

/// What a torrent's metadata tells of a source.
#[derive(Clone, Debug)]
pub struct SourceMetadata {
    pub metainfo: Vec<u8>,
    pub file_index: u32,
    pub size_bytes: u64,
}

/// Requests to the catalog.
pub enum CatalogMessage {
    /// Adds a film that a user opened, or finds it when that user has opened it before.
    AddOwn {
        owner: UserId,
        title: String,
        source: NewSource,
        reply: RpcReplyPort<Result<(MovieId, bool), CatalogError>>,
    },
    /// Keeps the metadata of a source that was only a magnet link so far.
    RecordMetadata {
        movie: MovieId,
        source: SourceId,
        metadata: SourceMetadata,
        reply: RpcReplyPort<Result<(), CatalogError>>,
    },
    /// Forgets a film that a user opened.
    RemoveOwn {
        movie: MovieId,
        reply: RpcReplyPort<Result<(), CatalogError>>,
    },
    /// A list of the film database, read anew; it is due again at `due_at`.
    PutList {
        list: MediaList,
        titles: Vec<TitleFacts>,
        due_at: i64,
        reply: RpcReplyPort<Result<(), CatalogError>>,
    },
    /// A list could not be read; it is tried again at `due_at`.
    PutOffList {
        list: MediaList,
        due_at: i64,
        reply: RpcReplyPort<Result<(), CatalogError>>,
    },
    /// Reads all of what somebody opens. Answers when that is done, or has failed.
    Complete {
        target: Target,
        reply: RpcReplyPort<()>,
    },
    Completed {
        target: Target,
        answer: Box<Result<Whole, MovieDatabaseError>>,
    },
    /// Somebody looks at a show: its seasons are completed before those of others.
    ShowOpened {
        show: ShowId,
    },
    /// Does what a user wants with lists of their own.
    ChangeList {
        user: UserId,
        change: ListChange,
        reply: RpcReplyPort<Result<Option<ListSummary>, CatalogError>>,
    },
    /// Adds titles that are not here yet, by what others call them. They are read in the background.
    AddNamed {
        titles: Vec<NamedTitle>,
        reply: RpcReplyPort<Result<(), CatalogError>>,
    },
    /// Brings a user's default list in step with one that they keep elsewhere.
    FollowList {
        user: UserId,
        added: Vec<(TitleKind, TmdbId)>,
        removed: Vec<(TitleKind, TmdbId)>,
        reply: RpcReplyPort<Result<(), CatalogError>>,
    },
    /// Writes a list of an account at Trakt as it is there now.
    PutTraktList {
        list: Box<TraktList>,
        reply: RpcReplyPort<Result<(), CatalogError>>,
    },
    /// Forgets the lists of an account at Trakt but these, by their numbers there.
    KeepTraktLists {
        account: TraktAccountId,
        lists: Vec<i64>,
        reply: RpcReplyPort<Result<(), CatalogError>>,
    },
    /// Asks the film database for what somebody searches for.
    Search {
        query: String,
    },
    Searched {
        query: String,
        found: Found,
    },
    /// Somebody reads titles in this language.
    KeepLanguage {
        language: Language,
    },
    /// Asks what has changed in the film database.
    SyncChanges,
    ChangesSynced(Run),
    /// Reads all of what is due.
    CompleteDue,
    DueCompleted(Run),
}
