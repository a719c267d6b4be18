//! What happens to an event after it was booked: read, decide, write once, as a booking
//! does.

pub mod change;
pub mod create;
pub mod guest;
mod invitees;
pub mod reassign;
pub mod reschedule;

use jiff::Timestamp;
use roster_domain::{
    Conflict, Error, EventId, Result, UserId,
    access::actor::Actor,
    bookings::agenda::Unavailable,
    bookings::event::{Event, GuestAction},
    users::booking_page::PageSettings,
};

use crate::{
    Tenant,
    dynamodb::{item::from_item, table::Freshness},
    keys,
};

/// In whose name an event is changed.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// Somebody who calls the API.
    Caller(&'a Actor),
    /// Somebody who takes part, by the link to the event's page.
    Guest(&'a GuestAccess<'a>),
}

/// What a link to an event's page opens.
#[derive(Clone, Copy)]
pub struct GuestAccess<'a> {
    /// The participant's key.
    pub key: &'a str,
    /// What who holds the event allows on the page.
    pub settings: &'a PageSettings,
}

impl std::fmt::Debug for GuestAccess<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GuestAccess").finish_non_exhaustive()
    }
}

impl By<'_> {
    /// That they may move an event.
    fn hold_move(self, event: &Event, now: Timestamp) -> Result<()> {
        match self {
            Self::Caller(actor) => event.may_be_changed_by(actor),
            Self::Guest(GuestAccess { key, settings }) => event
                .held_to(key, GuestAction::Reschedule, settings, now)
                .map(|_| ()),
        }
    }
}

impl Tenant<'_> {
    /// An event: one round trip.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none.
    pub async fn event(&self, id: EventId, freshness: Freshness) -> Result<Event> {
        let key = keys::event(self.tenancy(), id);
        let item = self.store.table.get(&key, freshness).await?;
        from_item(item.ok_or(Error::NotFound("event"))?)
    }

    /// Counts a change.
    fn changed(&self, event: &mut Event) {
        event.updated_at = self.store.now;
        event.version += 1;
    }
}

/// That these users, who must attend, have something else.
fn not_free(users: &[UserId], why: Unavailable) -> Conflict {
    let reason = |user: &UserId| (user.to_string(), why.to_string());
    let considered = users.iter().map(reason).collect();
    let names: Vec<_> = users.iter().map(ToString::to_string).collect();
    let detail = format!("not free at that time: {}", names.join(", "));
    Conflict {
        considered,
        ..Conflict::new(detail)
    }
}
