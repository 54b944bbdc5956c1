//! Setup, sign-in, refresh and sign-out as clients see them.

use super::house::{Answer, House, PASSWORD};
use crate::domain::user::Role;
use axum::{body::Body, http::Request};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::time::Duration;

/// A browser: sends what cookies it has.
async fn browse(house: &House, method: &str, path: &str, cookies: &str, body: Value) -> Answer {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let request = if cookies.is_empty() { request } else { request.header("cookie", cookies) };
    house.answer(request.body(body.to_string().into()).unwrap()).await
}

#[tokio::test]
async fn a_browser_sets_up_refreshes_and_signs_out_without_ever_seeing_a_token() {
    let house = House::new().await;
    assert_eq!(house.call("GET", "/api/v1/setup", None, None).await.json(), json!({"needed": true}));
    let token = house.auth.setup_token().unwrap().expose_secret().to_owned();
    let setup = json!({"token": token, "username": "Ada", "password": PASSWORD, "device_name": "Sofa"});
    let signed_in = browse(&house, "POST", "/api/v1/setup", "", setup).await;
    assert_eq!(signed_in.status(), 201);
    assert_eq!(signed_in.json()["user"]["username"], "ada");
    assert_eq!(signed_in.json()["user"]["role"], "admin");
    assert!(signed_in.json().get("access_token").is_none() && signed_in.json().get("refresh_token").is_none());
    assert_eq!(house.call("GET", "/api/v1/setup", None, None).await.json(), json!({"needed": false}));

    let first = signed_in.cookies();
    assert_eq!(browse(&house, "GET", "/api/v1/me", &first, json!({})).await.json()["username"], "ada");
    let refreshed = browse(&house, "POST", "/api/v1/auth/refresh", &first, json!({})).await;
    assert_eq!(refreshed.status(), 200);
    let second = refreshed.cookies();
    assert_ne!(first, second);

    let signed_out = browse(&house, "POST", "/api/v1/auth/logout", &second, json!({})).await;
    assert_eq!((signed_out.status(), &*signed_out.cookies()), (204, "miauflix_access=; miauflix_refresh="));
    assert_eq!(browse(&house, "GET", "/api/v1/me", &second, json!({})).await.code(), "unauthenticated");
    let refused = browse(&house, "POST", "/api/v1/auth/refresh", &second, json!({})).await;
    assert_eq!((refused.status(), &*refused.code()), (401, "refresh_invalid"));
    assert_eq!(refused.cookies(), "miauflix_access=; miauflix_refresh=");
}

#[tokio::test]
async fn cookies_are_for_our_pages_alone_and_secure_behind_https() {
    let house = House::with(|settings| settings.server.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()]).await;
    house.set_up().await;
    let login = json!({"username": "root", "password": PASSWORD});
    for (proto, secure) in [("http", ""), ("https", "; Secure")] {
        let request = Request::post("/api/v1/auth/login")
            .header("content-type", "application/json")
            .header("x-forwarded-proto", proto)
            .body(login.to_string().into());
        let answer = house.answer(request.unwrap()).await;
        let lines: Vec<_> = answer.head.headers().get_all("set-cookie").iter().map(|l| l.to_str().unwrap()).collect();
        assert!(lines[0].starts_with("miauflix_access="), "{lines:?}");
        assert!(lines[0].ends_with(&format!("; Path=/; Max-Age=600; HttpOnly; SameSite=Strict{secure}")), "{lines:?}");
        assert!(lines[1].starts_with("miauflix_refresh="), "{lines:?}");
        let refresh = format!("; Path=/api/v1/auth; Max-Age=604800; HttpOnly; SameSite=Strict{secure}");
        assert!(lines[1].ends_with(&refresh), "{lines:?}");
    }
}

#[tokio::test]
async fn a_device_can_be_signed_out_after_its_access_token_expired() {
    let house = House::new().await;
    house.set_up().await;
    let login = json!({"username": "root", "password": PASSWORD});
    let cookies = browse(&house, "POST", "/api/v1/auth/login", "", login).await.cookies();
    house.clock.advance(Duration::from_secs(660));
    assert_eq!(browse(&house, "GET", "/api/v1/me", &cookies, json!({})).await.code(), "access_expired");
    assert_eq!(browse(&house, "POST", "/api/v1/auth/logout", &cookies, json!({})).await.status(), 204);
    let refused = browse(&house, "POST", "/api/v1/auth/refresh", &cookies, json!({})).await;
    assert_eq!(refused.code(), "refresh_invalid");
}

#[tokio::test]
async fn other_clients_get_their_tokens_in_the_body_and_no_cookies() {
    let house = House::new().await;
    house.set_up().await;
    let login = json!({"username": "root", "password": PASSWORD, "transport": "token"});
    let signed_in = house.call("POST", "/api/v1/auth/login", None, Some(login)).await;
    assert_eq!((signed_in.status(), &*signed_in.cookies()), (200, ""));
    let refresh = json!({"refresh_token": signed_in.json()["refresh_token"]});
    let refreshed = house.call("POST", "/api/v1/auth/refresh", None, Some(refresh)).await;
    assert_eq!((refreshed.status(), &*refreshed.cookies()), (200, ""));
    let request = Request::get("/api/v1/me")
        .header("authorization", format!("Bearer {}", refreshed.json()["access_token"].as_str().unwrap()));
    assert_eq!(house.answer(request.body(Body::empty()).unwrap()).await.json()["username"], "root");
}

