//! Writing a user as it is to be: the user, what guards it, what is copied from
//! it, and what counts it, in one transaction.

use aws_sdk_dynamodb::types::AttributeValue;
use roster_domain::{
    Actor, Conflict, Error, Result, Tenancy, UserId,
    access::secret::SecretDigest,
    users::signup::{SIGNUP_LINK_SECONDS, Signup},
    users::user::User,
};

use crate::{
    Tenant,
    dynamodb::{
        condition::Condition,
        item::{Item, to_item},
        schema::TIME_TO_LIVE,
        transaction::Write,
        write_failure::Failure,
    },
    keys,
    users::guards::Proof,
};

/// Attribute of a link's item: whether its token was mailed, and told nobody
/// else. Whoever has it then reads what comes to the address.
pub const MAILED: &str = "mailed";
/// Attribute of the item that counts account managers.
pub(crate) const COUNT: &str = "count";

/// Most writes of a change, besides the user's item, its number, the check of who asks, the
/// entry of the audit log, and the answer that is kept for a repeated request.
const MOST_WRITES: usize = 95;

/// A change of one user, decided and not yet written.
pub(crate) struct Commit<'a> {
    /// In whose name.
    pub(crate) actor: &'a Actor,
    /// The user as it was read; none for a new one.
    pub(crate) before: Option<&'a User>,
    /// The user as it is to be.
    pub(crate) after: &'a mut User,
    /// Whether a request that creates becomes one that changes when somebody
    /// else was quicker.
    pub(crate) upsert: bool,
    /// That the user reads what is mailed to their login name, where they have
    /// just shown it.
    pub(crate) proof: Option<Proof>,
    /// What is written besides.
    pub(crate) writes: Vec<Write>,
}

impl Tenant<'_> {
    /// Writes a change.
    pub(crate) async fn commit(&self, commit: Commit<'_>) -> Result<(), Failure> {
        let Commit {
            actor,
            before,
            after,
            upsert,
            proof,
            mut writes,
        } = commit;
        actor.may_change(before, after)?;
        actor.settle(before, after);
        let proof = proof.as_ref();
        self.move_guards(before, after, upsert, proof, &mut writes);
        writes.extend(self.count_manager(before, Some(after), Leaving::Refused));
        self.move_signup(before, after, &mut writes);
        if before.is_none() {
            self.keep_open(&mut writes);
        }
        if let Some(before) = before {
            writes.extend(self.tell_ledgers(before, Some(after))?);
        }
        if writes.len() > MOST_WRITES {
            let detail = "this changes too much of a user in so many teams at once: send the \
                          name, the hours and the teams in requests of their own";
            return Err(Error::from(Conflict::new(detail)).into());
        }
        let condition = match before {
            Some(user) => Condition::version(user.version),
            None => Condition::absent(),
        };
        let key = keys::user(self.tenancy(), after.id);
        writes.push(Write::put(&key, None, to_item(after)?, condition));
        if before.is_none() {
            let number = keys::user_number_guard(after.number);
            let guard = self.global_guard(after.id);
            writes.push(Write::put(&number, None, guard, Condition::absent()));
        }
        self.store.transact_by(actor, writes).await
    }

    /// Counts those who can manage the account, so that the last of them stays.
    pub(crate) fn count_manager(
        &self,
        before: Option<&User>,
        after: Option<&User>,
        leaving: Leaving,
    ) -> Option<Write> {
        let was = before.is_some_and(User::is_account_manager);
        let is = after.is_some_and(User::is_account_manager);
        if was == is || self.tenancy() == Tenancy::None {
            return None;
        }
        let key = keys::account_managers(self.tenancy());
        Some(match (is, leaving) {
            (true, _) => Write::add(&key, COUNT, 1, Condition::none()),
            (false, Leaving::Allowed) => Write::add(&key, COUNT, -1, Condition::none()),
            (false, Leaving::Refused) => Write::add(&key, COUNT, -1, Condition::above(COUNT, 1))
                .or_fail(|_| {
                    Conflict::new(
                        "this is the last active user with accountManagement; \
                                 give it to another user first",
                    )
                    .into()
                }),
        })
    }

    /// Ends the links of the invitation that was open, and opens the new ones.
    fn move_signup(&self, before: Option<&User>, after: &User, writes: &mut Vec<Write>) {
        let old = before.and_then(|user| user.signup.as_ref());
        let new = after.signup.as_ref();
        if old == new {
            return;
        }
        if let Some(old) = old {
            writes.extend(end_signup(old, after.id));
        }
        if let Some(signup) = new {
            for token in signup.tokens() {
                let item = signup_guard(self.global_guard(after.id), signup, token);
                let key = keys::signup_token(token);
                writes.push(Write::put(&key, None, item, Condition::absent()));
            }
            self.keep_open(writes);
        }
    }
}

/// What becomes of the last account manager who goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaving {
    /// May go: the organization itself says so, and it still has its key.
    Allowed,
    /// Must stay.
    Refused,
}

impl Leaving {
    /// What an actor may let go.
    pub(crate) fn by(actor: &Actor) -> Self {
        match actor {
            Actor::Owner => Self::Allowed,
            Actor::User { .. } => Self::Refused,
        }
    }
}

/// The guard of a link to finish a sign-up: who it is for, until when, and
/// whether its token was mailed.
pub(crate) fn signup_guard(mut holder: Item, signup: &Signup, token: &SecretDigest) -> Item {
    let expires = signup.invited_at.as_second() + SIGNUP_LINK_SECONDS;
    let expires = AttributeValue::N(expires.to_string());
    holder.insert(TIME_TO_LIVE.to_owned(), expires);
    if signup.mailed.as_ref() == Some(token) {
        holder.insert(MAILED.to_owned(), AttributeValue::Bool(true));
    }
    holder
}

/// Ends the links of an invitation. They may have expired and be gone.
pub(crate) fn end_signup(signup: &Signup, user: UserId) -> impl Iterator<Item = Write> {
    signup.tokens().map(move |token| {
        Write::delete(
            &keys::signup_token(token),
            Condition::held_by_or_absent(&user.to_string()),
        )
    })
}
