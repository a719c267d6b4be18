//! Feeds of calendars: `…/calendar.ics` and `…/freebusy.ics` of a user and of a team. A
//! calendar program asks for them by an address with a secret in it, as no program sends
//! an API key; `…/feed` makes that address, and takes it away.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use lambda_http::http::StatusCode;
use roster_calendar::{feed::feed, freebusy::freebusy};
use roster_domain::{
    Error, OrganizationId, Patch, Result, TeamId, UserId,
    access::{feed::Feed, link_key::LinkKey},
    bookings::{
        agenda::TimeSpan,
        event::Event,
        slots::{Wanted, busy},
    },
    users::change::UserChange,
};
use roster_runtime::{Call, Reply, answer::tag};
use roster_store::{
    Tenant,
    bookings::schedules::Whose,
    users::{intent::Intent, write::Numbering},
};

use crate::{
    query::MAX_PEOPLE,
    users::write_context,
    wire::{feed_json, team_json},
};

/// The media type of a calendar (RFC 5545, 8.1).
const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";
/// A program may keep a feed, and must ask whether it is still the same.
const CACHE_CONTROL: &str = "private, max-age=0, must-revalidate";
/// The parameter that has the secret.
const KEY: &str = "k";
/// How far ahead it is told when somebody is busy.
const AHEAD: SignedDuration = SignedDuration::from_hours(62 * 24);

/// The secret of a feed's address, and whose items it is about.
///
/// # Errors
/// [`Error::NotFound`] for whatever opens no feed: nobody is told why.
fn key(call: &Call<'_>) -> Result<LinkKey> {
    // What else a program adds to the address, against caches, is its own affair.
    let key = call.query_parameter(KEY);
    let key = key.map_err(|_| Error::NotFound("feed"))?;
    let key = key.unwrap_or_default();
    key.parse().map_err(|_| Error::NotFound("feed"))
}

/// The id in the path.
fn named<Id: std::str::FromStr<Err = roster_domain::error::Unacceptable>>(
    call: &Call<'_>,
    name: &'static str,
) -> Result<Id> {
    call.path_id(name).map_err(|_| Error::NotFound("feed"))
}

fn reply(call: &Call<'_>, calendar: String) -> Reply {
    let reply = Reply::text(StatusCode::OK, MEDIA_TYPE, calendar);
    tag::tagged(call, reply, CACHE_CONTROL)
}

fn events(call: &Call<'_>, name: &str, mut events: Vec<Event>) -> Reply {
    // In an order that says nothing, and stays.
    events.sort_unstable_by_key(|event| event.id);
    reply(call, feed(name, &events))
}

/// `GET /v2/users/{user_id}/calendar.ics`: what a user takes part in.
pub async fn user_calendar(call: &Call<'_>) -> Result<Reply> {
    let key = key(call)?;
    let tenant = call.store.tenant(key.organization);
    let user = tenant
        .user_of_feed(named(call, "user_id")?, &key.key)
        .await?;
    let found = tenant.calendar_of_user(user.id).await?;
    Ok(events(call, &user.profile.full_name(), found))
}

/// `GET /v2/teams/{team_id}/calendar.ics`: what is booked with a team.
pub async fn team_calendar(call: &Call<'_>) -> Result<Reply> {
    let key = key(call)?;
    let tenant = call.store.tenant(key.organization);
    let team: TeamId = named(call, "team_id")?;
    let name = tenant.team_of_feed(team, &key.key).await?;
    let found = tenant.calendar_of_team(team).await?;
    Ok(events(call, name.as_str(), found))
}

/// `GET /v2/users/{user_id}/freebusy.ics`: when a user is busy.
pub async fn user_freebusy(call: &Call<'_>) -> Result<Reply> {
    let key = key(call)?;
    let tenant = call.store.tenant(key.organization);
    let user = tenant
        .user_of_feed(named(call, "user_id")?, &key.key)
        .await?;
    let whose = Whose::Users(vec![user.id]);
    let uid = format!("{}@{}", user.id, key.organization);
    free(call, &tenant, &whose, Wanted::All, &uid).await
}

