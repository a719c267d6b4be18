//! API keys: minting, listing, rotating, revoking, and the authorizer's look-up.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use roster_domain::{
    Actor, Error, Field, KeyId, OrganizationId, Result, UserId,
    access::ceiling::Ceiling,
    access::key::{ApiKey, Maker, PresentedKey, PreviousSecret, Role},
    text::Name,
    users::user::User,
};

use crate::{
    Page, Store,
    dynamodb::{
        condition::Condition,
        item::{Item, from_item, to_item, with_index, with_key},
        retry::retry,
        table::{Freshness, query::Order},
        transaction::Write,
        write_failure::Failure,
    },
    keys,
};

/// Whose keys: an organization's, or the operator's.
pub type KeyOwner = Option<OrganizationId>;

/// Keys that are read at once to revoke them.
const MAX_REVOKED_AT_ONCE: usize = 100;

/// Keys that are read at once to find those that a user made.
const MAX_LOOKED_THROUGH_AT_ONCE: usize = 1_000;
/// Keys that are looked through for that, from the newest.
const MOST_LOOKED_THROUGH: usize = 5_000;

/// A key that is asked for.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Whose it is to be.
    pub owner: KeyOwner,
    /// The user it is to act as; none: the owner itself.
    pub user: Option<UserId>,
    /// What its owner calls it.
    pub name: Name,
    /// When it stops working.
    pub expires: Option<Timestamp>,
    /// Who makes it.
    pub maker: Maker,
}

