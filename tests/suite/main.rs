//! The tests of the whole: HTTP into the gateway, through the authorizer and
//! the handlers, to a DynamoDB engine.
//!
//! `ROSTER_TEST_DYNAMODB=http://…` runs them on another engine than the
//! embedded one.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![expect(
    clippy::too_many_lines,
    reason = "a journey is read from top to bottom"
)]
#![expect(
    unreachable_pub,
    reason = "nothing outside of this binary could reach it"
)]

mod contract;
mod fixtures;
mod gate;
mod harness;
mod proxy;

mod accounts;
mod agreement;
mod answer_sizes;
mod authority;
mod bad_input;
mod booking;
mod budget;
mod compression;
mod concurrency;
mod directory;
mod double_booking;
mod furnished;
mod generated;
mod golden;
mod history;
mod isolation;
mod journey;
mod keys;
mod large_teams;
mod local_pages;
mod logs;
mod long_histories;
mod lost_answers;
mod mail;
mod odd_requests;
mod one_model;
mod openapi;
mod outages;
mod oversized;
mod permissions;
mod planted;
mod planted_links;
mod public_team;
mod public_url;
mod repeating;
mod round_trip;
mod samples;
mod scale;
mod schema_version;
mod secrets_kept_nowhere;
mod storage;
mod team_deletion;
mod teams;
mod texts;
mod torn_reads;
mod transfer;
mod users;
mod wording;
