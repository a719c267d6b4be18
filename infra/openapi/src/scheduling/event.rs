//! Events of `/v2` (S2).

use roster_domain::event::{MAX_DAYS, MAX_PARTS};
use serde_json::{Value, json};

use crate::{
    operation::{AnswerHeader, JSON, Operation, Style, operation},
    parameters::{organization, query, window},
    samples::{sample, with},
    schema::{
        Field, Part, Parts, about, any_of, array, array_of, boolean, clearable, closed, count, map,
        may, must, named, null, nullable, object, one_of, string, unread, values,
    },
    values::ID,
};

fn event_operation(binary: &'static str, summary: &'static str) -> Operation {
    operation(binary, "Events", Style::Problem, summary).takes([organization()])
}

/// The descriptions.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        event_operation("scheduling-book-event", "Book an event with a member of a team")
            .about(format!("One member is assigned who can take the event. `created_by.email` asks for a member by name, or is the address of the person who books. A date lasts at most {MAX_DAYS} days. 409 says of each member why not."))
            .body(named("EventBody"), vec![("event", sample!("s2_book_event.request"))])
            .answers(201, "The event.", named("BookedEvent"), booked())
            .with(AnswerHeader::CacheControl)
            .refuses([404, 409]),
        event_operation("scheduling-list-events", "List events of a team's members")
            .about("Newest first, by when they were booked. `q` looks at some thousand titles and answers what it found among them, which may be nothing: as long as there is a `Link`, it leads on.")
            .takes(window())
            .takes([
                query("q", string(), "A regular expression on the title, without look-around and back-references. Its case does not count, unless it says so with `(?-i)`."),
                query("filter", one_of(&["confirmed", "upcoming"]), "Only these: confirmed; with a date that is not over, or without a date."),
            ])
            .answers(200, "The events.", array(named("ListedEvent")), json!([listed()]))
            .with(AnswerHeader::Link)
            .refuses([404]),
        event_operation("scheduling-reassign-event", "Move an event to another member of its team")
            .about("By the same rules as a booking. Nobody else who can take it is a 409.")
            .bodies(vec![(JSON, named("NothingBody"))], false, vec![("nothing", json!({}))])
            .shows("The event.", "BookedEvent", booked())
            .with(AnswerHeader::CacheControl)
            .refuses([404, 409]),
    ]
}

fn booked() -> Value {
    with(sample!("s2_book_event.response"), &assignment())
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
    vec![
        ("EventBody", closed(body())),
        (
            "PlaceBody",
            closed(vec![
                must("name", named("Title")),
                clearable("address", named("Address")),
                clearable("adress", named("Address")).about("The same as `address`."),
                clearable("source", named("Name")).about("The system that the place comes from."),
                clearable("source_id", named("ExternalId")).about("The place's id in that system."),
            ]),
        ),
        (
            "InviteeBody",
            closed(vec![
                must("email", named("Email")),
                clearable("full_name", named("Title")),
                clearable("phone", named("Name")),
            ]),
        ),
        ("MessageBody", closed(vec![must("body", named("Message"))])),
        (
            "BookedEvent",
            object(event(vec![
                must(
                    "key_store",
                    object(vec![
                        must("_id", named("Id")),
                        must("hash", map(string(), Some(ID), None)).about(
                            "A key for each participant, under the user's or the invitation's id.",
                        ),
                        must("updatedAt", named("Instant")),
                        must("createdAt", named("Instant")),
                        must("__v", count()),
                    ]),
                )
                .about("The participants' keys, for whoever books."),
            ])),
        ),
        (
            "ListedEvent",
            object(event(vec![
                must("key_store", named("Id")),
                must("app_url", string()).about("Where the application is."),
                must("alias", string()),
            ])),
        ),
        ("CreatedByMember", object(vec![must("user", named("Id"))])),
        (
            "Votes",
            object(vec![
                must("yes", array(named("Vote"))),
                must("no", array(named("Vote"))),
            ]),
        ),
        (
            "Vote",
            object(vec![
                must("created_by", named("CreatedByMember")),
                must("_id", named("Id")),
            ]),
        ),
        (
            "Date",
            object(vec![
                must("_id", named("Id")),
                must("date", named("Instant")).about("Start."),
                must("end_date", named("Instant")).about("End."),
                must("all_day", boolean()),
                must("confirmed", boolean()),
                must("confirmed_invitees", array(named("Id"))),
                must("created_by", named("CreatedByMember")),
                must("votes", named("Votes")),
                must("createdAt", named("Instant")),
                must("updatedAt", named("Instant")),
            ]),
        ),
        (
            "Place",
            object(vec![
                must("_id", named("Id")),
                must("name", named("Title")),
                may("address", named("Address")),
                must("source", named("Name")),
                may("source_id", named("ExternalId")),
                must("created_by", named("CreatedByMember")),
                must("votes", named("Votes")),
                must("createdAt", named("Instant")),
                must("updatedAt", named("Instant")),
            ]),
        ),
        ("Invitee", object(invitee())),
        (
            "EventMessage",
            object(vec![
                must("_id", named("Id")),
                must("from", named("Email")),
                must("body", named("Message")),
                may("created_by", named("CreatedByMember")).about("The user whose address it is."),
                must("createdAt", named("Instant")),
                must("updatedAt", named("Instant")),
            ]),
        ),
        (
            "Assignment",
            about(
                object(vec![
                    must("strategy", named("Strategy")),
                    must("member", named("Id")),
                    must(
                        "dates",
                        array(object(vec![
                            must("_id", named("Id")),
                            must("free", boolean()).about(
                                "Whether the member was free for it when the event was assigned.",
                            ),
                        ])),
                    ),
                    may("considered", array(named("Considered")))
                        .about("What was said of each member, in the answer that assigns."),
                ]),
                "Why this member.",
            ),
        ),
    ]
}

