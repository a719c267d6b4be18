//! What happens to an event after it was booked: read, decide, write once, as a booking
//! does.

pub mod change;
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

/// Why somebody who must attend cannot.
fn not_free(user: UserId, why: Unavailable) -> Conflict {
    let detail = format!("user {user} is not free at that time; considered says why");
    Conflict {
        considered: vec![(user.to_string(), why.to_string())],
        ..Conflict::new(detail)
    }
}
