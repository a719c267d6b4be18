//! Booking an event with a member of a team: read, decide, write once; a lost
//! race is read and decided again.

use std::collections::{BTreeSet, HashMap};

use jiff::tz::TimeZone;
use roster_domain::{
    Conflict, Error, EventId, Field, Result, TeamId, UserId,
    bookings::agenda::{self, TimeSpan, WrongDate},
    bookings::assignment::{self, Candidate, Decision, Ledger},
    bookings::event::{Booking, Event, Guest, SuggestedDate},
    text::Email,
    users::user::User,
};

use crate::{
    Tenant,
    bookings::{
        agenda::{days_of, days_that_decide},
        draft::Draft,
        snapshot::{Basis, Days, People, Team},
        turns::Turn,
    },
    dynamodb::{
        capacity::try_join, condition::Condition, retry::retry, table::Freshness,
        transaction::Write, write_failure::Failure,
    },
    idempotency::{Answer, Answered, Claimant, Claimed, Repeatable},
    keys,
};

/// How a booking is made.
pub struct BookingRequest<'a> {
    /// The team.
    pub team: TeamId,
    /// What is booked.
    pub booking: &'a Booking,
    /// The idempotency key, where one was sent.
    pub repeatable: Option<&'a Repeatable>,
    /// Domain of the address that answers to the event go to.
    pub reply_domain: &'a str,
    /// Renders the answer, which is kept with the idempotency key.
    pub render: &'a (dyn Fn(&Event) -> String + Send + Sync),
}

