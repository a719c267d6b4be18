//! `GET /openapi.json`.

use lambda_http::http::StatusCode;
use roster_domain::Result;
use roster_runtime::{Call, Reply, answer::tag};

/// The document, as it is checked in.
pub const DOCUMENT: &str = include_str!("../../../docs/openapi.json");

/// It changes with a deployment, and not otherwise.
pub(crate) const CACHE_CONTROL: &str = "public, max-age=300";

/// The document.
pub async fn get(call: &Call<'_>) -> Result<Reply> {
    let reply = Reply::text(StatusCode::OK, "application/json", DOCUMENT.to_owned());
    Ok(tag::tagged(call, reply, CACHE_CONTROL))
}
