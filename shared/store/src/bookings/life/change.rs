//! Changing an event: what it says, who is invited, who organizes it, and how it ends.

use std::{
    collections::{BTreeSet, HashMap},
    mem,
};

use jiff::{Timestamp, civil::Date};
use roster_domain::{
    Conflict, Error, EventId, Result, TeamId, UserId,
    access::actor::Actor,
    bookings::{
        agenda::Unavailable,
        assignment::{Decision, Outcome},
        event::{Event, EventUpdate, Guest, GuestAct},
    },
    id::ObjectId,
    text::Email,
};

use super::{
    By, GuestAccess,
    invitees::{Found, hand_to, invite},
    not_free,
};
use crate::{
    Tenant,
    bookings::{
        agenda::{Agenda, days_of},
        ledger::{DecisionRecord, LedgerItem},
        snapshot::People,
        turns::Turn,
    },
    dynamodb::{
        capacity::try_join, guard::holder, item::from_item, retry::retry, table::Freshness,
        write_failure::Failure,
    },
    keys,
    teams::items::Stored,
};

/// A change of an event.
#[derive(Clone, Copy)]
pub enum EventChange<'a> {
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
    /// Changes what it says of itself, where the event as it is passes a check.
    Update(
        &'a EventUpdate,
        &'a (dyn Fn(&Event) -> Result<()> + Send + Sync),
    ),
    /// Invites more people. Who is invited already stays as they are.
    Invite(&'a [Guest]),
    /// Takes somebody off the list of who is invited.
    Remove {
        /// The invitation.
        invitee: ObjectId,
    },
    /// Gives it to another organizer.
    HandTo {
        /// The user.
        user: UserId,
        /// Whether who held it stays as a guest.
        keep_as_invitee: bool,
    },
    /// What somebody who takes part does on the event's page.
    Act(&'a GuestAct<'a>),
}

impl EventChange<'_> {
    /// Makes the change; answers whether it changes anything.
    fn apply(self, event: &mut Event, found: &Found, by: By<'_>, now: Timestamp) -> Result<bool> {
        match self {
            Self::Confirm { date, place } => event.confirm(date, place, now),
            Self::Cancel => Ok(event.cancel(now)),
            Self::Decline { invitee } => event.decline(invitee, now),
            Self::NoShow => event.note_no_show(now),
            Self::Update(update, check) => {
                check(event)?;
                event.update(update, now)
            }
            Self::Invite(guests) => invite(event, guests, found, now),
            Self::Remove { invitee } => event.remove(invitee).map(|()| true),
            Self::HandTo {
                user,
                keep_as_invitee,
            } => hand_to(event, user, keep_as_invitee, found, now),
            Self::Act(act) => match by {
                By::Guest(GuestAccess { key, settings }) => event.act(key, act, settings, now),
                By::Caller(_) => Err(not_by_link()),
            },
        }
    }

    /// That they may make it: who is invited declines for themselves. What is done on the
    /// event's page is held to the link there.
    fn hold(self, event: &Event, by: By<'_>) -> Result<()> {
        let actor = match (self, by) {
            (Self::Act(_), By::Guest(_)) => return Ok(()),
            (_, By::Guest(_)) => return Err(not_by_link()),
            (_, By::Caller(actor)) => actor,
        };
        if let (Self::Decline { invitee }, Actor::User { id, .. }) = (self, actor) {
            let mut participants = event.participants.iter();
            let is_own = participants.any(|p| p.id == invitee && p.user == Some(*id));
            if is_own {
                return Ok(());
            }
        }
        event.may_be_changed_by(actor)
    }

    /// The addresses that it names.
    fn emails(self) -> Vec<Email> {
        match self {
            Self::Invite(guests) => guests.iter().map(|guest| guest.email.clone()).collect(),
            _ => Vec::new(),
        }
    }
}

