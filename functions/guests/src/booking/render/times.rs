//! The times of a page: days to choose from.

use askama::Template;
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use lambda_http::http::StatusCode;
use roster_domain::{users::language::Language, zone::ZoneName};
use roster_pages::{STYLE, dates};
use roster_runtime::Reply;
use roster_scheduling::slots::Offered;

use super::{EMBEDDED, Head, SCRIPT, helps, reply};
use crate::booking::{
    ACTION, CHOOSE, DAYS, MORE, MOST_TIMES, START, TIME,
    page::{Choice, Page},
    problem::Problem,
    query::{Asked, CHANGE, DATE, PROBLEM, TIMEZONE},
};

/// The times of a page.
pub(in crate::booking) struct Times<'a> {
    pub(in crate::booking) page: &'a Page,
    pub(in crate::booking) asked: &'a Asked,
    pub(in crate::booking) language: Language,
    pub(in crate::booking) offered: &'a Offered,
    pub(in crate::booking) is_first: bool,
    pub(in crate::booking) days: (Date, Date),
    pub(in crate::booking) problem: Option<Problem>,
}

/// A day, with its times.
struct Day {
    heading: String,
    times: Vec<Time>,
}

/// A time: as it is sent, and as it is read.
struct Time {
    value: String,
    text: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "times.html")]
struct TimesPage<'a> {
    language: Language,
    head: Head<'a>,
    message: Option<&'a str>,
    minutes: u32,
    zone: &'a ZoneName,
    change_zone: Option<String>,
    finds_zone: bool,
    several: Option<u32>,
    days: Vec<Day>,
    /// Times that were chosen on other days.
    chosen: Vec<String>,
    next: Option<(String, String)>,
    earlier: Option<String>,
    later: String,
    helps: bool,
}

/// The days with their times.
pub(in crate::booking) fn times(shown: &Times<'_>) -> Reply {
    let Times {
        page,
        asked,
        language,
        offered,
        ..
    } = *shown;
    let zone = offered.zone.rules();
    let several = match page.choice() {
        Choice::Several(least) => Some(least),
        Choice::Held | Choice::One => None,
    };
    let (days, next_day) = days(shown, &zone);
    let is_shown = |start: &Timestamp| offered.slots.iter().any(|slot| slot.start == *start);
    let others = asked.dates.iter().filter(|start| !is_shown(start));
    let others = others.filter(|_| several.is_some());
    let to = |date: Date| asked.with(&[(DATE, Some(date.to_string())), (PROBLEM, None)]);
    let (from, last) = shown.days;
    let later = next_day.unwrap_or_else(|| last.saturating_add(1.day()));
    let next = offered.next.map(|span| {
        let day = span.start.to_zoned(zone.clone()).date();
        (to(day), dates::instant(span.start, &zone, language))
    });
    let is_fixed = page.is(|own| own.set_timezone) && page.settings.fixed_timezone.is_some();
    let change = asked.with(&[
        (TIMEZONE, Some(offered.zone.to_string())),
        (CHANGE, Some(TIMEZONE.to_owned())),
    ]);
    let problems: Vec<_> = shown.problem.into_iter().collect();
    let body = roster_pages::render(&TimesPage {
        language,
        head: Head::of(page, asked, language, &problems),
        message: page.message.as_ref().map(|message| message.as_str()),
        minutes: page.minutes,
        zone: &offered.zone,
        change_zone: (!is_fixed).then_some(change),
        finds_zone: !is_fixed && asked.zone.is_none(),
        several,
        days,
        chosen: others
            .map(|start| dates::instant(*start, &zone, language))
            .collect(),
        next,
        earlier: (!shown.is_first).then(|| to(from.saturating_sub(DAYS.days()))),
        later: to(later),
        helps: helps(page),
    });
    reply(page, asked, StatusCode::OK, language, body)
}

/// The days, and the one that comes next where not all of them fit.
fn days(shown: &Times<'_>, zone: &TimeZone) -> (Vec<Day>, Option<Date>) {
    let mut days: Vec<(Date, Day)> = Vec::new();
    for slot in &shown.offered.slots {
        let local = slot.start.to_zoned(zone.clone());
        let time = Time {
            value: slot.start.to_string(),
            text: dates::time(local.time(), shown.language),
            is_chosen: shown.asked.dates.contains(&slot.start),
        };
        match days.last_mut() {
            Some((date, day)) if *date == local.date() => day.times.push(time),
            _ => days.push((
                local.date(),
                Day {
                    heading: dates::day(local.date(), shown.language),
                    times: vec![time],
                },
            )),
        }
    }
    let is_cut = shown.offered.slots.len() >= MOST_TIMES && days.len() > 1;
    let cut = is_cut.then(|| days.pop()).flatten();
    let next = cut.map(|(date, _)| date);
    (days.into_iter().map(|(_, day)| day).collect(), next)
}
