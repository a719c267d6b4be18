use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    super::{
        Choices, EventMessage, GuestAct, Participant,
        life::tests::{date, event, id},
    },
    *,
};
use crate::{UserId, users::booking_page::PageSettings};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// What happened where this is done to an event with two dates.
fn of(change: impl FnOnce(&mut Event)) -> Vec<Action> {
    let before = event(vec![date(1, 9, true), date(2, 10, true)]);
    let mut event = before.clone();
    change(&mut event);
    happened_to_event(Some(&before), &event)
}

#[test]
fn an_event_that_is_made_confirmed_is_created_and_confirmed() {
    let mut made = event(vec![date(1, 9, true)]);
    made.confirmed = false;
    assert_eq!(happened_to_event(None, &made), [Action::EventCreated]);
    made.confirmed = true;
    let both = [Action::EventCreated, Action::EventConfirmed];
    assert_eq!(happened_to_event(None, &made), both);
}

#[test]
fn each_change_has_its_action_and_what_the_original_does_not_know_is_an_update_too() {
    assert_eq!(of(|_| ()), []);
    let titled = of(|event| event.title = "Other".parse().expect("a title"));
    assert_eq!(titled, [Action::EventUpdated]);
    let counted = of(|event| event.version += 1);
    assert_eq!(counted, [Action::EventUpdated]);
    let cancelled = of(|event| event.cancelled_at = Some(NOW));
    assert_eq!(cancelled, [Action::EventCancelled]);
    let confirmed = of(|event| event.confirm(Some(id(2)), None, NOW).map(drop).expect("is"));
    assert_eq!(confirmed, [Action::EventConfirmed]);
    let handed_over = of(|event| event.assigned = UserId::from_bytes([9; 12]));
    assert_eq!(handed_over, [Action::EventReassigned, Action::EventUpdated]);
    let no_show = of(|event| event.no_show_at = Some(NOW));
    assert_eq!(no_show, [Action::EventNoShow]);
    let invited = of(|event| {
        let guest = Participant {
            id: id(99),
            ..event.participants.last().expect("a guest").clone()
        };
        event.participants.push(guest);
    });
    assert_eq!(invited, [Action::EventNewInvitee]);
    let declined = of(|event| {
        if let Some(guest) = event.participants.last_mut() {
            guest.declined_at = Some(NOW);
        }
    });
    assert_eq!(declined, [Action::EventDeclined]);
    let written = of(|event| {
        event.messages.push(EventMessage {
            id: id(50),
            from: "p13@example.com".parse().expect("an address"),
            body: "Hello".parse().expect("a message"),
            created_at: None,
        });
    });
    assert_eq!(written, [Action::EventMessage]);
}

#[test]
fn an_event_that_is_confirmed_with_another_date_is_moved_and_updated_and_not_confirmed_again() {
    let mut before = event(vec![date(1, 9, true), date(2, 10, true)]);
    before
        .confirm(Some(id(1)), None, NOW)
        .expect("is confirmed");
    let mut event = before.clone();
    event.confirm(Some(id(2)), None, NOW).expect("is confirmed");
    let happened = happened_to_event(Some(&before), &event);
    assert_eq!(happened, [Action::EventRescheduled, Action::EventUpdated]);
}

#[test]
fn a_guest_who_says_what_suits_has_voted() {
    let voted = of(|event| {
        let key = "13".to_owned();
        if let Some(guest) = event.participants.last_mut() {
            guest.key.clone_from(&key);
            guest.email = Some("p13@example.com".parse().expect("an address"));
        }
        let choices = Choices {
            dates: [(id(2), true)].into(),
            places: BTreeMap::new(),
        };
        let act = GuestAct::Vote(&choices);
        let done = event.act(&key, &act, &PageSettings::default(), NOW);
        assert!(done.expect("they may"));
    });
    assert_eq!(voted, [Action::EventVoted]);
}
