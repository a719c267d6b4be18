//! How often a login may be tried.
//!
//! The gateway listens on 127.0.0.1 alone, so every address here is an IPv4
//! one; `roster_store::access::rate_limit` has what an IPv6 network is.

use jiff::SignedDuration;

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use serde_json::json;

use super::{
    PASSWORD, api_v2_error, count, new_account,
    table::{Table, number},
};
use crate::harness::{Answer, Api};

/// Seconds of the period that attempts are counted in.
const QUARTER: u64 = 15 * 60;

/// Puts the clock on the begin of the next quarter of an hour, so that a test's
/// attempts are counted together.
pub fn within_a_quarter(api: &Api) {
    let quarter = i64::try_from(QUARTER).unwrap();
    let left = quarter - api.now().as_second() % quarter;
    api.forward(SignedDuration::from_secs(left));
}

pub async fn try_login(api: &Api, address: u8, name: &str, password: &str) -> Answer {
    let client = api.anybody().at_address(&format!("127.0.0.{address}"));
    client.log_in(name, password).await
}

/// Holds an answer to one that says that there were too many attempts.
pub fn is_limited(answer: &Answer) {
    let message = api_v2_error(answer, 429);
    assert_eq!(message, "too many attempts; try again later");
    let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=QUARTER).contains(&seconds), "{seconds}");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_ten_wrong_attempts_only_known_addresses_can_log_in() {
    let api = Api::start().await;
    new_account(&api.organization(), "jean").await;
    within_a_quarter(&api);
    let (home, work) = (2, 3);
    for known in [home, work] {
        try_login(&api, known, "jean", PASSWORD).await.ok();
    }
    let mut attempts = Vec::new();
    // Alike for an account that does not exist.
    for name in ["jean", "nobody"] {
        for address in 10..20 {
            let cased = if address % 2 == 0 {
                name.to_uppercase()
            } else {
                name.to_owned()
            };
            let answer = try_login(&api, address, &cased, "wrong-password").await;
            api_v2_error(&answer, 401);
        }
        for password in ["wrong-password", PASSWORD] {
            let answer = try_login(&api, 20, name, password).await;
            is_limited(&answer);
            attempts.push(answer.text);
        }
    }
    attempts.dedup();
    assert_eq!(attempts.len(), 1, "{attempts:?}");
    for known in [home, work] {
        try_login(&api, known, "jean", PASSWORD).await.ok();
        let wrong = try_login(&api, known, "jean", "wrong-password").await;
        api_v2_error(&wrong, 401);
    }
    // The audit log says who logged in from where, and who tried to.
    let mut kept = Table::of(&api).everything().await;
    kept.retain(|(pk, _), _| !pk.starts_with("AUDIT#"));
    let kept = format!("{kept:?}");
    for address in [2, 10] {
        assert!(!kept.contains(&format!("127.0.0.{address}")));
    }
    assert!(!kept.contains("nobody"), "names are not kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_address_has_twenty_attempts_at_its_account() {
    let api = Api::start().await;
    let client = api.organization();
    for name in ["jean", "jane"] {
        new_account(&client, name).await;
    }
    within_a_quarter(&api);
    for known in [2, 3] {
        try_login(&api, known, "jean", PASSWORD).await.ok();
    }
    let wrong = (0..30).map(|_| try_login(&api, 2, "jean", "wrong-password"));
    let answers = join_all(wrong).await;
    assert_eq!((count(&answers, 401), count(&answers, 429)), (20, 10));
    is_limited(&try_login(&api, 2, "jean", PASSWORD).await);
    try_login(&api, 3, "jean", PASSWORD).await.ok();
    try_login(&api, 4, "jean", PASSWORD).await.ok();
    try_login(&api, 2, "jane", PASSWORD).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_has_sixty_attempts_at_accounts_that_do_not_know_it() {
    let api = Api::start().await;
    let client = api.organization();
    for name in ["jean", "jane"] {
        new_account(&client, name).await;
    }
    within_a_quarter(&api);
    let (attacker, other) = (9, 8);
    try_login(&api, attacker, "jane", PASSWORD).await.ok();
    let from_one = api.anybody().at_address("127.0.0.9");
    let guess = |n: usize| {
        let (from_one, name) = (&from_one, format!("nobody{n}"));
        async move { from_one.log_in(&name, "wrong-password").await }
    };
    let answers = join_all((0..60).map(guess)).await;
    assert_eq!(count(&answers, 401), 60);
    is_limited(&try_login(&api, attacker, "nobody60", PASSWORD).await);
    // Attempts that are refused for their address use up nothing of others.
    for _ in 0..12 {
        is_limited(&try_login(&api, attacker, "jean", PASSWORD).await);
    }
    try_login(&api, attacker, "jane", PASSWORD).await.ok();
    try_login(&api, other, "jean", PASSWORD).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_that_run_at_once_are_all_counted() {
    let api = Api::start().await;
    new_account(&api.organization(), "jean").await;
    within_a_quarter(&api);
    let wrong = (10..50).map(|address| try_login(&api, address, "jean", "wrong-password"));
    let answers = join_all(wrong).await;
    assert_eq!((count(&answers, 401), count(&answers, 429)), (10, 30));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_succeeds_is_taken_back() {
    let api = Api::start().await;
    new_account(&api.organization(), "jean").await;
    within_a_quarter(&api);
    // One more than an account has from elsewhere, and than an address that it
    // knows has.
    for address in 10..=20 {
        try_login(&api, address, "jean", PASSWORD).await.ok();
    }
    for _ in 0..21 {
        try_login(&api, 10, "jean", PASSWORD).await.ok();
    }
    let attempts = Table::of(&api).starting_with("ATTEMPTS#").await;
    assert_eq!(attempts.len(), 1 + 11 + 1, "account, addresses, pair");
    for item in attempts.values() {
        assert_eq!(number(item, "count"), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_of_an_earlier_quarter_do_not_count() {
    let api = Api::start().await;
    new_account(&api.organization(), "jean").await;
    within_a_quarter(&api);
    for address in 10..20 {
        try_login(&api, address, "jean", "wrong-password").await;
    }
    is_limited(&try_login(&api, 20, "jean", PASSWORD).await);
    let table = Table::of(&api);
    for (key, item) in table.starting_with("ATTEMPTS#").await {
        let quarter: u64 = key.1.parse().unwrap();
        let end = (quarter + 1) * QUARTER;
        let kept = number(&item, "expires_at");
        assert_eq!(kept, end, "kept no longer than needed");
    }
    within_a_quarter(&api);
    try_login(&api, 20, "jean", PASSWORD).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_forgotten_after_ninety_days() {
    let api = Api::start().await;
    new_account(&api.organization(), "jean").await;
    within_a_quarter(&api);
    let now = u64::try_from(api.now().as_second()).unwrap();
    try_login(&api, 2, "jean", PASSWORD).await.ok();
    for address in 10..20 {
        try_login(&api, address, "jean", "wrong-password").await;
    }
    let table = Table::of(&api);
    let known = table.starting_with("KNOWN#").await;
    assert_eq!(known.len(), 1);
    let (key, item) = known.iter().next().unwrap();
    let days = 90 * 24 * 60 * 60;
    let expires = number(item, "expires_at");
    assert!((now + days..now + days + QUARTER).contains(&expires));
    try_login(&api, 2, "jean", PASSWORD).await.ok();
    // Over, and not yet removed.
    let over = AttributeValue::N((now - 1).to_string());
    table.set(key, "expires_at", over).await;
    is_limited(&try_login(&api, 2, "jean", PASSWORD).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_the_caller_claims_counts_for_nothing() {
    let api = Api::start().await;
    new_account(&api.organization(), "jean").await;
    within_a_quarter(&api);
    let body = json!({ "email": "jean", "password": "wrong-password" }).to_string();
    let mut answers = Vec::new();
    for n in 0..12 {
        let client = api.anybody().at_address("127.0.0.9");
        let claimed = format!("203.0.113.{n}");
        let headers = [
            ("content-type", "application/json"),
            ("x-forwarded-for", &claimed),
            ("forwarded", &format!("for={claimed}")),
        ];
        let body = Some(body.clone().into_bytes());
        let method = reqwest::Method::POST;
        answers.push(client.send(method, "/api/v2/login", body, &headers).await);
    }
    assert_eq!((count(&answers, 401), count(&answers, 429)), (10, 2));
    let attempts = Table::of(&api).starting_with("ATTEMPTS#").await;
    assert_eq!(attempts.len(), 2, "one account, one address");
}
