//! What an event is made of.

use roster_domain::{
    UserId,
    bookings::assignment::Strategy,
    bookings::event::{
        DEFAULT_SOURCE, Event, EventDate, EventMessage, EventPlace, Participant, Vote,
    },
    id::ObjectId,
    text::{Address, Email, ExternalId, Message, Name, Title},
    users::language::Language,
    zone::ZoneName,
};
use roster_runtime::{answer, wire::Always};
use serde::Serialize;

use super::super::{Instant, decision_out::ConsideredAnswer};

/// The system that a place is from.
#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Source<'a>(&'a str);

#[cfg(feature = "schema")]
impl roster_runtime::schema::Described for Source<'_> {
    fn part() -> roster_runtime::schema::Part {
        roster_runtime::schema::named("Name")
    }
}

answer! {
    /// `/v2/teams` shows the assigned member as who created the event, whoever booked it.
    pub(super) struct CreatorAnswer<'a> {
        "user" => user: UserId,
        "email" => email: &'a str,
        "full_name" => full_name: &'a str,
        "picture_url" => picture_url: &'a str,
    }

    struct CreatedByAnswer as "CreatedByMember" {
        "user" => user: UserId,
    }

    struct ParticipantAnswer as "CreatedByParticipant" {
        /// Absent if the participant is not a user.
        "user" [optional] => user: UserId,
        /// The `_id` in `invitees`. Absent for the assigned member.
        "invitee" [optional] => invitee: ObjectId,
    }

    /// Who can make it and who cannot. An event is booked with the vote of the assigned
    /// member; guests vote on the event's page.
    struct VotesAnswer as "Votes" {
        "yes" => yes: Vec<VoteAnswer>,
        "no" => no: Vec<VoteAnswer>,
    }

    struct VoteAnswer as "Vote" {
        "created_by" => created_by: ParticipantAnswer,
        "_id" => id: ObjectId,
    }

    /// A date.
    pub(super) struct DateAnswer as "Date" {
        "_id" => id: ObjectId,
        /// Start.
        "date" => start: Instant,
        /// End.
        "end_date" => end: Instant,
        "all_day" => all_day: bool,
        "confirmed" => confirmed: bool,
        "confirmed_invitees" => confirmed_invitees: Vec<UserId>,
        /// The assigned member, or the guest who suggested the date.
        "created_by" => created_by: ParticipantAnswer,
        "votes" => votes: VotesAnswer,
        "createdAt" => created_at: Instant,
        "updatedAt" => updated_at: Instant,
    }

    /// A place.
    pub(super) struct PlaceAnswer<'a> as "Place" {
        "_id" => id: ObjectId,
        "name" => name: &'a Title,
        "address" [optional] => address: &'a Address,
        "source" => source: Source<'a>,
        "source_id" [optional] => source_id: &'a ExternalId,
        "created_by" => created_by: CreatedByAnswer,
        "votes" => votes: VotesAnswer,
        "createdAt" => created_at: Instant,
        "updatedAt" => updated_at: Instant,
    }

    /// A participant.
    pub(super) struct InviteeAnswer<'a> as "Invitee" {
        "_id" => id: ObjectId,
        /// Empty if there is none.
        "email" => email: &'a str,
        "full_name" => full_name: &'a str,
        /// Empty if there is none.
        "picture_url" => picture_url: &'a str,
        /// The user with this address.
        "user" [optional] => user: UserId,
        "timezone" [optional] => timezone: &'a ZoneName,
        "locale" [optional] => locale: Language,
        "phone" [optional] => phone: &'a Name,
        /// Whether this is the assigned member.
        "su" => assigned: bool,
        /// Whether they must attend. Absent if not.
        "required" [optional] => required: Always<true>,
        /// The key to the event's page, `/e/{event_id}?k={key}`. Only in the response to
        /// an invitation, for those it names.
        "key" [optional] => key: String,
        /// Whether they booked the event. Absent if not.
        "booker" [optional] => booker: Always<true>,
        /// When they accepted. Absent if they did not.
        "accepted" [optional] => accepted: Instant,
        "star" => star: bool,
        "created_by" => created_by: CreatedByAnswer,
        "stats" => stats: StatsAnswer,
    }

    struct StatsAnswer {
        "voted" => voted: VotedAnswer,
    }

    struct VotedAnswer {
        "dates" => dates: bool,
        "places" => places: bool,
    }

    /// A message.
    pub(super) struct MessageAnswer<'a> as "EventMessage" {
        "_id" => id: ObjectId,
        "from" => from: &'a Email,
        "body" => body: &'a Message,
        /// The user with this address.
        "created_by" [optional] => created_by: CreatedByAnswer,
        "createdAt" => created_at: Instant,
        "updatedAt" => updated_at: Instant,
    }

    /// Why this member: Roster's own, beside what `/v2/teams` shows. Who else was
    /// considered is told when the event is assigned, and in the team's assignments
    /// afterwards.
    pub(super) struct AssignmentAnswer<'a> as "Assignment", "Why this member was assigned." {
        "strategy" => strategy: Strategy,
        "member" => member: UserId,
        "dates" => dates: Vec<FreeDateAnswer>,
        /// The result for each member. Only in the response that assigns.
        "considered" [optional] => considered: Vec<ConsideredAnswer<'a>>,
    }

    struct FreeDateAnswer {
        "_id" => id: ObjectId,
        /// Whether the member was free when the event was assigned.
        "free" => free: bool,
    }
}

