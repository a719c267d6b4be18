use super::*;

fn date(all_day: bool, start: &str, end: &str) -> SuggestedDate {
    let read = |text: &str| {
        text.parse()
            .unwrap_or_else(|error| panic!("{text}: {error}"))
    };
    SuggestedDate {
        all_day,
        start: read(start),
        end: read(end),
    }
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect(name)
}

#[track_caller]
fn spans(all_day: bool, start: &str, end: &str, zone_name: &str, from: &str, to: &str) {
    let span = date(all_day, start, end).span(&zone(zone_name));
    let span = span.unwrap_or_else(|error| panic!("{start} to {end}: {error:?}"));
    assert_eq!(
        (span.start.to_string(), span.end.to_string()),
        (from.into(), to.into()),
        "{start} to {end} in {zone_name}"
    );
}

#[track_caller]
fn timed(start: &str, end: &str, zone_name: &str, from: &str, to: &str) {
    spans(false, start, end, zone_name, from, to);
}

#[track_caller]
fn all_day(start: &str, end: &str, zone_name: &str, from: &str, to: &str) {
    spans(true, start, end, zone_name, from, to);
}

#[test]
fn a_date_whose_start_is_skipped_moves_as_a_whole() {
    let paris = |start, end, from, to| timed(start, end, "Europe/Paris", from, to);
    paris(
        "2027-03-28T02:30",
        "2027-03-28T03:30",
        "2027-03-28T01:30:00Z",
        "2027-03-28T02:30:00Z",
    );
    paris(
        "2027-03-28T02:00",
        "2027-03-28T03:00",
        "2027-03-28T01:00:00Z",
        "2027-03-28T02:00:00Z",
    );
    paris(
        "2027-03-28T02:15",
        "2027-03-28T02:45",
        "2027-03-28T01:15:00Z",
        "2027-03-28T01:45:00Z",
    );
    paris(
        "2027-03-28T02:30",
        "2027-03-28T02:30",
        "2027-03-28T01:30:00Z",
        "2027-03-28T01:30:00Z",
    );
    paris(
        "2027-03-28T02:30",
        "2027-03-29T10:00",
        "2027-03-28T01:30:00Z",
        "2027-03-29T09:00:00Z",
    );
    timed(
        "2027-03-14T02:30",
        "2027-03-14T03:00",
        "America/New_York",
        "2027-03-14T07:30:00Z",
        "2027-03-14T08:00:00Z",
    );
    // Half an hour, at midnight, and a whole day.
    timed(
        "2026-10-04T02:10",
        "2026-10-04T02:40",
        "Australia/Lord_Howe",
        "2026-10-03T15:40:00Z",
        "2026-10-03T16:10:00Z",
    );
    timed(
        "2018-11-04T00:30",
        "2018-11-04T01:00",
        "America/Sao_Paulo",
        "2018-11-04T03:30:00Z",
        "2018-11-04T04:00:00Z",
    );
    timed(
        "2011-12-30T23:30",
        "2011-12-31T00:30",
        "Pacific/Apia",
        "2011-12-31T09:30:00Z",
        "2011-12-31T10:30:00Z",
    );
    timed(
        "2011-12-30",
        "2011-12-31",
        "Pacific/Apia",
        "2011-12-30T10:00:00Z",
        "2011-12-31T10:00:00Z",
    );
}

#[test]
fn a_date_whose_end_is_skipped_keeps_its_length() {
    timed(
        "2027-03-28T01:30",
        "2027-03-28T02:30",
        "Europe/Paris",
        "2027-03-28T00:30:00Z",
        "2027-03-28T01:30:00Z",
    );
    timed(
        "2018-11-03T23:30",
        "2018-11-04T00:15",
        "America/Sao_Paulo",
        "2018-11-04T02:30:00Z",
        "2018-11-04T03:15:00Z",
    );
}

#[test]
fn what_no_change_skips_is_when_it_says() {
    // Around a gap, and around a fold: by the clock two hours and one.
    timed(
        "2027-03-28T01:30",
        "2027-03-28T03:30",
        "Europe/Paris",
        "2027-03-28T00:30:00Z",
        "2027-03-28T01:30:00Z",
    );
    timed(
        "2027-10-31T02:30",
        "2027-10-31T03:30",
        "Europe/Paris",
        "2027-10-31T00:30:00Z",
        "2027-10-31T02:30:00Z",
    );
    // A day that begins at 01:00 is not skipped.
    timed(
        "2018-11-04",
        "2018-11-04T02:00",
        "America/Sao_Paulo",
        "2018-11-04T03:00:00Z",
        "2018-11-04T04:00:00Z",
    );
    timed(
        "2027-03-28T02:30",
        "2027-03-28T03:30",
        "Asia/Kolkata",
        "2027-03-27T21:00:00Z",
        "2027-03-27T22:00:00Z",
    );
}

