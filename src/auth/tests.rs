//! Accounts as the rest of the daemon sees them, supervised, on a real database.

mod accounts;
mod refresh;
mod restart;
mod revocation;
mod sign_in;

use super::*;
use crate::{
    audit,
    domain::{
        ids::LoginSessionId,
        user::{Principal, Role, User},
    },
    store::StoreError,
    supervision::{ActorObserver, ActorTree, Budget, Supervisor, supervisor::SupervisorArguments},
};
use ractor::{Actor, ActorCell};
use secrecy::{ExposeSecret, SecretString};
use std::{
    collections::HashMap,
    net::IpAddr,
    num::NonZeroU32,
    sync::{
        Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

const NOW: i64 = 1_800_000_000_000;
const DAY_MS: i64 = 86_400_000;
const PASSWORD: &str = "correct horse";

struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Lays hands on the running actors.
#[derive(Default)]
struct Actors(Mutex<HashMap<String, ActorCell>>);

impl ActorObserver for Actors {
    fn started(&self, path: &str, actor: &ActorCell) {
        self.0.lock().unwrap().insert(path.to_owned(), actor.clone());
    }
}

/// A data directory, which outlives the daemons started on it.
struct House {
    data: tempfile::TempDir,
    store: Store,
    clock: Arc<TestClock>,
}

/// The accounts of one running daemon.
struct Daemon {
    auth: AuthHandle,
    events: Events,
    actors: Arc<Actors>,
    store: Store,
    clock: Arc<TestClock>,
}

fn settings() -> AuthSettings {
    let plenty = Rate { burst: NonZeroU32::new(10_000).unwrap(), one_per: Duration::from_millis(1) };
    AuthSettings {
        hashing: HashingCost { memory_kib: 8, passes: 1 },
        limits: LimitSettings { per_address: plenty, per_place: [plenty, plenty], per_account: plenty },
        ..AuthSettings::from(&AuthConfig::default())
    }
}

impl House {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let store = Store::open(&data.path().join("miauflix.db")).unwrap();
        Self { data, store, clock: Arc::new(TestClock(AtomicI64::new(NOW))) }
    }

    async fn daemon(&self) -> Daemon {
        self.daemon_with(settings()).await
    }

    async fn daemon_with(&self, settings: AuthSettings) -> Daemon {
        let (store, clock, events) = (self.store.clone(), self.clock.clone(), Events::new());
        let (audit, mut children) = audit::start(store.clone(), clock.clone());
        let started = start_with(settings, self.data.path(), store.clone(), clock.clone(), events.clone(), audit).await;
        let (auth, actor) = started.unwrap();
        children.extend(actor);
        let budget = Budget { restarts: 10, window: Duration::from_secs(60) };
        let actors = Arc::<Actors>::default();
        let tree = ActorTree::new(actors.clone());
        Actor::spawn(None, Supervisor, SupervisorArguments { path: "accounts".to_owned(), budget, children, tree })
            .await
            .unwrap();
        Daemon { auth, events, actors, store, clock }
    }
}

impl Daemon {
    /// The first admin, `root`, signed in.
    async fn set_up(&self) -> SignedIn {
        let token = self.auth.setup_token().unwrap();
        self.auth.setup(token, credentials("root", PASSWORD), device(1)).await.unwrap()
    }

    async fn add(&self, by: &SignedIn, username: &str, role: Role) -> User {
        self.auth.create_user(&self.principal(by), credentials(username, PASSWORD), role).await.unwrap()
    }

    async fn login(&self, username: &str) -> SignedIn {
        self.auth.login(credentials(username, PASSWORD), device(1)).await.unwrap()
    }

    async fn refresh(&self, signed_in: &SignedIn) -> Result<SignedIn, AuthError> {
        self.auth.refresh(signed_in.refresh_token.clone(), device(1)).await
    }

    fn authenticate(&self, signed_in: &SignedIn) -> Result<Principal, AuthError> {
        self.auth.authenticate(signed_in.access_token.expose_secret())
    }

    fn principal(&self, signed_in: &SignedIn) -> Principal {
        self.authenticate(signed_in).unwrap()
    }

    fn advance(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    fn actor(&self, name: &str) -> ActorCell {
        self.actors.0.lock().unwrap()[&format!("accounts/{name}")].clone()
    }

    async fn count(&self, sql: &'static str) -> i64 {
        let count =
            self.store.read(move |connection| Ok::<_, StoreError>(connection.query_row(sql, [], |row| row.get(0))?));
        count.await.unwrap()
    }
}

fn credentials(username: &str, password: &str) -> Credentials {
    Credentials { username: username.to_owned(), password: password.into() }
}

fn device(last: u8) -> Device {
    Device { name: "tv".to_owned(), user_agent: "browser".to_owned(), ip: IpAddr::from([192, 0, 2, last]) }
}

fn is_same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}

/// Waits until the promise holds; fails the test when it does not within the time given.
async fn within(most: Duration, mut holds: impl AsyncFnMut() -> bool) {
    let eventually = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(most, eventually).await.expect("it did not come true in time");
}