impl Tenant<'_> {
    /// Books: three round trips where nobody else does at the same time.
    ///
    /// # Errors
    /// A conflict where really nobody can take it, with each member's reason.
    pub async fn book(&self, request: &BookingRequest<'_>) -> Result<Answered> {
        let mut claimant = Claimant::new(request.repeatable);
        let mut turn = Turn::new(*self, request.team);
        let mut kept = None;
        let booked = retry!(async {
            turn.begin().await?;
            let made = self
                .try_book(request, &mut claimant, &mut turn, &mut kept)
                .await;
            turn.made(made)
        });
        turn.end().await;
        claimant.end(*self, booked).await
    }

    /// Who would get a booking, and why: the event that would be made. Writes nothing. Two
    /// round trips.
    ///
    /// # Errors
    /// As [`Tenant::book`].
    pub async fn preview(&self, request: &BookingRequest<'_>) -> Result<Event> {
        retry!(async {
            let mut turn = Turn::new(*self, request.team);
            let mut nobody = Claimant::new(None);
            let read = self.read_for(request, &mut nobody, Freshness::Strong);
            let Claimed::Mine(basis) = read.await? else {
                let detail = "a request without a key was answered before";
                return Err(Error::internal(detail).into());
            };
            basis.team.hold()?;
            let decided = self.decide(request, &basis, &mut turn).await?;
            Ok(decided.event)
        })
    }

    /// An attempt. What was read for one that others outran is kept for the next, which
    /// reads no more again than what they have changed.
    async fn try_book(
        &self,
        request: &BookingRequest<'_>,
        claimant: &mut Claimant<'_>,
        turn: &mut Turn<'_>,
        kept: &mut Option<Basis>,
    ) -> Result<Answered, Failure> {
        let basis = if let Some(basis) = kept.take() {
            let read = self.booking_again(basis);
            claimant.claim_while(*self, read).await?
        } else {
            let freshness = turn.freshness();
            self.read_for(request, claimant, freshness).await?
        };
        let basis = match basis {
            Claimed::Before(answer, _) => return Ok(Answered::Before(answer)),
            Claimed::Mine(basis) => basis,
        };
        basis.team.hold()?;
        let event = self.decide(request, &basis, turn).await?;
        let written = self.write(request, claimant, turn, &basis, &event).await;
        if matches!(written, Err(Failure::Stale)) && !turn.is_on() {
            *kept = Some(basis);
        }
        written.map(Answered::Now)
    }

    async fn read_for(
        &self,
        request: &BookingRequest<'_>,
        claimant: &mut Claimant<'_>,
        freshness: Freshness,
    ) -> Result<Claimed<Basis>, Failure> {
        let booking = request.booking;
        let emails: Vec<&Email> = (booking.created_by.iter())
            .chain(booking.invitees.iter().map(|guest| &guest.email))
            .filter(|_| !booking.by_guest)
            .collect();
        let team = async {
            let team = self.booking_team(request.team, &emails);
            Ok(try_join(team, self.hold_named(booking.hold)).await?)
        };
        let (team, hold) = match claimant.claim_while(*self, team).await? {
            Claimed::Before(answer, read) => {
                let unread = read.and(Err(Failure::Stale));
                return Ok(Claimed::Before(answer, unread));
            }
            Claimed::Mine(read) => read,
        };
        let booking = self.booking_for(booking, Some(request.team), hold.as_ref())?;
        let freshness = team.ledger.freshness(freshness, self.store.now);
        let people = self.read_people(&booking, &team, freshness).await?;
        Ok(Claimed::Mine(Basis {
            team,
            people,
            booking,
            hold,
        }))
    }

    /// Second round trip.
    async fn read_people(
        &self,
        booking: &Booking,
        team: &Team,
        freshness: Freshness,
    ) -> Result<People, Failure> {
        let others = team.by_email.values().copied();
        let (rules, spans_for) = (team.stored.team.rules(), spans_of(booking));
        let decide = |user: &User| {
            // What is wrong with a date is told when it is decided about.
            let spans = spans_for(user).unwrap_or_default();
            days_that_decide(user, &spans, &rules.limits(user.id))
        };
        let asks = booking.invitees.iter().any(|guest| guest.required);
        let reserves = booking.confirmed || booking.dates.len() == 1 || asks;
        let take = |user: &User| {
            let spans = spans_for(user).unwrap_or_default();
            spans.iter().flat_map(days_of).collect()
        };
        let days = Days {
            likely: rough_spans(booking)?.iter().flat_map(days_of).collect(),
            decide: &decide,
            take: if reserves { Some(&take) } else { None },
            stale_calendars: rules.stale_calendars,
        };
        self.booking_people(&team.members, others, &days, freshness)
            .await
    }

    /// The event that the rules lead to.
    async fn decide(
        &self,
        request: &BookingRequest<'_>,
        basis: &Basis,
        turn: &mut Turn<'_>,
    ) -> Result<Decided, Failure> {
        let Basis {
            team,
            people,
            booking,
            hold,
        } = basis;
        let rules = team.stored.team.rules();
        let spans_for = spans_of(booking);
        let required = required(booking, &team.by_email)?;
        let now = self.store.now;
        let candidates = people.candidates(
            &team.members,
            &rules,
            now,
            &required,
            booking.hold,
            &spans_for,
        )?;
        let creator = booking.created_by.as_ref().map(Email::folded);
        let has_address = creator.and_then(|creator| team.by_email.get(&creator).copied());
        let asked_for = match booking.created_by_user {
            None => has_address.filter(|user| team.members.contains(user)),
            Some(named) => Some(asked_for_by_id(named, booking, has_address, &team.members)?),
        };
        let mut ledger = team.ledger.ledger.clone();
        ledger.retain(&team.members);
        let starts: Vec<_> = rough_spans(booking)?
            .iter()
            .map(|span| span.start)
            .collect();
        let held = hold.as_ref().and_then(|hold| hold.users.first().copied());
        if held.is_some() && asked_for.is_some() && held != asked_for {
            let detail = "is not the member whose time is held";
            return Err(Error::at(Field::BookedMember, detail).into());
        }
        let decided = match held {
            None => assignment::decide(&rules, &candidates, &ledger, &starts, asked_for),
            Some(held) => assignment::give_held(&rules, &candidates, &ledger, &starts, held),
        };
        let Some((decision, considered)) = decided else {
            let error = nobody(&candidates, &ledger, held.or(asked_for));
            turn.end().await;
            return Err(self.refuse(error, team, people, None).await);
        };
        ledger.apply(&decision);

        let assigned = people.assigned(decision.member)?;
        let free = candidates
            .iter()
            .find(|candidate| candidate.user == decision.member);
        let event = Draft {
            team: Some(request.team),
            from_page: false,
            booking,
            assigned,
            users: &people.users,
            by_email: &team.by_email,
            spans: spans_for(assigned)?,
            free: free
                .map(|candidate| candidate.free.clone())
                .unwrap_or_default(),
            reply_domain: request.reply_domain,
            now,
        }
        .into_event(
            booking.hold.unwrap_or_else(|| EventId::generate(now)),
            Some((&decision, considered)),
        )?;
        Ok(Decided {
            event,
            decision,
            ledger,
        })
    }

    async fn write(
        &self,
        request: &BookingRequest<'_>,
        claimant: &Claimant<'_>,
        turn: &mut Turn<'_>,
        Basis {
            team, people, hold, ..
        }: &Basis,
        Decided {
            event,
            decision,
            ledger,
        }: &Decided,
    ) -> Result<Answer, Failure> {
        let mut writes = self.put_event(event, None)?;
        let limits = team.stored.team.rules().limits(event.assigned);
        writes.extend(people.occupy(*self, None, event, Some(&limits))?);
        let record = self.decided(event, decision, None, ledger);
        writes.extend(self.put_ledger(
            request.team,
            &team.ledger,
            ledger,
            &record,
            turn.behind(),
        )?);
        writes.extend(hold.as_ref().map(|hold| self.use_hold(hold)));
        let answer = Answer::created((request.render)(event));
        writes.extend(claimant.keep(*self, || answer.clone())?);
        turn.admit(team.ledger.waiting)?;
        self.take_time(writes).await?;
        Ok(answer)
    }

    /// Holds a transaction to the assigned member, hours and membership included, as they
    /// were read. What writes the team's ledger is held to them by that.
    pub(crate) fn hold_member(&self, assigned: &User) -> Write {
        let key = keys::user(self.tenancy(), assigned.id);
        Write::check(&key, Condition::version(assigned.version))
    }
}

