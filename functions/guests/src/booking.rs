//! Booking pages: `/{nickname}`, `/{nickname}/{minutes}` and `/team/{team_id}`. A guest sees
//! the times that are free, chooses, says who they are, and books.
//!
//! The pages are clients of the API: they ask for the times, hold one and book as `/v2` does,
//! in the same process, and read nothing else but whose page it is. Looking changes nothing.
//! A browser is at the other end, so every answer is a page, errors too.

mod book;
pub mod form;
mod page;
mod problem;
pub mod query;
mod render;
mod texts;

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use lambda_http::http::StatusCode;
use roster_domain::{
    Error, Location, Result, Violation,
    access::secret,
    bookings::hold::{DEFAULT_MINUTES, Hold},
    users::language::Language,
    zone::ZoneName,
};
use roster_runtime::{Call, Reply, request::call::MAX_BODY};
use roster_scheduling::slots::{MAX_DAYS, MAX_SLOTS, Offer, Offered, offered};
use roster_store::bookings::holds::HoldRequest;

use crate::event::address_once_booked;

use self::{
    book::{Seen, When, book},
    form::{Entered, TOKEN, TRAP},
    page::{Choice, Owner, Page, language},
    problem::Problem,
    query::{Asked, CHANGE, DATE, DATES, HOLD, MAX_DATES, PROBLEM, joined},
    render::{Chosen, Shown, Times},
};

/// The name of the buttons.
pub const ACTION: &str = "action";
/// The button of a time.
pub const START: &str = "start";
/// Before a time that is chosen among others.
pub const TIME: &str = "time-";
/// Chooses a time, or some.
pub const CHOOSE: &str = "choose";
/// Keeps what is chosen and shows the days behind.
pub const MORE: &str = "more";
/// Gives up what was chosen.
pub const BACK: &str = "back";
/// Books.
pub const BOOK: &str = "book";

/// How many days are shown at once.
const DAYS: i64 = 14;
/// Most times that are shown at once, so that a page stays small.
const MOST_TIMES: usize = 300;
/// Nobody fills in a form faster.
const FASTEST: SignedDuration = SignedDuration::from_secs(2);

/// `GET` of a page: the times, or the form for what was chosen.
pub async fn show(call: &Call<'_>) -> Result<Reply> {
    let page = match Page::find(call).await {
        Ok(page) => page,
        Err(error) => return no_page(call, error),
    };
    let asked = Asked::read(call, &page);
    let language = language(call, &page);
    if asked.changes_zone {
        let zone = asked.zone.clone().unwrap_or_else(ZoneName::utc);
        return Ok(render::zones(&page, &asked, language, &zone));
    }
    match chosen(call, &page, &asked).await? {
        Some(chosen) => {
            let shown = Shown {
                page: &page,
                asked: &asked,
                language,
                problems: &[],
                entered: None,
                token: &token(&chosen),
            };
            Ok(render::form(&shown, &chosen, StatusCode::OK))
        }
        None => times(call, &page, &asked, language).await,
    }
}

/// `POST` of a page: chooses a time or books it.
pub async fn change(call: &Call<'_>) -> Result<Reply> {
    let page = match Page::find(call).await {
        Ok(page) => page,
        Err(error) => return no_page(call, error),
    };
    let asked = Asked::read(call, &page);
    let fields = call.form(MAX_BODY)?;
    let action = fields.get(ACTION).map_or("", String::as_str);
    if ![CHOOSE, MORE, BACK, BOOK].contains(&action) {
        let detail = "is not what the page sends";
        let wrong = Violation::malformed(Location::body(""), detail);
        return Err(Error::Invalid(vec![wrong]));
    }
    let address = call.source_address();
    if !call.store.count_guest(&page.subject(), address).await? {
        return Ok(back_with(&asked, Problem::TooOften));
    }
    match action {
        BACK => give_up(call, &page, &asked).await,
        BOOK => send(call, &page, &asked, &fields).await,
        _ => choose(call, &page, &asked, &fields, action == MORE).await,
    }
}

/// The page with the times.
async fn times(call: &Call<'_>, page: &Page, asked: &Asked, language: Language) -> Result<Reply> {
    let today = today(call.store.now);
    let from = asked.date.unwrap_or(today).max(today);
    let to = from.saturating_add((DAYS - 1).days());
    let offered = offer(call, page, asked.zone.clone(), (from, to), MOST_TIMES).await?;
    Ok(render::times(&Times {
        page,
        asked,
        language,
        offered: &offered,
        is_first: from == today,
        days: (from, to),
        problem: asked.problem.as_deref().and_then(Problem::named),
    }))
}

/// The earliest day that it is anywhere: what is over is not offered.
fn today(now: Timestamp) -> Date {
    let earliest = now.saturating_sub(12.hours()).unwrap_or(now);
    earliest.to_zoned(TimeZone::UTC).date()
}

