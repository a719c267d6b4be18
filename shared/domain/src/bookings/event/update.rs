//! What an event says of itself, changed: its title, its dates, its places.

use jiff::{Timestamp, tz::TimeZone};

use super::{Event, EventDate, EventPlace, SuggestedDate, SuggestedPlace};
use crate::{
    bookings::agenda::TimeSpan,
    error::{Error, Field, Result, Violation},
    id::ObjectId,
    text::Title,
    zone::ZoneName,
};

/// The source that is shown of a place that says none.
pub const DEFAULT_SOURCE: &str = "app";

/// A change of what an event says of itself. What is absent stays; a list replaces the
/// one before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventUpdate {
    /// Its title.
    pub title: Option<Title>,
    /// Its dates.
    pub dates: Option<Vec<UpdatedDate>>,
    /// Its places.
    pub places: Option<Vec<UpdatedPlace>>,
}

/// A date of a list that replaces an event's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdatedDate {
    /// The date of the event that it is to take the place of, where it names one.
    pub id: Option<ObjectId>,
    /// When.
    pub date: SuggestedDate,
}

/// A place of a list that replaces an event's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdatedPlace {
    /// The place of the event that it is to take the place of, where it names one.
    pub id: Option<ObjectId>,
    /// Where.
    pub place: SuggestedPlace,
}

impl Event {
    /// Changes what it says of itself. A date that is named by its id, or is as one that
    /// it has, stays that date, confirmed where it was; where the confirmed date is not
    /// among them, the event is no longer confirmed. False where nothing changes.
    ///
    /// # Errors
    /// A conflict where it cannot be changed any more; violations of dates that end
    /// before they start or last too long, and of ids that it has none of.
    pub fn update(&mut self, update: &EventUpdate, now: Timestamp) -> Result<bool> {
        self.hold_open()?;
        let before = self.clone();
        if let Some(title) = &update.title {
            self.title.clone_from(title);
        }
        let mut violations = Vec::new();
        if let Some(dates) = &update.dates {
            self.dates = before.updated_dates(dates, now, &mut violations);
        }
        if let Some(places) = &update.places {
            self.places = before.updated_places(places, now, &mut violations);
        }
        if !violations.is_empty() {
            return Err(Error::Invalid(violations));
        }
        if !self.dates.iter().any(|date| date.confirmed)
            && self.confirmed
            && !before.dates.is_empty()
        {
            self.confirmed = false;
            self.confirmed_at = None;
            self.confirmed_place = None;
        }
        let has_place = |id: &ObjectId| self.places.iter().any(|place| place.id == *id);
        self.confirmed_place = self.confirmed_place.filter(has_place);
        let changes = *self != before;
        if changes {
            self.changed_for_calendars(before.reserved());
        }
        Ok(changes)
    }

    fn updated_dates(
        &self,
        dates: &[UpdatedDate],
        now: Timestamp,
        violations: &mut Vec<Violation>,
    ) -> Vec<EventDate> {
        let zone = self.zone().map_or(TimeZone::UTC, ZoneName::rules);
        let mut updated = Vec::with_capacity(dates.len());
        let mut left = self.dates.clone();
        for (index, UpdatedDate { id, date }) in dates.iter().enumerate() {
            let span = match date.span(&zone) {
                Ok(span) => span,
                Err(wrong) => {
                    violations.push(wrong.at(Field::DateEnd(index)));
                    continue;
                }
            };
            let is_it = |own: &EventDate| match id {
                Some(id) => own.id == *id,
                None => (own.span, own.all_day) == (span, date.all_day),
            };
            match left.iter().position(is_it).map(|place| left.remove(place)) {
                Some(own) => updated.push(own.at(span, date.all_day, now)),
                None if id.is_some() => {
                    let detail = "is not the ID of a date of the event, or is there twice";
                    let field = Field::DateId(index).into();
                    violations.push(Violation::unacceptable(field, detail));
                }
                None => updated.push(EventDate::new(span, date.all_day, now)),
            }
        }
        updated
    }

    fn updated_places(
        &self,
        places: &[UpdatedPlace],
        now: Timestamp,
        violations: &mut Vec<Violation>,
    ) -> Vec<EventPlace> {
        let mut updated = Vec::with_capacity(places.len());
        let mut left = self.places.clone();
        for (index, UpdatedPlace { id, place }) in places.iter().enumerate() {
            let is_it = |own: &EventPlace| match id {
                Some(id) => own.id == *id,
                None => own.is(place),
            };
            match left.iter().position(is_it).map(|at| left.remove(at)) {
                Some(own) => updated.push(EventPlace {
                    id: own.id,
                    vote: own.vote,
                    // Whoever voted for it did so for the place that it was.
                    votes: if own.is(place) { own.votes } else { Vec::new() },
                    // What is shown where there is none is not one.
                    source: place
                        .source
                        .clone()
                        .filter(|source| own.source.is_some() || source.as_str() != DEFAULT_SOURCE),
                    ..EventPlace::new(place, now)
                }),
                None if id.is_some() => {
                    let detail = "is not the ID of a place of the event, or is there twice";
                    let field = Field::PlaceId(index).into();
                    violations.push(Violation::unacceptable(field, detail));
                }
                None => updated.push(EventPlace::new(place, now)),
            }
        }
        updated
    }
}

