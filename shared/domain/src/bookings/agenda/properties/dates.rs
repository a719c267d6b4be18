//! Holds [`DateText`] and the spans of dates to a brute force that looks at the
//! clock of a zone minute by minute.

use jiff::{ToSpan, civil::DateTime};
use proptest::prelude::*;

use super::{super::*, change, date, instant, minute, zone};
use crate::bookings::event::SuggestedDate;

/// The clock of a zone around a change, minute by minute.
struct Clock {
    /// The first minute, and what the clock shows from then on.
    first: i64,
    shows: Vec<DateTime>,
}

impl Clock {
    fn around(zone: &TimeZone, change: i64) -> Self {
        let first = change - 8_000;
        let minutes = first..change + 8_000;
        Self {
            first,
            shows: minutes.map(|at| zone.to_datetime(instant(at))).collect(),
        }
    }

    /// The first minute, not before `from`, at which the clock shows a time.
    fn first_at(&self, shown: DateTime, from: i64) -> Option<i64> {
        let minutes = (self.first..).zip(&self.shows);
        let mut found = minutes.filter(|(at, shows)| **shows == shown && *at >= from);
        found.next().map(|(at, _)| at)
    }

    /// When a time is: at its first occurrence; where the clock skips it, as
    /// much later as the clock would have gone on to it from the last minute
    /// before the gap.
    fn read(&self, shown: DateTime) -> (i64, bool) {
        if let Some(at) = self.first_at(shown, self.first) {
            return (at, false);
        }
        let minutes = (self.first..).zip(&self.shows);
        let earlier = minutes.filter(|(_, shows)| **shows < shown);
        let (at, shows) = earlier.last().expect("a minute before the gap");
        (at + shown.duration_since(*shows).as_mins(), true)
    }

    /// What two texts without an offset are, as it is told: a skipped start
    /// moves the whole date, which is as long as it is written; an end that
    /// occurs twice is the first that is not before the start.
    fn span(&self, start: DateTime, end: DateTime) -> Option<(i64, i64)> {
        let (from, moved) = self.read(start);
        let until = if moved {
            from + end.duration_since(start).as_mins()
        } else {
            self.first_at(end, from).unwrap_or(self.read(end).0)
        };
        (until >= from).then_some((from, until))
    }
}

/// What a clock might show near a change of offset: also what it skips.
fn shown(zone: &TimeZone, change: i64, lead: i64) -> DateTime {
    // By the clock as it ran before the change, so that skipped times occur.
    let before = zone.to_offset(instant(change - 1));
    before.to_datetime(instant(change + lead))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_local_time_is_its_first_occurrence_or_moves_by_the_gap(
        (name, change) in change(), lead in -1_600_i64..1_600
    ) {
        let zone = zone(name);
        let wanted = shown(&zone, change, lead);
        let text: DateText = wanted.to_string().parse().expect("a local time");
        let read = minute(text.instant(&zone).expect("a local time"));
        prop_assert_eq!(read, Clock::around(&zone, change).read(wanted).0);
    }

    #[test]
    fn a_date_is_as_long_as_it_is_written_where_its_start_or_end_is_skipped(
        (name, change) in change(),
        lead in prop_oneof![4 => -90_i64..90, 1 => -1_600_i64..1_600],
        length in prop_oneof![1 => Just(0_i64), 6 => 1_i64..240, 1 => -60_i64..1_600],
    ) {
        let zone = zone(name);
        let start = shown(&zone, change, lead);
        let end = start + length.minutes();
        let date = SuggestedDate {
            all_day: false,
            start: start.to_string().parse().expect("a date"),
            end: end.to_string().parse().expect("a date"),
        };
        let clock = Clock::around(&zone, change);
        let read = date.span(&zone).ok().map(|span| (minute(span.start), minute(span.end)));
        prop_assert_eq!(read, clock.span(start, end));
        if let Some((from, until)) = read
            && (clock.read(start).1 || (clock.read(end).1 && from < change))
        {
            prop_assert_eq!(until - from, length);
        }
    }

    #[test]
    fn whole_days_begin_and_end_with_days_of_the_zone(
        (name, change) in change(), lead in -3_i64..3, count in 1_i64..5
    ) {
        let zone = zone(name);
        let first = shown(&zone, change, lead * 1_440).date();
        let last = first.checked_add((count - 1).days()).expect("a day");
        let next = last.tomorrow().expect("a day");
        let day = |text: String| text.parse().expect("a date");
        let date = |start: String, end: String| SuggestedDate {
            all_day: true,
            start: day(start),
            end: day(end),
        };
        let span = date(first.to_string(), last.to_string()).span(&zone).expect("days");
        // As calendars write it: up to the next midnight, which is not in it.
        let midnights = date(format!("{first}T00:00"), format!("{next}T00:00"));
        prop_assert_eq!(midnights.span(&zone).expect("days"), span);
        let mut minutes = (minute(span.start)..minute(span.end)).map(|at| zone.to_datetime(instant(at)).date());
        let had: std::collections::BTreeSet<_> = minutes.by_ref().collect();
        let edges = [minute(span.start) - 1, minute(span.end)].map(|at| zone.to_datetime(instant(at)).date());
        prop_assert!(edges.iter().all(|day| !had.contains(day)), "{edges:?} {had:?}");
        // Apia's days skip one: it is not counted where it is in between.
        let count = usize::try_from(count).expect("few");
        prop_assert!(had.len() == count || (name == "Pacific/Apia" && had.len() + 1 == count));
    }

    #[test]
    fn an_offset_in_any_form_names_the_instant(
        (_, date) in date(), sign in any::<bool>(), hours in 0_i64..15, quarters in 0_i64..4
    ) {
        let minutes = hours * 60 + quarters * 15;
        let shifted = minute(date.start) + if sign { minutes } else { -minutes };
        let local = TimeZone::UTC.to_datetime(instant(shifted));
        let sign = if sign { '+' } else { '-' };
        let mut forms = vec![
            format!("{local}{sign}{hours:02}:{:02}", quarters * 15),
            format!("{local}{sign}{hours:02}{:02}", quarters * 15),
        ];
        if quarters == 0 {
            forms.push(format!("{local}{sign}{hours:02}"));
        }
        for form in forms {
            let text: DateText = form.parse().expect("a date");
            let read = text.instant(&zone("Pacific/Apia"));
            prop_assert_eq!(read, Ok(date.start), "{}", form);
        }
    }
}
