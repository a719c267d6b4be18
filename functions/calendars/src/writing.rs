//! Writing events into the calendars of who holds them, where these say so: each is put there
//! as it is now, under a name of its own, so that doing it again does nothing else.

use std::collections::{BTreeMap, BTreeSet};

use roster_calendar::entry::Entry;
use roster_domain::{
    EventId, Result, UserId,
    bookings::event::Event,
    calendars::{Calendar, CalendarSource, Calendars},
    whose::Whose,
};
use roster_store::{Tenant, calendars::Address};

use crate::{Refresher, caldav::Server, exchange::Mailbox, refresh::Dead};

/// Events that are written in one go: what is left comes the next time.
const MOST: usize = 50;

/// What is to be done about an event.
struct Task {
    event: EventId,
    /// What calendars know it by.
    uid: String,
    /// What is to be there; none where it is to go.
    entry: Option<Entry>,
}

impl Refresher<'_> {
    /// Writes what is to be written. Answers what is left to do; a calendar that cannot be
    /// written into says so.
    pub(crate) async fn write(
        &self,
        tenant: Tenant<'_>,
        own: &Calendars,
        calendars: &mut [Calendar],
        dead: &Dead,
    ) -> Result<BTreeSet<EventId>> {
        let Some(user) = own.whose.user() else {
            return Ok(BTreeSet::new());
        };
        let mut left = own.to_write.clone();
        let has_lost = |one: &Calendar| {
            let before = one.written_into.as_deref();
            one.write_back && before.is_some() && before != target(one)
        };
        if own.write_all || calendars.iter().any(has_lost) {
            let held = tenant.events_to_reassign(user).await?;
            left.extend(held.iter().map(|event| event.id));
        }
        let first: BTreeSet<EventId> = left.iter().copied().take(MOST).collect();
        if first.is_empty() || !own.are_written() {
            return Ok(BTreeSet::new());
        }
        let events = tenant.events_by_id(&first).await?;
        let events: BTreeMap<_, _> = events.into_iter().map(|one| (one.id, one)).collect();
        let tasks: Vec<_> = first
            .iter()
            .filter_map(|id| self.task(*id, events.get(id), user))
            .collect();
        let mut are_written = true;
        for calendar in calendars.iter_mut().filter(|one| one.write_back) {
            let written = match (&calendar.reading.broken, dead.why(&calendar.server)) {
                (Some(broken), _) => Err(broken.reason.clone()),
                (None, Some(why)) => Err(why),
                (None, None) => self.write_into(calendar, own.whose, &tasks).await,
            };
            match written {
                Ok(()) => calendar.written_into = target(calendar).map(str::to_owned),
                Err(reason) => {
                    are_written = false;
                    let now = self.app.clock.now();
                    calendar.fail(reason, now);
                    calendar.reading.tried_at = Some(now);
                }
            }
        }
        if are_written {
            left.retain(|id| !first.contains(id));
        }
        Ok(left)
    }

    /// What is to be done about an event; none where it is over.
    fn task(&self, id: EventId, event: Option<&Event>, user: UserId) -> Option<Task> {
        let now = self.app.clock.now();
        let uid = match event {
            Some(event) if !event.is_ahead(now) => return None,
            Some(event) => event.uid(),
            None => format!("{id}@{}", self.app.reply_domain),
        };
        let stands = event.filter(|event| event.assigned == user && !event.is_cancelled());
        Some(Task {
            event: id,
            uid,
            entry: stands.and_then(Entry::of),
        })
    }

    async fn write_into(
        &self,
        calendar: &Calendar,
        whose: Whose,
        tasks: &[Task],
    ) -> Result<(), String> {
        let Some(target) = target(calendar) else {
            return Err("Its owner cannot write into any of its calendars.".to_owned());
        };
        let address = self.address(calendar, whose).await?;
        match calendar.source {
            // No request makes such a one.
            CalendarSource::Ics => Ok(()),
            CalendarSource::Caldav => {
                let server = Server::at(self.client, &address)?;
                for task in tasks {
                    let name = format!("{}.ics", task.event);
                    match &task.entry {
                        Some(entry) => server.put(target, &name, &entry.calendar).await?,
                        None => server.remove(target, &name).await?,
                    }
                }
                Ok(())
            }
            CalendarSource::Exchange => {
                let now = self.app.clock.now();
                let mut mailbox = Mailbox::enter(self.client, &address, now).await?;
                for task in tasks {
                    match &task.entry {
                        Some(entry) => mailbox.put(target, entry).await?,
                        None => mailbox.remove(target, &task.uid).await?,
                    }
                }
                Ok(())
            }
        }
    }

    /// Where a calendar is.
    ///
    /// # Errors
    /// That it cannot be told: a sentence for the owner.
    pub(crate) async fn address(
        &self,
        calendar: &Calendar,
        whose: Whose,
    ) -> Result<Address, String> {
        let opened = Address::open(&self.app.sealer, whose, &calendar.sealed).await;
        opened.map_err(|error| {
            let cause = error.cause();
            tracing::error!(cause, "the address of a calendar cannot be opened");
            "Roster cannot open the address; enter it again.".to_owned()
        })
    }
}

/// What is written into: the calendar that was written into before, as long as it can be, or
/// the first that can.
fn target(calendar: &Calendar) -> Option<&str> {
    let writable = calendar.subcalendars.iter().filter(|one| one.writable);
    let mut writable = writable.map(|one| one.source_id.as_str());
    let before = calendar.written_into.as_deref();
    let still = writable.clone().find(|one| Some(*one) == before);
    still.or_else(|| writable.next())
}
