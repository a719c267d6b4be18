//! The Event object of `/v2/teams`, and why its member was chosen.

mod parts;

use roster_domain::{
    EventId, OrganizationId, TeamId, UserId,
    access::link_key::LinkKey,
    bookings::event::{Event, EventDate, Participant},
    id::ObjectId,
    text::{Email, Name, Title},
    users::language::Language,
    zone::ZoneName,
};
use roster_runtime::{
    Call, answer,
    wire::{self, ById},
};
use serde_json::Value;

use self::parts::{
    AssignmentAnswer, CreatorAnswer, DateAnswer, InviteeAnswer, MessageAnswer, PlaceAnswer,
};
use super::Instant;

/// How an event is shown.
#[derive(Clone, Debug)]
pub struct Rendering {
    /// Where the application is.
    pub app_url: String,
    /// Whether the participants' keys are shown, of an event of which organization: to
    /// whoever books, and to nobody who lists events.
    pub keys_of: Option<OrganizationId>,
}

impl Rendering {
    /// For whoever lists events, or looks at one.
    #[must_use]
    pub fn listed(call: &Call<'_>) -> Self {
        Self {
            app_url: call.app_url(),
            keys_of: None,
        }
    }

    /// For whoever books an event of an organization.
    #[must_use]
    pub fn booked(call: &Call<'_>, organization: OrganizationId) -> Self {
        Self {
            keys_of: Some(organization),
            ..Self::listed(call)
        }
    }
}

answer! {
    /// What every answer shows of an event.
    pub struct EventAnswer<'a> {
        "_id" => id: EventId,
        "title" => title: &'a Title,
        /// The assigned member.
        "created_by" => created_by: CreatorAnswer<'a>,
        /// The team that the event was booked with. Absent if an organizer created it.
        "team" [optional] => team: TeamId,
        /// Whether the event was booked with a team or on a page.
        "vyteme" => booked: bool,
        "confirmed" => confirmed: ConfirmedAnswer,
        /// When the event was cancelled. Absent if it was not.
        "cancelled" [optional] => cancelled: Instant,
        /// When it was noted that nobody came. Absent if it was not.
        "no_show" [optional] => no_show: Instant,
        "dates" => dates: Vec<DateAnswer>,
        "places" => places: Vec<PlaceAnswer<'a>>,
        "invitees" => invitees: Vec<InviteeAnswer<'a>>,
        "invitees_length" => invitees_length: usize,
        "messages" => messages: Vec<MessageAnswer<'a>>,
        "declines" => declines: Vec<DeclineAnswer>,
        "lang" => lang: Language,
        "locale" => locale: Language,
        /// The time zone used for dates without an offset: the event's own, or else that
        /// of the member it was booked with. Absent from old events.
        "timezone" [optional] => timezone: &'a ZoneName,
        /// The address for replies to the event.
        "email" => email: &'a str,
        "third_party" => third_party: ThirdPartyAnswer<'a>,
        /// Absent if nothing is set.
        "settings" [optional] => settings: EventSettingsAnswer,
        "ics_sequence" => ics_sequence: u32,
        "version" => version: u64,
        "group_pro" => group_pro: bool,
        "identification_alternatives" => identification_alternatives: Vec<String>,
        "api" => api: bool,
        "links" => links: (),
        "createdAt" => created_at: Instant,
        "updatedAt" => updated_at: Instant,
        "__v" => written: u64,
        /// Absent if an organizer created the event.
        "assignment" [optional] => assignment: AssignmentAnswer<'a>,
    }

    struct ConfirmedAnswer {
        "flag" => flag: bool,
        "updated_at" => updated_at: Option<Instant>,
        "multi" => multi: bool,
        /// The `_id` of the confirmed date.
        "date_id" [optional] => date: ObjectId,
        /// The `_id` of the confirmed place.
        "place_id" [optional] => place: ObjectId,
    }

    /// That an invitee does not come.
    struct DeclineAnswer as "Decline" {
        /// The `_id` of the invitee in `invitees`.
        "invitee" => invitee: ObjectId,
        "user" [optional] => user: UserId,
        "createdAt" => created_at: Instant,
    }

    struct ThirdPartyAnswer<'a> {
        "ct" [optional] => ct: &'a Name,
        "app" [optional] => app: &'a Name,
        "group_ids" => group_ids: Vec<&'a Name>,
    }

    struct EventSettingsAnswer {
        "no_emails" => no_emails: bool,
    }

    /// An event with its participants' keys, for whoever books it.
    pub struct BookedEventAnswer<'a> as "BookedEvent" {
        /// The participants' keys, for the person who books.
        "key_store" => key_store: KeyStoreAnswer,
        ..event: EventAnswer<'a>,
    }

    struct KeyStoreAnswer {
        "_id" => id: ObjectId,
        /// A key for each participant, under the ID of the user or the invitee. It opens
        /// the event's page, `/e/{event_id}?k={key}`.
        "hash" => hash: ById<String>,
        "updatedAt" => updated_at: Instant,
        "createdAt" => created_at: Instant,
        "__v" => version: u64,
    }

    /// An event as a list shows it. A key opens the event, so a list names the store of
    /// the keys and no more, as `/v2/teams`'s sample does.
    pub struct ListedEventAnswer<'a> as "ListedEvent" {
        "key_store" => key_store: ObjectId,
        /// The URL of the application.
        "app_url" => app_url: &'a str,
        "alias" => alias: String,
        ..event: EventAnswer<'a>,
    }
}

