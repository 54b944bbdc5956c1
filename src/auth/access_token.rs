//! Access tokens: JSON Web Tokens (RFC 7519) signed with HS256, for at most ten minutes.
//!
//! A token only names a session. Who that is, and what they may do, is looked up in the live sessions each time.

use super::{AuthError, StartError, keys::MacKey, settings::MAX_ACCESS_LIFETIME};
use crate::domain::ids::{LoginSessionId, UserId};
use jsonwebtoken::{Algorithm, Header, Validation};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::time::Duration;

const ISSUER: &str = "miauflix";
const AUDIENCE: &str = "miauflix-api";
const TYPE: &str = "access";
/// Clocks only differ when ours is set back.
const LEEWAY_S: i64 = 5;
const MAX_TOKEN_BYTES: usize = 1024;

/// Issues and checks access tokens.
pub struct AccessTokens {
    key: MacKey,
    validation: Validation,
    header: String,
    lifetime_s: i64,
}

/// All of them are required, and nothing else is accepted. Times are Unix seconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    sid: String,
    typ: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl AccessTokens {
    pub fn new(key: MacKey, lifetime: Duration) -> Result<Self, StartError> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "nbf", "exp"]);
        // The times are checked here, by the daemon's clock.
        validation.validate_exp = false;
        let lifetime_s = i64::try_from(lifetime.min(MAX_ACCESS_LIFETIME).as_secs()).unwrap_or(0);
        let signed = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &(), &key.encoding)?;
        let header = signed.split_inclusive('.').next().unwrap_or_default().to_owned();
        Ok(Self { key, validation, header, lifetime_s })
    }

    /// A token for a session, and when it expires (Unix ms): after the lifetime, or with its session.
    pub fn issue(
        &self,
        user: UserId,
        session: &LoginSessionId,
        now: i64,
        session_expires_at: i64,
    ) -> Result<(SecretString, i64), jsonwebtoken::errors::Error> {
        let iat = now.div_euclid(1000);
        let exp = (iat + self.lifetime_s).min(session_expires_at.div_euclid(1000));
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user.to_string(),
            sid: session.0.clone(),
            typ: TYPE.to_owned(),
            iat,
            nbf: iat,
            exp,
        };
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.key.encoding)?;
        Ok((token.into(), exp * 1000))
    }

    /// The session that a token names, once everything else about it is right.
    pub fn check(&self, token: &str, now: i64) -> Result<(UserId, LoginSessionId), AuthError> {
        // Ours all have the same header; with any other there is nothing to interpret.
        if token.len() > MAX_TOKEN_BYTES || !token.starts_with(&self.header) {
            return Err(AuthError::Unauthenticated);
        }
        let decoded = jsonwebtoken::decode::<Claims>(token, &self.key.decoding, &self.validation);
        let claims = decoded.map_err(|_| AuthError::Unauthenticated)?.claims;
        let now_s = now.div_euclid(1000);
        let is_ours = claims.iss == ISSUER
            && claims.aud == AUDIENCE
            && claims.typ == TYPE
            && claims.iat <= now_s.saturating_add(LEEWAY_S)
            && claims.nbf <= now_s.saturating_add(LEEWAY_S)
            && claims.exp.checked_sub(claims.iat).is_some_and(|lifetime| lifetime <= self.lifetime_s);
        let user = claims.sub.parse().ok().map(UserId).filter(|user| user.to_string() == claims.sub);
        let Some(user) = user.filter(|_| is_ours) else { return Err(AuthError::Unauthenticated) };
        if claims.exp.saturating_add(LEEWAY_S) <= now_s {
            return Err(AuthError::AccessExpired);
        }
        Ok((user, LoginSessionId(claims.sid)))
    }
}

#[cfg(test)]
mod tests;
