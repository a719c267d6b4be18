//! Events of `/v2` (`/v2/teams`).

use roster_domain::bookings::event::MAX_DAYS;
use roster_scheduling::wire::{
    event_in::EventBody,
    event_out::{BookedEventAnswer, ListedEventAnswer},
};
use serde_json::{Value, json};

use crate::{
    examples::samples::{sample, with},
    operation::{AnswerHeader, JSON, Operation, Style, operation},
    parameters::{organization, query, window},
    schema::{Described, Parts, Taken, array, named, one_of, string},
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
            .takes([
                query("q", string(), "A regular expression for the title, without look-around and back-references. Ignores case, except with `(?-i)`."),
                query("filter", one_of(&["confirmed", "upcoming"]), "`confirmed`: only confirmed events. `upcoming`: only events with a date that is not over, or without a date."),
            ])
            .answers(200, "The events.", array(named("ListedEvent")), json!([listed()]))
            .with(AnswerHeader::Link)
            .refuses([404]),
        event_operation("scheduling-reassign-event", "Move an event to another member of its team")
            .about("By the same rules as booking. 409 if no other member can take it.")
            .bodies(vec![(JSON, named("NothingBody"))], false, vec![("nothing", json!({}))])
            .shows("The event.", "BookedEvent", booked())
            .with(AnswerHeader::CacheControl)
            .refuses([404, 409]),
    ]
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
    json!({ "assignment": {
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
    parts
}
