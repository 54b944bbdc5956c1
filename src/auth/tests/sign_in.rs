use super::*;
use std::{fs, os::unix::fs::PermissionsExt};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_setups_at_once_make_exactly_one_admin() {
    let house = House::new();
    let daemon = house.daemon().await;
    let token = daemon.auth.setup_token().unwrap();
    let setups: Vec<_> = (0..50)
        .map(|number| {
            let (auth, token) = (daemon.auth.clone(), token.clone());
            tokio::spawn(async move {
                auth.setup(token, credentials(&format!("admin{number}"), PASSWORD), device(number)).await
            })
        })
        .collect();
    let mut admins = 0;
    for setup in setups {
        match setup.await.unwrap() {
            Ok(signed_in) => {
                admins += 1;
                assert_eq!(daemon.principal(&signed_in).role, Role::Admin);
            }
            Err(AuthError::SetupDone | AuthError::Busy { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
    assert_eq!((admins, daemon.count("SELECT count(*) FROM users").await), (1, 1));
}

#[tokio::test]
async fn the_setup_token_is_in_a_file_only_its_owner_can_read_until_setup_is_done() {
    let house = House::new();
    let daemon = house.daemon().await;
    let path = house.data.path().join("setup-token");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_to_string(&path).unwrap(), daemon.auth.setup_token().unwrap().expose_secret());
    assert!(daemon.auth.is_setup_needed().await.unwrap());

    daemon.set_up().await;
    assert!(!path.exists());
    assert!(daemon.auth.setup_token().is_none());
    assert!(!daemon.auth.is_setup_needed().await.unwrap());
}

#[tokio::test]
async fn no_other_token_sets_anything_up() {
    let house = House::new();
    let daemon = house.daemon().await;
    let token = daemon.auth.setup_token().unwrap().expose_secret().to_owned();
    assert_eq!(token.len(), 43);
    for wrong in ["", " ", &token[1..], &format!("{token} "), &token.to_uppercase(), &"A".repeat(43)] {
        let refused = daemon.auth.setup(wrong.into(), credentials("root", PASSWORD), device(1)).await;
        assert!(matches!(refused, Err(AuthError::SetupTokenWrong)), "{wrong:?}");
    }
    assert_eq!(daemon.count("SELECT count(*) FROM users").await, 0);
}

#[tokio::test]
async fn a_spent_setup_token_opens_nothing() {
    let house = House::new();
    let daemon = house.daemon().await;
    let token = daemon.auth.setup_token().unwrap();
    daemon.set_up().await;
    let refused = daemon.auth.setup(token.clone(), credentials("mallory", PASSWORD), device(1)).await;
    assert!(matches!(refused, Err(AuthError::SetupDone)));
    let restarted = house.daemon().await;
    let refused = restarted.auth.setup(token, credentials("mallory", PASSWORD), device(1)).await;
    assert!(matches!(refused, Err(AuthError::SetupDone)));
}

#[tokio::test]
async fn a_setup_link_dies_with_the_daemon_that_printed_it() {
    let house = House::new();
    let old = house.daemon().await.auth.setup_token().unwrap();
    let daemon = house.daemon().await;
    let refused = daemon.auth.setup(old, credentials("root", PASSWORD), device(1)).await;
    assert!(matches!(refused, Err(AuthError::SetupTokenWrong)));
}

#[tokio::test]
async fn setup_attempts_are_limited() {
    let house = House::new();
    let daemon = house.daemon_with(AuthSettings { limits: LimitSettings::default(), ..settings() }).await;
    let mut refused = 0;
    for _ in 0..60 {
        let attempt = daemon.auth.setup("guess".into(), credentials("root", PASSWORD), device(1)).await;
        refused += u32::from(matches!(attempt, Err(AuthError::TooManyAttempts { .. })));
    }
    assert!(refused >= 25, "{refused}");
}

#[tokio::test]
async fn a_weak_password_or_an_odd_name_sets_nothing_up_and_spends_nothing() {
    let house = House::new();
    let daemon = house.daemon().await;
    let token = daemon.auth.setup_token().unwrap();
    let weak = daemon.auth.setup(token.clone(), credentials("root", "1234567"), device(1)).await;
    assert!(matches!(weak, Err(AuthError::WeakPassword)));
    let odd = daemon.auth.setup(token, credentials("the root", PASSWORD), device(1)).await;
    assert!(matches!(odd, Err(AuthError::BadUsername)));
    daemon.set_up().await;
}

#[tokio::test]
async fn whoever_signs_in_is_who_their_access_token_says() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    let ada = daemon.add(&root, "ada", Role::Guest).await;
    let signed_in = daemon.auth.login(credentials(" ADA ", PASSWORD), device(9)).await.unwrap();
    let principal = daemon.principal(&signed_in);
    assert_eq!(
        principal,
        Principal { user: ada.id, role: Role::Guest, session: signed_in.session.clone(), language: None }
    );
    assert_eq!(signed_in.access_expires_at, NOW + 600_000);
    assert_eq!(signed_in.refresh_expires_at, NOW + 7 * DAY_MS);
}

#[tokio::test]
async fn unknown_inactive_and_known_users_take_the_same_path_to_the_same_answer() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    let ada = daemon.add(&root, "ada", Role::User).await;
    let away = UserChange { is_active: Some(false), ..UserChange::default() };
    daemon.auth.update_user(&daemon.principal(&root), ada.id, away).await.unwrap();
    for (username, password) in
        [("root", "wrong horse"), ("nobody", PASSWORD), ("ada", PASSWORD), ("no such name!", PASSWORD), ("", "")]
    {
        let before = daemon.auth.parts.passwords.hashed();
        let refused = daemon.auth.login(credentials(username, password), device(1)).await;
        assert!(matches!(refused, Err(AuthError::WrongCredentials)), "{username}: {refused:?}");
        assert_eq!(daemon.auth.parts.passwords.hashed() - before, 1, "{username}");
    }
}

#[tokio::test]
async fn a_giant_password_is_wrong_without_being_hashed() {
    let house = House::new();
    let daemon = house.daemon().await;
    daemon.set_up().await;
    let before = daemon.auth.parts.passwords.hashed();
    for username in ["root", "nobody"] {
        let refused = daemon.auth.login(credentials(username, &"x".repeat(1 << 20)), device(1)).await;
        assert!(matches!(refused, Err(AuthError::WrongCredentials)));
    }
    assert_eq!(daemon.auth.parts.passwords.hashed(), before);
}

#[tokio::test]
async fn guessing_is_stopped_before_it_costs_a_hash() {
    let house = House::new();
    let daemon = house.daemon_with(AuthSettings { limits: LimitSettings::default(), ..settings() }).await;
    daemon.set_up().await;
    let before = daemon.auth.parts.passwords.hashed();
    let mut waits = 0;
    for _ in 0..25 {
        match daemon.auth.login(credentials("root", "wrong horse"), device(7)).await {
            Err(AuthError::WrongCredentials) => {}
            Err(AuthError::TooManyAttempts { retry_after }) => {
                assert!(retry_after > Duration::ZERO);
                waits += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(waits >= 10, "{waits}");
    assert_eq!(daemon.auth.parts.passwords.hashed() - before, 25 - waits);
    assert!(daemon.auth.login(credentials("root", PASSWORD), device(8)).await.is_ok());
}

#[tokio::test]
async fn the_device_used_least_recently_is_signed_out_for_a_sixth() {
    let house = House::new();
    let daemon = house.daemon().await;
    let first = daemon.set_up().await;
    let mut devices = vec![];
    for _ in 0..5 {
        daemon.advance(1000);
        devices.push(daemon.login("root").await);
    }
    assert!(matches!(daemon.authenticate(&first), Err(AuthError::Unauthenticated)));
    assert!(matches!(daemon.refresh(&first).await, Err(AuthError::RefreshInvalid)));
    devices.iter().for_each(|device| assert!(daemon.authenticate(device).is_ok()));
    let shown: Vec<_> = daemon.auth.sessions(first.user.id).await.unwrap().into_iter().map(|shown| shown.id).collect();
    let expected: Vec<_> = devices.iter().rev().map(|device| device.session.clone()).collect();
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn what_a_device_says_of_itself_is_kept_short_and_printable() {
    let house = House::new();
    let daemon = house.daemon().await;
    daemon.set_up().await;
    let odd = Device { name: format!(" tv\r\n\0{}", "ü".repeat(500)), user_agent: "x".repeat(5000), ..device(1) };
    let signed_in = daemon.auth.login(credentials("root", PASSWORD), odd).await.unwrap();
    let sessions = daemon.auth.sessions(signed_in.user.id).await.unwrap();
    let shown = sessions.iter().find(|shown| shown.id == signed_in.session).unwrap();
    assert_eq!((shown.device_name.chars().count(), shown.user_agent.len()), (64, 256));
    assert!(shown.device_name.starts_with("tvü"));
}

#[tokio::test]
async fn neither_passwords_nor_tokens_are_in_the_database_or_in_debug_output() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    let next = daemon.refresh(&root).await.unwrap();
    daemon.actor("audit").stop_and_wait(None, None).await.unwrap();
    let files = ["miauflix.db", "miauflix.db-wal"].map(|name| fs::read(house.data.path().join(name)).unwrap());
    let key = fs::read(house.data.path().join("keys/auth")).unwrap();
    let tokens = [&root.refresh_token, &root.access_token, &next.refresh_token];
    let secrets = tokens.map(|token| token.expose_secret().as_bytes()).into_iter();
    for secret in secrets.chain([PASSWORD.as_bytes(), &key]) {
        let holds = |file: &Vec<u8>| file.windows(secret.len()).any(|window| window == secret);
        assert!(!files.iter().any(holds), "{}", String::from_utf8_lossy(secret));
    }
    let debug = format!("{root:?} {:?}", credentials("root", PASSWORD));
    assert!(!debug.contains(PASSWORD) && !debug.contains(root.refresh_token.expose_secret()), "{debug}");
}

#[tokio::test]
async fn a_password_that_changes_while_it_is_checked_is_wrong() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    let (sign_in, _) = message::SignIn::new(device(1));
    let (user, password_hash) = (root.user.id, "the hash of before".to_owned());
    let build = |reply| message::AuthMessage::SignIn { user, password_hash, sign_in, reply };
    let refused = daemon.auth.parts.address.call(build, Duration::from_secs(5)).await.unwrap();
    assert!(matches!(refused, Err(AuthError::WrongCredentials)));
    assert_eq!(daemon.count("SELECT count(*) FROM login_sessions").await, 1);
}