impl<'a> CreatorAnswer<'a> {
    pub(super) fn of(event: &'a Event) -> Self {
        let assigned = event.holder();
        Self {
            user: event.assigned,
            email: assigned.map_or("", email),
            full_name: assigned.map_or("", |participant| participant.full_name.as_str()),
            picture_url: assigned.map_or("", picture_url),
        }
    }
}

impl DateAnswer {
    pub(super) fn of(date: &EventDate, event: &Event) -> Self {
        let confirmed_invitees = if date.confirmed {
            event.occupied().into_iter().collect()
        } else {
            Vec::new()
        };
        Self {
            id: date.id,
            start: Instant(date.span.start),
            end: Instant(date.span.end),
            all_day: date.all_day,
            confirmed: date.confirmed,
            confirmed_invitees,
            created_by: match date.suggested_by {
                Some(guest) => ParticipantAnswer::guest(event, guest),
                None => ParticipantAnswer::assigned(event),
            },
            votes: match date.suggested_by {
                Some(_) => votes(event, None, &date.votes),
                None => votes(event, Some((date.vote, date.free)), &date.votes),
            },
            created_at: Instant(event.created_at),
            updated_at: Instant(event.updated_at),
        }
    }
}

impl<'a> PlaceAnswer<'a> {
    pub(super) fn of(place: &'a EventPlace, event: &Event) -> Self {
        let source = place.source.as_ref();
        Self {
            id: place.id,
            name: &place.name,
            address: place.address.as_ref(),
            source: Source(source.map_or(DEFAULT_SOURCE, |source| source.as_str())),
            source_id: place.source_id.as_ref(),
            created_by: created_by_assigned(event),
            votes: votes(event, Some((place.vote, true)), &place.votes),
            created_at: Instant(event.created_at),
            updated_at: Instant(event.updated_at),
        }
    }
}

impl<'a> InviteeAnswer<'a> {
    /// The same with the key to the event's page.
    pub(super) fn with_key(self, key: Option<String>) -> Self {
        Self { key, ..self }
    }