async fn offer(
    call: &Call<'_>,
    page: &Page,
    zone: Option<ZoneName>,
    (from, to): (Date, Date),
    most: usize,
) -> Result<Offered> {
    let tenant = call.store.tenant(page.organization.id);
    let offer = Offer {
        whose: page.whose(),
        zone,
        minutes: page.minutes,
        from,
        to,
        most,
    };
    offered(call, &tenant, &offer).await
}

/// What was chosen before; none where nothing was, or it is gone.
async fn chosen(call: &Call<'_>, page: &Page, asked: &Asked) -> Result<Option<Chosen>> {
    if let Some(id) = asked.hold {
        let tenant = call.store.tenant(page.organization.id);
        return match tenant.hold_shown(id).await {
            Ok(hold) if is_of(&hold, page) => Ok(Some(Chosen::Held(hold))),
            Ok(_) | Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        };
    }
    let is_enough = match page.choice() {
        Choice::Held => false,
        Choice::One => asked.dates.len() == 1,
        Choice::Several(least) => asked.dates.len() >= to_count(least),
    };
    // Somebody who wants to see more days is not through.
    let is_enough = is_enough && asked.date.is_none();
    Ok(is_enough.then(|| Chosen::Suggested(asked.dates.clone())))
}

fn to_count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(MAX_DATES).min(MAX_DATES)
}

/// Whether a hold was made on a page.
fn is_of(hold: &Hold, page: &Page) -> bool {
    match page.owner {
        Owner::Team(team) => hold.team == Some(team),
        Owner::User(user) => hold.team.is_none() && hold.users == [user],
    }
}

async fn choose(
    call: &Call<'_>,
    page: &Page,
    asked: &Asked,
    fields: &HashMap<String, String>,
    more: bool,
) -> Result<Reply> {
    let mut starts: Vec<Timestamp> = asked.dates.clone();
    let ticked = fields.keys().filter_map(|name| name.strip_prefix(TIME));
    let named = fields.get(START).map(String::as_str);
    let entered = ticked.chain(named);
    let entered = entered.filter_map(|text| text.parse::<Timestamp>().ok());
    starts.extend(entered);
    starts.sort_unstable();
    starts.dedup();
    starts.truncate(MAX_DATES);
    let least = match page.choice() {
        Choice::Held | Choice::One => {
            starts = named
                .and_then(|text| text.parse().ok())
                .into_iter()
                .collect();
            1
        }
        Choice::Several(least) => to_count(least),
    };
    if more {
        let later = asked.date.unwrap_or_else(|| today(call.store.now));
        let later = later.saturating_add(DAYS.days());
        return Ok(see(&asked.with(&[
            (DATE, Some(later.to_string())),
            (DATES, Some(joined(starts))),
            (PROBLEM, None),
        ])));
    }
    if starts.len() < least {
        let name = Problem::TooFewTimes.name().map(str::to_owned);
        let dates = Some(joined(starts)).filter(|dates| !dates.is_empty());
        return Ok(see(&asked.with(&[(DATES, dates), (PROBLEM, name)])));
    }
    if page.choice() != Choice::Held {
        return Ok(see(&asked.with(&[
            (DATES, Some(joined(starts))),
            (DATE, None),
            (PROBLEM, None),
        ])));
    }
    let Some(start) = starts.first() else {
        return Ok(back_with(asked, Problem::TooFewTimes));
    };
    if !are_offered(call, page, &[*start]).await? {
        return Ok(back_with(asked, Problem::TimeTaken));
    }
    match hold(call, page, *start).await {
        Ok(hold) => Ok(see(&asked.with(&[
            (HOLD, Some(hold.id.to_string())),
            (DATE, None),
            (PROBLEM, None),
        ]))),
        Err(Error::Conflict(_) | Error::Invalid(_)) => Ok(back_with(asked, Problem::TimeTaken)),
        Err(error) => Err(error),
    }
}

/// Holds a time that is offered, as `POST /v2/slots/holds` does.
async fn hold(call: &Call<'_>, page: &Page, start: Timestamp) -> Result<Hold> {
    let tenant = call.store.tenant(page.organization.id);
    let request = HoldRequest {
        whose: page.held(),
        date: book::date(start, page.minutes)?,
        timezone: None,
        minutes: DEFAULT_MINUTES,
    };
    tenant.hold(&request).await
}

