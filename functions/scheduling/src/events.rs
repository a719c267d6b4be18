//! Events of a team (`/v2/teams`).

use std::sync::Mutex;

use lambda_http::http::StatusCode;
use regex::{Regex, RegexBuilder};
use roster_domain::{
    Error, EventId, Location, Result, Violation,
    bookings::event::Event,
    text::{Title, nfc},
};
use roster_runtime::{
    Call, Reply,
    answer::list::{self, Window},
    request::call::MAX_BODY,
};
use roster_store::{
    Page,
    bookings::{
        book::BookingRequest,
        list::{EventQuery, Only},
    },
};

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
    let tenant = call.tenant_named(body.organization)?;
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
    // The keys of its guests are in it.
    Ok(repeated::reply(tenant.book(&request).await?).with_secret())
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
    let in_title = |title: &Title| {
        pattern
            .as_ref()
            .is_none_or(|pattern| pattern.is_match(title.as_str()))
    };
    let query = EventQuery {
        only: only(call)?,
        title: pattern.is_some().then_some(&in_title),
    };
    let tenant = call.tenant()?;
    let members = tenant.members_of(team).await?;
    // Where the list goes on though the page is not full.
    let stopped = Mutex::new(None);
    let (query, members, stopped_at) = (&query, &members, &stopped);
    let fetch = |limit, after| async move {
        if stopped_at.lock().is_ok_and(|at| at.is_some()) {
            return Ok(Page {
                items: Vec::new(),
                next: None,
            });
        }
        let listed = tenant.events_of(members, query, limit, after).await?;
        if listed.stopped
            && let Ok(mut at) = stopped_at.lock()
        {
            *at = listed.page.next;
        }
        Ok(listed.page)
    };
    let app_url = call.app_url();
    let rendering = Rendering {
        app_url: &app_url,
        with_keys: false,
    };
    let render = |event: &Event| event_out::render(event, &rendering);
    let mut collected =
        list::collect(call, list::EVENTS, window, fetch, |event| event.id, render).await?;
    if collected.next.is_none() {
        collected.next = stopped.into_inner().unwrap_or_default();
    }
    Ok(list::reply(call, list::EVENTS, collected))
}

fn only(call: &Call<'_>) -> Result<Only> {
    match call.query_parameter("filter")?.as_deref() {
        None => Ok(Only::Any),
        Some("confirmed") => Ok(Only::Confirmed),
        Some("upcoming") => Ok(Only::Upcoming),
        Some(_) => {
            let location = Location::query("filter");
            let violation = Violation::malformed(location, "must be confirmed or upcoming");
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
            Error::Invalid(vec![Violation::malformed(Location::query("q"), detail)])
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
    Ok(Reply::json(StatusCode::OK, &event_out::render(&event, &rendering)).with_secret())
}
