//! Who is told what, when an event changes: worked out from what it was and what it is, so
//! that no change can be written and not told.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Event, EventDate, Participant, Vote};
use crate::{id::ObjectId, users::mail_topic::MailTopic};

/// What somebody who takes part in an event is told of it.
///
/// Where a change gives several reasons to tell somebody something, they get one mail, about
/// the first of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// It is cancelled.
    Cancelled,
    /// They do not take part any more.
    Removed,
    /// They take part, or hold it.
    Invited,
    /// Its date is certain.
    Confirmed,
    /// It has another date.
    Moved,
    /// It had a date, and has none that is certain any more.
    Undecided,
    /// Something else of it is different: title, place, who holds it, the dates to choose
    /// from.
    Changed,
    /// Somebody wrote to everybody.
    Message,
    /// A guest suggests another date.
    Suggested,
    /// A guest does not come.
    Declined,
    /// A guest comes.
    Accepted,
    /// A guest said which dates suit.
    Voted,
    /// What they said of the dates is noted.
    VoteNoted,
    /// It starts soon.
    Reminder,
}

impl News {
    /// The setting that says whether somebody is mailed about it, for who holds the event
    /// or for a guest.
    #[must_use]
    pub fn topic(self, event: &Event, is_holder: bool) -> MailTopic {
        use MailTopic as T;

        match (self, is_holder) {
            (Self::Cancelled | Self::Removed, true) => T::EventCancelledAdmin,
            (Self::Cancelled | Self::Removed, false) => T::EventCancelled,
            (Self::Invited, true) if event.is_booked() => T::VytemeCreatedAdmin,
            (Self::Invited, true) => T::NewEventAdmin,
            (Self::Invited, false) => T::NewEvent,
            (
                Self::Confirmed | Self::Moved | Self::Undecided | Self::Changed | Self::Reminder,
                is_holder,
            ) => {
                if is_holder {
                    T::EventConfirmedAdmin
                } else {
                    T::EventConfirmed
                }
            }
            (Self::Message, _) => T::NewMessage,
            (Self::Suggested, true) => T::NewSuggestionOwn,
            (Self::Suggested, false) => T::NewSuggestion,
            (Self::Declined, _) => T::Declined,
            (Self::Accepted, _) => T::Attending,
            (Self::Voted, _) => T::VoteUpdate,
            (Self::VoteNoted, _) => T::VoteConfirmation,
        }
    }

    /// Whether a calendar is to be told, too.
    #[must_use]
    pub fn is_for_calendars(self) -> bool {
        self <= Self::Changed
    }

    /// Whether it still makes sense to tell it of an event as it is by now.
    #[must_use]
    pub fn still_holds(self, event: &Event) -> bool {
        event.is_cancelled() == (self == Self::Cancelled) || self == Self::Removed
    }
}

/// What one participant is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The participant, as they are, or were where they do not take part any more.
    pub to: Participant,
    /// What they are told.
    pub news: News,
    /// Who gave the reason for it: who voted, declined, accepted or suggested. None where
    /// it is of the event itself.
    pub by: Option<ObjectId>,
}

/// Whom to remind of an event: everybody who comes.
#[must_use]
pub fn reminders(event: &Event) -> Vec<Notice> {
    let mut found = Found::default();
    if !event.no_emails {
        found.all(event, News::Reminder, None, |_| true);
    }
    found.into_notices()
}

/// What an event's change gives to tell, to whom: at most one thing to each. Nothing where
/// nobody is to be mailed about the event, or where it was over before it changed.
#[must_use]
pub fn notices(before: Option<&Event>, event: &Event, now: Timestamp) -> Vec<Notice> {
    let is_ahead = event.is_ahead(now) || before.is_some_and(|before| before.is_ahead(now));
    if event.no_emails || !is_ahead {
        return Vec::new();
    }
    let mut found = Found::default();
    match before {
        None if event.is_cancelled() => {}
        None => found.all(event, News::Invited, None, |_| true),
        Some(before) if before.is_cancelled() => {}
        Some(before) => found.changes(before, event),
    }
    found.into_notices()
}

/// The most important that was found for each participant.
#[derive(Default)]
struct Found(BTreeMap<ObjectId, Notice>);

impl Found {
    fn into_notices(self) -> Vec<Notice> {
        self.0.into_values().collect()
    }

    fn tell(&mut self, to: &Participant, news: News, by: Option<ObjectId>) {
        if to.email.is_none() {
            return;
        }
        let known = self.0.get(&to.id);
        if known.is_none_or(|known| news < known.news) {
            let notice = Notice {
                to: to.clone(),
                news,
                by,
            };
            self.0.insert(to.id, notice);
        }
    }

    /// Tells everybody who has not declined, and whom `whom` chooses.
    fn all(
        &mut self,
        event: &Event,
        news: News,
        by: Option<ObjectId>,
        whom: impl Fn(&Participant) -> bool,
    ) {
        let comes = |one: &&Participant| one.declined_at.is_none() && whom(one);
        for one in event.participants.iter().filter(comes) {
            self.tell(one, news, by);
        }
    }

