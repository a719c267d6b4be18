//! What the page of an event shows.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use jiff::{Timestamp, tz::TimeZone};
use roster_domain::{
    bookings::event::{Event, EventDate, EventPlace, GuestAction, Participant, Vote},
    id::ObjectId,
    users::booking_page::PageSettings,
    users::language::Language,
    zone::ZoneName,
};
use roster_pages::{CommonTexts, STYLE, common_texts, dates};

use super::{
    action,
    entered::{self, ACTION, DATE, MESSAGE, NEW_DATE, NO, PLACE, SUGGESTION, TIMEZONE, YES},
    problem::Problem,
    texts::{Texts, texts},
};

/// Where the zones are that people choose from: the rest of the database are other names
/// of them.
const AREAS: [&str; 10] = [
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];

/// What is shown, and to whom.
#[derive(Debug)]
pub struct Shown<'a> {
    /// The event.
    pub event: &'a Event,
    /// Who looks at it.
    pub who: &'a Participant,
    /// The organization's name.
    pub organization: &'a str,
    /// What who holds the event allows.
    pub settings: &'a PageSettings,
    /// The language.
    pub language: Language,
    /// Now.
    pub now: Timestamp,
    /// What was done just before.
    pub done: Option<GuestAction>,
    /// Whether it was booked just before, on a booking page.
    pub is_booked_now: bool,
    /// Why what was asked for was not done.
    pub problem: Option<Problem>,
    /// What was entered, where it was not taken.
    pub entered: Option<&'a HashMap<String, String>>,
}

/// The zone in which somebody sees the dates of an event: their own, or the event's.
pub(crate) fn zone(event: &Event, who: &Participant) -> ZoneName {
    let own = who.timezone.as_ref().or(event.zone());
    own.cloned().unwrap_or_else(ZoneName::utc)
}

/// What is said of a link that is not good (any more); why is not said, and neither is
/// whether there ever was such a link.
#[must_use]
pub(crate) fn dead_link(language: Language) -> Vec<&'static str> {
    let texts = texts(language);
    vec![texts.dead_link_reasons, texts.dead_link_advice]
}

#[derive(Template)]
#[template(path = "event.html")]
struct EventPage<'a> {
    language: Language,
    texts: &'static Texts,
    common: &'static CommonTexts,
    organization: &'a str,
    title: &'a str,
    problem: Option<Problem>,
    notice: Option<&'static str>,
    state: (&'static str, &'static str),
    answer: Option<&'static str>,
    dates: Vec<Choice<'a>>,
    places: Vec<Choice<'a>>,
    organizer: &'a str,
    guests: Vec<&'a str>,
    messages: Vec<Written<'a>>,
    zone: &'a ZoneName,
    zones: Vec<String>,
    can: BTreeSet<GuestAction>,
    is_too_late: bool,
    all_day: bool,
    entered: Option<&'a HashMap<String, String>>,
}

/// A date or a place.
struct Choice<'a> {
    /// The name of its input.
    name: String,
    text: String,
    /// A second line: where a place is.
    detail: Option<&'a str>,
    /// That line as the address of a page, where it is one.
    link: Option<&'a str>,
    suggested_by: Option<&'a str>,
    yes_so_far: usize,
    /// What the guest said of it before, or entered now.
    vote: Option<bool>,
    is_chosen: bool,
}

/// A message.
struct Written<'a> {
    by: &'a str,
    at: String,
    body: &'a str,
}

/// The HTML of the page.
#[must_use]
pub(crate) fn render(shown: &Shown<'_>) -> String {
    let Shown {
        event,
        who,
        language,
        ..
    } = *shown;
    let texts = texts(language);
    let zone = zone(event, who);
    let can = event.guest_actions(who, shown.settings, shown.now);
    let rules = zone.rules();
    let messages = event.messages.iter().map(|message| Written {
        by: event.author(message),
        at: dates::instant(
            message.created_at.unwrap_or(event.created_at),
            &rules,
            language,
        ),
        body: message.body.as_str(),
    });
    let attend = |one: &&Participant| !one.is_assigned && one.declined_at.is_none();
    let guests = event.participants.iter().filter(attend);
    let holder = event.holder();
    roster_pages::render(&EventPage {
        language,
        texts,
        common: common_texts(language),
        organization: shown.organization,
        title: event.title.as_str(),
        problem: shown.problem,
        notice: notice(shown, texts),
        state: state(shown, texts),
        answer: if who.declined_at.is_some() {
            Some(texts.you_do_not_come)
        } else {
            who.accepted_at.map(|_| texts.you_come)
        },
        dates: shown.dates(&rules),
        places: shown.places(),
        organizer: holder.map_or("", Participant::shown_name),
        guests: guests.map(Participant::shown_name).collect(),
        messages: messages.collect(),
        zones: zones(&zone),
        zone: &zone,
        is_too_late: shown.is_too_late(&can),
        can,
        all_day: entered::model(event).is_some_and(|model| model.all_day),
        entered: shown.entered,
    })
}

