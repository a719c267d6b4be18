//! `GET /docs`.

use lambda_http::http::StatusCode;
use roster_domain::Result;
use roster_runtime::{Call, Reply, tag};

use crate::{openapi::CACHE_CONTROL, page};

/// The document as a page.
pub async fn get(call: &Call<'_>) -> Result<Reply> {
    let reply = Reply::text(StatusCode::OK, page::MEDIA_TYPE, page::page().to_owned());
    let reply = tag::tagged(call, reply, CACHE_CONTROL);
    Ok(page::headers()
        .into_iter()
        .fold(reply, |reply, (name, value)| reply.with_header(name, value)))
}
