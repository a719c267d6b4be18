//! `/v2/users/{user_id}/availabilities`: when a user can be booked, by itself.

use roster_domain::{
    Result, UserId,
    bookings::availability::{Availability, AvailabilityChange},
};
use roster_runtime::{
    answer,
    json::read::{Node, Violations},
    wire::{self, members::Readable as _},
};
use serde_json::Value;

use super::{user_in::availability::AvailabilityBody, user_out::hours::AvailabilityAnswer};

answer! {
    /// When a user can be booked, with an id for each slot.
    pub struct AvailabilitiesAnswer<'a> as "Availabilities" {
        /// The user.
        "belongs_to" => user: UserId,
        ..availability: AvailabilityAnswer<'a>,
    }
}

/// Reads a change.
///
/// # Errors
/// Everything that is wrong with the body.
pub fn read(body: &Value) -> Result<AvailabilityChange> {
    let violations = Violations::default();
    let change = AvailabilityBody::read(Node::body(body, &violations));
    violations.check(change.unwrap_or_default())
}

/// An availability, as `/v2/users/{user_id}/availabilities` shows it. Of who has none,
/// whose it would be.
#[must_use]
pub fn render(user: UserId, availability: Option<&Availability>) -> Value {
    let none = Availability::default();
    let availability = availability.unwrap_or(&none);
    wire::value(AvailabilitiesAnswer {
        user,
        availability: AvailabilityAnswer::identified(availability, Some(user)),
    })
}
