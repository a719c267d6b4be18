//! Logging in: four round trips, and as much work for an account that does not
//! exist, or is large, as for a wrong password.

use std::{net::IpAddr, time::Duration};

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use roster_domain::{
    Error, OrganizationId, Result, Tenancy, UserId, access::password::PasswordHashed,
    access::secret::SecretDigest, audit::AuditResource, text::LoginName, users::login::Login,
};
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    Store,
    access::rate_limit::{Limits, is_of},
    dynamodb::{
        capacity::{join, try_join},
        condition::Condition,
        item::{Item, from_item},
        retry::retry,
        table::Freshness,
        transaction::Write,
    },
    keys,
    users::by_number::{Located, located},
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
    /// Logs in: the guard of the name; the user, with what it knows of the
    /// address; counting the attempt; then, with the right password, one
    /// transaction.
    pub async fn sign_in(&self, sign_in: SignIn) -> Result<SignedIn> {
        let name: Option<LoginName> = sign_in.name.parse().ok();
        // What is typed in several ways is one account.
        let folded = name
            .as_ref()
            .map_or_else(|| sign_in.name.to_lowercase(), LoginName::folded);
        let limits = Limits::of(&folded, sign_in.address);
        let guard_key = match &name {
            Some(name) => keys::login_guard(name),
            // Nobody can have it: looked up all the same.
            None => keys::signup_token(&SecretDigest::of(&folded)),
        };
        let guard = self.table.get(&guard_key, Freshness::Strong).await?;
        let held = guard.filter(|_| name.is_some()).as_ref().and_then(located);
        let Located { tenancy, user } = held.unwrap_or_else(|| nobody(self));
        let (user_key, known_key) = (keys::user(tenancy, user), limits.known_key(user));
        let read = self.table.get_some(&user_key, &ACCOUNT);
        let known = self.table.get(&known_key, Freshness::Strong);
        let (item, known) = try_join(read, known).await?;
        let user: Option<Account> = item.map(from_item).transpose()?;
        let login = user.as_ref().and_then(|user| user.login.as_ref());
        let hash = login.map_or_else(PasswordHashed::of_nobody, |login| login.password.clone());
        let known = known.filter(|item| self.is_live(item));
        let is_known = known.is_some_and(|item| is_of(&item, &hash.fingerprint()));

        if let Some(wait) = self.count_attempt(&limits, is_known).await? {
            return Ok(SignedIn::TooMany(wait));
        }
        let password = sign_in.password;
        let matches = tokio::task::spawn_blocking(move || hash.matches(&password))
            .await
            .map_err(Error::internal)?;
        let (Some(user), Some(held), true) = (user, held, matches) else {
            self.note_wrong_password(held).await?;
            return Ok(SignedIn::Wrong);
        };
        let is_active = user.deactivated_at.is_none() && user.deleted_at.is_none();
        let (true, Some(organization)) = (is_active, held.tenancy.organization()) else {
            self.note_wrong_password(Some(held)).await?;
            return Ok(SignedIn::Wrong);
        };
        let session = self.begin_session(organization, &user, &limits);
        let (session, uncounted) = join(session, self.uncount_attempt(&limits, is_known)).await;
        // One attempt too many in the count is no reason to refuse.
        drop(uncounted);
        session
    }

    /// In the log of the organization where the account is; where there is none, in the log
    /// of what was done in no organization: both take as long.
    async fn note_wrong_password(&self, held: Option<Located>) -> Result<()> {
        let tenancy = held.map_or(Tenancy::None, |held| held.tenancy);
        let user = held.map(|held| AuditResource {
            kind: "user".to_owned(),
            id: held.user.to_string(),
        });
        self.put_refusal(tenancy, user).await
    }

    async fn begin_session(
        &self,
        organization: OrganizationId,
        user: &Account,
        limits: &Limits,
    ) -> Result<SignedIn> {
        let login = user.login.as_ref().ok_or(Error::WrongCredentials)?;
        let fingerprint = login.password.fingerprint();
        let signed_in = retry!(async {
            let (presented, session) =
                self.new_session(organization, user.id, user.session_epoch)?;
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
                logged_in.or_fail(|_| Error::WrongCredentials),
                self.know_address(limits, user.id, &fingerprint),
            ];
            self.transact(writes).await?;
            Ok(SignedIn::Session(presented.reveal()))
        });
        match signed_in {
            Err(Error::WrongCredentials) => Ok(SignedIn::Wrong),
            other => other,
        }
    }

    /// Whether an item's time to live is not over: DynamoDB may take two days to
    /// remove it.
    pub(crate) fn is_live(&self, item: &Item) -> bool {
        let expires = item
            .get(crate::dynamodb::schema::TIME_TO_LIVE)
            .and_then(|value| value.as_n().ok())
            .and_then(|number| number.parse::<i64>().ok());
        expires.is_none_or(|expires| self.now.as_second() < expires)
    }
}

/// What a login reads of a user. The rest may be hundreds of kilobytes, whose
/// reading would tell an account from none.
#[derive(Deserialize)]
struct Account {
    #[serde(rename = "_id")]
    id: UserId,
    #[serde(default)]
    login: Option<Login>,
    #[serde(default)]
    session_epoch: u64,
    #[serde(default)]
    deactivated_at: Option<Timestamp>,
    #[serde(default)]
    deleted_at: Option<Timestamp>,
}

/// The attributes of an [`Account`].
const ACCOUNT: [&str; 5] = [
    "_id",
    "login",
    "session_epoch",
    "deactivated_at",
    "deleted_at",
];

/// Where a user would be: read for an account that does not exist, so that it
/// costs the same.
fn nobody(store: &Store<'_>) -> Located {
    Located {
        tenancy: Tenancy::None,
        user: UserId::generate(store.now),
    }
}
