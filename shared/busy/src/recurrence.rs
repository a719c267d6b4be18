//! The steps of a rule of recurrence (RRULE), by the wall clock, as `rrule` takes them.
//!
//! The crate is asked about a clock that is never put forward or back; what a time of that
//! clock is in a zone, [`Zone`](crate::zone::Zone) says.

use calcard::icalendar::{
    ICalendarComponent, ICalendarFrequency, ICalendarProperty, ICalendarRecurrenceRule,
    ICalendarValue, ICalendarWeekday,
};
use chrono::{Datelike as _, TimeZone as _, Timelike as _};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime},
};
use rrule::{Frequency, NWeekday, RRule, RRuleSet, RRuleSetIter, Tz, Unvalidated, Weekday};

use crate::{moment, text};

/// The rules of a component.
pub(crate) fn rules(
    component: &ICalendarComponent,
) -> impl Iterator<Item = &ICalendarRecurrenceRule> {
    let values = text::values(component, &ICalendarProperty::Rrule);
    values.filter_map(|(_, value)| match value {
        ICalendarValue::RecurrenceRule(rule) => Some(rule.as_ref()),
        _ => None,
    })
}

/// The times of a rule, by the clock, in order; the start is among them only where the
/// rule has it.
pub(crate) struct Steps(Option<RRuleSetIter>);

/// What decides when a rule starts and ends.
pub(crate) struct Run<'a> {
    /// The first time of the series.
    pub(crate) start: DateTime,
    /// Nothing before it is needed: what is far before it may be passed over.
    pub(crate) from: DateTime,
    /// What the clock shows at an instant, for a rule that ends at one.
    pub(crate) wall: &'a dyn Fn(Timestamp) -> DateTime,
}

impl Steps {
    /// A rule that cannot be has no times.
    pub(crate) fn new(rule: &ICalendarRecurrenceRule, run: &Run<'_>) -> Self {
        Self(steps(rule, run))
    }
}

impl Iterator for Steps {
    type Item = DateTime;

    fn next(&mut self) -> Option<DateTime> {
        let next = self.0.as_mut()?.next()?.naive_utc();
        let date = Date::new(
            next.year().try_into().ok()?,
            next.month().try_into().ok()?,
            next.day().try_into().ok()?,
        );
        let [hour, minute, second] = [next.hour(), next.minute(), next.second()].map(i8::try_from);
        Some(date.ok()?.at(hour.ok()?, minute.ok()?, second.ok()?, 0))
    }
}

fn steps(rule: &ICalendarRecurrenceRule, run: &Run<'_>) -> Option<RRuleSetIter> {
    let until = match &rule.until {
        Some(until) => Some(end(until, run)?),
        None => None,
    };
    if is_over(rule, run) {
        return None;
    }
    let start = at(passed_over(rule, run))?;
    let mut read = read(rule);
    if let Some(until) = until {
        read = read.until(at(until)?);
    }
    let rule = read.validate(start).ok()?;
    // Limited: a rule that never comes true is given up.
    let set = RRuleSet::new(start).rrule(rule).limit();
    Some((&set).into_iter())
}

/// Whether a rule ends before its series starts.
pub(crate) fn is_over(rule: &ICalendarRecurrenceRule, run: &Run<'_>) -> bool {
    let until = rule.until.as_ref().and_then(|until| end(until, run));
    until.is_some_and(|until| until < run.start)
}

/// Until when a rule goes on, the time itself included.
fn end(until: &calcard::common::PartialDateTime, run: &Run<'_>) -> Option<DateTime> {
    let wall = moment::wall(until)?;
    if until.hour.is_none() {
        return Some(wall.date().at(23, 59, 59, 0));
    }
    let Some(offset) = moment::offset(until) else {
        return Some(wall);
    };
    Some((run.wall)(offset.to_timestamp(wall).ok()?))
}

