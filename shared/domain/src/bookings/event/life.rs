//! What becomes of an event after it was made: each change says where it makes no sense,
//! and whether it changed anything.

use jiff::{Timestamp, tz::TimeZone};

use super::{Event, EventDate, SuggestedDate};
use crate::{
    access::{actor::Actor, permission::Permission},
    bookings::{agenda::TimeSpan, assignment::Outcome},
    error::{Conflict, Error, Field, Result},
    id::{ObjectId, UserId},
    zone::ZoneName,
};

/// A date that an event is to be moved to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDate {
    /// When.
    pub date: SuggestedDate,
    /// The zone that it is in where it says none; none: the event's.
    pub timezone: Option<ZoneName>,
}

impl NewDate {
    /// When it is for an event.
    ///
    /// # Errors
    /// A violation where it ends before it starts, or lasts too long.
    pub fn span(&self, event: &Event) -> Result<TimeSpan> {
        let zone = self.timezone.as_ref().or(event.zone());
        let zone = zone.map_or(TimeZone::UTC, ZoneName::rules);
        self.date
            .span(&zone)
            .map_err(|wrong| Error::Invalid(vec![wrong.at(Field::NewDateEnd)]))
    }
}

/// That the actor may make and change events of this user: their own, or everybody's where
/// they manage users.
///
/// # Errors
/// [`Error::Forbidden`] that names the permission that is missing.
pub fn may_organize(actor: &Actor, organizer: UserId) -> Result<()> {
    let may = match actor {
        Actor::Owner => true,
        Actor::User {
            id, permissions, ..
        } => *id == organizer || permissions.user_management,
    };
    if may {
        return Ok(());
    }
    let needed = Permission::UserManagement.name();
    let detail = format!("you need {needed} for an event of another user");
    Err(Error::Forbidden(detail))
}

