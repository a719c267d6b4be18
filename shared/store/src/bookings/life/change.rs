//! Changes that leave an event with who holds it: confirming, cancelling, declining, and
//! noting that nobody came.

use std::collections::{BTreeSet, HashMap};

use jiff::{Timestamp, civil::Date};
use roster_domain::{
    Error, EventId, Result, TeamId, UserId,
    access::actor::Actor,
    bookings::{
        agenda::{TimeSpan, Unavailable},
        assignment::{Decision, Outcome},
        event::Event,
    },
    id::ObjectId,
};

use super::not_free;
use crate::{
    Tenant,
    bookings::{
        agenda::{Agenda, days_of},
        ledger::{DecisionRecord, LedgerItem},
        snapshot::People,
        turns::Turn,
    },
    dynamodb::{
        capacity::try_join, item::from_item, retry::retry, table::Freshness, write_failure::Failure,
    },
    keys,
    teams::items::Stored,
};

/// A change of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventChange {
    /// Confirms a date and a place, or those with most votes.
    Confirm {
        /// The date.
        date: Option<ObjectId>,
        /// The place.
        place: Option<ObjectId>,
    },
    /// Cancels the event.
    Cancel,
    /// Notes that somebody who is invited does not come.
    Decline {
        /// The invitation.
        invitee: ObjectId,
    },
    /// Notes that nobody came.
    NoShow,
}

impl EventChange {
    /// Makes the change; answers whether it changes anything.
    fn apply(self, event: &mut Event, now: Timestamp) -> Result<bool> {
        match self {
            Self::Confirm { date, place } => event.confirm(date, place, now),
            Self::Cancel => Ok(event.cancel(now)),
            Self::Decline { invitee } => event.decline(invitee, now),
            Self::NoShow => event.note_no_show(now),
        }
    }

    /// That the actor may make it: who is invited declines for themselves.
    fn hold(self, event: &Event, actor: &Actor) -> Result<()> {
        if let (Self::Decline { invitee }, Actor::User { id, .. }) = (self, actor) {
            let mut participants = event.participants.iter();
            let is_own = participants.any(|p| p.id == invitee && p.user == Some(*id));
            if is_own {
                return Ok(());
            }
        }
        event.may_be_changed_by(actor)
    }
}

/// What a team's ledger has of a booking that ended.
struct Booked {
    team: TeamId,
    stored: Stored,
    ledger: LedgerItem,
    decision: Decision,
}

