//! Idempotency keys (the IETF draft "The Idempotency-Key HTTP Header Field"):
//! the first answer to a key is kept for a day, and given again.

use aws_sdk_dynamodb::types::AttributeValue;
use roster_domain::{
    Conflict, Error, Location, Result, Violation,
    access::secret::{self, SecretDigest},
};
use serde::{Deserialize, Serialize};

use crate::{
    Tenant,
    dynamodb::{
        capacity,
        condition::Condition,
        item::{from_item, to_item},
        table::{Freshness, transact::Contention},
        transaction::Write,
        write_failure::Failure,
    },
    keys,
};

/// The header.
pub const HEADER: &str = "Idempotency-Key";
/// How long an answer is kept: a day, in seconds.
pub(crate) const KEPT_SECONDS: i64 = 24 * 60 * 60;
/// After which a request that never answered is taken to be dead: longer than a
/// function's timeout, in seconds.
const LEASE_SECONDS: i64 = 40;

/// A request that may be repeated.
#[derive(Debug, Clone)]
pub struct Repeatable {
    /// Digest of the key.
    pub key: SecretDigest,
    /// Digest of what the request asks for.
    pub fingerprint: SecretDigest,
}

/// A key that was used, with the answer.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    fingerprint: SecretDigest,
    /// Who is answering.
    claim: String,
    /// The first answer; none while it is in flight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    /// The status that it had.
    #[serde(default = "created")]
    status: u16,
    /// Seconds since 1970 from which on the claim no longer counts.
    claimed_until: i64,
    /// Seconds since 1970; the table's time to live.
    pub(crate) expires_at: i64,
}

/// The status of a thing that was made: what alone was kept at first.
fn created() -> u16 {
    201
}

/// An answer, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: String,
}

impl Answer {
    /// That something was made.
    #[must_use]
    pub fn created(body: String) -> Self {
        let status = created();
        Self { status, body }
    }
}

/// When a request was answered.
#[derive(Debug)]
pub enum Answered {
    /// Now.
    Now(Answer),
    /// An earlier one with the same key was; the answer then.
    Before(Answer),
}

/// What a key stands for.
#[derive(Debug)]
enum Claim {
    /// This request answers.
    Mine(String),
    /// It was answered.
    Answered(Answer),
}

/// A request that may be repeated, while it is answered.
#[derive(Debug)]
pub(crate) struct Claimant<'a> {
    repeatable: Option<&'a Repeatable>,
    claim: Option<String>,
}

/// What was read beside a claim; or that the request was answered before.
pub(crate) enum Claimed<T> {
    /// This request answers: what was read.
    Mine(T),
    /// The answer that was given before, and what was read all the same.
    Before(Answer, Result<T, Failure>),
}

impl<'a> Claimant<'a> {
    /// For a request, with the key that it may have.
    pub(crate) fn new(repeatable: Option<&'a Repeatable>) -> Self {
        Self {
            repeatable,
            claim: None,
        }
    }

    /// Claims the key while something is read: no round trip more than that.
    pub(crate) async fn claim_while<T>(
        &mut self,
        tenant: Tenant<'_>,
        read: impl Future<Output = Result<T, Failure>>,
    ) -> Result<Claimed<T>, Failure> {
        let Some(repeatable) = self.repeatable else {
            return read.await.map(Claimed::Mine);
        };
        let claimed = async {
            match self.claim.as_deref() {
                None => tenant.claim(repeatable).await,
                Some(mine) => tenant.resume(repeatable, mine).await,
            }
        };
        let (claimed, read) = capacity::join(claimed, read).await;
        match claimed? {
            Claim::Answered(answer) => Ok(Claimed::Before(answer, read)),
            Claim::Mine(mine) => {
                self.claim = Some(mine);
                read.map(Claimed::Mine)
            }
        }
    }

