//! `/v2/teams/{team_id}/assignments`: how a team's bookings are assigned.

use lambda_http::http::StatusCode;
use roster_domain::{Error, Result, bookings::assignment::Ledger};
use roster_runtime::{Call, Reply, request::call::MAX_BODY, wire};
use roster_store::bookings::{
    book::BookingRequest,
    ledger::{DecisionRecord, credit::CreditRequest},
};

use crate::{
    fresh::freshen_team,
    repeated,
    wire::{
        credit_in,
        decision_out::{AssignmentsAnswer, PreviewAnswer},
        event_in,
    },
};

/// `GET /v2/teams/{team_id}/assignments`: the ledger, and the last decisions, newest
/// first. A balance is in units of which a booking has `booking`.
pub async fn list(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let team = call.path_id("team_id")?;
    let (ledger, decisions) = call.tenant()?.assignments(team).await?;
    let body = AssignmentsAnswer::of(&ledger, &decisions);
    Ok(Reply::json(StatusCode::OK, &wire::value(body)))
}

/// `POST /v2/teams/{team_id}/assignments/preview`.
pub async fn preview(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let team = call.path_id("team_id")?;
    let body = event_in::read(&call.json(MAX_BODY)?)?;
    let request = BookingRequest {
        team,
        booking: &body.booking,
        repeatable: None,
        reply_domain: &call.app.reply_domain,
        render: &|_| String::new(),
    };
    let tenant = call.tenant_named(body.organization)?;
    freshen_team(call, &tenant, team).await?;
    let event = tenant.preview(&request).await?;
    let answer = PreviewAnswer::of(&event);
    let answer = answer.ok_or_else(|| Error::internal("a booking has no decision"))?;
    Ok(Reply::json(StatusCode::OK, &wire::value(answer)))
}

/// `POST /v2/teams/{team_id}/assignments/credit`.
pub async fn credit(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let team = call.path_id("team_id")?;
    let (user, units, reason) = credit_in::read(&call.json(MAX_BODY)?)?;
    let repeatable = call.repeatable()?;
    let render = |ledger: &Ledger, record: &DecisionRecord| {
        let records = std::slice::from_ref(record);
        wire::value(AssignmentsAnswer::of(ledger, records)).to_string()
    };
    let request = CreditRequest {
        team,
        user,
        units,
        reason: &reason,
        repeatable: repeatable.as_ref(),
        render: &render,
    };
    Ok(repeated::reply(call.tenant()?.credit(&request).await?))
}
