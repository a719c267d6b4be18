//! What a booking is decided from: the team, its ledger and the people named in
//! the request at once, then the members with their agendas at once.

use std::collections::{BTreeSet, HashMap};

use jiff::{Timestamp, civil::Date};
use roster_domain::{
    Error, EventId, Result, TeamId, UserId,
    bookings::agenda::{self, Member, TimeSpan},
    bookings::assignment::{Candidate, Rules},
    bookings::event::Event,
    bookings::slots::Refusal,
    text::Email,
    users::user::User,
};

use crate::{
    Tenant,
    bookings::{
        agenda::{Agenda, days_that_decide},
        ledger::LedgerItem,
    },
    dynamodb::{
        capacity::try_join, guard::holder, item::from_item, table::Freshness, transaction::Write,
        write_failure::Failure,
    },
    keys,
    teams::items::Stored,
};

/// Why a member cannot take dates of which one is none in the member's zone.
const NOT_IN_ZONE: &str = "a date ends before it starts, or lasts too long, in the member's zone";

/// Agendas that are read beside the ledger, and not after it: of so many members, most
/// have been booked since.
const FEW_AGENDAS: usize = 10;

/// The days of agendas that a decision needs.
pub(crate) struct Days<'a> {
    /// Those that are read before the members are known.
    pub(crate) likely: BTreeSet<Date>,
    /// Those that decide whether a member can take the dates.
    pub(crate) decide: &'a (dyn Fn(&User) -> BTreeSet<Date> + Sync),
}

/// The team, as a booking finds it.
pub(crate) struct Team {
    pub(crate) stored: Stored,
    pub(crate) ledger: LedgerItem,
    /// Members in the team's order.
    pub(crate) members: Vec<UserId>,
    /// Users of the organization by folded address, of those the request names.
    pub(crate) by_email: HashMap<String, UserId>,
}

impl Team {
    /// # Errors
    /// [`Failure::Stale`] where the team was changed between it and its ledger being
    /// read.
    pub(crate) fn hold(&self) -> Result<(), Failure> {
        if self.ledger.allows(self.stored.team.version) {
            Ok(())
        } else {
            Err(Failure::Stale)
        }
    }
}

/// The people, and what each has reserved.
pub(crate) struct People {
    pub(crate) users: HashMap<UserId, User>,
    pub(crate) agendas: HashMap<UserId, Agenda>,
}

/// Everything that a booking is decided from.
pub(crate) struct Basis {
    pub(crate) team: Team,
    pub(crate) people: People,
}

impl Tenant<'_> {
    /// What other bookings with the team have changed, read again: the ledger, and what
    /// those have reserved who were booked since. That nothing else has changed which
    /// matters, the transaction makes sure of.
    pub(crate) async fn booking_again(&self, basis: Basis) -> Result<Basis> {
        let Basis { mut team, people } = basis;
        let before = team.ledger.ledger.bookings;
        let key = keys::ledger(self.tenancy(), team.stored.team.id);
        let table = &self.store.table;
        let few = people.agendas.len() <= FEW_AGENDAS;
        let own_keys = |agenda: &Agenda| agenda.own_keys(*self);
        let beside: Vec<_> = people.agendas.values().filter(|_| few).collect();
        let wanted = beside.into_iter().flat_map(own_keys).chain([key.clone()]);
        let mut found = table.batch_get(wanted, Freshness::Strong).await?;
        team.ledger = LedgerItem::read(found.remove(&key))?;
        let ledger = &team.ledger.ledger;
        let is_booked = |user: &UserId| ledger.account(*user).last_assigned > before;
        if !few {
            let booked = people.agendas.iter().filter(|(user, _)| is_booked(user));
            let wanted = booked.flat_map(|(_, agenda)| own_keys(agenda));
            found = table.batch_get(wanted, Freshness::Strong).await?;
        }
        let again = |(user, agenda): (UserId, Agenda)| {
            let agenda = if few || is_booked(&user) {
                agenda.again(*self, &found)?
            } else {
                agenda
            };
            Ok((user, agenda))
        };
        let agendas = people.agendas.into_iter().map(again);
        let agendas = agendas.collect::<Result<_>>()?;
        let users = people.users;
        let people = People { users, agendas };
        Ok(Basis { team, people })
    }

    /// First round trip.
    pub(crate) async fn booking_team(&self, team: TeamId, emails: &[&Email]) -> Result<Team> {
        let organization = self.tenancy();
        let guards = emails
            .iter()
            .map(|email| keys::email_guard(organization, email));
        let ledger = keys::ledger(organization, team);
        let wanted = guards.chain([ledger.clone()]);
        let (stored, mut found) = try_join(
            self.stored_team(team, Freshness::Strong),
            self.store.table.batch_get(wanted, Freshness::Strong),
        )
        .await?;
        let ledger = LedgerItem::read(found.remove(&ledger))?;
        let by_email = emails.iter().filter_map(|email| {
            let guard = found.get(&keys::email_guard(organization, email))?;
            Some((email.folded(), holder(guard)?))
        });
        let by_email = by_email.collect();
        Ok(Team {
            members: stored.members(),
            stored,
            ledger,
            by_email,
        })
    }

    /// Second round trip: everything about everybody, in batches at once, with the days
    /// that are most likely to decide. What is stale of it is found where it matters: the
    /// transaction is held to the member who is booked, and a refusal is looked at again.
    ///
    /// A third one reads the other days that decide, where a member has some: near
    /// midnight, or far around the date.
    pub(crate) async fn booking_people(
        &self,
        members: &[UserId],
        others: impl Iterator<Item = UserId>,
        days: &Days<'_>,
        freshness: Freshness,
    ) -> Result<People, Failure> {
        let organization = self.tenancy();
        let table = &self.store.table;
        let people: BTreeSet<UserId> = members.iter().copied().chain(others).collect();
        let keys = people.iter().map(|user| keys::user(organization, *user));
        let mut agendas: Vec<Agenda> = members.iter().map(|user| Agenda::unread(*user)).collect();
        let likely = |agenda: &Agenda| {
            days.likely
                .iter()
                .map(|day| agenda.key(*self, *day))
                .collect()
        };
        let wanted = keys.chain(agendas.iter().flat_map::<Vec<_>, _>(likely));
        let found = table.batch_get(wanted, freshness).await?;
        let mut users = HashMap::new();
        for user in &people {
            if let Some(item) = found.get(&keys::user(organization, *user)) {
                let user: User = from_item(item.clone())?;
                users.insert(user.id, user);
            }
        }
        // The team was read before its members: gone in between means a race.
        if members.iter().any(|member| !users.contains_key(member)) {
            return Err(Failure::Stale);
        }
        let mut missing = Vec::new();
        for (agenda, user) in agendas.iter_mut().zip(members) {
            agenda.add(*self, days.likely.iter().copied(), &found)?;
            let decide = users.get(user).map(days.decide);
            missing.push(agenda.without(decide.unwrap_or_default()));
        }
        let keys = agendas.iter().zip(&missing);
        let keys = keys.flat_map(|(agenda, days)| days.iter().map(|day| agenda.key(*self, *day)));
        let wanted: Vec<_> = keys.collect();
        if !wanted.is_empty() {
            let found = table.batch_get(wanted, freshness).await?;
            for (agenda, days) in agendas.iter_mut().zip(missing) {
                agenda.add(*self, days, &found)?;
            }
        }
        let agendas = members.iter().copied().zip(agendas).collect();
        Ok(People { users, agendas })
    }
}

