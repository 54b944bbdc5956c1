//! All routes, one file per area.

mod admin;
mod auth;
mod catalog;
pub mod docs;
mod health;
mod home;
mod images;
mod lists;
mod me;
mod playback;
mod progress;
mod stream;
mod torrents;
mod trakt;
mod users;
mod watched;

use super::policy::Routes;

/// Every route of the daemon; what is not here falls through to the UI's files.
pub fn all() -> Routes {
    let v1 = Routes::default()
        .merge(auth::routes())
        .merge(me::routes())
        .merge(trakt::routes())
        .merge(users::routes())
        .merge(home::routes())
        .merge(catalog::routes())
        .merge(lists::routes())
        .merge(images::routes())
        .merge(progress::routes())
        .merge(watched::routes())
        .merge(playback::routes())
        .merge(torrents::routes())
        .merge(health::routes())
        .merge(admin::routes())
        .merge(docs::description());
    Routes::default().nest("/api/v1", v1).merge(docs::pages()).merge(stream::routes())
}
