//! Reads the dates of S2's events.

use jiff::{Timestamp, civil::Date, fmt::temporal::Pieces, tz::TimeZone};

use super::TimeSpan;
use crate::error::Unacceptable;

const WRONG: &str = "must be a date and time such as 2020-07-16T09:00:00, in the event's \
     timezone, or 2020-07-16T09:00:00+02:00, with hours 00 to 23 and minutes and seconds \
     00 to 59; or a date alone such as 2020-07-16";

/// Reads an ISO 8601 date and time. Its offset counts where it has one (`Z`,
/// `+01:00`, `+0100`, `+01`); else it is local in `zone`, where a time that a
/// change of offset skips moves forward by the gap, and one that occurs twice
/// is the first. A date alone is the start of that day in `zone`.
pub fn read_instant(text: &str, zone: &TimeZone) -> Result<Timestamp, Unacceptable> {
    let wrong = || Unacceptable::new(WRONG);
    let pieces = Pieces::parse(text).map_err(|_| wrong())?;
    // A zone in brackets would speak against the event's own.
    if text.contains('[') || has_leap_second(text) {
        return Err(wrong());
    }
    let date = pieces.date();
    let instant = match (pieces.time(), pieces.to_numeric_offset()) {
        // jiff reads offsets up to 25:59.
        (Some(time), Some(offset)) if offset.seconds().abs() < 24 * 3600 => {
            offset.to_timestamp(date.to_datetime(time))
        }
        (Some(time), None) => zone.to_timestamp(date.to_datetime(time)),
        (None, None) => return start_of_day(date, zone),
        (_, Some(_)) => return Err(wrong()),
    };
    instant.map_err(|_| wrong())
}

/// Reads the days of an all-day date: from the start of `start`'s day to the
/// end of `end`'s, both days in `zone`, the event's.
pub fn all_day(start: &str, end: &str, zone: &TimeZone) -> Result<TimeSpan, Unacceptable> {
    let day = |text| read_instant(text, zone).map(|instant| zone.to_datetime(instant).date());
    let (first, last) = (day(start)?, day(end)?);
    // Compared as days: the end's day is inclusive, so that the day before the
    // start would come out as an empty span, not as one that ends too early.
    if last < first {
        return Err(Unacceptable::new("must not be before the date's start"));
    }
    let after = last.tomorrow().map_err(|_| Unacceptable::new(WRONG))?;
    TimeSpan::new(start_of_day(first, zone)?, start_of_day(after, zone)?)
}

fn start_of_day(date: Date, zone: &TimeZone) -> Result<Timestamp, Unacceptable> {
    let start = date.to_zoned(zone.clone());
    start
        .map(|start| start.timestamp())
        .map_err(|_| Unacceptable::new(WRONG))
}

/// Whether a text that was read as a date and time gives 60 seconds, which
/// jiff takes for 59.
fn has_leap_second(text: &str) -> bool {
    let time = text
        .split_once(['T', 't', ' '])
        .map_or("", |(_, time)| time);
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

    #[track_caller]
    fn reads(text: &str, zone_name: &str, instant: &str) {
        let read = read_instant(text, &zone(zone_name)).expect(text);
        assert_eq!(read.to_string(), instant, "{text}");
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
            ("2020-07-16T09:00:00.000Z", "2020-07-16T09:00:00Z"),
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
            "2020-02-30T09:00:00",
            "2020-07-16T",
            "2020-07-16T24:00:00",
            "2020-07-16T23:60:00",
            "2016-12-31T23:59:60Z",
            "2016-12-31T23:59:60.5",
            "20161231T235960Z",
            "2016-12-31 23:59:60",
            "2020-07-16Z",
            "2020-07-16+02:00",
            "2020-07-16T09:00:00+24:00",
            "2020-07-16T09:00:00+1",
            "2020-07-16T09:00:00 +01:00",
            "2020-07-16T09:00:00[Europe/Paris]",
            "2020-07-16T09:00:00+02:00[Europe/Paris]",
            "2020-07-16T09:00:00[u-ca=hebrew]",
            " 2020-07-16T09:00:00",
            "2020-07-16T09:00:00Z\0",
            "9999-12-31T23:59:59-12:00",
            "-009999-01-01T00:00:00+12:00",
        ] {
            let refused = read_instant(wrong, &TimeZone::UTC).expect_err(wrong);
            assert!(refused.0.contains("2020-07-16T09:00:00+02:00"), "{wrong:?}");
        }
    }

    #[track_caller]
    fn spans(start: &str, end: &str, zone_name: &str, from: &str, to: &str) {
        let span = all_day(start, end, &zone(zone_name)).expect(start);
        assert_eq!(
            (span.start.to_string(), span.end.to_string()),
            (from.into(), to.into())
        );
    }

    #[test]
    fn an_all_day_date_is_whole_days_of_the_events_zone() {
        let (from, to) = ("2020-07-15T22:00:00Z", "2020-07-16T22:00:00Z");
        spans("2020-07-16", "2020-07-16", "Europe/Paris", from, to);
        spans(
            "2020-07-16T18:00:00",
            "2020-07-16T09:00:00",
            "Europe/Paris",
            from,
            to,
        );
        // Already the 16th in Paris.
        spans(
            "2020-07-15T23:00:00Z",
            "2020-07-16",
            "Europe/Paris",
            from,
            to,
        );
        spans(
            "2020-07-16",
            "2020-07-18",
            "Europe/Paris",
            from,
            "2020-07-18T22:00:00Z",
        );
        // 23 and 25 hours.
        spans(
            "2026-03-29",
            "2026-03-29",
            "Europe/Paris",
            "2026-03-28T23:00:00Z",
            "2026-03-29T22:00:00Z",
        );
        spans(
            "2026-10-25",
            "2026-10-25",
            "Europe/Paris",
            "2026-10-24T22:00:00Z",
            "2026-10-25T23:00:00Z",
        );
        // The day before the one that Apia skipped is followed by the day after it.
        spans(
            "2011-12-29",
            "2011-12-29",
            "Pacific/Apia",
            "2011-12-29T10:00:00Z",
            "2011-12-30T10:00:00Z",
        );
    }

    #[test]
    fn an_all_day_date_does_not_end_on_a_day_before_its_start() {
        let refused = all_day("2020-07-16", "2020-07-15", &TimeZone::UTC);
        assert_eq!(
            refused,
            Err(Unacceptable::new("must not be before the date's start"))
        );
        assert!(all_day("2020-07-16", "soon", &TimeZone::UTC).is_err());
        assert!(all_day("9999-12-30", "9999-12-31", &TimeZone::UTC).is_err());
    }
}
