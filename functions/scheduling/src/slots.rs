//! `/v2/slots` and `/v2/busy`: when people can be booked, and when they are busy.

mod asked;
pub mod holds;

use jiff::{Timestamp, ToSpan, civil::Date};
use lambda_http::http::{StatusCode, header};
use roster_domain::{
    Result,
    bookings::{
        agenda::{TimeSpan, zone_name_of},
        slots::busy,
    },
    zone::ZoneName,
};
use roster_runtime::{Call, Reply};
use roster_store::{
    Tenant,
    bookings::schedules::{Schedules, Whose},
};
use serde_json::Value;

use self::asked::{Asked, Days};
use crate::{
    fresh::freshen,
    wire::slots_out::{self, Frame, Times},
};

pub use crate::query::MAX_PEOPLE;
/// Most days that a request is about.
pub const MAX_DAYS: i64 = 62;
/// Most minutes of a duration or a step: a day.
pub const MAX_MINUTES: u32 = 1_440;
/// Fewest minutes between two times.
pub const MIN_STEP: u32 = 5;
/// Most times that are answered.
pub const MAX_SLOTS: u32 = 10_000;
/// How far ahead the next time is looked for, in days.
const MAX_AHEAD: i64 = 366;
/// How many of these days are looked at before the others.
const FIRST_AHEAD: i64 = 31;
/// How long an answer may be kept: a booking can change it at any time.
const CACHED: &str = "private, max-age=5";

/// `GET /v2/slots`.
pub async fn list(call: &Call<'_>) -> Result<Reply> {
    let (frame, times) = find(call).await?;
    Ok(reply(&frame.slots(&times)))
}

/// `GET /v2/slots/days`.
pub async fn by_day(call: &Call<'_>) -> Result<Reply> {
    let (frame, times) = find(call).await?;
    Ok(reply(&frame.slots_by_day(&times)))
}

/// `GET /v2/slots/next`.
pub async fn next(call: &Call<'_>) -> Result<Reply> {
    let tenant = call.tenant()?;
    let asked = Asked::read(call, &[asked::DURATION, asked::STEP, asked::LIMIT])?;
    let now = call.store.now;
    let ahead = Ahead {
        call,
        tenant: &tenant,
        asked: &asked,
        now,
        from: now,
    };
    let (timezone, mut slots) = ahead.first_day().await?;
    slots.truncate(asked.limit);
    Ok(reply(&slots_out::next_slots(timezone, &slots)))
}

/// `GET /v2/busy`.
pub async fn list_busy(call: &Call<'_>) -> Result<Reply> {
    let tenant = call.tenant()?;
    let asked = Asked::read(call, &[asked::FROM, asked::TO])?;
    let days = asked.days()?;
    let schedules = schedules(call, &tenant, &asked, &days.around(), false).await?;
    let timezone = zone_for(&asked, &schedules);
    let within = days.within(&timezone.rules());
    let people = schedules.people();
    let spans = busy(&people, asked.wanted(), &within, call.store.now);
    Ok(reply(&days.frame(timezone).busy(&spans)))
}

fn reply(answer: &Value) -> Reply {
    Reply::json(StatusCode::OK, answer).with_header(header::CACHE_CONTROL, CACHED)
}

/// What somebody who books asks for.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Whose times.
    pub whose: Whose,
    /// The zone whose days are meant; none: that of the first of them.
    pub zone: Option<ZoneName>,
    /// How long a time is to be, in minutes.
    pub minutes: u32,
    /// The first day.
    pub from: Date,
    /// The last day; at most [`MAX_DAYS`] in all.
    pub to: Date,
    /// Most times.
    pub most: usize,
}

/// What they are offered.
#[derive(Debug)]
pub struct Offered {
    /// The zone whose days were meant.
    pub zone: ZoneName,
    /// The times.
    pub slots: Vec<TimeSpan>,
    /// Where there is none: the first after these days.
    pub next: Option<TimeSpan>,
}

/// The times to come at which people can be booked, as `GET /v2/slots` finds them, for a page.
///
/// # Errors
/// As `GET /v2/slots`.
pub async fn offered(call: &Call<'_>, tenant: &Tenant<'_>, offer: &Offer) -> Result<Offered> {
    let mut asked = Asked::of(offer);
    let days = asked.days()?;
    let schedules = schedules(call, tenant, &asked, &days.around(), false).await?;
    let first = || schedules.users().next().map(zone_name_of);
    let zone = asked.zone.clone().or_else(first);
    let zone = zone.unwrap_or_else(ZoneName::utc);
    asked.zone = Some(zone.clone());
    // What has begun is nothing that a guest books.
    let mut within = days.within(&zone.rules());
    within.start = within.start.max(call.store.now);
    let times = times(call, tenant, &asked, &schedules, within).await?;
    Ok(Offered {
        zone,
        slots: times.slots,
        next: times.next,
    })
}

