//! Keeping a time for somebody who is about to book it.
//!
//! A hold stands in the days of its users beside what is reserved, with its end: from then
//! on nobody counts it, and nothing has to run for that. An event that is booked for it has
//! its id and takes its place.

use std::collections::{BTreeSet, HashMap};

use roster_domain::{
    Conflict, Error, EventId, Field, Result, TeamId, UserId,
    bookings::{
        agenda::{TimeSpan, date_zone_of},
        assignment::{self, Rules},
        event::{Booking, SuggestedDate},
        hold::Hold,
    },
    users::user::User,
    zone::ZoneName,
};
use serde::{Deserialize, Serialize};

use crate::{
    Tenant,
    bookings::{
        agenda::{Agenda, Taken, days_of, days_that_decide},
        book::nobody,
        snapshot::{Days, People},
    },
    dynamodb::{
        condition::Condition,
        item::{from_item, to_item},
        retry::retry,
        table::Freshness,
        transaction::Write,
        write_failure::Failure,
    },
    keys,
};

/// A hold as it is kept: the table removes it some time after its end.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct HoldItem {
    #[serde(flatten)]
    pub(crate) hold: Hold,
    /// Seconds since 1970; the table's time to live.
    expires_at: i64,
}

impl HoldItem {
    fn of(hold: Hold) -> Self {
        Self {
            expires_at: hold.until.as_second() + 1,
            hold,
        }
    }
}

/// Whose time is to be held.
#[derive(Debug, Clone)]
pub enum Held {
    /// That of the member of a team whose turn it is.
    MemberOf(TeamId),
    /// That of all of these users.
    Users(Vec<UserId>),
}

/// What is to be held.
#[derive(Debug, Clone)]
pub struct HoldRequest {
    /// Whose time.
    pub whose: Held,
    /// When.
    pub date: SuggestedDate,
    /// The zone of a date that says none; none: the user's.
    pub timezone: Option<ZoneName>,
    /// How long it lasts.
    pub minutes: u32,
}

impl HoldRequest {
    /// When the date is for a user.
    fn span(&self, user: &User) -> Result<TimeSpan> {
        let own = || date_zone_of(user);
        let zone = self.timezone.clone().unwrap_or_else(own).rules();
        let span = self.date.span(&zone);
        span.map_err(|wrong| Error::Invalid(vec![wrong.at(Field::NewDateEnd)]))
    }

    /// When it is about, whoever has it.
    fn rough_days(&self) -> Result<BTreeSet<jiff::civil::Date>> {
        let zone = self.timezone.as_ref().map(ZoneName::rules);
        let span = match zone {
            Some(zone) => self.date.span(&zone),
            None => self.date.rough_span(),
        };
        let span = span.map_err(|wrong| Error::Invalid(vec![wrong.at(Field::NewDateEnd)]))?;
        Ok(days_of(&span).collect())
    }
}

