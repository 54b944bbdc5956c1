//! What is compared with Trakt is found by indexes, however long a history.

use super::{exports, link, linked, mirror, of_user, take_due};
use crate::{
    domain::{
        ids::{EpisodeId, MovieId, TraktAccountId, UserId},
        media::TmdbId,
        title::Watchable,
        tracking::Tracked,
    },
    store::tests::plans::{full_scans, large_catalog},
    trakt::store::{
        SealedTokens,
        mirror::{Item, Section},
    },
};
use rusqlite::Transaction;

const ADA: UserId = UserId(1);
const NOW: i64 = 1_700_000_000_000;

fn read(transaction: &Transaction<'_>, account: TraktAccountId, section: Section, items: &[Item]) {
    let changes = mirror::changes(transaction, account, section, items).unwrap();
    mirror::apply(transaction, account, section, &changes).unwrap();
    assert_eq!(mirror::changes(transaction, account, section, items).unwrap(), []);
}

#[test]
fn nothing_that_is_asked_of_accounts_reads_a_whole_table() {
    let mut connection = large_catalog();
    let transaction = connection.transaction().unwrap();
    let tokens = SealedTokens { access: vec![1], refresh: vec![2], expires_at: NOW };
    link(&transaction, ADA, Some("sean"), &tokens, 1).unwrap();
    let account = of_user(&transaction, ADA).unwrap().unwrap().id;
    let item = |tracked| Item { tracked, at: NOW, fraction: 0.5 };
    let movies: Vec<Item> = (0..5_000).map(|i| item(Tracked::Movie(TmdbId(100_000 + i)))).collect();
    let episode = |show: i64, number: u32| Tracked::Episode { show: TmdbId(200_000 + show), season_number: 2, number };
    let episodes: Vec<Item> = (0..5_000).map(|i| item(episode(i / 10, i as u32 % 10 + 1))).collect();
    read(&transaction, account, Section::WatchedMovies, &movies);
    read(&transaction, account, Section::WatchedEpisodes, &episodes);
    transaction.commit().unwrap();
    let scans = full_scans(&connection, |connection| {
        let unmerged = mirror::unmerged(connection, account, ADA, NOW, 50_000).unwrap();
        assert_eq!(unmerged.len(), 4_999 + 4_990, "those of them that are here");
        assert_eq!(exports::watched(connection, account, ADA, 0, 500).unwrap().len(), 100);
        exports::positions(connection, account, ADA, 0, 50).unwrap();
        exports::my_list(connection, ADA).unwrap();
        mirror::watchlist(connection, account).unwrap();
        assert!(exports::tracked(connection, Watchable::Movie(MovieId(7))).unwrap().is_some());
        assert!(exports::tracked(connection, Watchable::Episode(EpisodeId(7))).unwrap().is_some());
    });
    // There are as many accounts as users who have linked one.
    assert!(scans.iter().all(|scan| scan.detail == "SCAN trakt_accounts"), "{scans:#?}");
    assert_eq!(linked(&connection).unwrap(), [ADA]);
}

#[test]
fn an_account_that_is_taken_is_due_again_later_or_sooner_when_something_happens() {
    let mut connection = large_catalog();
    let transaction = connection.transaction().unwrap();
    let tokens = SealedTokens { access: vec![1], refresh: vec![2], expires_at: NOW };
    link(&transaction, ADA, Some("sean"), &tokens, 10).unwrap();
    assert_eq!(take_due(&transaction, 9, 100, 5).unwrap(), []);
    assert_eq!(take_due(&transaction, 10, 100, 5).unwrap(), [ADA]);
    assert_eq!(take_due(&transaction, 50, 150, 5).unwrap(), []);
    super::make_due(&transaction, ADA, 40).unwrap();
    assert_eq!(take_due(&transaction, 50, 150, 5).unwrap(), [ADA]);
    transaction.execute("UPDATE users SET is_active = 0", []).unwrap();
    assert_eq!(take_due(&transaction, 500, 600, 5).unwrap(), []);
}

#[test]
fn what_was_merged_stays_so_when_it_is_read_again_unless_it_was_watched_again() {
    let mut connection = large_catalog();
    let transaction = connection.transaction().unwrap();
    let tokens = SealedTokens { access: vec![1], refresh: vec![2], expires_at: NOW };
    link(&transaction, ADA, Some("sean"), &tokens, 1).unwrap();
    let account = of_user(&transaction, ADA).unwrap().unwrap().id;
    let read = |at| {
        let item = Item { tracked: Tracked::Movie(TmdbId(100_001)), at, fraction: 1.0 };
        read(&transaction, account, Section::WatchedMovies, &[item]);
        mirror::unmerged(&transaction, account, ADA, NOW, 10).unwrap()
    };
    let found = read(1_000);
    assert_eq!(found.len(), 1);
    mirror::set_merged(&transaction, account, &found).unwrap();
    assert_eq!(read(1_000), []);
    assert_eq!(read(900), []);
    let earlier = Item { tracked: Tracked::Movie(TmdbId(100_001)), at: 900, fraction: 1.0 };
    assert_eq!(mirror::changes(&transaction, account, Section::WatchedMovies, &[earlier]).unwrap(), []);
    assert_eq!(read(100_000_000_000).len(), 1);
    super::tests::read(&transaction, account, Section::WatchedMovies, &[]);
    assert_eq!(mirror::unmerged(&transaction, account, ADA, NOW, 10).unwrap(), []);

    // The same account goes on where it was, another one begins anew.
    mirror::set_changed_at(&transaction, account, Section::Playback, 7).unwrap();
    link(&transaction, ADA, Some("sean"), &tokens, 2).unwrap();
    let same = of_user(&transaction, ADA).unwrap().unwrap().id;
    transaction
        .execute(
            "INSERT INTO lists (slug, name, description, origin, owner_id, position, trakt_account_id, trakt_id) \
             VALUES ('noir', 'Noir', '', 'trakt', ?1, 1, ?2, 7)",
            rusqlite::params![ADA, same],
        )
        .unwrap();
    let lists = || {
        let mut count = transaction.prepare("SELECT count(*) FROM lists WHERE origin = 'trakt'").unwrap();
        count.query_row([], |row| row.get::<_, i64>(0)).unwrap()
    };
    link(&transaction, ADA, Some("sean"), &tokens, 2).unwrap();
    assert_eq!(lists(), 1);
    assert_eq!(mirror::changed_at(&transaction, same, Section::Playback).unwrap(), Some(7));
    link(&transaction, ADA, Some("kate"), &tokens, 3).unwrap();
    let other = of_user(&transaction, ADA).unwrap().unwrap().id;
    assert_ne!(other, same);
    assert_eq!(lists(), 0);
    assert_eq!(mirror::changed_at(&transaction, other, Section::Playback).unwrap(), None);
}
