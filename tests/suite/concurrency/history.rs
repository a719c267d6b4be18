//! A random history of concurrent calls, checked afterwards from the table
//! alone.
//!
//! `ROSTER_TEST_SEED` repeats what the workers do (not how they interleave);
//! `ROSTER_TEST_HISTORY` says how many calls they make.

pub mod check;
mod holds;
mod life;
mod people;
mod random;
pub mod run;

use std::{
    hash::{BuildHasher as _, RandomState},
    time::Duration,
};

use crate::harness::{Api, faults};

const WORKERS: u64 = 12;

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().expect("a number"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_random_history_leaves_a_table_that_agrees_with_itself_and_with_every_answer() {
    let seed = number("ROSTER_TEST_SEED").unwrap_or_else(|| RandomState::new().hash_one(0));
    let size = number("ROSTER_TEST_HISTORY").unwrap_or(600);
    // Shown when the test fails.
    println!("ROSTER_TEST_SEED={seed} ROSTER_TEST_HISTORY={size}");
    let api = Api::start().await;
    let history = run::run(&api, seed, size).await;
    println!("{}", history.summary());
    if faults() {
        // What was given up on may still be under way.
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    let table = check::Table::read(&api).await;
    table.agrees_with_itself();
    table.agrees_with(&history);
    println!(
        "{} events, {} decisions",
        table.events.len(),
        table.decisions()
    );
}
