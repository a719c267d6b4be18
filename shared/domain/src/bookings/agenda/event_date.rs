//! When the dates of `/v2/teams`'s events are.

#[cfg(test)]
mod tests;

use jiff::{
    SignedDuration, Span, Timestamp, ToSpan,
    civil::{Date, Time},
    tz::TimeZone,
};

use super::{DateText, TimeSpan};
use crate::{
    bookings::event::{MAX_DAYS, SuggestedDate},
    error::{Field, Unacceptable, Violation},
};

/// No zone is as far from UTC as this.
pub const FARTHEST: SignedDuration = SignedDuration::from_hours(26);
/// The same, for days.
const FARTHEST_DAYS: i32 = 2;
/// The last minute of a day: what ends then ends with the day.
const LAST_MINUTE: Time = Time::constant(23, 59, 0, 0);

/// Why two texts are not a date. What is wrong is the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrongDate {
    /// It ends before it starts.
    Backwards(Unacceptable),
    /// It lasts too long.
    TooLong(Unacceptable),
}

impl WrongDate {
    /// What is said of it, where its end stands.
    #[must_use]
    pub fn at(self, end: Field) -> Violation {
        match self {
            Self::Backwards(detail) => Violation::malformed(end.into(), detail.to_string()),
            Self::TooLong(detail) => Violation::unacceptable(end.into(), detail.to_string()),
        }
    }
}

impl SuggestedDate {
    /// When the date is in `zone`.
    ///
    /// A start that a change of the clocks skips moves forward by the gap, and
    /// the end with it: the date is as long as it is written. An end that is
    /// skipped moves by itself, which keeps the length too.
    pub fn span(&self, zone: &TimeZone) -> Result<TimeSpan, WrongDate> {
        if self.all_day {
            let (first, last) = self.days(zone)?;
            hold_days(first, last, 0)?;
            return whole_days(first, last, zone);
        }
        let start = self.start.instant(zone).map_err(WrongDate::Backwards)?;
        let end = match self.start.skipped(zone) {
            None => self.end_after(start, zone)?,
            Some(_) if self.end.has_offset() => {
                let end = self.end.instant(zone).map_err(WrongDate::Backwards)?;
                if end <= start {
                    return Err(self.skipped_behind(start));
                }
                end
            }
            // By the clock as it ran before the change, as the start is.
            Some(before) => before
                .to_timestamp(self.end.written())
                .map_err(|error| WrongDate::Backwards(Unacceptable::new(error)))?,
        };
        let span = TimeSpan::new(start, end).map_err(|_| backwards())?;
        let days = MAX_DAYS.days();
        let by_the_clock = zone.to_datetime(start).checked_add(days);
        let fits = start.duration_until(end) <= longest()
            || by_the_clock.is_ok_and(|latest| zone.to_datetime(end) <= latest);
        if fits { Ok(span) } else { Err(too_long()) }
    }

    /// When the date is, whichever the zone: good enough to know which weeks to
    /// look at, as the margin there is wider than any offset. What is wrong in
    /// some zones only is not wrong yet.
    pub fn rough_span(&self) -> Result<TimeSpan, WrongDate> {
        let zone = &TimeZone::UTC;
        if self.all_day {
            let (first, last) = self.days(zone)?;
            hold_days(first, last, FARTHEST_DAYS)?;
            return whole_days(first.min(last), first.max(last), zone);
        }
        let start = self.start.instant(zone).map_err(WrongDate::Backwards)?;
        let end = self.end.instant(zone).map_err(WrongDate::Backwards)?;
        let length = start.duration_until(end);
        if length < -FARTHEST {
            return Err(backwards());
        }
        if length > longest().saturating_add(FARTHEST) {
            return Err(too_long());
        }
        TimeSpan::new(start.min(end), start.max(end)).map_err(|_| backwards())
    }

    /// The end: of a local time that occurs twice, the first that is not before
    /// the start.
    fn end_after(&self, start: Timestamp, zone: &TimeZone) -> Result<Timestamp, WrongDate> {
        let end = self.end.instant(zone).map_err(WrongDate::Backwards)?;
        if end >= start {
            return Ok(end);
        }
        self.end.last_instant(zone).map_err(WrongDate::Backwards)
    }

