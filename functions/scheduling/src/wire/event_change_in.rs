//! The bodies that change an event.

use roster_domain::{
    Result, UserId,
    bookings::event::{
        EventUpdate, Guest, MAX_PARTS, NewDate, SuggestedDate, UpdatedDate, UpdatedPlace,
    },
    id::ObjectId,
    text::Title,
    zone::ZoneName,
};
use roster_runtime::{
    body,
    json::read::{Node, Violations, read_object},
    wire::members::{ListOf, Nullable, OneOrMore, Optional, OrDefault, Readable as _, Required},
};
use serde_json::Value;

use super::event_in::{DateBody, Invitees, PlaceBody};

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

    /// The body that gives an event to another organizer.
    pub struct OrganizerBody as "OrganizerBody" {
        /// The `_id` of the user who is to have the event.
        "user" => user: Required<UserId>,
        /// Whether the organizer before stays as an invitee.
        "keep_as_invitee" => keep_as_invitee: OrDefault<Optional<bool>>,
    }

    /// Reads a change of what an event says of itself.
    pub struct EventUpdateBody for EventUpdate as "EventUpdateBody" {
        "title" => title: Optional<Title>,
        /// Replaces all dates. A date that names the `_id` of one, or is the same, stays that
        /// date. If the confirmed date is not among them, the event is no longer confirmed.
        "dates" => dates: Optional<ListOf<UpdatedDateBody, MAX_PARTS>>,
        /// Replaces all places.
        "places" => places: Optional<OneOrMore<UpdatedPlaceBody, MAX_PARTS>>,
        ignored SHOWN,
    }

    /// Reads a date.
    struct UpdatedDateBody for UpdatedDate {
        /// The `_id` of the date that it takes the place of.
        "_id" => id: Nullable<ObjectId>,
        ..date: DateBody,
        ignored SHOWN_OF_DATE,
    }

    /// Reads a place.
    struct UpdatedPlaceBody for UpdatedPlace {
        /// The `_id` of the place that it takes the place of.
        "_id" => id: Nullable<ObjectId>,
        ..place: PlaceBody,
        ignored SHOWN_OF_PART,
    }

    /// The body that gives an event to another member.
    pub struct ReassignmentBody as "ReassignmentBody" {
        /// The `_id` of the member who is to have it. Default: whose turn it is.
        "user" => user: Nullable<UserId>,
    }
}

/// What answers show of an event and a change does not read, so that an answer can be sent
/// back.
const SHOWN: [&str; 31] = [
    "_id",
    "key_store",
    "app_url",
    "alias",
    "created_by",
    "team",
    "vyteme",
    "confirmed",
    "cancelled",
    "no_show",
    "invitees",
    "invitees_length",
    "messages",
    "declines",
    "lang",
    "locale",
    "timezone",
    "email",
    "third_party",
    "settings",
    "ics_sequence",
    "version",
    "group_pro",
    "identification_alternatives",
    "api",
    "links",
    "createdAt",
    "updatedAt",
    "__v",
    "assignment",
    "organization",
];
/// The same of a date.
const SHOWN_OF_DATE: [&str; 6] = [
    "confirmed",
    "confirmed_invitees",
    "created_by",
    "votes",
    "createdAt",
    "updatedAt",
];
/// The same of a place.
const SHOWN_OF_PART: [&str; 4] = ["created_by", "votes", "createdAt", "updatedAt"];

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

/// The user who is to have the event, and whether who had it stays.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_organizer(body: &Value) -> Result<(UserId, bool)> {
    read_object(body, |object| {
        let OrganizerBody {
            user,
            keep_as_invitee,
        } = OrganizerBody::members(object);
        Some((user?, keep_as_invitee))
    })
}

/// What the event is to say of itself.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_update(body: &Value) -> Result<EventUpdate> {
    read_object(body, EventUpdateBody::members)
}

/// Who is invited: an array, or one of them.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read_guests(body: &Value) -> Result<Vec<Guest>> {
    let violations = Violations::default();
    let guests = Invitees::read(Node::body(body, &violations));
    violations.check(guests.unwrap_or_default())
}

/// The schema of what [`read_guests`] reads.
#[cfg(feature = "schema")]
#[must_use]
pub fn invitees() -> roster_runtime::schema::Part {
    <Invitees as roster_runtime::schema::Taken>::taken()
}