impl Event {
    /// Whether it was cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled_at.is_some()
    }

    /// That it can still be changed.
    ///
    /// # Errors
    /// A conflict where it was cancelled, or nobody came.
    pub fn hold_open(&self) -> Result<()> {
        let detail = if self.is_cancelled() {
            "the event is cancelled; create a new one"
        } else if self.no_show_at.is_some() {
            "the event is marked as a no-show; create a new one"
        } else {
            return Ok(());
        };
        Err(Conflict::new(detail).into())
    }

    /// That the actor may change it: who holds it may, and who manages users.
    ///
    /// # Errors
    /// [`Error::Forbidden`] that names the permission that is missing.
    pub fn may_be_changed_by(&self, actor: &Actor) -> Result<()> {
        may_organize(actor, self.assigned)
    }

    /// Counts a change of what calendars show, where they show it: once it took somebody's
    /// time.
    pub fn changed_for_calendars(&mut self, reserved_before: Option<TimeSpan>) {
        self.sequence += u32::from(reserved_before.is_some());
    }

    /// Cancels it. False where it was cancelled before: that changes nothing.
    pub fn cancel(&mut self, now: Timestamp) -> bool {
        let changes = !self.is_cancelled();
        if changes {
            self.cancelled_at = Some(now);
            self.sequence += 1;
        }
        changes
    }

    /// Confirms a date and a place. Which date: this one, or of those with most votes the
    /// first that is not over. Which place: this one, or the first with most votes. False
    /// where it was confirmed like that before.
    ///
    /// # Errors
    /// A conflict where it has no date or cannot be changed any more; a violation where
    /// it has no such date or place.
    pub fn confirm(
        &mut self,
        date: Option<ObjectId>,
        place: Option<ObjectId>,
        now: Timestamp,
    ) -> Result<bool> {
        self.hold_open()?;
        let date = match date {
            Some(date) if self.dates.iter().any(|own| own.id == date) => date,
            Some(_) => {
                let detail = "is not the ID of a date of the event";
                return Err(Error::at(Field::ConfirmedDate, detail));
            }
            None => {
                let best = self.most_wanted(now).map(|date| date.id);
                best.ok_or_else(|| Conflict::new("the event has no date to confirm"))?
            }
        };
        let place = match place {
            Some(place) if self.places.iter().any(|own| own.id == place) => Some(place),
            Some(_) => {
                let detail = "is not the ID of a place of the event";
                return Err(Error::at(Field::ConfirmedPlace, detail));
            }
            None => self.most_wanted_place(),
        };
        let is_confirmed = |own: &EventDate| own.confirmed == (own.id == date);
        let is_same = self.dates.iter().all(is_confirmed) && self.confirmed_place == place;
        if self.confirmed && is_same {
            return Ok(false);
        }
        for own in &mut self.dates {
            own.confirmed = own.id == date;
        }
        self.sequence += u32::from(self.confirmed);
        self.confirmed = true;
        self.confirmed_at = Some(now);
        self.confirmed_place = place;
        Ok(true)
    }

    /// Notes that somebody who is invited does not come. Where nobody who is invited
    /// comes any more, the event is cancelled. False where they had declined before.
    ///
    /// # Errors
    /// A conflict for who holds the event, and where it cannot be changed any more; a
    /// violation where nobody has this invitation.
    pub fn decline(&mut self, invitee: ObjectId, now: Timestamp) -> Result<bool> {
        let known = self.participants.iter_mut().find(|p| p.id == invitee);
        let Some(participant) = known else {
            let detail = "is not the ID of an invitee of the event";
            return Err(Error::at(Field::Invitee, detail));
        };
        if participant.declined_at.is_some() {
            return Ok(false);
        }
        if participant.is_assigned {
            let detail = "is who holds the event: cancel it, or give it to another user";
            return Err(Conflict::new(detail).at(Field::Invitee).into());
        }
        self.hold_open()?;
        for participant in &mut self.participants {
            if participant.id == invitee {
                participant.declined_at = Some(now);
                participant.accepted_at = None;
            }
        }
        let mut others = self.participants.iter().filter(|p| !p.is_assigned);
        if others.all(|other| other.declined_at.is_some()) {
            self.cancel(now);
        }
        Ok(true)
    }

    /// Takes somebody off the list of who is invited.
    ///
    /// # Errors
    /// [`Error::NotFound`] where nobody has this invitation; a conflict for who holds the
    /// event, and where it cannot be changed any more.
    pub fn remove(&mut self, invitee: ObjectId) -> Result<()> {
        let mut participants = self.participants.iter();
        let participant = participants.find(|p| p.id == invitee);
        if participant.ok_or(Error::NotFound("invitee"))?.is_assigned {
            let detail = "the invitee has the event: cancel it, or give it to another user";
            return Err(Conflict::new(detail).into());
        }
        self.hold_open()?;
        self.participants.retain(|p| p.id != invitee);
        self.forget_votes();
        self.changed_for_calendars(self.reserved());
        Ok(())
    }

    /// Notes that nobody came. False where it was noted before.
    ///
    /// # Errors
    /// A conflict where the event is cancelled, has no date that counts, or has not begun.
    pub fn note_no_show(&mut self, now: Timestamp) -> Result<bool> {
        if self.no_show_at.is_some() {
            return Ok(false);
        }
        self.hold_open()?;
        let begins = self.reserved().map(|span| span.start);
        let detail = match begins {
            Some(begins) if begins <= now => {
                self.no_show_at = Some(now);
                return Ok(true);
            }
            Some(_) => "the event has not started yet",
            None => "the event has no confirmed date",
        };
        Err(Conflict::new(detail).into())
    }

    /// Moves it to another date, which takes the place of all that it has. It is
    /// confirmed where it was. Whoever had declined is asked again.
    ///
    /// # Errors
    /// A conflict where it cannot be changed any more; as [`NewDate::span`].
    pub fn move_to(&mut self, date: &NewDate, now: Timestamp) -> Result<()> {
        self.hold_open()?;
        let span = date.span(self)?;
        let all_day = date.date.all_day;
        if date.timezone.is_some() {
            self.timezone.clone_from(&date.timezone);
        }
        self.dates = vec![EventDate {
            confirmed: self.confirmed,
            ..EventDate::new(span, all_day, now)
        }];
        if self.confirmed {
            self.confirmed_at = Some(now);
        }
        for participant in &mut self.participants {
            participant.declined_at = None;
            participant.accepted_at = None;
        }
        self.sequence += 1;
        Ok(())
    }

    /// For which outcome the team's ledger may take the booking back; none where it
    /// stands, or was taken back before.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        match self.taken_back {
            Some(_) => None,
            None if self.is_cancelled() => Some(Outcome::Cancelled),
            None => self.no_show_at.map(|_| Outcome::NoShow),
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
