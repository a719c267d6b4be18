//! The texts that dates come as (ISO 8601, RFC 3339).

use std::str::FromStr;

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    fmt::temporal::Pieces,
    tz::{AmbiguousOffset, Offset, TimeZone},
};

use super::hour_24;
use crate::error::Unacceptable;

const WRONG: &str = "must be a date and time such as 2020-07-16T09:00:00, in the event's \
     timezone, or 2020-07-16T09:00:00+02:00, with hours 00 to 23, or 24:00 for the end of the \
     day, and minutes and seconds 00 to 59; or a date alone such as 2020-07-16";
const OUT_OF_RANGE: &str = "must be in the years 1 to 9998";

/// A date as a text gives it: without an offset it is an instant only in a
/// zone. Whatever the zone, it is an instant with a year of four digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateText {
    /// A date alone.
    Day(Date),
    /// A date and time by the clock of a zone that the text does not name.
    Local(DateTime),
    /// A date and time with an offset (`Z`, `+01:00`, `+0100`, `+01`).
    Offset(DateTime, Offset),
}

impl DateText {
    /// When it is. Without an offset it is local in `zone`, where a time that a
    /// change of the clocks skips moves forward by the gap, and one that occurs
    /// twice is the first. A date alone is the start of its day.
    pub fn instant(self, zone: &TimeZone) -> Result<Timestamp, Unacceptable> {
        let instant = match self {
            Self::Offset(written, offset) => offset.to_timestamp(written),
            Self::Local(_) | Self::Day(_) => zone.to_timestamp(self.written()),
        };
        instant.map_err(|_| Unacceptable::new(OUT_OF_RANGE))
    }

    /// What the clock shows then, as it is written.
    pub(super) fn written(self) -> DateTime {
        match self {
            Self::Day(date) => date.at(0, 0, 0, 0),
            Self::Local(written) | Self::Offset(written, _) => written,
        }
    }

    /// Whether a zone does not matter to it.
    pub(super) fn has_offset(self) -> bool {
        matches!(self, Self::Offset(..))
    }

    /// Where a change of the clocks skips it in `zone`: the offset before the
    /// change. A day that lacks its first hour only is not skipped.
    pub(super) fn skipped(self, zone: &TimeZone) -> Option<Offset> {
        let local = zone.to_ambiguous_timestamp(self.written());
        let AmbiguousOffset::Gap { before, .. } = local.offset() else {
            return None;
        };
        match self {
            Self::Offset(..) => None,
            Self::Local(_) => Some(before),
            Self::Day(date) => {
                let start = local.compatible().ok()?;
                (zone.to_datetime(start).date() != date).then_some(before)
            }
        }
    }

    /// When a local time occurs for the last time; else the same as
    /// [`instant`](Self::instant).
    pub(super) fn last_instant(self, zone: &TimeZone) -> Result<Timestamp, Unacceptable> {
        match self {
            Self::Local(written) => zone
                .to_ambiguous_timestamp(written)
                .later()
                .map_err(|_| Unacceptable::new(OUT_OF_RANGE)),
            Self::Day(_) | Self::Offset(..) => self.instant(zone),
        }
    }
}

impl FromStr for DateText {
    type Err = Unacceptable;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains('[') {
            return Err(Unacceptable::new(
                "must not name a zone in brackets: the event's timezone does",
            ));
        }
        let (date, time) = text.split_once(['T', 't', ' ']).unwrap_or((text, ""));
        let next_midnight = hour_24::read(time)?.map(|midnight| format!("{date}T{midnight}"));
        let plain = next_midnight.as_deref().unwrap_or(text);
        if let Some(day) = no_such_day(date) {
            return Err(Unacceptable::new(format!(
                "must be a date: {day} is no such day"
            )));
        }
        let pieces = Pieces::parse(plain).map_err(|_| Unacceptable::new(WRONG))?;
        if has_leap_second(time) {
            return Err(Unacceptable::new(WRONG));
        }
        let mut date = pieces.date();
        if next_midnight.is_some() {
            date = date
                .tomorrow()
                .map_err(|_| Unacceptable::new(OUT_OF_RANGE))?;
        }
        if !(1..=9998).contains(&date.year()) {
            return Err(Unacceptable::new(OUT_OF_RANGE));
        }
        match (pieces.time(), pieces.to_numeric_offset()) {
            (None, None) => Ok(Self::Day(date)),
            (Some(time), None) => Ok(Self::Local(date.to_datetime(time))),
            // jiff reads offsets up to 25:59.
            (Some(time), Some(offset)) if offset.seconds().abs() < 24 * 3600 => {
                Ok(Self::Offset(date.to_datetime(time), offset))
            }
            (Some(_), Some(_)) => Err(Unacceptable::new(
                "must have an offset of less than 24 hours, such as +02:00",
            )),
            (None, Some(_)) => Err(Unacceptable::new(WRONG)),
        }
    }
}

