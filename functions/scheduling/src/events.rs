//! Events: booking them with a team (`/v2/teams`), reading and changing them.

pub mod change;
pub mod list;

use lambda_http::http::StatusCode;
use roster_domain::{Result, bookings::event::Event};
use roster_runtime::{Call, Reply, request::call::MAX_BODY};
use roster_store::{
    bookings::{book::BookingRequest, life::create::NewEvent},
    dynamodb::table::Freshness,
};

use crate::{
    fresh::freshen_team,
    repeated,
    wire::{
        event_in,
        event_out::{self, Rendering},
    },
};

/// `POST /v2/teams/{team_id}/events`.
pub async fn book(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let team = call.path_id("team_id")?;
    let body = event_in::read(&call.json(MAX_BODY)?)?;
    let tenant = call.tenant_named(body.organization)?;
    let repeatable = call.repeatable()?;
    let rendering = Rendering::booked(call, tenant.organization_id()?);
    freshen_team(call, &tenant, team).await?;
    let request = BookingRequest {
        team,
        booking: &body.booking,
        repeatable: repeatable.as_ref(),
        reply_domain: &call.app.reply_domain,
        render: &|event| event_out::render(event, &rendering).to_string(),
    };
    // The keys of its guests are in it.
    Ok(repeated::reply(tenant.book(&request).await?).with_secret())
}

/// `POST /v2/events`.
pub async fn create(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let body = event_in::read_new(&call.json(MAX_BODY)?)?;
    let tenant = call.tenant_named(body.event.organization)?;
    let repeatable = call.repeatable()?;
    let rendering = Rendering::booked(call, tenant.organization_id()?);
    let new = NewEvent {
        organizer: (body.organizer, body.organizer_email.as_ref()),
        booking: &body.event.booking,
        from_page: body.from_page,
        repeatable: repeatable.as_ref(),
        reply_domain: &call.app.reply_domain,
        render: &|event| event_out::render(event, &rendering).to_string(),
        actor: call.caller()?.actor(),
    };
    // The keys of its guests are in it.
    Ok(repeated::reply(tenant.create_event(&new).await?).with_secret())
}

/// `GET /v2/events/{event_id}`.
pub async fn get(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id = call.path_id("event_id")?;
    let event = call.tenant()?.event(id, Freshness::Eventual).await?;
    Ok(shown(call, &event))
}

/// An event as everybody in its organization may see it.
fn shown(call: &Call<'_>, event: &Event) -> Reply {
    let rendering = Rendering::listed(call);
    Reply::json(StatusCode::OK, &event_out::render(event, &rendering)).with_version(event.version)
}
