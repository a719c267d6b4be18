//! What the forms of an event's page send.

use std::collections::{BTreeMap, HashMap};

use jiff::{Timestamp, civil, tz::TimeZone};
use roster_domain::{
    bookings::event::{Choices, Event, GuestAction, NewDate, SuggestedDate},
    bookings::{agenda::DateText, event::EventDate},
    id::ObjectId,
    text::Message,
    zone::ZoneName,
};

use super::{action, problem::Problem};

/// How long a suggested date is, where the event has none to go by.
const DEFAULT_LENGTH: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

/// What the forms have: the name of the buttons.
pub const ACTION: &str = "action";
/// The input of a message.
pub const MESSAGE: &str = "message";
/// The input of a suggested date.
pub const SUGGESTION: &str = "suggestion";
/// The input of the date that the event is moved to.
pub const NEW_DATE: &str = "new_date";
/// The input of a zone.
pub const TIMEZONE: &str = "timezone";
/// Before the id of a date and of a place.
pub(crate) const DATE: &str = "date-";
pub(crate) const PLACE: &str = "place-";
pub(crate) const YES: &str = "yes";
pub(crate) const NO: &str = "no";

/// What somebody asks for.
#[derive(Debug)]
pub enum Asked {
    /// To say which dates and places suit.
    Vote(Choices),
    /// To come.
    Accept,
    /// Not to come.
    Decline,
    /// To write to everybody.
    Write(Message),
    /// To suggest a date.
    Suggest(NewDate),
    /// To cancel the event.
    Cancel,
    /// To move the event.
    Reschedule(NewDate),
    /// To see dates in another zone.
    ChooseZone(ZoneName),
}

/// Why a form is not taken.
#[derive(Debug)]
pub enum Wrong {
    /// People can mend it, where they can do this.
    Problem(GuestAction, Problem),
    /// No form of the page sends this.
    NoForm,
}

impl Asked {
    /// Reads what a form sent about an event, with times in the zone that they were shown
    /// in; also answers which of the page's actions it is.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(
        fields: &HashMap<String, String>,
        event: &Event,
        zone: &ZoneName,
        now: Timestamp,
    ) -> Result<(GuestAction, Self), Wrong> {
        let field = |name: &str| fields.get(name).map_or("", String::as_str);
        let action = action::named(field(ACTION)).ok_or(Wrong::NoForm)?;
        let wrong = |problem| Wrong::Problem(action, problem);
        let date = |name, missing, past| {
            let date = date(field(name), event, &zone.rules()).ok_or(wrong(missing))?;
            let span = date.span(event).map_err(|_| wrong(missing))?;
            if span.start <= now {
                return Err(wrong(past));
            }
            Ok(date)
        };
        let asked = match action {
            GuestAction::Vote => Self::Vote(votes(fields)?),
            GuestAction::Accept => Self::Accept,
            GuestAction::Decline => Self::Decline,
            GuestAction::Write => Self::Write(message(field(MESSAGE)).map_err(wrong)?),
            GuestAction::Suggest => Self::Suggest(date(
                SUGGESTION,
                Problem::SuggestionMissing,
                Problem::SuggestionPast,
            )?),
            GuestAction::Cancel => Self::Cancel,
            GuestAction::Reschedule => {
                Self::Reschedule(date(NEW_DATE, Problem::MoveMissing, Problem::MovePast)?)
            }
            GuestAction::ChooseZone => {
                Self::ChooseZone(field(TIMEZONE).parse().map_err(|_| Wrong::NoForm)?)
            }
        };
        Ok((action, asked))
    }
}

fn message(text: &str) -> Result<Message, Problem> {
    // A browser sends every line break of a text as these two (HTML, 4.10.22.4).
    let text = text.replace("\r\n", "\n");
    match text.trim() {
        "" => Err(Problem::MessageMissing),
        text => text.parse().map_err(|_| Problem::MessageInvalid),
    }
}

