//! Accounts, sign-ins and devices.

use crate::{
    auth::{self, UserChange},
    domain::{ids::LoginSessionId, user},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// What an account may do. Each may do all that the ones before it may.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Guest,
    User,
    Admin,
}

impl From<user::Role> for Role {
    fn from(role: user::Role) -> Self {
        match role {
            user::Role::Guest => Self::Guest,
            user::Role::User => Self::User,
            user::Role::Admin => Self::Admin,
        }
    }
}

impl From<Role> for user::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Guest => Self::Guest,
            Role::User => Self::User,
            Role::Admin => Self::Admin,
        }
    }
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    pub id: i64,
    pub username: String,
    pub role: Role,
    pub is_active: bool,
    /// Unix ms.
    pub created_at: i64,
    /// That titles and texts are in, such as `en` or `pt-BR`; null is as the client asks by `Accept-Language`.
    #[schema(required)]
    pub language: Option<String>,
}

impl From<user::User> for User {
    fn from(user: user::User) -> Self {
        let user::User { id, username, role, is_active, created_at, language } = user;
        Self { id: id.0, username, role: role.into(), is_active, created_at, language: language.map(Into::into) }
    }
}

/// All accounts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Users {
    pub users: Vec<User>,
}

/// Whether the daemon still waits for its first admin.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetupStatus {
    pub needed: bool,
}

/// How the tokens travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// In cookies that no script sees.
    #[default]
    Cookie,
    /// In the body, for clients that are no browsers.
    Token,
}

/// Creates the first admin.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SetupRequest {
    #[schema(value_type = String, format = "password")]
    pub token: SecretString,
    pub username: String,
    #[schema(value_type = String, format = "password")]
    pub password: SecretString,
    pub device_name: Option<String>,
    #[serde(default)]
    pub transport: Transport,
}

/// Signs a device in.
#[derive(Debug, Deserialize, ToSchema)]
pub struct LoginRequest {
    pub username: String,
    #[schema(value_type = String, format = "password")]
    pub password: SecretString,
    pub device_name: Option<String>,
    #[serde(default)]
    pub transport: Transport,
}

/// Asks for new tokens. Browsers send `{}`: their refresh token is in a cookie.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RefreshRequest {
    #[schema(value_type = Option<String>, format = "password")]
    pub refresh_token: Option<SecretString>,
}

/// A device that is signed in now. The tokens are there for the transport `token` only.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedIn {
    pub user: User,
    pub session_id: String,
    /// When the access token expires (Unix ms).
    pub expires_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

impl SignedIn {
    pub fn new(signed_in: &auth::SignedIn, transport: Transport) -> Self {
        let in_body = |token: &SecretString| (transport == Transport::Token).then(|| token.expose_secret().to_owned());
        Self {
            user: signed_in.user.clone().into(),
            session_id: signed_in.session.to_string(),
            expires_at: signed_in.access_expires_at,
            access_token: in_body(&signed_in.access_token),
            refresh_token: in_body(&signed_in.refresh_token),
        }
    }
}

/// A change of one's own account; what is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateMeRequest {
    /// Needed for a new one.
    #[schema(value_type = Option<String>, format = "password")]
    pub current_password: Option<SecretString>,
    #[schema(value_type = Option<String>, format = "password")]
    pub new_password: Option<SecretString>,
    /// Of titles and texts, such as `en` or `pt-BR`; null is as the client asks by `Accept-Language`.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub language: Option<Option<String>>,
}

/// A field that is there, be it null.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// One device's sign-in.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoginSession {
    pub id: String,
    pub device_name: String,
    pub user_agent: String,
    pub created_at: i64,
    pub last_seen_at: i64,
    /// The device that asks.
    pub current: bool,
}

impl LoginSession {
    pub fn new(session: auth::LoginSession, asking: &LoginSessionId) -> Self {
        let auth::LoginSession { id, device_name, user_agent, created_at, last_seen_at } = session;
        Self { current: id == *asking, id: id.0, device_name, user_agent, created_at, last_seen_at }
    }
}

/// The devices a user is signed in on.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoginSessions {
    pub sessions: Vec<LoginSession>,
}

/// A new account.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateUserRequest {
    pub username: String,
    #[schema(value_type = String, format = "password")]
    pub password: SecretString,
    pub role: Role,
}

/// A change of an account; what is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct UpdateUserRequest {
    pub role: Option<Role>,
    pub is_active: Option<bool>,
    #[schema(value_type = Option<String>, format = "password")]
    pub password: Option<SecretString>,
}

impl From<UpdateUserRequest> for UserChange {
    fn from(request: UpdateUserRequest) -> Self {
        let UpdateUserRequest { role, is_active, password } = request;
        Self { role: role.map(Into::into), is_active, password }
    }
}
