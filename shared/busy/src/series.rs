//! An event of a calendar, with all that it says of when it takes place.

use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarDuration, ICalendarEntry,
    ICalendarFreeBusyType, ICalendarParameterName, ICalendarParameterValue, ICalendarPeriod,
    ICalendarProperty, ICalendarRecurrenceRule, ICalendarValue,
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::DateTime};
use roster_domain::bookings::agenda::TimeSpan;

use crate::{
    moment::{Context, Moment},
    recurrence,
    standing::Standing,
    text,
};

/// An event, or what takes the place of some of a series.
#[derive(Debug)]
pub(crate) struct Event<'a> {
    pub(crate) start: Moment,
    length: Length,
    pub(crate) rules: Vec<&'a ICalendarRecurrenceRule>,
    /// Other times at which it takes place, with their own length where they have one.
    pub(crate) dates: Vec<(Moment, Option<Length>)>,
    /// Times at which it does not.
    pub(crate) except: Vec<Moment>,
    /// The time of a series that it takes the place of.
    pub(crate) instead_of: Option<InsteadOf>,
    pub(crate) sequence: i64,
    pub(crate) all_day: bool,
    pub(crate) standing: Standing,
}

/// What of a series an event takes the place of.
#[derive(Debug)]
pub(crate) struct InsteadOf {
    pub(crate) start: Moment,
    /// Whether of all that follow, too.
    pub(crate) and_following: bool,
}

/// How long an event takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Length {
    /// By the clock that it starts by, as its end is given; and when the first ends.
    Clock(SignedDuration, Timestamp),
    /// Days by the clock, and then time that passes.
    Passes(i64, SignedDuration),
}

impl Length {
    pub(crate) fn end(self, start: &Moment, first: &Moment) -> Timestamp {
        match self {
            // Where the clock shows the end twice, only the first can say which.
            Self::Clock(_, end) if start.wall == first.wall => end,
            Self::Clock(length, _) => start.zone.instant(start.wall.saturating_add(length)),
            Self::Passes(days, time) => {
                let day = start.wall.saturating_add(days.days());
                let end = start.zone.instant(day).saturating_add(time);
                end.unwrap_or(Timestamp::MAX)
            }
        }
    }

    /// About how long it is, and no shorter.
    pub(crate) fn at_most(self) -> SignedDuration {
        match self {
            Self::Clock(length, _) => length,
            Self::Passes(days, time) => {
                SignedDuration::from_hours(days.saturating_mul(24)).saturating_add(time)
            }
        }
    }
}

impl Event<'_> {
    /// How long it takes.
    pub(crate) fn length(&self) -> Length {
        self.length
    }

    /// The time that it takes where it starts at a time.
    pub(crate) fn span(&self, start: &Moment, length: Length) -> Option<TimeSpan> {
        let end = length.end(start, &self.start);
        let start = start.instant();
        (start < end).then_some(TimeSpan { start, end })
    }
}

/// None where it does not say when it starts.
pub(crate) fn read<'a>(
    component: &'a ICalendarComponent,
    context: &Context<'_>,
) -> Option<Event<'a>> {
    let moment = |name: &'a ICalendarProperty| {
        let (entry, value) = text::date(component, name)?;
        Moment::read(entry, value, context)
    };
    let instead_of = moment(&ICalendarProperty::RecurrenceId);
    let is_range = |entry: &ICalendarEntry| entry.has_parameter(&ICalendarParameterName::Range);
    let and_following = component
        .property(&ICalendarProperty::RecurrenceId)
        .is_some_and(is_range);
    let start = moment(&ICalendarProperty::Dtstart).or_else(|| instead_of.clone())?;
    let length = length(component, &start, moment(&ICalendarProperty::Dtend));
    let dates = text::values(component, &ICalendarProperty::Rdate);
    let dates = dates.filter_map(|(entry, value)| match value {
        ICalendarValue::PartialDateTime(date) => Some((Moment::read(entry, date, context)?, None)),
        ICalendarValue::Period(period) => {
            let (start, length) = timed(entry, period, context)?;
            Some((start, Some(length)))
        }
        _ => None,
    });
    let except = text::values(component, &ICalendarProperty::Exdate);
    let except = except.filter_map(|(entry, value)| {
        let date = value.as_partial_date_time()?;
        Moment::read(entry, date, context)
    });
    let sequence = text::value(component, &ICalendarProperty::Sequence);
    let sequence = sequence.and_then(|(_, value)| value.as_integer());
    // Outlook has days as their midnights, too.
    let all_day = text::other(component, "X-MICROSOFT-CDO-ALLDAYEVENT");
    let all_day = all_day.is_some_and(|flag| flag.eq_ignore_ascii_case("TRUE"));
    Some(Event {
        all_day: start.is_day || all_day,
        length,
        rules: recurrence::rules(component).collect(),
        dates: dates.collect(),
        except: except.collect(),
        instead_of: instead_of.map(|start| InsteadOf {
            start,
            and_following,
        }),
        sequence: sequence.unwrap_or(0),
        standing: Standing::read(component),
        start,
    })
}