#[test]
fn an_end_that_occurs_twice_is_the_first_behind_the_start() {
    timed(
        "2027-10-31T01:15:00Z",
        "2027-10-31T02:45",
        "Europe/Paris",
        "2027-10-31T01:15:00Z",
        "2027-10-31T01:45:00Z",
    );
    timed(
        "2027-10-31T00:15:00Z",
        "2027-10-31T02:45",
        "Europe/Paris",
        "2027-10-31T00:15:00Z",
        "2027-10-31T00:45:00Z",
    );
}

#[test]
fn a_skipped_start_is_not_moved_up_to_an_end_that_cannot_move() {
    for end in [
        "2027-03-28T01:30:00Z",
        "2027-03-28T03:30:00+02:00",
        "2027-03-28T01:00:00Z",
    ] {
        let refused = date(false, "2027-03-28T02:30", end).span(&zone("Europe/Paris"));
        let Err(WrongDate::Backwards(why)) = refused else {
            panic!("{end}: {refused:?}");
        };
        assert!(
            why.0.contains("the clocks skip 2027-03-28T02:30:00"),
            "{why}"
        );
    }
    timed(
        "2027-03-28T02:30",
        "2027-03-28T03:31:00+02:00",
        "Europe/Paris",
        "2027-03-28T01:30:00Z",
        "2027-03-28T01:31:00Z",
    );
}

#[test]
fn an_all_day_date_is_whole_days_of_the_events_zone() {
    let (from, to) = ("2020-07-15T22:00:00Z", "2020-07-16T22:00:00Z");
    let paris = |start, end, from, to| all_day(start, end, "Europe/Paris", from, to);
    paris("2020-07-16", "2020-07-16", from, to);
    paris("2020-07-16T18:00:00", "2020-07-16T09:00:00", from, to);
    // Already the 16th in Paris.
    paris("2020-07-15T23:00:00Z", "2020-07-16", from, to);
    paris("2020-07-16", "2020-07-18", from, "2020-07-18T22:00:00Z");
    // 23 and 25 hours.
    paris(
        "2026-03-29",
        "2026-03-29",
        "2026-03-28T23:00:00Z",
        "2026-03-29T22:00:00Z",
    );
    paris(
        "2026-10-25",
        "2026-10-25",
        "2026-10-24T22:00:00Z",
        "2026-10-25T23:00:00Z",
    );
}

#[test]
fn an_all_day_date_to_a_later_midnight_ends_before_it() {
    let (from, to) = ("2027-02-28T23:00:00Z", "2027-03-01T23:00:00Z");
    let paris = |start, end| all_day(start, end, "Europe/Paris", from, to);
    paris("2027-03-01T00:00:00", "2027-03-02T00:00:00");
    paris("2027-03-01T00:00:00", "2027-03-01T24:00");
    paris("2027-03-01", "2027-03-02T00:00");
    paris("2027-03-01T09:00", "2027-03-02T00:00");
    paris("2027-03-01T00:00+01:00", "2027-03-02T00:00+01:00");
    // The zone's midnights, as instants.
    paris("2027-02-28T23:00:00Z", "2027-03-01T23:00:00Z");
    paris("2027-02-28T23:00:00Z", "2027-03-01T22:59:59.999Z");
    // A day of UTC, and of New York.
    paris("2027-03-01T00:00:00Z", "2027-03-02T00:00:00Z");
    paris("2027-03-01T00:00:00Z", "2027-03-01T23:59:59Z");
    paris("2027-03-01T00:00:00Z", "2027-03-01T23:59Z");
    paris("2027-03-01", "2027-03-01T23:59:59Z");
    paris("2027-03-01T00:00-05:00", "2027-03-02T00:00-05:00");
    // No later midnight.
    paris("2027-03-01T00:00", "2027-03-01T00:00");
    paris("2027-03-01T00:00:00Z", "2027-03-01T00:00:00Z");
    // A date alone is inclusive; so is a time that is no midnight.
    let to = "2027-03-02T23:00:00Z";
    all_day("2027-03-01T00:00", "2027-03-02", "Europe/Paris", from, to);
    all_day(
        "2027-03-01T00:00",
        "2027-03-02T00:01",
        "Europe/Paris",
        from,
        to,
    );
    // Where the clocks skip midnight, 01:00 begins the day.
    all_day(
        "2018-11-03T03:00:00Z",
        "2018-11-04T03:00:00Z",
        "America/Sao_Paulo",
        "2018-11-03T03:00:00Z",
        "2018-11-04T03:00:00Z",
    );
}

