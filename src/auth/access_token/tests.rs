use super::*;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

const NOW_S: i64 = 1_800_000_000;
const NOW: i64 = NOW_S * 1000;
const LIFETIME: Duration = Duration::from_secs(600);
const HEADER: &str = r#"{"typ":"JWT","alg":"HS256"}"#;

fn key() -> MacKey {
    MacKey::new(&[7; 32])
}

fn tokens() -> AccessTokens {
    AccessTokens::new(key(), LIFETIME).unwrap()
}

fn claims() -> Value {
    json!({
        "iss": "miauflix", "aud": "miauflix-api", "sub": "3", "sid": "5e55", "typ": "access",
        "iat": NOW_S, "nbf": NOW_S, "exp": NOW_S + 600,
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

fn sign(header: &str, claims: &str, key: &MacKey) -> String {
    let message = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
    let mac = key.mac(message.as_bytes()).unwrap();
    format!("{message}.{mac}")
}

/// Signed with the daemon's own key, as only a flaw of the daemon's could.
fn signed(claims: Value) -> String {
    sign(HEADER, &claims.to_string(), &key())
}

fn signed_with_header(header: Value) -> String {
    sign(&header.to_string(), &claims().to_string(), &key())
}

fn is_unauthenticated(token: &str) -> bool {
    matches!(tokens().check(token, NOW), Err(AuthError::Unauthenticated))
}

#[test]
fn a_token_names_its_session_until_it_expires() {
    let (user, session) = (UserId(3), LoginSessionId("5e55".to_owned()));
    let (token, expires_at) = tokens().issue(user, &session, NOW, i64::MAX).unwrap();
    let token = secrecy::ExposeSecret::expose_secret(&token).to_owned();
    assert_eq!(expires_at, NOW + 600_000);
    assert_eq!(tokens().check(&token, NOW).unwrap(), (user, session.clone()));
    assert_eq!(tokens().check(&token, expires_at + 4_999).unwrap(), (user, session));
    assert!(matches!(tokens().check(&token, expires_at + 5_000), Err(AuthError::AccessExpired)));
}

#[test]
fn a_token_never_outlives_its_session() {
    let session = LoginSessionId("5e55".to_owned());
    let (_, expires_at) = tokens().issue(UserId(3), &session, NOW, NOW + 60_000).unwrap();
    assert_eq!(expires_at, NOW + 60_000);
}

#[test]
fn no_configuration_makes_tokens_last_longer_than_ten_minutes() {
    let tokens = AccessTokens::new(key(), Duration::from_secs(86_400)).unwrap();
    let session = LoginSessionId("5e55".to_owned());
    assert_eq!(tokens.issue(UserId(3), &session, NOW, i64::MAX).unwrap().1, NOW + 600_000);
}

#[test]
fn the_forger_of_these_tests_makes_good_tokens_when_nothing_is_forged() {
    assert!(tokens().check(&signed(claims()), NOW).is_ok());
}

#[test]
fn claims_that_are_missing_or_of_another_type_are_refused_although_signed() {
    let names = ["iss", "aud", "sub", "sid", "typ", "iat", "nbf", "exp"];
    let forged = names.iter().map(|name| without(name)).chain(names.iter().map(|name| with(name, Value::Null)));
    let strings = ["iat", "nbf", "exp"].map(|name| with(name, json!((NOW_S + 1).to_string())));
    let numbers = ["iss", "aud", "sub", "sid", "typ"].map(|name| with(name, json!(3)));
    let lists = ["iss", "aud", "sub", "exp"].map(|name| with(name, json!([claims()[name]])));
    let fractions = ["iat", "nbf", "exp"].map(|name| with(name, json!(NOW_S as f64 + 0.5)));
    for forged in forged.chain(strings).chain(numbers).chain(lists).chain(fractions) {
        assert!(is_unauthenticated(&signed(forged.clone())), "{forged}");
    }
}

#[test]
fn claims_with_other_values_are_refused_although_signed() {
    let forged = [
        with("iss", json!("")),
        with("iss", json!("Miauflix")),
        with("iss", json!("evil")),
        with("aud", json!("miauflix")),
        with("aud", json!("miauflix-api ")),
        with("sub", json!("")),
        with("sub", json!("+3")),
        with("sub", json!("03")),
        with("sub", json!("3 ")),
        with("sub", json!("admin")),
        with("sub", json!("9223372036854775808")),
        with("typ", json!("refresh")),
        with("typ", json!("stream")),
        with("typ", json!("")),
        with("iat", json!(NOW_S + 6)),
        with("nbf", json!(NOW_S + 6)),
        with("nbf", json!(i64::MAX)),
        with("iat", json!(i64::MIN)),
        with("exp", json!(NOW_S + 601)),
        with("exp", json!(i64::MAX)),
        with("exp", json!(u64::MAX)),
        with("exp", json!(1e300)),
        with("iat", json!(NOW_S - 1)),
        with("role", json!("admin")),
        with("jti", json!("1")),
    ];
    for forged in forged {
        assert!(is_unauthenticated(&signed(forged.clone())), "{forged}");
    }
}

#[test]
fn expiries_of_long_ago_are_expired_at_most() {
    for exp in [i64::MIN, -1, 0, 1, NOW_S - 5] {
        let refused = tokens().check(&signed(with("exp", json!(exp))), NOW);
        assert!(matches!(refused, Err(AuthError::AccessExpired | AuthError::Unauthenticated)), "{exp}: {refused:?}");
    }
}

#[test]
fn headers_that_name_another_algorithm_or_key_are_refused_although_signed() {
    let forged = [
        json!({"typ": "JWT", "alg": "none"}),
        json!({"typ": "JWT", "alg": "None"}),
        json!({"typ": "JWT", "alg": "hs256"}),
        json!({"typ": "JWT", "alg": "HS384"}),
        json!({"typ": "JWT", "alg": "HS512"}),
        json!({"typ": "JWT", "alg": "RS256"}),
        json!({"typ": "JWT", "alg": "ES256"}),
        json!({"typ": "JWT", "alg": "EdDSA"}),
        json!({"typ": "JWT", "alg": ""}),
        json!({"typ": "JWT", "alg": null}),
        json!({"typ": "JWT", "alg": ["HS256"]}),
        json!({"typ": "JWT"}),
        json!({"alg": "HS256"}),
        json!({"typ": "at+jwt", "alg": "HS256"}),
        json!({"typ": "JWT", "alg": "HS256", "kid": "../../dev/null"}),
        json!({"typ": "JWT", "alg": "HS256", "crit": ["b64"], "b64": false}),
        json!({"typ": "JWT", "alg": "HS256", "jku": "https://evil.example/keys"}),
        json!({"typ": "JWT", "alg": "HS256", "jwk": {"kty": "oct", "k": "AA"}}),
        json!({"typ": "JWT", "alg": "HS256", "zip": "DEF"}),
        json!([]),
        json!("HS256"),
    ];
    for forged in forged {
        assert!(is_unauthenticated(&signed_with_header(forged.clone())), "{forged}");
    }
}

#[test]
fn signatures_that_are_not_ours_are_refused() {
    let good = signed(claims());
    let (message, mac) = good.rsplit_once('.').unwrap();
    let (header, payload) = message.split_once('.').unwrap();
    let admin = URL_SAFE_NO_PAD.encode(with("sub", json!("1")).to_string());
    let longer = URL_SAFE_NO_PAD.encode([URL_SAFE_NO_PAD.decode(mac).unwrap(), vec![0]].concat());
    let shorter = URL_SAFE_NO_PAD.encode(&URL_SAFE_NO_PAD.decode(mac).unwrap()[..16]);
    let forged = [
        sign(HEADER, &claims().to_string(), &MacKey::new(&[8; 32])),
        sign(HEADER, &claims().to_string(), &MacKey::new(b"")),
        sign(HEADER, &claims().to_string(), &MacKey::new(b"secret")),
        sign(HEADER, &claims().to_string(), &MacKey::new(&[7; 31])),
        format!("{message}."),
        message.to_owned(),
        format!("{header}.{admin}.{mac}"),
        format!("{message}.{longer}"),
        format!("{message}.{shorter}"),
        format!("{message}.{mac}="),
        format!("{message}.{mac}.{mac}"),
        format!("{payload}.{header}.{mac}"),
        format!("{message}.{}", "A".repeat(43)),
    ];
    for forged in forged {
        assert!(is_unauthenticated(&forged), "{forged}");
    }
}

#[test]
fn what_is_no_token_at_all_is_refused() {
    let good = signed(claims());
    let header = URL_SAFE_NO_PAD.encode(HEADER);
    let nested = format!("{}1{}", "[".repeat(400), "]".repeat(400));
    let forged = [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        "null".to_owned(),
        "Bearer".to_owned(),
        format!("Bearer {good}"),
        format!(" {good}"),
        format!("{good} "),
        format!("{good}\n"),
        format!("{good}\0"),
        good.to_uppercase(),
        good.replace('.', " "),
        good[..good.len() - 1].to_owned(),
        "🐱".repeat(100),
        format!("{header}.🐱.🐱"),
        format!("{header}.."),
        format!("{header}.!!!.!!!"),
        sign(HEADER, "", &key()),
        sign(HEADER, "{", &key()),
        sign(HEADER, "null", &key()),
        sign(HEADER, "[]", &key()),
        sign(HEADER, &nested, &key()),
        sign(HEADER, "\"claims\"", &key()),
        signed(with("sid", json!("x".repeat(10_000)))),
        "A".repeat(1 << 20),
    ];
    for forged in forged {
        assert!(is_unauthenticated(&forged), "{}", forged.chars().take(80).collect::<String>());
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_check_fail_otherwise(text in ".{0,300}") {
        proptest::prop_assert!(is_unauthenticated(&text));
    }

    #[test]
    fn a_token_with_one_bit_flipped_is_refused(byte in 0usize..1024, bit in 0u8..7) {
        let good = signed(claims());
        let mut bytes = good.clone().into_bytes();
        let byte = byte % bytes.len();
        bytes[byte] ^= 1 << bit;
        let forged = String::from_utf8(bytes).unwrap();
        proptest::prop_assert!(is_unauthenticated(&forged), "{}", forged);
    }
}
