use super::*;

#[tokio::test]
async fn after_a_crash_accounts_answer_again_within_a_second_and_nothing_revoked_comes_back() {
    let house = House::new();
    let daemon = house.daemon().await;
    let (root, revoked) = (daemon.set_up().await, daemon.login("root").await);
    let goes_on = daemon.auth.revocation(&root.session);
    daemon.auth.revoke(revoked.user.id, revoked.session.clone()).await.unwrap();

    let before = daemon.actor("auth");
    before.kill();
    within(Duration::from_secs(1), async || {
        daemon.actor("auth").get_id() != before.get_id() && daemon.refresh(&root).await.is_ok()
    })
    .await;

    assert!(matches!(daemon.authenticate(&revoked), Err(AuthError::Unauthenticated)));
    assert!(daemon.authenticate(&root).is_ok());
    assert!(!goes_on.is_cancelled());
}

#[tokio::test]
async fn requests_are_authenticated_while_the_actor_is_down() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    daemon.actor("auth").kill();
    assert!(daemon.authenticate(&root).is_ok());
    assert_eq!(daemon.auth.user(root.user.id).await.unwrap(), root.user);
}

#[tokio::test]
async fn a_revocation_that_a_killed_actor_committed_is_published_by_the_next() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    let revocation = daemon.auth.revocation(&root.session);
    let blocker = daemon.store.clone();
    let (entered, has_entered) = std::sync::mpsc::channel();
    let (release, released) = std::sync::mpsc::channel::<()>();
    // Stands for a transaction that the actor began: it still runs when the actor is killed, and commits afterwards.
    let session = root.session.clone();
    let write = tokio::spawn(async move {
        let work = move |transaction: &rusqlite::Transaction<'_>| {
            entered.send(()).unwrap();
            released.recv().unwrap();
            Ok::<_, StoreError>(transaction.execute("DELETE FROM login_sessions WHERE id = ?1", [session.0])?)
        };
        blocker.write(work).await.unwrap()
    });
    tokio::task::spawn_blocking(move || has_entered.recv().unwrap()).await.unwrap();
    daemon.actor("auth").kill();
    tokio::time::sleep(Duration::from_millis(100)).await;
    release.send(()).unwrap();
    assert_eq!(write.await.unwrap(), 1);
    tokio::time::timeout(Duration::from_secs(1), revocation.cancelled()).await.unwrap();
    assert!(matches!(daemon.authenticate(&root), Err(AuthError::Unauthenticated)));
}

#[tokio::test]
async fn everybody_stays_signed_in_over_a_restart_of_the_daemon() {
    let house = House::new();
    let root = house.daemon().await.set_up().await;
    let daemon = house.daemon().await;
    assert_eq!(daemon.principal(&root).role, Role::Admin);
    assert!(daemon.refresh(&root).await.is_ok());
}

#[tokio::test]
async fn a_daemon_with_another_key_knows_nobody() {
    let house = House::new();
    let root = house.daemon().await.set_up().await;
    std::fs::remove_dir_all(house.data.path().join("keys")).unwrap();
    assert!(matches!(house.daemon().await.authenticate(&root), Err(AuthError::Unauthenticated)));
}

#[tokio::test(start_paused = true)]
async fn a_password_changed_on_the_command_line_signs_out_within_a_minute() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    let revocation = daemon.auth.revocation(&root.session);
    let (passwords, username) = (Passwords::new(settings().hashing).unwrap(), Username::parse("root").unwrap());
    let password = NewPassword::parse("battery staple".into()).unwrap();
    offline::set_password(&house.store, &passwords, username, password, NOW).await.unwrap();
    tokio::time::timeout(Duration::from_secs(61), revocation.cancelled()).await.unwrap();
    assert!(matches!(daemon.authenticate(&root), Err(AuthError::Unauthenticated)));
}
