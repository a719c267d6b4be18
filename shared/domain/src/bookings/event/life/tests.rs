use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{
    access::{ceiling::Ceiling, permission::Permissions},
    bookings::{
        assignment::{Decision, Strategy},
        event::{EventPlace, Participant, ThirdParty},
    },
    id::{EventId, TeamId, UserId},
    users::language::Language,
};

fn member() -> UserId {
    UserId::from_bytes([1; 12])
}

fn colleague() -> UserId {
    UserId::from_bytes([2; 12])
}

pub(in super::super) fn id(number: u8) -> ObjectId {
    ObjectId::from_bytes([number; 12])
}

fn at(hour: i64) -> Timestamp {
    let start: Timestamp = "2030-01-09T00:00:00Z".parse().expect("an instant");
    start + jiff::SignedDuration::from_hours(hour)
}

pub(in super::super) fn date(number: u8, hour: i64, free: bool) -> EventDate {
    EventDate {
        id: id(number),
        span: TimeSpan {
            start: at(hour),
            end: at(hour + 1),
        },
        all_day: false,
        confirmed: false,
        free,
        vote: id(100 + number),
        suggested_by: None,
        votes: Vec::new(),
    }
}

fn participant(number: u8, user: Option<UserId>, is_assigned: bool) -> Participant {
    Participant {
        id: id(number),
        email: None,
        user,
        full_name: String::new(),
        phone: None,
        picture_url: None,
        timezone: None,
        locale: None,
        is_assigned,
        key: String::new(),
        required: false,
        is_booker: false,
        accepted_at: None,
        declined_at: None,
    }
}

/// An event of [`member`] (11), [`colleague`] (12) and a stranger (13).
pub(in super::super) fn event(dates: Vec<EventDate>) -> Event {
    let place = |number| EventPlace {
        id: id(number),
        name: "Here".parse().expect("a title"),
        address: None,
        source: None,
        source_id: None,
        vote: id(100 + number),
        votes: Vec::new(),
    };
    Event {
        id: EventId::from_bytes([9; 12]),
        team: Some(TeamId::from_bytes([8; 12])),
        title: "Demo".parse().expect("a title"),
        assigned: member(),
        confirmed: false,
        confirmed_at: None,
        confirmed_place: None,
        cancelled_at: None,
        no_show_at: None,
        taken_back: None,
        sequence: 0,
        dates,
        places: vec![place(21), place(22)],
        participants: vec![
            participant(11, Some(member()), true),
            participant(12, Some(colleague()), false),
            participant(13, None, false),
        ],
        messages: Vec::new(),
        lang: Language::En,
        locale: Language::En,
        timezone: None,
        read_in: None,
        third_party: ThirdParty::default(),
        no_emails: false,
        from_page: false,
        reply_to: String::new(),
        key_store: id(30),
        decision: Some(Decision {
            strategy: Strategy::Balanced,
            member: member(),
            shares: BTreeMap::new(),
            number: 1,
            last_assigned_before: 0,
        }),
        considered: Vec::new(),
        created_at: at(0),
        updated_at: at(0),
        version: 0,
    }
}

fn confirmed(event: &Event) -> Vec<u8> {
    let dates = event.dates.iter().filter(|date| date.confirmed);
    let first_byte = |date: &EventDate| date.id.to_string()[..2].to_owned();
    let number = |text: String| u8::from_str_radix(&text, 16).expect("a byte");
    dates.map(first_byte).map(number).collect()
}

#[test]
fn without_a_date_the_first_of_those_with_most_votes_is_confirmed() {
    let dates = [
        date(1, 9, false),
        date(2, 10, true),
        date(3, 12, true),
        date(4, 11, true),
    ];
    let mut it = event(dates.to_vec());
    assert_eq!(it.confirm(None, None, at(10)).ok(), Some(true));
    assert_eq!(confirmed(&it), [2], "it is not over before 11");
    let mut it = event(dates.to_vec());
    assert_eq!(it.confirm(None, None, at(11)).ok(), Some(true));
    assert_eq!(confirmed(&it), [4]);
    assert_eq!(it.confirmed_place, Some(id(21)));
    assert_eq!(it.sequence, 0, "nothing was in a calendar before");
}

#[test]
fn confirming_again_moves_what_is_reserved_or_changes_nothing() {
    let mut it = event(vec![date(1, 9, true), date(2, 10, true)]);
    assert_eq!(it.reserved(), None);
    assert_eq!(
        it.confirm(Some(id(1)), Some(id(22)), at(0)).ok(),
        Some(true)
    );
    assert_eq!(it.reserved().map(|span| span.start), Some(at(9)));
    assert_eq!(
        it.confirm(Some(id(1)), Some(id(22)), at(1)).ok(),
        Some(false)
    );
    assert_eq!(it.confirmed_at, Some(at(0)));
    assert_eq!(it.confirm(Some(id(2)), None, at(1)).ok(), Some(true));
    assert_eq!(it.reserved().map(|span| span.start), Some(at(10)));
    assert_eq!((confirmed(&it), it.sequence), (vec![2], 1));
}

