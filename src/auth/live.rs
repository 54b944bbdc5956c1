//! Who is signed in now, published for every request to read without I/O.
//!
//! A positive list: a session that is not in it is not signed in, so what fails to be published fails closed. It holds
//! the role and the language, which the access token does not: a change counts from the next request. The actor publishes
//! after each commit, and rebuilds the list from the store whenever it starts.

use crate::domain::{
    ids::{LoginSessionId, UserId},
    language::Language,
    user::{Principal, Role, User},
};
use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock, RwLockWriteGuard},
};
use tokio_util::sync::CancellationToken;

/// The live sessions. As many as the store holds: users times their devices.
#[derive(Default)]
pub struct Live {
    sessions: RwLock<HashMap<LoginSessionId, Entry>>,
}

struct Entry {
    user: UserId,
    role: Role,
    language: Option<Language>,
    expires_at: i64,
    revoked: CancellationToken,
}

/// A session as the store knows it.
#[derive(Clone, Debug)]
pub struct LiveSession {
    pub id: LoginSessionId,
    pub user: UserId,
    pub role: Role,
    pub language: Option<Language>,
    pub expires_at: i64,
}

impl Live {
    /// Who a session speaks for, if it is live.
    pub fn principal(&self, session: &LoginSessionId, now: i64) -> Option<Principal> {
        let sessions = self.sessions.read().unwrap_or_else(PoisonError::into_inner);
        let entry = sessions.get(session).filter(|entry| entry.expires_at > now)?;
        let language = entry.language.clone();
        Some(Principal { user: entry.user, role: entry.role, session: session.clone(), language })
    }

    /// Is cancelled once the session is not live any more; already, when it is not now.
    pub fn revocation(&self, session: &LoginSessionId, now: i64) -> CancellationToken {
        let sessions = self.sessions.read().unwrap_or_else(PoisonError::into_inner);
        match sessions.get(session).filter(|entry| entry.expires_at > now) {
            // A child, so that nobody who holds it can revoke the session for everybody else.
            Some(entry) => entry.revoked.child_token(),
            None => {
                let revoked = CancellationToken::new();
                revoked.cancel();
                revoked
            }
        }
    }

    /// Adds a session, or moves its end.
    pub fn publish(&self, session: LiveSession) {
        let LiveSession { id, user, role, language, expires_at } = session;
        let mut sessions = self.write();
        let revoked = sessions.remove(&id).map_or_else(CancellationToken::new, |entry| entry.revoked);
        sessions.insert(id, Entry { user, role, language, expires_at, revoked });
    }

    /// Ends sessions.
    pub fn end(&self, ended: &[LoginSessionId]) {
        let entries: Vec<Entry> = {
            let mut sessions = self.write();
            ended.iter().filter_map(|id| sessions.remove(id)).collect()
        };
        entries.iter().for_each(|entry| entry.revoked.cancel());
    }

    /// All sessions of a user are that account as it is now.
    pub fn update(&self, user: &User) {
        for entry in self.write().values_mut().filter(|entry| entry.user == user.id) {
            entry.role = user.role;
            entry.language.clone_from(&user.language);
        }
    }

    /// Makes the list what the store says; answers which sessions that ended.
    pub fn replace(&self, stored: Vec<LiveSession>) -> Vec<LoginSessionId> {
        let ended: Vec<(LoginSessionId, Entry)> = {
            let mut sessions = self.write();
            let mut before = std::mem::take(&mut *sessions);
            for LiveSession { id, user, role, language, expires_at } in stored {
                let revoked = before.remove(&id).map_or_else(CancellationToken::new, |entry| entry.revoked);
                sessions.insert(id, Entry { user, role, language, expires_at, revoked });
            }
            before.into_iter().collect()
        };
        ended
            .into_iter()
            .map(|(id, entry)| {
                entry.revoked.cancel();
                id
            })
            .collect()
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<LoginSessionId, Entry>> {
        self.sessions.write().unwrap_or_else(PoisonError::into_inner)
    }
}
