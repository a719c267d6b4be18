//! `/v2/users/{user_id}/time-off`, the same of teams and of organizations: when people are
//! away, and what becomes of their events then.

use lambda_http::http::StatusCode;
use roster_domain::{
    Conflict, Error, OrganizationId, Result, TimeOffId,
    bookings::{
        event::Event,
        time_off::{TimeOff, TimeOffChange},
    },
    whose::Whose,
};
use roster_runtime::{Call, Reply, request::call::MAX_BODY};
use roster_store::{Tenant, bookings::life::reassign::Reassignment};
use serde_json::Value;

use crate::wire::{
    event_out::{self, Rendering},
    team_json, time_off_json,
};

/// `GET …/time-off`.
pub async fn list(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let (tenant, whose) = whose(call)?;
    let list = tenant.time_off(whose).await?;
    let body = time_off_json::render_list(&list);
    Ok(Reply::json(StatusCode::OK, &body))
}

/// `POST …/time-off`: the answer has the events that fall into it.
pub async fn create(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let (tenant, whose) = whose(call)?;
    let new = time_off_json::read_new(&call.json(MAX_BODY)?, call.store.now)?;
    let change = TimeOffChange::Add(new);
    let created = tenant.change_time_off(whose, &change).await?;
    shown(call, StatusCode::CREATED, (tenant, whose), &created).await
}

/// `PUT …/time-off/{time_off_id}`: changes the fields that are present.
pub async fn update(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id = call.path_id("time_off_id")?;
    let (tenant, whose) = whose(call)?;
    let edit = time_off_json::read_edit(&call.json(MAX_BODY)?)?;
    let change = TimeOffChange::Edit(id, edit);
    let changed = tenant.change_time_off(whose, &change).await?;
    shown(call, StatusCode::OK, (tenant, whose), &changed).await
}

/// `DELETE …/time-off/{time_off_id}`.
pub async fn delete(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let change = TimeOffChange::Remove(call.path_id("time_off_id")?);
    let (tenant, whose) = whose(call)?;
    tenant.change_time_off(whose, &change).await?;
    Ok(Reply::json(StatusCode::OK, &team_json::render_deleted()))
}

/// `POST /v2/users/{user_id}/time-off/{time_off_id}/reassign`: gives what falls into it to
/// other members of the teams, each by the rules of its team.
pub async fn reassign(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    call.no_fields()?;
    let id: TimeOffId = call.path_id("time_off_id")?;
    let (tenant, whose) = whose(call)?;
    let list = tenant.time_off(whose).await?;
    let time_off = list.iter().find(|one| one.id == id);
    let time_off = time_off.ok_or(Error::NotFound("time off"))?;
    let (events, _) = tenant.events_in(whose, &time_off.when).await?;
    call.store.audit_each();
    let mut results = Vec::with_capacity(events.len());
    // One after another: each decision stands on the ledger that the one before left.
    for event in &events {
        let given = give_away(tenant, event).await;
        results.push(time_off_json::render_result(event.id, given.as_ref()));
    }
    let status = StatusCode::MULTI_STATUS;
    Ok(Reply::json(status, &Value::Array(results)))
}

async fn give_away(tenant: Tenant<'_>, event: &Event) -> Result<Event> {
    let Some(team) = event.team else {
        let detail = "the event was booked with no team; move it, or give it to another organizer";
        return Err(Conflict::new(detail).into());
    };
    let asked = Reassignment {
        team,
        event: event.id,
        to: None,
        date: None,
    };
    tenant.reassign(&asked).await
}

/// Whose time off, or calendars, a path is about.
///
/// # Errors
/// Where that is nobody's whom the call may reach.
pub fn whose<'a>(call: &'a Call<'_>) -> Result<(Tenant<'a>, Whose)> {
    let is_about = |name| !call.path_text(name).is_empty();
    if is_about("user_id") {
        return Ok((call.tenant()?, Whose::User(call.path_id("user_id")?)));
    }
    if is_about("team_id") {
        return Ok((call.tenant()?, Whose::Team(call.path_id("team_id")?)));
    }
    let id: OrganizationId = call.path_id("organization_id")?;
    let tenant = match call.tenant() {
        // An operator's key is for none in particular: the path says for which.
        Err(Error::Invalid(_)) => call.tenant_named(Some(id))?,
        tenant => tenant?,
    };
    if tenant.organization_id()? != id {
        return Err(Error::NotFound("organization"));
    }
    Ok((tenant, Whose::Organization(id)))
}

async fn shown(
    call: &Call<'_>,
    status: StatusCode,
    (tenant, whose): (Tenant<'_>, Whose),
    time_off: &TimeOff,
) -> Result<Reply> {
    // Read now: nothing more is booked in it.
    let (events, has_more) = tenant.events_in(whose, &time_off.when).await?;
    let rendering = Rendering::listed(call);
    let events = events.iter();
    let events = events.map(|event| event_out::render(event, &rendering));
    let body = time_off_json::render(time_off, events.collect(), has_more);
    Ok(Reply::json(status, &body))
}