/// What was done just before.
fn notice(shown: &Shown<'_>, texts: &Texts) -> Option<&'static str> {
    let booked = || common_texts(shown.language).booked;
    let done = shown.done.map(|done| action::notice(done, texts));
    done.or_else(|| shown.is_booked_now.then(booked))
}

/// Where the event is in its life: a word for tests, and what is said.
fn state(shown: &Shown<'_>, texts: &Texts) -> (&'static str, &'static str) {
    let event = shown.event;
    if event.is_cancelled() {
        ("cancelled", texts.state_cancelled)
    } else if event.no_show_at.is_some() || !event.is_ahead(shown.now) {
        ("over", texts.state_over)
    } else if event.confirmed {
        ("confirmed", texts.state_confirmed)
    } else {
        ("open", texts.state_open)
    }
}

impl<'a> Shown<'a> {
    /// The dates that there are to choose from; once one is chosen, that one.
    fn dates(&self, zone: &TimeZone) -> Vec<Choice<'a>> {
        let event = self.event;
        let chosen = event.dates.iter().any(|date| date.confirmed);
        let dates = event.dates.iter();
        let dates = dates.filter(|date| date.confirmed || !chosen);
        let own_zone = event.zone().map_or(TimeZone::UTC, ZoneName::rules);
        let text = |date: &EventDate| {
            // A day is the same day everywhere.
            let zone = if date.all_day { &own_zone } else { zone };
            dates::span(&date.span, date.all_day, zone, self.language)
        };
        dates
            .map(|date| Choice {
                text: text(date),
                detail: None,
                link: None,
                suggested_by: date.suggested_by.map(|by| self.name_of(by)),
                yes_so_far: event.support_for_date(date),
                is_chosen: date.confirmed,
                ..self.choice(DATE, date.id, &date.votes)
            })
            .collect()
    }

    /// The places that there are to choose from; once one is chosen, that one.
    fn places(&self) -> Vec<Choice<'a>> {
        let event = self.event;
        let is_chosen = |place: &EventPlace| event.confirmed_place == Some(place.id);
        let chosen = event.places.iter().any(is_chosen);
        let places = event.places.iter();
        let places = places.filter(|place| is_chosen(place) || !chosen);
        places
            .map(|place| {
                let address = place.address.as_ref().map(|address| address.as_str());
                Choice {
                    text: place.name.to_string(),
                    detail: address,
                    link: address.filter(|address| address.starts_with("https://")),
                    suggested_by: None,
                    yes_so_far: event.support_for_place(place),
                    is_chosen: is_chosen(place),
                    ..self.choice(PLACE, place.id, &place.votes)
                }
            })
            .collect()
    }

    fn choice(&self, kind: &str, id: ObjectId, votes: &[Vote]) -> Choice<'a> {
        let name = format!("{kind}{id}");
        let said = votes.iter().find(|vote| vote.by == self.who.id);
        let entered = self.entered.and_then(|fields| fields.get(&name));
        Choice {
            vote: match entered {
                Some(entered) => Some(entered == YES),
                None => said.map(|vote| vote.yes),
            },
            name,
            text: String::new(),
            detail: None,
            link: None,
            suggested_by: None,
            yes_so_far: 0,
            is_chosen: false,
        }
    }

    fn name_of(&self, participant: ObjectId) -> &'a str {
        let mut participants = self.event.participants.iter();
        let by = participants.find(|one| one.id == participant);
        by.map_or("", Participant::shown_name)
    }

    /// Whether the guest could decline, cancel or move the event if it were not so soon.
    fn is_too_late(&self, can: &BTreeSet<GuestAction>) -> bool {
        let at_any_time = PageSettings {
            event_hide_decline: None,
            ..self.settings.clone()
        };
        let could = self
            .event
            .guest_actions(self.who, &at_any_time, Timestamp::MIN);
        let is_open = can.contains(&GuestAction::Write);
        let soon = [GuestAction::Decline, GuestAction::Cancel];
        is_open
            && soon
                .iter()
                .any(|one| could.contains(one) && !can.contains(one))
    }
}

impl EventPage<'_> {
    fn may(&self, name: &str) -> bool {
        action::named(name).is_some_and(|action| self.can.contains(&action))
    }

    /// What was entered in an input.
    fn value(&self, name: &str) -> &str {
        let entered = self.entered.and_then(|fields| fields.get(name));
        entered.map_or("", String::as_str)
    }

    /// The problem of a part of the page.
    fn problem_of(&self, field: &str) -> Option<&'static str> {
        let problem = self.problem.filter(|problem| problem.field() == field)?;
        Some(problem.message(self.language))
    }

    /// The type of the input of a date.
    fn date_type(&self) -> &'static str {
        if self.all_day {
            "date"
        } else {
            "datetime-local"
        }
    }

    fn date_label(&self) -> &'static str {
        if self.all_day {
            self.texts.day_label
        } else {
            self.texts.start_label
        }
    }
}

/// The zones to choose from, the one that is chosen among them.
pub(crate) fn zones(chosen: &ZoneName) -> Vec<String> {
    let names = jiff::tz::db().available();
    let names = names.map(|name| name.as_str().to_owned());
    let is_place = |name: &String| {
        let area = name.split_once('/').map(|(area, _)| area);
        area.is_some_and(|area| AREAS.contains(&area))
    };
    let always = [ZoneName::utc().to_string(), chosen.to_string()];
    let zones: BTreeSet<String> = names.filter(is_place).chain(always).collect();
    zones.into_iter().collect()
}

#[cfg(test)]
mod tests;
