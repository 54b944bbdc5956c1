//! Which episode of a show somebody goes on with.
//!
//! What was begun last is gone on with. Otherwise it is the first that was not watched behind the one that was
//! watched last, over the ends of seasons; episodes that are not out yet wait. Specials (season 0) are never next and move
//! nothing, but one that was begun last is gone on with like any other.

use super::{ids::EpisodeId, title::Progress, title::WatchState};

/// An episode as the rule sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    pub episode: EpisodeId,
    pub season_number: u32,
    pub number: u32,
    /// It has been on the air.
    pub is_out: bool,
    pub progress: Option<Progress>,
}

impl Candidate {
    fn is_watched(&self) -> bool {
        self.progress.is_some_and(|progress| progress.state == WatchState::Watched)
    }

    fn is_under_way(&self) -> bool {
        self.progress.is_some_and(|progress| progress.state == WatchState::Watching && progress.position_ms > 0)
    }

    fn updated_at(&self) -> Option<i64> {
        self.progress.map(|progress| progress.updated_at)
    }
}

/// The episode to go on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It was begun.
    Continue(EpisodeId),
    /// It follows what was watched.
    Following(EpisodeId),
    /// Nothing was watched yet, and this is where one begins.
    First(EpisodeId),
}

impl Next {
    pub fn episode(self) -> EpisodeId {
        match self {
            Self::Continue(episode) | Self::Following(episode) | Self::First(episode) => episode,
        }
    }
}

/// The episode to go on with, of all episodes of a show in their order; none when all that is out has been watched.
pub fn next(episodes: &[Candidate]) -> Option<Next> {
    let begun = episodes.iter().filter(|episode| episode.is_under_way()).max_by_key(|episode| episode.updated_at());
    let regular = || episodes.iter().filter(|episode| episode.season_number > 0);
    // Of those marked in one go, the last is the one that counts.
    let last = regular().enumerate().filter(|(_, episode)| episode.is_watched()).max_by_key(|(_, e)| e.updated_at());
    if let Some(begun) = begun
        && last.is_none_or(|(_, last)| last.updated_at() <= begun.updated_at())
    {
        return Some(Next::Continue(begun.episode));
    }
    let behind = last.map_or(0, |(position, _)| position + 1);
    let following = regular().skip(behind).find(|episode| episode.is_out && !episode.is_watched())?;
    Some(match (following.is_under_way(), last) {
        (true, _) => Next::Continue(following.episode),
        (false, Some(_)) => Next::Following(following.episode),
        (false, None) => Next::First(following.episode),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn episode(season_number: u32, number: u32) -> Candidate {
        let episode = EpisodeId(i64::from(season_number * 100 + number));
        Candidate { episode, season_number, number, is_out: true, progress: None }
    }

    fn watched(at: i64) -> Option<Progress> {
        Some(Progress { position_ms: 0, duration_ms: 0, state: WatchState::Watched, updated_at: at })
    }

    fn begun(at: i64) -> Option<Progress> {
        Some(Progress { position_ms: 60_000, duration_ms: 600_000, state: WatchState::Watching, updated_at: at })
    }

    /// Two seasons of three, and two specials.
    fn show() -> Vec<Candidate> {
        [(0, 1), (0, 2), (1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)].map(|(s, e)| episode(s, e)).to_vec()
    }

    fn id(season: i64, number: i64) -> EpisodeId {
        EpisodeId(season * 100 + number)
    }

    #[test]
    fn one_begins_with_the_first_that_is_no_special() {
        assert_eq!(next(&show()), Some(Next::First(id(1, 1))));
    }

    #[test]
    fn the_end_of_a_season_leads_to_the_next() {
        let mut show = show();
        show[4].progress = watched(5);
        assert_eq!(next(&show), Some(Next::Following(id(2, 1))));
    }

    #[test]
    fn what_was_begun_last_is_gone_on_with() {
        let mut show = show();
        show[2].progress = watched(5);
        show[6].progress = begun(9);
        assert_eq!(next(&show), Some(Next::Continue(id(2, 2))));
    }

    #[test]
    fn what_was_begun_long_before_the_last_watched_is_left() {
        let mut show = show();
        show[2].progress = begun(1);
        show[5].progress = watched(5);
        assert_eq!(next(&show), Some(Next::Following(id(2, 2))));
    }

    #[test]
    fn a_special_moves_nothing_and_is_gone_on_with_when_begun_last() {
        let mut show = show();
        show[0].progress = watched(9);
        show[2].progress = watched(5);
        assert_eq!(next(&show), Some(Next::Following(id(1, 2))));
        show[1].progress = begun(6);
        assert_eq!(next(&show), Some(Next::Continue(id(0, 2))));
    }

    #[test]
    fn what_is_not_out_waits() {
        let mut show = show();
        show[5].progress = watched(5);
        show[6].is_out = false;
        show[7].is_out = false;
        assert_eq!(next(&show), None);
    }

    #[test]
    fn of_a_season_marked_in_one_go_the_last_counts() {
        let mut show = show();
        show[2..5].iter_mut().for_each(|episode| episode.progress = watched(7));
        assert_eq!(next(&show), Some(Next::Following(id(2, 1))));
    }

    fn any_progress() -> impl Strategy<Value = Option<Progress>> {
        prop_oneof![Just(None), (0i64..9).prop_map(watched), (0i64..9).prop_map(begun)]
    }

    proptest! {
        #[test]
        fn what_is_next_is_out_or_begun_and_never_watched(
            states in prop::collection::vec((any_progress(), any::<bool>()), 8)
        ) {
            let mut show = show();
            for (episode, (progress, is_out)) in show.iter_mut().zip(states) {
                (episode.progress, episode.is_out) = (progress, is_out);
            }
            if let Some(next) = next(&show) {
                let found = show.iter().find(|episode| episode.episode == next.episode()).unwrap();
                prop_assert!(!found.is_watched());
                prop_assert!(found.is_out || found.is_under_way());
                prop_assert!(found.season_number > 0 || found.is_under_way());
            }
        }

        #[test]
        fn watching_what_is_next_again_and_again_ends_with_every_episode_behind_it_watched(start in 2usize..8) {
            let mut show = show();
            show[start].progress = watched(0);
            let mut at = 1;
            while let Some(found) = next(&show) {
                prop_assert!(at < 20, "it ends");
                let episode = show.iter_mut().find(|episode| episode.episode == found.episode()).unwrap();
                episode.progress = watched(at);
                at += 1;
            }
            prop_assert!(show[start..].iter().all(Candidate::is_watched));
        }
    }
}