impl Tenant<'_> {
    /// Holds a time: of the member whose turn it is, without moving the team's ledger, or
    /// of all the users who are named. Three round trips.
    ///
    /// # Errors
    /// A conflict where nobody can be booked for it, with each one's reason; as
    /// [`Tenant::book`] otherwise.
    pub async fn hold(&self, request: &HoldRequest) -> Result<Hold> {
        match &request.whose {
            Held::MemberOf(team) => retry!(self.try_hold_member(request, *team)),
            Held::Users(users) => retry!(self.try_hold_users(request, users)),
        }
    }

    async fn try_hold_member(
        &self,
        request: &HoldRequest,
        team_id: TeamId,
    ) -> Result<Hold, Failure> {
        let team = self.booking_team(team_id, &[]).await?;
        let rules = team.stored.team.rules();
        let people = self.held_people(request, &team.members, &rules).await?;
        let (nobody_else, now) = (BTreeSet::new(), self.store.now);
        let spans_for = |user: &User| request.span(user).map(|span| vec![span]);
        let candidates =
            people.candidates(&team.members, &rules, now, &nobody_else, None, spans_for)?;
        let mut ledger = team.ledger.ledger.clone();
        ledger.retain(&team.members);
        let decided = assignment::decide(&rules, &candidates, &ledger, &[], None);
        let Some((decision, _)) = decided else {
            let error = nobody(&candidates, &ledger, None);
            return Err(self.refuse(error, &team, &people, None).await);
        };
        let member = people.assigned(decision.member)?;
        let key = keys::team(self.tenancy(), team_id);
        let as_read = Condition::version(team.stored.team.version);
        let team = Some((team_id, Write::check(&key, as_read)));
        self.write_hold(request, &people, &[member], &rules, team)
            .await
    }

    async fn try_hold_users(
        &self,
        request: &HoldRequest,
        users: &[UserId],
    ) -> Result<Hold, Failure> {
        let key = |user: &UserId| keys::user(self.tenancy(), *user);
        let found = self
            .store
            .table
            .batch_get(users.iter().map(key), Freshness::Strong);
        let found = found.await?;
        let missing = users.iter().filter(|user| !found.contains_key(&key(user)));
        let missing: Vec<_> = missing.map(ToString::to_string).collect();
        if !missing.is_empty() {
            return Err(unknown(&missing).into());
        }
        let rules = Rules::default();
        let people = self.held_people(request, users, &rules).await?;
        let known = users.iter().map(|user| people.assigned(*user));
        let known = known.collect::<Result<Vec<_>>>()?;
        self.hold_bookable(request, &people, &known, &rules)?;
        self.write_hold(request, &people, &known, &rules, None)
            .await
    }

    /// Some users, with the days that decide whether they can be booked.
    async fn held_people(
        &self,
        request: &HoldRequest,
        users: &[UserId],
        rules: &Rules,
    ) -> Result<People, Failure> {
        let decide = |user: &User| match request.span(user) {
            Ok(span) => days_that_decide(user, &[span], &rules.limits(user.id)),
            // What is wrong with the date is told when it is decided about.
            Err(_) => BTreeSet::new(),
        };
        let days = Days {
            likely: request.rough_days()?,
            decide: &decide,
            take: None,
            stale_calendars: rules.stale_calendars,
        };
        self.booking_people(users, std::iter::empty(), &days, Freshness::Strong)
            .await
    }

    /// That all of some users could be booked.
    fn hold_bookable(
        &self,
        request: &HoldRequest,
        people: &People,
        users: &[&User],
        rules: &Rules,
    ) -> Result<()> {
        let mut considered = Vec::new();
        for user in users {
            let (span, limits) = (request.span(user)?, rules.limits(user.id));
            let checked = people.check(user, &span, &limits, None, self.store.now)?;
            if let Err(why) = checked {
                considered.push((user.id.to_string(), why.to_string()));
            }
        }
        if considered.is_empty() {
            return Ok(());
        }
        let detail = "not all of the users are free; considered says why";
        Err(Conflict {
            considered,
            ..Conflict::new(detail)
        }
        .into())
    }

    /// Writes a hold of some users, decided by these rules.
    async fn write_hold(
        &self,
        request: &HoldRequest,
        people: &People,
        users: &[&User],
        rules: &Rules,
        team: Option<(TeamId, Write)>,
    ) -> Result<Hold, Failure> {
        let first = users
            .first()
            .ok_or_else(|| Error::internal("nobody is held"))?;
        let now = self.store.now;
        let (team, as_read) = team.unzip();
        let hold = Hold {
            id: EventId::generate(now),
            team,
            users: users.iter().map(|user| user.id).collect(),
            span: request.span(first)?,
            all_day: request.date.all_day,
            until: Hold::end(now, request.minutes),
            created_at: now,
        };
        let item = to_item(&HoldItem::of(hold.clone()))?;
        let key = keys::hold(self.tenancy(), hold.id);
        let mut writes = vec![Write::put(&key, None, item, Condition::absent())];
        writes.extend(as_read);
        for user in users {
            let agenda = people.agendas.get(&user.id);
            let agenda = agenda.ok_or_else(|| Error::internal("an agenda was not read"))?;
            let span = hold.span;
            let decided_by = days_that_decide(user, &[span], &rules.limits(user.id));
            let held = Some(Taken::Held(span, hold.until));
            writes.extend(agenda.change(*self, hold.id, held, &decided_by)?);
            writes.push(self.hold_member(user));
        }
        self.take_time(writes).await?;
        Ok(hold)
    }

    /// A hold; none where a booking names none.
    ///
    /// # Errors
    /// A conflict where it is not there: it was used, freed, or has ended long ago.
    pub(crate) async fn hold_named(&self, id: Option<EventId>) -> Result<Option<Hold>> {
        let Some(id) = id else {
            return Ok(None);
        };
        let key = keys::hold(self.tenancy(), id);
        let item = self.store.table.get(&key, Freshness::Strong).await?;
        let gone = || {
            let detail = "there is no such hold: it was used, it was freed, or it ended";
            Error::from(Conflict::new(detail).at(Field::Hold))
        };
        let item: Option<HoldItem> = item.map(from_item).transpose()?;
        item.map(|item| item.hold).ok_or_else(gone).map(Some)
    }

    /// What is booked, with the date of the hold that it names.
    ///
    /// # Errors
    /// As [`Hold::hold_for`]; a violation where it has another date.
    pub(crate) fn booking_for(
        &self,
        booking: &Booking,
        team: Option<TeamId>,
        hold: Option<&Hold>,
    ) -> Result<Booking> {
        let mut booking = booking.clone();
        let Some(hold) = hold else {
            return Ok(booking);
        };
        hold.hold_for(team, self.store.now)?;
        let date = hold.date()?;
        let zone = booking.timezone.as_ref().map(ZoneName::rules);
        let is_held = |said: &SuggestedDate| {
            let zone = zone.clone().unwrap_or(jiff::tz::TimeZone::UTC);
            said.all_day == hold.all_day && said.span(&zone).ok() == Some(hold.span)
        };
        if !booking.dates.is_empty() && !matches!(booking.dates.as_slice(), [said] if is_held(said))
        {
            let detail = format!(
                "must be the date that is held, {} to {}, or be left out",
                hold.span.start, hold.span.end
            );
            return Err(Error::at(Field::Dates, detail));
        }
        booking.dates = vec![date];
        Ok(booking)
    }

    /// The write that ends a hold which is used.
    pub(crate) fn use_hold(&self, hold: &Hold) -> Write {
        let key = keys::hold(self.tenancy(), hold.id);
        Write::delete(&key, Condition::present())
    }

    /// Frees what is held: three round trips.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such hold, or it has ended.
    pub async fn release_hold(&self, id: EventId) -> Result<()> {
        retry!(self.try_release(id))
    }

    async fn try_release(&self, id: EventId) -> Result<(), Failure> {
        let key = keys::hold(self.tenancy(), id);
        let item = self.store.table.get(&key, Freshness::Strong).await?;
        let item: Option<HoldItem> = item.map(from_item).transpose()?;
        let hold = item.map(|item| item.hold);
        let hold = hold.filter(|hold| hold.is_on(self.store.now));
        let hold = hold.ok_or(Error::NotFound("hold"))?;
        let days: Vec<_> = days_of(&hold.span).collect();
        let mut agendas: HashMap<UserId, Agenda> = HashMap::new();
        for user in &hold.users {
            agendas.insert(*user, Agenda::unread(*user));
        }
        let keys = agendas.values().flat_map(|agenda| {
            let key = |day| agenda.key(*self, day);
            days.iter().copied().map(key).collect::<Vec<_>>()
        });
        let wanted: Vec<_> = keys.collect();
        let found = self
            .store
            .table
            .batch_get(wanted, Freshness::Strong)
            .await?;
        let mut writes = vec![self.use_hold(&hold)];
        for agenda in agendas.values_mut() {
            agenda.add(*self, days.iter().copied(), &found)?;
            writes.extend(agenda.change(*self, id, None, &BTreeSet::new())?);
        }
        self.store.transact(writes).await
    }
}

/// That there are no such users.
fn unknown(missing: &[String]) -> Error {
    let detail = format!(
        "names {}, who is not a user of the organization",
        missing.join(" and ")
    );
    Error::at(Field::HeldUsers, detail)
}
