//! `/v2/slots/holds`: keeping a time for somebody who is about to book it.

use lambda_http::http::StatusCode;
use roster_domain::Result;
use roster_runtime::{Call, Reply, request::call::MAX_BODY};
use roster_store::bookings::holds::Held;

use crate::{
    fresh::{freshen_team, freshen_users},
    wire::{hold_json, team_json},
};

/// `POST /v2/slots/holds`.
pub async fn create(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let (organization, request) = hold_json::read(&call.json(MAX_BODY)?)?;
    let tenant = call.tenant_named(organization)?;
    match &request.whose {
        Held::MemberOf(team) => freshen_team(call, &tenant, *team).await?,
        Held::Users(users) => freshen_users(call, &tenant, users).await?,
    }
    let hold = tenant.hold(&request).await?;
    Ok(Reply::json(StatusCode::CREATED, &hold_json::render(&hold)))
}

/// `DELETE /v2/slots/holds/{hold_id}`.
pub async fn delete(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id = call.path_id("hold_id")?;
    call.tenant()?.release_hold(id).await?;
    Ok(Reply::json(StatusCode::OK, &team_json::render_deleted()))
}
