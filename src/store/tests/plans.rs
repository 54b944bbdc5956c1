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

/// A database of the current schema.
pub fn empty_catalog() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    crate::store::migrate::to_latest(&mut connection).unwrap();
    connection
}

/// The same with a large catalog in it.
pub fn large_catalog() -> Connection {
    let connection = empty_catalog();
    connection
        .execute(
            "INSERT INTO users (username, password_hash, role, created_at, updated_at) VALUES ('ada', '', 'admin', 1, 1)",
            [],
        )
        .unwrap();
    connection.execute_batch(include_str!("../../../tests/it/support/large_catalog.sql")).unwrap();
    connection
}

/// A step of a query's plan.
#[derive(Debug)]
pub struct Step {
    pub detail: String,
    /// It is no step of a subquery.
    pub is_outermost: bool,
    pub query: String,
}

/// The steps that read the whole of a table row by row. Reading on in the order of an index until there is enough is none
/// of them.
pub fn full_scans(connection: &Connection, work: impl FnOnce(&Connection)) -> Vec<Step> {
    let mut scans = steps(connection, work);
    scans.retain(|Step { detail, .. }| {
        // Few rows are fewer pages than an index has.
        let is_small = ["SCAN l", "SCAN g"].contains(&&**detail);
        let is_harmless = detail.contains("INDEX") || detail.contains("CONSTANT ROW") || detail.starts_with("SCAN (");
        detail.starts_with("SCAN") && !is_small && !is_harmless
    });
    scans
}

/// The steps of the plan of every query that `work` runs.
pub fn steps(connection: &Connection, work: impl FnOnce(&Connection)) -> Vec<Step> {
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
    let mut found = Vec::new();
    for statement in statements.iter().filter(|statement| statement.starts_with("SELECT")) {
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
        let parameters = vec![1; plan.parameter_count()];
        let steps = plan.query_map(rusqlite::params_from_iter(parameters), |row| {
            let is_outermost = row.get::<_, i64>("parent")? == 0;
            Ok(Step { detail: row.get("detail")?, is_outermost, query: statement.clone() })
        });
        found.extend(steps.unwrap().map(Result::unwrap));
    }
    found
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
