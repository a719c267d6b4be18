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

mod harness;

mod access {
    pub mod asks;
    pub mod audit;
    pub mod authority;
    pub mod first_key;
    pub mod isolation;
    pub mod keys;
    pub mod permissions;
    pub mod planted;
    pub mod planted_links;
    pub mod secrets_kept_nowhere;
}
mod bookings {
    pub mod agendas;
    pub mod booking;
    pub mod feeds;
    pub mod large_teams;
    pub mod life;
    pub mod long_histories;
    pub mod repeating;
}
mod concurrency {
    pub mod double_booking;
    pub mod history;
    pub mod lost_answers;
    pub mod many_callers;
    pub mod one_team;
    pub mod one_wins;
    pub mod outages;
    pub mod slow_database;
    pub mod team_deletion;
    pub mod throttling;
    pub mod torn_reads;
}
mod cost {
    pub mod budget;
    pub mod connections;
    pub mod page;
    pub mod scale;
}
mod documents {
    pub mod agreement;
    pub mod generated;
    pub mod openapi;
    pub mod samples;
}
mod hooks;
mod journey;
mod mail;
mod pages {
    pub mod abuse;
    pub mod booking;
    pub mod embedding;
    pub mod guest;
    mod hostile;
    pub mod owners;
    pub mod settings;
}
mod requests {
    pub mod answer_sizes;
    pub mod bad_input;
    pub mod compression;
    pub mod edge;
    pub mod encodings;
    pub mod local_pages;
    pub mod logs;
    pub mod odd_requests;
    pub mod oversized;
    pub mod public_url;
    pub mod round_trip;
    pub mod versions;
    pub mod wording;
}
mod slots {
    pub mod away;
    pub mod caldav;
    pub mod calendars;
    mod exchange;
    pub mod holds;
    pub mod holidays;
    pub mod offers;
    mod on_demand;
    pub mod rounds;
    pub mod stale;
    pub mod writing;
}
mod surfaces {
    pub mod accounts;
    pub mod directory;
}
mod table {
    pub mod golden;
    pub mod schema_version;
    pub mod storage;
    pub mod transfer;
}
mod teams {
    mod batch;
    pub mod members;
    pub mod public_team;
    pub mod rules;
}
mod users {
    pub mod one_model;
    pub mod rules;
    pub mod texts;
}
