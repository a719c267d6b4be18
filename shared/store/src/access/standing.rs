//! By what right a request changes something, held to the present.
//!
//! The authorizer's answer is a cache: a key may have been revoked since, a
//! session ended, a user switched off, a permission withdrawn. A request that
//! makes, moves or restores authority therefore comes with a [`Claim`]. Its
//! key, and the user that the key acts as, are read again, strongly; and each
//! of its transactions is made only where what was found there still stands.

use std::{fmt, sync::Arc};

use jiff::Timestamp;
use roster_domain::{
    Actor, Error, KeyId, Result,
    access::key::{ApiKey, Role},
    users::user::User,
};
use tokio::sync::Mutex;

use crate::{
    Store,
    dynamodb::{
        capacity::join,
        condition::Condition,
        item::from_item,
        table::{Freshness, transact::Contention},
        transaction::Write,
        write_failure::Failure,
    },
    keys::{self, Key},
    users::by_number::Located,
};

/// What is held of a key: neither revoked, nor expired, nor given another
/// secret or bound since. Not its `__v`, and not the day of its last use.
const OF_KEY: [&str; 5] = ["digest", "previous", "expires", "revoked_at", "ceiling"];
/// What is held of a user: still on, still the one who joined then, with the
/// same permissions, in the same session, begun with a password that can do the
/// same. What else changes is no matter.
const OF_USER: [&str; 5] = [
    "deactivated_at",
    "joined_at",
    "permissions",
    "session_epoch",
    "login.ceiling",
];

/// The right that a request claims.
pub trait Claim: fmt::Debug + Send + Sync {
    /// The key that calls.
    fn key(&self) -> KeyId;

    /// What that key is.
    fn role(&self) -> Role;

    /// The user that the key acts as.
    fn user(&self) -> Option<Located>;

    /// In whose name changes are made, given what is kept of key and user now.
    ///
    /// # Errors
    /// [`Error::Forbidden`] that says why the claim does not hold any more.
    fn hold(&self, key: Option<&ApiKey>, user: Option<&User>, now: Timestamp) -> Result<Actor>;
}

/// What a request's changes rest on.
#[derive(Debug, Default)]
pub(crate) enum Authority {
    /// What the authorizer said, or nothing.
    #[default]
    Cached,
    /// That it is the operator who runs this process.
    Operator,
    /// A claim, and what was found when it was last looked at.
    Claimed {
        claim: Box<dyn Claim>,
        found: Mutex<Option<Arc<Standing>>>,
    },
}

/// A claim that held when it was looked at.
#[derive(Debug)]
pub(crate) struct Standing {
    actor: Actor,
    facts: Vec<(Key, Condition)>,
}

impl Standing {
    /// Holds a transaction to what was found. DynamoDB takes one operation an
    /// item: what is written anyway is written on this condition.
    fn hold(&self, writes: &mut Vec<Write>) {
        for (key, fact) in &self.facts {
            match writes.iter_mut().find(|write| write.is_of(key)) {
                Some(write) => write.hold_to(fact),
                None => writes.push(Write::check(key, fact.clone())),
            }
        }
    }
}

