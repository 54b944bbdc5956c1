use super::*;
use crate::events::Event;

#[tokio::test]
async fn a_refresh_replaces_both_tokens_and_goes_on_with_the_session() {
    let house = House::new();
    let daemon = house.daemon().await;
    let first = daemon.set_up().await;
    daemon.advance(600_000 + 5_000);
    assert!(matches!(daemon.authenticate(&first), Err(AuthError::AccessExpired)));
    let second = daemon.refresh(&first).await.unwrap();
    assert_eq!(second.session, first.session);
    assert!(!is_same(&second.refresh_token, &first.refresh_token));
    assert_eq!(daemon.principal(&second).user, first.user.id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_refreshes_at_once_get_one_successor() {
    let house = House::new();
    let daemon = house.daemon().await;
    let first = daemon.set_up().await;
    let refreshes: Vec<_> = (0..50)
        .map(|_| {
            let (auth, token) = (daemon.auth.clone(), first.refresh_token.clone());
            tokio::spawn(async move { auth.refresh(token, device(1)).await.unwrap() })
        })
        .collect();
    let mut successors = std::collections::HashSet::new();
    for refresh in refreshes {
        successors.insert(refresh.await.unwrap().refresh_token.expose_secret().to_owned());
    }
    assert_eq!(successors.len(), 1);
    assert_eq!(daemon.count("SELECT count(*) FROM refresh_tokens WHERE spent_at IS NULL").await, 1);
}

#[tokio::test]
async fn a_second_tab_gets_the_same_successor_for_ten_seconds() {
    let house = House::new();
    let daemon = house.daemon().await;
    let first = daemon.set_up().await;
    let one_tab = daemon.refresh(&first).await.unwrap();
    daemon.advance(10_000);
    let other_tab = daemon.refresh(&first).await.unwrap();
    assert!(is_same(&one_tab.refresh_token, &other_tab.refresh_token));
    assert_eq!(one_tab.refresh_expires_at, other_tab.refresh_expires_at);
    assert!(daemon.authenticate(&one_tab).is_ok() && daemon.authenticate(&other_tab).is_ok());
}

#[tokio::test]
async fn a_reused_refresh_token_revokes_its_family_and_is_told_to_the_audit_log() {
    let house = House::new();
    let daemon = house.daemon().await;
    let first = daemon.set_up().await;
    let other_device = daemon.login("root").await;
    let second = daemon.refresh(&first).await.unwrap();
    let mut events = daemon.events.subscribe();
    daemon.advance(10_001);

    assert!(matches!(daemon.refresh(&first).await, Err(AuthError::RefreshInvalid)));
    assert!(matches!(daemon.refresh(&second).await, Err(AuthError::RefreshInvalid)));
    assert!(matches!(daemon.authenticate(&second), Err(AuthError::Unauthenticated)));
    assert!(daemon.authenticate(&other_device).is_ok());
    let event = events.recv().await.unwrap();
    assert!(matches!(event, Event::LoginSessionRevoked { session } if session == first.session));
    let logged = "SELECT count(*) FROM audit_log WHERE action = 'refresh.reused' AND severity = 'critical'";
    within(Duration::from_secs(5), async || daemon.count(logged).await == 1).await;
}

#[tokio::test]
async fn a_session_that_rests_for_a_week_is_over() {
    let house = House::new();
    let daemon = house.daemon().await;
    let first = daemon.set_up().await;
    daemon.advance(7 * DAY_MS - 1);
    let second = daemon.refresh(&first).await.unwrap();
    daemon.advance(7 * DAY_MS);
    assert!(matches!(daemon.refresh(&second).await, Err(AuthError::RefreshInvalid)));
    assert!(daemon.auth.sessions(first.user.id).await.unwrap().is_empty());
}

#[tokio::test]
async fn no_session_lasts_longer_than_thirty_days_however_busy() {
    let house = House::new();
    let daemon = house.daemon().await;
    let mut last = daemon.set_up().await;
    for _ in 0..29 {
        daemon.advance(DAY_MS);
        last = daemon.refresh(&last).await.unwrap();
    }
    assert_eq!(last.refresh_expires_at, NOW + 30 * DAY_MS);
    daemon.advance(DAY_MS - 60_000);
    last = daemon.refresh(&last).await.unwrap();
    assert_eq!(last.access_expires_at, NOW + 30 * DAY_MS);
    daemon.advance(60_000);
    assert!(matches!(daemon.authenticate(&last), Err(AuthError::Unauthenticated)));
    assert!(matches!(daemon.refresh(&last).await, Err(AuthError::RefreshInvalid)));
}

#[tokio::test]
async fn tokens_that_were_never_issued_are_refused() {
    let house = House::new();
    let daemon = house.daemon().await;
    let first = daemon.set_up().await;
    let access = first.access_token.expose_secret();
    for token in ["", "nonsense", &"A".repeat(43), &"A".repeat(1 << 20), access] {
        let refused = daemon.auth.refresh(token.into(), device(1)).await;
        assert!(matches!(refused, Err(AuthError::RefreshInvalid)));
    }
    let as_access = daemon.auth.authenticate(first.refresh_token.expose_secret());
    assert!(matches!(as_access, Err(AuthError::Unauthenticated)));
}
