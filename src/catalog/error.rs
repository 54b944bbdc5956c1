//! Why the catalog could not answer.

use crate::{store::StoreError, supervision::CallError};

/// What went wrong in the catalog.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    #[error("there is no such film, or it is not yours to see")]
    MovieNotFound,
    #[error("there is no such show")]
    ShowNotFound,
    #[error("there is no such season")]
    SeasonNotFound,
    #[error("there is no such list")]
    ListNotFound,
    #[error("this list comes from Trakt; change it there")]
    ListReadOnly,
    #[error("a list needs a name of 1 to 100 letters and a description of at most 1000")]
    BadList,
    #[error("you have as many lists as one account may; delete one first")]
    TooManyLists,
    #[error("the list is full; remove a title first")]
    ListFull,
    #[error("you have opened as many torrents as one account may; remove one first")]
    TooManyOwn,
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for CatalogError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}