#[test]
fn what_is_not_there_cannot_be_confirmed() {
    let mut it = event(vec![date(1, 9, true)]);
    let violation = |result: Result<bool>| match result {
        Err(Error::Invalid(violations)) => violations.into_iter().next(),
        other => panic!("{other:?}"),
    };
    let told = violation(it.confirm(Some(id(7)), None, at(0)));
    let of_date = Some(Field::ConfirmedDate.into());
    assert_eq!(told.map(|told| told.location), of_date);
    let told = violation(it.confirm(None, Some(id(7)), at(0)));
    let of_place = Some(Field::ConfirmedPlace.into());
    assert_eq!(told.map(|told| told.location), of_place);
    let none = event(Vec::new()).confirm(None, None, at(0));
    assert!(matches!(none, Err(Error::Conflict(_))));
}

#[test]
fn a_date_that_only_an_organizer_suggests_reserves_nothing() {
    let mut it = event(vec![date(1, 9, true)]);
    assert!(it.reserved().is_some());
    it.team = None;
    assert_eq!(it.reserved(), None);
    it.confirm(None, None, at(0)).expect("it has a date");
    assert!(it.reserved().is_some());
}

#[test]
fn who_manages_users_or_holds_the_event_may_change_it() {
    let it = event(Vec::new());
    let actor = |id, user_management| Actor::User {
        id,
        permissions: Permissions {
            user_management,
            ..Permissions::default()
        },
        ceiling: Ceiling::NONE,
    };
    assert!(it.may_be_changed_by(&Actor::Owner).is_ok());
    assert!(it.may_be_changed_by(&actor(member(), false)).is_ok());
    assert!(it.may_be_changed_by(&actor(colleague(), true)).is_ok());
    assert!(it.may_be_changed_by(&actor(colleague(), false)).is_err());
}

#[test]
fn a_cancelled_event_reserves_nothing_and_stays_as_it_is() {
    let mut it = event(vec![date(1, 9, true)]);
    assert!(it.reserved().is_some());
    assert!(it.cancel(at(1)));
    assert_eq!(it.reserved(), None);
    assert_eq!(it.outcome(), Some(Outcome::Cancelled));
    assert!(!it.cancel(at(2)));
    assert_eq!((it.cancelled_at, it.sequence), (Some(at(1)), 1));
    assert!(it.confirm(None, None, at(2)).is_err());
    assert!(it.decline(id(12), at(2)).is_err());
    assert!(it.note_no_show(at(20)).is_err());
}

#[test]
fn who_declines_is_free_again_and_the_last_one_cancels() {
    let mut it = event(vec![date(1, 9, true)]);
    assert_eq!(it.occupied(), BTreeSet::from([member(), colleague()]));
    assert_eq!(it.decline(id(12), at(1)).ok(), Some(true));
    assert_eq!(it.decline(id(12), at(1)).ok(), Some(false));
    assert_eq!(it.occupied(), BTreeSet::from([member()]));
    assert!(!it.is_cancelled());
    assert_eq!(it.decline(id(13), at(1)).ok(), Some(true));
    assert!(it.is_cancelled());
    let holder = event(Vec::new()).decline(id(11), at(1));
    assert!(matches!(holder, Err(Error::Conflict(_))));
    let nobody = event(Vec::new()).decline(id(14), at(1));
    assert!(matches!(nobody, Err(Error::Invalid(_))));
}

#[test]
fn nobody_can_miss_what_has_not_begun() {
    let mut it = event(vec![date(1, 9, true)]);
    assert!(it.note_no_show(at(8)).is_err());
    assert_eq!(it.note_no_show(at(9)).ok(), Some(true));
    assert_eq!(it.note_no_show(at(9)).ok(), Some(false));
    assert_eq!(it.outcome(), Some(Outcome::NoShow));
    it.taken_back = Some(Outcome::NoShow);
    assert_eq!(it.outcome(), None, "once is enough");
    let mut open = event(vec![date(1, 1, true), date(2, 2, true)]);
    assert!(open.note_no_show(at(9)).is_err(), "nothing was agreed on");
}

#[test]
fn a_moved_event_has_one_date_and_asks_everybody_again() {
    let mut it = event(vec![date(1, 9, true), date(2, 10, true)]);
    it.confirm(None, None, at(0)).expect("it has a date");
    it.decline(id(12), at(0)).expect("they are invited");
    let new = |start: &str, end: &str| NewDate {
        date: SuggestedDate {
            all_day: false,
            start: start.parse().expect("a date"),
            end: end.parse().expect("a date"),
        },
        timezone: "Europe/Paris".parse().ok(),
    };
    let (start, end) = ("2030-01-09T15:00:00", "2030-01-09T16:00:00");
    it.move_to(&new(start, end), at(1)).expect("it is open");
    assert_eq!(it.reserved(), Some(date(0, 14, true).span));
    assert!(
        it.move_to(&new(end, start), at(1)).is_err(),
        "it ends first"
    );
    assert_eq!(it.dates.len(), 1);
    assert_eq!(it.occupied(), BTreeSet::from([member(), colleague()]));
    assert_eq!((it.confirmed_at, it.sequence), (Some(at(1)), 1));
}
