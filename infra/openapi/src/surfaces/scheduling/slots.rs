//! Times of `/v2`: when people can be booked, and when they are busy.

use roster_scheduling::{
    slots::{MAX_DAYS, MAX_MINUTES, MAX_PEOPLE, MAX_SLOTS, MIN_STEP},
    wire::hold_json::{HoldAnswer, HoldBody},
    wire::slots_out::{BusyAnswer, DaysAnswer, NextSlotsAnswer, SlotsAnswer},
    wire::team_json::DeletedAnswer,
};
use serde_json::{Value, json};
use utoipa::openapi::{KnownFormat, path::Parameter};

use crate::{
    operation::{AnswerHeader, Operation, Style, operation},
    parameters::{list, organization, query, required_query},
    schema::{Described, Parts, Taken, format, named, one_of, within},
};

fn search(binary: &'static str, summary: &'static str) -> Operation {
    operation(binary, "Slots", Style::Problem, summary).takes([organization()])
}

/// The descriptions.
pub(super) fn operations() -> Vec<Operation> {
    let rule = format!(
        "Exactly the times that can be booked now. Give `users`, `emails` or `team`: with several users all are free, with a team at least one member can take the booking by the team's rules. At most {MAX_PEOPLE} people and {MAX_DAYS} days."
    );
    vec![
        search("scheduling-list-slots", "List times that can be booked")
            .about(rule.clone())
            .takes(whose())
            .takes(times())
            .takes(days())
            .takes([explain()])
            .answers(200, "The times.", named("Slots"), slots())
            .with(AnswerHeader::CacheControl)
            .refuses([404, 409, 422]),
        search("scheduling-list-slots-by-day", "List times that can be booked, by day")
            .about(rule)
            .takes(whose())
            .takes(times())
            .takes(days())
            .takes([explain()])
            .answers(200, "The times.", named("SlotsByDay"), slots_by_day())
            .with(AnswerHeader::CacheControl)
            .refuses([404, 409, 422]),
        search("scheduling-next-slots", "List the times of the next day that has any")
            .about("From now on, and within a year.")
            .takes(whose())
            .takes(times())
            .answers(200, "The times.", named("NextSlots"), next())
            .with(AnswerHeader::CacheControl)
            .refuses([404, 409, 422]),
        search("scheduling-list-busy", "List when people are busy")
            .about("Outside of their hours, or booked. Several users are busy when one of them is. A team is busy when all members are.")
            .takes(whose())
            .takes(days())
            .answers(200, "The stretches.", named("Busy"), busy())
            .with(AnswerHeader::CacheControl)
            .refuses([404, 409, 422]),
        search("scheduling-create-hold", "Hold a time for a booking")
            .about("Keeps the time of one member of the team, chosen by its rules, or of all the users. The ledger does not move. A booking that names the hold gets exactly that. The hold ends by itself.")
            .body(named("HoldBody"), vec![("a team", json!({
                "team": "5f1077cf21f43b0b99660619", "minutes": 5,
                "date": "2020-07-16T09:00:00+02:00", "end_date": "2020-07-16T10:00:00+02:00",
            }))])
            .answers(201, "The hold.", named("Hold"), hold())
            .refuses([404, 409]),
        search("scheduling-delete-hold", "Free a time that is held")
            .answers(200, "The time is free.", DeletedAnswer::part(), json!({ "n": 1, "ok": 1 }))
            .refuses([404]),
    ]
}

fn whose() -> [Parameter; 4] {
    [
        list("users", named("Id"), MAX_PEOPLE, "The `_id` of each user."),
        list(
            "emails",
            named("Email"),
            MAX_PEOPLE,
            "The address of each user.",
        ),
        query("team", named("Id"), "The `_id` of the team."),
        query(
            "timezone",
            named("TimeZone"),
            "Time zone of the days and of the response. Default: that of the only user, otherwise UTC.",
        ),
    ]
}

fn times() -> [Parameter; 3] {
    [
        required_query(
            "duration",
            within(1..=of(MAX_MINUTES)),
            "Length of the booking, in minutes.",
        ),
        query(
            "step",
            within(of(MIN_STEP)..=of(MAX_MINUTES)),
            "Minutes between the starts of two times. Default: `duration`. Counted from the start of each opening of a day.",
        ),
        query(
            "limit",
            within(1..=of(MAX_SLOTS)),
            "Maximum number of times to return.",
        ),
    ]
}

fn of(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn days() -> [Parameter; 2] {
    [
        required_query("from", format(KnownFormat::Date), "First day."),
        required_query("to", format(KnownFormat::Date), "Last day."),
    ]
}

fn explain() -> Parameter {
    let about = "With `true`, the response says why each person cannot be booked, and when.";
    query("explain", one_of(&["true", "false"]), about)
}

fn slot(start: &str, end: &str) -> Value {
    let moment = |time| json!({ "dateTime": format!("2020-07-16T{time}:00+02:00") });
    json!({ "start": moment(start), "end": moment(end) })
}

fn frame(more: &Value) -> Value {
    let frame = json!({ "timezone": "Europe/Paris", "from": "2020-07-16", "to": "2020-07-16" });
    crate::examples::samples::with(frame, more)
}

fn slots() -> Value {
    let slots = [slot("09:00", "10:00"), slot("11:00", "12:00")];
    let mut refused = slot("10:00", "11:00");
    if let Some(refused) = refused.as_object_mut() {
        refused.insert("user".to_owned(), json!("5eecc40bb2181073ac6ff375"));
        refused.insert("code".to_owned(), json!("booked"));
        let reason = "the member has another booking at that time";
        refused.insert("reason".to_owned(), json!(reason));
    }
    frame(&json!({ "slots": slots, "explain": [refused] }))
}

fn slots_by_day() -> Value {
    let slots = [slot("09:00", "10:00"), slot("11:00", "12:00")];
    frame(&json!({ "days": { "2020-07-16": { "slots": slots } } }))
}

fn next() -> Value {
    json!({ "timezone": "Europe/Paris", "slots": [slot("09:00", "10:00")] })
}

fn busy() -> Value {
    frame(&json!({ "slots": [slot("00:00", "09:00"), slot("10:00", "11:00")] }))
}

fn hold() -> Value {
    json!({
        "_id": "5f0d7eb02003d0971e2a961a", "team": "5f1077cf21f43b0b99660619",
        "users": ["5eecc40bb2181073ac6ff375"], "all_day": false,
        "date": "2020-07-16T07:00:00.000Z", "end_date": "2020-07-16T08:00:00.000Z",
        "until": "2020-07-14T09:50:20.862Z", "createdAt": "2020-07-14T09:45:20.862Z",
    })
}

/// The schemas.
pub(super) fn parts() -> Parts {
    let mut parts = Parts::new();
    SlotsAnswer::collect(&mut parts);
    DaysAnswer::collect(&mut parts);
    NextSlotsAnswer::collect(&mut parts);
    BusyAnswer::collect(&mut parts);
    HoldBody::collect(&mut parts);
    HoldAnswer::collect(&mut parts);
    parts
}
