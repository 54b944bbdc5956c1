//! Attempts to link an account: Trakt gives a code, the user types it in there, and the daemon asks until that is done.
//!
//! An attempt lives in the actor's state; a restart forgets it, and the user begins anew.

use super::{
    TraktError, TraktStatus,
    handle::Link,
    message::{Outcome, Reply, TraktMessage},
};
use crate::{
    domain::ids::UserId,
    ports::{DeviceCode, Polled, Tokens, WatchTracker, WatchTrackerError},
    supervision::{CallError, respond},
};
use ractor::ActorRef;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
    task::{AbortHandle, JoinSet},
    time::{Instant, sleep, timeout, timeout_at},
};

/// Attempts under way at a time.
const MAX_AT_ONCE: usize = 64;
/// How long Trakt may take to give a code.
const CODE_LIMIT: Duration = Duration::from_secs(8);
/// Trakt says that it is asked too often: the wait between two questions grows by so much (RFC 8628, section 3.5).
const SLOWER_BY: Duration = Duration::from_secs(5);
/// The account's name is asked for so often; without it the link holds, too.
const NAME_ATTEMPTS: u32 = 2;

/// What is under way. Lives in the actor's state, so it dies with the actor.
#[derive(Default)]
pub struct Linking {
    attempts: HashMap<UserId, Attempt>,
    /// Why each user's last attempt failed.
    errors: HashMap<UserId, WatchTrackerError>,
    last_number: u64,
    tasks: JoinSet<()>,
}

struct Attempt {
    number: u64,
    /// Once there is one.
    pending: Option<Link>,
    waiting: Vec<Reply<TraktStatus>>,
    task: AbortHandle,
}

impl Linking {
    /// The code that a user has to type in, and why the last attempt failed.
    pub fn of(&self, user: UserId) -> (Option<Link>, Option<String>) {
        let pending = self.attempts.get(&user).and_then(|attempt| attempt.pending.clone());
        (pending, self.errors.get(&user).map(ToString::to_string))
    }

    /// Starts an attempt; while there is one, answers its code.
    pub fn begin(
        &mut self,
        tracker: &Arc<dyn WatchTracker>,
        myself: &ActorRef<TraktMessage>,
        user: UserId,
        reply: Reply<TraktStatus>,
    ) {
        while self.tasks.try_join_next().is_some() {}
        if let Some(attempt) = self.attempts.get_mut(&user) {
            match attempt.pending.clone() {
                Some(link) => respond(reply, Ok(TraktStatus { link, error: None })),
                None => attempt.waiting.push(reply),
            }
            return;
        }
        if self.attempts.len() >= MAX_AT_ONCE {
            respond(reply, Err(CallError::Unavailable.into()));
            return;
        }
        self.errors.remove(&user);
        self.last_number += 1;
        let number = self.last_number;
        let broke_off = WatchTrackerError::Failed("the attempt to link broke off".to_owned());
        let report = Report { to: myself.clone(), user, number, outcome: Some(Err(broke_off)) };
        let (tracker, to) = (tracker.clone(), myself.clone());
        let task = self.tasks.spawn(async move {
            let mut report = report;
            let given = |given| _ = to.send_message(TraktMessage::CodeGiven { user, attempt: number, given });
            report.outcome = Some(link(&*tracker, given).await);
        });
        self.attempts.insert(user, Attempt { number, pending: None, waiting: vec![reply], task });
    }

    /// Trakt has given a code.
    pub fn given(&mut self, user: UserId, number: u64, given: DeviceCode, now: i64) {
        let Some(attempt) = self.attempts.get_mut(&user).filter(|attempt| attempt.number == number) else { return };
        let DeviceCode { user_code, verification_url, expires_in, .. } = given;
        let expires_at = now + i64::try_from(expires_in.as_millis()).unwrap_or_default();
        let link = Link::Pending { user_code, verification_url, expires_at };
        attempt.pending = Some(link.clone());
        let status = TraktStatus { link, error: None };
        attempt.waiting.drain(..).for_each(|reply| respond(reply, Ok(status.clone())));
    }

    /// An attempt has ended; answers the tokens if it is the user's current one and went well.
    pub fn ended(&mut self, user: UserId, number: u64, outcome: Outcome) -> Option<(Tokens, Option<String>)> {
        self.attempts.get(&user).filter(|attempt| attempt.number == number)?;
        let attempt = self.attempts.remove(&user)?;
        match outcome {
            Ok(linked) => Some(linked),
            Err(error) => {
                tracing::info!(%error, "an account at Trakt was not linked");
                let waiting = attempt.waiting.into_iter();
                waiting.for_each(|reply| respond(reply, Err(error.clone().into())));
                self.errors.insert(user, error);
                None
            }
        }
    }

    /// An account was linked, but could not be kept.
    pub fn failed(&mut self, user: UserId, error: WatchTrackerError) {
        self.errors.insert(user, error);
    }

    /// Stops a user's attempt and forgets why the last one failed.
    pub fn stop(&mut self, user: UserId) {
        self.errors.remove(&user);
        if let Some(attempt) = self.attempts.remove(&user) {
            attempt.task.abort();
            let waiting = attempt.waiting.into_iter();
            waiting.for_each(|reply| respond(reply, Err(TraktError::NotLinked)));
        }
    }
}

/// Reports how an attempt ended, also when it panicked.
struct Report {
    to: ActorRef<TraktMessage>,
    user: UserId,
    number: u64,
    outcome: Option<Outcome>,
}

impl Drop for Report {
    fn drop(&mut self) {
        if let Some(outcome) = self.outcome.take() {
            let (user, attempt) = (self.user, self.number);
            _ = self.to.send_message(TraktMessage::LinkEnded { user, attempt, outcome: Box::new(outcome) });
        }
    }
}

async fn link(tracker: &dyn WatchTracker, given: impl FnOnce(DeviceCode)) -> Outcome {
    let code = timeout(CODE_LIMIT, tracker.device_code()).await.map_err(|_| WatchTrackerError::Unavailable)??;
    let (device_code, mut interval) = (code.device_code.clone(), code.interval);
    let deadline = Instant::now() + code.expires_in;
    given(code);
    let tokens = loop {
        sleep(interval).await;
        let polled = timeout_at(deadline, tracker.poll(&device_code)).await;
        match polled.map_err(|_| WatchTrackerError::CodeExpired)? {
            Ok(Polled::Linked(tokens)) => break tokens,
            Ok(Polled::SlowDown) => interval += SLOWER_BY,
            Ok(Polled::Pending) | Err(WatchTrackerError::Unavailable) => {}
            Err(error) => return Err(error),
        }
        if Instant::now() >= deadline {
            return Err(WatchTrackerError::CodeExpired);
        }
    };
    for _ in 0..NAME_ATTEMPTS {
        if let Ok(name) = tracker.username(&tokens.access).await {
            return Ok((tokens, Some(name)));
        }
    }
    Ok((tokens, None))
}
