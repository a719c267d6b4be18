//! Feeds of calendars of `/v2`.

use roster_scheduling::wire::{feed_json::FeedAnswer, team_json::DeletedAnswer};
use serde_json::{Value, json};

use crate::{
    operation::{Answer, AnswerHeader, JSON, Operation, Style, operation},
    parameters::{header, organization, required_query},
    schema::{Described, Parts, named, string},
};

/// The media type of a calendar.
const CALENDAR: &str = "text/calendar; charset=utf-8";

/// A feed, which is asked for without an API key.
fn read(binary: &'static str, tag: &'static str, summary: &'static str) -> Operation {
    operation(binary, tag, Style::Problem, summary)
        .takes([
            required_query("k", string(), "The secret of the address."),
            header(
                "If-None-Match",
                string(),
                "Entity tags of responses that you have.",
            ),
        ])
        .answer(Answer {
            status: 200,
            about: "The calendar (RFC 5545).",
            content: Some((CALENDAR, string())),
            example: None,
            headers: vec![AnswerHeader::Tag, AnswerHeader::CacheControl],
        })
        .or_not_modified()
        .refuses([404])
}

fn create(binary: &'static str, tag: &'static str, summary: &'static str) -> Operation {
    operation(binary, tag, Style::Problem, summary)
        .about("The addresses are shown only in this response. An address that there was before opens nothing any more.")
        .takes([organization()])
        .bodies(vec![(JSON, named("NothingBody"))], false, vec![("nothing", json!({}))])
        .answers(201, "The addresses.", named("Feed"), addresses())
        .with(AnswerHeader::CacheControl)
        .refuses([404, 409])
}

fn delete(binary: &'static str, tag: &'static str, summary: &'static str) -> Operation {
    operation(binary, tag, Style::Problem, summary)
        .takes([organization()])
        .answers(
            200,
            "Done.",
            DeletedAnswer::part(),
            json!({ "n": 1, "ok": 1 }),
        )
        .refuses([404, 409])
}

fn addresses() -> Value {
    let address = |what: &str| {
        format!(
            "https://api.example.com/v2/users/5f11747afb208c814fd24bb7/{what}.ics?k=5f198da1c1ac5d1a30fc00f3…"
        )
    };
    json!({
        "calendar": address("calendar"), "freebusy": address("freebusy"),
        "createdAt": "2020-08-07T10:11:39.000Z",
    })
}

/// The descriptions.
pub(super) fn operations() -> Vec<Operation> {
    let (users, teams) = ("Users", "Teams");
    vec![
        read("scheduling-user-calendar", users, "A user's calendar")
            .about("The events that the user takes part in, from a month ago on."),
        read("scheduling-user-freebusy", users, "When a user is busy")
            .about("The next 62 days: what is reserved, and what the user's hours leave out."),
        create(
            "scheduling-create-user-feed",
            users,
            "Give a user's calendar an address",
        ),
        delete(
            "scheduling-delete-user-feed",
            users,
            "Take the address of a user's calendar away",
        ),
        read("scheduling-team-calendar", teams, "A team's calendar")
            .about("The events that were booked with the team, from a month ago on."),
        read("scheduling-team-freebusy", teams, "When a team is busy")
            .about("The next 62 days: when all members are busy. For teams of at most 50.")
            .refuses([404, 409]),
        create(
            "scheduling-create-team-feed",
            teams,
            "Give a team's calendar an address",
        ),
        delete(
            "scheduling-delete-team-feed",
            teams,
            "Take the address of a team's calendar away",
        ),
    ]
}

/// The schemas.
pub(super) fn parts() -> Parts {
    let mut parts = Vec::new();
    FeedAnswer::collect(&mut parts);
    parts
}
