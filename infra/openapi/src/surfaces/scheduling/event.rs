//! Events of `/v2` (`/v2/teams`).

use roster_domain::bookings::event::MAX_DAYS;
use roster_scheduling::slots::MAX_PEOPLE;
use roster_scheduling::wire::{
    event_change_in::{
        DeclineBody, EventUpdateBody, OrganizerBody, ReassignmentBody, RescheduleBody, invitees,
    },
    event_in::{EventBody, NewEventBody},
    event_out::{BookedEventAnswer, ListedEventAnswer},
};
use serde_json::{Value, json};
use utoipa::openapi::{KnownFormat, path::Parameter};

use crate::{
    examples::samples::{sample, with},
    operation::{Answer, AnswerHeader, JSON, Operation, Style, operation},
    parameters::{if_match, list, organization, query, window},
    schema::{Described, Parts, Taken, array, format, named, one_of, string},
};

fn event_operation(binary: &'static str, summary: &'static str) -> Operation {
    operation(binary, "Events", Style::Problem, summary).takes([organization()])
}

/// The descriptions.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        event_operation("scheduling-book-event", "Book an event with a member of a team")
            .about(format!("Assigns a member who can take the event. `created_by.email` is either a member to ask for, or the person who books. A date lasts at most {MAX_DAYS} days. A 409 gives the reason for each member."))
            .body(named("EventBody"), vec![("event", sample!("v2_teams/book_event.request"))])
            .answers(201, "The event.", named("BookedEvent"), booked())
            .with(AnswerHeader::CacheControl)
            .refuses([404, 409]),
        event_operation("scheduling-list-events", "List events of a team's members")
            .about("Newest bookings first. With `q`, a page covers a few thousand events and may be empty. Follow `Link` until it is absent.")
            .takes(window())
            .takes(chosen())
            .answers(200, "The events.", array(named("ListedEvent")), json!([listed()]))
            .with(AnswerHeader::Link)
            .refuses([404]),
        event_operation("scheduling-reassign-event", "Move an event to another member of its team")
            .about("By the same rules as booking. With `user`, that member gets it, and the ledger charges them for it. 409 if no other member can take it.")
            .bodies(vec![(JSON, named("ReassignmentBody"))], false, vec![
                ("whose turn it is", json!({})),
                ("a member", json!({ "user": "5eecc40bb2181073ac6ff375" })),
            ])
            .shows("The event.", "BookedEvent", booked())
            .with(AnswerHeader::CacheControl)
            .refuses([404, 409]),
        event_operation("scheduling-list-all-events", "List events")
            .about("Of the whole organization, newest first. Each parameter narrows the list. A page may be empty: follow `Link` until it is absent.")
            .takes(window())
            .takes(chosen())
            .takes(filters())
            .answers(200, "The events.", array(named("ListedEvent")), json!([listed()]))
            .with(AnswerHeader::Link)
            .refuses([404]),
        event_operation("scheduling-create-event", "Create an event without a team")
            .about("`created_by` is the organizer. With `confirmed`, the first date that everybody who must attend is free for is reserved: the organizer, and invitees with `required`. 409 if there is none. Needs `userManagement` for another user's event.")
            .body(named("NewEventBody"), vec![("event", created())])
            .answers(201, "The event.", named("BookedEvent"), organized(booked()))
            .with(AnswerHeader::CacheControl)
            .refuses([403, 409]),
        changed("scheduling-update-event", "Change an event")
            .about("`dates` and `places` replace the old ones. The response of a `GET` can be sent back.")
            .takes([if_match()])
            .refuses([412])
            .body(named("EventUpdateBody"), vec![("title", json!({ "title": "Review" }))])
            .shows("The event.", "ListedEvent", listed())
            .with(AnswerHeader::Tag),
        changed("scheduling-invite-to-event", "Invite people to an event")
            .about("Addresses that are invited already stay as they are.")
            .body(invitees(), vec![("an invitee", json!([{ "email": "zoe@example.com" }]))])
            .answers(200, "All invitees.", array(named("Invitee")), booked().get("invitees").cloned().unwrap_or_default()),
        changed("scheduling-remove-invitee", "Remove an invitee from an event")
            .about("Frees the invitee's time, if they are a user.")
            .answer(ok("Removed.")),
        changed("scheduling-hand-over-event", "Give an event to another organizer")
            .about("For an event without a team. A team gives its events to members with `reassign`.")
            .body(named("OrganizerBody"), vec![("a user", json!({ "user": "5eecc40bb2181073ac6ff375", "keep_as_invitee": true }))])
            .answer(ok("Done.")),
        event_operation("scheduling-get-event", "Retrieve an event")
            .shows("The event.", "ListedEvent", listed())
            .with(AnswerHeader::Tag)
            .refuses([404]),
        change("scheduling-confirm-event", "Confirm a date of an event")
            .about("Reserves the date for everybody who takes part. Confirming another date moves the reservation. 409 if who has the event is not free.")
            .takes([
                query("d", named("Id"), "The `_id` of the date. Default: of those with most votes the first that is not over."),
                query("p", named("Id"), "The `_id` of the place. Default: the first of those with most votes."),
            ])
            .shows("The event.", "ListedEvent", listed())
            .with(AnswerHeader::Tag),
        change("scheduling-cancel-event", "Cancel an event")
            .about("Frees everybody's time. The team's ledger takes the booking back, unless the team's rules say otherwise. Cancelling again changes nothing.")
            .answer(ok("Cancelled.")),
        changed("scheduling-decline-event", "Decline an invitation")
            .about("Frees the invitee's time, if they are a user. If nobody who is invited is left, the event is cancelled.")
            .body(named("DeclineBody"), vec![("an invitee", json!({ "invitee": "5f0d7eb02003d0c9352a9621" }))])
            .shows("The event.", "ListedEvent", listed())
            .with(AnswerHeader::Tag),
        change("scheduling-note-no-show", "Mark an event as a no-show")
            .about("For an event that has started and that no invitee came to. The team's ledger takes the booking back, unless the team's rules say otherwise.")
            .shows("The event.", "ListedEvent", listed())
            .with(AnswerHeader::Tag),
        changed("scheduling-reschedule-event", "Move an event to another date")
            .about("The date replaces all dates of the event. Who has the event keeps it. 409 with the reasons if they cannot take the date. With `reassign`, another member of the team gets it then.")
            .body(named("RescheduleBody"), vec![("an hour later", json!({
                "date": "2020-07-16T11:00:00.000Z", "end_date": "2020-07-16T12:00:00.000Z",
            }))])
            .shows("The event.", "ListedEvent", listed())
            .with(AnswerHeader::Tag),
    ]
}

