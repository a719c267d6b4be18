//! What a booking is decided from: the team, its ledger and the people named in
//! the request at once, then the members with their agendas at once.

mod recheck;

use std::collections::{BTreeSet, HashMap};

use jiff::{Timestamp, civil::Date};
use roster_domain::{
    Error, EventId, Result, TeamId, UserId,
    bookings::agenda::{self, Limits, Member, TimeSpan, Unavailable},
    bookings::assignment::{Candidate, Rules, StaleCalendars},
    bookings::event::{Booking, Event},
    bookings::hold::Hold,
    bookings::slots::Refusal,
    bookings::time_off::{Absence, TimeOff},
    calendars::OwnCalendars,
    text::Email,
    users::user::User,
};

use crate::{
    Tenant,
    bookings::{
        agenda::{Agenda, Taken, days_that_decide},
        ledger::LedgerItem,
    },
    calendars::calendars_in,
    dynamodb::{
        capacity::try_join, guard::holder, item::from_item, table::Freshness, transaction::Write,
        write_failure::Failure,
    },
    keys,
    teams::items::Stored,
};

/// Why a member cannot take dates of which one is none in the member's zone.
const NOT_IN_ZONE: &str = "a date ends before it starts, or lasts too long, in the member's zone";

/// Why nobody can take a date that somebody who must attend cannot.
const REQUIRED_BUSY: &str = "somebody who must attend has another booking at that time";

/// Agendas that are read beside the ledger, and not after it: of so many members, most
/// have been booked since.
const FEW_AGENDAS: usize = 10;

/// Which days, for a user.
type DaysOf<'a> = &'a (dyn Fn(&User) -> BTreeSet<Date> + Sync);

/// The days of agendas that a decision needs.
pub(crate) struct Days<'a> {
    /// Those that are read before the members are known.
    pub(crate) likely: BTreeSet<Date>,
    /// Those that decide whether a member can take the dates.
    pub(crate) decide: DaysOf<'a>,
    /// Those that may be reserved of everybody who takes part, where a member has the
    /// dates; none where nothing is reserved.
    pub(crate) take: Option<DaysOf<'a>>,
    /// What it means that a member's own calendar was not read for long.
    pub(crate) stale_calendars: StaleCalendars,
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

/// The people, and what each has reserved. Of who is no member, as many days as may be
/// reserved.
pub(crate) struct People {
    pub(crate) users: HashMap<UserId, User>,
    pub(crate) agendas: HashMap<UserId, Agenda>,
    /// When everybody in the organization is away.
    pub(crate) time_off: Vec<TimeOff>,
    /// Whose own calendars were not read for long, of a team that goes by that.
    pub(crate) stale: BTreeSet<UserId>,
}

/// Everything that a booking is decided from.
pub(crate) struct Basis {
    pub(crate) team: Team,
    pub(crate) people: People,
    /// What is booked, with the date of the hold that it names.
    pub(crate) booking: Booking,
    pub(crate) hold: Option<Hold>,
}

impl Tenant<'_> {
    /// What other bookings with the team have changed, read again: the ledger, and what
    /// those have reserved who were booked since. That nothing else has changed which
    /// matters, the transaction makes sure of.
    ///
    /// # Errors
    /// [`Failure::Stale`] where a member was changed meanwhile.
    pub(crate) async fn booking_again(&self, basis: Basis) -> Result<Basis, Failure> {
        let Basis {
            mut team,
            mut people,
            booking,
            hold,
        } = basis;
        let before = team.ledger.ledger.bookings;
        let key = keys::ledger(self.tenancy(), team.stored.team.id);
        let table = &self.store.table;
        let few = people.agendas.len() <= FEW_AGENDAS;
        let own_keys = |agenda: &Agenda| agenda.own_keys(*self);
        let beside: Vec<_> = people.agendas.values().filter(|_| few).collect();
        let wanted = beside.into_iter().flat_map(own_keys).chain([key.clone()]);
        let mut found = table.batch_get(wanted, Freshness::Strong).await?;
        let ledger = LedgerItem::read(found.remove(&key))?;
        if !ledger.has_same_members(&team.ledger) {
            return Err(Failure::Stale);
        }
        team.ledger = ledger;
        let ledger = &team.ledger.ledger;
        // Of a guest, the ledger says nothing.
        let members: BTreeSet<_> = team.members.iter().collect();
        let is_booked =
            |user: &UserId| ledger.account(*user).last_assigned > before || !members.contains(user);
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
        let agendas = std::mem::take(&mut people.agendas);
        let agendas = agendas.into_iter().map(again);
        let agendas = agendas.collect::<Result<_>>()?;
        let people = People { agendas, ..people };
        Ok(Basis {
            team,
            people,
            booking,
            hold,
        })
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
        let mut people = members.to_vec();
        let is_member: BTreeSet<_> = members.iter().collect();
        let others: BTreeSet<_> = others.filter(|user| !is_member.contains(user)).collect();
        people.extend(others);
        let keys = people.iter().map(|user| keys::user(organization, *user));
        let occupied = match days.take {
            Some(_) => people.as_slice(),
            None => members,
        };
        let unread = occupied.iter().map(|user| Agenda::unread(*user));
        let mut agendas: Vec<Agenda> = unread.collect();
        let likely = |agenda: &Agenda| {
            days.likely
                .iter()
                .map(|day| agenda.key(*self, *day))
                .collect()
        };
        let wanted = keys.chain(agendas.iter().flat_map::<Vec<_>, _>(likely));
        let wanted = wanted.chain([keys::organization(organization)]);
        let rule = days.stale_calendars;
        let asking = self.asked_for_calendars(members, rule == StaleCalendars::Refuse)?;
        let wanted = wanted.chain(asking.iter().cloned());
        let found = table.batch_get(wanted, freshness).await?;
        let time_off = self.time_off_in(&found)?;
        let stale = self.stale_of(&calendars_in(&asking, &found)?, rule);
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
        let taken = members.iter().filter_map(|user| users.get(user));
        let taken = days.take.map(|take| taken.flat_map(take).collect());
        let taken: BTreeSet<_> = taken.unwrap_or_default();
        let mut missing = Vec::new();
        for (index, (agenda, user)) in agendas.iter_mut().zip(&people).enumerate() {
            agenda.add(*self, days.likely.iter().copied(), &found)?;
            let decide = match users.get(user) {
                Some(user) if index < members.len() => (days.decide)(user),
                _ => taken.clone(),
            };
            missing.push(agenda.without(decide));
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
        let agendas = people.into_iter().zip(agendas).collect();
        Ok(People {
            users,
            agendas,
            time_off,
            stale,
        })
    }
}

