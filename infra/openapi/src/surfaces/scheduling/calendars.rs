//! Calendars of people, teams and organizations of `/v2`.

use roster_scheduling::wire::{
    calendars_json::{
        CalendarAnswer, CalendarsAnswer, CalendarsBody, OwnCalendarBody, SubcalendarAnswer,
        SubcalendarBody,
    },
    team_json::DeletedAnswer,
};
use serde_json::{Value, json};

use crate::{
    operation::{AnswerHeader, Operation, Style, operation},
    parameters::{if_match, organization},
    schema::{Described, Parts, Taken, named},
};

fn calendars(binary: &'static str, summary: &'static str) -> Operation {
    operation(binary, "Calendars", Style::Problem, summary)
        .takes([organization()])
        .refuses([404])
}

/// The descriptions.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        calendars("scheduling-get-calendars", "Get calendars")
            .about("A user's own calendars, or those of a team or an organization: where they are, and how reading them goes. Their addresses are never returned.")
            .shows("The calendars.", "CalendarList", shown())
            .with(AnswerHeader::Tag),
        calendars("scheduling-update-calendars", "Set calendars")
            .about("The calendars replace those that there are. A calendar with the `_id` of one that is there keeps what is absent, its address included; every other needs `source` and `url`, and on a CalDAV or an Exchange server `username` and `password`. While a calendar has something at a time, nobody is booked with a team then. Roster reads each calendar every 15 minutes, for a year ahead, and keeps nothing of it but when its owner is busy. What is free, cancelled or declined does not count, what is tentative as `tentative_busy` says, and what lasts whole days as the availability's `all_day_busy` says. With `write_back`, the events that the user holds are written into the calendar within a minute or two, and move and go with the events. What lasts whole days in the calendars of a team or an organization is a holiday of everybody there, also what is shown as free. There can be 10 calendars of each.")
            .takes([if_match()])
            .body(named("CalendarsBody"), vec![
                ("a secret address", json!({ "calendars": [{
                    "name": "Private", "source": "ics",
                    "url": "https://calendar.example.com/ical/ada/private-5f11/basic.ics",
                }] })),
                ("a CalDAV server", json!({ "calendars": [{
                    "name": "Work", "source": "caldav", "url": "https://caldav.example.com/",
                    "username": "ada", "password": "analytical",
                }] })),
                ("an Exchange server", json!({ "calendars": [{
                    "source": "exchange", "url": "https://mail.example.com/",
                    "username": "EXAMPLE\\ada", "password": "analytical", "write_back": true,
                }] })),
            ])
            .shows("The calendars.", "CalendarList", shown())
            .with(AnswerHeader::Tag)
            .refuses([409, 412]),
        calendars("scheduling-delete-calendar", "Take out a user's calendar")
            .about("What is in it counts no more once Roster has read what is left, within minutes.")
            .takes([if_match()])
            .answers(200, "Done.", DeletedAnswer::part(), json!({ "n": 1, "ok": 1 }))
            .refuses([409, 412]),
    ]
}

fn shown() -> Value {
    json!({
        "_id": "5f11747afb208c814fd24bb8", "belongs_to": "5f11747afb208c814fd24bb8",
        "calendars": [{
            "_id": "5f5e1000a1b2c3d4e5f60720", "name": "Private", "source": "ics",
            "source_id": "5f5e1000a1b2c3d4e5f60720", "primary": false,
            "server": "calendar.example.com", "access_broken": false,
            "last_success": "2026-08-07T10:15:00.000Z", "tentative_busy": true, "write_back": false,
            "subcalendars": [{
                "source_id": "5f5e1000a1b2c3d4e5f60720", "name": "Private", "source": "ics",
                "display": true, "busy": true, "primary": true, "writable": false,
            }],
            "createdAt": "2026-08-07T10:11:39.000Z",
        }],
        "updatedAt": "2026-08-07T10:11:39.000Z", "__v": 1,
    })
}

/// The schemas.
pub(super) fn parts() -> Parts {
    let mut parts = Parts::new();
    CalendarsBody::collect(&mut parts);
    OwnCalendarBody::collect(&mut parts);
    SubcalendarBody::collect(&mut parts);
    CalendarsAnswer::collect(&mut parts);
    CalendarAnswer::collect(&mut parts);
    SubcalendarAnswer::collect(&mut parts);
    parts
}
