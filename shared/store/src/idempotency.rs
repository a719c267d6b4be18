//! Idempotency keys (the IETF draft "The Idempotency-Key HTTP Header Field"):
//! the first answer to a key is kept for a day, and given again.

use aws_sdk_dynamodb::types::AttributeValue;
use roster_domain::{
    Conflict, Error, Place, Result, Violation,
    secret::{self, SecretDigest},
};
use serde::{Deserialize, Serialize};

use crate::{
    Tenant,
    condition::Condition,
    keys,
    table::{Freshness, from_item, to_item},
    transaction::Write,
};

/// The header.
pub const HEADER: &str = "Idempotency-Key";
/// How long an answer is kept: a day, in seconds.
const KEPT_SECONDS: i64 = 24 * 60 * 60;
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

#[derive(Debug, Serialize, Deserialize)]
struct Record {
    fingerprint: SecretDigest,
    /// Who is answering.
    claim: String,
    /// The first answer; none while it is in flight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    /// Seconds since 1970 from which on the claim no longer counts.
    claimed_until: i64,
    /// Seconds since 1970; the table's time to live.
    expires_at: i64,
}

/// What a key stands for.
#[derive(Debug)]
pub(crate) enum Claim {
    /// This request answers.
    Mine(String),
    /// It was answered.
    Answered(String),
}

impl Tenant<'_> {
    /// Claims a key for this request.
    ///
    /// # Errors
    /// A conflict while another request with the key is in flight; a violation
    /// where the key came with another request.
    pub(crate) async fn claim(&self, repeatable: &Repeatable) -> Result<Claim> {
        let now = self.store.now.as_second();
        let claim = secret::random_base62(22);
        let record = Record {
            fingerprint: repeatable.fingerprint.clone(),
            claim: claim.clone(),
            answer: None,
            claimed_until: now + LEASE_SECONDS,
            expires_at: now + KEPT_SECONDS,
        };
        let key = keys::idempotency(self.organization_id(), &repeatable.key);
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
            let place = Place::Header(HEADER.to_owned());
            return Err(Error::Invalid(vec![Violation::unacceptable(place, detail)]));
        }
        old.answer.map(Claim::Answered).ok_or_else(|| {
            Error::Conflict(Conflict {
                pointer: None,
                detail: "a request with this Idempotency-Key is being answered; try again later"
                    .to_owned(),
                existing: None,
                considered: Vec::new(),
            })
        })
    }

    /// Looks at a key that this request claimed before: a transaction whose
    /// answer was lost may have kept its answer.
    pub(crate) async fn resume(&self, repeatable: &Repeatable, claim: &str) -> Result<Claim> {
        let key = keys::idempotency(self.organization_id(), &repeatable.key);
        let item = self.store.table.get(&key, Freshness::Strong).await?;
        let record: Option<Record> = item.map(from_item).transpose()?;
        match record {
            Some(record) if record.claim == claim => Ok(record
                .answer
                .map_or_else(|| Claim::Mine(claim.to_owned()), Claim::Answered)),
            _ => Err(Error::Busy(
                "the claim on an idempotency key ran out".to_owned(),
            )),
        }
    }

    /// Keeps the answer, in the transaction that brings about what it says.
    pub(crate) fn put_answer(
        &self,
        repeatable: &Repeatable,
        claim: &str,
        answer: String,
    ) -> Result<Write> {
        let expires_at = self.store.now.as_second() + KEPT_SECONDS;
        let record = Record {
            fingerprint: repeatable.fingerprint.clone(),
            claim: claim.to_owned(),
            answer: Some(answer),
            claimed_until: expires_at,
            expires_at,
        };
        let key = keys::idempotency(self.organization_id(), &repeatable.key);
        Ok(Write::put(&key, None, to_item(&record)?, mine(claim)))
    }

    /// Gives a key back after an error, so that the request can be sent again.
    pub(crate) async fn give_up_claim(&self, repeatable: &Repeatable, claim: &str) {
        let key = keys::idempotency(self.organization_id(), &repeatable.key);
        // Best effort: the claim runs out by itself.
        let _ = self
            .store
            .transact(vec![Write::delete(&key, mine(claim))])
            .await;
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
