//! Making an event that is booked with no team: its organizer is who holds it.

use std::collections::{BTreeSet, HashMap};

use roster_domain::{
    Error, EventId, Field, Result, UserId,
    access::actor::Actor,
    bookings::{
        agenda::{TimeSpan, Unavailable},
        assignment::StaleCalendars,
        event::{Booking, Event, may_organize},
        hold::Hold,
    },
    text::Email,
    users::user::User,
};

use super::not_free;
use crate::{
    Tenant,
    bookings::{
        agenda::days_of,
        book::{required, rough_spans, spans_of},
        draft::Draft,
        snapshot::{Days, People},
    },
    dynamodb::{
        capacity::try_join, guard::holder, retry::retry, table::Freshness, write_failure::Failure,
    },
    idempotency::{Answer, Answered, Claimant, Claimed, Repeatable},
    keys,
};

/// An event that is to be made.
pub struct NewEvent<'a> {
    /// The organizer: an id, an address, or both of one user.
    pub organizer: (Option<UserId>, Option<&'a Email>),
    /// What it says; nobody books it.
    pub booking: &'a Booking,
    /// Whether it was booked on a page.
    pub from_page: bool,
    /// The idempotency key, where one was sent.
    pub repeatable: Option<&'a Repeatable>,
    /// Domain of the address that answers to the event go to.
    pub reply_domain: &'a str,
    /// Who asks: users without `userManagement` make events of their own.
    pub actor: Actor,
    /// Renders the answer, which is kept with the idempotency key.
    pub render: &'a (dyn Fn(&Event) -> String + Send + Sync),
}

/// Who is named, as far as there are users of that name.
struct Named {
    organizer: UserId,
    by_email: HashMap<String, UserId>,
}

