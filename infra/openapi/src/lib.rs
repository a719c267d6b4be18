//! The OpenAPI document: what each operation takes and answers.
//!
//! Methods, paths, and who may call come from the routes that are served; each
//! operation is described here once, under the name of its binary. A route that
//! is not described, and a description without a route, make no document.
//!
//! Nothing that runs in Lambda links this package. `docs/openapi.json` is what
//! it makes, checked in; a test compares the two, and others hold every request
//! and answer of the test suite to it.

#![expect(
    clippy::too_many_lines,
    reason = "a list of descriptions is read from top to bottom"
)]

mod assemble;
mod errors;
mod examples;
mod operation;
mod parameters;
mod security;
mod surfaces;
mod values;

use roster_runtime::schema;

pub use assemble::{Mismatch, document};

/// The document as `docs/openapi.json` has it.
///
/// # Errors
/// Where it cannot be written as JSON.
pub fn text(document: &utoipa::openapi::OpenApi) -> serde_json::Result<String> {
    serde_json::to_string_pretty(document).map(|text| text + "\n")
}
