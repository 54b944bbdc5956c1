use super::*;
use crate::{
    auth::{Username, store::users},
    domain::user::Role,
};
use proptest::prelude::*;
use std::time::Duration;

const RULES: SessionRules =
    SessionRules { idle: Duration::from_secs(7 * 86_400), max: Duration::from_secs(30 * 86_400), max_devices: 5 };
const IDLE_MS: i64 = 7 * 86_400_000;
const MAX_MS: i64 = 30 * 86_400_000;
const BEGUN: i64 = 1_800_000_000_000;

fn database() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection.pragma_update(None, "foreign_keys", true).unwrap();
    connection.execute_batch(include_str!("../../../../schema.sql")).unwrap();
    connection
}

fn in_transaction<T>(connection: &mut Connection, work: impl FnOnce(&Transaction<'_>) -> T) -> T {
    let transaction = connection.transaction().unwrap();
    let value = work(&transaction);
    transaction.commit().unwrap();
    value
}

/// Stands for the token number `index` of the family; its successor is the next.
fn token(index: usize) -> TokenHash {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&(index as u64).to_be_bytes());
    TokenHash(hash)
}

fn session(number: usize) -> NewSession {
    NewSession {
        id: LoginSessionId(format!("session {number}")),
        token: token(number * 1_000_000),
        device_name: "tv".to_owned(),
        user_agent: "browser".to_owned(),
    }
}

fn add_user(transaction: &Transaction<'_>) -> UserId {
    users::insert(transaction, &Username::parse("ada").unwrap(), "hash", Role::User, BEGUN).unwrap().id
}

fn count(connection: &Connection, table: &str) -> usize {
    connection
        .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0).map(|n: i64| n as usize))
        .unwrap()
}

/// What happens to a family of tokens.
#[derive(Clone, Debug)]
enum Step {
    /// Somebody presents a token; the last ones issued are `0`, `1`, …
    Present {
        back: usize,
    },
    Wait {
        ms: i64,
    },
    CleanUp,
    SignOut,
}

fn step() -> impl Strategy<Value = Step> {
    let wait = prop_oneof![
        4 => 0..GRACE_MS * 2,
        1 => Just(GRACE_MS),
        1 => Just(GRACE_MS + 1),
        2 => 0..IDLE_MS + 2,
        1 => -GRACE_MS..0,
    ];
    prop_oneof![
        12 => (0usize..4).prop_map(|back| Step::Present { back: back.saturating_sub(1) }),
        8 => wait.prop_map(|ms| Step::Wait { ms }),
        2 => Just(Step::CleanUp),
        1 => Just(Step::SignOut),
    ]
}

/// The family as it should be: for each token when it expires, and when it was spent.
struct Family {
    tokens: Vec<(i64, Option<i64>)>,
    is_over: bool,
}

#[derive(Debug, PartialEq)]
enum Expected {
    Continued { successor: usize, expires_at: i64 },
    Reused,
    Invalid,
}

impl Family {
    fn present(&mut self, index: usize, now: i64) -> Expected {
        let (expires_at, spent_at) = self.tokens[index];
        let session_expires_at = self.tokens.last().unwrap().0;
        if self.is_over || expires_at <= now || session_expires_at <= now {
            return Expected::Invalid;
        }
        match spent_at {
            Some(spent_at) if (now - spent_at).abs() <= GRACE_MS => {
                Expected::Continued { successor: index + 1, expires_at: self.tokens[index + 1].0 }
            }
            Some(_) => {
                self.is_over = true;
                Expected::Reused
            }
            None => {
                let expires_at = (now + IDLE_MS).min(BEGUN + MAX_MS);
                self.tokens[index].1 = Some(now);
                self.tokens.push((expires_at, None));
                Expected::Continued { successor: index + 1, expires_at }
            }
        }
    }

