//! Moving a booking to another member, by the rules it was booked by.

use roster_domain::{
    Error, EventId, Result, TeamId, UserId, bookings::agenda::TimeSpan, bookings::assignment,
    bookings::event::Event, users::user::User,
};

use crate::{
    Tenant,
    bookings::{
        agenda::{Agenda, days_of, days_that_decide},
        book::nobody,
        draft::assigned_participant,
        ledger::DecisionRecord,
        snapshot::Days,
        turns::Turn,
    },
    dynamodb::{
        capacity::{join, try_join},
        item::from_item,
        retry::retry,
        table::Freshness,
        write_failure::Failure,
    },
    keys,
};

impl Tenant<'_> {
    /// Moves an event of the team to another of its members: three round trips
    /// without contention. The old decision is taken back in the ledger.
    ///
    /// # Errors
    /// A conflict where no other member can take it, with each one's reason.
    pub async fn reassign(&self, team: TeamId, event: EventId) -> Result<Event> {
        let mut turn = Turn::new(*self, team);
        let moved = retry!(async {
            turn.begin().await?;
            let made = self.try_reassign(team, event, &mut turn).await;
            turn.made(made)
        });
        turn.end().await;
        moved
    }

    async fn try_reassign(
        &self,
        team_id: TeamId,
        id: EventId,
        turn: &mut Turn<'_>,
    ) -> Result<Event, Failure> {
        let key = keys::event(self.tenancy(), id);
        let event = self.store.table.get(&key, Freshness::Strong);
        let team = self.booking_team(team_id, &[]);
        let (team, event) = try_join(team, event).await?;
        team.hold()?;
        let before: Event = from_item(event.ok_or(Error::NotFound("event"))?)?;
        if before.team != team_id {
            return Err(Error::NotFound("event").into());
        }
        let spans: Vec<TimeSpan> = before.dates.iter().map(|date| date.span).collect();
        let members: Vec<UserId> = team
            .members
            .iter()
            .copied()
            .filter(|user| *user != before.assigned)
            .collect();
        let rules = team.stored.team.rules();
        let decide = |user: &User| days_that_decide(user, &spans, &rules.limits(user.id));
        let days = Days {
            likely: spans.iter().flat_map(days_of).collect(),
            decide: &decide,
        };
        let mut old_agenda = Agenda::unread(before.assigned);
        let reserved: Vec<_> = before.reserved().iter().flat_map(days_of).collect();
        let decision = keys::decision(self.tenancy(), team_id, before.decision.number);
        let wanted = reserved.iter().map(|day| old_agenda.key(*self, *day));
        let wanted: Vec<_> = wanted.chain([decision.clone()]).collect();
        let (people, found) = join(
            self.booking_people(&members, std::iter::empty(), &days, Freshness::Strong),
            self.store.table.batch_get(wanted, Freshness::Strong),
        )
        .await;
        let (people, mut found) = (people?, found?);
        let replaced = found.remove(&decision);
        let replaced = replaced.ok_or_else(|| Error::internal("a decision is not there"))?;
        let replaced = from_item::<DecisionRecord>(replaced)?.decision;
        old_agenda.add(*self, reserved, &found)?;

        let same = |_: &_| Ok(spans.clone());
        let candidates = people.candidates(&members, &rules, self.store.now, Some(id), same)?;
        let mut ledger = team.ledger.ledger.clone();
        ledger.retain(&team.members);
        ledger.revert(&replaced);
        let starts: Vec<_> = spans.iter().map(|span| span.start).collect();
        let decided = assignment::decide(&rules, &candidates, &ledger, &starts, None);
        let Some((decision, considered)) = decided else {
            let error = nobody(&candidates, &ledger, None);
            let event = Some((key, before.version));
            turn.end().await;
            return Err(self.refuse(error, &team, &people, event).await);
        };
        ledger.apply(&decision);

        let assigned = people.assigned(decision.member)?;
        let mut event = before.clone();
        event.assigned = assigned.id;
        event
            .participants
            .retain(|p| !p.is_assigned && p.user != Some(assigned.id));
        event
            .participants
            .insert(0, assigned_participant(assigned, self.store.now));
        let chosen = candidates
            .iter()
            .find(|candidate| candidate.user == assigned.id);
        for (date, free) in event
            .dates
            .iter_mut()
            .zip(chosen.iter().flat_map(|c| &c.free))
        {
            date.free = *free;
        }
        if event.confirmed {
            // The date stays, unless the new member can only take another.
            let keeps = event.dates.iter().any(|date| date.confirmed && date.free);
            if !keeps {
                let first = event.dates.iter().position(|date| date.free);
                for (index, date) in event.dates.iter_mut().enumerate() {
                    date.confirmed = Some(index) == first;
                }
            }
        }
        event.decision = decision.without_shares();
        event.considered = considered;
        event.updated_at = self.store.now;
        event.version += 1;

        let mut writes = self.put_event(&event, Some(&before))?;
        writes.extend(old_agenda.release(*self, id)?);
        writes.extend(people.reserve(*self, &rules, &event)?);
        let (replaced, waiting) = (Some(&replaced), turn.behind());
        let put = self.put_ledger(&team.ledger, &ledger, &event, &decision, replaced, waiting);
        writes.extend(put?);
        writes.push(self.hold_member(assigned));
        turn.admit(team.ledger.waiting)?;
        self.store.transact(writes).await?;
        Ok(event)
    }
}
