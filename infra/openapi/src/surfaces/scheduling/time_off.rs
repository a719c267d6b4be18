//! Time off of `/v2`.

use roster_scheduling::wire::{
    team_json::DeletedAnswer,
    time_off_json::{
        GivenAwayAnswer, NewTimeOffBody, TimeOffAnswer, TimeOffBody, TimeOffWithEventsAnswer,
    },
};
use serde_json::{Value, json};

use crate::{
    operation::{JSON, Operation, Style, operation},
    parameters::organization,
    schema::{Described, Parts, Taken, array, named},
};

fn time_off(binary: &'static str, summary: &'static str) -> Operation {
    operation(binary, "Time off", Style::Problem, summary)
        .takes([organization()])
        .refuses([404])
}

/// The descriptions.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        time_off("scheduling-list-time-off", "List time off")
            .about("Of a user, of a team or of everybody in the organization. What ended more than three months ago is not kept.")
            .answers(200, "The time off.", array(named("TimeOff")), json!([shown()])),
        time_off("scheduling-create-time-off", "Enter a time off")
            .about("Nobody is booked with a team, and no time is offered, while they are away: a user in their own time off, all members in a team's, everybody in the organization's. Days are whole days of who is away, both included. Times without an offset are by the clock of who is away. What is booked already stays: the response has the events that fall into the time off. There can be 100 of a user, a team or the organization.")
            .body(named("NewTimeOffBody"), vec![
                ("days", json!({ "from": "2026-12-24", "to": "2027-01-03", "reason": "Winter holiday" })),
                ("a morning", json!({ "from": "2026-12-24T09:00", "to": "2026-12-24T12:30" })),
            ])
            .answers(201, "The time off.", named("TimeOffWithEvents"), with_events())
            .refuses([409]),
        time_off("scheduling-update-time-off", "Change a time off")
            .about("Changes the fields that are present.")
            .body(named("TimeOffBody"), vec![("a day more", json!({ "to": "2027-01-04" }))])
            .shows("The time off.", "TimeOffWithEvents", with_events())
            .refuses([409]),
        time_off("scheduling-delete-time-off", "Delete a time off")
            .answers(200, "Done.", DeletedAnswer::part(), json!({ "n": 1, "ok": 1 }))
            .refuses([409]),
        time_off("scheduling-reassign-time-off", "Give away what falls into a time off")
            .about("Gives each of the user's events that fall into the time off to another member of its team, by the team's rules. At most 100 in one request: send it again for more.")
            .bodies(vec![(JSON, named("NothingBody"))], false, vec![("nothing", json!({}))])
            .answers(207, "What became of each event.", array(named("GivenAway")), json!([{
                "event": "5f11747afb208c814fd24bb9", "status": 200,
                "user": "5f11747afb208c814fd24bb8",
            }])),
    ]
}

fn shown() -> Value {
    json!({
        "_id": "5f5e1000a1b2c3d4e5f60720", "from": "2026-12-24", "to": "2027-01-03",
        "reason": "Winter holiday", "createdAt": "2026-08-07T10:11:39.000Z",
    })
}

fn with_events() -> Value {
    let mut shown = shown();
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("events_to_reassign".to_owned(), json!([]));
    }
    shown
}

/// The schemas.
pub(super) fn parts() -> Parts {
    let mut parts = Parts::new();
    NewTimeOffBody::collect(&mut parts);
    TimeOffBody::collect(&mut parts);
    TimeOffAnswer::collect(&mut parts);
    TimeOffWithEventsAnswer::collect(&mut parts);
    GivenAwayAnswer::collect(&mut parts);
    parts
}
