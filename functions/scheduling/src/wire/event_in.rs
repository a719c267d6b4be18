//! The body that books an event with a member of a team (`/v2/teams`).

use std::collections::HashSet;

use roster_domain::{
    EventId, OrganizationId, Result, UserId,
    bookings::agenda::DateText,
    bookings::event::{Booking, Guest, MAX_PARTS, SuggestedDate, SuggestedPlace, ThirdParty},
    error::Unacceptable,
    text::{Address, Email, ExternalId, Message, Name, Title},
    users::language::{Language, SchedulingLanguage},
    zone::ZoneName,
};
use roster_runtime::{
    body,
    json::read::{Node, Object, read_object},
    wire::members::{
        ListOf, Nullable, NullableEitherName, OneOrMore, Optional, OrDefault, Readable, Required,
    },
};
use serde_json::Value;

use super::Adress;

/// What a request says of an event.
#[derive(Debug)]
pub struct EventRequest {
    /// The organization that it names.
    pub organization: Option<OrganizationId>,
    /// What is to be booked.
    pub booking: Booking,
}

body! {
    /// The body that books an event.
    pub struct EventBody as "EventBody" {
        /// The member to ask for, or the person who books, who becomes an invitee.
        "created_by" => created_by: Nullable<Creator>,
        ..parts: PartsBody,
        // `/v2/teams`'s table requires it and its sample leaves it out: absent is true.
        also "vyteme": Optional<True> = "Must be true.",
    }

    /// The body that creates an event without a team.
    pub struct NewEventBody as "NewEventBody" {
        /// The organizer, a user of the organization.
        "created_by" => created_by: Required<Creator>,
        /// Whether the event was booked on a page.
        "vyteme" => from_page: OrDefault<Optional<bool>>,
        ..parts: PartsBody,
    }

    /// What both say of an event.
    struct PartsBody {
        /// The organization, if the query does not name it.
        "organization" => organization: Optional<OrganizationId>,
        "title" => title: Required<Title>,
        "dates" => dates: Optional<ListOf<DateBody, MAX_PARTS>>,
        "confirmed" => confirmed: Optional<ConfirmedBody>,
        "places" => places: OrDefault<Optional<OneOrMore<PlaceBody, MAX_PARTS>>>,
        "invitees" => invitees: OrDefault<Optional<Invitees>>,
        "messages" => messages: OrDefault<Optional<OneOrMore<MessageBody, MAX_PARTS>>>,
        /// Default: English.
        "lang" => lang: Optional<SchedulingLanguage>,
        /// Default: `lang`.
        "locale" => locale: Optional<SchedulingLanguage>,
        /// Time zone of all-day dates and of dates without an offset.
        "timezone" => timezone: Nullable<ZoneName>,
        /// What another system says of the event. It is kept and answered.
        "third_party" => third_party: OrDefault<Nullable<ThirdPartyBody>>,
        "settings" => settings: Nullable<SettingsBody>,
        /// The `_id` of a hold. The event gets exactly the time and the people that are held.
        /// `dates` can be left out.
        "hold" => hold: Nullable<EventId>,
    }

    /// Reads what another system says.
    struct ThirdPartyBody for ThirdParty as "ThirdPartyBody" {
        "ct" => ct: Nullable<Name>,
        /// The application.
        "app" => app: Nullable<Name>,
        "group_ids" => group_ids: OrDefault<Optional<ListOf<Name, MAX_PARTS>>>,
    }

    /// How the event is dealt with.
    struct SettingsBody as "EventSettingsBody" {
        /// Whether nobody is mailed about the event.
        "no_emails" => no_emails: OrDefault<Optional<bool>>,
    }

    /// Who creates the event.
    struct CreatorBody {
        /// Required if `user` is absent.
        "email" => email: Nullable<Email>,
        "full_name" => full_name: Nullable<Title>,
        /// Asks for the member with this ID. If `email` is also given, it must be the same user.
        "user" => user: Nullable<UserId>,
        ignored ["picture_url"],
    }

    /// Reads a date.
    pub(super) struct DateBody for SuggestedDate {
        /// Whether the event lasts whole days in that time zone, including the last. An
        /// end at a later midnight excludes that day.
        "all_day" => all_day: OrDefault<Optional<bool>>,
        /// Start. Without an offset, it is in the event's time zone, or else in the
        /// assigned member's.
        "date" => start: Required<Date>,
        /// End. Must not be before the start.
        "end_date" => end: Required<Date>,
    }

    /// Whether a date is chosen.
    struct ConfirmedBody {
        /// Confirms the first date right away.
        "flag" => flag: OrDefault<Optional<bool>>,
        ignored ["updated_at", "multi"],
    }

    /// Reads a place.
    pub(super) struct PlaceBody for SuggestedPlace as "PlaceBody" {
        "name" => name: Required<Title>,
        "address" => address: NullableEitherName<Address, Adress>,
        /// The system that the place is from.
        "source" => source: Nullable<Name>,
        /// The place's ID in that system.
        "source_id" => source_id: Nullable<ExternalId>,
    }

    /// Reads somebody who is invited.
    pub(super) struct InviteeBody for Guest as "InviteeBody" {
        "email" => email: Required<Email>,
        "full_name" => full_name: Nullable<Title>,
        "phone" => phone: Nullable<Name>,
        /// Whether they must be free. They must be a user of the organization then.
        "required" => required: OrDefault<Optional<bool>>,
    }

    /// A message of whoever books.
    struct MessageBody as "MessageBody" {
        "body" => body: Required<Message>,
    }
}

