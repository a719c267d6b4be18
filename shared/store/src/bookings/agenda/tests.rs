use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

fn span(start: &str, end: &str) -> TimeSpan {
    TimeSpan {
        start: at(start),
        end: at(end),
    }
}

fn event(last: char) -> EventId {
    format!("5f0d7eb02003d0f6e32a962{last}")
        .parse()
        .expect("an id")
}

fn agenda(entries: &[(char, TimeSpan)]) -> Agenda {
    let mut agenda = Agenda::unread("5f0d7eb02003d0f6e32a9629".parse().expect("an id"));
    for (last, span) in entries {
        for date in days_of(span) {
            let day = agenda.days.entry(date).or_default().get_or_insert_default();
            day.reserved.insert(event(*last), Reserved(*span));
            day.version += 1;
        }
    }
    agenda
}

#[test]
fn a_span_has_time_in_each_day_up_to_the_one_that_begins_at_its_end() {
    let days = |start: &str, end: &str| -> Vec<_> { days_of(&span(start, end)).collect() };
    let (first, second) = (date("2030-01-09"), date("2030-01-10"));
    let (ten, midnight) = ("2030-01-09T10:00:00Z", "2030-01-10T00:00:00Z");
    assert_eq!(days(ten, "2030-01-09T10:30:00Z"), [first]);
    assert_eq!(days(ten, midnight), [first]);
    assert_eq!(days(ten, "2030-01-10T00:00:00.000000001Z"), [first, second]);
    assert_eq!(days(midnight, midnight), [second]);
    assert_eq!(days(ten, ten), [first]);
    let before = ("1969-12-31T23:59:59.5Z", "1970-01-01T00:00:00.5Z");
    let around = [date("1969-12-31"), date("1970-01-01")];
    assert_eq!(days(before.0, before.1), around);
    let (start, end) = (Timestamp::MIN, Timestamp::MAX);
    let first = days_of(&TimeSpan { start, end: start }).next();
    assert_eq!(first, Some(Date::MIN.tomorrow().expect("a day")));
    assert_eq!(days_of(&TimeSpan { start: end, end }).count(), 1);
}

#[test]
fn a_date_that_lasts_several_days_is_reserved_once() {
    let long = span("2030-01-09T12:00:00Z", "2030-01-11T12:00:00Z");
    let agenda = agenda(&[('1', long)]);
    assert_eq!(agenda.days.len(), 3);
    assert_eq!(agenda.reservations(None, Timestamp::UNIX_EPOCH), [long]);
}

#[test]
fn what_an_event_reserves_itself_is_not_in_its_way() {
    let (own, other) = (
        span("1970-01-05T09:00:00Z", "1970-01-05T10:00:00Z"),
        span("1970-01-05T11:00:00Z", "1970-01-05T12:00:00Z"),
    );
    let agenda = agenda(&[('1', own), ('2', other)]);
    assert_eq!(
        agenda.reservations(Some(event('1')), Timestamp::UNIX_EPOCH),
        [other]
    );
}

#[test]
fn what_is_held_counts_until_it_ends() {
    let (day, until) = ("1970-01-05T09:00:00Z", at("1970-01-04T09:10:00Z"));
    let hour = span(day, "1970-01-05T10:00:00Z");
    let mut agenda = agenda(&[]);
    let kept = agenda.days.entry(date("1970-01-05")).or_default();
    let held = Held { span: hour, until };
    kept.get_or_insert_default().held.insert(event('1'), held);
    let before = at("1970-01-04T09:09:59Z");
    assert_eq!(agenda.reservations(None, before), [hour]);
    assert_eq!(agenda.reservations(Some(event('1')), before), []);
    assert_eq!(agenda.reservations(None, until), []);
}

#[test]
fn a_day_tells_what_was_freed_from_what_was_reserved() {
    let hour = span("1970-01-05T09:00:00Z", "1970-01-05T10:00:00Z");
    let mut agenda = agenda(&[('1', hour), ('2', hour)]);
    let day = agenda.days.values_mut().flatten().next();
    let day = day.expect("it is there");
    assert_eq!(day.releases(), 0);
    day.reserved.pop_first();
    day.version += 1;
    let releases = day.releases();
    assert_eq!(releases, 2, "it was written three times, and has one entry");
}