impl Store<'_> {
    /// Holds everything that this request writes to a claim.
    pub fn claim_by(&mut self, claim: Box<dyn Claim>) {
        self.authority = Authority::Claimed {
            claim,
            found: Mutex::default(),
        };
    }

    /// For a process that the operator runs, which serves nobody.
    #[must_use]
    pub fn run_by_operator(mut self) -> Self {
        self.authority = Authority::Operator;
        self
    }

    /// In whose name this request makes changes, as it is now: one round trip,
    /// once until a transaction finds that something has changed.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the claim does not hold any more.
    pub async fn actor(&self) -> Result<Actor> {
        match (&self.authority, self.standing().await?) {
            (_, Some(standing)) => Ok(standing.actor),
            (Authority::Operator, None) => Ok(Actor::Owner),
            (_, None) => Err(Error::internal(
                "the operation needs the present authority of its caller, and its route says \
                 that a cached one will do",
            )),
        }
    }

    /// The actor, read beside something else. Where neither can be had, the
    /// actor's error is told: who may not ask is not told more.
    pub(crate) async fn with_actor<T, E: From<Error>>(
        &self,
        read: impl Future<Output = Result<T, E>>,
    ) -> Result<(Actor, T), E> {
        let (actor, read) = join(self.actor(), read).await;
        Ok((actor?, read?))
    }

    /// Writes all or nothing, and only where this request may.
    pub(crate) async fn transact(&self, writes: Vec<Write>) -> Result<(), Failure> {
        self.transact_where(writes, |_| true).await
    }

    /// As [`Store::transact`], for what was decided by what `actor` may do.
    /// Where that has changed since, it must be decided again.
    pub(crate) async fn transact_by(
        &self,
        actor: &Actor,
        writes: Vec<Write>,
    ) -> Result<(), Failure> {
        self.transact_where(writes, |now| now == actor).await
    }

    async fn transact_where(
        &self,
        mut writes: Vec<Write>,
        is_decided: impl FnOnce(&Actor) -> bool,
    ) -> Result<(), Failure> {
        let entry = self.audit_write(&writes)?;
        let is_noting = entry.is_some();
        writes.extend(entry);
        let done = self.transact_held(writes, is_decided).await;
        if let (true, Ok(()), Some(auditing)) = (is_noting, &done, &self.auditing) {
            auditing.is_noted();
        }
        done
    }

    /// With what this request claims, as it is now.
    async fn transact_held(
        &self,
        mut writes: Vec<Write>,
        is_decided: impl FnOnce(&Actor) -> bool,
    ) -> Result<(), Failure> {
        let Some(standing) = self.standing().await? else {
            return self.table.transact(writes, Contention::Decided).await;
        };
        if !is_decided(&standing.actor) {
            return Err(Failure::Stale);
        }
        standing.hold(&mut writes);
        let done = self.table.transact(writes, Contention::Expected).await;
        if matches!(done, Err(Failure::Stale)) {
            self.look_again().await;
        }
        done
    }

    async fn standing(&self) -> Result<Option<Arc<Standing>>> {
        let Authority::Claimed { claim, found } = &self.authority else {
            return Ok(None);
        };
        // Held while it is read: a batch reads it once for all its items.
        let mut found = found.lock().await;
        if let Some(standing) = &*found {
            return Ok(Some(Arc::clone(standing)));
        }
        let standing = Arc::new(self.read_standing(claim.as_ref()).await?);
        *found = Some(Arc::clone(&standing));
        Ok(Some(standing))
    }

    async fn look_again(&self) {
        if let Authority::Claimed { found, .. } = &self.authority {
            found.lock().await.take();
        }
    }

    async fn read_standing(&self, claim: &dyn Claim) -> Result<Standing> {
        let key_key = keys::credential(claim.role(), claim.key());
        let user_key = claim.user().map(|at| keys::user(at.tenancy, at.user));
        let wanted = [Some(&key_key), user_key.as_ref()];
        let wanted = wanted.into_iter().flatten().cloned();
        let mut found = self.table.batch_get(wanted, Freshness::Strong).await?;
        let user_key = user_key.as_ref();
        let items = [
            Some((&key_key, OF_KEY)),
            user_key.map(|user_key| (user_key, OF_USER)),
        ];
        let facts = items
            .into_iter()
            .flatten()
            .filter_map(|(key, of)| Some((key.clone(), Condition::unchanged(found.get(key)?, &of))))
            .collect();
        let key: Option<ApiKey> = found.remove(&key_key).map(from_item).transpose()?;
        let user = user_key.and_then(|user_key| found.remove(user_key));
        let user: Option<User> = user.map(from_item).transpose()?;
        let actor = claim.hold(key.as_ref(), user.as_ref(), self.now)?;
        Ok(Standing { actor, facts })
    }
}
