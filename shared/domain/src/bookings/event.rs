//! An event: booked with a member of a team (`/v2/teams`), or made by an organizer.

mod booking;
mod guest;
mod happened;
mod life;
mod news;
mod update;
mod votes;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::{
    booking::{Booking, Guest, MAX_DAYS, MAX_PARTS, SuggestedDate, SuggestedPlace},
    guest::{GuestAct, GuestAction, MAX_MESSAGES},
    happened::happened_to_event,
    life::{NewDate, may_organize},
    news::{News, Notice, notices, reminders},
    update::{DEFAULT_SOURCE, EventUpdate, UpdatedDate, UpdatedPlace},
    votes::{Choices, Vote},
};
use crate::{
    bookings::agenda::TimeSpan,
    bookings::assignment::{Considered, Decision, Outcome},
    id::{EventId, ObjectId, TeamId, UserId},
    text::{Address, Email, ExternalId, Message, Name, Title, WebUrl},
    users::language::Language,
    zone::ZoneName,
};

/// What another system says of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThirdParty {
    /// Its own text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ct: Option<Name>,
    /// The application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<Name>,
    /// Its groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_ids: Vec<Name>,
}

impl ThirdParty {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A date of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventDate {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: ObjectId,
    /// When.
    pub span: TimeSpan,
    /// Whether it lasts all day.
    pub all_day: bool,
    /// Whether it is the one that was confirmed.
    pub confirmed: bool,
    /// Whether the assigned member was free for it when the event was assigned.
    pub free: bool,
    /// Id of the assigned member's vote.
    pub vote: ObjectId,
    /// The invitation of the guest who suggested it; none where the organizer did, or the
    /// booking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggested_by: Option<ObjectId>,
    /// What guests think of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub votes: Vec<Vote>,
}

/// A place of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventPlace {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: ObjectId,
    /// Its name.
    pub name: Title,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// The system that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Name>,
    /// Its id in that system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_id: Option<ExternalId>,
    /// Id of the assigned member's vote.
    pub vote: ObjectId,
    /// What guests think of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub votes: Vec<Vote>,
}

/// Somebody who takes part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Id of the invitation.
    #[serde(rename = "_id")]
    pub id: ObjectId,
    /// Address; a member may have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// The user of the organization whom the address belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// Name.
    pub full_name: String,
    /// Phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Name>,
    /// Photo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture_url: Option<WebUrl>,
    /// Zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<ZoneName>,
    /// Language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<Language>,
    /// Whether this is who holds the event ([`Event::assigned`]).
    pub is_assigned: bool,
    /// Unguessable key to the event.
    pub key: String,
    /// Whether they must attend.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// Whether they booked the event: they may cancel and move it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_booker: bool,
    /// When they accepted; none where they did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Timestamp>,
    /// When they declined; none where they did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined_at: Option<Timestamp>,
}

/// A message of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventMessage {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: ObjectId,
    /// Address of who wrote it.
    pub from: Email,
    /// The text.
    pub body: Message,
    /// When it was written; none where the event was made with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: EventId,
    /// The team it was booked with; none where an organizer made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// Title.
    pub title: Title,
    /// Who holds it: the member who was assigned, or the organizer.
    pub assigned: UserId,
    /// Whether it is confirmed.
    pub confirmed: bool,
    /// When it was confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
    /// The place that was confirmed with the date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_place: Option<ObjectId>,
    /// When it was cancelled; none where it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<Timestamp>,
    /// When it was noted that the guests did not come; none where they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_show_at: Option<Timestamp>,
    /// Why the team's ledger took the booking back; none where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back: Option<Outcome>,
    /// How often what a calendar shows of it has changed (RFC 5545, `SEQUENCE`).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sequence: u32,
    /// Dates.
    pub dates: Vec<EventDate>,
    /// Places.
    pub places: Vec<EventPlace>,
    /// Who takes part: the assigned member first.
    pub participants: Vec<Participant>,
    /// Messages.
    pub messages: Vec<EventMessage>,
    /// Language.
    pub lang: Language,
    /// Locale in which dates are written.
    pub locale: Language,
    /// Its own zone, where it was booked with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<ZoneName>,
    /// The zone that dates without an offset were read in, where it has none of
    /// its own: that of the member it was booked with. It stays when another
    /// member takes the event, as the dates do. None in events from before it
    /// was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_in: Option<ZoneName>,
    /// What another system says of it.
    #[serde(default, skip_serializing_if = "ThirdParty::is_empty")]
    pub third_party: ThirdParty,
    /// Whether nobody is to be mailed about it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_emails: bool,
    /// Whether an organizer made it for what was booked on a page (`vyteme`). With a team,
    /// every event was.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_page: bool,
    /// Address that answers go to.
    pub reply_to: String,
    /// Id of the key store.
    pub key_store: ObjectId,
    /// Why this member: the decision without its shares. An event of before 0.1.0 may
    /// have them. None where an organizer made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// What was considered: one entry for each member of the team. Answered when
    /// the event is assigned and kept with the decision, not with the event.
    #[serde(default, skip_serializing)]
    pub considered: Vec<Considered>,
    /// When it was booked.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// How often it was written since.
    #[serde(rename = "__v")]
    pub version: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl EventPlace {
    /// Its name and its address on one line; once, where they are the same.
    #[must_use]
    pub fn line(&self) -> String {
        let name = self.name.as_str();
        match self.address.as_ref().map(|address| address.as_str()) {
            Some(address) if address != name => format!("{name}, {address}"),
            _ => name.to_owned(),
        }
    }
}