/// An event as `/v2/teams` shows it.
#[must_use]
pub fn render(event: &Event, rendering: &Rendering) -> Value {
    if let Some(organization) = rendering.keys_of {
        wire::value(BookedEventAnswer {
            key_store: key_store(event, organization),
            event: EventAnswer::of(event),
        })
    } else {
        let created = event.created_at.as_millisecond();
        wire::value(ListedEventAnswer {
            key_store: event.key_store,
            app_url: &rendering.app_url,
            alias: format!("alias_web_{}_{created}", event.assigned),
            event: EventAnswer::of(event),
        })
    }
}

/// Who takes part, as `POST /v2/events/{event_id}/invitees` answers it: with the keys of
/// those who have one of the folded addresses `named`.
#[must_use]
pub fn render_invitees(event: &Event, named: &[String], organization: OrganizationId) -> Value {
    let invitees = event.participants.iter().map(|participant| {
        let email = participant.email.as_ref().map(Email::folded);
        let is_named =
            email.is_some_and(|email| named.contains(&email)) && !participant.is_assigned;
        let key = is_named.then(|| shown_key(organization, participant));
        wire::value(InviteeAnswer::of(participant, event).with_key(key))
    });
    invitees.collect()
}

/// A participant's key, as a link to the event's page has it.
fn shown_key(organization: OrganizationId, participant: &Participant) -> String {
    let key = participant.key.clone();
    LinkKey { organization, key }.to_string()
}

impl DeclineAnswer {
    fn of(participant: &Participant) -> Option<Self> {
        Some(Self {
            invitee: participant.id,
            user: participant.user,
            created_at: Instant(participant.declined_at?),
        })
    }
}

impl<'a> EventAnswer<'a> {
    fn of(event: &'a Event) -> Self {
        let date = |date: &EventDate| DateAnswer::of(date, event);
        let places = event.places.iter();
        let invitees = event.participants.iter();
        let messages = event.messages.iter();
        let declined = invitees.clone().filter_map(DeclineAnswer::of);
        let mut dates = event.dates.iter();
        Self {
            id: event.id,
            title: &event.title,
            created_by: CreatorAnswer::of(event),
            confirmed: ConfirmedAnswer {
                flag: event.confirmed,
                updated_at: event.confirmed_at.map(Instant),
                multi: false,
                date: dates.find(|date| date.confirmed).map(|date| date.id),
                place: event.confirmed_place,
            },
            team: event.team,
            booked: event.is_booked(),
            cancelled: event.cancelled_at.map(Instant),
            no_show: event.no_show_at.map(Instant),
            dates: event.dates.iter().map(date).collect(),
            places: places.map(|place| PlaceAnswer::of(place, event)).collect(),
            invitees: invitees
                .map(|participant| InviteeAnswer::of(participant, event))
                .collect(),
            invitees_length: event.participants.len(),
            messages: messages
                .map(|message| MessageAnswer::of(message, event))
                .collect(),
            declines: declined.collect(),
            lang: event.lang,
            locale: event.locale,
            timezone: event.zone(),
            email: &event.reply_to,
            third_party: ThirdPartyAnswer {
                ct: event.third_party.ct.as_ref(),
                app: event.third_party.app.as_ref(),
                group_ids: event.third_party.group_ids.iter().collect(),
            },
            settings: event
                .no_emails
                .then_some(EventSettingsAnswer { no_emails: true }),
            ics_sequence: event.sequence,
            version: event.version,
            group_pro: false,
            identification_alternatives: Vec::new(),
            api: true,
            links: (),
            created_at: Instant(event.created_at),
            updated_at: Instant(event.updated_at),
            written: event.version,
            assignment: AssignmentAnswer::of(event),
        }
    }
}

fn key_store(event: &Event, organization: OrganizationId) -> KeyStoreAnswer {
    let keys = event.participants.iter().map(|participant| {
        let name = participant
            .user
            .map_or_else(|| participant.id.to_string(), |user| user.to_string());
        (name, shown_key(organization, participant))
    });
    KeyStoreAnswer {
        id: event.key_store,
        hash: ById(keys.collect()),
        updated_at: Instant(event.updated_at),
        created_at: Instant(event.created_at),
        version: 0,
    }
}
