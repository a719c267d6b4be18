use roster_domain::bookings::assignment::MemberRules;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
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

fn agenda(entries: &[(i64, char, TimeSpan)]) -> Agenda {
    let mut buckets: BTreeMap<i64, Option<Bucket>> = BTreeMap::new();
    for (number, last, span) in entries {
        let bucket = buckets.entry(*number).or_default().get_or_insert_default();
        bucket.entries.push(Entry {
            event: event(*last),
            span: *span,
        });
        bucket.version += 1;
    }
    Agenda {
        user: "5f0d7eb02003d0f6e32a9629".parse().expect("an id"),
        buckets,
    }
}

#[test]
fn buckets_are_as_long_before_1970_as_after() {
    assert_eq!(bucket_of(at("1970-01-01T00:00:00Z")), 0);
    assert_eq!(bucket_of(at("1970-01-28T23:59:59Z")), 0);
    assert_eq!(bucket_of(at("1970-01-29T00:00:00Z")), 1);
    assert_eq!(bucket_of(at("1969-12-31T23:59:59Z")), -1);
}

#[test]
fn a_decision_looks_at_the_days_around_each_date_and_at_the_week_where_it_is_capped() {
    let mut rules = Rules::default();
    // 1970-01-29 begins a bucket.
    let (near, week, inside) = (
        span("1970-01-30T09:00:00Z", "1970-01-30T10:00:00Z"),
        span("1970-02-05T09:00:00Z", "1970-02-05T10:00:00Z"),
        span("1970-02-12T09:00:00Z", "1970-02-12T10:00:00Z"),
    );
    assert_eq!(buckets_around(&[near], &rules), BTreeSet::from([0, 1]));
    assert_eq!(buckets_around(&[week], &rules), BTreeSet::from([1]));
    let capped = MemberRules {
        max_per_week: Some(3),
        ..MemberRules::default()
    };
    rules.members.insert("one".to_owned(), capped);
    assert_eq!(buckets_around(&[week], &rules), BTreeSet::from([0, 1]));
    assert_eq!(buckets_around(&[inside], &rules), BTreeSet::from([1]));
    assert!(buckets_around(&[], &rules).is_empty());
}

#[test]
fn a_date_that_crosses_buckets_is_reserved_once() {
    let long = span("1970-01-28T12:00:00Z", "1970-01-29T12:00:00Z");
    let agenda = agenda(&[(0, '1', long), (1, '1', long)]);
    assert_eq!(agenda.reservations(None), [long]);
}

#[test]
fn what_an_event_reserves_itself_is_not_in_its_way() {
    let (own, other) = (
        span("1970-01-05T09:00:00Z", "1970-01-05T10:00:00Z"),
        span("1970-01-05T11:00:00Z", "1970-01-05T12:00:00Z"),
    );
    let agenda = agenda(&[(0, '1', own), (0, '2', other)]);
    assert_eq!(agenda.reservations(Some(event('1'))), [other]);
}

#[test]
fn a_bucket_tells_what_was_freed_from_what_was_reserved() {
    let date = span("1970-01-05T09:00:00Z", "1970-01-05T10:00:00Z");
    let mut agenda = agenda(&[(0, '1', date), (0, '2', date)]);
    let bucket = agenda
        .buckets
        .get_mut(&0)
        .expect("a bucket")
        .as_mut()
        .expect("it is there");
    assert_eq!(bucket.releases(), 0);
    bucket.entries.pop();
    bucket.version += 1;
    assert_eq!(
        bucket.releases(),
        2,
        "it was written three times, and has one entry"
    );
}
