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

mod harness;

mod bad_input;
mod concurrency;
mod isolation;
