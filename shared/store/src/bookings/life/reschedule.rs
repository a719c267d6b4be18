//! Moving an event to another date.

use std::collections::BTreeSet;

use roster_domain::{
    Conflict, Error, EventId, Result,
    bookings::{
        agenda::Limits,
        assignment::Rules,
        event::{Event, NewDate},
    },
    users::user::User,
};

use super::{By, change::hold_free, not_free, reassign::Reassignment};
use crate::{
    Tenant,
    bookings::{agenda::days_that_decide, snapshot::People},
    dynamodb::{
        capacity::try_join3, condition::Condition, item::from_item, retry::retry, table::Freshness,
        transaction::Write, write_failure::Failure,
    },
    keys,
};

impl Tenant<'_> {
    /// Moves an event to another date, with who holds it, by the rules that it was
    /// booked by. Where they cannot take it, and `reassigns` says so, another member of
    /// its team gets it. Three round trips where who holds it keeps it, and one more
    /// where other days decide than those of the dates.
    ///
    /// # Errors
    /// A conflict that says why nobody can take it, or that the event does not allow it.
    pub async fn reschedule(
        &self,
        id: EventId,
        date: &NewDate,
        reassigns: bool,
        by: By<'_>,
    ) -> Result<Event> {
        let moved = retry!(self.try_reschedule(id, date, by));
        let (Err(Error::Conflict(conflict)), true) = (&moved, reassigns) else {
            return moved;
        };
        let is_busy = !conflict.considered.is_empty();
        let event = self.event(id, Freshness::Strong).await?;
        match event.team {
            Some(team) if is_busy => {
                self.reassign(&Reassignment {
                    team,
                    event: id,
                    to: None,
                    date: Some(date),
                })
                .await
            }
            _ => moved,
        }
    }

    async fn try_reschedule(
        &self,
        id: EventId,
        date: &NewDate,
        by: By<'_>,
    ) -> Result<Event, Failure> {
        let before = self.event(id, Freshness::Strong).await?;
        by.hold_move(&before, self.store.now)?;
        let mut event = before.clone();
        event.move_to(date, self.store.now)?;
        let key = keys::user(self.tenancy(), event.assigned);
        let stored = async {
            match event.team {
                Some(team) => self.team_if_any(team).await,
                None => Ok(None),
            }
        };
        let wanted = [key.clone(), keys::organization(self.tenancy())];
        let (mut people, mut found, stored) = try_join3(
            self.occupied(&before, &event, &BTreeSet::new()),
            self.store.table.batch_get(wanted, Freshness::Strong),
            stored,
        )
        .await?;
        people.time_off = self.time_off_in(&found)?;
        let Some(holder) = found.remove(&key) else {
            let conflict = Conflict {
                considered: vec![(
                    event.assigned.to_string(),
                    "the user has left the organization".to_owned(),
                )],
                ..Conflict::new("who holds the event has left; give it to another user")
            };
            return Err(Error::from(conflict).into());
        };
        let holder: User = from_item(holder)?;
        let limits = match (&stored, event.team) {
            (Some(stored), _) => stored.team.rules().limits(holder.id),
            (None, Some(_)) => Rules::default().limits(holder.id),
            // An organizer's own date is their own affair.
            (None, None) => Limits::default(),
        };
        self.read_deciding(&mut people, &holder, &event, &limits)
            .await?;
        hold_bookable(&people, &holder, &event, &limits, self.store.now)?;
        hold_free(&people, &before, &event, self.store.now)?;

        people.users.insert(holder.id, holder.clone());
        self.changed(&mut event);
        let mut writes = self.put_event(&event, Some(&before))?;
        writes.extend(people.occupy(*self, Some(&before), &event, Some(&limits))?);
        writes.push(self.hold_member(&holder));
        if let Some(stored) = stored {
            let key = keys::team(self.tenancy(), stored.team.id);
            let is_as_read = Condition::version(stored.team.version);
            writes.push(Write::check(&key, is_as_read));
        }
        self.take_time(writes).await?;
        Ok(event)
    }

    /// Reads what other days of the holder's agenda decide.
    async fn read_deciding(
        &self,
        people: &mut People,
        holder: &User,
        event: &Event,
        limits: &Limits,
    ) -> Result<()> {
        let (Some(span), Some(agenda)) = (event.reserved(), people.agendas.get_mut(&holder.id))
        else {
            return Ok(());
        };
        let missing: BTreeSet<_> = agenda.without(days_that_decide(holder, &[span], limits));
        if missing.is_empty() {
            return Ok(());
        }
        let wanted: Vec<_> = missing.iter().map(|day| agenda.key(*self, *day)).collect();
        let found = self.store.table.batch_get(wanted, Freshness::Strong);
        agenda.add(*self, missing, &found.await?)
    }
}

/// That who holds the event could be booked for what it reserves.
fn hold_bookable(
    people: &People,
    holder: &User,
    event: &Event,
    limits: &Limits,
    now: jiff::Timestamp,
) -> Result<()> {
    let Some(span) = event.reserved() else {
        return Ok(());
    };
    let checked = people.check(holder, &span, limits, Some(event.id), now)?;
    checked.map_err(|why| not_free(&[holder.id], why).into())
}
