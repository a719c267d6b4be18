//! What a link to an event's page opens.

use roster_domain::{
    Error, EventId, Result,
    bookings::event::{Event, Participant},
    organization::Organization,
    users::booking_page::PageSettings,
    users::user::User,
};

use crate::{
    Tenant,
    dynamodb::{item::from_item, table::Freshness},
    keys,
};

/// An event, as its page shows it.
#[derive(Debug)]
pub struct GuestEvent {
    /// The event.
    pub event: Event,
    /// Who has the key.
    pub who: Participant,
    /// The organization that it is of.
    pub organization: Organization,
    /// What who holds it allows on the page.
    pub settings: PageSettings,
}

impl Tenant<'_> {
    /// The event that a participant's key opens, with what its page needs: two round
    /// trips.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none, nobody who takes part has the key, or it
    /// is over for long.
    pub async fn guest_event(&self, id: EventId, key: &str) -> Result<GuestEvent> {
        let event = self.event(id, Freshness::Strong).await?;
        let who = event.participant_with(key, self.store.now).cloned();
        let who = who.ok_or(Error::NotFound("event"))?;
        let organizer = keys::user(self.tenancy(), event.assigned);
        let organization = keys::organization(self.tenancy());
        let wanted = [organizer.clone(), organization.clone()];
        let found = self.store.table.batch_get(wanted, Freshness::Strong);
        let mut found = found.await?;
        let organizer: Option<User> = found.remove(&organizer).map(from_item).transpose()?;
        let organization = found.remove(&organization);
        let page = organizer.and_then(|user| user.booking_page);
        Ok(GuestEvent {
            event,
            who,
            organization: from_item(organization.ok_or(Error::NotFound("event"))?)?,
            settings: page.and_then(|page| page.custom).unwrap_or_default(),
        })
    }
}
