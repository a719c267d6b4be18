//! What is done to an event after it was made.

use lambda_http::http::StatusCode;
use roster_domain::{Error, EventId, Result, bookings::event::Event};
use roster_runtime::{Call, Reply, request::call::MAX_BODY};
use roster_store::bookings::life::{By, change::EventChange, reassign::Reassignment};

use super::shown;
use crate::wire::{
    event_change_in, event_kept,
    event_out::{self, Rendering},
};

async fn change(call: &Call<'_>, id: EventId, change: EventChange<'_>) -> Result<Event> {
    let (tenant, actor) = (call.tenant()?, call.caller()?.actor());
    tenant.change_event(id, change, By::Caller(&actor)).await
}

/// `POST /v2/events/{event_id}/confirm`.
pub async fn confirm(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&["d", "p"])?;
    let id = call.path_id("event_id")?;
    call.no_fields()?;
    let confirm = EventChange::Confirm {
        date: call.query_value("d")?,
        place: call.query_value("p")?,
    };
    Ok(shown(call, &change(call, id, confirm).await?))
}

/// `POST /v2/events/{event_id}/cancel`.
pub async fn cancel(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id = call.path_id("event_id")?;
    call.no_fields()?;
    change(call, id, EventChange::Cancel).await?;
    Ok(done())
}

/// `POST /v2/events/{event_id}/decline`.
pub async fn decline(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id = call.path_id("event_id")?;
    let invitee = event_change_in::read_decline(&call.json(MAX_BODY)?)?;
    let decline = EventChange::Decline { invitee };
    Ok(shown(call, &change(call, id, decline).await?))
}

/// `POST /v2/events/{event_id}/no-show`.
pub async fn no_show(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id = call.path_id("event_id")?;
    call.no_fields()?;
    Ok(shown(call, &change(call, id, EventChange::NoShow).await?))
}

/// `PUT /v2/events/{event_id}`.
pub async fn update(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id = call.path_id("event_id")?;
    let body = call.json(MAX_BODY)?;
    let update = event_change_in::read_update(&body)?;
    let expected = call.expected_version()?;
    let rendering = Rendering::listed(call);
    let check = |event: &Event| {
        Error::hold_version(expected, event.version)?;
        event_kept::unchanged(&body, &event_out::render(event, &rendering))
    };
    let update = EventChange::Update(&update, &check);
    Ok(shown(call, &change(call, id, update).await?))
}

/// `POST /v2/events/{event_id}/invitees`.
pub async fn invite(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id = call.path_id("event_id")?;
    let guests = event_change_in::read_guests(&call.json(MAX_BODY)?)?;
    let event = change(call, id, EventChange::Invite(&guests)).await?;
    let organization = call.tenant()?.organization_id()?;
    let named: Vec<_> = guests.iter().map(|guest| guest.email.folded()).collect();
    let invitees = event_out::render_invitees(&event, &named, organization);
    // The keys of those who are named are in it.
    Ok(Reply::json(StatusCode::OK, &invitees).with_secret())
}

/// `DELETE /v2/events/{event_id}/invitees/{invitee_id}`.
pub async fn remove_invitee(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let (id, invitee) = (call.path_id("event_id")?, call.path_id("invitee_id")?);
    change(call, id, EventChange::Remove { invitee }).await?;
    Ok(done())
}

/// `POST /v2/events/{event_id}/admin`.
pub async fn hand_to(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id = call.path_id("event_id")?;
    let (user, keep_as_invitee) = event_change_in::read_organizer(&call.json(MAX_BODY)?)?;
    let hand_to = EventChange::HandTo {
        user,
        keep_as_invitee,
    };
    change(call, id, hand_to).await?;
    Ok(done())
}

/// `POST /v2/events/{event_id}/reschedule`.
pub async fn reschedule(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id = call.path_id("event_id")?;
    let (date, reassigns) = event_change_in::read_reschedule(&call.json(MAX_BODY)?)?;
    let (tenant, actor) = (call.tenant()?, call.caller()?.actor());
    let by = By::Caller(&actor);
    let event = tenant.reschedule(id, &date, reassigns, by).await?;
    Ok(shown(call, &event))
}

/// `POST /v2/teams/{team_id}/events/{event_id}/reassign`.
pub async fn reassign(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let (team, event) = (call.path_id("team_id")?, call.path_id("event_id")?);
    let body = call.json_if_any(MAX_BODY)?;
    let asked = Reassignment {
        team,
        event,
        to: event_change_in::read_reassignment(&body)?,
        date: None,
    };
    let tenant = call.tenant()?;
    let event = tenant.reassign(&asked).await?;
    let rendering = Rendering::booked(call, tenant.organization_id()?);
    // The new member's key is in it.
    Ok(Reply::json(StatusCode::OK, &event_out::render(&event, &rendering)).with_secret())
}

/// What clients of the original API look for where nothing is to be told.
fn done() -> Reply {
    Reply::text(StatusCode::OK, "text/plain", "OK".to_owned())
}
