//! Making the event of a booking.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use roster_domain::{
    Error, EventId, Result, TeamId, UserId,
    access::secret,
    bookings::agenda::{self, TimeSpan},
    bookings::assignment::{Considered, Decision},
    bookings::event::{Booking, Event, EventDate, EventMessage, EventPlace, Guest, Participant},
    id::ObjectId,
    text::{Email, Message, Name, Title},
    users::user::User,
};

/// Characters of a participant's key: 22 of base 62, 131 bits.
const KEY_LENGTH: usize = 22;

/// What an event is made from.
pub(crate) struct Draft<'a> {
    /// The team that is booked, where one is.
    pub(crate) team: Option<TeamId>,
    /// Whether an organizer makes it for what was booked on a page.
    pub(crate) from_page: bool,
    pub(crate) booking: &'a Booking,
    pub(crate) assigned: &'a User,
    pub(crate) users: &'a HashMap<UserId, User>,
    pub(crate) by_email: &'a HashMap<String, UserId>,
    pub(crate) spans: Vec<TimeSpan>,
    pub(crate) free: Vec<bool>,
    pub(crate) reply_domain: &'a str,
    pub(crate) now: Timestamp,
}

impl Draft<'_> {
    pub(crate) fn into_event(
        self,
        id: EventId,
        decided: Option<(&Decision, Vec<Considered>)>,
    ) -> Result<Event> {
        let booking = self.booking;
        let reply_to = reply_to(&booking.title, self.reply_domain);
        let own = self.assigned.profile.email.as_ref();
        let written = |body: &Message, by: Option<&Email>| {
            Ok(EventMessage {
                id: self.object_id(),
                from: by
                    .cloned()
                    .map_or_else(|| reply_to.parse(), Ok)
                    .map_err(Error::internal)?,
                body: body.clone(),
                created_at: None,
            })
        };
        let author = self.author();
        let messages = booking.messages.iter().map(|body| written(body, author));
        let replies = booking.reply.iter().map(|body| written(body, own));
        let places = self.places();
        let (decision, considered) = decided.unzip();
        Ok(Event {
            id,
            team: self.team,
            title: booking.title.clone(),
            assigned: self.assigned.id,
            confirmed: booking.confirmed,
            confirmed_at: booking.confirmed.then_some(self.now),
            confirmed_place: (places.first())
                .filter(|_| booking.confirmed)
                .map(|place| place.id),
            cancelled_at: None,
            no_show_at: None,
            taken_back: None,
            sequence: 0,
            dates: self.dates(),
            places,
            participants: self.participants(),
            messages: messages.chain(replies).collect::<Result<_>>()?,
            lang: booking.lang,
            locale: booking.locale,
            timezone: booking.timezone.clone(),
            read_in: booking
                .timezone
                .is_none()
                .then(|| agenda::date_zone_of(self.assigned)),
            third_party: booking.third_party.clone(),
            no_emails: booking.no_emails,
            from_page: self.from_page,
            reply_to,
            key_store: self.object_id(),
            decision: decision.map(Decision::without_shares),
            considered: considered.unwrap_or_default(),
            created_at: self.now,
            updated_at: self.now,
            version: 0,
        })
    }

    /// Who wrote the messages: the person who books; where the request does not
    /// name one, the member who is assigned, whom `/v2/teams` calls the event's creator.
    /// A member without an address has the one that answers go to.
    fn author(&self) -> Option<&Email> {
        let own = self.assigned.profile.email.as_ref();
        self.booking.created_by.as_ref().or(own)
    }

    fn object_id(&self) -> ObjectId {
        ObjectId::generate(self.now)
    }

    fn dates(&self) -> Vec<EventDate> {
        // Confirmed at once: the first that the assigned member can take.
        let chosen = self
            .free
            .iter()
            .position(|free| *free)
            .filter(|_| self.booking.confirmed);
        let suggested = self
            .booking
            .dates
            .iter()
            .zip(&self.spans)
            .zip(&self.free)
            .enumerate();
        suggested
            .map(|(index, ((date, span), free))| EventDate {
                confirmed: chosen == Some(index),
                free: *free,
                ..EventDate::new(*span, date.all_day, self.now)
            })
            .collect()
    }

    fn places(&self) -> Vec<EventPlace> {
        let place = |place| EventPlace::new(place, self.now);
        self.booking.places.iter().map(place).collect()
    }

    /// The assigned member, the person who books, and the guests: each address
    /// and each user once. What the request says of one of them in two places
    /// is put together; the guest's entry comes before `created_by`.
    fn participants(&self) -> Vec<Participant> {
        let mut assigned = assigned_participant(self.assigned, self.now);
        if let Some(email) = &self.assigned.profile.email {
            let (name, phone) = self.said_of(email);
            assigned.phone = phone.cloned();
            // A member has a name of their own, if any.
            if assigned.full_name.is_empty() {
                assigned.full_name = name.map(ToString::to_string).unwrap_or_default();
            }
        }
        let mut participants = vec![assigned];
        let mut seen: BTreeSet<String> = self
            .assigned
            .profile
            .email
            .iter()
            .map(Email::folded)
            .collect();
        let booker = self.booking.created_by.as_ref();
        let guests = self.booking.invitees.iter().map(|guest| &guest.email);
        // The person who books, where invited too, stands among the guests.
        let is_guest = |email: &Email| {
            let mut guests = guests.clone();
            guests.any(|guest| guest.folded() == email.folded())
        };
        let booker = booker.filter(|email| !is_guest(email));
        for email in booker.into_iter().chain(guests.clone()) {
            if seen.insert(email.folded()) {
                let (name, phone) = self.said_of(email);
                participants.push(self.guest(email, name, phone));
            }
        }
        if self.team.is_some() || self.from_page {
            self.mark_booker(&mut participants);
        }
        participants
    }

    /// Who books: whom the request names, or the first guest where it names the member
    /// whose time is asked for, or nobody.
    fn mark_booker(&self, participants: &mut [Participant]) {
        let named = self.booking.created_by.as_ref().map(Email::folded);
        let is_named =
            |p: &Participant| named.is_some() && p.email.as_ref().map(Email::folded) == named;
        let mut guests = participants.iter().filter(|p| !p.is_assigned);
        let booker = guests.clone().find(|p| is_named(p)).or(guests.next());
        let booker = booker.map(|booker| booker.id);
        for participant in participants {
            participant.is_booker = Some(participant.id) == booker;
        }
    }

    /// Name and phone number that the request gives for an address.
    fn said_of(&self, email: &Email) -> (Option<&Title>, Option<&Name>) {
        let booking = self.booking;
        let is_booker = booking.created_by.as_ref().map(Email::folded) == Some(email.folded());
        let booker = booking.created_by_name.as_ref().filter(|_| is_booker);
        let mut guests = booking.invitees.iter();
        let guest = guests.find(|guest| guest.email.folded() == email.folded());
        let name = guest.and_then(|guest| guest.full_name.as_ref());
        (
            name.or(booker),
            guest.and_then(|guest| guest.phone.as_ref()),
        )
    }

    fn guest(&self, email: &Email, name: Option<&Title>, phone: Option<&Name>) -> Participant {
        let user = self
            .by_email
            .get(&email.folded())
            .and_then(|id| self.users.get(id));
        let mut guests = self.booking.invitees.iter();
        let guest = guests.find(|guest| guest.email.folded() == email.folded());
        let said = Guest {
            email: email.clone(),
            full_name: name.cloned(),
            phone: phone.cloned(),
            required: guest.is_some_and(|guest| guest.required),
        };
        guest_participant(&said, user, self.now)
    }
}

