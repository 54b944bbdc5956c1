//! A typed address that outlives the actor behind it.
//!
//! Callers hold an [`Address`]; the supervisor points it at each new incarnation. A call made while the actor is
//! restarting fails at once with [`CallError::Unavailable`], which the gateway turns into a retryable 503.

use arc_swap::ArcSwapOption;
use ractor::{ActorRef, Message, RpcReplyPort};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Calls waiting for one actor at a time. Mailboxes have no bound of their own, so senders are bounded here.
const MAX_IN_FLIGHT: usize = 1024;

/// Why an actor gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The actor is restarting, stopped, or has too many calls waiting already.
    #[error("the part of the daemon that answers this is restarting or overloaded")]
    Unavailable,
    /// The actor did not answer in time.
    #[error("the part of the daemon that answers this took too long")]
    Timeout,
}

/// Where to reach an actor, whichever incarnation of it runs now. Cheap to clone.
pub struct Address<M: Message> {
    inner: Arc<Inner<M>>,
}

struct Inner<M: Message> {
    actor: ArcSwapOption<ActorRef<M>>,
    in_flight: Arc<AtomicUsize>,
}

impl<M: Message> Address<M> {
    /// An address nobody lives at yet.
    pub fn new() -> Self {
        Self { inner: Arc::new(Inner { actor: ArcSwapOption::empty(), in_flight: Arc::default() }) }
    }

    /// Sends a request and waits for its reply, at most `timeout`.
    pub async fn call<T: Send + 'static>(
        &self,
        build: impl FnOnce(RpcReplyPort<T>) -> M,
        timeout: Duration,
    ) -> Result<T, CallError> {
        let _in_flight = InFlight::enter(&self.inner.in_flight)?;
        let actor = self.inner.actor.load_full().ok_or(CallError::Unavailable)?;
        let (reply, answer) = ractor::concurrency::oneshot();
        actor.send_message(build(reply.into())).map_err(|_| CallError::Unavailable)?;
        match tokio::time::timeout(timeout, answer).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(_)) => Err(CallError::Unavailable),
            Err(_) => Err(CallError::Timeout),
        }
    }

    /// Sends a message that needs no reply.
    pub fn cast(&self, message: M) -> Result<(), CallError> {
        let actor = self.inner.actor.load_full().ok_or(CallError::Unavailable)?;
        actor.send_message(message).map_err(|_| CallError::Unavailable)
    }

    pub(super) fn point_at(&self, actor: ActorRef<M>) {
        self.inner.actor.store(Some(Arc::new(actor)));
    }

    pub(super) fn in_flight(&self) -> Arc<AtomicUsize> {
        self.inner.in_flight.clone()
    }
}

impl<M: Message> Default for Address<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M: Message> Clone for Address<M> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone() }
    }
}

impl<M: Message> fmt::Debug for Address<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address").finish_non_exhaustive()
    }
}

/// Answers a request. A caller that stopped waiting is no reason for the actor to fail, so that is not an error.
pub fn respond<T: Send + 'static>(reply: RpcReplyPort<T>, value: T) {
    let _ = reply.send(value);
}

struct InFlight(Arc<AtomicUsize>);

impl InFlight {
    fn enter(count: &Arc<AtomicUsize>) -> Result<Self, CallError> {
        let entered = Self(count.clone());
        if count.fetch_add(1, Ordering::Relaxed) >= MAX_IN_FLIGHT { Err(CallError::Unavailable) } else { Ok(entered) }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
