//! The API's description, its page, health and the live tree.

use super::house::House;
use serde_json::json;

/// The description as the UI's types are generated from it.
const CHECKED_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/api/openapi.json");

#[tokio::test]
async fn the_checked_in_description_is_the_one_that_is_served() {
    let described = House::new().await.call("GET", "/api/v1/openapi.json", None, None).await.json();
    let served = serde_json::to_string_pretty(&described).unwrap() + "\n";
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(CHECKED_IN, &served).unwrap();
    }
    let checked_in = std::fs::read_to_string(CHECKED_IN).unwrap_or_default();
    assert!(checked_in == served, "the API changed: run scripts/api-types and look at what it means for the UI");
}

#[tokio::test]
async fn the_description_names_every_route() {
    let house = House::new().await;
    let described = house.call("GET", "/api/v1/openapi.json", None, None).await.json();
    for rule in &house.rules {
        let operation = &described["paths"][&rule.path][rule.method.to_lowercase()];
        assert!(operation.is_object(), "{} {}", rule.method, rule.path);
    }
    for schema in ["Problem", "SignedIn", "User", "LoginSession", "ActorStatus"] {
        assert!(described["components"]["schemas"][schema].is_object(), "{schema}");
    }
}

#[tokio::test]
async fn the_page_of_the_description_needs_nothing_from_elsewhere() {
    let house = House::new().await;
    let page = house.call("GET", "/api/docs", None, None).await;
    let page = String::from_utf8(page.bytes).unwrap();
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("<script>"));
    for (path, kind) in [("/api/docs/docs.js", "text/javascript"), ("/api/docs/docs.css", "text/css")] {
        assert!(page.contains(path));
        let file = house.call("GET", path, None, None).await;
        assert_eq!(file.status(), 200);
        assert!(file.header("content-type").unwrap().starts_with(kind));
    }
}

#[tokio::test]
async fn anybody_may_ask_for_health_and_learns_no_more_than_that() {
    let house = House::new().await;
    assert_eq!(house.call("GET", "/api/v1/health", None, None).await.json(), json!({"status": "ok"}));
    assert_eq!(house.call("GET", "/api/v1/health/ready", None, None).await.status(), 200);
}

#[tokio::test]
async fn a_part_that_restarts_shows_as_degraded_and_not_ready() {
    let house = House::new().await;
    house.concerns.actors.record_failed("house/auth", "for the test".to_owned());
    assert_eq!(house.call("GET", "/api/v1/health", None, None).await.json(), json!({"status": "degraded"}));
    let ready = house.call("GET", "/api/v1/health/ready", None, None).await;
    assert_eq!((ready.status(), ready.header("retry-after")), (503, Some("1")));
}

#[tokio::test]
async fn an_admin_sees_the_live_tree() {
    let house = House::new().await;
    let admin = house.set_up().await;
    let tree = house.call("GET", "/api/v1/admin/actors", Some(&admin), None).await.json();
    let actors = tree["actors"].as_array().unwrap();
    let auth = actors.iter().find(|actor| actor["path"] == "house/auth").unwrap();
    assert_eq!((&auth["name"], &auth["kind"], &auth["state"]), (&json!("auth"), &json!("actor"), &json!("running")));
}
