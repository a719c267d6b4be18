//! The body that books an event with a member of a team (`/v2/teams`).

use std::collections::HashSet;

use roster_domain::{
    OrganizationId, Result, UserId,
    bookings::agenda::DateText,
    bookings::event::{Booking, Guest, MAX_PARTS, SuggestedDate, SuggestedPlace},
    error::Unacceptable,
    text::{Address, Email, ExternalId, Message, Name, Title},
    users::language::{Language, SchedulingLanguage},
    zone::ZoneName,
};
use roster_runtime::{
    body,
    json::read::{Node, read_object},
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
        /// The organization, if the query does not name it.
        "organization" => organization: Optional<OrganizationId>,
        "title" => title: Required<Title>,
        /// The member to ask for, or the person who books, who becomes an invitee.
        "created_by" => created_by: Nullable<Creator>,
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
        // `/v2/teams`'s table requires it and its sample leaves it out: absent is true.
        also "vyteme": Optional<True> = "Must be true.",
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
    struct PlaceBody for SuggestedPlace as "PlaceBody" {
        "name" => name: Required<Title>,
        "address" => address: NullableEitherName<Address, Adress>,
        /// The system that the place is from.
        "source" => source: Nullable<Name>,
        /// The place's ID in that system.
        "source_id" => source_id: Nullable<ExternalId>,
    }

    /// Reads somebody who is invited.
    struct InviteeBody for Guest as "InviteeBody" {
        "email" => email: Required<Email>,
        "full_name" => full_name: Nullable<Title>,
        "phone" => phone: Nullable<Name>,
    }

    /// A message of whoever books.
    struct MessageBody as "MessageBody" {
        "body" => body: Required<Message>,
    }
}

/// Reads a body. A date without an offset is not an instant yet: it is in the
/// zone of whoever is assigned.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(body: &Value) -> Result<EventRequest> {
    read_object(body, |object| {
        let body = EventBody::members(object);
        let confirmed = body.confirmed.is_some_and(|confirmed| confirmed.flag);
        // Dates that cannot be read were noted: they are not missing.
        let has_dates = match &body.dates {
            Some(dates) => !dates.is_empty(),
            None => object.has("dates"),
        };
        if confirmed && !has_dates {
            let detail = "must not be true without a date to confirm";
            object.violations().unacceptable("/confirmed/flag", detail);
        }
        let lang = body.lang.map_or(Language::En, Language::from);
        let creator = body.created_by;
        let messages = body.messages.into_iter().map(|message| message.body);
        Some(EventRequest {
            organization: body.organization,
            booking: Booking {
                title: body.title?,
                created_by: creator.as_ref().and_then(|creator| creator.email.clone()),
                created_by_name: creator
                    .as_ref()
                    .and_then(|creator| creator.full_name.clone()),
                created_by_user: creator.as_ref().and_then(|creator| creator.user),
                confirmed,
                dates: body.dates.unwrap_or_default(),
                places: body.places,
                invitees: body.invitees,
                messages: messages.collect::<Option<_>>()?,
                lang,
                locale: body.locale.map_or(lang, Language::from),
                timezone: body.timezone,
            },
        })
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
struct Invitees;

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