    /// The write that keeps the answer; none where there is no key.
    pub(crate) fn keep(
        &self,
        tenant: Tenant<'_>,
        answer: impl FnOnce() -> Answer,
    ) -> Result<Option<Write>> {
        match (self.repeatable, &self.claim) {
            (Some(repeatable), Some(claim)) => {
                tenant.put_answer(repeatable, claim, answer()).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// What came of the request. Where it failed, gives the key back, so that the
    /// request can be sent again.
    pub(crate) async fn end<T>(&self, tenant: Tenant<'_>, ended: Result<T>) -> Result<T> {
        if let (Err(_), Some(repeatable), Some(claim)) = (&ended, self.repeatable, &self.claim) {
            tenant.give_up_claim(repeatable, claim).await;
        }
        ended
    }
}

impl Record {
    fn into_answer(self) -> Option<Answer> {
        let status = self.status;
        self.answer.map(|body| Answer { status, body })
    }
}

impl Tenant<'_> {
    /// Claims a key for this request.
    ///
    /// # Errors
    /// A conflict while another request with the key is in flight; a violation
    /// where the key came with another request.
    async fn claim(&self, repeatable: &Repeatable) -> Result<Claim> {
        let now = self.store.now.as_second();
        let claim = secret::random_base62(22);
        let record = Record {
            fingerprint: repeatable.fingerprint.clone(),
            claim: claim.clone(),
            answer: None,
            status: created(),
            claimed_until: now + LEASE_SECONDS,
            expires_at: now + KEPT_SECONDS,
        };
        let key = keys::idempotency(self.tenancy(), &repeatable.key);
        // Items live on for a while after their time: look at it too.
        let mut condition = Condition::absent();
        condition.expression += " OR #until < :now";
        condition
            .names
            .insert("#until".to_owned(), "claimed_until".to_owned());
        condition
            .values
            .insert(":now".to_owned(), AttributeValue::N(now.to_string()));
        let Err(old) = self
            .store
            .table
            .put_if(&key, to_item(&record)?, condition)
            .await?
        else {
            return Ok(Claim::Mine(claim));
        };
        let old: Record = from_item(old)?;
        if old.claim == claim {
            // Written by a first try of this call, whose answer was lost.
            return Ok(Claim::Mine(claim));
        }
        if old.fingerprint != repeatable.fingerprint {
            let detail = "was sent before with another request; use a new key for each request";
            let location = Location::Header(HEADER.to_owned());
            return Err(Error::Invalid(vec![Violation::unacceptable(
                location, detail,
            )]));
        }
        old.into_answer().map(Claim::Answered).ok_or_else(|| {
            Conflict::new("a request with this Idempotency-Key is being answered; try again later")
                .into()
        })
    }

    /// Looks at a key that this request claimed before: a transaction whose
    /// answer was lost may have kept its answer.
    async fn resume(&self, repeatable: &Repeatable, claim: &str) -> Result<Claim> {
        let key = keys::idempotency(self.tenancy(), &repeatable.key);
        let item = self.store.table.get(&key, Freshness::Strong).await?;
        let record: Option<Record> = item.map(from_item).transpose()?;
        match record {
            Some(record) if record.claim == claim => Ok(record
                .into_answer()
                .map_or_else(|| Claim::Mine(claim.to_owned()), Claim::Answered)),
            _ => Err(Error::Busy(
                "the claim on an idempotency key ran out".to_owned(),
            )),
        }
    }

    /// Keeps the answer, in the transaction that brings about what it says.
    fn put_answer(&self, repeatable: &Repeatable, claim: &str, answer: Answer) -> Result<Write> {
        let expires_at = self.store.now.as_second() + KEPT_SECONDS;
        let record = Record {
            fingerprint: repeatable.fingerprint.clone(),
            claim: claim.to_owned(),
            answer: Some(answer.body),
            status: answer.status,
            claimed_until: expires_at,
            expires_at,
        };
        let key = keys::idempotency(self.tenancy(), &repeatable.key);
        Ok(Write::put(&key, None, to_item(&record)?, mine(claim)))
    }

    /// Gives a key back after an error, so that the request can be sent again.
    async fn give_up_claim(&self, repeatable: &Repeatable, claim: &str) {
        let key = keys::idempotency(self.tenancy(), &repeatable.key);
        let delete = vec![Write::delete(&key, mine(claim))];
        // Best effort: the claim runs out by itself. Whoever may not ask any more
        // takes back what this request wrote all the same.
        let _ = self.store.table.transact(delete, Contention::Decided).await;
    }
}

fn mine(claim: &str) -> Condition {
    let mut condition = Condition::present();
    // What looks like an error may be a booking that was made and whose answer
    // was lost: an answer that is kept stays.
    condition.expression += " AND #claim = :claim AND attribute_not_exists(#answer)";
    condition
        .names
        .insert("#answer".to_owned(), "answer".to_owned());
    condition
        .names
        .insert("#claim".to_owned(), "claim".to_owned());
    condition
        .values
        .insert(":claim".to_owned(), AttributeValue::S(claim.to_owned()));
    condition
}