impl Participant {
    /// A name to show: who has none is known by the address.
    #[must_use]
    pub fn shown_name(&self) -> &str {
        let email = self.email.as_ref();
        match self.full_name.as_str() {
            "" => email.map_or("", |email| email.as_str()),
            name => name,
        }
    }
}

impl Event {
    /// Who holds it, of those who take part.
    #[must_use]
    pub fn holder(&self) -> Option<&Participant> {
        self.participants.iter().find(|one| one.is_assigned)
    }

    /// What calendars and threads of mails know it by, for ever: its id at the domain of its
    /// address.
    #[must_use]
    pub fn uid(&self) -> String {
        let domain = self.reply_to.rsplit_once('@').map(|(_, domain)| domain);
        format!("{}@{}", self.id, domain.unwrap_or("roster"))
    }

    /// The name to show of who wrote a message: of a participant, where one has the
    /// address.
    #[must_use]
    pub fn author<'a>(&'a self, message: &'a EventMessage) -> &'a str {
        let is_it = |one: &&Participant| one.email.as_ref() == Some(&message.from);
        let author = self.participants.iter().find(is_it);
        author.map_or(message.from.as_str(), Participant::shown_name)
    }

    /// The zone of dates that were sent without an offset.
    #[must_use]
    pub fn zone(&self) -> Option<&ZoneName> {
        self.timezone.as_ref().or(self.read_in.as_ref())
    }

    /// What the event reserves of people's time: the confirmed date, or the only one that
    /// a team was booked for; nothing while there is a choice, and nothing once it is
    /// cancelled.
    #[must_use]
    pub fn reserved(&self) -> Option<TimeSpan> {
        let settled = self.settled().filter(|_| !self.is_cancelled());
        settled.map(|date| date.span)
    }

    /// The date that is certain: the confirmed one, or the only one that a team was booked
    /// for; none while there is a choice. Cancelled or not.
    #[must_use]
    pub fn settled(&self) -> Option<&EventDate> {
        let confirmed = self.dates.iter().find(|date| date.confirmed);
        match (confirmed, self.dates.as_slice()) {
            (Some(date), _) => Some(date),
            (None, [only]) if self.team.is_some() => Some(only),
            (None, _) => None,
        }
    }

    /// The place that is certain: the confirmed one, or the only one.
    #[must_use]
    pub fn settled_place(&self) -> Option<&EventPlace> {
        let confirmed = self.confirmed_place;
        let mut places = self.places.iter();
        match (confirmed, self.places.as_slice()) {
            (Some(id), _) => places.find(|place| place.id == id),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }

    /// When the last of its dates ends; none where it has no date.
    #[must_use]
    pub fn ends_at(&self) -> Option<Timestamp> {
        self.dates.iter().map(|date| date.span.end).max()
    }

    /// Whether some date of it is not over, or it has no date yet. Cancelled or not.
    #[must_use]
    pub fn is_ahead(&self, now: Timestamp) -> bool {
        self.ends_at().is_none_or(|end| end > now)
    }

    /// Whether it is ahead, and not cancelled.
    #[must_use]
    pub fn is_upcoming(&self, now: Timestamp) -> bool {
        self.is_ahead(now) && !self.is_cancelled()
    }

    /// The users whose time it takes with what it reserves: all who take part and have
    /// not declined.
    #[must_use]
    pub fn occupied(&self) -> BTreeSet<UserId> {
        let attend = self.participants.iter().filter(|p| p.declined_at.is_none());
        attend.filter_map(|participant| participant.user).collect()
    }

    /// The users who must be free for what it reserves: who holds it, and who is invited
    /// as required.
    #[must_use]
    pub fn must_attend(&self) -> BTreeSet<UserId> {
        let attend = self.participants.iter().filter(|p| p.declined_at.is_none());
        let must = attend.filter(|participant| participant.is_assigned || participant.required);
        must.filter_map(|participant| participant.user).collect()
    }

    /// Whose own calendars are to show it otherwise than they did, or no more: who holds it,
    /// and who held it.
    #[must_use]
    pub fn calendars_to_write(&self, before: Option<&Self>) -> BTreeSet<UserId> {
        let Some(before) = before else {
            return BTreeSet::from([self.assigned]);
        };
        let is_same = self.sequence == before.sequence
            && self.assigned == before.assigned
            && self.confirmed == before.confirmed
            && self.is_cancelled() == before.is_cancelled();
        if is_same {
            BTreeSet::new()
        } else {
            BTreeSet::from([self.assigned, before.assigned])
        }
    }

    /// Whether it was booked with a team or on a page.
    #[must_use]
    pub fn is_booked(&self) -> bool {
        self.team.is_some() || self.from_page
    }

    /// The users of the organization who take part.
    #[must_use]
    pub fn users(&self) -> Vec<UserId> {
        let mut users: Vec<_> = self.participants.iter().filter_map(|p| p.user).collect();
        users.sort_unstable();
        users.dedup();
        users
    }
}
