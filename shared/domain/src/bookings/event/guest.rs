//! What those who were invited do with an event, on its page: everybody has a key of
//! their own.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::{Choices, Event, EventDate, EventMessage, MAX_PARTS, Participant};
use crate::{
    access::secret,
    bookings::agenda::TimeSpan,
    error::{Conflict, Error, Result},
    id::ObjectId,
    text::Message,
    users::booking_page::PageSettings,
    zone::ZoneName,
};

/// Most messages of an event.
pub const MAX_MESSAGES: usize = 100;
/// How long an event's page is there after its last date.
const SHOWN_AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Something that a participant can do on the event's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GuestAction {
    /// Say which dates and places suit.
    Vote,
    /// Say that they come.
    Accept,
    /// Say that they do not come.
    Decline,
    /// Write to everybody who takes part.
    Write,
    /// Suggest another date.
    Suggest,
    /// Cancel the event.
    Cancel,
    /// Move the event to another date.
    Reschedule,
    /// Choose the zone in which dates are shown.
    ChooseZone,
}

/// One of them, with what it is about. A move is a matter of its own: it asks who is
/// free.
#[derive(Clone, Copy, Debug)]
pub enum GuestAct<'a> {
    /// Says which dates and places suit.
    Vote(&'a Choices),
    /// Says that they come.
    Accept,
    /// Says that they do not come. Where nobody who is invited comes any more, the event
    /// is cancelled.
    Decline,
    /// Writes to everybody who takes part.
    Write(&'a Message),
    /// Suggests another date.
    Suggest {
        /// When.
        span: TimeSpan,
        /// Whether it lasts all day.
        all_day: bool,
    },
    /// Cancels the event.
    Cancel,
    /// Chooses the zone in which dates are shown.
    ChooseZone(&'a ZoneName),
}

impl GuestAct<'_> {
    /// What it is.
    #[must_use]
    pub fn action(&self) -> GuestAction {
        match self {
            Self::Vote(_) => GuestAction::Vote,
            Self::Accept => GuestAction::Accept,
            Self::Decline => GuestAction::Decline,
            Self::Write(_) => GuestAction::Write,
            Self::Suggest { .. } => GuestAction::Suggest,
            Self::Cancel => GuestAction::Cancel,
            Self::ChooseZone(_) => GuestAction::ChooseZone,
        }
    }
}

impl Event {
    /// Who has a key, compared in time that does not depend on where keys differ. None
    /// where nobody does, and once the event is over for long.
    #[must_use]
    pub fn participant_with(&self, key: &str, now: Timestamp) -> Option<&Participant> {
        let is_gone = |end: Timestamp| end + SHOWN_AFTER <= now;
        if self.ends_at().is_some_and(is_gone) {
            return None;
        }
        let mut participants = self.participants.iter();
        participants.find(|participant| secret::are_equal(&participant.key, key))
    }

    /// What a participant can do, as far as the page's settings of who holds the event
    /// allow.
    #[must_use]
    pub fn guest_actions(
        &self,
        who: &Participant,
        settings: &PageSettings,
        now: Timestamp,
    ) -> BTreeSet<GuestAction> {
        use GuestAction as A;

        let mut can = BTreeSet::from([A::ChooseZone]);
        if self.hold_open().is_err() || !self.is_ahead(now) {
            return can;
        }
        let has_one_date = self.reserved().is_some();
        let is_in_time = who.is_assigned || self.is_in_time(settings, now);
        let mut add = |action, may| {
            if may {
                can.insert(action);
            }
        };
        add(A::Write, self.messages.len() < MAX_MESSAGES);
        if !who.is_assigned {
            let is_open = !self.confirmed;
            let has_choice = !(self.dates.is_empty() && self.places.is_empty());
            add(A::Vote, is_open && has_choice && who.declined_at.is_none());
            let may_accept = has_one_date && who.accepted_at.is_none();
            add(A::Accept, may_accept || who.declined_at.is_some());
            add(A::Decline, who.declined_at.is_none() && is_in_time);
            let may_suggest = settings.one_slot != Some(true) || self.dates.is_empty();
            // A date that is reserved stays so: that is for moving the event.
            let has_room = self.dates.len() < MAX_PARTS && !has_one_date;
            add(A::Suggest, is_open && may_suggest && has_room);
        }
        if who.is_assigned || who.is_booker {
            add(A::Cancel, is_in_time);
            add(A::Reschedule, is_in_time && has_one_date);
        }
        can
    }

    /// Whether a guest can still decline, cancel or move it: until it starts, or so many
    /// hours before as the organizer says.
    fn is_in_time(&self, settings: &PageSettings, now: Timestamp) -> bool {
        let first = self.dates.iter().map(|date| date.span.start).min();
        let start = self.reserved().map(|span| span.start).or(first);
        let hours = settings.event_hide_decline.unwrap_or_default();
        let before = SignedDuration::from_hours(hours.into());
        start.is_none_or(|start| now + before < start)
    }

    /// Does what a participant does on the event's page. False where it changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] where nobody has the key; a conflict where they may not, or the
    /// event is another by now.
    pub fn act(
        &mut self,
        key: &str,
        act: &GuestAct<'_>,
        settings: &PageSettings,
        now: Timestamp,
    ) -> Result<bool> {
        let who = self.held_to(key, act.action(), settings, now)?.clone();
        match act {
            GuestAct::Vote(choices) => self.vote(who.id, choices, now),
            GuestAct::Accept => {
                self.change_participant(who.id, |participant| {
                    participant.declined_at = None;
                    participant.accepted_at = Some(now);
                });
                Ok(true)
            }
            GuestAct::Decline => self.decline(who.id, now),
            GuestAct::Write(body) => {
                let own = who.email.map_or_else(|| self.reply_to.parse(), Ok);
                self.messages.push(EventMessage {
                    id: ObjectId::generate(now),
                    from: own.map_err(Error::internal)?,
                    body: (*body).clone(),
                    created_at: Some(now),
                });
                Ok(true)
            }
            GuestAct::Suggest { span, all_day } => self.suggest(who.id, *span, *all_day, now),
            GuestAct::Cancel => Ok(self.cancel(now)),
            GuestAct::ChooseZone(zone) => {
                if who.timezone.as_ref() == Some(*zone) {
                    return Ok(false);
                }
                self.change_participant(who.id, |participant| {
                    participant.timezone = Some((*zone).clone());
                });
                Ok(true)
            }
        }
    }

    /// Who has a key, and may do something.
    ///
    /// # Errors
    /// As [`Event::act`].
    pub fn held_to(
        &self,
        key: &str,
        action: GuestAction,
        settings: &PageSettings,
        now: Timestamp,
    ) -> Result<&Participant> {
        let who = self.participant_with(key, now);
        let who = who.ok_or(Error::NotFound("event"))?;
        if self.guest_actions(who, settings, now).contains(&action) {
            return Ok(who);
        }
        Err(Conflict::new("the event does not allow this any more").into())
    }

    fn change_participant(&mut self, id: ObjectId, change: impl Fn(&mut Participant)) {
        let own = self.participants.iter_mut().filter(|p| p.id == id);
        own.for_each(change);
    }

    /// Adds a date that a guest suggests, and that suits them. One that is there already
    /// gets their vote.
    fn suggest(
        &mut self,
        by: ObjectId,
        span: TimeSpan,
        all_day: bool,
        now: Timestamp,
    ) -> Result<bool> {
        let mut dates = self.dates.iter();
        let same = dates.find(|date| (date.span, date.all_day) == (span, all_day));
        let same = same.map(|date| date.id);
        let id = same.unwrap_or_else(|| {
            let date = EventDate {
                free: false,
                suggested_by: Some(by),
                ..EventDate::new(span, all_day, now)
            };
            let id = date.id;
            self.dates.push(date);
            id
        });
        let choices = Choices {
            dates: [(id, true)].into(),
            ..Choices::default()
        };
        Ok(self.vote(by, &choices, now)? || same.is_none())
    }
}

#[cfg(test)]
mod tests;
