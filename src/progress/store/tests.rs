//! How far people are is found by indexes, however much there is to watch.

use super::{movies, of, shows};
use crate::{
    domain::{
        ids::{ShowId, UserId},
        title::Watchable,
    },
    store::tests::plans::{full_scans, large_catalog},
};

const ADA: UserId = UserId(1);

#[test]
fn nothing_that_is_asked_of_progress_reads_a_whole_table() {
    let connection = large_catalog();
    let scans = full_scans(&connection, |connection| {
        movies(connection, ADA).unwrap();
        let season = shows::season(connection, ADA, ShowId(3), 1).unwrap();
        assert_eq!(season.len(), 10);
        for episode in season.keys() {
            assert!(of(connection, ADA, Watchable::Episode(*episode)).unwrap().is_some());
        }
        assert_eq!(shows::episodes(connection, ADA, ShowId(3), 1_700_000_000_000).unwrap().len(), 30);
        assert_eq!(shows::watched_last(connection, ADA, 20).unwrap().len(), 10);
    });
    assert!(scans.is_empty(), "{scans:#?}");
}