impl Store<'_> {
    pub(crate) fn new_key(
        &self,
        role: Role,
        owner: KeyOwner,
        name: Name,
        expires: Option<Timestamp>,
    ) -> (ApiKey, PresentedKey) {
        let presented = PresentedKey::generate(role, KeyId::generate(self.now));
        let key = ApiKey {
            id: presented.id,
            role,
            organization: owner,
            user: None,
            ceiling: Ceiling::NONE,
            session_epoch: None,
            name,
            digest: presented.digest(),
            previous: None,
            created_at: self.now,
            created_by: None,
            rotated_at: None,
            expires,
            last_used: None,
            revoked_at: None,
            version: 0,
        };
        (key, presented)
    }

    pub(crate) fn put_key(key: &ApiKey, condition: Condition) -> Result<Write> {
        let index = keys::api_key_index(key.organization, key.id);
        Ok(Write::put(
            &keys::api_key(key.id),
            Some(&index),
            to_item(key)?,
            condition,
        ))
    }

    /// Mints a key. The secret is in the answer and nowhere else. The
    /// organization, and the user that it acts as, must exist.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the key could do more than the actor; a
    /// conflict while the organization is being deleted.
    pub async fn create_key(&self, new: NewKey) -> Result<(ApiKey, PresentedKey)> {
        let NewKey {
            owner,
            user,
            name,
            expires,
            maker,
        } = new;
        let role = match (owner, user) {
            (None, _) => Role::Operator,
            (Some(_), None) => Role::Organization,
            (Some(_), Some(_)) => Role::User,
        };
        let (mut key, presented) = self.new_key(role, owner, name, expires);
        key.user = user;
        key.created_by = Some(maker);
        retry!(self.try_create_key(&mut key))?;
        Ok((key, presented))
    }

    async fn try_create_key(&self, key: &mut ApiKey) -> Result<(), Failure> {
        let (actor, holder) = self.with_actor(self.acted_as(key)).await?;
        key.ceiling = key
            .user
            .map_or(Ceiling::NONE, |user| actor.ceiling_for(user));
        may_hold(key, holder.as_ref(), &actor)?;
        self.transact_by(&actor, self.new_key_writes(key)?).await
    }

    /// The user that a key is to act as; none where it acts as none, or as
    /// nobody any more.
    async fn acted_as(&self, key: &ApiKey) -> Result<Option<User>> {
        let (Some(organization), Some(user)) = (key.organization, key.user) else {
            return Ok(None);
        };
        let user = keys::user(organization, user);
        let item = self.table.get(&user, Freshness::Strong).await?;
        item.map(from_item).transpose()
    }

    /// Makes sure that a key which was minted elsewhere is known: the operator's
    /// first key, and the fixed keys of the local gateway. One that is known
    /// stays as it is, rotated or revoked as it may be.
    pub async fn ensure_key(
        &self,
        presented: &PresentedKey,
        owner: KeyOwner,
        name: Name,
    ) -> Result<()> {
        if self.key(presented.role, presented.id).await?.is_some() {
            return Ok(());
        }
        let (mut key, _) = self.new_key(presented.role, owner, name, None);
        key.id = presented.id;
        key.digest = presented.digest();
        retry!(self.transact(self.new_key_writes(&key)?))
    }

    /// What makes a key: it, and that whoever it is for is there.
    fn new_key_writes(&self, key: &ApiKey) -> Result<Vec<Write>> {
        let mut writes = vec![Self::put_key(key, Condition::absent())?];
        if let Some(organization) = key.organization {
            writes.push(self.tenant(organization).stays_open());
            if let Some(user) = key.user {
                let exists = Write::check(&keys::user(organization, user), Condition::present());
                writes.push(exists.or_fail(move |_| {
                    Error::at(
                        Field::KeyUser,
                        format!("no user with _id {user} in this organization"),
                    )
                }));
            }
        }
        Ok(writes)
    }

    /// What is kept of an API key or a session: a strongly consistent read, so that one
    /// that was ended stops at once.
    pub async fn key(&self, role: Role, id: KeyId) -> Result<Option<ApiKey>> {
        let key = keys::credential(role, id);
        let item = self.table.get(&key, Freshness::Strong).await?;
        item.map(from_item).transpose()
    }

    /// Notes the UTC day on which a key was used; one write a day and key. Nobody
    /// looks after sessions like that.
    pub async fn note_use(&self, key: &ApiKey) -> Result<()> {
        let today = self.now.to_zoned(TimeZone::UTC).date();
        if key.last_used == Some(today) || key.role == Role::Session {
            return Ok(());
        }
        let text = |date: jiff::civil::Date| AttributeValue::S(date.to_string());
        self.table
            .compare_and_set(
                &keys::api_key(key.id),
                "last_used",
                key.last_used.map(text),
                text(today),
            )
            .await?;
        Ok(())
    }

    /// An owner's keys in order of creation.
    pub async fn keys(
        &self,
        owner: KeyOwner,
        limit: usize,
        after: Option<KeyId>,
    ) -> Result<Page<ApiKey, KeyId>> {
        let start = after.map(|id| {
            with_index(
                with_key(Item::new(), &keys::api_key(id)),
                Some(&keys::api_key_index(owner, id)),
            )
        });
        self.table
            .page(&keys::api_keys(owner), start, limit, |key: &ApiKey| key.id)
            .await
    }

    /// The keys of an organization that work without a user who made them: the
    /// user may know their secrets. One query for each 1,000 of the newest
    /// [`MOST_LOOKED_THROUGH`] keys.
    pub async fn keys_left_by(
        &self,
        organization: OrganizationId,
        user: UserId,
    ) -> Result<Vec<ApiKey>> {
        let range = keys::api_keys(Some(organization));
        let mut left = Vec::new();
        let (mut start, mut looked_through) = (None, 0);
        loop {
            let page = self.table.query_in(
                Order::Descending,
                &range,
                start,
                Some(MAX_LOOKED_THROUGH_AT_ONCE),
                Freshness::Eventual,
            );
            let page = page.await?;
            looked_through += page.items.len();
            for item in page.items {
                let key: ApiKey = from_item(item)?;
                let made = key.created_by.and_then(|maker| maker.user) == Some(user);
                if made && key.user != Some(user) && key.is_live(self.now) {
                    left.push(key);
                }
            }
            start = page.next;
            if start.is_none() || looked_through >= MOST_LOOKED_THROUGH {
                left.reverse();
                return Ok(left);
            }
        }
    }

    /// Gives a key a new secret under the same id; the old one works until the
    /// grace period is over.
    pub async fn rotate_key(
        &self,
        owner: KeyOwner,
        id: KeyId,
        grace: SignedDuration,
    ) -> Result<(ApiKey, PresentedKey)> {
        retry!(self.try_rotate_key(owner, id, grace))
    }

    async fn try_rotate_key(
        &self,
        owner: KeyOwner,
        id: KeyId,
        grace: SignedDuration,
    ) -> Result<(ApiKey, PresentedKey), Failure> {
        let (actor, mut key) = self.with_actor(self.owned_key(owner, id)).await?;
        if matches!(actor, Actor::User { .. }) {
            may_hold(&key, self.acted_as(&key).await?.as_ref(), &actor)?;
        }
        let read = key.version;
        let presented = PresentedKey::generate(key.role, key.id);
        key.previous = (!grace.is_zero()).then(|| PreviousSecret {
            digest: key.digest.clone(),
            until: self.now.saturating_add(grace).unwrap_or(Timestamp::MAX),
        });
        key.digest = presented.digest();
        // The secret before, while it works, is bound as well.
        if let Some(user) = key.user {
            key.ceiling = key.ceiling.lower(actor.ceiling_for(user));
        }
        key.rotated_at = Some(self.now);
        key.version += 1;
        let writes = vec![Self::put_key(&key, Condition::version(read))?];
        self.transact_by(&actor, writes).await?;
        Ok((key, presented))
    }

    /// Ends a key, with every secret it has.
    pub async fn revoke_key(&self, owner: KeyOwner, id: KeyId) -> Result<ApiKey> {
        retry!(async {
            let (actor, mut key) = self.with_actor(self.owned_key(owner, id)).await?;
            let read = key.version;
            key.previous = None;
            key.revoked_at = Some(self.now);
            key.version += 1;
            let writes = vec![Self::put_key(&key, Condition::version(read))?];
            self.transact_by(&actor, writes).await?;
            Ok(key)
        })
    }

    /// A key of this owner that was not revoked. A session is not one.
    async fn owned_key(&self, owner: KeyOwner, id: KeyId) -> Result<ApiKey> {
        let role = owner.map_or(Role::Operator, |_| Role::Organization);
        let stored = self.key(role, id).await?;
        let owned = stored.filter(|key| key.organization == owner && key.revoked_at.is_none());
        owned.ok_or(Error::NotFound("key"))
    }

    /// Revokes every key of an organization that is being deleted.
    pub(crate) async fn revoke_keys(&self, organization: OrganizationId) -> Result<()> {
        let owner = Some(organization);
        let mut after = None;
        loop {
            let page = self.keys(owner, MAX_REVOKED_AT_ONCE, after).await?;
            let live = page.items.iter().filter(|key| key.revoked_at.is_none());
            for key in live {
                match self.revoke_key(owner, key.id).await {
                    Ok(_) | Err(Error::NotFound(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }
}

/// Whether the actor may hold this key, which acts as `user`: it must not do
/// more than they may.
fn may_hold(key: &ApiKey, user: Option<&User>, actor: &Actor) -> Result<()> {
    let Actor::User { id, ceiling, .. } = actor else {
        return Ok(());
    };
    // One's own, unless it could do more than what one calls with.
    let is_bound = key.ceiling.lower(*ceiling) == key.ceiling;
    match (key.user, user) {
        (Some(user), _) if user == *id && is_bound => Ok(()),
        (Some(_), Some(user)) => actor.may_act_as(user),
        // Nobody any more: the key does nothing.
        (Some(_), None) => Ok(()),
        (None, _) => actor.may_act_as_organization(),
    }
}
