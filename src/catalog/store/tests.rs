//! What people ask for is found by indexes, however large the catalog.

use super::{about, browse, changes, database, languages, lists, movie, own, search, shows, titles};
use crate::{
    catalog::{Browse, Sort},
    domain::{
        ids::{EpisodeId, MovieId, ShowId, UserId},
        media::{TitleKind, TmdbId},
        title::TitleId,
    },
    store::tests::plans::{Step, empty_catalog, full_scans, large_catalog, steps},
};

const ADA: UserId = UserId(1);

#[test]
fn nothing_that_is_asked_of_a_large_catalog_reads_a_whole_table() {
    let connection = large_catalog();
    let danish = "da".parse().unwrap();
    let language = Some(&danish);
    let scans = full_scans(&connection, |connection| {
        assert_eq!(lists::of_system(connection, language, 40).unwrap().len(), 8);
        lists::of_user(connection, ADA, language, 40).unwrap();
        lists::summaries(connection, ADA).unwrap();
        assert_eq!(lists::one(connection, ADA, "bench-1", language, Some(3), 100).unwrap().items.len(), 97);
        lists::is_in_my_list(connection, ADA, TitleId::Movie(MovieId(7))).unwrap();
        own(connection, ADA).unwrap();
        assert!(movie(connection, MovieId(7)).unwrap().is_some());
        assert_eq!(shows::show(connection, ShowId(7)).unwrap().unwrap().1.len(), 3);
        assert_eq!(shows::season(connection, ShowId(7), 2).unwrap().unwrap().1.len(), 10);
        assert_eq!(shows::episodes(connection, &[EpisodeId(7)], language).unwrap().len(), 1);
        for typed in ["a", "ha", "har", "harbuor", "amber river", "the", "wisper", "tt0000007"] {
            assert!(!search::search(connection, typed, language, 40).unwrap().is_empty(), "{typed}");
        }
        languages::genres(connection, language).unwrap();
        for title in [TitleId::Movie(MovieId(7)), TitleId::Show(ShowId(7))] {
            let mut title = titles(connection, &[title], None).unwrap().pop().unwrap();
            about::about(connection, &mut title, language).unwrap();
        }
        database::count_due(connection, 1).unwrap();
        changes::days_due(connection, 1, 1).unwrap();
    });
    assert!(scans.is_empty(), "{scans:#?}");
}

#[test]
fn a_page_of_the_catalog_is_read_in_its_order_and_never_sorted() {
    let connection = large_catalog();
    let danish = "da".parse().unwrap();
    let steps = steps(&connection, |connection| {
        for kind in [TitleKind::Movie, TitleKind::Show] {
            for sort in [Sort::Popular, Sort::Newest, Sort::Rating, Sort::Title] {
                for after in [None, Some(7)] {
                    let browse = Browse {
                        kind,
                        genre: Some(18),
                        years: Some(1900..=2100),
                        min_rating: Some(1.0),
                        max_runtime_ms: Some(10_000_000),
                        is_available: false,
                        sort,
                        after,
                    };
                    let page = browse::page(connection, &browse, Some(&danish), 1_700_000_000_000, 60).unwrap();
                    assert!(after.is_some() || page.len() == 60, "{browse:?}");
                }
            }
        }
    });
    assert!(steps.iter().any(|step| step.detail.contains("USING INDEX movies_by_popularity")), "{steps:#?}");
    let sorts = |step: &&Step| step.is_outermost && step.detail.starts_with("USE TEMP B-TREE");
    let sorted: Vec<_> = steps.iter().filter(sorts).collect();
    assert!(sorted.is_empty(), "{sorted:#?}");
}

#[test]
fn as_many_days_of_changes_are_due_as_are_then_asked_for() {
    const DAY_MS: i64 = 86_400_000;
    const INTERVAL_MS: i64 = 6 * 3_600_000;
    let mut connection = empty_catalog();
    let mut now = 1_699_920_000_000;
    let mut asked = Vec::new();
    for wait_ms in [0, 60_000, INTERVAL_MS, DAY_MS, 3 * DAY_MS + 60_000, 100 * DAY_MS] {
        now += wait_ms;
        let due = changes::days_due(&connection, now, INTERVAL_MS).unwrap();
        let transaction = connection.transaction().unwrap();
        let mut days = 0;
        for kind in [TitleKind::Movie, TitleKind::Show] {
            while let Some(day) = changes::next_day(&transaction, kind, now, INTERVAL_MS).unwrap() {
                days += 1;
                changes::put(&transaction, kind, &day, &[], now).unwrap();
            }
        }
        transaction.commit().unwrap();
        assert_eq!(due, days, "after {wait_ms} ms");
        asked.push(days);
    }
    assert_eq!(asked, [0, 0, 2, 4, 8, 30]);
}

#[test]
fn a_show_that_has_changed_is_due_with_the_season_that_may_have_grown() {
    const NOW: i64 = 1_700_000_000_000;
    const LATER: i64 = NOW + 86_400_000;
    let mut connection = empty_catalog();
    let values = |id: i64| format!("({id}, {id}, '', '', '', '', '', 0, '', '', 5, {LATER}, 1, 1)");
    connection
        .execute_batch(&format!(
            "INSERT INTO shows (id, tmdb_id, title, original_title, original_language, overview, tagline, popularity, \
             tint_from, tint_to, details_at, details_due_at, created_at, updated_at) VALUES {}, {}; \
             INSERT INTO seasons (show_id, season_number, name, overview, episode_count, completed_at, due_at) \
             VALUES (1, 1, '', '', 2, 5, NULL), (1, 2, '', '', 2, 5, {LATER}), (2, 1, '', '', 2, 5, {LATER});",
            values(1),
            values(2)
        ))
        .unwrap();
    let transaction = connection.transaction().unwrap();
    assert_eq!(changes::next_day(&transaction, TitleKind::Show, NOW, 1).unwrap(), None);
    let today = changes::next_day(&transaction, TitleKind::Show, NOW + 1, 1).unwrap().unwrap();
    changes::put(&transaction, TitleKind::Show, &today, &[TmdbId(1)], NOW).unwrap();
    transaction.commit().unwrap();
    let due = database::due(&connection, NOW, 10).unwrap();
    let due: Vec<String> = due.iter().map(ToString::to_string).collect();
    assert_eq!(due, ["show 1", "season 2 of show 1"]);
}
