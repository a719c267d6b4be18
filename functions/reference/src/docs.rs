//! `GET /docs`.

use lambda_http::http::StatusCode;
use roster_domain::{Error, Result};
use roster_runtime::{Call, Reply, answer::tag};

use crate::{openapi::CACHE_CONTROL, page};

/// The document as a page.
pub async fn get(call: &Call<'_>) -> Result<Reply> {
    let page = page::page().ok_or_else(|| Error::internal("the page cannot be read"))?;
    let reply = Reply::text(StatusCode::OK, page::MEDIA_TYPE, page.html.clone());
    let reply = tag::tagged(call, reply, CACHE_CONTROL);
    let headers = page.headers().into_iter();
    Ok(headers.fold(reply, |reply, (name, value)| reply.with_header(name, value)))
}
