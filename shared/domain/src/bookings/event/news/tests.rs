use jiff::Timestamp;

use super::{
    super::{
        Choices, EventMessage, GuestAct,
        life::tests::{date, event, id},
    },
    *,
};
use crate::users::booking_page::PageSettings;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// An event of a member (11), a user (12) and a guest (13), who all have an address, and
/// their number as a key. It has so many dates.
fn addressed(dates: usize) -> Event {
    let own = [date(1, 9, true), date(2, 10, true)];
    let mut event = event(own.into_iter().take(dates).collect());
    for (participant, number) in event.participants.iter_mut().zip(11..) {
        let email = format!("p{number}@example.com");
        participant.email = Some(email.parse().expect("an address"));
        participant.key = number.to_string();
    }
    event
}

/// Who is told what.
fn told(before: Option<&Event>, event: &Event) -> Vec<(ObjectId, News)> {
    let notices = notices(before, event, NOW).into_iter();
    notices.map(|notice| (notice.to.id, notice.news)).collect()
}

/// What is told of a change of an event with so many dates.
fn of(dates: usize, change: impl FnOnce(&mut Event)) -> Vec<(ObjectId, News)> {
    let before = addressed(dates);
    let mut event = before.clone();
    change(&mut event);
    told(Some(&before), &event)
}

fn everybody(news: News) -> Vec<(ObjectId, News)> {
    (11..=13).map(|number| (id(number), news)).collect()
}

fn act(event: &mut Event, key: &str, act: &GuestAct<'_>) {
    let done = event.act(key, act, &PageSettings::default(), NOW);
    assert!(done.expect("they may"));
}

#[test]
fn everybody_with_an_address_is_told_of_a_new_event_once() {
    let mut event = addressed(1);
    assert_eq!(told(None, &event), everybody(News::Invited));
    event.confirm(None, None, NOW).expect("is confirmed");
    assert_eq!(told(None, &event), everybody(News::Invited));
    if let Some(guest) = event.participants.last_mut() {
        guest.email = None;
    }
    assert_eq!(told(None, &event).len(), 2);
}

#[test]
fn nobody_is_told_of_what_changes_nothing_of_what_is_over_and_where_none_is_wanted() {
    assert_eq!(of(1, |_| ()), []);
    assert_eq!(of(1, |event| event.no_emails = true), []);
    let mut silent = addressed(1);
    silent.no_emails = true;
    assert_eq!(told(None, &silent), []);
    let event = addressed(1);
    let late = event.ends_at().expect("it has a date");
    assert!(notices(None, &event, late).is_empty());
    assert_eq!(of(1, |event| event.version += 1), []);
}

#[test]
fn what_becomes_of_an_event_is_told_to_all_who_come() {
    let confirmed = of(2, |event| {
        event.confirm(Some(id(2)), None, NOW).expect("is confirmed");
    });
    assert_eq!(confirmed, everybody(News::Confirmed));
    let cancelled = of(2, |event| assert!(event.cancel(NOW)));
    assert_eq!(cancelled, everybody(News::Cancelled));
    let moved = of(1, |event| {
        event.dates = vec![date(3, 15, true)];
    });
    assert_eq!(moved, everybody(News::Moved));
    let undecided = of(1, |event| event.dates.push(date(3, 15, true)));
    assert_eq!(undecided, everybody(News::Undecided));
    let changed = of(1, |event| event.title = "Other".parse().expect("a title"));
    assert_eq!(changed, everybody(News::Changed));
    let to_choose = of(2, |event| event.dates.push(date(3, 15, true)));
    assert_eq!(to_choose, everybody(News::Changed));
}

#[test]
fn who_comes_and_who_goes_is_told_and_others_are_not() {
    let removed = of(1, |event| event.remove(id(12)).expect("is taken off"));
    assert_eq!(removed, [(id(12), News::Removed)]);
    let handed_over = of(1, |event| {
        let mut other = event.participants.remove(0);
        other.id = id(14);
        other.user = None;
        event.participants.insert(0, other);
        event.assigned = crate::id::UserId::from_bytes([7; 12]);
    });
    let expected = [
        (id(11), News::Removed),
        (id(12), News::Changed),
        (id(13), News::Changed),
        (id(14), News::Invited),
    ];
    assert_eq!(handed_over, expected);
}

#[test]
fn what_a_guest_does_is_told_to_those_whom_it_concerns() {
    let declined = of(1, |event| act(event, "13", &GuestAct::Decline));
    assert_eq!(declined, [(id(11), News::Declined)]);
    let accepted = of(1, |event| act(event, "12", &GuestAct::Accept));
    assert_eq!(accepted, [(id(11), News::Accepted)]);
    let choices = Choices {
        dates: [(id(1), true)].into(),
        ..Choices::default()
    };
    let voted = of(2, |event| act(event, "12", &GuestAct::Vote(&choices)));
    assert_eq!(voted, [(id(11), News::Voted), (id(12), News::VoteNoted)]);
    let text = "Hello".parse().expect("a text");
    let wrote = of(1, |event| act(event, "13", &GuestAct::Write(&text)));
    assert_eq!(wrote, [(id(11), News::Message), (id(12), News::Message)]);
    let span = date(3, 15, true).span;
    let suggest = GuestAct::Suggest {
        span,
        all_day: false,
    };
    let suggested = of(2, |event| act(event, "13", &suggest));
    let expected = [
        (id(11), News::Suggested),
        (id(12), News::Suggested),
        (id(13), News::VoteNoted),
    ];
    assert_eq!(suggested, expected);
}

#[test]
fn the_last_guest_who_declines_cancels_and_is_not_told_so() {
    let mut before = addressed(1);
    before.participants.truncate(2);
    let mut event = before.clone();
    act(&mut event, "12", &GuestAct::Decline);
    assert_eq!(told(Some(&before), &event), [(id(11), News::Cancelled)]);
}

#[test]
fn what_is_cancelled_stays_so_and_is_not_told_again() {
    let mut before = addressed(1);
    before.cancel(NOW);
    let mut event = before.clone();
    event.messages.push(EventMessage {
        id: id(40),
        from: "p13@example.com".parse().expect("an address"),
        body: "Why?".parse().expect("a text"),
        created_at: None,
    });
    assert_eq!(told(Some(&before), &event), []);
    assert!(News::Cancelled.still_holds(&event));
    assert!(!News::Moved.still_holds(&event) && News::Removed.still_holds(&event));
}