/// How long an event takes: until its end, or for a time, or a day (RFC 5545, 3.6.1).
fn length(component: &ICalendarComponent, start: &Moment, end: Option<Moment>) -> Length {
    if let Some(end) = end {
        let length = until(start, &end);
        // A day that ends on itself is a day, to most who write that.
        return match length {
            Length::Clock(length, _) if start.is_day && !length.is_positive() => {
                Length::Passes(1, SignedDuration::ZERO)
            }
            length => length,
        };
    }
    match text::value(component, &ICalendarProperty::Duration) {
        Some((_, ICalendarValue::Duration(duration))) => passes(duration),
        _ if start.is_day => Length::Passes(1, SignedDuration::ZERO),
        _ => Length::Passes(0, SignedDuration::ZERO),
    }
}

fn until(start: &Moment, end: &Moment) -> Length {
    let wall: DateTime = end.wall_in(&start.zone);
    Length::Clock(start.wall.duration_until(wall), end.instant())
}

fn passes(duration: &ICalendarDuration) -> Length {
    if duration.neg {
        return Length::Passes(0, SignedDuration::ZERO);
    }
    let days = i64::from(duration.weeks) * 7 + i64::from(duration.days);
    let seconds = (i64::from(duration.hours) * 60 + i64::from(duration.minutes)) * 60;
    let time = SignedDuration::from_secs(seconds + i64::from(duration.seconds));
    Length::Passes(days, time)
}

/// A period: when it starts, and how long it takes.
fn timed(
    entry: &ICalendarEntry,
    period: &ICalendarPeriod,
    context: &Context<'_>,
) -> Option<(Moment, Length)> {
    match period {
        ICalendarPeriod::Range { start, end } => {
            let [start, end] = [start, end].map(|it| Moment::read(entry, it, context));
            let (start, end) = (start?, end?);
            let length = until(&start, &end);
            Some((start, length))
        }
        ICalendarPeriod::Duration { start, duration } => {
            let start = Moment::read(entry, start, context)?;
            Some((start, passes(duration)))
        }
    }
}

/// What the free/busy lists of a calendar say: spans, and whether each is tentative.
pub(crate) fn freebusy(
    calendar: &ICalendar,
    context: &Context<'_>,
) -> impl Iterator<Item = (bool, TimeSpan)> {
    let lists = text::of_type(calendar, ICalendarComponentType::VFreebusy);
    let periods = lists.flat_map(|list| text::values(list, &ICalendarProperty::Freebusy));
    periods.filter_map(|(entry, value)| {
        let kind = entry.parameter(&ICalendarParameterName::Fbtype);
        let is_tentative = match kind {
            Some(ICalendarParameterValue::Fbtype(ICalendarFreeBusyType::Free)) => return None,
            Some(ICalendarParameterValue::Fbtype(ICalendarFreeBusyType::BusyTentative)) => true,
            _ => false,
        };
        let ICalendarValue::Period(period) = value else {
            return None;
        };
        let (start, length) = timed(entry, period, context)?;
        let end = length.end(&start, &start);
        let start = start.instant();
        (start < end).then_some((is_tentative, TimeSpan { start, end }))
    })
}
