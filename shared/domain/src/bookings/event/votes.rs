//! What those who take part think of an event's dates and places.

use std::{cmp::Reverse, collections::BTreeMap, mem};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Event, EventDate, EventPlace};
use crate::{
    error::{Conflict, Result},
    id::ObjectId,
};

/// What a guest thinks of a date or a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: ObjectId,
    /// The invitation of who votes.
    pub by: ObjectId,
    /// Whether it suits them.
    pub yes: bool,
}

/// Which dates and places suit somebody, by their ids. What is not named stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Of dates.
    pub dates: BTreeMap<ObjectId, bool>,
    /// Of places.
    pub places: BTreeMap<ObjectId, bool>,
}

impl Event {
    /// Notes what a guest thinks. False where they had said all of it before.
    ///
    /// # Errors
    /// A conflict where a date or a place is not there any more.
    pub(super) fn vote(&mut self, by: ObjectId, choices: &Choices, now: Timestamp) -> Result<bool> {
        let dates: Vec<_> = self.dates.iter().map(|date| date.id).collect();
        let places: Vec<_> = self.places.iter().map(|place| place.id).collect();
        let are_there = choices.dates.keys().all(|id| dates.contains(id))
            && choices.places.keys().all(|id| places.contains(id));
        if !are_there {
            let detail = "the dates or places of the event have changed since they were shown";
            return Err(Conflict::new(detail).into());
        }
        let mut changes = false;
        let (own_dates, own_places) = (&mut self.dates, &mut self.places);
        let of_dates = own_dates.iter_mut().map(|own| (own.id, &mut own.votes));
        let of_places = own_places.iter_mut().map(|own| (own.id, &mut own.votes));
        let of = |id: &ObjectId| choices.dates.get(id).or(choices.places.get(id)).copied();
        for (id, votes) in of_dates.chain(of_places) {
            if let Some(yes) = of(&id) {
                changes |= set(votes, by, yes, now);
            }
        }
        Ok(changes)
    }

    /// How many a date suits, of those who come: the organizer too, who suggested it or
    /// was found free for it.
    #[must_use]
    pub fn support_for_date(&self, date: &EventDate) -> usize {
        let organizer = date.free && date.suggested_by.is_none();
        usize::from(organizer) + self.count(&date.votes)
    }

    /// How many a place suits, of those who come; the organizer, who suggested it, too.
    #[must_use]
    pub fn support_for_place(&self, place: &EventPlace) -> usize {
        1 + self.count(&place.votes)
    }

    fn count(&self, votes: &[Vote]) -> usize {
        let comes = |vote: &&Vote| {
            let mut participants = self.participants.iter();
            participants.any(|p| p.id == vote.by && p.declined_at.is_none())
        };
        votes.iter().filter(|vote| vote.yes).filter(comes).count()
    }

    /// Whether a guest has said of any date whether it suits.
    #[must_use]
    pub fn has_voted_on_dates(&self, guest: ObjectId) -> bool {
        let mut votes = self.dates.iter().flat_map(|date| &date.votes);
        votes.any(|vote| vote.by == guest)
    }

    /// Whether a guest has said of any place whether it suits.
    #[must_use]
    pub fn has_voted_on_places(&self, guest: ObjectId) -> bool {
        let mut votes = self.places.iter().flat_map(|place| &place.votes);
        votes.any(|vote| vote.by == guest)
    }

    /// Of the dates with most votes, the first that is not over; the first of all where
    /// every one is.
    pub(super) fn most_wanted(&self, now: Timestamp) -> Option<&EventDate> {
        let rank = |date: &&EventDate| {
            let support = Reverse(self.support_for_date(date));
            (support, date.span.end <= now, date.span)
        };
        self.dates.iter().min_by_key(rank)
    }

    /// Of the places with most votes, the first.
    pub(super) fn most_wanted_place(&self) -> Option<ObjectId> {
        let rank = |place: &&EventPlace| Reverse(self.support_for_place(place));
        self.places.iter().min_by_key(rank).map(|place| place.id)
    }

    /// Forgets the votes of who does not take part any more.
    pub fn forget_votes(&mut self) {
        let takes_part = |vote: &Vote| self.participants.iter().any(|p| p.id == vote.by);
        for date in &mut self.dates {
            date.votes.retain(takes_part);
        }
        for place in &mut self.places {
            place.votes.retain(takes_part);
        }
    }
}

/// Sets somebody's vote; answers whether it is another than before.
fn set(votes: &mut Vec<Vote>, by: ObjectId, yes: bool, now: Timestamp) -> bool {
    if let Some(vote) = votes.iter_mut().find(|vote| vote.by == by) {
        return mem::replace(&mut vote.yes, yes) != yes;
    }
    votes.push(Vote {
        id: ObjectId::generate(now),
        by,
        yes,
    });
    true
}
