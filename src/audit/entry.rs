//! One line of the audit log.

use crate::domain::ids::UserId;
use serde_json::{Map, Value};
use std::net::IpAddr;

/// How much an entry should worry its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Info,
    Warning,
    Error,
    /// Somebody may hold what is not theirs: written at once.
    Critical,
}

impl Severity {
    /// The word used in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Critical => "critical",
        }
    }
}

/// What was done: an action such as `login`, on a resource such as `user:3`. Never holds a secret, nor what people watch.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    pub(super) action: &'static str,
    pub(super) severity: Severity,
    pub(super) repeats: bool,
    pub(super) user: Option<UserId>,
    pub(super) resource: String,
    pub(super) metadata: Map<String, Value>,
    pub(super) ip: Option<IpAddr>,
    pub(super) user_agent: Option<String>,
}

impl AuditEntry {
    /// Something done once.
    pub fn new(severity: Severity, action: &'static str, resource: impl Into<String>) -> Self {
        Self {
            action,
            severity,
            repeats: false,
            user: None,
            resource: resource.into(),
            metadata: Map::new(),
            ip: None,
            user_agent: None,
        }
    }

    /// A failure that may come in floods: those alike (action, resource, address) within a window become one entry
    /// with their `count`.
    pub fn failure(action: &'static str, resource: impl Into<String>) -> Self {
        Self { repeats: true, ..Self::new(Severity::Warning, action, resource) }
    }

    /// Says who did it.
    pub fn by(self, user: UserId) -> Self {
        Self { user: Some(user), ..self }
    }

    /// Says from where it was done.
    pub fn from(self, ip: IpAddr, user_agent: &str) -> Self {
        Self { ip: Some(ip), user_agent: Some(user_agent.to_owned()), ..self }
    }

    /// Adds a detail.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.metadata.insert(name.to_owned(), value.into());
        self
    }
}
