use super::{
    super::life::tests::{date, event, id},
    *,
};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// An event of a member (11), a user (12) and the guest who booked it (13), with these
/// dates; their keys are their numbers.
fn booked(dates: Vec<EventDate>) -> Event {
    let mut event = event(dates);
    for (participant, number) in event.participants.iter_mut().zip(11..) {
        participant.key = format!("{number}");
        participant.is_booker = number == 13;
    }
    event
}

fn two_dates() -> Event {
    booked(vec![date(1, 9, true), date(2, 10, true)])
}

fn act(event: &mut Event, key: &str, act: GuestAct<'_>) -> Result<bool> {
    event.act(key, &act, &PageSettings::default(), NOW)
}

fn for_date(number: u8, yes: bool) -> Choices {
    Choices {
        dates: [(id(number), yes)].into(),
        ..Choices::default()
    }
}

fn actions(event: &Event, number: usize, settings: &PageSettings) -> BTreeSet<GuestAction> {
    event.guest_actions(&event.participants[number - 11], settings, NOW)
}

#[test]
fn only_the_key_of_who_takes_part_opens_the_event_and_not_for_ever() {
    let event = two_dates();
    let end = event.ends_at().expect("it has dates");
    let who = |key, now| event.participant_with(key, now).map(|one| one.id);
    assert_eq!(who("12", NOW), Some(id(12)));
    for wrong in ["", "1", "122", "14"] {
        assert_eq!(who(wrong, NOW), None, "{wrong}");
    }
    let days = |days: i64| end + SignedDuration::from_hours(24 * days);
    assert_eq!(who("12", days(29)), Some(id(12)));
    assert_eq!(who("12", days(30)), None);
}

#[test]
fn the_date_with_most_votes_is_confirmed_and_who_declines_does_not_count() {
    let mut event = two_dates();
    for (key, yes) in [("12", true), ("13", true)] {
        assert_eq!(
            act(&mut event, key, GuestAct::Vote(&for_date(2, yes))).ok(),
            Some(true)
        );
    }
    let again = act(&mut event, "12", GuestAct::Vote(&for_date(2, true)));
    assert_eq!(again.ok(), Some(false), "it was said before");
    assert_eq!(event.most_wanted(NOW).map(|date| date.id), Some(id(2)));
    let places = Choices {
        places: [(id(22), true)].into(),
        ..Choices::default()
    };
    act(&mut event, "12", GuestAct::Vote(&places)).expect("it has the place");
    assert_eq!(event.most_wanted_place(), Some(id(22)));

    for key in ["12", "13"] {
        let mut alone = event.clone();
        act(&mut alone, key, GuestAct::Decline).expect("they may");
        assert_eq!(alone.support_for_date(&alone.dates[1]), 2, "{key}");
    }
    event.remove(id(12)).expect("it is a guest");
    assert!(
        event
            .dates
            .iter()
            .all(|date| date.votes.iter().all(|vote| vote.by != id(12)))
    );
}

#[test]
fn a_vote_for_what_is_not_there_any_more_changes_nothing() {
    let mut event = two_dates();
    let before = event.clone();
    let mut choices = for_date(1, false);
    choices.dates.insert(id(7), true);
    assert!(matches!(
        act(&mut event, "12", GuestAct::Vote(&choices)),
        Err(Error::Conflict(_))
    ));
    assert_eq!(event, before);
}

#[test]
fn a_suggested_date_is_one_to_choose_and_never_takes_what_is_reserved() {
    let span = date(0, 15, true).span;
    let suggest = GuestAct::Suggest {
        span,
        all_day: false,
    };
    let mut event = two_dates();
    assert_eq!(act(&mut event, "12", suggest).ok(), Some(true));
    assert_eq!(
        act(&mut event, "12", suggest).ok(),
        Some(false),
        "it is there"
    );
    assert_eq!(
        act(&mut event, "13", suggest).ok(),
        Some(true),
        "a vote for it"
    );
    let own = event.dates.last().expect("it was added");
    assert_eq!(
        (own.suggested_by, event.support_for_date(own)),
        (Some(id(12)), 2)
    );

    let mut reserved = booked(vec![date(1, 9, true)]);
    assert!(reserved.reserved().is_some());
    let refused = act(&mut reserved, "12", suggest);
    assert!(matches!(refused, Err(Error::Conflict(_))));
    let one_slot = PageSettings {
        one_slot: Some(true),
        ..PageSettings::default()
    };
    assert!(!actions(&two_dates(), 12, &one_slot).contains(&GuestAction::Suggest));
}

#[test]
fn who_declined_can_come_after_all() {
    let mut event = booked(vec![date(1, 9, true)]);
    act(&mut event, "12", GuestAct::Accept).expect("they may");
    assert!(event.participants[1].accepted_at.is_some());
    act(&mut event, "12", GuestAct::Decline).expect("they may");
    assert!(event.participants[1].accepted_at.is_none());
    assert!(
        !event
            .occupied()
            .contains(&event.participants[1].user.expect("a user"))
    );
    act(&mut event, "12", GuestAct::Accept).expect("they may");
    assert!(
        event
            .occupied()
            .contains(&event.participants[1].user.expect("a user"))
    );
}

#[test]
fn only_who_holds_or_booked_an_event_cancels_and_moves_it() {
    use GuestAction::{Accept, Cancel, Decline, Reschedule, Vote};

    let event = booked(vec![date(1, 9, true)]);
    let settings = PageSettings::default();
    let of = |number| actions(&event, number, &settings);
    assert!(!of(12).contains(&Cancel) && !of(12).contains(&Reschedule));
    assert!(of(13).contains(&Cancel) && of(13).contains(&Reschedule));
    assert!(of(11).contains(&Cancel) && of(11).contains(&Reschedule));
    assert!(
        [Accept, Decline, Vote]
            .iter()
            .all(|one| !of(11).contains(one))
    );
}

#[test]
fn guests_decline_cancel_and_move_until_it_is_too_late() {
    use GuestAction::{Cancel, Decline, Reschedule, Write};

    let event = booked(vec![date(1, 9, true)]);
    let start = event.dates[0].span.start;
    let at = |hours: Option<u32>, minutes_before: i64, number: usize| {
        let settings = PageSettings {
            event_hide_decline: hours,
            ..PageSettings::default()
        };
        let now = start - SignedDuration::from_mins(minutes_before);
        event.guest_actions(&event.participants[number - 11], &settings, now)
    };
    for late in [Decline, Cancel, Reschedule] {
        assert!(at(None, 1, 13).contains(&late), "until it starts");
        assert!(!at(None, 0, 13).contains(&late));
        assert!(at(Some(24), 24 * 60 + 1, 13).contains(&late));
        assert!(!at(Some(24), 24 * 60, 13).contains(&late));
    }
    assert!(at(Some(24), 0, 13).contains(&Write));
    assert!(at(Some(24), 0, 11).contains(&Cancel), "who holds it can");
}

#[test]
fn nothing_is_done_with_an_event_that_is_over_or_cancelled() {
    let mut event = two_dates();
    let end = event.ends_at().expect("it has dates");
    let settings = PageSettings::default();
    let over = event.guest_actions(&event.participants[2], &settings, end);
    assert_eq!(over, BTreeSet::from([GuestAction::ChooseZone]));
    act(&mut event, "13", GuestAct::Cancel).expect("they booked it");
    assert!(event.is_cancelled());
    let body = "Hello".parse().expect("a message");
    let refused = act(&mut event, "13", GuestAct::Write(&body));
    assert!(matches!(refused, Err(Error::Conflict(_))));
}
