//! `/v2/teams/{team_id}/admin-preferences`: what a team's admins are mailed about.

use lambda_http::http::StatusCode;
use roster_domain::{Result, TeamId};
use roster_runtime::{Call, Reply, request::call::MAX_BODY};
use roster_store::teams::admin_preferences::TeamPreferences;

use crate::wire::preferences_json;

/// `GET /v2/teams/{team_id}/admin-preferences`.
pub async fn get(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let team: TeamId = call.path_id("team_id")?;
    let found = call.tenant()?.admin_preferences(team).await?;
    Ok(shown(StatusCode::OK, team, &found))
}

/// `POST /v2/teams/{team_id}/admin-preferences`: what is absent stays as it is.
pub async fn create(call: &Call<'_>) -> Result<Reply> {
    set(call, StatusCode::CREATED).await
}

/// `PUT /v2/teams/{team_id}/admin-preferences`: what is absent stays as it is.
pub async fn update(call: &Call<'_>) -> Result<Reply> {
    set(call, StatusCode::OK).await
}

async fn set(call: &Call<'_>, status: StatusCode) -> Result<Reply> {
    call.only_query(&[])?;
    let team: TeamId = call.path_id("team_id")?;
    let topics = preferences_json::read_admin(&call.json(MAX_BODY)?)?;
    let expected = call.expected_version()?;
    let tenant = call.tenant()?;
    let set = tenant
        .set_admin_preferences(team, &topics, expected)
        .await?;
    Ok(shown(status, team, &set))
}

fn shown(status: StatusCode, team: TeamId, found: &TeamPreferences) -> Reply {
    let body = preferences_json::render_admin(team, found.preferences.as_ref());
    Reply::json(status, &body).with_version(found.version)
}