#[tokio::test]
async fn what_is_wrong_with_an_account_has_a_code_of_its_own() {
    let house = House::new().await;
    let token = house.auth.setup_token().unwrap().expose_secret().to_owned();
    let setup = |token: &str, username: &str, password: &str| {
        Some(json!({"token": token, "username": username, "password": password}))
    };
    let admin = || Some(json!({"username": "root", "password": "wrong password"}));
    for (path, body, status, code) in [
        ("/api/v1/setup", setup("wrong", "root", PASSWORD), 403, "setup_token_wrong"),
        ("/api/v1/setup", setup(&token, "root", "short"), 422, "weak_password"),
        ("/api/v1/setup", setup(&token, "<root>", PASSWORD), 422, "bad_username"),
        ("/api/v1/setup", setup(&token, "root", PASSWORD), 201, ""),
        ("/api/v1/setup", setup(&token, "root", PASSWORD), 409, "setup_done"),
        ("/api/v1/auth/login", admin(), 401, "wrong_credentials"),
        ("/api/v1/auth/refresh", Some(json!({})), 401, "refresh_invalid"),
        ("/api/v1/auth/login", Some(json!({"username": "root"})), 422, "invalid_body"),
        ("/api/v1/auth/login", Some(json!("x".repeat(70_000))), 413, "too_large"),
    ] {
        let answer = house.call("POST", path, None, body).await;
        assert_eq!((answer.status(), &*answer.code()), (status, code), "{path}");
    }
}

#[tokio::test]
async fn devices_are_listed_and_signed_out_one_by_one() {
    let house = House::new().await;
    let here = house.set_up().await;
    let there = house.auth.login(super::house::credentials("root"), super::house::device()).await.unwrap();
    let sessions = house.call("GET", "/api/v1/me/sessions", Some(&here), None).await.json();
    let current: Vec<_> = sessions["sessions"].as_array().unwrap().iter().map(|s| (&s["id"], &s["current"])).collect();
    assert!(current.contains(&(&json!(here.session.0), &json!(true))), "{current:?}");
    assert!(current.contains(&(&json!(there.session.0), &json!(false))), "{current:?}");

    let path = format!("/api/v1/me/sessions/{}", there.session);
    assert_eq!(house.call("DELETE", &path, Some(&here), None).await.status(), 204);
    assert_eq!(house.call("GET", "/api/v1/me", Some(&there), None).await.status(), 401);
    assert_eq!(house.call("GET", "/api/v1/me", Some(&here), None).await.status(), 200);
}

#[tokio::test]
async fn an_admin_keeps_accounts() {
    let house = House::new().await;
    let root = house.set_up().await;
    let create = json!({"username": "bob", "password": PASSWORD, "role": "guest"});
    let bob = house.call("POST", "/api/v1/users", Some(&root), Some(create.clone())).await;
    assert_eq!((bob.status(), &bob.json()["role"]), (201, &json!("guest")));
    let taken = house.call("POST", "/api/v1/users", Some(&root), Some(create)).await;
    assert_eq!((taken.status(), &*taken.code()), (409, "username_taken"));

    let path = format!("/api/v1/users/{}", bob.json()["id"]);
    let changed = house.call("PATCH", &path, Some(&root), Some(json!({"role": "user"}))).await;
    assert_eq!(changed.json()["role"], "user");
    let listed = house.call("GET", "/api/v1/users", Some(&root), None).await.json();
    assert_eq!(listed["users"].as_array().unwrap().len(), 2);
    assert_eq!(house.call("DELETE", &path, Some(&root), None).await.status(), 204);
    assert_eq!(house.call("DELETE", &path, Some(&root), None).await.status(), 404);
    assert_eq!(house.call("DELETE", "/api/v1/users/1", Some(&root), None).await.code(), "last_admin");
    assert_eq!(house.call("DELETE", "/api/v1/users/one", Some(&root), None).await.code(), "not_found");
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_it() {
    let house = House::new().await;
    let root = house.set_up().await;
    let bob = house.add(&root, "bob", Role::User).await;
    let change = |current: &str| Some(json!({"current_password": current, "new_password": "another one"}));
    let wrong = house.call("PATCH", "/api/v1/me", Some(&bob), change("wrong")).await;
    assert_eq!(wrong.code(), "wrong_credentials");
    let changed = house.call("PATCH", "/api/v1/me", Some(&bob), change(PASSWORD)).await;
    assert_eq!((changed.status(), &changed.json()["username"]), (200, &json!("bob")));
    assert!(!String::from_utf8(changed.bytes).unwrap().contains("argon2"));
}
