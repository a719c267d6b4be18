//! `/v2/users/{user_id}/calendars`: a user's own calendars, in which they are busy.

use lambda_http::http::StatusCode;
use roster_domain::{CalendarId, Error, Result, UserId, calendars::Calendars};
use roster_runtime::{Call, Reply, request::call::MAX_BODY};
use roster_store::dynamodb::{capacity::try_join_all, table::Freshness};

use crate::wire::{calendars_json, team_json};

/// `GET /v2/users/{user_id}/calendars`.
pub async fn get(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id: UserId = call.path_id("user_id")?;
    let own = call.tenant()?.calendars(id, Freshness::Eventual).await?;
    Ok(shown(&own))
}

/// `PUT /v2/users/{user_id}/calendars`: puts others in place of those that there are.
pub async fn update(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let id: UserId = call.path_id("user_id")?;
    let asked = calendars_json::read(&call.json(MAX_BODY)?, call.app.targets)?;
    let expected = call.expected_version()?;
    let seal = asked.iter().map(async |one| match &one.address {
        Some(address) => address.seal(&call.app.sealer, id).await.map(Some),
        None => Ok(None),
    });
    let sealed: Vec<Option<String>> = try_join_all(seal).await?;
    let now = call.store.now;
    let tenant = call.tenant()?;
    let changed = tenant.change_calendars(id, |own| {
        Error::hold_version(expected, own.changes)?;
        let calendars = asked.iter().zip(&sealed);
        let calendars = calendars.map(|(one, sealed)| one.of(own, sealed.as_deref(), now));
        let calendars = calendars.collect::<Result<_>>()?;
        own.replace(calendars)
    });
    Ok(shown(&changed.await?))
}

/// `DELETE /v2/users/{user_id}/calendars/{calendar_id}`.
pub async fn delete(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let calendar: CalendarId = call.path_id("calendar_id")?;
    let id: UserId = call.path_id("user_id")?;
    let tenant = call.tenant()?;
    let expected = call.expected_version()?;
    let removed = tenant.change_calendars(id, |own| {
        Error::hold_version(expected, own.changes)?;
        own.remove(calendar)
    });
    removed.await?;
    Ok(Reply::json(StatusCode::OK, &team_json::render_deleted()))
}

fn shown(own: &Calendars) -> Reply {
    Reply::json(StatusCode::OK, &calendars_json::render(own)).with_version(own.changes)
}
