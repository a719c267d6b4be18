//! `/v2/teams/{team_id}/members`: one person at a time, without sending the lists.

use lambda_http::http::StatusCode;
use roster_domain::{Result, TeamId, UserId};
use roster_runtime::{Call, Reply, request::call::MAX_BODY};
use roster_store::teams::person::PersonEdit;

use crate::wire::{
    event_out::{self, Rendering},
    team_json,
};

/// `POST /v2/teams/{team_id}/members`.
pub async fn add(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let team = call.path_id("team_id")?;
    let user = team_json::read_member(&call.json(MAX_BODY)?)?;
    edit(call, team, user, PersonEdit::Join).await
}

/// `DELETE /v2/teams/{team_id}/members/{member_id}`: the answer also has the events that
/// the member leaves behind in the team.
pub async fn remove(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let (id, user) = (call.path_id("team_id")?, call.path_id("member_id")?);
    let tenant = call.tenant()?;
    let team = tenant.edit_person(id, user, PersonEdit::Leave).await?;
    // Read now: nothing more is booked with somebody who is gone.
    let mut left = tenant.events_to_reassign(user).await?;
    left.retain(|event| event.team == Some(id));
    let rendering = Rendering::listed(call);
    let left = left
        .iter()
        .map(|event| event_out::render(event, &rendering));
    let body = team_json::render_left(&team, left.collect());
    Ok(Reply::json(StatusCode::OK, &body))
}

/// `POST /v2/teams/{team_id}/members/{member_id}/admin`.
pub async fn make_admin(call: &Call<'_>) -> Result<Reply> {
    by_path(call, PersonEdit::MakeAdmin).await
}

/// `DELETE /v2/teams/{team_id}/members/{member_id}/admin`.
pub async fn end_admin(call: &Call<'_>) -> Result<Reply> {
    by_path(call, PersonEdit::EndAdmin).await
}

/// `POST /v2/teams/{team_id}/members/{member_id}/admin-only`.
pub async fn make_admin_only(call: &Call<'_>) -> Result<Reply> {
    by_path(call, PersonEdit::MakeAdminOnly).await
}

/// `DELETE /v2/teams/{team_id}/members/{member_id}/admin-only`.
pub async fn end_admin_only(call: &Call<'_>) -> Result<Reply> {
    by_path(call, PersonEdit::EndAdminOnly).await
}

async fn by_path(call: &Call<'_>, change: PersonEdit) -> Result<Reply> {
    call.only_query(&[])?;
    let (team, user) = (call.path_id("team_id")?, call.path_id("member_id")?);
    call.no_fields()?;
    edit(call, team, user, change).await
}

async fn edit(call: &Call<'_>, team: TeamId, user: UserId, change: PersonEdit) -> Result<Reply> {
    let team = call.tenant()?.edit_person(team, user, change).await?;
    Ok(Reply::json(StatusCode::OK, &team_json::render(&team)))
}
