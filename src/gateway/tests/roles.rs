//! Who may do what, held to a list that a person has read.

use super::house::{Answer, House, with_token};
use crate::{
    auth::SignedIn,
    domain::user::Role,
    gateway::policy::{PUBLIC, Policy},
};
use axum::{body::Body, http::Request};
use serde_json::json;
use std::{collections::BTreeSet, time::Duration};

/// `METHOD path outcome×6`, for: no token, garbage, expired, guest, user, admin.
const MATRIX: &str = include_str!("role_matrix.txt");

/// What the policy made of a request. `pass` means that the handler answered, whatever it said.
fn outcome(answer: &Answer) -> &'static str {
    match (answer.status(), answer.code().as_str()) {
        // An answer to HEAD has no body to read the code from.
        (401, "unauthenticated" | "access_expired" | "ticket_invalid" | "") => "401",
        (403, "forbidden") => "403",
        _ => "pass",
    }
}

async fn ask(house: &House, method: &str, path: &str, token: Option<&str>) -> Answer {
    let filled = path.split('/').map(|part| if part.starts_with('{') { "4711" } else { part });
    let path = filled.collect::<Vec<_>>().join("/");
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let request = match token {
        Some(token) => request.header("authorization", format!("Bearer {token}")),
        None => request,
    };
    house.answer(request.body(Body::from("{}")).unwrap()).await
}

fn token_of(signed_in: &SignedIn) -> String {
    let request = with_token(Request::builder(), Some(signed_in)).body(()).unwrap();
    request.headers()["authorization"].to_str().unwrap().trim_start_matches("Bearer ").to_owned()
}

#[tokio::test]
async fn every_route_lets_in_whom_the_matrix_says_and_nobody_else() {
    let house = House::new().await;
    let admin = house.set_up().await;
    let expired = token_of(&admin);
    house.clock.advance(Duration::from_secs(660));

    let mut found = String::new();
    let mut rules: Vec<_> = house.rules.iter().collect();
    rules.sort_by_key(|rule| (&rule.path, rule.method));
    for rule in rules {
        // Signed in anew for each route: signing out is among them.
        let admin = house.auth.login(super::house::credentials("root"), super::house::device()).await.unwrap();
        let name = |role| format!("{role}{}", found.lines().count());
        let guest = token_of(&house.add(&admin, &name("guest"), Role::Guest).await);
        let user = token_of(&house.add(&admin, &name("user"), Role::User).await);
        let admin = token_of(&admin);
        let callers = [None, Some("garbage"), Some(&*expired), Some(&*guest), Some(&*user), Some(&*admin)];
        found.push_str(&format!("{} {}", rule.method, rule.path));
        for token in callers {
            found.push(' ');
            found.push_str(outcome(&ask(&house, rule.method, &rule.path, token).await));
        }
        found.push('\n');
    }
    let listed = MATRIX.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let expected: BTreeSet<String> = listed.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let found: BTreeSet<String> = found.lines().map(str::to_owned).collect();
    let missing: Vec<_> = expected.difference(&found).collect();
    let unlisted: Vec<_> = found.difference(&expected).collect();
    assert!(
        missing.is_empty() && unlisted.is_empty(),
        "role_matrix.txt says:\n{missing:#?}\nbut the router does:\n{unlisted:#?}"
    );
}

#[tokio::test]
async fn the_public_routes_are_exactly_the_public_list() {
    let house = House::new().await;
    let public = house.rules.iter().filter(|rule| rule.policy == Policy::Public);
    let public: BTreeSet<_> = public.map(|rule| (rule.method, rule.path.as_str())).collect();
    assert_eq!(public, PUBLIC.iter().copied().collect());
}

#[tokio::test]
async fn the_cookie_counts_as_much_as_the_header_and_the_header_first() {
    let house = House::new().await;
    let admin = token_of(&house.set_up().await);
    for (cookie, header, expected) in [(&*admin, None, 200), (&*admin, Some("garbage"), 401), ("garbage", None, 401)] {
        let mut request = Request::get("/api/v1/me").header("cookie", format!("miauflix_access={cookie}"));
        if let Some(token) = header {
            request = request.header("authorization", format!("bearer {token}"));
        }
        let answer = house.answer(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status(), expected, "{cookie:.10} {header:?}");
    }
}

#[tokio::test]
async fn guests_watch_and_open_nothing_unless_the_settings_let_them() {
    let house = House::new().await;
    let admin = house.set_up().await;
    let guest = house.add(&admin, "guest", Role::Guest).await;
    let magnet = "magnet:?xt=urn:btih:dd8255ecdc7ca55fb0bbf81323d87062db1f6d1c";
    for (path, body) in [("/api/v1/playback", json!({"movie_id": 1})), ("/api/v1/torrents", json!({"magnet": magnet}))]
    {
        let refused = house.call("POST", path, Some(&guest), Some(body.clone())).await;
        assert_eq!((refused.status(), &*refused.code()), (403, "forbidden"), "{path}");
        let tried = house.call("POST", path, Some(&admin), Some(body)).await;
        assert_ne!(tried.status(), 403, "{path}");
    }
}