impl People {
    /// The member who was chosen.
    pub(crate) fn assigned(&self, user: UserId) -> Result<&User> {
        let user = self.users.get(&user);
        user.ok_or_else(|| Error::internal("the assigned member was not looked up"))
    }

    /// Writes after which the event reserves, of everybody who takes part, what it
    /// reserves now, and no longer what it did. They are held to the days that decided
    /// whether who holds it can take it: within `limits`, where that was asked.
    pub(crate) fn occupy(
        &self,
        tenant: Tenant<'_>,
        before: Option<&Event>,
        event: &Event,
        limits: Option<&Limits>,
    ) -> Result<Vec<Write>> {
        let span = event.reserved();
        let occupied = event.occupied();
        let had = before.filter(|before| before.reserved().is_some());
        let had = had.map(Event::occupied).unwrap_or_default();
        let mut writes = Vec::new();
        for user in occupied.union(&had) {
            let now = span.filter(|_| occupied.contains(user));
            if now.is_none() && !had.contains(user) {
                continue;
            }
            let agenda = self.agendas.get(user);
            let agenda = agenda.ok_or_else(|| Error::internal("an agenda was not read"))?;
            let limits = limits.filter(|_| *user == event.assigned);
            let decided_by = match (now, limits) {
                (Some(span), Some(limits)) => {
                    days_that_decide(self.assigned(*user)?, &[span], limits)
                }
                _ => BTreeSet::new(),
            };
            let now = now.map(Taken::Reserved);
            writes.extend(agenda.change(tenant, event.id, now, &decided_by)?);
        }
        Ok(writes)
    }

    fn absences(&self, user: &User, agenda: &Agenda, limits: &Limits) -> Vec<Absence> {
        let busy = agenda.busy();
        let own = OwnCalendars {
            busy: &busy,
            is_stale: self.stale.contains(&user.id),
        };
        Absence::all(user, limits, &self.time_off, own)
    }

    /// Whether a user can take a time, beside what they have by `except`.
    ///
    /// # Errors
    /// Where the user's agenda was not read.
    pub(crate) fn check(
        &self,
        user: &User,
        span: &TimeSpan,
        limits: &Limits,
        except: Option<EventId>,
        now: Timestamp,
    ) -> Result<Result<(), Unavailable>> {
        let agenda = self.agendas.get(&user.id);
        let agenda = agenda.ok_or_else(|| Error::internal("an agenda was not read"))?;
        let reservations = agenda.reservations(except, now);
        let absences = self.absences(user, agenda, limits);
        let member = Member::of(user, &reservations, &absences);
        Ok(agenda::check(&member, span, limits, now))
    }

    /// Those of some users who have something else at a time.
    pub(crate) fn busy(
        &self,
        users: &BTreeSet<UserId>,
        span: &TimeSpan,
        except: Option<EventId>,
        now: Timestamp,
    ) -> Vec<UserId> {
        let is_busy = |user: &&UserId| {
            let agenda = self.agendas.get(*user);
            let reservations = agenda.map(|agenda| agenda.reservations(except, now));
            let mut reservations = reservations.into_iter().flatten();
            reservations.any(|reserved| reserved.overlaps(span))
        };
        users.iter().filter(is_busy).copied().collect()
    }

    /// Each member with the dates that they can take, together with those who must
    /// attend. `spans` says when the
    /// dates are for a member, because a date without an offset is in the
    /// member's own zone. Dates that cannot be in one member's zone may be in
    /// another's: they are wrong where they are in no member's.
    pub(crate) fn candidates(
        &self,
        members: &[UserId],
        rules: &Rules,
        now: Timestamp,
        required: &BTreeSet<UserId>,
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
            let reservations = agenda.reservations(except, now);
            let absences = self.absences(user, agenda, &limits);
            let member = Member::of(user, &reservations, &absences);
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
                let why = match agenda::check(&member, &span, &limits, now) {
                    Err(why) => Some(why.to_string()),
                    Ok(()) => self
                        .busy(required, &span, except, now)
                        .iter()
                        .any(|busy| busy != id)
                        .then(|| REQUIRED_BUSY.to_owned()),
                };
                free.push(why.is_none());
                reason = reason.or(why);
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