/// Searches the days that are asked for, and what is behind them where they have nothing.
async fn find(call: &Call<'_>) -> Result<(Frame, Times)> {
    use asked::{DURATION, EXPLAIN, FROM, LIMIT, STEP, TO};

    let tenant = call.tenant()?;
    let asked = Asked::read(call, &[DURATION, STEP, LIMIT, FROM, TO, EXPLAIN])?;
    let days = asked.days()?;
    let schedules = schedules(call, &tenant, &asked, &days.around(), asked.explain).await?;
    let timezone = zone_for(&asked, &schedules);
    let within = days.within(&timezone.rules());
    let times = times(call, &tenant, &asked, &schedules, within).await?;
    Ok((days.frame(timezone), times))
}

async fn times(
    call: &Call<'_>,
    tenant: &Tenant<'_>,
    asked: &Asked,
    schedules: &Schedules,
    within: TimeSpan,
) -> Result<Times> {
    let search = asked.search(within, call.store.now)?;
    let people = schedules.people();
    let mut times = Times {
        slots: search.times(&people).take(asked.limit).collect(),
        next: None,
        refused: asked.explain.then(|| search.refused(&people)),
        calendars: asked.explain.then(|| schedules.calendars.clone()),
    };
    if times.slots.is_empty() {
        let ahead = Ahead {
            call,
            tenant,
            asked,
            now: search.now,
            from: search.within.end,
        };
        let (_, slots) = ahead.first_day().await?;
        times.next = slots.first().copied();
    }
    Ok(times)
}

/// The people of a request, with their own calendars where the answer tells of these.
///
/// # Errors
/// Where one of them is not there, with the parameter that names them.
async fn schedules(
    call: &Call<'_>,
    tenant: &Tenant<'_>,
    asked: &Asked,
    around: &TimeSpan,
    with_calendars: bool,
) -> Result<Schedules> {
    let with_calendars = with_calendars || call.app.calendar_age.is_some();
    let read = || tenant.schedules(&asked.whose, around, MAX_PEOPLE, with_calendars);
    let mut schedules = read().await?;
    if freshen(call, tenant, &schedules.calendars).await {
        schedules = read().await?;
    }
    match schedules.missing.as_slice() {
        [] => Ok(schedules),
        missing => Err(asked.missing(missing)),
    }
}

/// The zone of an answer: the one asked for, else that of the one user, else UTC.
fn zone_for(asked: &Asked, schedules: &Schedules) -> ZoneName {
    let mut users = schedules.users();
    let of_one = || match (&asked.whose, users.next(), users.next()) {
        (Whose::Users(_) | Whose::Emails(_), Some(user), None) => Some(zone_name_of(user)),
        _ => None,
    };
    let zone = asked.zone.clone().or_else(of_one);
    zone.unwrap_or_else(ZoneName::utc)
}

/// The year from some instant on.
struct Ahead<'a> {
    call: &'a Call<'a>,
    tenant: &'a Tenant<'a>,
    asked: &'a Asked,
    now: Timestamp,
    from: Timestamp,
}

impl Ahead<'_> {
    /// The times of the first day that has any, and the zone whose day it is. The first
    /// month is read by itself: most who look for a time find one in it.
    async fn first_day(&self) -> Result<(ZoneName, Vec<TimeSpan>)> {
        let at = |days: i64| {
            let later = self.from.saturating_add((days * 24).hours());
            later.unwrap_or(Timestamp::MAX)
        };
        let mut zone_name = None;
        for (first, last) in [(0, FIRST_AHEAD), (FIRST_AHEAD, MAX_AHEAD)] {
            // The day of the last time is looked at as a whole.
            let around = TimeSpan {
                start: at(first),
                end: at(last + 2),
            };
            let schedules = schedules(self.call, self.tenant, self.asked, &around, false).await?;
            let name = zone_name.insert(zone_for(self.asked, &schedules));
            let (zone, people) = (name.rules(), schedules.people());
            // Month by month, so that nothing is made of what is behind the first time.
            let months = (first..last).step_by(31);
            for month in months {
                let within = TimeSpan {
                    start: at(month),
                    end: at((month + 31).min(last)),
                };
                let search = self.asked.search(within, self.now)?;
                if let Some(found) = search.times(&people).next() {
                    let from = zone.to_datetime(found.start).date();
                    let day = Days { from, to: from }.within(&zone);
                    let rest = TimeSpan {
                        start: found.start,
                        end: day.end,
                    };
                    let rest = self.asked.search(rest, self.now)?;
                    return Ok((name.clone(), rest.times(&people).collect()));
                }
            }
        }
        Ok((zone_name.unwrap_or_else(ZoneName::utc), Vec::new()))
    }
}