    /// A start without an offset is skipped, and an end with one cannot move
    /// with it.
    fn skipped_behind(&self, start: Timestamp) -> WrongDate {
        WrongDate::Backwards(Unacceptable::new(format!(
            "must be after {start}: the clocks skip {} there, so that the date starts then; give \
             both an offset, or neither",
            self.start.written()
        )))
    }

    /// The first and the last day of an all-day date.
    ///
    /// A date alone is that day. From one midnight to a later one it ends
    /// before that midnight, as calendars write it.
    fn days(&self, zone: &TimeZone) -> Result<(Date, Date), WrongDate> {
        let (first, _) = day_of(self.start, zone, |time| time == Time::MIN)?;
        let (last, at_midnight) = day_of(self.end, zone, |time| {
            time == Time::MIN || time >= LAST_MINUTE
        })?;
        if at_midnight && first < last {
            let before = last.yesterday();
            let before = before.map_err(|error| WrongDate::Backwards(Unacceptable::new(error)))?;
            return Ok((first, before));
        }
        Ok((first, last))
    }
}

/// The day that a text means in an all-day date, and whether it is a time at
/// the midnight that begins it.
///
/// An instant is in the day that the zone has then. But where it is the edge of
/// a day as it is written, and none of the zone's, the day as it is written is
/// meant: from 00:00:00Z to 23:59:59Z is one day everywhere.
fn day_of(
    text: DateText,
    zone: &TimeZone,
    is_edge: impl Fn(Time) -> bool,
) -> Result<(Date, bool), WrongDate> {
    let written = text.written();
    match text {
        DateText::Day(date) => Ok((date, false)),
        DateText::Local(_) => Ok((written.date(), written.time() == Time::MIN)),
        DateText::Offset(..) => {
            let instant = text.instant(zone).map_err(WrongDate::Backwards)?;
            let local = zone.to_datetime(instant);
            // Where the clocks skip midnight, the day begins later.
            let begins = start_of_day(local.date(), zone)? == instant;
            if !begins && !is_edge(local.time()) && is_edge(written.time()) {
                return Ok((written.date(), written.time() == Time::MIN));
            }
            Ok((local.date(), begins))
        }
    }
}

/// `slack` is by how many days the first or the last may be off.
fn hold_days(first: Date, last: Date, slack: i32) -> Result<(), WrongDate> {
    let after = first.until(last).unwrap_or_default().get_days();
    if after < -slack {
        return Err(backwards());
    }
    let count = i64::from(after) + 1;
    if count > MAX_DAYS + i64::from(slack) {
        return Err(WrongDate::TooLong(Unacceptable::new(format!(
            "must make the date last at most {MAX_DAYS} days, the first and the last included; \
             it lasts {count}"
        ))));
    }
    Ok(())
}

/// From the start of the first day to the end of the last. A day that the zone
/// skips is the next one that it has; where the first is skipped, the last moves
/// with it.
fn whole_days(first: Date, last: Date, zone: &TimeZone) -> Result<TimeSpan, WrongDate> {
    let had = |day| Ok::<_, WrongDate>(zone.to_datetime(start_of_day(day, zone)?).date());
    let wrong = |error: jiff::Error| WrongDate::Backwards(Unacceptable::new(error));
    let start = had(first)?;
    let moved: Span = first.until(start).map_err(wrong)?;
    let end = had(last.checked_add(moved).map_err(wrong)?)?;
    let after = end.tomorrow().map_err(wrong)?;
    let (start, after) = (start_of_day(start, zone)?, start_of_day(after, zone)?);
    TimeSpan::new(start, after).map_err(|_| backwards())
}

fn start_of_day(date: Date, zone: &TimeZone) -> Result<Timestamp, WrongDate> {
    let start = DateText::Day(date).instant(zone);
    start.map_err(WrongDate::Backwards)
}

fn longest() -> SignedDuration {
    SignedDuration::from_hours(24 * MAX_DAYS)
}

fn backwards() -> WrongDate {
    WrongDate::Backwards(Unacceptable::new("must not be before the date's start"))
}

fn too_long() -> WrongDate {
    WrongDate::TooLong(Unacceptable::new(format!(
        "must be at most {MAX_DAYS} days after date"
    )))
}
