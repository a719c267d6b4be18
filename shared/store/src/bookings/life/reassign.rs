//! Moving a booking to another member, by the rules it was booked by, or to one who is
//! named.

use std::collections::BTreeSet;

use roster_domain::{
    Error, EventId, Field, Result, TeamId, UserId,
    bookings::agenda::TimeSpan,
    bookings::assignment::{self, Decision, Rules},
    bookings::event::{Event, NewDate},
    users::user::User,
};

use crate::{
    Tenant,
    bookings::{
        agenda::{days_of, days_that_decide},
        book::nobody,
        draft::assigned_participant,
        ledger::DecisionRecord,
        snapshot::{Days, People},
        turns::Turn,
    },
    dynamodb::{
        capacity::join, item::from_item, retry::retry, table::Freshness, write_failure::Failure,
    },
    keys,
};

/// Which event goes to whom.
#[derive(Debug, Clone, Copy)]
pub struct Reassignment<'a> {
    /// The team that it was booked with.
    pub team: TeamId,
    /// The event.
    pub event: EventId,
    /// The member who is to have it; none: whose turn it is.
    pub to: Option<UserId>,
    /// The date that it is moved to at the same time, where it is.
    pub date: Option<&'a NewDate>,
}

impl Tenant<'_> {
    /// Moves an event of the team to another of its members: three round trips
    /// without contention. The old decision is taken back in the ledger. Nothing changes
    /// where the member who is named has it already.
    ///
    /// # Errors
    /// A conflict where no other member can take it, with each one's reason; a violation
    /// where who is named is no member.
    pub async fn reassign(&self, asked: &Reassignment<'_>) -> Result<Event> {
        let mut turn = Turn::new(*self, asked.team);
        let moved = retry!(async {
            turn.begin().await?;
            let made = self.try_reassign(asked, &mut turn).await;
            turn.made(made)
        });
        turn.end().await;
        moved
    }

    async fn try_reassign(
        &self,
        asked: &Reassignment<'_>,
        turn: &mut Turn<'_>,
    ) -> Result<Event, Failure> {
        let (team_id, id) = (asked.team, asked.event);
        let event = self.event(id, Freshness::Strong);
        let team = self.booking_team(team_id, &[]);
        let (team, before) = join(team, event).await;
        let (team, before) = (team?, before?);
        team.hold()?;
        if hold_movable(&before, asked, &team.members)? {
            return Ok(before);
        }
        let mut event = before.clone();
        if let Some(date) = asked.date {
            event.move_to(date, self.store.now)?;
        }
        let spans: Vec<TimeSpan> = event.dates.iter().map(|date| date.span).collect();
        let members: Vec<UserId> = team
            .members
            .iter()
            .copied()
            .filter(|user| *user != before.assigned)
            .collect();
        let rules = team.stored.team.rules();
        let (people, replaced) = self.read_movable(&before, &spans, &members, &rules).await?;

        let same = |_: &_| Ok(spans.clone());
        let mut required = event.must_attend();
        required.remove(&event.assigned);
        let now = self.store.now;
        let candidates = people.candidates(&members, &rules, now, &required, Some(id), same)?;
        let mut ledger = team.ledger.ledger.clone();
        ledger.retain(&team.members);
        ledger.revert(&replaced);
        let starts: Vec<_> = spans.iter().map(|span| span.start).collect();
        let decided = match asked.to {
            None => assignment::decide(&rules, &candidates, &ledger, &starts, None),
            Some(to) => assignment::hand_over(&rules, &candidates, &ledger, &starts, &replaced, to),
        };
        let Some((decision, considered)) = decided else {
            let error = nobody(&candidates, &ledger, asked.to);
            let key = keys::event(self.tenancy(), id);
            turn.end().await;
            let event = Some((key, before.version));
            return Err(self.refuse(error, &team, &people, event).await);
        };
        ledger.apply(&decision);

        let assigned = people.assigned(decision.member)?;
        let chosen = candidates
            .iter()
            .find(|candidate| candidate.user == assigned.id);
        let free = chosen.map(|chosen| chosen.free.as_slice());
        give(&mut event, assigned, free.unwrap_or_default(), now);
        event.decision = Some(decision.without_shares());
        event.considered = considered;
        self.changed(&mut event);

        let mut writes = self.put_event(&event, Some(&before))?;
        let limits = rules.limits(assigned.id);
        writes.extend(people.occupy(*self, Some(&before), &event, Some(&limits))?);
        let record = self.decided(&event, &decision, Some(&replaced), &ledger);
        let (read, waiting) = (&team.ledger, turn.behind());
        writes.extend(self.put_ledger(team_id, read, &ledger, &record, waiting)?);
        turn.admit(team.ledger.waiting)?;
        self.take_time(writes).await?;
        Ok(event)
    }

    /// Everybody who may get an event or takes part in it, with the days that decide and
    /// that it takes or is to take; and the decision that it has.
    async fn read_movable(
        &self,
        event: &Event,
        spans: &[TimeSpan],
        members: &[UserId],
        rules: &Rules,
    ) -> Result<(People, Decision), Failure> {
        let (Some(team), Some(decision)) = (event.team, &event.decision) else {
            return Err(Error::NotFound("event").into());
        };
        let decide = |user: &User| days_that_decide(user, spans, &rules.limits(user.id));
        let reserved = event.reserved();
        let takes = spans.iter().chain(&reserved).flat_map(days_of);
        let takes: BTreeSet<_> = takes.collect();
        let take = |_: &User| takes.clone();
        let days = Days {
            likely: takes.clone(),
            decide: &decide,
            take: Some(&take),
            stale_calendars: rules.stale_calendars,
        };
        let decision = keys::decision(self.tenancy(), team, decision.number);
        let others = event.users().into_iter();
        let (people, found) = join(
            self.booking_people(members, others, &days, Freshness::Strong),
            self.store.table.get(&decision, Freshness::Strong),
        )
        .await;
        let replaced: Option<DecisionRecord> = found?.map(from_item).transpose()?;
        let replaced = replaced.and_then(|record| record.decision);
        let replaced = replaced.ok_or_else(|| Error::internal("a decision is not there"))?;
        Ok((people?, replaced))
    }
}

/// That an event can go to whom it is to go to. Answers whether they have it already.
fn hold_movable(event: &Event, asked: &Reassignment<'_>, members: &[UserId]) -> Result<bool> {
    if event.team != Some(asked.team) {
        return Err(Error::NotFound("event"));
    }
    event.hold_open()?;
    match asked.to {
        Some(to) if to == event.assigned => Ok(true),
        Some(to) if !members.contains(&to) => {
            let detail = "is not a member of the team";
            Err(Error::at(Field::NewMember, detail))
        }
        _ => Ok(false),
    }
}

/// Gives an event to another user, who is free for some of its dates.
pub(super) fn give(event: &mut Event, to: &User, free: &[bool], now: jiff::Timestamp) {
    event.changed_for_calendars(event.reserved());
    event.assigned = to.id;
    event
        .participants
        .retain(|p| !p.is_assigned && p.user != Some(to.id));
    event.participants.insert(0, assigned_participant(to, now));
    event.forget_votes();
    for (date, free) in event.dates.iter_mut().zip(free) {
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
}