/// `GET /v2/teams/{team_id}/freebusy.ics`: when all members of a team are busy.
pub async fn team_freebusy(call: &Call<'_>) -> Result<Reply> {
    let key = key(call)?;
    let tenant = call.store.tenant(key.organization);
    let team: TeamId = named(call, "team_id")?;
    tenant.team_of_feed(team, &key.key).await?;
    let uid = format!("{team}@{}", key.organization);
    free(call, &tenant, &Whose::Team(team), Wanted::One, &uid).await
}

async fn free(
    call: &Call<'_>,
    tenant: &Tenant<'_>,
    whose: &Whose,
    wanted: Wanted,
    uid: &str,
) -> Result<Reply> {
    let now = call.store.now;
    let within = from_today(now);
    let schedules = tenant.schedules(whose, &within, MAX_PEOPLE, false).await?;
    let spans = busy(&schedules.people(), wanted, &within, now);
    // As of the day, so that it is the same as long as nothing changes.
    Ok(reply(call, freebusy(uid, &within, &spans, within.start)))
}

/// From the start of the day, in UTC.
fn from_today(now: Timestamp) -> TimeSpan {
    let day = now.to_zoned(TimeZone::UTC).date();
    let start = day
        .to_zoned(TimeZone::UTC)
        .map_or(now, |start| start.timestamp());
    TimeSpan {
        start,
        end: start + AHEAD,
    }
}

/// `POST /v2/users/{user_id}/feed`: a new address, in place of the one that there is.
pub async fn create_of_user(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    call.no_fields()?;
    let id: UserId = call.path_id("user_id")?;
    let (feed, secret) = Feed::new(call.store.now);
    set_of_user(call, id, Patch::Set(feed.clone())).await?;
    let organization = call.tenant()?.organization_id()?;
    Ok(made(
        call,
        &format!("users/{id}"),
        organization,
        secret,
        &feed,
    ))
}

/// `DELETE /v2/users/{user_id}/feed`: the address opens nothing any more.
pub async fn delete_of_user(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    set_of_user(call, call.path_id("user_id")?, Patch::Clear).await?;
    Ok(Reply::json(StatusCode::OK, &team_json::render_deleted()))
}

async fn set_of_user(call: &Call<'_>, id: UserId, feed: Patch<Feed>) -> Result<()> {
    let change = UserChange {
        feed,
        ..UserChange::default()
    };
    let intent = Intent::Update(Some(id));
    let context = write_context(call);
    let tenant = call.tenant()?;
    let written = tenant.write_user(&change, intent, &context, Numbering::AtOnce);
    written.await.map(|_| ())
}

/// `POST /v2/teams/{team_id}/feed`: a new address, in place of the one that there is.
pub async fn create_of_team(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    call.no_fields()?;
    let id: TeamId = call.path_id("team_id")?;
    let (feed, secret) = Feed::new(call.store.now);
    let tenant = call.tenant()?;
    tenant.set_team_feed(id, Some(&feed)).await?;
    let organization = tenant.organization_id()?;
    Ok(made(
        call,
        &format!("teams/{id}"),
        organization,
        secret,
        &feed,
    ))
}

/// `DELETE /v2/teams/{team_id}/feed`: the address opens nothing any more.
pub async fn delete_of_team(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let tenant = call.tenant()?;
    tenant.set_team_feed(call.path_id("team_id")?, None).await?;
    Ok(Reply::json(StatusCode::OK, &team_json::render_deleted()))
}

/// The answer that shows the addresses, this once.
fn made(
    call: &Call<'_>,
    whose: &str,
    organization: OrganizationId,
    secret: String,
    feed: &Feed,
) -> Reply {
    let key = LinkKey {
        organization,
        key: secret,
    };
    let base = format!("{}/v2/{whose}", call.base_url());
    let body = feed_json::render(&base, &format!("{KEY}={key}"), feed);
    Reply::json(StatusCode::CREATED, &body).with_secret()
}
