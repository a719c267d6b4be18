//! What an event is made of.

use roster_domain::{
    UserId,
    bookings::assignment::Strategy,
    bookings::event::{DEFAULT_SOURCE, Event, EventDate, EventMessage, EventPlace, Participant},
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

    /// The votes of the assigned member, who alone has voted when an event is booked.
    struct VotesAnswer as "Votes" {
        "yes" => yes: Vec<VoteAnswer>,
        "no" => no: Vec<VoteAnswer>,
    }

    struct VoteAnswer as "Vote" {
        "created_by" => created_by: CreatedByAnswer,
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
        "created_by" => created_by: CreatedByAnswer,
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
        let assigned = event.participants.iter().find(|p| p.is_assigned);
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
            created_by: created_by_assigned(event),
            votes: votes(event, date.vote, date.free),
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
            votes: votes(event, place.vote, true),
            created_at: Instant(event.created_at),
            updated_at: Instant(event.updated_at),
        }
    }
}

impl<'a> InviteeAnswer<'a> {
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
            star: false,
            created_by: created_by_assigned(event),
            stats: StatsAnswer {
                voted: VotedAnswer {
                    dates: participant.is_assigned,
                    places: participant.is_assigned,
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
            created_at: Instant(event.created_at),
            updated_at: Instant(event.updated_at),
        }
    }
}

impl<'a> AssignmentAnswer<'a> {
    pub(super) fn of(event: &'a Event) -> Option<Self> {
        let decision = event.decision.as_ref()?;
        let dates = event.dates.iter().map(|date| FreeDateAnswer {
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

fn votes(event: &Event, vote: ObjectId, is_yes: bool) -> VotesAnswer {
    let vote = VoteAnswer {
        created_by: created_by_assigned(event),
        id: vote,
    };
    let (yes, no) = if is_yes {
        (vec![vote], vec![])
    } else {
        (vec![], vec![vote])
    };
    VotesAnswer { yes, no }
}

/// A user who has chosen no language shows the default, as the user itself does.
/// Of anybody else none is known.
fn locale(participant: &Participant) -> Option<Language> {
    let default = participant.user.map(|_| Language::DEFAULT);
    participant.locale.or(default)
}
