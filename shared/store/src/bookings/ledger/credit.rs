//! Giving a member of a team units of work, or taking some.

use roster_domain::{
    Conflict, Error, Field, Result, TeamId, UserId,
    bookings::assignment::{Credit, Ledger},
    text::Title,
};

use super::DecisionRecord;
use crate::{
    Tenant,
    bookings::turns::Turn,
    dynamodb::{retry::retry, write_failure::Failure},
    idempotency::{Answer, Answered, Claimant, Claimed, Repeatable},
};

/// What is to be given or taken.
pub struct CreditRequest<'a> {
    /// The team.
    pub team: TeamId,
    /// The member.
    pub user: UserId,
    /// How many units; negative: taken.
    pub units: i64,
    /// Why.
    pub reason: &'a Title,
    /// The idempotency key, where one was sent.
    pub repeatable: Option<&'a Repeatable>,
    /// Renders the answer, which is kept with the idempotency key.
    pub render: &'a (dyn Fn(&Ledger, &DecisionRecord) -> String + Send + Sync),
}

impl Tenant<'_> {
    /// Gives a member units, which the others give in equal parts: two round trips where
    /// nobody books with the team at the same time.
    ///
    /// # Errors
    /// A violation where the user is no member; a conflict where nobody else is.
    pub async fn credit(&self, request: &CreditRequest<'_>) -> Result<Answered> {
        let mut claimant = Claimant::new(request.repeatable);
        let mut turn = Turn::new(*self, request.team);
        let credited = retry!(async {
            turn.begin().await?;
            let made = self.try_credit(request, &mut claimant, &mut turn).await;
            turn.made(made)
        });
        turn.end().await;
        claimant.end(*self, credited).await
    }

    async fn try_credit(
        &self,
        request: &CreditRequest<'_>,
        claimant: &mut Claimant<'_>,
        turn: &mut Turn<'_>,
    ) -> Result<Answered, Failure> {
        let team = async { Ok(self.booking_team(request.team, &[]).await?) };
        let team = match claimant.claim_while(*self, team).await? {
            Claimed::Before(answer, _) => return Ok(Answered::Before(answer)),
            Claimed::Mine(team) => team,
        };
        team.hold()?;
        if !team.members.contains(&request.user) {
            let detail = "is not a member of the team";
            return Err(Error::at(Field::NewMember, detail).into());
        }
        let mut ledger = team.ledger.ledger.clone();
        ledger.retain(&team.members);
        let reason = request.reason.clone();
        let credit = Credit::new(&ledger, request.user, request.units, reason);
        let alone = || Conflict::new("the team has no other member to settle it with");
        let credit = credit.ok_or_else(|| Error::from(alone()))?;
        ledger.credit(&credit);
        let record = DecisionRecord {
            event: None,
            decision: None,
            replaces: None,
            replaced_stays: false,
            taken_back: None,
            credit: Some(credit),
            considered: Vec::new(),
            at: self.store.now,
        };
        let read = &team.ledger;
        let mut writes: Vec<_> = self
            .put_ledger(request.team, read, &ledger, &record, turn.behind())?
            .into();
        let answer = Answer::created((request.render)(&ledger, &record));
        writes.extend(claimant.keep(*self, || answer.clone())?);
        turn.admit(team.ledger.waiting)?;
        self.store.transact(writes).await?;
        Ok(Answered::Now(answer))
    }
}