#[test]
fn an_all_day_date_on_a_day_that_is_skipped_is_on_the_next() {
    let apia = |start, end, from, to| all_day(start, end, "Pacific/Apia", from, to);
    // The day before the one that Apia skipped is followed by the day after.
    apia(
        "2011-12-29",
        "2011-12-29",
        "2011-12-29T10:00:00Z",
        "2011-12-30T10:00:00Z",
    );
    apia(
        "2011-12-29T00:00",
        "2011-12-30T00:00",
        "2011-12-29T10:00:00Z",
        "2011-12-30T10:00:00Z",
    );
    apia(
        "2011-12-30",
        "2011-12-30",
        "2011-12-30T10:00:00Z",
        "2011-12-31T10:00:00Z",
    );
    apia(
        "2011-12-30",
        "2011-12-31",
        "2011-12-30T10:00:00Z",
        "2012-01-01T10:00:00Z",
    );
    apia(
        "2011-12-29",
        "2011-12-30",
        "2011-12-29T10:00:00Z",
        "2011-12-31T10:00:00Z",
    );
    apia(
        "2011-12-29",
        "2011-12-31",
        "2011-12-29T10:00:00Z",
        "2011-12-31T10:00:00Z",
    );
}

#[test]
fn a_date_does_not_end_before_it_starts() {
    for (all_day, start, end) in [
        (true, "2020-07-16", "2020-07-15"),
        (true, "2020-07-16T00:00", "2020-07-15T00:00"),
        (false, "2020-07-16T09:00", "2020-07-16T08:59"),
        (false, "2027-03-28T02:30", "2027-03-28T02:29"),
        (false, "2027-03-28T02:30", "2027-03-28T01:59"),
    ] {
        let refused = date(all_day, start, end).span(&zone("Europe/Paris"));
        assert_eq!(refused, Err(backwards()), "{start} to {end}");
    }
}

#[test]
fn a_date_lasts_at_most_31_days_by_the_clock_or_in_hours() {
    for (all_day, start, end, zone_name) in [
        (true, "2027-10-01", "2027-10-31", "Europe/Paris"),
        (true, "2027-10-01T00:00", "2027-11-01T00:00", "Europe/Paris"),
        (
            false,
            "2027-10-01T00:00",
            "2027-11-01T00:00",
            "Europe/Paris",
        ),
        (
            false,
            "2027-10-01T00:00Z",
            "2027-11-01T00:00Z",
            "Europe/Paris",
        ),
        // Its clocks change by two hours.
        (true, "2027-10-01", "2027-10-31", "Antarctica/Troll"),
        (
            false,
            "2027-10-01T00:00",
            "2027-11-01T00:00",
            "Antarctica/Troll",
        ),
        (
            false,
            "2027-03-01T00:00Z",
            "2027-04-01T00:00Z",
            "Antarctica/Troll",
        ),
    ] {
        let read = date(all_day, start, end).span(&zone(zone_name));
        assert!(read.is_ok(), "{start} to {end} in {zone_name}: {read:?}");
    }
    for (all_day, start, end, zone_name, why) in [
        (true, "2027-10-01", "2027-11-01", "UTC", "it lasts 32"),
        (
            true,
            "2027-10-01",
            "2027-11-02T00:00",
            "Europe/Paris",
            "it lasts 32",
        ),
        (
            false,
            "2027-10-01T00:00",
            "2027-11-01T00:01",
            "Europe/Paris",
            "at most 31 days after date",
        ),
        (
            false,
            "2027-10-01T00:00Z",
            "2027-11-01T00:01Z",
            "UTC",
            "at most 31 days after date",
        ),
    ] {
        let read = date(all_day, start, end).span(&zone(zone_name));
        let Err(WrongDate::TooLong(detail)) = read else {
            panic!("{start} to {end} in {zone_name}: {read:?}");
        };
        assert!(detail.0.contains(why), "{detail}");
    }
}

#[test]
fn a_rough_span_refuses_only_what_is_wrong_in_every_zone() {
    for (all_day, start, end) in [
        (false, "2027-03-01T09:00", "2027-02-28T12:00Z"),
        (false, "2027-03-01T09:00", "2027-04-02T09:00Z"),
        (true, "2027-03-01T23:00-05:00", "2027-03-01"),
    ] {
        assert!(
            date(all_day, start, end).rough_span().is_ok(),
            "{start} to {end}"
        );
    }
    for (all_day, start, end) in [
        (false, "2027-03-03T09:00", "2027-03-01T12:00Z"),
        (false, "2027-03-01T09:00", "2027-04-09T09:00"),
        (true, "2027-03-05", "2027-03-01"),
        (true, "2027-03-05", "2127-03-01"),
    ] {
        assert!(
            date(all_day, start, end).rough_span().is_err(),
            "{start} to {end}"
        );
    }
}