/// The text that tells nothing more.
fn ok(about: &'static str) -> Answer {
    Answer {
        status: 200,
        about,
        content: Some(("text/plain", one_of(&["OK"]))),
        example: None,
        headers: Vec::new(),
    }
}

/// A change of an event.
fn changed(binary: &'static str, summary: &'static str) -> Operation {
    event_operation(binary, summary).refuses([403, 404, 409])
}

/// A change of an event that takes no fields.
fn change(binary: &'static str, summary: &'static str) -> Operation {
    changed(binary, summary).bodies(
        vec![(JSON, named("NothingBody"))],
        false,
        vec![("nothing", json!({}))],
    )
}

/// What every list of events can be asked for.
fn chosen() -> [Parameter; 2] {
    [
        query(
            "q",
            string(),
            "A regular expression for the title, without look-around and back-references. Ignores case, except with `(?-i)`.",
        ),
        query(
            "filter",
            one_of(&["confirmed", "upcoming", "future"]),
            "`confirmed`: only confirmed events. `upcoming`: only events with a date that is not over, or without a date. Neither includes cancelled events. `future`: as `upcoming`, with cancelled events.",
        ),
    ]
}

/// What the events of an organization can be chosen by, besides.
fn filters() -> [Parameter; 10] {
    [
        query("team", named("Id"), "Events booked with this team."),
        list(
            "creator_users",
            named("Id"),
            MAX_PEOPLE,
            "Events that this user has.",
        ),
        list(
            "creator_emails",
            named("Email"),
            MAX_PEOPLE,
            "Events of the user with this address.",
        ),
        list(
            "invitee_users",
            named("Id"),
            MAX_PEOPLE,
            "Events that all these users are invited to.",
        ),
        list(
            "invitee_emails",
            named("Email"),
            MAX_PEOPLE,
            "Events that all these addresses are invited to.",
        ),
        query(
            "app_id",
            named("Name"),
            "Events of this application (`third_party.app`).",
        ),
        list(
            "group_ids",
            named("Name"),
            MAX_PEOPLE,
            "Events of all these groups (`third_party.group_ids`).",
        ),
        query(
            "from",
            format(KnownFormat::Date),
            "Events with a date on or after this day. Required with `to`.",
        ),
        query(
            "to",
            format(KnownFormat::Date),
            "Events with a date on or before this day. Required with `from`.",
        ),
        query(
            "timezone",
            named("TimeZone"),
            "Time zone of these days. Default: UTC.",
        ),
    ]
}

fn created() -> Value {
    json!({
        "title": "Review",
        "created_by": { "email": "jean@example.com" },
        "dates": [{ "date": "2020-07-16T07:00:00.000Z", "end_date": "2020-07-16T08:00:00.000Z" }],
        "invitees": [{ "email": "marie@example.com", "required": true }],
        "third_party": { "app": "crm", "group_ids": ["sales"] },
    })
}

/// The same event without a team.
fn organized(mut event: Value) -> Value {
    if let Some(event) = event.as_object_mut() {
        event.remove("team");
        event.remove("assignment");
        event.insert("vyteme".to_owned(), json!(false));
    }
    event
}

fn booked() -> Value {
    with(sample!("v2_teams/book_event.response"), &assignment())
}

fn listed() -> Value {
    let patch = json!({
        "key_store": "5f0d7eb02003d0f6e32a9622",
        "app_url": "https://www.example.com",
        "alias": "alias_web_5eecc40bb2181073ac6ff375_1594719920862",
    });
    with(booked(), &patch)
}

fn assignment() -> Value {
    json!({ "team": "5f1077cf21f43b0b99660619", "vyteme": true, "assignment": {
        "strategy": "balanced",
        "member": "5eecc40bb2181073ac6ff375",
        "dates": [
            { "_id": "5f0d7eb02003d0174a2a961c", "free": true },
            { "_id": "5f0d7eb02003d04b512a961b", "free": true },
        ],
    }})
}

/// The schemas.
pub(super) fn parts() -> Parts {
    let mut parts = Parts::new();
    EventBody::collect(&mut parts);
    BookedEventAnswer::collect(&mut parts);
    ListedEventAnswer::collect(&mut parts);
    NewEventBody::collect(&mut parts);
    EventUpdateBody::collect(&mut parts);
    OrganizerBody::collect(&mut parts);
    DeclineBody::collect(&mut parts);
    RescheduleBody::collect(&mut parts);
    ReassignmentBody::collect(&mut parts);
    parts
}
