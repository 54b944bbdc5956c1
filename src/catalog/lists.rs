//! Lists of titles, and what users may do with theirs.

use super::CatalogError;
use crate::{
    domain::{
        ids::TraktAccountId,
        show::Show,
        title::{Movie, TitleId},
    },
    ports::{Listed, PersonalList},
};

/// What the API calls each user's default list.
pub const MY_LIST: &str = "my-list";

const MAX_NAME: usize = 100;
const MAX_DESCRIPTION: usize = 1_000;

/// A film or a show.
#[derive(Clone, Debug, PartialEq)]
pub enum Title {
    Movie(Movie),
    Show(Show),
}

/// A list without its titles.
#[derive(Clone, Debug, PartialEq)]
pub struct ListSummary {
    pub slug: String,
    pub name: String,
    pub description: String,
    pub count: u32,
    /// The user who asks has made it, and may change it.
    pub is_own: bool,
    /// It is a user's, and the others see it.
    pub is_public: bool,
}

/// A list with titles in order.
#[derive(Clone, Debug, PartialEq)]
pub struct TitleList {
    pub summary: ListSummary,
    pub items: Vec<Title>,
    /// What to ask for the next page with.
    pub next: Option<i64>,
}

/// A list of an account at Trakt, as it is there now.
#[derive(Clone, Debug)]
pub struct TraktList {
    pub account: TraktAccountId,
    /// Among the lists of that account.
    pub position: i64,
    pub list: PersonalList,
    pub listed: Listed,
}

/// A list that a user makes.
#[derive(Clone, Debug)]
pub struct NewList {
    pub name: String,
    pub description: String,
    pub is_public: bool,
    pub is_default: bool,
}

/// What changes of a list; what is none stays.
#[derive(Clone, Debug, Default)]
pub struct ListEdit {
    pub name: Option<String>,
    pub description: Option<String>,
    pub is_public: Option<bool>,
    /// Lists of one user stand in ascending order of it.
    pub position: Option<i64>,
}

/// What a user wants done with lists of their own.
#[derive(Clone, Debug)]
pub enum ListChange {
    Create(NewList),
    Edit {
        slug: String,
        edit: ListEdit,
    },
    Delete {
        slug: String,
    },
    /// In front of the others.
    Put {
        slug: String,
        title: TitleId,
    },
    Remove {
        slug: String,
        title: TitleId,
    },
}

impl ListChange {
    /// Fails for names and descriptions that no list may have.
    pub(super) fn check(&self) -> Result<(), CatalogError> {
        let (name, description) = match self {
            Self::Create(new) => (Some(&new.name), Some(&new.description)),
            Self::Edit { edit, .. } => (edit.name.as_ref(), edit.description.as_ref()),
            Self::Delete { .. } | Self::Put { .. } | Self::Remove { .. } => (None, None),
        };
        let is_name = name.is_none_or(|name| !name.trim().is_empty() && name.chars().count() <= MAX_NAME);
        let is_description = description.is_none_or(|text| text.chars().count() <= MAX_DESCRIPTION);
        if is_name && is_description { Ok(()) } else { Err(CatalogError::BadList) }
    }
}
