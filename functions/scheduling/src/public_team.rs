//! `GET /v2/teams/{team_id}/public` (S2): for anybody.

use lambda_http::http::{StatusCode, header};
use roster_domain::{Error, Result, secret::SecretDigest};
use roster_runtime::{Call, Reply};

use crate::wire::team_json;

/// A cache may hold the page, and must ask whether it is still the same: a
/// changed name shows at once.
const CACHE_CONTROL: &str = "public, max-age=0, must-revalidate";

/// The page of a public team. A private, a deleted, an unknown team and an id
/// of the wrong shape are one answer.
pub async fn get(call: &Call<'_>) -> Result<Reply> {
    let id = call
        .path_id("team_id")
        .map_err(|_| Error::NotFound("team"))?;
    let team = call.store.public_team(id).await?;
    let body = team_json::render_public(&team).to_string();
    let digest = SecretDigest::of(&body);
    let tag = format!("\"{}\"", digest.as_hex().get(..32).unwrap_or_default());
    let known = call.request().headers().get(header::IF_NONE_MATCH);
    let known = known
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    // RFC 9110, 13.1.2: a weak comparison.
    let is_known = known
        .split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag);
    let reply = if is_known {
        Reply::empty(StatusCode::NOT_MODIFIED)
    } else {
        Reply::text(StatusCode::OK, "application/json", body)
    };
    Ok(reply
        .with_header(header::ETAG, &tag)
        .with_header(header::CACHE_CONTROL, CACHE_CONTROL))
}
