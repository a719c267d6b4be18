//! Whether the time of a refused login tells that an account exists:
//! `cargo bench --bench login_timing`.
//!
//! Known accounts, unknown ones, and known ones with a record of 300 KB take turns
//! in one run, with a wrong password each.
//! Printed are both medians, their ratio, and the rank-sum test of Mann and
//! Whitney: how likely a difference like this one is where there is none.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a benchmark fails by panicking, and counts little"
)]
#![expect(
    unreachable_pub,
    dead_code,
    unused_imports,
    reason = "the harness is the tests', who use more of it"
)]

#[path = "../suite/harness/mod.rs"]
mod harness;

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::AttributeValue;
use harness::Api;
use roster_local::setup;
use serde_json::{Value, json};
use statrs::distribution::{ContinuousCDF as _, Normal};

/// Accounts of either kind.
const ACCOUNTS: usize = 60;
/// Wrong passwords against each: below the limit.
const ATTEMPTS: usize = 8;

#[tokio::main]
async fn main() {
    let api = Api::start().await;
    let owner = api.organization();
    for number in 0..ACCOUNTS {
        let body = json!({
            "user": { "email": format!("known-{number}@x.org") },
            "login": { "credentials": {
                "username": format!("known-{number}"), "password": "correct horse",
            } },
        });
        assert_eq!(owner.post("/v2/users", &body).await.status, 201);
        let large = json!({
            "user": { "email": format!("large-{number}@x.org") },
            "login": { "credentials": {
                "username": format!("large-{number}"), "password": "correct horse",
            } },
        });
        let made = owner.post("/v2/users", &large).await;
        assert_eq!(made.status, 201);
        enlarge(&api, made.json()["user"]["_id"].as_str().unwrap()).await;
    }
    let (mut known, mut unknown, mut large) = (Vec::new(), Vec::new(), Vec::new());
    let mut sent = 0;
    for attempt in 0..ATTEMPTS {
        for number in 0..ACCOUNTS {
            // Who goes first takes turns, so that neither warms up the other.
            let mut all = [
                ("known", &mut known),
                ("unknown", &mut unknown),
                ("large", &mut large),
            ];
            all.rotate_left((attempt + number) % 3);
            for (kind, times) in all {
                let body =
                    json!({ "email": format!("{kind}-{number}"), "password": "wrong horse" });
                // Below the limit of an address, too.
                let address = format!("127.0.1.{}", sent / 50 + 1);
                times.push(wrong_login(&api, &address, &body).await);
                sent += 1;
            }
        }
    }
    report("known", &mut known, &mut unknown);
    report("large", &mut large, &mut unknown);
}

/// Bytes that nothing asks for, in the record of a user.
const LARGE: usize = 300 * 1024;

async fn enlarge(api: &Api, user: &str) {
    let text = |text: String| AttributeValue::S(text);
    api.dynamodb()
        .update_item()
        .table_name(&api.table)
        .key("pk", text(format!("ORG#{}", setup::ORGANIZATION)))
        .key("sk", text(format!("USER#{user}")))
        .update_expression("SET filler = :filler")
        .expression_attribute_values(":filler", text("x".repeat(LARGE)))
        .send()
        .await
        .expect("the record grows");
}

async fn wrong_login(api: &Api, address: &str, body: &Value) -> Duration {
    let client = reqwest::Client::builder()
        .local_address(address.parse::<std::net::IpAddr>().unwrap())
        .build()
        .unwrap();
    let request = client
        .post(format!("{}/api/v2/login", api.url()))
        .json(body)
        .build()
        .unwrap();
    let started = Instant::now();
    let answer = client.execute(request).await.expect("an answer");
    let took = started.elapsed();
    assert_eq!(answer.status(), 401, "the attempt counts as wrong");
    took
}

fn report(kind: &str, known: &mut [Duration], unknown: &mut [Duration]) {
    known.sort_unstable();
    unknown.sort_unstable();
    let median = |times: &[Duration]| times[times.len() / 2].as_secs_f64() * 1e3;
    let (a, b) = (median(known), median(unknown));
    println!("| account | logins | median ms |\n|---|---|---|");
    println!("| {kind} | {} | {a:.2} |", known.len());
    println!("| unknown | {} | {b:.2} |", unknown.len());
    println!("ratio of medians ({kind} / unknown): {:.3}", a / b);
    println!(
        "two-sided p of the rank-sum test: {:.3}",
        rank_sum(known, unknown)
    );
}

/// Mann and Whitney's test, in its normal approximation: fine from some twenty
/// of each on.
fn rank_sum(first: &[Duration], second: &[Duration]) -> f64 {
    let (n, m) = (first.len() as f64, second.len() as f64);
    let below = |time: &Duration| second.iter().filter(|other| *other < time).count() as f64;
    let equal = |time: &Duration| second.iter().filter(|other| *other == time).count() as f64;
    let u: f64 = first
        .iter()
        .map(|time| below(time) + equal(time) / 2.0)
        .sum();
    let deviation = (n * m * (n + m + 1.0) / 12.0).sqrt();
    let z = (u - n * m / 2.0).abs() / deviation;
    2.0 * Normal::standard().sf(z)
}