/// An array, or one of its elements by itself.
fn one_or_more(name: &str) -> Part {
    any_of([array_of(named(name), MAX_PARTS), named(name)])
}

fn body() -> Vec<Field> {
    let date = closed(vec![
        may("all_day", named("Flag")).about("Whole days of that zone, the last included. An end at a later midnight is not included."),
        must("date", named("EventDate")).about("Start. In the zone of whoever is assigned, unless it has an offset or the event a zone."),
        must("end_date", named("EventDate")).about("End; not before the start."),
    ]);
    vec![
        may("organization", named("Id"))
            .about("The organization, where the request's query does not name it."),
        must("title", named("Title")),
        clearable(
            "created_by",
            closed(vec![
                clearable("email", named("Email")).about("Required without `user`."),
                clearable("full_name", named("Title")),
                clearable("user", named("Id")).about(
                    "Asks for the member with this id. Beside `email` it must be the same user.",
                ),
                unread("picture_url"),
            ]),
        )
        .about("The member who is asked for, or the person who books, who becomes an invitee."),
        may("dates", array_of(date, MAX_PARTS)),
        may(
            "confirmed",
            closed(vec![
                may("flag", named("Flag")).about("Confirms the first date at once."),
                unread("updated_at"),
                unread("multi"),
            ]),
        ),
        may("places", one_or_more("PlaceBody")),
        may("invitees", one_or_more("InviteeBody")),
        may("messages", one_or_more("MessageBody")),
        may("lang", named("SchedulingLanguage")).about("English unless set."),
        may("locale", named("SchedulingLanguage")).about("The language unless set."),
        clearable("timezone", named("TimeZone"))
            .about("Zone of dates without an offset, and of all-day dates."),
        may("vyteme", values([json!(true), json!("true")])).about("Nothing else is booked here."),
    ]
}

fn event(more: Vec<Field>) -> Vec<Field> {
    let mut fields = vec![
        must("_id", named("Id")),
        must("title", named("Title")),
        must(
            "created_by",
            object(vec![
                must("user", named("Id")),
                must("email", string()),
                must("full_name", string()),
                must("picture_url", string()),
            ]),
        )
        .about("The member who is assigned."),
        must(
            "confirmed",
            object(vec![
                must("flag", boolean()),
                must("updated_at", nullable(named("Instant"))),
                must("multi", boolean()),
            ]),
        ),
        must("dates", array(named("Date"))),
        must("places", array(named("Place"))),
        must("invitees", array(named("Invitee"))),
        must("invitees_length", count()),
        must("messages", array(named("EventMessage"))),
        must("declines", array_of(string(), 0)),
        must("lang", named("Language")),
        must("locale", named("Language")),
        may("timezone", named("TimeZone"))
            .about("The zone that dates without an offset were read in: the event's own, else that of the member it was booked with. Absent from events that were booked before it was kept."),
        must("email", string()).about("The address that answers to the event go to."),
        must(
            "third_party",
            object(vec![must("group_ids", array(string()))]),
        ),
        must("ics_sequence", count()),
        must("version", count()),
        must("group_pro", boolean()),
        must("identification_alternatives", array(string())),
        must("api", boolean()),
        must("links", null()),
        must("createdAt", named("Instant")),
        must("updatedAt", named("Instant")),
        must("__v", count()),
        must("assignment", named("Assignment")),
    ];
    fields.extend(more);
    fields
}

fn invitee() -> Vec<Field> {
    vec![
        must("_id", named("Id")),
        must("email", string()).about("Empty where there is none."),
        must("full_name", string()),
        must("picture_url", string()).about("Empty where there is none."),
        may("user", named("Id")).about("The user whose address it is."),
        may("timezone", named("TimeZone")),
        may("locale", named("Language")),
        may("phone", named("Name")),
        must("su", boolean()).about("Whether this is the member who is assigned."),
        must("star", boolean()),
        must("created_by", named("CreatedByMember")),
        must(
            "stats",
            object(vec![must(
                "voted",
                object(vec![must("dates", boolean()), must("places", boolean())]),
            )]),
        ),
    ]
}
