//! Answers that a cache may hold: `ETag` and `If-None-Match` (RFC 9110, 13.1.2).

use lambda_http::http::{StatusCode, header};
use roster_domain::access::secret::SecretDigest;

use crate::{Call, Reply, answer::reply::Content};

/// The answer with a tag of its body; without the body where the caller has it
/// already.
#[must_use]
pub fn tagged(call: &Call<'_>, reply: Reply, cache_control: &str) -> Reply {
    let digest = match &reply.body {
        Content::Text(text) => SecretDigest::of(text),
        // Only a list is compressed by whoever makes it, and no list has a tag.
        Content::Gzip(_) => return reply,
    };
    let tag = format!("\"{}\"", digest.as_hex().get(..32).unwrap_or_default());
    let known = call.request().headers().get(header::IF_NONE_MATCH);
    let known = known
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    // A weak comparison.
    let is_known = known
        .split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag);
    let reply = if is_known {
        Reply::empty(StatusCode::NOT_MODIFIED)
    } else {
        reply
    };
    reply
        .with_header(header::ETAG, &tag)
        .with_header(header::CACHE_CONTROL, cache_control)
}