/// Each change is made either by the API or by the event's page.
fn not_by_link() -> Error {
    Error::Forbidden("this cannot be done in this way".to_owned())
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
        change: EventChange<'_>,
        by: By<'_>,
    ) -> Result<Event> {
        let mut turn: Option<Turn<'_>> = None;
        let changed = retry!(async {
            if let Some(turn) = &mut turn {
                turn.begin().await?;
            }
            let made = self.try_change(id, change, by, &mut turn).await;
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
        change: EventChange<'_>,
        by: By<'_>,
        turn: &mut Option<Turn<'a>>,
    ) -> Result<Event, Failure> {
        let emails = change.emails();
        let (before, by_email) =
            try_join(self.event(id, Freshness::Strong), self.users_with(&emails)).await?;
        change.hold(&before, by)?;
        self.hold_teamless(&before, change).await?;
        let mut named: BTreeSet<UserId> = by_email.values().copied().collect();
        if let EventChange::HandTo { user, .. } = change {
            named.insert(user);
        }
        let mut found = Found {
            users: HashMap::new(),
            by_email,
        };
        let mut event = before.clone();
        if named.is_empty() && !change.apply(&mut event, &found, by, self.store.now)? {
            return Ok(before);
        }
        let (mut people, booked) = try_join(
            self.occupied(&before, &event, &named),
            self.booked(&event, event.outcome()),
        )
        .await?;
        if !named.is_empty() {
            found.users = mem::take(&mut people.users);
            if !change.apply(&mut event, &found, by, self.store.now)? {
                return Ok(before);
            }
        }
        hold_free(&people, &before, &event, self.store.now)?;

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
        self.take_time(writes).await?;
        Ok(event)
    }

    /// That an event is of no team that is still there: such a team gives it to its
    /// members.
    async fn hold_teamless(&self, event: &Event, change: EventChange<'_>) -> Result<()> {
        let (Some(team), EventChange::HandTo { .. }) = (event.team, change) else {
            return Ok(());
        };
        if self.team_if_any(team).await?.is_none() {
            return Ok(());
        }
        let detail = format!(
            "the event was booked with team {team}: \
             POST /v2/teams/{team}/events/{}/reassign gives it to another member",
            event.id
        );
        Err(Conflict::new(detail).into())
    }

    /// Users by folded address, of those who have one of these.
    async fn users_with(&self, emails: &[Email]) -> Result<HashMap<String, UserId>> {
        let guard = |email: &Email| keys::email_guard(self.tenancy(), email);
        let wanted = emails.iter().map(guard);
        let found = self.store.table.batch_get(wanted, Freshness::Strong);
        let found = found.await?;
        let user = |email: &Email| Some((email.folded(), holder(found.get(&guard(email))?)?));
        Ok(emails.iter().filter_map(user).collect())
    }

    /// Everybody whose time an event took or takes, with the days that it does; and users
    /// who come to take part.
    pub(super) async fn occupied(
        &self,
        before: &Event,
        event: &Event,
        named: &BTreeSet<UserId>,
    ) -> Result<People> {
        let spans = [before.reserved(), event.reserved()];
        let days: BTreeSet<Date> = spans.iter().flatten().flat_map(days_of).collect();
        let users = before.occupied();
        let mut users: BTreeSet<UserId> = users.union(&event.occupied()).copied().collect();
        users.extend(named);
        let mut agendas: HashMap<_, _> = HashMap::new();
        let key = |user| move |day: &Date| keys::agenda_day(self.tenancy(), user, *day);
        let days_of_all = users.iter().flat_map(|user| days.iter().map(key(*user)));
        let user_key = |user: &UserId| keys::user(self.tenancy(), *user);
        let wanted: Vec<_> = days_of_all.chain(named.iter().map(user_key)).collect();
        let found = self.store.table.batch_get(wanted, Freshness::Strong);
        let found = found.await?;
        let mut known = HashMap::new();
        for user in named {
            if let Some(item) = found.get(&user_key(user)) {
                known.insert(*user, from_item(item.clone())?);
            }
        }
        for user in users {
            let mut agenda = Agenda::unread(user);
            agenda.add(*self, days.iter().copied(), &found)?;
            agendas.insert(user, agenda);
        }
        Ok(People {
            users: known,
            agendas,
            time_off: Vec::new(),
            stale: BTreeSet::new(),
        })
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

/// That everybody who must attend is free for what the event comes to reserve of them.
/// Whether the date suits their hours was asked when it was booked.
pub(super) fn hold_free(
    people: &People,
    before: &Event,
    event: &Event,
    now: Timestamp,
) -> Result<()> {
    let Some(span) = event.reserved() else {
        return Ok(());
    };
    let mut newly = event.must_attend();
    if before.reserved() == Some(span) {
        let had = before.must_attend();
        newly.retain(|user| !had.contains(user));
    }
    let busy = people.busy(&newly, &span, Some(event.id), now);
    if busy.is_empty() {
        return Ok(());
    }
    Err(not_free(&busy, Unavailable::Booked).into())
}
