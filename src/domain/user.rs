//! Who is asking, and what their role allows.

use super::{
    ids::{LoginSessionId, UserId},
    language::Language,
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What an account may do. Ordered: each role may do all that the ones before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Browses; watches only where the settings let guests watch.
    Guest,
    /// Browses and watches, with lists and progress of their own.
    User,
    /// Everything.
    Admin,
}

impl Role {
    /// The word used in the database, the API and the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::User => "user",
            Self::Admin => "admin",
        }
    }

    /// The role a word names, if it names one.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Guest, Self::User, Self::Admin].into_iter().find(|role| role.as_str() == word)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An authenticated caller: the account as it is now, and the login session that speaks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    pub user: UserId,
    pub role: Role,
    pub session: LoginSessionId,
    /// That the user reads titles in; none is whatever the device asks for.
    pub language: Option<Language>,
}

/// An account as others may see it; never holds the password hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub username: String,
    pub role: Role,
    pub is_active: bool,
    pub created_at: i64,
    /// That the user reads titles in; none is whatever the device asks for.
    pub language: Option<Language>,
}