/// A start as far behind the first as there is nothing that is needed: a whole number of
/// intervals, so that the rule goes on as it would have.
fn passed_over(rule: &ICalendarRecurrenceRule, run: &Run<'_>) -> DateTime {
    let seconds = match rule.freq {
        ICalendarFrequency::Weekly => 7 * 24 * 60 * 60,
        ICalendarFrequency::Daily => 24 * 60 * 60,
        ICalendarFrequency::Hourly => 60 * 60,
        ICalendarFrequency::Minutely => 60,
        ICalendarFrequency::Secondly => 1,
        ICalendarFrequency::Yearly | ICalendarFrequency::Monthly => return run.start,
    };
    if rule.count.is_some() || run.from <= run.start {
        return run.start;
    }
    let step = seconds * i64::from(interval(rule));
    let between = run.start.duration_until(run.from).as_secs();
    // One interval less: the first of the times of a week may be before its start.
    let steps = (between / step - 1).max(0);
    run.start.saturating_add((steps * step).seconds())
}

fn interval(rule: &ICalendarRecurrenceRule) -> u16 {
    rule.interval.unwrap_or(1).max(1)
}

fn at(wall: DateTime) -> Option<chrono::DateTime<Tz>> {
    let part = |part: i8| u32::try_from(part).ok();
    let date = chrono::NaiveDate::from_ymd_opt(
        wall.year().into(),
        part(wall.month())?,
        part(wall.day())?,
    )?;
    let time = date.and_hms_opt(
        part(wall.hour())?,
        part(wall.minute())?,
        part(wall.second())?,
    )?;
    Some(Tz::UTC.from_utc_datetime(&time))
}

fn read(rule: &ICalendarRecurrenceRule) -> RRule<Unvalidated> {
    let (frequency, numbered) = match rule.freq {
        ICalendarFrequency::Yearly => (Frequency::Yearly, true),
        ICalendarFrequency::Monthly => (Frequency::Monthly, true),
        ICalendarFrequency::Weekly => (Frequency::Weekly, false),
        ICalendarFrequency::Daily => (Frequency::Daily, false),
        ICalendarFrequency::Hourly => (Frequency::Hourly, false),
        ICalendarFrequency::Minutely => (Frequency::Minutely, false),
        ICalendarFrequency::Secondly => (Frequency::Secondly, false),
    };
    let days = rule.byday.iter();
    // A number before a day has a meaning in a month or a year only.
    let days = days.map(|day| match day.ordwk.filter(|_| numbered) {
        Some(number) => NWeekday::Nth(number, weekday(day.weekday)),
        None => NWeekday::Every(weekday(day.weekday)),
    });
    let months = rule.bymonth.iter();
    let months = months.filter_map(|month| chrono::Month::try_from(month.month()).ok());
    let read = RRule::new(frequency)
        .interval(interval(rule))
        .week_start(rule.wkst.map_or(Weekday::Mon, weekday))
        .by_second(rule.bysecond.iter().map(|it| (*it).min(59)).collect())
        .by_minute(rule.byminute.clone())
        .by_hour(rule.byhour.clone())
        .by_weekday(days.collect())
        .by_month_day(rule.bymonthday.clone())
        .by_year_day(rule.byyearday.clone())
        .by_week_no(rule.byweekno.clone())
        .by_month(&months.collect::<Vec<_>>())
        .by_set_pos(rule.bysetpos.clone());
    match rule.count {
        Some(count) => read.count(count),
        None => read,
    }
}

fn weekday(day: ICalendarWeekday) -> Weekday {
    match day {
        ICalendarWeekday::Monday => Weekday::Mon,
        ICalendarWeekday::Tuesday => Weekday::Tue,
        ICalendarWeekday::Wednesday => Weekday::Wed,
        ICalendarWeekday::Thursday => Weekday::Thu,
        ICalendarWeekday::Friday => Weekday::Fri,
        ICalendarWeekday::Saturday => Weekday::Sat,
        ICalendarWeekday::Sunday => Weekday::Sun,
    }
}