    pub(super) fn of(participant: &'a Participant, event: &Event) -> Self {
        Self {
            id: participant.id,
            email: email(participant),
            full_name: &participant.full_name,
            picture_url: picture_url(participant),
            user: participant.user,
            timezone: participant.timezone.as_ref(),
            locale: locale(participant),
            phone: participant.phone.as_ref(),
            assigned: participant.is_assigned,
            required: Always::when(participant.required),
            key: None,
            booker: Always::when(participant.is_booker),
            accepted: participant.accepted_at.map(Instant),
            star: false,
            created_by: created_by_assigned(event),
            stats: StatsAnswer {
                voted: VotedAnswer {
                    dates: participant.is_assigned || event.has_voted_on_dates(participant.id),
                    places: participant.is_assigned || event.has_voted_on_places(participant.id),
                },
            },
        }
    }
}

impl<'a> MessageAnswer<'a> {
    /// The address that a message is from may be nobody's in the organization: then
    /// there is no user to name.
    pub(super) fn of(message: &'a EventMessage, event: &Event) -> Self {
        let from = message.from.folded();
        let author = event
            .participants
            .iter()
            .find(|p| p.email.as_ref().is_some_and(|email| email.folded() == from));
        let author = author.and_then(|participant| participant.user);
        Self {
            id: message.id,
            from: &message.from,
            body: &message.body,
            created_by: author.map(|user| CreatedByAnswer { user }),
            created_at: Instant(message.created_at.unwrap_or(event.created_at)),
            updated_at: Instant(message.created_at.unwrap_or(event.updated_at)),
        }
    }
}

impl<'a> AssignmentAnswer<'a> {
    pub(super) fn of(event: &'a Event) -> Option<Self> {
        let decision = event.decision.as_ref()?;
        let dates = event.dates.iter();
        // Of what a guest suggested since, nobody has asked whether the member is free.
        let dates = dates.filter(|date| date.suggested_by.is_none());
        let dates = dates.map(|date| FreeDateAnswer {
            id: date.id,
            free: date.free,
        });
        let considered: Vec<_> = event.considered.iter().map(ConsideredAnswer::of).collect();
        Some(Self {
            strategy: decision.strategy,
            member: event.assigned,
            dates: dates.collect(),
            considered: (!considered.is_empty()).then_some(considered),
        })
    }
}

/// `/v2/teams` has no null addresses: who has none has an empty one.
fn email(participant: &Participant) -> &str {
    participant
        .email
        .as_ref()
        .map_or("", |email| email.as_str())
}

fn picture_url(participant: &Participant) -> &str {
    participant
        .picture_url
        .as_ref()
        .map_or("", |url| url.as_str())
}

fn created_by_assigned(event: &Event) -> CreatedByAnswer {
    CreatedByAnswer {
        user: event.assigned,
    }
}

impl ParticipantAnswer {
    fn assigned(event: &Event) -> Self {
        Self {
            user: Some(event.assigned),
            invitee: None,
        }
    }

    fn guest(event: &Event, invitee: ObjectId) -> Self {
        let mut participants = event.participants.iter();
        let guest = participants.find(|participant| participant.id == invitee);
        Self {
            user: guest.and_then(|guest| guest.user),
            invitee: Some(invitee),
        }
    }
}

/// The votes for something: the assigned member's, where they have one, and the guests'.
fn votes(event: &Event, assigned: Option<(ObjectId, bool)>, guests: &[Vote]) -> VotesAnswer {
    let assigned = assigned.map(|(id, yes)| {
        let created_by = ParticipantAnswer::assigned(event);
        (yes, VoteAnswer { created_by, id })
    });
    let guests = guests.iter().map(|vote| {
        let created_by = ParticipantAnswer::guest(event, vote.by);
        let id = vote.id;
        (vote.yes, VoteAnswer { created_by, id })
    });
    let (mut yes, mut no) = (Vec::new(), Vec::new());
    for (is_yes, vote) in assigned.into_iter().chain(guests) {
        let votes = if is_yes { &mut yes } else { &mut no };
        votes.push(vote);
    }
    VotesAnswer { yes, no }
}

/// A user who has chosen no language shows the default, as the user itself does.
/// Of anybody else none is known.
fn locale(participant: &Participant) -> Option<Language> {
    let default = participant.user.map(|_| Language::DEFAULT);
    participant.locale.or(default)
}
