use super::*;

fn role(role: Role) -> UserChange {
    UserChange { role: Some(role), ..UserChange::default() }
}

fn inactive() -> UserChange {
    UserChange { is_active: Some(false), ..UserChange::default() }
}

#[tokio::test]
async fn the_last_active_admin_stays_one() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    let by = daemon.principal(&root);
    let other = daemon.add(&root, "other", Role::Admin).await;
    daemon.auth.update_user(&by, other.id, inactive()).await.unwrap();

    let auth = &daemon.auth;
    assert!(matches!(auth.update_user(&by, by.user, role(Role::User)).await, Err(AuthError::LastAdmin)));
    assert!(matches!(auth.update_user(&by, by.user, inactive()).await, Err(AuthError::LastAdmin)));
    assert!(matches!(auth.delete_user(&by, by.user).await, Err(AuthError::LastAdmin)));
    assert_eq!(daemon.principal(&root).role, Role::Admin);

    let back = UserChange { is_active: Some(true), ..UserChange::default() };
    daemon.auth.update_user(&by, other.id, back).await.unwrap();
    daemon.auth.delete_user(&by, by.user).await.unwrap();
    assert!(matches!(daemon.authenticate(&root), Err(AuthError::Unauthenticated)));
}

#[tokio::test]
async fn a_changed_role_counts_from_the_next_request() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    let ada = daemon.add(&root, "ada", Role::Admin).await;
    let signed_in = daemon.login("ada").await;
    daemon.auth.update_user(&daemon.principal(&root), ada.id, role(Role::Guest)).await.unwrap();
    assert_eq!(daemon.principal(&signed_in).role, Role::Guest);
}

#[tokio::test]
async fn a_new_password_signs_the_other_devices_out() {
    let house = House::new();
    let daemon = house.daemon().await;
    let (here, elsewhere) = (daemon.set_up().await, daemon.login("root").await);
    let by = daemon.principal(&here);
    daemon.auth.change_password(&by, PASSWORD.into(), "battery staple".into()).await.unwrap();
    assert!(daemon.authenticate(&here).is_ok());
    assert!(matches!(daemon.authenticate(&elsewhere), Err(AuthError::Unauthenticated)));
    let old = daemon.auth.login(credentials("root", PASSWORD), device(1)).await;
    assert!(matches!(old, Err(AuthError::WrongCredentials)));
    assert!(daemon.auth.login(credentials("root", "battery staple"), device(1)).await.is_ok());
}

#[tokio::test]
async fn a_stolen_session_cannot_guess_the_password_for_long() {
    let house = House::new();
    let daemon = house.daemon_with(AuthSettings { limits: LimitSettings::default(), ..settings() }).await;
    let by = daemon.principal(&daemon.set_up().await);
    let mut refused = 0;
    for _ in 0..20 {
        match daemon.auth.change_password(&by, "a guess".into(), "battery staple".into()).await {
            Err(AuthError::WrongCredentials) => {}
            Err(AuthError::TooManyAttempts { .. }) => refused += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(refused >= 8, "{refused}");
}

#[tokio::test]
async fn a_password_that_an_admin_resets_signs_the_user_out_everywhere() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    let ada = daemon.add(&root, "ada", Role::User).await;
    let signed_in = daemon.login("ada").await;
    let reset = UserChange { password: Some("battery staple".into()), ..UserChange::default() };
    daemon.auth.update_user(&daemon.principal(&root), ada.id, reset).await.unwrap();
    assert!(matches!(daemon.authenticate(&signed_in), Err(AuthError::Unauthenticated)));
    assert!(daemon.auth.login(credentials("ada", "battery staple"), device(1)).await.is_ok());
}

#[tokio::test]
async fn names_are_unique_whatever_their_case_and_ids_are_never_used_again() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    let by = daemon.principal(&root);
    let ada = daemon.add(&root, "ada", Role::User).await;
    let taken = daemon.auth.create_user(&by, credentials("ADA", PASSWORD), Role::User).await;
    assert!(matches!(taken, Err(AuthError::UsernameTaken)));
    daemon.auth.delete_user(&by, ada.id).await.unwrap();
    assert_ne!(daemon.add(&root, "ada", Role::User).await.id, ada.id);
    assert_eq!(daemon.auth.users().await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_is_done_to_nobody_is_not_found() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    let (by, nobody) = (daemon.principal(&root), crate::domain::ids::UserId(99));
    assert!(matches!(daemon.auth.user(nobody).await, Err(AuthError::NotFound)));
    assert!(matches!(daemon.auth.update_user(&by, nobody, inactive()).await, Err(AuthError::NotFound)));
    assert!(matches!(daemon.auth.delete_user(&by, nobody).await, Err(AuthError::NotFound)));
}

#[tokio::test(start_paused = true)]
async fn what_admins_do_is_in_the_audit_log() {
    let house = House::new();
    let daemon = house.daemon().await;
    let root = daemon.set_up().await;
    let by = daemon.principal(&root);
    let ada = daemon.add(&root, "ada", Role::User).await;
    daemon.auth.update_user(&by, ada.id, role(Role::Admin)).await.unwrap();
    daemon.auth.delete_user(&by, ada.id).await.unwrap();
    let deeds = "SELECT count(*) FROM audit_log WHERE user_id = 1 AND resource = 'user:2'
                 AND action IN ('user.created', 'user.updated', 'user.deleted')";
    within(Duration::from_secs(5), async || daemon.count(deeds).await == 3).await;
}
