//! Whose times a search is about, with what each has reserved.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use roster_domain::{
    Conflict, Error, Result, TeamId, UserId,
    bookings::{
        agenda::{Member, TimeSpan},
        assignment::{Rules, StaleCalendars},
        slots::{Person, Refusal},
        time_off::{Absence, TimeOff},
    },
    calendars::{Calendars, OwnCalendars},
    text::Email,
    users::user::User,
};

use crate::{
    Tenant,
    bookings::agenda::{Agenda, days_of},
    calendars::calendars_in,
    dynamodb::{
        capacity::{branch, try_join},
        guard::holder,
        item::from_item,
        table::{Freshness, query::Order},
    },
    keys,
};

/// Queries that run at once.
const AT_ONCE: usize = 50;
/// How far around a time its decision looks: a day of buffer.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// How far where a member has a cap for the day or the week: the week in any zone.
const WEEK: SignedDuration = SignedDuration::from_hours(9 * 24);

/// Whose times a search is about.
#[derive(Debug, Clone)]
pub enum Whose {
    /// These users'.
    Users(Vec<UserId>),
    /// Those of the users who have these addresses.
    Emails(Vec<Email>),
    /// A team's members'.
    Team(TeamId),
}

/// A user, with what they have reserved.
#[derive(Debug)]
struct Schedule {
    user: User,
    reservations: Vec<TimeSpan>,
    absences: Vec<Absence>,
}

/// The people of a search.
#[derive(Debug)]
pub struct Schedules {
    people: Vec<Schedule>,
    /// The team's rules. Who is asked for without a team has limits of their own only.
    rules: Rules,
    /// Their own calendars, where they were asked for.
    pub calendars: Vec<Calendars>,
    /// The ids or addresses that no user has.
    pub missing: Vec<String>,
}

/// What is found of users.
struct Found {
    /// In their order; none where one is not there.
    users: Vec<Option<User>>,
    /// When everybody is away.
    time_off: Vec<TimeOff>,
    /// Their own calendars, where they were asked for.
    calendars: Vec<Calendars>,
}

impl Schedules {
    /// The people, in the order of the request or of the team.
    #[must_use]
    pub fn people(&self) -> Vec<Person<'_>> {
        let person = |schedule| self.person(schedule);
        self.people.iter().map(person).collect()
    }

    fn person<'a>(
        &self,
        Schedule {
            user,
            reservations,
            absences,
        }: &'a Schedule,
    ) -> Person<'a> {
        let rules = &self.rules;
        let (limits, weight) = (rules.limits(user.id), rules.member(user.id).weight);
        let refuses = match weight {
            0 => Some(Refusal::Weight),
            _ if !user.is_active() => Some(Refusal::Deactivated),
            _ => None,
        };
        Person {
            user: user.id,
            member: Member::of(user, reservations, absences),
            limits,
            refuses,
        }
    }

    /// The users.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.people.iter().map(|schedule| &schedule.user)
    }
}

