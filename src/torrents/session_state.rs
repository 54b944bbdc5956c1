//! What a torrent session does next: a pure rule over what it sees.

use super::piece_source::SourceState;

/// Where a torrent session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// The engine hashes what is on disk.
    Checking,
    /// Somebody holds a lease.
    Watched,
    /// Nobody does; the timer runs.
    Idle,
    Pausing,
    /// Costs nothing: no peers, no timers, no open files; what was hashed is still known.
    Paused,
    Resuming,
    /// The engine gave up; `leases` is how many there were then. One more lease, or activating it again, tries again.
    Failed {
        leases: usize,
    },
    /// The torrent is deleted.
    Gone,
}

/// Why the session looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The leases or the engine's state may be others.
    Changed,
    /// Somebody asked for the torrent.
    Activated,
    /// Nobody has watched it for as long as the settings say.
    IdleOver,
    /// The engine has paused or resumed it, or failed to.
    Settled,
}

/// What the session sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub leases: usize,
    pub engine: SourceState,
}

/// What it does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Nothing,
    StartIdleTimer,
    Pause,
    Resume,
    End,
}

/// The rule.
pub fn next(state: SessionState, cause: Cause, seen: &Seen) -> (SessionState, Step) {
    use SessionState::{Checking, Failed, Gone, Idle, Paused, Pausing, Resuming, Watched};
    if seen.engine == SourceState::Deleted {
        return (Gone, Step::End);
    }
    if matches!(state, Pausing | Resuming) && cause != Cause::Settled {
        return (state, Step::Nothing);
    }
    match &seen.engine {
        SourceState::Deleted => (Gone, Step::End),
        SourceState::Checking => (Checking, Step::Nothing),
        SourceState::Failed(_) => match state {
            _ if cause == Cause::Activated => (Resuming, Step::Resume),
            Failed { leases } if seen.leases > leases => (Resuming, Step::Resume),
            _ => (Failed { leases: seen.leases }, Step::Nothing),
        },
        SourceState::Paused if seen.leases > 0 || cause == Cause::Activated => (Resuming, Step::Resume),
        SourceState::Paused => (Paused, Step::Nothing),
        SourceState::Live if seen.leases > 0 => (Watched, Step::Nothing),
        SourceState::Live => match (state, cause) {
            (Idle, Cause::IdleOver) => (Pausing, Step::Pause),
            (Idle, Cause::Changed) => (Idle, Step::Nothing),
            _ => (Idle, Step::StartIdleTimer),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Cause::*, SessionState::*, Step::*, *};

    #[test]
    fn the_session_follows_its_table() {
        let failed = || SourceState::Failed("disk".to_owned());
        let table = [
            (Checking, Changed, 1, SourceState::Checking, Checking, Nothing),
            (Checking, Changed, 1, SourceState::Live, Watched, Nothing),
            (Checking, Changed, 0, SourceState::Live, Idle, StartIdleTimer),
            (Watched, Changed, 0, SourceState::Live, Idle, StartIdleTimer),
            (Idle, Changed, 0, SourceState::Live, Idle, Nothing),
            (Idle, Activated, 0, SourceState::Live, Idle, StartIdleTimer),
            (Idle, Changed, 1, SourceState::Live, Watched, Nothing),
            (Idle, IdleOver, 0, SourceState::Live, Pausing, Pause),
            (Watched, IdleOver, 1, SourceState::Live, Watched, Nothing),
            (Pausing, Changed, 1, SourceState::Live, Pausing, Nothing),
            (Pausing, Settled, 1, SourceState::Paused, Resuming, Resume),
            (Pausing, Settled, 0, SourceState::Paused, Paused, Nothing),
            (Pausing, Settled, 0, SourceState::Live, Idle, StartIdleTimer),
            (Paused, Changed, 1, SourceState::Paused, Resuming, Resume),
            (Paused, Activated, 0, SourceState::Paused, Resuming, Resume),
            (Resuming, Settled, 0, SourceState::Live, Idle, StartIdleTimer),
            (Resuming, Settled, 1, SourceState::Live, Watched, Nothing),
            (Watched, Changed, 2, failed(), Failed { leases: 2 }, Nothing),
            (Failed { leases: 2 }, Changed, 1, failed(), Failed { leases: 1 }, Nothing),
            (Failed { leases: 1 }, Changed, 2, failed(), Resuming, Resume),
            (Failed { leases: 1 }, Activated, 1, failed(), Resuming, Resume),
            (Resuming, Settled, 1, failed(), Failed { leases: 1 }, Nothing),
            (Resuming, Changed, 1, SourceState::Deleted, Gone, End),
            (Watched, Changed, 1, SourceState::Deleted, Gone, End),
        ];
        for (state, cause, leases, engine, expected, step) in table {
            let seen = Seen { leases, engine };
            assert_eq!(next(state, cause, &seen), (expected, step), "{state:?} {cause:?} {seen:?}");
        }
    }
}