impl EventDate {
    /// A date that who holds the event suggests.
    #[must_use]
    pub fn new(span: TimeSpan, all_day: bool, now: Timestamp) -> Self {
        Self {
            id: ObjectId::generate(now),
            span,
            all_day,
            confirmed: false,
            free: true,
            vote: ObjectId::generate(now),
            suggested_by: None,
            votes: Vec::new(),
        }
    }

    /// The same date at another time. Whoever voted for it did so for the time that it
    /// was at.
    fn at(self, span: TimeSpan, all_day: bool, now: Timestamp) -> Self {
        if (self.span, self.all_day) == (span, all_day) {
            return self;
        }
        Self {
            id: self.id,
            confirmed: self.confirmed,
            ..Self::new(span, all_day, now)
        }
    }
}

impl EventPlace {
    /// A place as it is suggested.
    #[must_use]
    pub fn new(place: &SuggestedPlace, now: Timestamp) -> Self {
        Self {
            id: ObjectId::generate(now),
            name: place.name.clone(),
            address: place.address.clone(),
            source: place.source.clone(),
            source_id: place.source_id.clone(),
            vote: ObjectId::generate(now),
            votes: Vec::new(),
        }
    }

    fn is(&self, place: &SuggestedPlace) -> bool {
        self.name == place.name
            && self.address == place.address
            && self.source == place.source
            && self.source_id == place.source_id
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::life::tests::{date, event, id},
        *,
    };

    fn at(index: u8) -> UpdatedDate {
        let EventDate { span, all_day, .. } = date(0, index.into(), true);
        UpdatedDate {
            id: None,
            date: SuggestedDate {
                all_day,
                start: span.start.to_string().parse().expect("a date"),
                end: span.end.to_string().parse().expect("a date"),
            },
        }
    }

    fn named(number: u8, hour: u8) -> UpdatedDate {
        UpdatedDate {
            id: Some(id(number)),
            ..at(hour)
        }
    }

    fn dates(dates: Vec<UpdatedDate>) -> EventUpdate {
        EventUpdate {
            dates: Some(dates),
            ..EventUpdate::default()
        }
    }

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn what_is_sent_as_it_is_changes_nothing() {
        let mut it = event(vec![date(1, 9, false), date(2, 10, true)]);
        let before = it.clone();
        for update in [
            EventUpdate::default(),
            dates(vec![at(9), at(10)]),
            dates(vec![named(1, 9), named(2, 10)]),
        ] {
            assert_eq!(it.update(&update, NOW).ok(), Some(false));
            assert_eq!(it, before);
        }
    }

    #[test]
    fn a_date_keeps_its_id_where_it_is_named_or_the_same() {
        let mut it = event(vec![date(1, 9, false), date(2, 10, true)]);
        it.confirm(Some(id(2)), None, NOW).expect("it has the date");
        let update = dates(vec![named(2, 12), at(9), at(15)]);
        assert_eq!(it.update(&update, NOW).ok(), Some(true));
        assert_eq!((it.dates[0].id, it.dates[1].id), (id(2), id(1)));
        assert!(it.dates[0].confirmed && it.confirmed, "it moves");
        assert_eq!(it.reserved(), Some(date(0, 12, true).span));
        assert_eq!(it.sequence, 1);
    }

    #[test]
    fn without_its_confirmed_date_an_event_is_open_again() {
        let mut it = event(vec![date(1, 9, true), date(2, 10, true)]);
        it.confirm(Some(id(1)), None, NOW).expect("it has the date");
        assert_eq!(
            it.update(&dates(vec![at(10), at(11)]), NOW).ok(),
            Some(true)
        );
        assert!(!it.confirmed && it.confirmed_at.is_none() && it.reserved().is_none());
        assert!(it.confirmed_place.is_none());
    }

    #[test]
    fn every_date_that_is_wrong_is_told_at_its_place() {
        let mut it = event(vec![date(1, 9, true)]);
        let mut backwards = at(9);
        std::mem::swap(&mut backwards.date.start, &mut backwards.date.end);
        let update = dates(vec![named(7, 9), backwards, named(1, 9), named(1, 10)]);
        let Err(Error::Invalid(violations)) = it.update(&update, NOW) else {
            panic!("it is wrong");
        };
        let places: Vec<_> = violations.into_iter().map(|it| it.location).collect();
        let expected = [Field::DateId(0), Field::DateEnd(1), Field::DateId(3)];
        assert_eq!(places, expected.map(Into::into));
    }
}
