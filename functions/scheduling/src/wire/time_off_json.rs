//! Time off of `/v2`, in and out.

use jiff::Timestamp;
use lambda_http::http::StatusCode;
use roster_domain::{
    CalendarId, Error, EventId, Field, Result, TimeOffId, UserId,
    bookings::{
        agenda::DateText,
        event::Event,
        time_off::{Away, TimeOff, TimeOffEdit},
    },
    error::Unacceptable,
    text::Title,
};
use roster_runtime::{
    answer,
    answer::problem::{self, ProblemAnswer, Status},
    body,
    json::read::{Node, read_object},
    wire::{
        self, Always,
        members::{Optional, Patched, Readable, Required},
    },
};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{Instant, team_json::Listed};

body! {
    /// The body that enters a time off.
    pub struct NewTimeOffBody as "NewTimeOffBody" {
        /// The first day, or the time at which it begins.
        "from" => from: Required<Edge>,
        /// The last day, which is included, or the time at which it ends. Default: the day
        /// that it begins with.
        "to" => to: Optional<Edge>,
        /// Why, for those who plan. Guests do not see it.
        "reason" => reason: Optional<Title>,
    }

    /// The body that changes a time off. It may be the one that a `GET` answered.
    pub struct TimeOffBody as "TimeOffBody" {
        /// The first day, or the time at which it begins.
        "from" => from: Optional<Edge>,
        /// The last day, which is included, or the time at which it ends.
        "to" => to: Optional<Edge>,
        /// Why, for those who plan. Guests do not see it.
        "reason" => reason: Patched<Title>,
        ignored ["_id", "calendar", "createdAt", "events_to_reassign", "more_events_to_reassign"],
    }
}

/// When a time off begins or ends: a day, or a time with or without an offset.
#[derive(Debug)]
struct Edge;

impl Readable for Edge {
    type Read = DateText;

    fn read(node: Node<'_>) -> Option<DateText> {
        let text: String = Node::read(&node)?;
        let read = text.parse().ok();
        if read.is_none() {
            node.malformed(
                "must be a day such as 2026-12-24, or a time such as 2026-12-24T09:00 or \
                 2026-12-24T09:00:00+01:00",
            );
        }
        read
    }
}

#[cfg(feature = "schema")]
impl roster_runtime::schema::Taken for Edge {
    fn taken() -> roster_runtime::schema::Part {
        roster_runtime::schema::named("EventDate")
    }
}

/// Reads a new time off.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_new(body: &Value, now: Timestamp) -> Result<TimeOff> {
    let body = read_object(body, |object| Some(NewTimeOffBody::members(object)))?;
    let from = body
        .from
        .ok_or_else(|| Error::internal("a body was read as nothing"))?;
    let wrong = |Unacceptable(detail)| Error::at(Field::TimeOffEnd, detail);
    Ok(TimeOff {
        id: TimeOffId::generate(now),
        when: Away::new(from, body.to.unwrap_or(from)).map_err(wrong)?,
        reason: body.reason,
        calendar: None,
        created_at: now,
    })
}

/// Reads a change of one.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_edit(body: &Value) -> Result<TimeOffEdit> {
    let body = read_object(body, |object| Some(TimeOffBody::members(object)))?;
    Ok(TimeOffEdit {
        from: body.from,
        to: body.to,
        reason: body.reason,
    })
}

answer! {
    /// A time in which somebody is away.
    pub struct TimeOffAnswer<'a> as "TimeOff" {
        "_id" => id: TimeOffId,
        /// The first day, or the time at which it begins.
        "from" => from: String,
        /// The last day, which is included, or the time at which it ends.
        "to" => to: String,
        /// Why. Guests do not see it.
        "reason" [optional] => reason: &'a Title,
        /// The calendar of the team or the organization that it comes from. It is changed there.
        "calendar" [optional] => calendar: CalendarId,
        "createdAt" => created_at: Instant,
    }

    /// A time off, with what falls into it.
    pub struct TimeOffWithEventsAnswer<'a> as "TimeOffWithEvents" {
        /// The events that fall into it and have not ended: of a user those that are
        /// assigned to the user, of a team those that were booked with it.
        "events_to_reassign" => events: Vec<Listed>,
        /// The list is cut.
        "more_events_to_reassign" [optional] => more_events: Always<true>,
        ..time_off: TimeOffAnswer<'a>,
    }

    /// What became of an event that falls into a time off.
    pub struct GivenAwayAnswer<'a> as "GivenAway" {
        "event" => event: EventId,
        /// 200 if the event has been given to another member.
        "status" => status: GivenAwayStatus,
        /// The `_id` of the member who has it now.
        "user" [optional] => user: UserId,
        /// Why nobody else has it.
        "error" [optional] => error: ProblemAnswer<'a>,
    }
}

/// The status of an event that was to be given away.
#[derive(Clone, Copy, Debug)]
pub struct GivenAwayStatus(StatusCode);

impl Serialize for GivenAwayStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Status(self.0).serialize(serializer)
    }
}

#[cfg(feature = "schema")]
impl roster_runtime::schema::Described for GivenAwayStatus {
    fn part() -> roster_runtime::schema::Part {
        roster_runtime::schema::within(200..=599)
    }
}

impl<'a> TimeOffAnswer<'a> {
    fn of(time_off: &'a TimeOff) -> Self {
        let (from, to) = time_off.when.texts();
        Self {
            id: time_off.id,
            from: text(from),
            to: text(to),
            reason: time_off.reason.as_ref(),
            calendar: time_off.calendar,
            created_at: Instant(time_off.created_at),
        }
    }
}

fn text(date: DateText) -> String {
    match date {
        DateText::Day(day) => day.to_string(),
        DateText::Local(time) => time.to_string(),
        DateText::Offset(time, offset) => match offset.to_timestamp(time) {
            Ok(instant) => instant.to_string(),
            Err(_) => time.to_string(),
        },
    }
}

/// Time off, as lists show it.
#[must_use]
pub fn render_list(list: &[TimeOff]) -> Value {
    let shown = list.iter().map(|one| wire::value(TimeOffAnswer::of(one)));
    Value::Array(shown.collect())
}

/// A time off, with the events that fall into it, as lists show them.
#[must_use]
pub fn render(time_off: &TimeOff, events: Vec<Value>, has_more: bool) -> Value {
    wire::value(TimeOffWithEventsAnswer {
        events: events.into_iter().map(Listed::of).collect(),
        more_events: Always::when(has_more),
        time_off: TimeOffAnswer::of(time_off),
    })
}

/// What became of an event.
#[must_use]
pub fn render_result(event: EventId, given: Result<&Event, &Error>) -> Value {
    let status = given.map_or_else(problem::status, |_| StatusCode::OK);
    if let Err(error) = given
        && status.is_server_error()
    {
        tracing::error!(cause = %error, "an event could not be given away");
    }
    wire::value(GivenAwayAnswer {
        event,
        status: GivenAwayStatus(status),
        user: given.ok().map(|event| event.assigned),
        error: given.err().map(ProblemAnswer::of),
    })
}
