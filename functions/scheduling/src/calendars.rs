//! `/v2/users/{user_id}/calendars`: a user's own calendars, in which they are busy. And the same
//! of teams and of organizations, in whose calendars whole days are holidays.

use lambda_http::http::StatusCode;
use roster_domain::{CalendarId, Error, Result, calendars::Calendars};
use roster_runtime::{Call, Reply, request::call::MAX_BODY};
use roster_store::dynamodb::{capacity::try_join_all, table::Freshness};

use crate::{
    time_off::whose,
    wire::{calendars_json, team_json},
};

/// `GET …/calendars`.
pub async fn get(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let (tenant, whose) = whose(call)?;
    let own = tenant.calendars(whose, Freshness::Eventual).await?;
    Ok(shown(&own))
}

/// `PUT …/calendars`: puts others in place of those that there are.
pub async fn update(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let (tenant, whose) = whose(call)?;
    let asked = calendars_json::read(&call.json(MAX_BODY)?, whose, call.app.targets)?;
    let expected = call.expected_version()?;
    let seal = asked.iter().map(async |one| match &one.address {
        Some(address) => address.seal(&call.app.sealer, whose).await.map(Some),
        None => Ok(None),
    });
    let sealed: Vec<Option<String>> = try_join_all(seal).await?;
    let now = call.store.now;
    let changed = tenant.change_calendars(whose, |own| {
        Error::hold_version(expected, own.changes)?;
        let calendars = asked.iter().zip(&sealed);
        let calendars = calendars.map(|(one, sealed)| one.of(own, sealed.as_deref(), now));
        let calendars = calendars.collect::<Result<_>>()?;
        own.replace(calendars)
    });
    Ok(shown(&changed.await?))
}

/// `DELETE …/calendars/{calendar_id}`.
pub async fn delete(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let calendar: CalendarId = call.path_id("calendar_id")?;
    let (tenant, whose) = whose(call)?;
    let expected = call.expected_version()?;
    let removed = tenant.change_calendars(whose, |own| {
        Error::hold_version(expected, own.changes)?;
        own.remove(calendar)
    });
    removed.await?;
    Ok(Reply::json(StatusCode::OK, &team_json::render_deleted()))
}

fn shown(own: &Calendars) -> Reply {
    Reply::json(StatusCode::OK, &calendars_json::render(own)).with_version(own.changes)
}
