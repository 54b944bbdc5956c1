use super::*;

#[tokio::test]
async fn a_session_signed_out_is_told_at_once_and_no_other_is() {
    let house = House::new();
    let daemon = house.daemon().await;
    let (one, other) = (daemon.set_up().await, daemon.login("root").await);
    let [ended, goes_on] = [&one, &other].map(|signed_in| daemon.auth.revocation(&signed_in.session));
    daemon.auth.revoke(one.user.id, one.session.clone()).await.unwrap();
    assert!(ended.is_cancelled() && !goes_on.is_cancelled());
    assert!(matches!(daemon.authenticate(&one), Err(AuthError::Unauthenticated)));
    assert!(daemon.authenticate(&other).is_ok());
}

#[tokio::test]
async fn a_session_that_is_not_live_counts_as_revoked() {
    let house = House::new();
    let daemon = house.daemon().await;
    assert!(daemon.auth.revocation(&LoginSessionId("never was".to_owned())).is_cancelled());
    let root = daemon.set_up().await;
    daemon.advance(7 * DAY_MS);
    assert!(daemon.auth.revocation(&root.session).is_cancelled());
}

#[tokio::test]
async fn whoever_cancels_their_own_token_revokes_nothing() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    daemon.auth.revocation(&root.session).cancel();
    assert!(!daemon.auth.revocation(&root.session).is_cancelled());
    assert!(daemon.authenticate(&root).is_ok());
}

#[tokio::test]
async fn a_refresh_keeps_the_revocation_that_streams_hold() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    let revocation = daemon.auth.revocation(&root.session);
    let next = daemon.refresh(&root).await.unwrap();
    assert!(!revocation.is_cancelled());
    daemon.auth.revoke(next.user.id, next.session).await.unwrap();
    assert!(revocation.is_cancelled());
}

#[tokio::test]
async fn reuse_deactivation_and_deletion_revoke() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    for name in ["ada", "bob", "eve"] {
        daemon.add(&root, name, Role::User).await;
    }
    let (ada, bob, eve) = (daemon.login("ada").await, daemon.login("bob").await, daemon.login("eve").await);
    let revocations = [&ada, &bob, &eve].map(|signed_in| daemon.auth.revocation(&signed_in.session));
    let by = daemon.principal(&root);

    daemon.auth.delete_user(&by, bob.user.id).await.unwrap();
    let away = UserChange { is_active: Some(false), ..UserChange::default() };
    daemon.auth.update_user(&by, eve.user.id, away).await.unwrap();
    daemon.refresh(&ada).await.unwrap();
    daemon.advance(10_001);
    daemon.refresh(&ada).await.unwrap_err();

    assert!(revocations.iter().all(|revocation| revocation.is_cancelled()));
    assert!(!daemon.auth.revocation(&root.session).is_cancelled());
    assert!(matches!(daemon.authenticate(&eve), Err(AuthError::Unauthenticated)));
    assert!(matches!(daemon.refresh(&eve).await, Err(AuthError::RefreshInvalid)));
}

#[tokio::test(start_paused = true)]
async fn a_session_whose_time_is_over_is_revoked_and_forgotten_within_a_minute() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    let revocation = daemon.auth.revocation(&root.session);
    // The pass of the start has to be over before the time jumps, or it would see half of the jump.
    tokio::time::sleep(Duration::from_secs(1)).await;
    daemon.advance(7 * DAY_MS);
    tokio::time::timeout(Duration::from_secs(61), revocation.cancelled()).await.unwrap();
    let left = "SELECT (SELECT count(*) FROM login_sessions) + (SELECT count(*) FROM refresh_tokens)";
    assert_eq!(daemon.count(left).await, 0);
}

#[tokio::test]
async fn nobody_signs_out_the_device_of_another() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    let ada = daemon.add(&root, "ada", Role::User).await;
    let refused = daemon.auth.revoke(ada.id, root.session.clone()).await;
    assert!(matches!(refused, Err(AuthError::NotFound)));
    assert!(daemon.authenticate(&root).is_ok());
}
