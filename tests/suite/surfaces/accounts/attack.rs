//! Somebody guesses passwords of many accounts from a handful of addresses.

use std::{
    collections::BTreeMap,
    time::{Instant, SystemTime},
};

use futures_util::{StreamExt, future::join, stream};
use serde_json::{Value, json};

use super::PASSWORD;
use crate::harness::Api;

/// How many passwords are guessed, unless `ROSTER_TEST_LOGIN_ATTACK` says
/// otherwise.
const GUESSES: usize = 2_000;
const ACCOUNTS: usize = 100;
const ADDRESSES: usize = 5;
/// What one address may try in a quarter of an hour.
const FROM_ONE_ADDRESS: u64 = 60;
/// Guesses under way at a time: each that is let through takes 19 MiB.
const AT_ONCE: usize = 24;

fn quarter() -> u64 {
    SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs() / (15 * 60)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attack_on_many_accounts_is_held_up_and_the_right_user_is_not() {
    let guesses = std::env::var("ROSTER_TEST_LOGIN_ATTACK");
    let guesses = guesses.map_or(GUESSES, |text| text.parse().expect("a number"));
    let api = Api::start().await;
    let account = |n: usize| {
        json!({
            "user": { "email": format!("user{n}@example.com") },
            "login": { "credentials": { "username": format!("user{n}"), "password": PASSWORD } },
        })
    };
    let accounts: Vec<Value> = (0..ACCOUNTS).map(account).collect();
    let made = api
        .organization()
        .post("/v2/users/batch", &json!(accounts))
        .await;
    assert_eq!(made.status, 207, "{}", made.text);
    for entry in made.json().as_array().unwrap() {
        assert_eq!(entry["status"], 201, "{entry}");
    }
    let home = api.anybody().at_address("127.0.0.77");
    home.log_in("user7", PASSWORD).await.ok();

    let attackers: Vec<_> = (0..ADDRESSES)
        .map(|n| api.anybody().at_address(&format!("127.0.0.{}", 100 + n)))
        .collect();
    let guess = |n: usize| {
        let attacker = &attackers[n % ADDRESSES];
        let name = format!("user{}", n / ADDRESSES % ACCOUNTS);
        async move {
            let answer = attacker.log_in(&name, &format!("guess-{n}")).await;
            let waits = answer.header("retry-after").is_some();
            (answer.status.as_u16(), waits)
        }
    };
    let (begin, first_quarter) = (Instant::now(), quarter());
    let attack = async {
        let mut answers: BTreeMap<(u16, bool), u64> = BTreeMap::new();
        let mut all = stream::iter(0..guesses)
            .map(guess)
            .buffer_unordered(AT_ONCE);
        while let Some(answer) = all.next().await {
            *answers.entry(answer).or_default() += 1;
        }
        answers
    };
    let meanwhile = async {
        for _ in 0..10 {
            home.log_in("user7", PASSWORD).await.ok();
        }
    };
    let (answers, ()) = join(attack, meanwhile).await;
    println!("{guesses} guesses in {:?}: {answers:?}", begin.elapsed());
    home.log_in("user7", PASSWORD).await.ok();

    let quarters = quarter() - first_quarter + 1;
    let most = FROM_ONE_ADDRESS * u64::try_from(ADDRESSES).unwrap() * quarters;
    let looked_at = answers.get(&(401, false)).copied().unwrap_or_default();
    assert!((1..=most).contains(&looked_at), "{answers:?}");
    let refused = answers.get(&(429, true)).copied().unwrap_or_default();
    assert_eq!(looked_at + refused, u64::try_from(guesses).unwrap());
}
