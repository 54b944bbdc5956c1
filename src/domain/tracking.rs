//! What a service that keeps track of what people watch knows, and how that goes together with what we know.

use super::{
    media::{TitleKind, TmdbId},
    title::{Progress, WatchState},
};
use std::{collections::HashSet, hash::Hash};

/// Two watchings of a title within that time are one: playing on to the end of the credits is no second time.
pub const ONE_VIEWING_MS: i64 = 4 * 3_600_000;
/// Positions that differ by less of the title's length, from 0 to 1, are the same.
pub const SAME_POSITION: f64 = 0.01;

/// What is watched in one go, by The Movie Database's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tracked {
    Movie(TmdbId),
    /// Of the show with that number.
    Episode {
        show: TmdbId,
        season_number: u32,
        number: u32,
    },
}

/// A title by what others call it, which is enough to keep it until all of it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedTitle {
    pub kind: TitleKind,
    pub tmdb_id: TmdbId,
    pub title: String,
    pub year: Option<i32>,
}

/// The one that holds of two states of the same title: the later; of two at the same time, watched goes before watching,
/// and then the one that is further.
pub fn later(one: Progress, other: Progress) -> Progress {
    let rank = |progress: &Progress| {
        let is_watched = progress.state == WatchState::Watched;
        (progress.updated_at, is_watched, progress.position_ms, progress.duration_ms)
    };
    if rank(&other) > rank(&one) { other } else { one }
}

/// Whether a watching of ours at `ours` is what the service knows as watched at `theirs`, or before it.
pub fn is_known_as_watched(ours: i64, theirs: i64) -> bool {
    ours <= theirs.saturating_add(ONE_VIEWING_MS)
}

/// How much of a title has been watched, from 0 to 1; none when its length is not known.
pub fn fraction(progress: Progress) -> Option<f64> {
    (progress.duration_ms > 0).then(|| (progress.position_ms as f64 / progress.duration_ms as f64).clamp(0.0, 1.0))
}

/// What brings two lists in step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListChanges<T> {
    pub add_here: Vec<T>,
    pub remove_here: Vec<T>,
    pub add_there: Vec<T>,
    pub remove_there: Vec<T>,
}

/// What has to change in `ours` and `theirs`, of which both had `last` when they were in step. What one of them lacks since
/// then was taken out of it and goes from the other, too; what one of them has since then was added.
pub fn bring_in_step<T: Copy + Eq + Hash + Ord>(
    last: &HashSet<T>,
    ours: &HashSet<T>,
    theirs: &HashSet<T>,
) -> ListChanges<T> {
    let only_in = |one: &HashSet<T>, other: &HashSet<T>, is_in_last: bool| {
        let mut found: Vec<T> =
            one.difference(other).filter(|title| last.contains(title) == is_in_last).copied().collect();
        found.sort_unstable();
        found
    };
    ListChanges {
        add_here: only_in(theirs, ours, false),
        remove_here: only_in(ours, theirs, true),
        add_there: only_in(ours, theirs, false),
        remove_there: only_in(theirs, ours, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_progress() -> impl Strategy<Value = Progress> {
        let state = prop_oneof![Just(WatchState::Watching), Just(WatchState::Watched)];
        (0i64..4, 0i64..3, state, 0i64..4).prop_map(|(position_ms, duration_ms, state, updated_at)| Progress {
            position_ms,
            duration_ms,
            state,
            updated_at,
        })
    }

    proptest! {
        #[test]
        fn it_does_not_matter_who_comes_first_nor_how_often(
            one in any_progress(), two in any_progress(), three in any_progress()
        ) {
            prop_assert_eq!(later(one, two), later(two, one));
            prop_assert_eq!(later(one, one), one);
            prop_assert_eq!(later(later(one, two), two), later(one, two));
            prop_assert_eq!(later(later(one, two), three), later(one, later(two, three)));
        }

        #[test]
        fn the_later_holds_and_watched_at_the_same_time(one in any_progress(), two in any_progress()) {
            let held = later(one, two);
            prop_assert!(held == one || held == two);
            prop_assert_eq!(held.updated_at, one.updated_at.max(two.updated_at));
            if one.updated_at == two.updated_at && one.state != two.state {
                prop_assert_eq!(held.state, WatchState::Watched);
            }
        }

        #[test]
        fn lists_in_step_are_equal_and_nothing_goes_that_was_not_in_both(
            last in prop::collection::hash_set(0u8..6, 0..6),
            ours in prop::collection::hash_set(0u8..6, 0..6),
            theirs in prop::collection::hash_set(0u8..6, 0..6),
        ) {
            let changes = bring_in_step(&last, &ours, &theirs);
            let after = |list: &HashSet<u8>, added: &[u8], removed: &[u8]| -> HashSet<u8> {
                list.iter().chain(added).filter(|title| !removed.contains(title)).copied().collect()
            };
            let ours_after = after(&ours, &changes.add_here, &changes.remove_here);
            let theirs_after = after(&theirs, &changes.add_there, &changes.remove_there);
            prop_assert_eq!(&ours_after, &theirs_after);
            prop_assert!(changes.remove_here.iter().chain(&changes.remove_there).all(|title| last.contains(title)));
            let again = bring_in_step(&ours_after, &ours_after, &theirs_after);
            let nothing = ListChanges { add_here: vec![], remove_here: vec![], add_there: vec![], remove_there: vec![] };
            prop_assert_eq!(again, nothing);
        }

        #[test]
        fn what_holds_here_is_known_there_once_it_was_told(ours in 0i64..1_000_000_000_000, later in 0i64..ONE_VIEWING_MS) {
            prop_assert!(is_known_as_watched(ours, ours));
            prop_assert!(is_known_as_watched(ours + later, ours));
            prop_assert!(!is_known_as_watched(ours + ONE_VIEWING_MS + 1, ours));
        }
    }

    #[test]
    fn a_fraction_needs_a_length() {
        let at = |position_ms, duration_ms| Progress {
            position_ms,
            duration_ms,
            state: WatchState::Watching,
            updated_at: 0,
        };
        assert_eq!(fraction(at(30, 120)), Some(0.25));
        assert_eq!(fraction(at(0, 0)), None);
    }
}
