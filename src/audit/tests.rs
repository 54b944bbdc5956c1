use super::*;
use crate::{
    clock::SystemClock,
    domain::ids::UserId,
    store::StoreError,
    supervision::{ActorObserver, ActorTree, Budget, Supervisor, supervisor::SupervisorArguments},
};
use ractor::{Actor, ActorCell};
use std::{net::IpAddr, sync::Mutex, time::Duration};

#[derive(Default)]
struct Started(Mutex<Option<ActorCell>>);

impl ActorObserver for Started {
    fn started(&self, _path: &str, actor: &ActorCell) {
        *self.0.lock().unwrap() = Some(actor.clone());
    }
}

struct Log {
    _data: tempfile::TempDir,
    store: Store,
    audit: AuditHandle,
    started: Arc<Started>,
}

impl Log {
    async fn open() -> Self {
        let data = tempfile::tempdir().unwrap();
        let store = Store::open(&data.path().join("miauflix.db")).unwrap();
        let (audit, children) = start(store.clone(), Arc::new(SystemClock));
        let started = Arc::<Started>::default();
        let budget = Budget { restarts: 10, window: Duration::from_secs(60) };
        let tree = ActorTree::new(started.clone());
        Actor::spawn(None, Supervisor, SupervisorArguments { path: "root".to_owned(), budget, children, tree })
            .await
            .unwrap();
        Self { _data: data, store, audit, started }
    }

    async fn rows(&self) -> Vec<(String, String)> {
        let rows = self.store.read(|connection| {
            let mut statement = connection.prepare("SELECT action, metadata FROM audit_log ORDER BY id")?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok::<_, StoreError>(rows.collect::<Result<Vec<_>, _>>()?)
        });
        rows.await.unwrap()
    }

    async fn eventually(&self, count: usize) -> Vec<(String, String)> {
        for _ in 0..500 {
            let rows = self.rows().await;
            if rows.len() >= count {
                return rows;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("only {:?} were logged", self.rows().await);
    }

    fn actor(&self) -> ActorCell {
        self.started.0.lock().unwrap().clone().unwrap()
    }
}

fn deed(number: usize) -> AuditEntry {
    AuditEntry::new(Severity::Info, "deed", format!("thing:{number}")).by(UserId(1))
}

fn failure(last: u8) -> AuditEntry {
    AuditEntry::failure("login.failed", "login").from(IpAddr::from([192, 0, 2, last]), "browser")
}

#[tokio::test(start_paused = true)]
async fn what_was_recorded_is_in_the_log_within_a_second() {
    let log = Log::open().await;
    let before = tokio::time::Instant::now();
    log.audit.record(deed(1).with("role", "admin"));
    assert_eq!(log.eventually(1).await, [("deed".to_owned(), r#"{"role":"admin"}"#.to_owned())]);
    assert!(before.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_failures_is_one_entry_per_address() {
    let log = Log::open().await;
    for _ in 0..1000 {
        log.audit.record(failure(1));
    }
    log.audit.record(failure(2));
    let counts: Vec<_> = log.eventually(2).await.into_iter().map(|(_, metadata)| metadata).collect();
    assert_eq!(counts, [r#"{"count":1000}"#, r#"{"count":1}"#]);
}

#[tokio::test(start_paused = true)]
async fn a_deed_does_not_wait_for_failures_that_gather() {
    let log = Log::open().await;
    log.audit.record(failure(1));
    tokio::time::sleep(Duration::from_millis(50)).await;
    let before = tokio::time::Instant::now();
    log.audit.record(deed(1));
    assert_eq!(log.eventually(1).await[0].0, "deed");
    assert!(before.elapsed() < Duration::from_secs(1));
    assert_eq!(log.eventually(2).await[1].0, "login.failed");
}

#[tokio::test(start_paused = true)]
async fn entries_survive_a_crash_of_the_actor() {
    let log = Log::open().await;
    let actor = log.actor();
    log.audit.record(deed(1));
    actor.kill();
    log.audit.record(deed(2));
    assert_eq!(log.eventually(2).await.len(), 2);
    assert_ne!(log.actor().get_id(), actor.get_id());
}

#[tokio::test(start_paused = true)]
async fn stopping_writes_what_still_waits() {
    let log = Log::open().await;
    for number in 0..600 {
        log.audit.record(deed(number));
    }
    log.audit.record(failure(1));
    log.actor().stop_and_wait(None, None).await.unwrap();
    assert_eq!(log.rows().await.len(), 601);
}

#[tokio::test(start_paused = true)]
async fn entries_that_wait_are_bounded() {
    let buffer = Arc::<Buffer>::default();
    for number in 0..100_000 {
        buffer.push(deed(number), 0);
        buffer.push(AuditEntry::failure("failed", format!("thing:{number}")), 0);
    }
    assert!(buffer.take(usize::MAX, true).entries().len() <= 2048 + 128);
}

#[tokio::test]
async fn nothing_in_the_log_can_be_altered() {
    let log = Log::open().await;
    log.audit.record(AuditEntry::new(Severity::Critical, "deed", "thing:1"));
    log.eventually(1).await;
    let altered = log
        .store
        .write(|transaction| Ok::<_, StoreError>(transaction.execute("UPDATE audit_log SET action = 'nothing'", [])?));
    assert!(altered.await.is_err());
}

#[tokio::test]
async fn a_batch_that_was_not_written_comes_back_in_its_order() {
    let buffer = Arc::<Buffer>::default();
    for number in 0..3 {
        buffer.push(deed(number), number as i64);
    }
    drop(buffer.take(2, false));
    let again = buffer.take(10, false);
    assert_eq!(again.entries().iter().map(|waiting| waiting.at).collect::<Vec<_>>(), [0, 1, 2]);
    again.written();
    assert!(buffer.take(10, true).entries().is_empty());
}

#[tokio::test(start_paused = true)]
async fn entries_wait_for_a_database_that_refuses_them() {
    let log = Log::open().await;
    log.store
        .write(|transaction| Ok::<_, StoreError>(transaction.execute_batch("ALTER TABLE audit_log RENAME TO away")?))
        .await
        .unwrap();
    log.audit.record(deed(1));
    tokio::time::sleep(Duration::from_secs(1)).await;
    log.store
        .write(|transaction| Ok::<_, StoreError>(transaction.execute_batch("ALTER TABLE away RENAME TO audit_log")?))
        .await
        .unwrap();
    assert_eq!(log.eventually(1).await.len(), 1);
}