async fn give_up(call: &Call<'_>, page: &Page, asked: &Asked) -> Result<Reply> {
    if let Some(Chosen::Held(hold)) = chosen(call, page, asked).await? {
        let tenant = call.store.tenant(page.organization.id);
        match tenant.release_hold(hold.id).await {
            Ok(()) | Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    let nothing = [HOLD, DATES, DATE, PROBLEM].map(|name| (name, None));
    Ok(see(&asked.with(&nothing)))
}

/// Books what the form says.
async fn send(
    call: &Call<'_>,
    page: &Page,
    asked: &Asked,
    fields: &HashMap<String, String>,
) -> Result<Reply> {
    let language = language(call, page);
    let token = fields.get(TOKEN).map_or("", String::as_str);
    let (when, shown_as) = match chosen(call, page, asked).await? {
        Some(chosen) => (chosen.when(), Some(chosen)),
        // It may be one that the same form has used: what was booked is shown again.
        None => match asked.hold {
            Some(hold) => (When::Held(hold), None),
            None => return Ok(back_with(asked, Problem::TooFewTimes)),
        },
    };
    let again = |problems: &[Problem], status| {
        let Some(chosen) = &shown_as else {
            return back_with(asked, Problem::HoldEnded);
        };
        let shown = Shown {
            page,
            asked,
            language,
            problems,
            entered: Some(fields),
            token,
        };
        render::form(&shown, chosen, status)
    };
    let entered = match Entered::read(fields, page, asked) {
        Ok(entered) => entered,
        Err(problems) => return Ok(again(&problems, StatusCode::UNPROCESSABLE_ENTITY)),
    };
    let is_person = fields.get(TRAP).is_none_or(String::is_empty);
    if token.is_empty() || !is_person {
        return Ok(again(&[Problem::Changed], StatusCode::UNPROCESSABLE_ENTITY));
    }
    if let Some(Chosen::Held(hold)) = &shown_as
        && hold.created_at.duration_until(call.store.now) < FASTEST
    {
        return Ok(again(&[Problem::TooFast], StatusCode::UNPROCESSABLE_ENTITY));
    }
    if let When::Suggested(starts) = &when
        && !are_offered(call, page, starts).await?
    {
        return Ok(back_with(asked, Problem::TimeTaken));
    }
    let zone = asked.zone.clone().or_else(|| page.zone.clone());
    match book(call, page, entered, &when, token, (language, zone)).await {
        Ok(seen) => Ok(booked(page, asked, language, &seen)),
        Err(Error::Conflict(_)) if shown_as.is_some() => Ok(back_with(asked, Problem::TimeTaken)),
        Err(Error::Conflict(_)) => Ok(back_with(asked, Problem::HoldEnded)),
        Err(Error::Invalid(_)) => Ok(again(&[Problem::Changed], StatusCode::UNPROCESSABLE_ENTITY)),
        Err(error) => Err(error),
    }
}

/// Whether times, in their order, are all offered (still).
async fn are_offered(call: &Call<'_>, page: &Page, starts: &[Timestamp]) -> Result<bool> {
    let day = |start: &Timestamp| start.to_zoned(TimeZone::UTC).date();
    let (Some(first), Some(last)) = (starts.first().map(day), starts.last().map(day)) else {
        return Ok(false);
    };
    if first.duration_until(last).as_hours() / 24 >= MAX_DAYS {
        return Ok(false);
    }
    let most = usize::try_from(MAX_SLOTS).unwrap_or(usize::MAX);
    let offered = offer(call, page, Some(ZoneName::utc()), (first, last), most).await?;
    let is_offered = |start| offered.slots.iter().any(|slot| slot.start == start);
    Ok(starts.iter().copied().all(is_offered))
}

/// Where somebody goes who has booked: where the page's owner wants, or to the event.
///
/// Within another page neither is shown: that page is told, and may go on as it likes.
fn booked(page: &Page, asked: &Asked, language: Language, seen: &Seen) -> Reply {
    if asked.is_embedded {
        return render::booked(page, asked, language, seen);
    }
    if let Some(url) = &page.settings.redirect_url {
        return see(url.as_str());
    }
    match seen {
        Some((event, key)) => see(&page.beside(&address_once_booked(*event, key))),
        None => render::booked(page, asked, language, seen),
    }
}

/// Sends the browser somewhere. There is nothing to read, in whatever language.
fn see(location: &str) -> Reply {
    roster_pages::see_other(Language::DEFAULT, location)
}

/// To the times again, with the reason.
fn back_with(asked: &Asked, problem: Problem) -> Reply {
    let mut changes = vec![(PROBLEM, problem.name().map(str::to_owned))];
    changes.extend([HOLD, DATES, CHANGE].map(|name| (name, None)));
    see(&asked.with(&changes))
}

/// What makes a form the one that it is.
fn token(chosen: &Chosen) -> String {
    match chosen {
        Chosen::Held(hold) => hold.id.to_string(),
        Chosen::Suggested(_) => secret::random_base62(22),
    }
}

fn no_page(call: &Call<'_>, error: Error) -> Result<Reply> {
    roster_pages::dead_link(call, error, render::no_page)
}

#[cfg(test)]
mod tests;