impl Tenant<'_> {
    /// Makes an event: three round trips. Where it is confirmed, its first date that
    /// everybody who must attend is free for is reserved.
    ///
    /// # Errors
    /// A violation where the organizer is no user of the organization; a conflict where
    /// it is to be confirmed, and somebody who must attend is not free for any date.
    pub async fn create_event(&self, new: &NewEvent<'_>) -> Result<Answered> {
        let mut claimant = Claimant::new(new.repeatable);
        let made = retry!(self.try_create_event(new, &mut claimant));
        claimant.end(*self, made).await
    }

    async fn try_create_event(
        &self,
        new: &NewEvent<'_>,
        claimant: &mut Claimant<'_>,
    ) -> Result<Answered, Failure> {
        let named = async {
            // Once it was used, the request that used it can still be answered again.
            let hold = async { Ok(self.hold_named(new.booking.hold).await) };
            Ok(try_join(self.named(new), hold).await?)
        };
        let (named, hold) = match claimant.claim_while(*self, named).await? {
            Claimed::Before(answer, named) => {
                may_organize(&new.actor, named?.0.organizer)?;
                return Ok(Answered::Before(answer));
            }
            Claimed::Mine(named) => named,
        };
        may_organize(&new.actor, named.organizer)?;
        let hold = hold?;
        let booking = &self.booking_for(new.booking, None, hold.as_ref())?;
        let spans_for = spans_of(booking);
        let take = |user: &User| {
            let spans = spans_for(user).unwrap_or_default();
            spans.iter().flat_map(days_of).collect()
        };
        let days = Days {
            likely: rough_spans(booking)?.iter().flat_map(days_of).collect(),
            decide: &take,
            take: booking.confirmed.then_some(&take),
            stale_calendars: StaleCalendars::Ignore,
        };
        let others = named.by_email.values().copied();
        let people = self
            .booking_people(&[named.organizer], others, &days, Freshness::Strong)
            .await?;
        let organizer = people.assigned(named.organizer)?;
        if !organizer.is_active() {
            return Err(Error::at(Field::Organizer, "is deactivated").into());
        }
        let mut must_attend = required(booking, &named.by_email)?;
        must_attend.insert(organizer.id);
        let spans = spans_for(organizer)?;
        let (except, now) = (booking.hold, self.store.now);
        let is_free = |span: &TimeSpan| people.busy(&must_attend, span, except, now).is_empty();
        let free: Vec<bool> = spans.iter().map(is_free).collect();
        if booking.confirmed && !free.contains(&true) {
            let busy = spans
                .iter()
                .flat_map(|span| people.busy(&must_attend, span, except, now));
            let busy: BTreeSet<UserId> = busy.collect();
            let busy: Vec<_> = busy.into_iter().collect();
            return Err(Error::from(not_free(&busy, Unavailable::Booked)).into());
        }
        let event = Draft {
            team: None,
            from_page: new.from_page,
            booking,
            assigned: organizer,
            users: &people.users,
            by_email: &named.by_email,
            spans,
            free,
            reply_domain: new.reply_domain,
            now,
        }
        .into_event(except.unwrap_or_else(|| EventId::generate(now)), None)?;
        if let Some(hold) = &hold {
            takes_part(hold, &event)?;
        }
        self.write_new(new, claimant, &people, &event, hold.as_ref())
            .await
    }

    async fn write_new(
        &self,
        new: &NewEvent<'_>,
        claimant: &Claimant<'_>,
        people: &People,
        event: &Event,
        hold: Option<&Hold>,
    ) -> Result<Answered, Failure> {
        let mut writes = self.put_event(event, None)?;
        writes.extend(people.occupy(*self, None, event, None)?);
        writes.push(self.hold_member(people.assigned(event.assigned)?));
        writes.extend(hold.map(|hold| self.use_hold(hold)));
        let answer = Answer::created((new.render)(event));
        writes.extend(claimant.keep(*self, || answer.clone())?);
        self.take_time(writes).await?;
        Ok(Answered::Now(answer))
    }

    /// First round trip: who is named.
    async fn named(&self, new: &NewEvent<'_>) -> Result<Named> {
        let (id, email) = new.organizer;
        let guard = |email: &Email| keys::email_guard(self.tenancy(), email);
        let guests = new.booking.invitees.iter().map(|guest| &guest.email);
        let booker = new.booking.created_by.iter();
        let named = guests.chain(booker).filter(|_| !new.booking.by_guest);
        let emails: Vec<&Email> = named.chain(email).collect();
        let user = id.map(|id| keys::user(self.tenancy(), id));
        let wanted = emails.iter().map(|email| guard(email)).chain(user.clone());
        let found = self
            .store
            .table
            .batch_get(wanted, Freshness::Strong)
            .await?;
        if user.is_some_and(|user| !found.contains_key(&user)) {
            let detail = "is not the ID of a user of the organization";
            return Err(Error::at(Field::BookedMember, detail));
        }
        let by_email: HashMap<_, _> = emails
            .iter()
            .filter_map(|email| Some((email.folded(), holder(found.get(&guard(email))?)?)))
            .collect();
        let has_address = email.map(|email| by_email.get(&email.folded()).copied());
        let organizer = match (id, has_address) {
            (Some(id), None) | (None, Some(Some(id))) => id,
            (Some(id), Some(has_address)) if has_address == Some(id) => id,
            (Some(_), Some(_)) => {
                let detail = "must be the ID of the user whose address is created_by.email, \
                              or be left out";
                return Err(Error::at(Field::BookedMember, detail));
            }
            (None, _) => {
                let detail = "is not the address of a user of the organization";
                return Err(Error::at(Field::Organizer, detail));
            }
        };
        Ok(Named {
            organizer,
            by_email,
        })
    }
}

/// That everybody whose time is held takes part: the hold ends with the event.
fn takes_part(hold: &Hold, event: &Event) -> Result<()> {
    let users = event.occupied();
    let mut missing = hold.users.iter().filter(|user| !users.contains(user));
    match missing.next() {
        None => Ok(()),
        Some(user) => {
            let detail = format!("holds the time of user {user}, who is not invited");
            Err(Error::at(Field::Hold, detail))
        }
    }
}
