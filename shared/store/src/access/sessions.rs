//! Sessions: keys that act as a user who logged in, until they end.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::SignedDuration;
use roster_domain::{
    Error, KeyId, OrganizationId, Result, UserId,
    access::key::{ApiKey, PresentedKey, Role, SESSION_SECONDS},
    users::user::User,
};

use crate::{
    Store,
    dynamodb::{
        condition::Condition,
        item::{Item, from_item, to_item},
        schema::TIME_TO_LIVE,
        table::Freshness,
        transaction::Write,
        write_failure::Failure,
    },
    keys,
};

/// What is kept of a session, until it expires.
pub(crate) fn item_of(session: &ApiKey) -> Result<Item> {
    let mut item = to_item(session)?;
    if let Some(end) = session.expires {
        let end = AttributeValue::N(end.as_second().to_string());
        item.insert(TIME_TO_LIVE.to_owned(), end);
    }
    Ok(item)
}

impl Store<'_> {
    /// A session of a user in this epoch, and the write that begins it. It is in
    /// no list of keys.
    pub(crate) fn new_session(
        &self,
        organization: OrganizationId,
        user: UserId,
        epoch: u64,
    ) -> Result<(PresentedKey, Write)> {
        let name = "session".parse().map_err(Error::internal)?;
        let end = self
            .now
            .saturating_add(SignedDuration::from_secs(SESSION_SECONDS))
            .map_err(Error::internal)?;
        let (mut key, presented) = self.new_key(Role::Session, Some(organization), name, Some(end));
        key.user = Some(user);
        key.session_epoch = Some(epoch);
        let item = item_of(&key)?;
        let write = Write::put(&keys::session(key.id), None, item, Condition::absent());
        Ok((presented, write))
    }

    /// Ends a session. One that has ended stays ended.
    pub async fn end_session(&self, id: KeyId) -> Result<()> {
        let end = Write::delete(&keys::session(id), Condition::none());
        match self.transact(vec![end]).await {
            Ok(()) => Ok(()),
            Err(Failure::Stale) => Err(Error::Busy("a session is being used".to_owned())),
            Err(Failure::Error(error)) => Err(error),
        }
    }

    /// The user that a key acts as, where it still acts as one: a strongly
    /// consistent read, so that somebody who was switched off is out at once.
    pub async fn acting_user(&self, key: &ApiKey) -> Result<Option<User>> {
        let (Some(organization), Some(user)) = (key.organization, key.user) else {
            return Ok(None);
        };
        let user = keys::user(organization, user);
        let item = self.table.get(&user, Freshness::Strong).await?;
        let user: Option<User> = item.map(from_item).transpose()?;
        Ok(user.filter(|user| key.acts_as(user)))
    }
}