fn votes(fields: &HashMap<String, String>) -> Result<Choices, Wrong> {
    let mut choices = Choices::default();
    for (name, value) in fields {
        let (votes, id): (&mut BTreeMap<ObjectId, bool>, _) =
            match (name.strip_prefix(DATE), name.strip_prefix(PLACE)) {
                (Some(id), _) => (&mut choices.dates, id),
                (_, Some(id)) => (&mut choices.places, id),
                _ => continue,
            };
        let yes = match value.as_str() {
            YES => true,
            NO => false,
            _ => return Err(Wrong::NoForm),
        };
        votes.insert(id.parse().map_err(|_| Wrong::NoForm)?, yes);
    }
    if choices == Choices::default() {
        return Err(Wrong::Problem(GuestAction::Vote, Problem::VoteMissing));
    }
    Ok(choices)
}

/// The date whose length and kind others of an event have.
pub(crate) fn model(event: &Event) -> Option<&EventDate> {
    let mut dates = event.dates.iter();
    let confirmed = dates.clone().find(|date| date.confirmed);
    confirmed.or_else(|| dates.next())
}

/// A date of an event that starts then, by the clock of a zone, and is as long as the
/// event's others. A time that a change of the clocks skips moves forward by the gap.
fn date(text: &str, event: &Event, zone: &TimeZone) -> Option<NewDate> {
    let model = model(event);
    let all_day = model.is_some_and(|model| model.all_day);
    let (start, end) = if all_day {
        let first: civil::Date = text.parse().ok()?;
        let own = event.zone().map_or(TimeZone::UTC, ZoneName::rules);
        let days = model.map_or(1, |model| {
            let local = |instant: Timestamp| instant.to_zoned(own.clone()).date();
            let (start, end) = (local(model.span.start), local(model.span.end));
            start
                .until(end)
                .map_or(1, |length| length.get_days())
                .max(1)
        });
        let last = first.checked_add(jiff::Span::new().days(days - 1)).ok()?;
        (DateText::Day(first), DateText::Day(last))
    } else {
        let start: civil::DateTime = text.parse().ok()?;
        let start = zone.to_ambiguous_timestamp(start).compatible().ok()?;
        let length = model.map_or(DEFAULT_LENGTH, |model| {
            model.span.start.duration_until(model.span.end)
        });
        let instant = |instant: Timestamp| instant.to_string().parse().ok();
        (instant(start)?, instant(start.checked_add(length).ok()?)?)
    };
    Some(NewDate {
        date: SuggestedDate {
            all_day,
            start,
            end,
        },
        timezone: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_may_have_lines_and_must_have_something() {
        assert_eq!(message("  \r\n "), Err(Problem::MessageMissing));
        let text = message("One\r\ntwo ").expect("a message");
        assert_eq!(text.as_str(), "One\ntwo");
        assert_eq!(message(&"a".repeat(10_001)), Err(Problem::MessageInvalid));
        assert_eq!(message("a\u{202e}b"), Err(Problem::MessageInvalid));
    }

    #[test]
    fn a_vote_is_for_something_and_yes_or_no() {
        let form = |pairs: &[(&str, &str)]| {
            let own = pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            votes(&own.collect())
        };
        let id = "0123456789abcdef01234567";
        let (date, place) = (format!("date-{id}"), format!("place-{id}"));
        let choices = form(&[(&date, "yes"), (&place, "no"), ("action", "vote")]).expect("votes");
        assert_eq!(choices.dates.values().copied().collect::<Vec<_>>(), [true]);
        assert_eq!(
            choices.places.values().copied().collect::<Vec<_>>(),
            [false]
        );
        assert!(matches!(
            form(&[]),
            Err(Wrong::Problem(_, Problem::VoteMissing))
        ));
        for wrong in [[(date.as_str(), "perhaps")], [("date-1", "yes")]] {
            assert!(matches!(form(&wrong), Err(Wrong::NoForm)));
        }
    }
}