/// The day that a text names in the form of a date, where the calendar does not
/// have it.
fn no_such_day(date: &str) -> Option<String> {
    let digits: String = match date.split('-').collect::<Vec<_>>().as_slice() {
        [year, month, day] if [year.len(), month.len(), day.len()] == [4, 2, 2] => {
            [*year, *month, *day].concat()
        }
        [all] if all.len() == 8 => (*all).to_owned(),
        _ => return None,
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, month, day) = (digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?);
    let exists = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    exists.is_err().then(|| format!("{year}-{month}-{day}"))
}

/// Whether a text that was read as a time gives 60 seconds, which jiff takes
/// for 59.
fn has_leap_second(time: &str) -> bool {
    let digits = time
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == ':')
        .filter(char::is_ascii_digit);
    digits.skip(4).take(2).eq("60".chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect(name)
    }

    fn read(text: &str) -> DateText {
        text.parse()
            .unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[track_caller]
    fn reads(text: &str, zone_name: &str, instant: &str) {
        let at = read(text).instant(&zone(zone_name)).expect(text);
        assert_eq!(at.to_string(), instant, "{text}");
    }

    #[test]
    fn the_samples_dates_are_read_in_the_events_zone_unless_they_have_an_offset() {
        reads(
            "2020-07-16T09:00:00",
            "Europe/Paris",
            "2020-07-16T07:00:00Z",
        );
        reads(
            "2020-07-16T14:00:00+0100",
            "Europe/Paris",
            "2020-07-16T13:00:00Z",
        );
        reads(
            "2020-07-16T15:00:00",
            "Europe/Paris",
            "2020-07-16T13:00:00Z",
        );
    }

    #[test]
    fn every_form_of_an_offset_counts() {
        for (text, instant) in [
            ("2020-07-16T09:00:00Z", "2020-07-16T09:00:00Z"),
            ("2020-07-16t09:00:00z", "2020-07-16T09:00:00Z"),
            ("2020-07-16 09:00:00Z", "2020-07-16T09:00:00Z"),
            ("2020-07-16T09:00:00.000Z", "2020-07-16T09:00:00Z"),
            ("2020-07-16T09:00:00,0Z", "2020-07-16T09:00:00Z"),
            ("2020-07-16T09:00:00+01:00", "2020-07-16T08:00:00Z"),
            ("2020-07-16T09:00:00+0100", "2020-07-16T08:00:00Z"),
            ("2020-07-16T09:00:00+01", "2020-07-16T08:00:00Z"),
            ("2020-07-16T09:00:00+05:30", "2020-07-16T03:30:00Z"),
            ("2020-07-16T09:00:00+0430", "2020-07-16T04:30:00Z"),
            ("2020-07-16T09:00:00-03:30", "2020-07-16T12:30:00Z"),
            ("2020-07-16T09:00:00-00:00", "2020-07-16T09:00:00Z"),
            ("2020-07-16T09:00+02:00", "2020-07-16T07:00:00Z"),
            ("20200716T090000+0200", "2020-07-16T07:00:00Z"),
            ("2020-07-16T09:00:00.25+02:00", "2020-07-16T07:00:00.25Z"),
        ] {
            reads(text, "Asia/Kathmandu", instant);
        }
    }

    #[test]
    fn the_hour_24_is_the_midnight_that_ends_the_day() {
        for (text, instant) in [
            ("2028-02-29T24:00:00", "2028-02-29T23:00:00Z"),
            ("2028-02-29T24:00", "2028-02-29T23:00:00Z"),
            ("2028-02-29t24:00:00.000", "2028-02-29T23:00:00Z"),
            ("2028-02-29 24:00:00Z", "2028-03-01T00:00:00Z"),
            ("2028-12-31T24:00:00-05:00", "2029-01-01T05:00:00Z"),
            ("20280229T240000+0100", "2028-02-29T23:00:00Z"),
        ] {
            reads(text, "Europe/Paris", instant);
        }
        for wrong in [
            "2028-02-29T24:00:01",
            "2028-02-29T24:30",
            "20280229T240001Z",
        ] {
            let refused = wrong.parse::<DateText>().expect_err(wrong);
            assert!(
                refused.0.contains("24:00 is the end of the day"),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_local_time_that_is_skipped_moves_forward_by_the_gap() {
        reads(
            "2026-03-29T02:30:00",
            "Europe/Paris",
            "2026-03-29T01:30:00Z",
        );
        reads(
            "2026-10-04T02:10",
            "Australia/Lord_Howe",
            "2026-10-03T15:40:00Z",
        );
        // A whole day.
        reads(
            "2011-12-30T12:00:00",
            "Pacific/Apia",
            "2011-12-30T22:00:00Z",
        );
    }

    #[test]
    fn a_local_time_that_occurs_twice_is_the_first() {
        reads(
            "2026-10-25T02:30:00",
            "Europe/Paris",
            "2026-10-25T00:30:00Z",
        );
        reads(
            "2026-04-05T01:45",
            "Australia/Lord_Howe",
            "2026-04-04T14:45:00Z",
        );
    }

    #[test]
    fn a_date_alone_is_the_start_of_its_day() {
        reads("2020-07-16", "Europe/Paris", "2020-07-15T22:00:00Z");
        reads("2020-07-16", "Asia/Kathmandu", "2020-07-15T18:15:00Z");
        // Days that begin at 01:00, and not at all.
        reads("2015-10-18", "America/Sao_Paulo", "2015-10-18T03:00:00Z");
        reads("2011-12-30", "Pacific/Apia", "2011-12-30T10:00:00Z");
    }

    #[test]
    fn what_is_not_a_date_is_refused_with_what_would_be() {
        for wrong in [
            "",
            "tomorrow",
            "1594890000",
            "09:00:00",
            "16/07/2020",
            "2020-07",
            "2020-7-16",
            "2020-7-16T9:00:00",
            "2020-W29-4T09:00:00",
            "2020-07-16T",
            "2020-07-16T25:00:00",
            "2020-07-16T23:60:00",
            "2016-12-31T23:59:60Z",
            "2016-12-31T23:59:60.5",
            "20161231T235960Z",
            "2016-12-31 23:59:60",
            "2020-07-16Z",
            "2020-07-16+02:00",
            "2020-07-16T09:00:00+1",
            "2020-07-16T09:00:00 +01:00",
            " 2020-07-16T09:00:00",
            "2020-07-16T09:00:00Z\0",
        ] {
            let refused = wrong.parse::<DateText>().expect_err(wrong);
            assert!(
                refused.0.contains("2020-07-16T09:00:00+02:00"),
                "{wrong:?}: {refused}"
            );
        }
        for (wrong, why) in [
            ("2020-02-30T09:00:00", "2020-02-30 is no such day"),
            ("2027-02-29", "2027-02-29 is no such day"),
            ("2027-13-01T24:00", "2027-13-01 is no such day"),
            ("20270431T090000Z", "2027-04-31 is no such day"),
            ("2020-07-16T09:00:00+24:00", "offset of less than 24 hours"),
            ("2020-07-16T09:00:00[Europe/Paris]", "in brackets"),
            ("2020-07-16T09:00:00+02:00[Europe/Paris]", "in brackets"),
            ("2020-07-16T09:00:00[u-ca=hebrew]", "in brackets"),
            ("9999-12-31T23:59:59-12:00", "in the years 1 to 9998"),
            ("9998-12-31T24:00", "in the years 1 to 9998"),
            ("0000-01-01", "in the years 1 to 9998"),
            ("-000001-01-01T00:00:00Z", "in the years 1 to 9998"),
            ("-009999-01-01T00:00:00+12:00", "in the years 1 to 9998"),
        ] {
            let refused = wrong.parse::<DateText>().expect_err(wrong);
            assert!(refused.0.contains(why), "{wrong:?}: {refused}");
        }
    }

    #[test]
    fn every_date_is_an_instant_in_every_zone() {
        for text in [
            "0001-01-01",
            "9998-12-31T23:59:59.999999999-23:59",
            "0001-01-01T00:00+23:59",
        ] {
            for name in ["Pacific/Kiritimati", "Etc/GMT+12", "Europe/Paris", "UTC"] {
                let at = read(text).instant(&zone(name)).expect(text);
                assert!(
                    (0..=9999).contains(&at.to_zoned(TimeZone::UTC).year()),
                    "{text}"
                );
            }
        }
    }
}
