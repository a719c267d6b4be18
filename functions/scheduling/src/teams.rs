//! `/v2/teams`.

pub mod admin_preferences;
pub mod assignments;
pub mod batch;
pub mod members;
pub mod public;

use lambda_http::http::StatusCode;
use roster_domain::{Result, TeamId, team::Team, text::ExternalId};
use roster_runtime::{
    Call, Reply,
    answer::list::{self, Window},
    request::call::MAX_BODY,
};
use roster_store::{Page, idempotency::Answer};

use crate::{repeated, wire::team_json};

/// `GET /v2/teams`: all teams, or the one that `extid` selects.
pub async fn list(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&["limit", "cursor", "extid"])?;
    let window = Window::<TeamId>::of(call, list::TEAMS)?;
    let extid: Option<ExternalId> = call.query_value("extid")?;
    let (tenant, extid) = (call.tenant()?, extid.as_ref());
    let fetch = |limit, after| async move {
        let Some(extid) = extid else {
            return tenant.teams(limit, after).await;
        };
        let found = tenant.team_by_extid(extid).await?;
        let is_behind = |team: &Team| after.is_none_or(|after| team.id > after);
        Ok(Page {
            items: found.into_iter().filter(is_behind).collect(),
            next: None,
        })
    };
    let collected = list::collect(
        call,
        list::TEAMS,
        window,
        fetch,
        |team| team.id,
        team_json::render,
    )
    .await?;
    Ok(list::reply(call, list::TEAMS, collected))
}

/// `GET /v2/teams/{team_id}`.
pub async fn get(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let team = call.tenant()?.team(call.path_id("team_id")?).await?;
    Ok(shown(&team))
}

/// A team, with its version.
fn shown(team: &Team) -> Reply {
    Reply::json(StatusCode::OK, &team_json::render(team)).with_version(team.version)
}

/// `POST /v2/teams`.
pub async fn create(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let body = team_json::read_new(&call.json(MAX_BODY)?)?;
    let tenant = call.tenant_named(body.organization)?;
    let repeatable = call.repeatable()?;
    let render = |team: &_| Answer::created(team_json::render(team).to_string());
    let answered = tenant
        .create_team(&body.change, repeatable.as_ref(), &render)
        .await?;
    Ok(repeated::reply(answered))
}

/// `PUT /v2/teams/{team_id}`: changes the fields that are present.
pub async fn update(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id = call.path_id("team_id")?;
    let mut body = team_json::read_update(&call.json(MAX_BODY)?, id)?;
    body.change.expected = call.expected_version()?;
    let tenant = call.tenant_named(body.organization)?;
    let team = tenant.update_team(id, &body.change).await?;
    Ok(shown(&team))
}

/// `DELETE /v2/teams/{team_id}`.
pub async fn delete(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    call.tenant()?.delete_team(call.path_id("team_id")?).await?;
    Ok(Reply::json(StatusCode::OK, &team_json::render_deleted()))
}