/// Why somebody cannot be required.
pub(super) const ONLY_USERS: &str =
    "must be false: the address is not that of a user of the organization";

/// What was decided: the event, and the ledger that it leads to.
struct Decided {
    event: Event,
    decision: Decision,
    ledger: Ledger,
}

/// The users who must attend.
///
/// # Errors
/// A violation where the address of one is no user's.
pub(super) fn required(
    booking: &Booking,
    by_email: &HashMap<String, UserId>,
) -> Result<BTreeSet<UserId>> {
    let guests = booking.invitees.iter().enumerate();
    let user = |(index, guest): (usize, &Guest)| {
        let user = by_email.get(&guest.email.folded()).copied();
        user.ok_or_else(|| Error::at(Field::Required(index), ONLY_USERS))
    };
    guests
        .filter(|(_, guest)| guest.required)
        .map(user)
        .collect()
}

/// When the dates are for a member: those without an offset are in the member's own zone.
pub(super) fn spans_of(booking: &Booking) -> impl Fn(&User) -> Result<Vec<TimeSpan>> + Sync {
    let zone = booking.timezone.as_ref().map(|zone| zone.rules());
    move |user| {
        let own = || agenda::date_zone_of(user).rules();
        let zone: TimeZone = zone.clone().unwrap_or_else(own);
        each(&booking.dates, |date| date.span(&zone))
    }
}

/// When the dates are about, whoever takes them.
pub(super) fn rough_spans(booking: &Booking) -> Result<Vec<TimeSpan>> {
    let zone = booking.timezone.as_ref().map(|zone| zone.rules());
    each(&booking.dates, |date| match &zone {
        Some(zone) => date.span(zone),
        None => date.rough_span(),
    })
}

/// The member whom `created_by.user` asks for.
fn asked_for_by_id(
    named: UserId,
    booking: &Booking,
    has_address: Option<UserId>,
    members: &[UserId],
) -> Result<UserId> {
    if booking.created_by.is_some() && has_address != Some(named) {
        let detail = "must be the id of the user whose address is created_by.email, or be left out";
        return Err(Error::at(Field::BookedMember, detail));
    }
    if !members.contains(&named) {
        let detail = format!(
            "{named} is not a member of the team; for a person who books and is no member, send \
             created_by.email alone"
        );
        return Err(Error::at(Field::BookedMember, detail));
    }
    Ok(named)
}

/// When the dates are. What is wrong is told with its place.
fn each(
    dates: &[SuggestedDate],
    span: impl Fn(&SuggestedDate) -> Result<TimeSpan, WrongDate>,
) -> Result<Vec<TimeSpan>> {
    let mut violations = Vec::new();
    let mut spans = Vec::new();
    for (index, date) in dates.iter().enumerate() {
        match span(date) {
            Ok(span) => spans.push(span),
            Err(wrong) => violations.push(wrong.at(Field::DateEnd(index))),
        }
    }
    if violations.is_empty() {
        Ok(spans)
    } else {
        Err(Error::Invalid(violations))
    }
}

/// Why nobody can take a booking.
pub(crate) fn nobody(
    candidates: &[Candidate],
    ledger: &Ledger,
    asked_for: Option<UserId>,
) -> Error {
    let refused = assignment::refused(candidates, ledger, asked_for);
    let considered = refused
        .into_iter()
        .map(|entry| (entry.user.to_string(), entry.reason));
    let detail = match asked_for {
        _ if candidates.is_empty() => "the team has no member to take it".to_owned(),
        Some(user) => format!("member {user}, who was requested, cannot take it"),
        None => "no member of the team can take it; considered says why".to_owned(),
    };
    Error::Conflict(Conflict {
        considered: considered.collect(),
        ..Conflict::new(detail)
    })
}
