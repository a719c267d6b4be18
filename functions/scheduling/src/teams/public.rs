//! `GET /v2/teams/{team_id}/public` (`/v2/teams`): for anybody.

use lambda_http::http::StatusCode;
use roster_domain::{Error, Result};
use roster_runtime::{Call, Reply, answer::tag};

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
    let body = team_json::render_public(&team);
    let reply = Reply::json(StatusCode::OK, &body);
    Ok(tag::tagged(call, reply, CACHE_CONTROL))
}
