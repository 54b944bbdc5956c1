//! What the auth actor is asked to write, and what it answers.

use super::{
    AuthError, Device,
    credentials::Username,
    refresh_token::{RefreshToken, TokenHash},
    store::sessions::NewSession,
};
use crate::{
    domain::{
        ids::{LoginSessionId, UserId},
        language::Language,
        user::{Principal, Role, User},
    },
    supervision::Run,
};
use ractor::RpcReplyPort;

pub type Reply<T> = RpcReplyPort<Result<T, AuthError>>;

/// Requests come with their passwords hashed already, and know tokens by their hash only.
pub enum AuthMessage {
    /// Create the first admin, and sign them in.
    Setup {
        account: NewAccount,
        sign_in: SignIn,
        reply: Reply<Opened>,
    },
    /// Begin a session of a user whose password was found right: that one, `password_hash`.
    SignIn {
        user: UserId,
        password_hash: String,
        sign_in: SignIn,
        reply: Reply<Opened>,
    },
    /// Replace a refresh token by its successor.
    Refresh {
        token: TokenHash,
        successor: TokenHash,
        device: Device,
        reply: Reply<Opened>,
    },
    /// End a session.
    Revoke {
        user: UserId,
        session: LoginSessionId,
        reply: Reply<()>,
    },
    /// Replace a password that was found right by its user.
    ChangePassword {
        by: Principal,
        password_hash: String,
        new_password_hash: String,
        reply: Reply<User>,
    },
    /// Titles come in this language from now on.
    SetLanguage {
        user: UserId,
        language: Option<Language>,
        reply: Reply<User>,
    },
    CreateUser {
        by: Principal,
        account: NewAccount,
        reply: Reply<User>,
    },
    UpdateUser {
        by: Principal,
        user: UserId,
        change: AccountChange,
        reply: Reply<User>,
    },
    DeleteUser {
        by: Principal,
        user: UserId,
        reply: Reply<()>,
    },
    /// End what has expired, and catch up with what the command line changed.
    Reconcile,
    Reconciled(Run),
}

/// An account to create.
pub struct NewAccount {
    pub username: Username,
    pub password_hash: String,
    pub role: Role,
}

/// What to change about an account.
pub struct AccountChange {
    pub role: Option<Role>,
    pub is_active: Option<bool>,
    pub password_hash: Option<String>,
}

/// A session to begin, and from where.
pub struct SignIn {
    pub session: NewSession,
    pub device: Device,
}

impl SignIn {
    /// A new session of a device, and its first refresh token.
    pub fn new(device: Device) -> (Self, RefreshToken) {
        let token = RefreshToken::generate();
        let session = NewSession {
            id: LoginSessionId(hex::encode(rand::random::<[u8; 16]>())),
            token: token.hash(),
            device_name: device.name.clone(),
            user_agent: device.user_agent.clone(),
        };
        (Self { session, device }, token)
    }
}

/// A session that goes on until `expires_at` (Unix ms) unless it is refreshed.
pub struct Opened {
    pub user: User,
    pub session: LoginSessionId,
    pub expires_at: i64,
}
