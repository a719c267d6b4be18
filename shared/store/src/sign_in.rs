//! Logging in: three round trips, and as much work for an account that does not
//! exist as for a wrong password.

use std::{net::IpAddr, time::Duration};

use aws_sdk_dynamodb::types::AttributeValue;
use roster_domain::{
    Error, OrganizationId, Result, UserId, password::PasswordHashed, secret::SecretDigest,
    text::LoginName, user::User,
};
use secrecy::SecretString;

use crate::{
    Store,
    backoff::Backoff,
    condition::Condition,
    keys,
    meter::{join, try_join},
    sign_in_limits::Limits,
    table::{Freshness, Item, from_item},
    transaction::Write,
    user_numbers::{Located, located},
};

/// A login.
#[derive(Debug)]
pub struct SignIn {
    /// The login name, as it was typed.
    pub name: String,
    /// The password, as it was typed.
    pub password: SecretString,
    /// Where it comes from.
    pub address: IpAddr,
}

/// What became of a login.
#[derive(Debug)]
pub enum SignedIn {
    /// The session's token: it is shown this once.
    Session(String),
    /// The name and the password do not belong together, or nobody may log in
    /// with them.
    Wrong,
    /// Too many attempts; the next one can be made after this time.
    TooMany(Duration),
}

impl Store<'_> {
    /// Logs in: the guard of the name and what is known of the address; the
    /// user, beside counting the attempt; then, with the right password, one
    /// transaction.
    pub async fn sign_in(&self, sign_in: SignIn) -> Result<SignedIn> {
        let folded = sign_in.name.to_lowercase();
        let limits = Limits::of(&folded, sign_in.address);
        let name: Option<LoginName> = sign_in.name.parse().ok();
        let guard_key = match &name {
            Some(name) => keys::login_guard(name),
            // Nobody can have it: looked up all the same.
            None => keys::signup_token(&SecretDigest::of(&folded)),
        };
        let known_key = limits.known_key();
        let wanted = [guard_key.clone(), known_key.clone()];
        let found = self.table.batch_get(wanted, Freshness::Strong).await?;
        let guard = found.get(&guard_key).filter(|_| name.is_some());
        let held = guard.and_then(located);
        let is_known = found.get(&known_key).is_some_and(|item| self.is_live(item));

        let read = async {
            let Located { organization, user } = held.unwrap_or_else(|| nobody(self));
            let key = keys::user(organization, user);
            self.table.get(&key, Freshness::Strong).await
        };
        let (item, wait) = try_join(read, self.count_attempt(&limits, is_known)).await?;
        if let Some(wait) = wait {
            return Ok(SignedIn::TooMany(wait));
        }
        let user: Option<User> = item.map(from_item).transpose()?;
        let hash = user
            .as_ref()
            .and_then(|user| user.login.as_ref())
            .map_or_else(PasswordHashed::of_nobody, |login| login.password.clone());
        let password = sign_in.password;
        let matches = tokio::task::spawn_blocking(move || hash.matches(&password))
            .await
            .map_err(Error::internal)?;
        let (Some(user), Some(held), true) = (user, held, matches) else {
            return Ok(SignedIn::Wrong);
        };
        if !user.is_active() || held.organization.is_none() {
            return Ok(SignedIn::Wrong);
        }
        let session = self.begin_session(held.organization, &user, &limits);
        let (session, uncounted) = join(session, self.uncount_attempt(&limits, is_known)).await;
        // One attempt too many in the count is no reason to refuse.
        drop(uncounted);
        session
    }

    async fn begin_session(
        &self,
        organization: OrganizationId,
        user: &User,
        limits: &Limits,
    ) -> Result<SignedIn> {
        let mut backoff = Backoff::default();
        loop {
            let (presented, session) = self.new_session(organization, user)?;
            let now = AttributeValue::S(self.now.to_string());
            let logged_in = Write::update(
                &keys::user(organization, user.id),
                [("last_login".to_owned(), Some(now))],
                true,
                Condition::in_session_epoch(user.session_epoch),
            );
            let writes = vec![
                session,
                // Switched off, or given another password, since it was read.
                logged_in.or_refuse(|_| Error::WrongCredentials),
                self.know_address(limits),
            ];
            match self.transact(writes).await {
                Ok(()) => return Ok(SignedIn::Session(presented.reveal())),
                Err(failure) => match backoff.after(failure).await {
                    Err(Error::WrongCredentials) => return Ok(SignedIn::Wrong),
                    other => other?,
                },
            }
        }
    }

    /// Whether an item's time to live is not over: DynamoDB may take two days to
    /// remove it.
    pub(crate) fn is_live(&self, item: &Item) -> bool {
        let expires = item
            .get(crate::schema::TIME_TO_LIVE)
            .and_then(|value| value.as_n().ok())
            .and_then(|number| number.parse::<i64>().ok());
        expires.is_none_or(|expires| self.now.as_second() < expires)
    }
}

/// Where a user would be: read for an account that does not exist, so that it
/// costs the same.
fn nobody(store: &Store<'_>) -> Located {
    Located {
        organization: OrganizationId::NONE,
        user: UserId::generate(store.now),
    }
}
