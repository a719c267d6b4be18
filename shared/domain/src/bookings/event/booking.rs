//! What a request asks to book.

use crate::{
    bookings::{agenda::DateText, event::ThirdParty},
    id::{EventId, UserId},
    text::{Address, Email, ExternalId, Message, Name, Title},
    users::language::Language,
    zone::ZoneName,
};

/// Most dates, places, messages and invitees that a request can give.
pub const MAX_PARTS: usize = 40;
/// Longest date, in days.
pub const MAX_DAYS: i64 = 31;

/// A date that a request suggests: not yet an instant, because a date without
/// an offset is in the zone of whoever is assigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestedDate {
    /// Whether it lasts all day, in the event's zone.
    pub all_day: bool,
    /// Start.
    pub start: DateText,
    /// End.
    pub end: DateText,
}

/// A place, as a request gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestedPlace {
    /// Its name.
    pub name: Title,
    /// Where it is: a postal address, a phone number, a URL.
    pub address: Option<Address>,
    /// The system that it comes from.
    pub source: Option<Name>,
    /// Its id in that system.
    pub source_id: Option<ExternalId>,
}

/// Somebody who is invited, as a request gives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    /// Their address.
    pub email: Email,
    /// Their name.
    pub full_name: Option<Title>,
    /// Their phone number.
    pub phone: Option<Name>,
    /// Whether they must attend: a user who is reserved with who holds the event, or
    /// nobody is.
    pub required: bool,
}

/// What a request asks to book.
#[derive(Clone, Debug)]
pub struct Booking {
    /// Title of the event.
    pub title: Title,
    /// Address of the member who is asked for, or of the person who books, where
    /// it is given.
    pub created_by: Option<Email>,
    /// Name of the person who books, where it is given.
    pub created_by_name: Option<Title>,
    /// Id of the member who is asked for, where it is given.
    pub created_by_user: Option<UserId>,
    /// Whether the event is confirmed at once.
    pub confirmed: bool,
    /// The dates.
    pub dates: Vec<SuggestedDate>,
    /// The places.
    pub places: Vec<SuggestedPlace>,
    /// Who is invited.
    pub invitees: Vec<Guest>,
    /// First messages.
    pub messages: Vec<Message>,
    /// What whoever is booked answers to it at once.
    pub reply: Option<Message>,
    /// Language of the event.
    pub lang: Language,
    /// Locale in which its dates are written.
    pub locale: Language,
    /// Zone of dates without an offset, and of all-day dates.
    pub timezone: Option<ZoneName>,
    /// What another system says of it.
    pub third_party: ThirdParty,
    /// Whether a guest books on a page, whom nobody knows: the addresses that they enter are
    /// taken for nobody's.
    pub by_guest: bool,
    /// Whether nobody is to be mailed about it.
    pub no_emails: bool,
    /// The hold whose time it is to have, where it names one.
    pub hold: Option<EventId>,
}