/// Reads a body that books. A date without an offset is not an instant yet: it is in the
/// zone of whoever is assigned.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(body: &Value) -> Result<EventRequest> {
    read_object(body, |object| {
        let EventBody { created_by, parts } = EventBody::members(object);
        let mut request = request(object, parts)?;
        if let Some(creator) = created_by {
            request.booking.created_by = creator.email;
            request.booking.created_by_name = creator.full_name;
            request.booking.created_by_user = creator.user;
        }
        Some(request)
    })
}

/// What a request says of an event without a team.
#[derive(Debug)]
pub struct NewEventRequest {
    /// The organizer's id, where it is given.
    pub organizer: Option<UserId>,
    /// The organizer's address, where it is given.
    pub organizer_email: Option<Email>,
    /// Whether it was booked on a page.
    pub from_page: bool,
    /// The event, which nobody books.
    pub event: EventRequest,
}

/// Reads a body that creates an event without a team.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_new(body: &Value) -> Result<NewEventRequest> {
    read_object(body, |object| {
        let NewEventBody {
            created_by,
            from_page,
            parts,
        } = NewEventBody::members(object);
        let event = request(object, parts);
        let creator = created_by?;
        Some(NewEventRequest {
            organizer: creator.user,
            organizer_email: creator.email,
            from_page,
            event: event?,
        })
    })
}

fn request(object: &Object<'_>, body: PartsBody) -> Option<EventRequest> {
    let confirmed = body.confirmed.is_some_and(|confirmed| confirmed.flag);
    // Dates that cannot be read were noted: they are not missing.
    let has_dates = match &body.dates {
        Some(dates) => !dates.is_empty(),
        None => object.has("dates"),
    };
    if confirmed && !has_dates && body.hold.is_none() {
        let detail = "must not be true without a date to confirm";
        object.violations().unacceptable("/confirmed/flag", detail);
    }
    let lang = body.lang.map_or(Language::En, Language::from);
    let messages = body.messages.into_iter().map(|message| message.body);
    Some(EventRequest {
        organization: body.organization,
        booking: Booking {
            title: body.title?,
            created_by: None,
            created_by_name: None,
            created_by_user: None,
            confirmed,
            dates: body.dates.unwrap_or_default(),
            places: body.places,
            invitees: body.invitees,
            messages: messages.collect::<Option<_>>()?,
            reply: None,
            lang,
            locale: body.locale.map_or(lang, Language::from),
            timezone: body.timezone,
            third_party: body.third_party,
            hold: body.hold,
            by_guest: false,
            no_emails: body.settings.is_some_and(|settings| settings.no_emails),
        },
    })
}

/// `created_by`: the member who is asked for, or the person who books. It may be absent:
/// `/v2/teams` requires the address of who created the event, not to name anybody.
#[derive(Debug)]
struct Creator;

impl Readable for Creator {
    type Read = CreatorBody;

    fn read(node: Node<'_>) -> Option<CreatorBody> {
        let object = node.object()?;
        let creator = CreatorBody::members(&object);
        let is_given = |name| object.node(name).is_some_and(|node| !node.value.is_null());
        if !is_given("user") && !is_given("email") {
            let pointer = format!("{}/email", object.pointer);
            object.violations().unacceptable(pointer, "is required");
        }
        object.end();
        Some(creator)
    }
}

/// A day, or a time with or without an offset.
#[derive(Debug)]
struct Date;

impl Readable for Date {
    type Read = DateText;

    fn read(node: Node<'_>) -> Option<DateText> {
        let text: String = Node::read(&node)?;
        text.parse()
            .map_err(|Unacceptable(detail)| node.malformed(detail))
            .ok()
    }
}

/// Those who are invited: nobody twice.
#[derive(Debug)]
pub(super) struct Invitees;

impl Readable for Invitees {
    type Read = Vec<Guest>;

    fn read(node: Node<'_>) -> Option<Vec<Guest>> {
        let mut seen = HashSet::new();
        node.one_or_more(MAX_PARTS, |node| {
            let guest = InviteeBody::read(node.clone())?;
            if !seen.insert(guest.email.folded()) {
                let pointer = format!("{}/email", node.pointer);
                let detail = "is the address of another invitee too";
                node.violations().unacceptable(pointer, detail);
            }
            Some(guest)
        })
    }
}

/// A flag that can be nothing but true.
#[derive(Debug)]
struct True;

impl Readable for True {
    type Read = ();

    fn read(node: Node<'_>) -> Option<()> {
        let flag: bool = Node::read(&node)?;
        if !flag {
            node.malformed("must be true");
        }
        Some(())
    }
}

#[cfg(feature = "schema")]
mod schema {
    use roster_runtime::schema::{Part, Parts, Taken, any_of, array_of, named, values};
    use serde_json::json;

    use super::{Creator, CreatorBody, Date, InviteeBody, Invitees, MAX_PARTS, True};

    impl Taken for Creator {
        fn taken() -> Part {
            CreatorBody::taken()
        }
    }

    impl Taken for Date {
        fn taken() -> Part {
            named("EventDate")
        }
    }

    impl Taken for Invitees {
        fn taken() -> Part {
            any_of([
                array_of(InviteeBody::taken(), MAX_PARTS),
                InviteeBody::taken(),
            ])
        }

        fn collect(parts: &mut Parts) {
            InviteeBody::collect(parts);
        }
    }

    impl Taken for True {
        fn taken() -> Part {
            values([json!(true), json!("true")])
        }
    }
}

#[cfg(test)]
mod tests;