    fn changes(&mut self, before: &Event, event: &Event) {
        let was = |one: &Participant| before.participants.iter().find(|was| was.id == one.id);
        let stays = |one: &Participant| event.participants.iter().any(|is| is.id == one.id);
        if event.is_cancelled() {
            // Who declined before, or just now, knows.
            self.all(event, News::Cancelled, None, |_| true);
            self.answers(before, event);
            return;
        }
        for one in before.participants.iter().filter(|one| !stays(one)) {
            // Who held it and is a guest now, has another invitation.
            let same = |is: &Participant| is.user.is_some() && is.user == one.user;
            if one.declined_at.is_none() && !event.participants.iter().any(same) {
                self.tell(one, News::Removed, None);
            }
        }
        self.all(event, News::Invited, None, |one| {
            let became_holder = one.is_assigned && was(one).is_none_or(|was| !was.is_assigned);
            became_holder || was(one).is_none()
        });
        let change = if event.confirmed && !before.confirmed {
            Some(News::Confirmed)
        } else if event.reserved() != before.reserved() && before.reserved().is_some() {
            let has_date = event.reserved().is_some();
            Some(if has_date {
                News::Moved
            } else {
                News::Undecided
            })
        } else if differs(before, event) {
            Some(News::Changed)
        } else {
            None
        };
        if let Some(change) = change {
            self.all(event, change, None, |_| true);
        }
        for message in event.messages.iter().skip(before.messages.len()) {
            let from = message.from.folded();
            let wrote = |one: &Participant| one.email.as_ref().map(|own| own.folded());
            self.all(event, News::Message, None, |one| {
                wrote(one) != Some(from.clone())
            });
        }
        self.suggestions(before, event);
        self.answers(before, event);
        self.votes(before, event);
    }

    /// Dates that guests suggest.
    fn suggestions(&mut self, before: &Event, event: &Event) {
        let is_new = |date: &&EventDate| !before.dates.iter().any(|was| was.id == date.id);
        for date in event.dates.iter().filter(is_new) {
            if let Some(by) = date.suggested_by {
                self.all(event, News::Suggested, Some(by), |one| one.id != by);
            }
        }
    }

    /// Guests who say that they come, or that they do not: for who holds it.
    fn answers(&mut self, before: &Event, event: &Event) {
        let Some(holder) = event.holder() else {
            return;
        };
        for one in &event.participants {
            let Some(was) = before.participants.iter().find(|was| was.id == one.id) else {
                continue;
            };
            if one.declined_at.is_some() && was.declined_at.is_none() {
                self.tell(holder, News::Declined, Some(one.id));
            }
            if one.accepted_at.is_some() && was.accepted_at.is_none() {
                self.tell(holder, News::Accepted, Some(one.id));
            }
        }
    }

    fn votes(&mut self, before: &Event, event: &Event) {
        let (had, has) = (votes(before), votes(event));
        let changed = has.iter().filter(|(key, yes)| had.get(*key) != Some(yes));
        let voters: Vec<_> = changed.map(|((by, _), _)| *by).collect();
        for voter in event
            .participants
            .iter()
            .filter(|one| voters.contains(&one.id))
        {
            if let Some(holder) = event.holder() {
                self.tell(holder, News::Voted, Some(voter.id));
            }
            self.tell(voter, News::VoteNoted, None);
        }
    }
}

/// Every vote: of whom, on what.
pub(crate) fn votes(event: &Event) -> BTreeMap<(ObjectId, ObjectId), bool> {
    let of_dates = event.dates.iter().map(|date| (date.id, &date.votes));
    let of_places = event.places.iter().map(|place| (place.id, &place.votes));
    let each = |(on, votes): (ObjectId, &Vec<Vote>)| {
        let votes = votes.iter().map(move |vote| ((vote.by, on), vote.yes));
        votes.collect::<Vec<_>>()
    };
    of_dates.chain(of_places).flat_map(each).collect()
}

/// Whether what is written in a calendar or to choose from is different, apart from what
/// guests suggest.
pub(crate) fn differs(before: &Event, event: &Event) -> bool {
    let dates = |event: &Event| -> Vec<_> {
        let own = event
            .dates
            .iter()
            .filter(|date| date.suggested_by.is_none());
        own.map(|date| (date.span, date.all_day)).collect()
    };
    let places = |event: &Event| -> Vec<_> {
        let places = event.places.iter();
        places
            .map(|place| (place.name.clone(), place.address.clone()))
            .collect()
    };
    event.title != before.title
        || event.assigned != before.assigned
        || event.confirmed_place != before.confirmed_place
        || places(event) != places(before)
        || dates(event) != dates(before)
}

#[cfg(test)]
mod tests;