impl People {
    /// The member who was chosen.
    pub(crate) fn assigned(&self, user: UserId) -> Result<&User> {
        let user = self.users.get(&user);
        user.ok_or_else(|| Error::internal("the assigned member was not looked up"))
    }

    /// Writes that reserve what the event takes of the assigned member's time.
    pub(crate) fn reserve(
        &self,
        tenant: Tenant<'_>,
        rules: &Rules,
        event: &Event,
    ) -> Result<Vec<Write>> {
        let Some(span) = event.reserved() else {
            return Ok(Vec::new());
        };
        let user = self.assigned(event.assigned)?;
        let agenda = self.agendas.get(&user.id);
        let agenda = agenda.ok_or_else(|| Error::internal("the member's agenda was not read"))?;
        let decided_by = days_that_decide(user, &[span], &rules.limits(user.id));
        agenda.reserve(tenant, event.id, &span, &decided_by)
    }

    /// Each member with the dates that they can take. `spans` says when the
    /// dates are for a member, because a date without an offset is in the
    /// member's own zone. Dates that cannot be in one member's zone may be in
    /// another's: they are wrong where they are in no member's.
    pub(crate) fn candidates(
        &self,
        members: &[UserId],
        rules: &Rules,
        now: Timestamp,
        except: Option<EventId>,
        spans: impl Fn(&User) -> Result<Vec<TimeSpan>>,
    ) -> Result<Vec<Candidate>> {
        let mut wrong = None;
        let mut is_right_for_one = false;
        let candidate = |id: &UserId| {
            let (Some(user), Some(agenda)) = (self.users.get(id), self.agendas.get(id)) else {
                return Err(Error::internal("a member was not looked up"));
            };
            let (own, limits) = (rules.member(*id), rules.limits(*id));
            let reservations = agenda.reservations(except);
            let member = Member {
                availability: user.availability.as_ref(),
                zone: agenda::zone_of(user),
                reservations: &reservations,
            };
            let spans = match spans(user) {
                Ok(spans) => spans,
                Err(Error::Invalid(violations)) => {
                    wrong.get_or_insert(violations);
                    return Ok(Candidate {
                        user: *id,
                        rules: own,
                        free: vec![false],
                        reason: Some(NOT_IN_ZONE.to_owned()),
                    });
                }
                Err(error) => return Err(error),
            };
            is_right_for_one = true;
            let mut reason = None;
            let mut free = Vec::new();
            for span in spans {
                let checked = agenda::check(&member, &span, &limits, now);
                free.push(checked.is_ok());
                if let Err(why) = checked {
                    reason.get_or_insert_with(|| why.to_string());
                }
            }
            let taken = free.iter().any(|free| *free) || free.is_empty();
            let mut reason = reason.filter(|_| !taken);
            if !user.is_active() {
                free.fill(false);
                reason = Some(Refusal::Deactivated.to_string());
            }
            Ok(Candidate {
                user: *id,
                rules: own,
                free,
                reason,
            })
        };
        let candidates = members.iter().map(candidate).collect::<Result<_>>()?;
        match wrong {
            Some(violations) if !is_right_for_one => Err(Error::Invalid(violations)),
            _ => Ok(candidates),
        }
    }
}
