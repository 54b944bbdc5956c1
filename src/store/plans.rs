//! What SQLite does for each statement that some work runs, for tests that hold it to using indexes.

use rusqlite::{
    Connection,
    trace::{TraceEvent, TraceEventCodes},
};
use std::{cell::RefCell, collections::BTreeSet};

thread_local! {
    /// The trace callback is a plain function, so what it sees goes here.
    static STATEMENTS: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// A database of the current schema with a large catalog in it.
pub fn large_catalog() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    super::migrate::to_latest(&mut connection).unwrap();
    connection
        .execute(
            "INSERT INTO users (username, password_hash, role, created_at, updated_at) VALUES ('ada', '', 'admin', 1, 1)",
            [],
        )
        .unwrap();
    connection.execute_batch(include_str!("../../tests/it/support/large_catalog.sql")).unwrap();
    connection
}

/// The steps that read the whole of a table row by row, with the statements they are part of. Reading on in the order of
/// an index until there is enough is none of them.
pub fn full_scans(connection: &Connection, work: impl FnOnce(&Connection)) -> Vec<String> {
    STATEMENTS.take();
    connection.trace_v2(
        TraceEventCodes::SQLITE_TRACE_STMT,
        Some(|event| {
            if let TraceEvent::Stmt(statement, _) = event {
                STATEMENTS.with_borrow_mut(|statements| _ = statements.insert(statement.sql().into_owned()));
            }
        }),
    );
    work(connection);
    connection.trace_v2(TraceEventCodes::empty(), None);
    let statements = STATEMENTS.take();
    assert!(!statements.is_empty(), "nothing was asked");
    let mut scans = Vec::new();
    for statement in statements.iter().filter(|statement| statement.starts_with("SELECT")) {
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
        let count = plan.parameter_count();
        let steps =
            plan.query_map(rusqlite::params_from_iter(vec![1; count]), |row| row.get::<_, String>("detail")).unwrap();
        for step in steps.map(Result::unwrap) {
            // Few rows are fewer pages than an index has.
            let is_small = ["SCAN l", "SCAN genres"].contains(&&*step);
            let is_harmless = step.contains("INDEX") || step.contains("CONSTANT ROW") || step.starts_with("SCAN (");
            if step.starts_with("SCAN") && !is_small && !is_harmless {
                scans.push(format!("{step}: {statement}"));
            }
        }
    }
    scans
}

#[test]
fn a_whole_table_that_is_read_is_told() {
    let connection = large_catalog();
    let scans = full_scans(&connection, |connection| {
        let mut statement = connection.prepare("SELECT id FROM movies WHERE overview = ?1").unwrap();
        assert!(!statement.exists(["nothing"]).unwrap());
    });
    assert_eq!(scans.len(), 1, "{scans:?}");
}
