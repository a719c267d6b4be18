//! The bodies that change an event.

use roster_domain::{
    Result, UserId,
    bookings::event::{NewDate, SuggestedDate},
    id::ObjectId,
    zone::ZoneName,
};
use roster_runtime::{
    body,
    json::read::read_object,
    wire::members::{Nullable, Optional, OrDefault, Required},
};
use serde_json::Value;

use super::event_in::DateBody;

/// What a request says of another date.
#[derive(Debug)]
pub struct Reschedule {
    /// The zone of a date that says none.
    pub timezone: Option<ZoneName>,
    /// Whether another member may get the event.
    pub reassign: bool,
    /// The date.
    pub date: SuggestedDate,
}

body! {
    /// The body that declines an invitation.
    pub struct DeclineBody as "DeclineBody" {
        /// The `_id` of the invitee in `invitees`.
        "invitee" => invitee: Required<ObjectId>,
    }

    /// Reads a date that an event is moved to.
    pub struct RescheduleBody for Reschedule as "RescheduleBody" {
        /// Time zone of an all-day date and of a date without an offset. Default: that of
        /// the event.
        "timezone" => timezone: Nullable<ZoneName>,
        /// Whether another member of the team gets the event if who has it is not free.
        "reassign" => reassign: OrDefault<Optional<bool>>,
        ..date: DateBody,
    }

    /// The body that gives an event to another member.
    pub struct ReassignmentBody as "ReassignmentBody" {
        /// The `_id` of the member who is to have it. Default: whose turn it is.
        "user" => user: Nullable<UserId>,
    }
}

/// Whose invitation is declined.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_decline(body: &Value) -> Result<ObjectId> {
    read_object(body, |object| DeclineBody::members(object).invitee)
}

/// The new date, and whether another member may get the event.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_reschedule(body: &Value) -> Result<(NewDate, bool)> {
    read_object(body, |object| {
        let Reschedule {
            timezone,
            reassign,
            date,
        } = RescheduleBody::members(object)?;
        Some((NewDate { date, timezone }, reassign))
    })
}

/// The member who is named, where one is.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_reassignment(body: &Value) -> Result<Option<UserId>> {
    read_object(body, |object| Some(ReassignmentBody::members(object).user))
}
