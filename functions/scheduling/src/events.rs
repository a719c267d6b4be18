//! Events of a team (S2).

use lambda_http::http::StatusCode;
use regex::{Regex, RegexBuilder};
use roster_domain::{Error, EventId, Place, Result, Violation, event::Event, text::nfc};
use roster_runtime::{
    Call, Reply,
    call::MAX_BODY,
    list::{self, Window},
};
use roster_store::booking::BookingRequest;

use crate::{
    repeated,
    wire::{
        event_in,
        event_out::{self, Rendering},
    },
};

/// Most bytes of a compiled `q`: a pattern cannot take more memory or time.
const MAX_PATTERN: usize = 256 * 1024;

/// `POST /v2/teams/{team_id}/events`.
pub async fn book(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let team = call.path_id("team_id")?;
    let body = event_in::read(&call.json(MAX_BODY)?)?;
    let tenant = call.tenant_named(body.organization.as_deref())?;
    let repeatable = call.repeatable()?;
    let app_url = call.app_url();
    let rendering = Rendering {
        app_url: &app_url,
        with_keys: true,
    };
    let request = BookingRequest {
        team,
        booking: &body.booking,
        repeatable: repeatable.as_ref(),
        reply_domain: &call.app.reply_domain,
        render: &|event| event_out::render(event, &rendering).to_string(),
    };
    Ok(repeated::reply(tenant.book(&request).await?))
}

/// `GET /v2/teams/{team_id}/events`.
pub async fn list(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&["limit", "cursor", "q", "filter"])?;
    let team = call.path_id("team_id")?;
    let window = Window::<EventId>::of(call, list::EVENTS)?;
    let pattern = call
        .query_parameter("q")?
        .map(|q| pattern(&q))
        .transpose()?;
    let filter = filter(call)?;
    let tenant = call.tenant()?;
    let now = call.store.now;
    let matches = |event: &Event| {
        let in_title = pattern
            .as_ref()
            .is_none_or(|pattern| pattern.is_match(event.title.as_str()));
        in_title
            && match filter {
                Filter::All => true,
                Filter::Confirmed => event.confirmed,
                Filter::Upcoming => event.is_upcoming(now),
            }
    };
    let matches = &matches;
    let fetch = |limit, after| async move { tenant.team_events(team, limit, after, matches).await };
    let app_url = call.app_url();
    let rendering = Rendering {
        app_url: &app_url,
        with_keys: false,
    };
    let render = |event: &Event| event_out::render(event, &rendering);
    let collected = list::collect(window, fetch, |event| event.id, render).await?;
    Ok(list::reply(call, list::EVENTS, collected))
}

#[derive(Debug, Clone, Copy)]
enum Filter {
    All,
    Confirmed,
    Upcoming,
}

fn filter(call: &Call<'_>) -> Result<Filter> {
    match call.query_parameter("filter")?.as_deref() {
        None => Ok(Filter::All),
        Some("confirmed") => Ok(Filter::Confirmed),
        Some("upcoming") => Ok(Filter::Upcoming),
        Some(_) => {
            let place = Place::query("filter");
            let violation = Violation::malformed(place, "must be confirmed or upcoming");
            Err(Error::Invalid(vec![violation]))
        }
    }
}

/// A regular expression without back-references, so that matching takes linear
/// time.
fn pattern(text: &str) -> Result<Regex> {
    // Titles are kept in NFC. People type small letters: a pattern that means
    // the case says so with (?-i).
    RegexBuilder::new(&nfc(text))
        .case_insensitive(true)
        .size_limit(MAX_PATTERN)
        .build()
        .map_err(|error| {
            let detail = format!("must be a regular expression: {error}");
            Error::Invalid(vec![Violation::malformed(Place::query("q"), detail)])
        })
}

/// `POST /v2/teams/{team_id}/events/{event_id}/reassign`.
pub async fn reassign(call: &Call<'_>) -> Result<Reply> {
    call.only_query(&[])?;
    let (team, event) = (call.path_id("team_id")?, call.path_id("event_id")?);
    call.no_fields()?;
    let event = call.tenant()?.reassign(team, event).await?;
    let app_url = call.app_url();
    let rendering = Rendering {
        app_url: &app_url,
        with_keys: true,
    };
    Ok(Reply::json(
        StatusCode::OK,
        &event_out::render(&event, &rendering),
    ))
}
