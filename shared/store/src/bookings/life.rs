//! What happens to an event after it was booked: read, decide, write once, as a booking
//! does.

pub mod change;
pub mod create;
mod invitees;
pub mod reassign;
pub mod reschedule;

use roster_domain::{
    Conflict, Error, EventId, Result, UserId, bookings::agenda::Unavailable, bookings::event::Event,
};

use crate::{
    Tenant,
    dynamodb::{item::from_item, table::Freshness},
    keys,
};

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
