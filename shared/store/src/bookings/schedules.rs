//! Whose times a search is about, with what each has reserved.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use roster_domain::{
    Conflict, Error, Result, TeamId, UserId,
    bookings::{
        agenda::{Member, TimeSpan, zone_of},
        assignment::Rules,
        slots::{Person, Refusal},
    },
    text::Email,
    users::user::User,
};

use crate::{
    Tenant,
    bookings::agenda::{Agenda, days_of},
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
}

/// The people of a search.
#[derive(Debug)]
pub struct Schedules {
    people: Vec<Schedule>,
    /// The team's rules. Who is asked for without a team has limits of their own only.
    rules: Rules,
    /// The ids or addresses that no user has.
    pub missing: Vec<String>,
}

impl Schedules {
    /// The people, in the order of the request or of the team.
    #[must_use]
    pub fn people(&self) -> Vec<Person<'_>> {
        let person = |schedule| self.person(schedule);
        self.people.iter().map(person).collect()
    }

    fn person<'a>(&self, Schedule { user, reservations }: &'a Schedule) -> Person<'a> {
        let rules = &self.rules;
        let (limits, weight) = (rules.limits(user.id), rules.member(user.id).weight);
        let refuses = match weight {
            0 => Some(Refusal::Weight),
            _ if !user.is_active() => Some(Refusal::Deactivated),
            _ => None,
        };
        Person {
            user: user.id,
            member: Member {
                availability: user.availability.as_ref(),
                zone: zone_of(user),
                reservations,
            },
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
    /// trips, and one where they are given by id. `most` people at once.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such team; [`Error::Conflict`] where it has
    /// more members.
    pub async fn schedules(
        &self,
        whose: &Whose,
        around: &TimeSpan,
        most: usize,
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
        let read = read.map(|user| branch(self.reservations(user, around)));
        let read = stream::iter(read).buffered(AT_ONCE).try_collect();
        let found = branch(self.find_users(&users));
        let (reservations, found): (Vec<Vec<TimeSpan>>, _) = try_join(read, found).await?;
        let mut people = Vec::with_capacity(users.len());
        for ((id, user), reservations) in users.iter().zip(found).zip(reservations) {
            match user {
                Some(user) => people.push(Schedule { user, reservations }),
                // Of a team, one who has just left it.
                None if rules.is_some() => {}
                None => missing.push(id.to_string()),
            }
        }
        Ok(Schedules {
            people,
            rules: rules.unwrap_or_default(),
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

    /// These users, in their order; none where one is not there.
    async fn find_users(&self, users: &[UserId]) -> Result<Vec<Option<User>>> {
        let key = |user: &UserId| keys::user(self.tenancy(), *user);
        let wanted = users.iter().map(key);
        let mut found = self
            .store
            .table
            .batch_get(wanted, Freshness::Eventual)
            .await?;
        let items = users.iter().map(|user| found.remove(&key(user)));
        items.map(|item| item.map(from_item).transpose()).collect()
    }

    /// What a user has reserved in the days of a span.
    async fn reservations(&self, user: UserId, around: TimeSpan) -> Result<Vec<TimeSpan>> {
        let mut days = days_of(&around);
        let first = days.next();
        let last = days.last().or(first);
        let (Some(first), Some(last)) = (first, last) else {
            return Ok(Vec::new());
        };
        let stretch = keys::agenda_days(self.tenancy(), user, first, last);
        let (mut agenda, mut start) = (Agenda::unread(user), None);
        loop {
            let table = &self.store.table;
            let freshness = Freshness::Eventual;
            let found = table.query_stretch(Order::Ascending, &stretch, start, None, freshness);
            let found = found.await?;
            for item in found.items {
                agenda.add_item(item)?;
            }
            start = found.next;
            if start.is_none() {
                return Ok(agenda.reservations(None, self.store.now));
            }
        }
    }
}
