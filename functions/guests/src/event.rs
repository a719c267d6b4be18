//! `/e/{event_id}?k=…`: somebody who takes part sees an event, and says what they think.
//!
//! A browser is at the other end, so every answer is a page, errors too.

pub mod action;
pub mod entered;
pub mod page;
mod problem;
mod texts;

use lambda_http::http::{StatusCode, header};
use roster_domain::{
    Error, EventId, Location, Result, Violation,
    access::link_key::LinkKey,
    bookings::event::{GuestAct, GuestAction},
    users::language::Language,
};
use roster_pages::{asked_language, reply, see_other};
use roster_runtime::{Call, Reply, request::call::MAX_BODY};
use roster_store::bookings::life::{By, GuestAccess, change::EventChange, guest::GuestEvent};

use self::{
    entered::{Asked, Wrong},
    page::Shown,
    problem::Problem,
};

/// What a link names.
struct Link {
    event: EventId,
    key: LinkKey,
}

/// `GET /e/{event_id}`: the page. Looking at it changes nothing, so a mail scanner that
/// follows the link does no harm.
pub async fn show(call: &Call<'_>) -> Result<Reply> {
    let found = match find(call).await {
        Ok((_, found)) => found,
        Err(error) => return dead_link(call, error),
    };
    let done = call.query_parameter(DONE)?;
    let done = done.as_deref();
    Ok(render(call, StatusCode::OK, &found, |shown| {
        shown.done = done.and_then(action::named);
        shown.is_booked_now = done == Some(BOOKED);
    }))
}

/// `POST /e/{event_id}`: does something, and shows the page anew.
pub async fn change(call: &Call<'_>) -> Result<Reply> {
    let (link, found) = match find(call).await {
        Ok(found) => found,
        Err(error) => return dead_link(call, error),
    };
    let fields = call.form(MAX_BODY)?;
    let now = call.store.now;
    let can = found.event.guest_actions(&found.who, &found.settings, now);
    let zone = page::zone(&found.event, &found.who);
    let (action, asked) = match Asked::read(&fields, &found.event, &zone, now) {
        Ok(asked) => asked,
        Err(Wrong::Problem(action, problem)) => {
            // What cannot be done any more is not to be entered better.
            let (status, problem) = if can.contains(&action) {
                (StatusCode::UNPROCESSABLE_ENTITY, problem)
            } else {
                (StatusCode::CONFLICT, Problem::Changed)
            };
            return Ok(render(call, status, &found, |shown| {
                shown.problem = Some(problem);
                shown.entered = Some(&fields);
            }));
        }
        Err(Wrong::NoForm) => {
            let detail = "is not what the page sends";
            return Err(Error::Invalid(vec![Violation::malformed(
                Location::body(""),
                detail,
            )]));
        }
    };
    match act(call, &link, &found, &asked).await {
        Ok(()) => Ok(shown_anew(call, &link.key, action)),
        Err(Error::Conflict(conflict)) => {
            let is_busy = !conflict.considered.is_empty();
            let found = match find(call).await {
                Ok((_, found)) => found,
                Err(error) => return dead_link(call, error),
            };
            let problem = match (is_busy, &asked) {
                (true, Asked::Reschedule(_)) => Problem::NotFree,
                (true, _) => Problem::Busy,
                (false, _) => Problem::Changed,
            };
            Ok(render(call, StatusCode::CONFLICT, &found, |shown| {
                shown.problem = Some(problem);
                shown.entered = Some(&fields);
            }))
        }
        Err(error) => dead_link(call, error),
    }
}

async fn act(call: &Call<'_>, link: &Link, found: &GuestEvent, asked: &Asked) -> Result<()> {
    let tenant = call.store.tenant(link.key.organization);
    let access = GuestAccess {
        key: &link.key.key,
        settings: &found.settings,
    };
    let by = By::Guest(&access);
    let act = match asked {
        Asked::Reschedule(date) => {
            let moved = tenant.reschedule(link.event, date, false, by).await;
            return moved.map(|_| ());
        }
        Asked::Vote(choices) => GuestAct::Vote(choices),
        Asked::Accept => GuestAct::Accept,
        Asked::Decline => GuestAct::Decline,
        Asked::Write(message) => GuestAct::Write(message),
        Asked::Suggest(date) => GuestAct::Suggest {
            span: date.span(&found.event)?,
            all_day: date.date.all_day,
        },
        Asked::Cancel => GuestAct::Cancel,
        Asked::ChooseZone(zone) => GuestAct::ChooseZone(zone),
    };
    let change = EventChange::Act(&act);
    let changed = tenant.change_event(link.event, change, by).await;
    changed.map(|_| ())
}

/// The parameter of a link that has the key, and the one that says what was done.
const KEY: &str = "k";
const DONE: &str = "done";
/// That the event was booked just before, on a booking page.
const BOOKED: &str = "booked";

/// The event of a link. A link that names nothing is as dead as any other.
async fn find(call: &Call<'_>) -> Result<(Link, GuestEvent)> {
    let dead = |_| Error::NotFound("event");
    let key = call.query_parameter(KEY).map_err(dead)?;
    let key: LinkKey = key
        .unwrap_or_default()
        .parse()
        .map_err(|_| Error::NotFound("event"))?;
    let link = Link {
        event: call.path_id("event_id").map_err(dead)?,
        key,
    };
    let tenant = call.store.tenant(link.key.organization);
    let found = tenant.guest_event(link.event, &link.key.key).await?;
    Ok((link, found))
}

/// Where the event that was just booked is seen, beside the pages.
pub(crate) fn address_once_booked(event: EventId, key: &LinkKey) -> String {
    format!("e/{event}?{KEY}={key}&{DONE}={BOOKED}")
}

/// Sends the browser to the page.
fn shown_anew(call: &Call<'_>, key: &LinkKey, done: GuestAction) -> Reply {
    let done = action::name(done);
    let location = format!("?{KEY}={key}&{DONE}={done}");
    let language = asked_language(call).unwrap_or(Language::DEFAULT);
    see_other(language, &location)
}

fn dead_link(call: &Call<'_>, error: Error) -> Result<Reply> {
    roster_pages::dead_link(call, error, page::dead_link)
}

fn render<'a>(
    call: &Call<'_>,
    status: StatusCode,
    found: &'a GuestEvent,
    more: impl FnOnce(&mut Shown<'a>),
) -> Reply {
    let who = &found.who;
    // A user has chosen a language; of a guest the browser knows best.
    let language = who.locale.or_else(|| asked_language(call));
    let language = language.unwrap_or(found.event.lang);
    let mut shown = Shown {
        event: &found.event,
        who,
        organization: found.organization.name.as_str(),
        settings: &found.settings,
        language,
        now: call.store.now,
        done: None,
        is_booked_now: false,
        problem: None,
        entered: None,
    };
    more(&mut shown);
    let page = reply(status, language, page::render(&shown));
    page.with_header(header::VARY, "Accept-Language")
}
