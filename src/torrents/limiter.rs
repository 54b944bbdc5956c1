//! How many streams may be open, per user and in all. Never waits: one too many is refused at once.

use super::TorrentsError;
use crate::domain::ids::UserId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// When it is worth asking again: players open and close ranges all the time.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Counts streams. Cheap to clone.
#[derive(Clone)]
pub struct StreamLimiter {
    inner: Arc<Inner>,
}

struct Inner {
    max: usize,
    max_per_user: usize,
    open: Mutex<HashMap<UserId, usize>>,
}

impl StreamLimiter {
    pub fn new(max: usize, max_per_user: usize) -> Self {
        Self { inner: Arc::new(Inner { max, max_per_user, open: Mutex::default() }) }
    }

    /// Lets one stream of `user` in, until the permit is dropped.
    pub fn enter(&self, user: UserId) -> Result<StreamPermit, TorrentsError> {
        let mut open = self.inner.lock();
        let of_user = open.get(&user).copied().unwrap_or(0);
        if of_user >= self.inner.max_per_user || open.values().sum::<usize>() >= self.inner.max {
            return Err(TorrentsError::TooManyStreams { retry_after: RETRY_AFTER });
        }
        open.insert(user, of_user + 1);
        Ok(StreamPermit { limiter: self.inner.clone(), user })
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, HashMap<UserId, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One open stream.
pub struct StreamPermit {
    limiter: Arc<Inner>,
    user: UserId,
}

impl Drop for StreamPermit {
    fn drop(&mut self) {
        let mut open = self.limiter.lock();
        if let Some(of_user) = open.get_mut(&self.user) {
            *of_user -= 1;
            if *of_user == 0 {
                open.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_stream_too_many_is_refused_until_another_ends() {
        let limiter = StreamLimiter::new(3, 2);
        let (ada, bob) = (UserId(1), UserId(2));
        let first = limiter.enter(ada).unwrap();
        let _second = limiter.enter(ada).unwrap();
        assert!(matches!(limiter.enter(ada), Err(TorrentsError::TooManyStreams { .. })), "per user");
        let _third = limiter.enter(bob).unwrap();
        assert!(matches!(limiter.enter(bob), Err(TorrentsError::TooManyStreams { .. })), "in all");
        drop(first);
        limiter.enter(bob).unwrap();
    }

    #[test]
    fn users_who_left_are_forgotten() {
        let limiter = StreamLimiter::new(10, 10);
        drop(limiter.enter(UserId(1)).unwrap());
        assert!(limiter.inner.lock().is_empty());
    }
}