    /// Tokens that were cleaned away once expired do not come back when the clock is set back.
    fn clean_up(&mut self, now: i64) {
        self.is_over |= self.tokens.last().unwrap().0 <= now;
        for (expires_at, _) in &mut self.tokens {
            if *expires_at <= now {
                *expires_at = i64::MIN;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_family_of_tokens_does_what_the_model_does(steps in proptest::collection::vec(step(), 1..60)) {
        let mut connection = database();
        let user = in_transaction(&mut connection, |transaction| {
            let user = add_user(transaction);
            begin(transaction, user, &session(0), &RULES, BEGUN).unwrap();
            user
        });
        let mut family = Family { tokens: vec![(BEGUN + IDLE_MS, None)], is_over: false };
        let mut now = BEGUN;
        for step in steps {
            match step {
                Step::Wait { ms } => now += ms,
                Step::CleanUp => {
                    in_transaction(&mut connection, |transaction| end_expired(transaction, now, 100).unwrap());
                    family.clean_up(now);
                }
                Step::SignOut => {
                    in_transaction(&mut connection, |transaction| end(transaction, user, &session(0).id).unwrap());
                    family.is_over = true;
                }
                Step::Present { back } => {
                    let index = family.tokens.len().saturating_sub(1 + back);
                    let rotation = in_transaction(&mut connection, |transaction| {
                        rotate(transaction, &token(index), &token(index + 1), "browser", &RULES, now).unwrap()
                    });
                    let expected = family.present(index, now);
                    let found = match rotation {
                        Rotation::Continued { expires_at, .. } => {
                            Expected::Continued { successor: index + 1, expires_at }
                        }
                        Rotation::Reused { .. } => Expected::Reused,
                        Rotation::Invalid => Expected::Invalid,
                    };
                    prop_assert_eq!(found, expected);
                }
            }
            let unspent: i64 = connection
                .query_row("SELECT count(*) FROM refresh_tokens WHERE spent_at IS NULL", [], |row| row.get(0))
                .unwrap();
            prop_assert!(unspent <= 1, "{} tokens could be rotated", unspent);
            let is_live = !live(&connection, now).unwrap().is_empty();
            prop_assert_eq!(is_live, !family.is_over && family.tokens.last().unwrap().0 > now);
        }
    }
}

#[test]
fn the_device_not_seen_for_longest_makes_room_for_a_sixth() {
    let mut connection = database();
    let ended: Vec<_> = in_transaction(&mut connection, |transaction| {
        let user = add_user(transaction);
        (0..7)
            .flat_map(|number| {
                if number == 5 {
                    rotate(transaction, &token(0), &token(1), "browser", &RULES, BEGUN + 5).unwrap();
                }
                begin(transaction, user, &session(number), &RULES, BEGUN + number as i64).unwrap().1
            })
            .collect()
    });
    assert_eq!(ended, [session(1).id, session(2).id]);
    assert_eq!((count(&connection, "login_sessions"), count(&connection, "refresh_tokens")), (5, 6));
}

#[test]
fn a_session_that_is_refreshed_all_the_time_keeps_a_bounded_number_of_tokens() {
    let mut connection = database();
    in_transaction(&mut connection, |transaction| {
        let user = add_user(transaction);
        begin(transaction, user, &session(0), &RULES, BEGUN).unwrap();
        for index in 0..3000 {
            let now = BEGUN + 1 + index as i64;
            let rotation = rotate(transaction, &token(index), &token(index + 1), "browser", &RULES, now).unwrap();
            assert!(matches!(rotation, Rotation::Continued { .. }));
        }
    });
    assert_eq!(count(&connection, "refresh_tokens"), MAX_TOKENS as usize + 1);
}

#[test]
fn what_expired_goes_in_batches() {
    let mut connection = database();
    in_transaction(&mut connection, |transaction| {
        let user = add_user(transaction);
        let rules = SessionRules { max_devices: 100, ..RULES };
        for number in 0..25 {
            begin(transaction, user, &session(number), &rules, BEGUN).unwrap();
        }
    });
    let left: Vec<_> = (0..3)
        .map(|_| {
            let more =
                in_transaction(&mut connection, |transaction| end_expired(transaction, BEGUN + IDLE_MS, 10).unwrap());
            (more, count(&connection, "login_sessions"))
        })
        .collect();
    assert_eq!(left, [(true, 15), (true, 5), (false, 0)]);
    assert_eq!(count(&connection, "refresh_tokens"), 0);
}
