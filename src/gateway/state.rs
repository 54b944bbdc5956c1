//! What request handlers work with: one handle per concern, each taken by type.

use super::tickets::Tickets;
use crate::{
    audit::AuditHandle,
    auth::AuthHandle,
    catalog::CatalogHandle,
    images::ImagesHandle,
    playback::PlaybackHandle,
    ports::Clock,
    progress::ProgressHandle,
    supervision::{ActorTree, Tasks},
    torrents::TorrentsHandle,
    trakt::TraktHandle,
};
use axum::extract::FromRef;
use std::sync::Arc;

/// All of it. Cheap to clone.
#[derive(Clone)]
pub struct Concerns {
    pub auth: AuthHandle,
    pub catalog: CatalogHandle,
    pub images: ImagesHandle,
    pub progress: ProgressHandle,
    pub playback: PlaybackHandle,
    pub torrents: TorrentsHandle,
    pub trakt: TraktHandle,
    pub tickets: Arc<dyn Tickets>,
    pub actors: ActorTree,
    pub tasks: Tasks,
    pub audit: AuditHandle,
    pub clock: Arc<dyn Clock>,
}

macro_rules! taken_by_type {
    ($($field:ident: $type:ty)*) => {$(
        impl FromRef<Concerns> for $type {
            fn from_ref(state: &Concerns) -> Self {
                state.$field.clone()
            }
        }
    )*};
}

taken_by_type! {
    auth: AuthHandle
    catalog: CatalogHandle
    images: ImagesHandle
    progress: ProgressHandle
    playback: PlaybackHandle
    torrents: TorrentsHandle
    trakt: TraktHandle
    tickets: Arc<dyn Tickets>
    actors: ActorTree
    tasks: Tasks
    audit: AuditHandle
    clock: Arc<dyn Clock>
}