/// Somebody who is invited, as a participant; the user whom the address belongs to, where
/// it does to one.
pub(crate) fn guest_participant(guest: &Guest, user: Option<&User>, now: Timestamp) -> Participant {
    let name = guest.full_name.as_ref().map(ToString::to_string);
    let own_name = user.map(|user| user.profile.full_name());
    Participant {
        id: ObjectId::generate(now),
        email: Some(guest.email.clone()),
        user: user.map(|user| user.id),
        full_name: name.or(own_name).unwrap_or_default(),
        phone: guest.phone.clone(),
        picture_url: user.and_then(|user| user.profile.picture_url.clone()),
        timezone: user.and_then(|user| user.profile.timezone.clone()),
        locale: user.and_then(|user| user.profile.language),
        is_assigned: false,
        key: secret::random_base62(KEY_LENGTH),
        required: guest.required,
        is_booker: false,
        accepted_at: None,
        declined_at: None,
    }
}

/// The member who is assigned, as a participant.
pub(crate) fn assigned_participant(user: &User, now: Timestamp) -> Participant {
    Participant {
        id: ObjectId::generate(now),
        email: user.profile.email.clone(),
        user: Some(user.id),
        full_name: user.profile.full_name(),
        phone: None,
        picture_url: user.profile.picture_url.clone(),
        timezone: user.profile.timezone.clone(),
        locale: user.profile.language,
        is_assigned: true,
        key: secret::random_base62(KEY_LENGTH),
        required: false,
        is_booker: false,
        accepted_at: None,
        declined_at: None,
    }
}

/// The address that answers go to: a slug of the title, and a random tail that
/// nobody can guess.
fn reply_to(title: &Title, domain: &str) -> String {
    let words: Vec<String> = title
        .as_str()
        .to_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    // An address has at most 64 characters before the @ (RFC 5321).
    let slug: String = words.join("-").chars().take(24).collect();
    let tail = secret::random_base62(10).to_lowercase();
    let slug = slug.trim_matches('-');
    let separator = if slug.is_empty() { "" } else { "-" };
    format!("reply-to-participants-to-{slug}{separator}{tail}@{domain}")
}
