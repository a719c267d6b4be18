//! Who takes part in an event, changed: inviting more people, and giving it to another
//! organizer.

use std::collections::HashMap;

use jiff::Timestamp;
use roster_domain::{
    Conflict, Error, Field, Result, UserId,
    bookings::event::{Event, Guest, MAX_PARTS, Participant},
    text::Email,
    users::user::User,
};

use super::reassign::give;
use crate::bookings::{book::ONLY_USERS, draft::guest_participant};

/// Users whom a change names.
pub(super) struct Found {
    pub(super) users: HashMap<UserId, User>,
    pub(super) by_email: HashMap<String, UserId>,
}

/// Invites those who are not.
pub(super) fn invite(
    event: &mut Event,
    guests: &[Guest],
    found: &Found,
    now: Timestamp,
) -> Result<bool> {
    event.hold_open()?;
    let mut changes = false;
    for (index, guest) in guests.iter().enumerate() {
        let user = found.by_email.get(&guest.email.folded());
        let user = user.and_then(|user| found.users.get(user));
        if guest.required && user.is_none() {
            return Err(Error::at(Field::NewRequired(index), ONLY_USERS));
        }
        let is_known = |participant: &Participant| {
            let email = participant.email.as_ref().map(Email::folded);
            email == Some(guest.email.folded())
                || (user.is_some() && participant.user == user.map(|user| user.id))
        };
        if !event.participants.iter().any(is_known) {
            event.participants.push(guest_participant(guest, user, now));
            changes = true;
        }
    }
    if event.participants.len() > MAX_PARTS + 1 {
        let detail = format!("an event has at most {MAX_PARTS} invitees");
        return Err(Conflict::new(detail).into());
    }
    Ok(changes)
}

/// Gives an event to another user of the organization.
pub(super) fn hand_to(
    event: &mut Event,
    user: UserId,
    keep_as_invitee: bool,
    found: &Found,
    now: Timestamp,
) -> Result<bool> {
    event.hold_open()?;
    if event.assigned == user {
        return Ok(false);
    }
    let unknown = || {
        Error::at(
            Field::NewMember,
            "is not the ID of a user of the organization",
        )
    };
    let user = found.users.get(&user).ok_or_else(unknown)?;
    if !user.is_active() {
        return Err(Error::at(Field::NewMember, "is deactivated"));
    }
    let before = event.holder().cloned();
    give(event, user, &[], now);
    if let Some(before) = before.filter(|_| keep_as_invitee) {
        event.participants.push(Participant {
            is_assigned: false,
            ..before
        });
    }
    Ok(true)
}
