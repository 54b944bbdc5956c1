//! Which season or episode is which after the film database has numbered them anew.
//!
//! One is the same as before when the database's own id is the same; failing that, when its number is. A record that the
//! database has replaced by another under the same number is the same, too: people have watched number 4, not record 81.

use super::media::TmdbId;

/// A season or an episode as we know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbered {
    pub id: i64,
    pub number: u32,
    pub tmdb_id: Option<TmdbId>,
}

/// What becomes of those we know.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Have another number now.
    pub moved: Vec<(i64, u32)>,
    /// The database knows them no more; nobody else has their numbers.
    pub gone: Vec<i64>,
    /// The database knows them no more, and their numbers are another's now.
    pub displaced: Vec<i64>,
}

/// Compares those we know with the numbers and ids of now. Each number occurs once in either.
pub fn moves(known: &[Numbered], now: &[(u32, Option<TmdbId>)]) -> Moves {
    let mut moves = Moves::default();
    let mut taken = Vec::with_capacity(known.len());
    let mut rest = Vec::new();
    for row in known {
        let same = now.iter().find(|(number, id)| id.is_some() && *id == row.tmdb_id && !taken.contains(number));
        let Some((number, _)) = same else {
            rest.push(row);
            continue;
        };
        taken.push(*number);
        if *number != row.number {
            moves.moved.push((row.id, *number));
        }
    }
    for row in rest {
        if taken.contains(&row.number) {
            moves.displaced.push(row.id);
        } else if now.iter().all(|(number, _)| *number != row.number) {
            moves.gone.push(row.id);
        }
    }
    moves
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn known(rows: &[(u32, i64)]) -> Vec<Numbered> {
        let row = |(id, (number, tmdb_id)): (i64, &(u32, i64))| Numbered {
            id,
            number: *number,
            tmdb_id: Some(TmdbId(*tmdb_id)),
        };
        (1..).zip(rows).map(row).collect()
    }

    fn now(rows: &[(u32, i64)]) -> Vec<(u32, Option<TmdbId>)> {
        rows.iter().map(|(number, id)| (*number, Some(TmdbId(*id)))).collect()
    }

    #[test]
    fn one_that_is_inserted_moves_those_behind_it() {
        let moves = moves(&known(&[(1, 10), (2, 20), (3, 30)]), &now(&[(1, 10), (2, 15), (3, 20), (4, 30)]));
        assert_eq!(moves, Moves { moved: vec![(2, 3), (3, 4)], ..Moves::default() });
    }

    #[test]
    fn one_that_is_replaced_under_its_number_stays() {
        assert_eq!(moves(&known(&[(1, 10), (2, 20)]), &now(&[(1, 10), (2, 21)])), Moves::default());
    }

    #[test]
    fn one_that_is_gone_is_told_from_one_whose_number_another_has() {
        let moves = moves(&known(&[(1, 10), (2, 20), (3, 30)]), &now(&[(1, 20)]));
        assert_eq!(moves, Moves { moved: vec![(2, 1)], gone: vec![3], displaced: vec![1] });
    }

    proptest! {
        #[test]
        fn no_two_rows_ever_have_the_same_number(
            before in prop::collection::hash_map(0u32..12, 0i64..12, 0..10),
            after in prop::collection::hash_map(0u32..12, prop::option::of(0i64..12), 0..10),
        ) {
            let before: Vec<_> = before.into_iter().collect();
            let after: Vec<_> = after.into_iter().map(|(number, id)| (number, id.map(TmdbId))).collect();
            let known = known(&before);
            let moves = moves(&known, &after);
            let mut numbers = HashSet::new();
            for row in known.iter().filter(|row| !moves.displaced.contains(&row.id)) {
                let moved = moves.moved.iter().find(|(id, _)| *id == row.id);
                prop_assert!(numbers.insert(moved.map_or(row.number, |(_, number)| *number)));
            }
        }
    }
}