impl Tenant<'_> {
    /// Changes an event: three round trips where nobody else does at the same time.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none; [`Error::Forbidden`] where the actor may
    /// not; a conflict where the event does not allow it, or somebody who must attend is
    /// not free.
    pub async fn change_event(
        &self,
        id: EventId,
        change: EventChange,
        actor: &Actor,
    ) -> Result<Event> {
        let mut turn: Option<Turn<'_>> = None;
        let changed = retry!(async {
            if let Some(turn) = &mut turn {
                turn.begin().await?;
            }
            let made = self.try_change(id, change, actor, &mut turn).await;
            match &mut turn {
                Some(turn) => turn.made(made),
                None => made,
            }
        });
        if let Some(mut turn) = turn {
            turn.end().await;
        }
        changed
    }

    async fn try_change<'a>(
        &'a self,
        id: EventId,
        change: EventChange,
        actor: &Actor,
        turn: &mut Option<Turn<'a>>,
    ) -> Result<Event, Failure> {
        let before = self.event(id, Freshness::Strong).await?;
        change.hold(&before, actor)?;
        let mut event = before.clone();
        if !change.apply(&mut event, self.store.now)? {
            return Ok(before);
        }
        let (people, booked) = try_join(
            self.occupied(&before, &event),
            self.booked(&event, event.outcome()),
        )
        .await?;
        hold_free(&people, &before, &event)?;

        let mut writes = people.occupy(*self, Some(&before), &event, None)?;
        if let (Some(booked), Some(outcome)) = (booked, event.outcome()) {
            let turn = turn.get_or_insert_with(|| Turn::new(*self, booked.team));
            let Booked {
                team,
                stored,
                ledger: read,
                decision,
            } = booked;
            if !read.allows(stored.team.version) {
                return Err(Failure::Stale);
            }
            if stored.team.rules().credit.contains(&outcome) {
                let mut ledger = read.ledger.clone();
                let record = self.take_back(id, decision, outcome, &mut ledger);
                event.taken_back = Some(outcome);
                writes.extend(self.put_ledger(team, &read, &ledger, &record, turn.behind())?);
                turn.admit(read.waiting)?;
            }
        }
        self.changed(&mut event);
        writes.extend(self.put_event(&event, Some(&before))?);
        self.store.transact(writes).await?;
        Ok(event)
    }

    /// Everybody whose time an event took or takes, with the days that it does.
    pub(super) async fn occupied(&self, before: &Event, event: &Event) -> Result<People> {
        let spans = [before.reserved(), event.reserved()];
        let days: BTreeSet<Date> = spans.iter().flatten().flat_map(days_of).collect();
        let users = before.occupied();
        let users: BTreeSet<UserId> = users.union(&event.occupied()).copied().collect();
        let mut agendas: HashMap<_, _> = HashMap::new();
        let key = |user| move |day: &Date| keys::agenda_day(self.tenancy(), user, *day);
        let wanted: Vec<_> = users
            .iter()
            .flat_map(|user| days.iter().map(key(*user)))
            .collect();
        let found = self.store.table.batch_get(wanted, Freshness::Strong);
        let found = found.await?;
        for user in users {
            let mut agenda = Agenda::unread(user);
            agenda.add(*self, days.iter().copied(), &found)?;
            agendas.insert(user, agenda);
        }
        let users = HashMap::new();
        Ok(People { users, agendas })
    }

    /// What the ledger has of an event that ended; none where its team is gone, and where
    /// there is nothing to take back.
    async fn booked(&self, event: &Event, outcome: Option<Outcome>) -> Result<Option<Booked>> {
        let (Some(team), Some(decision), Some(_)) = (event.team, &event.decision, outcome) else {
            return Ok(None);
        };
        let decision = keys::decision(self.tenancy(), team, decision.number);
        let ledger = keys::ledger(self.tenancy(), team);
        let wanted = [decision.clone(), ledger.clone()];
        let (stored, mut found) = try_join(
            self.team_if_any(team),
            self.store.table.batch_get(wanted, Freshness::Strong),
        )
        .await?;
        let record = found.remove(&decision);
        let record: Option<DecisionRecord> = record.map(from_item).transpose()?;
        let decision = record.and_then(|record| record.decision);
        let (Some(stored), Some(decision)) = (stored, decision) else {
            return Ok(None);
        };
        let ledger = LedgerItem::read(found.remove(&ledger))?;
        Ok(Some(Booked {
            team,
            stored,
            ledger,
            decision,
        }))
    }

    /// A team; none where it was deleted.
    pub(super) async fn team_if_any(&self, team: TeamId) -> Result<Option<Stored>> {
        match self.stored_team(team, Freshness::Strong).await {
            Ok(stored) => Ok(Some(stored)),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// That who holds the event is free for what it comes to reserve. Whether the date suits
/// their hours was asked when it was booked.
fn hold_free(people: &People, before: &Event, event: &Event) -> Result<()> {
    let is_new = |span: &TimeSpan| before.reserved() != Some(*span);
    let Some(span) = event.reserved().filter(is_new) else {
        return Ok(());
    };
    let agenda = people.agendas.get(&event.assigned);
    let reservations = agenda.map(|agenda| agenda.reservations(Some(event.id)));
    let mut reservations = reservations.unwrap_or_default().into_iter();
    if reservations.any(|reserved| reserved.overlaps(&span)) {
        return Err(not_free(event.assigned, Unavailable::Booked).into());
    }
    Ok(())
}