impl Tenant<'_> {
    /// The people of a search, with what they have reserved around a span: two round
    /// trips, and one where they are given by id. `most` people at once. Their own calendars
    /// are asked for where `with_calendars` says so.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such team; [`Error::Conflict`] where it has
    /// more members.
    pub async fn schedules(
        &self,
        whose: &Whose,
        around: &TimeSpan,
        most: usize,
        with_calendars: bool,
    ) -> Result<Schedules> {
        let (mut rules, mut missing) = (None, Vec::new());
        let users = match whose {
            Whose::Users(users) => users.clone(),
            Whose::Emails(emails) => self.holders(emails, &mut missing).await?,
            Whose::Team(team) => {
                let stored = self.stored_team(*team, Freshness::Eventual).await?;
                rules = Some(stored.team.rules());
                stored.members()
            }
        };
        if users.len() > most {
            let detail = format!(
                "the team has {} members; a search is about at most {most}",
                users.len()
            );
            return Err(Error::Conflict(Conflict::new(detail)));
        }
        let has_caps = rules.as_ref().is_some_and(|rules| {
            let mut members = rules.members.values();
            members.any(|own| own.max_per_week.is_some() || own.max_per_day.is_some())
        });
        let margin = if has_caps { WEEK } else { DAY };
        let around = TimeSpan {
            start: around
                .start
                .saturating_sub(margin)
                .unwrap_or(Timestamp::MIN),
            end: around.end.saturating_add(margin).unwrap_or(Timestamp::MAX),
        };
        let read = users.iter().copied();
        let read = read.map(|user| branch(self.agenda(user, around, Freshness::Eventual)));
        let read = stream::iter(read).buffered(AT_ONCE).try_collect();
        let rule = rules.as_ref().map(|rules| rules.stale_calendars);
        let rule = rule.unwrap_or_default();
        let asks = with_calendars || rule == StaleCalendars::Refuse;
        let found = branch(self.find_users(&users, asks));
        let (agendas, found): (Vec<Agenda>, Found) = try_join(read, found).await?;
        let Found {
            users: found,
            time_off,
            calendars,
        } = found;
        let stale = self.stale_of(&calendars, rule);
        let is_team = rules.is_some();
        let rules = rules.unwrap_or_default();
        let mut people = Vec::with_capacity(users.len());
        for ((id, user), agenda) in users.iter().zip(found).zip(agendas) {
            match user {
                Some(user) => people.push(Schedule {
                    absences: {
                        let limits = rules.limits(user.id);
                        let busy = agenda.busy();
                        let own = OwnCalendars {
                            busy: &busy,
                            is_stale: stale.contains(id),
                        };
                        Absence::all(&user, &limits, &time_off, own)
                    },
                    user,
                    reservations: agenda.reservations(None, self.store.now),
                }),
                // Of a team, one who has just left it.
                None if is_team => {}
                None => missing.push(id.to_string()),
            }
        }
        Ok(Schedules {
            people,
            rules,
            calendars,
            missing,
        })
    }

    /// Who has these addresses.
    async fn holders(&self, emails: &[Email], missing: &mut Vec<String>) -> Result<Vec<UserId>> {
        let guard = |email| keys::email_guard(self.tenancy(), email);
        let wanted = emails.iter().map(guard);
        let found = self.store.table.batch_get(wanted, Freshness::Eventual);
        let found = found.await?;
        let mut holders = Vec::new();
        for email in emails {
            match found.get(&guard(email)).and_then(holder::<UserId>) {
                Some(user) => holders.push(user),
                None => missing.push(email.to_string()),
            }
        }
        Ok(holders)
    }

    /// Reads users, and what is said of all of them.
    async fn find_users(&self, users: &[UserId], asks_for_calendars: bool) -> Result<Found> {
        let key = |user: &UserId| keys::user(self.tenancy(), *user);
        let wanted = users.iter().map(key);
        let wanted = wanted.chain([keys::organization(self.tenancy())]);
        let asking = self.asked_for_calendars(users, asks_for_calendars)?;
        let wanted = wanted.chain(asking.iter().cloned());
        let mut found = self
            .store
            .table
            .batch_get(wanted, Freshness::Eventual)
            .await?;
        let time_off = self.time_off_in(&found)?;
        let calendars = calendars_in(&asking, &found)?;
        let items = users.iter().map(|user| found.remove(&key(user)));
        let users = items.map(|item| item.map(from_item).transpose());
        Ok(Found {
            users: users.collect::<Result<_>>()?,
            time_off,
            calendars,
        })
    }

    /// A user's agenda in the days of a span.
    pub(crate) async fn agenda(
        &self,
        user: UserId,
        around: TimeSpan,
        freshness: Freshness,
    ) -> Result<Agenda> {
        let mut days = days_of(&around);
        let first = days.next();
        let last = days.last().or(first);
        let (Some(first), Some(last)) = (first, last) else {
            return Ok(Agenda::unread(user));
        };
        let stretch = keys::agenda_days(self.tenancy(), user, first, last);
        let (mut agenda, mut start) = (Agenda::unread(user), None);
        loop {
            let table = &self.store.table;
            let found = table.query_stretch(Order::Ascending, &stretch, start, None, freshness);
            let found = found.await?;
            for item in found.items {
                agenda.add_item(item)?;
            }
            start = found.next;
            if start.is_none() {
                return Ok(agenda);
            }
        }
    }
}
