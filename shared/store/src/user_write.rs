//! Creating and changing a user: what must be known, then one transaction.

use aws_sdk_dynamodb::types::AttributeValue;
use roster_domain::{
    Error, Place, Result, UserId, Violation,
    organization::Organization,
    password::PasswordHashed,
    secret::{self, SecretDigest},
    user::{Login, SIGNUP_LINK_SECONDS, User, UserChange},
};

use crate::{
    Tenant,
    backoff::Backoff,
    condition::Condition,
    keys,
    schema::TIME_TO_LIVE,
    seal::Sealer,
    table::to_item,
    transaction::{Failure, Write},
    user_lookup::Known,
};

/// Characters of a sign-up token: 32 of base 62, 190 bits.
const SIGNUP_TOKEN_LENGTH: usize = 32;

/// What a request means to do with the user that it describes.
#[derive(Debug, Clone, Copy)]
pub enum Intent {
    /// Change the user that the body names by id or external id; create one
    /// where it names none (`POST`).
    Upsert,
    /// Change the user of this id, or the one that the body names (`PUT`).
    Update(Option<UserId>),
}

/// What became of it.
#[derive(Debug)]
pub struct Written {
    /// The user as it is now.
    pub user: User,
    /// Its organization.
    pub organization: Organization,
    /// Whether it was created.
    pub created: bool,
    /// The token of the link to finish the sign-up, where one was asked for.
    /// Only its digest is kept.
    pub signup_token: Option<String>,
}

/// What is made once, however often the races are lost.
pub(crate) struct Prepared {
    pub(crate) number: Option<u64>,
    new_id: UserId,
    password: Option<PasswordHashed>,
    signup_token: Option<String>,
    sealed: Option<(UserId, Vec<String>)>,
}

impl Tenant<'_> {
    /// Creates or changes a user: two round trips, three where the body names
    /// an existing user by its external id alone.
    ///
    /// `number` is one that was taken for this user before (a batch takes its
    /// numbers together).
    pub async fn write_user(
        &self,
        change: &UserChange,
        intent: Intent,
        sealer: &Sealer,
        number: Option<u64>,
    ) -> Result<Written> {
        let mut prepared = Prepared {
            number,
            new_id: UserId::generate(self.store.now),
            password: hash_password(change).await?,
            signup_token: change
                .finish_signup
                .then(|| secret::random_base62(SIGNUP_TOKEN_LENGTH)),
            sealed: None,
        };
        let mut backoff = Backoff::default();
        loop {
            match self.try_write(change, intent, sealer, &mut prepared).await {
                Ok(written) => return Ok(written),
                Err(failure) => backoff.after(failure).await?,
            }
        }
    }

    /// How many of these changes would create a user: what a batch takes
    /// numbers for.
    pub async fn count_new(&self, changes: &[&UserChange]) -> Result<Vec<bool>> {
        let guard = |change: &&UserChange| {
            let extid = change.profile.extid.set()?;
            Some(keys::user_extid_guard(self.organization_id(), extid))
        };
        let wanted = changes
            .iter()
            .filter(|change| change.id.is_none())
            .filter_map(guard);
        let found = self
            .store
            .table
            .batch_get(wanted, crate::table::Freshness::Strong)
            .await?;
        let is_new = |change: &&UserChange| {
            change.id.is_none() && guard(change).is_none_or(|key| !found.contains_key(&key))
        };
        Ok(changes.iter().map(is_new).collect())
    }

    /// Takes numbers for users that are to be created; answers the first.
    pub async fn take_user_numbers(&self, count: u64) -> Result<u64> {
        self.store.take_numbers(&keys::user_counter(), count).await
    }

    async fn try_write(
        &self,
        change: &UserChange,
        intent: Intent,
        sealer: &Sealer,
        prepared: &mut Prepared,
    ) -> Result<Written, Failure> {
        let Known {
            organization,
            user: before,
            teams,
        } = self.look_up(change, intent, prepared).await?;
        let mut after = match &before {
            Some(user) => User {
                version: user.version + 1,
                ..user.clone()
            },
            None => self.new_user(change, prepared)?,
        };
        change
            .apply(&mut after, self.store.now)
            .map_err(|violation| Error::Invalid(vec![violation]))?;
        self.apply_credentials(change, &mut after, sealer, prepared)
            .await?;

        let mut writes = Vec::new();
        self.link_teams(
            &change.teams,
            &teams,
            before.as_ref(),
            &mut after,
            &mut writes,
        )?;
        self.move_guards(
            before.as_ref(),
            &after,
            matches!(intent, Intent::Upsert),
            &mut writes,
        );
        let condition = match &before {
            Some(user) => Condition::version(user.version),
            None => Condition::absent(),
        };
        let key = keys::user(self.organization_id(), after.id);
        writes.push(Write::put(&key, None, to_item(&after)?, condition));
        if before.is_none() {
            let number = keys::user_number_guard(after.number);
            writes.push(Write::put(
                &number,
                None,
                self.global_guard(after.id),
                Condition::absent(),
            ));
        }
        if let Some(token) = &after.signup_token
            && prepared.signup_token.is_some()
        {
            writes.push(self.put_signup_token(token, after.id));
        }
        self.store.transact(writes).await?;
        Ok(Written {
            user: after,
            organization,
            created: before.is_none(),
            signup_token: prepared.signup_token.clone(),
        })
    }

    fn new_user(&self, change: &UserChange, prepared: &Prepared) -> Result<User> {
        let has_login = change
            .login
            .as_ref()
            .is_some_and(|login| login.username.is_some());
        let identified = change.profile.email.set().is_some()
            || change.profile.extid.set().is_some()
            || has_login;
        if !identified {
            return Err(Error::at(
                "/user/emails",
                "is required for a new user, unless it has an extid or a login name",
            ));
        }
        let number = prepared
            .number
            .ok_or_else(|| Error::internal("a new user has no number"))?;
        Ok(User::new(prepared.new_id, number, self.store.now))
    }

    async fn apply_credentials(
        &self,
        change: &UserChange,
        after: &mut User,
        sealer: &Sealer,
        prepared: &mut Prepared,
    ) -> Result<()> {
        if let Some(login) = &change.login {
            let username = login.username.clone();
            let old = after.login.take();
            let (old_name, old_password) = old.map(|old| (old.username, old.password)).unzip();
            let required = |name: &str| {
                Violation::unacceptable(
                    Place::body(format!("/login/credentials/{name}")),
                    "is required: the user has no login yet",
                )
            };
            match (
                username.or(old_name),
                prepared.password.clone().or(old_password),
            ) {
                (Some(username), Some(password)) => {
                    after.login = Some(Login { username, password });
                }
                (None, _) => return Err(Error::Invalid(vec![required("username")])),
                (_, None) => return Err(Error::Invalid(vec![required("password")])),
            }
        }
        if let Some(token) = &prepared.signup_token {
            after.signup_token = Some(SecretDigest::of(token));
        }
        if let Some(calendars) = &change.calendars {
            let reusable = prepared.sealed.take().filter(|(user, _)| *user == after.id);
            let sealed = if let Some((_, sealed)) = reusable {
                sealed
            } else {
                let seal = calendars
                    .iter()
                    .map(|calendar| sealer.seal(after.id, calendar));
                futures_util::future::try_join_all(seal).await?
            };
            after.sealed_calendars.clone_from(&sealed);
            prepared.sealed = Some((after.id, sealed));
        }
        Ok(())
    }

    fn put_signup_token(&self, token: &SecretDigest, user: UserId) -> Write {
        let mut item = self.global_guard(user);
        let expires = self.store.now.as_second() + SIGNUP_LINK_SECONDS;
        item.insert(
            TIME_TO_LIVE.to_owned(),
            AttributeValue::N(expires.to_string()),
        );
        Write::put(&keys::signup_token(token), None, item, Condition::absent())
    }
}

/// Hashing takes tens of milliseconds of one core: not on the thread that
/// serves other requests.
async fn hash_password(change: &UserChange) -> Result<Option<PasswordHashed>> {
    let Some(password) = change
        .login
        .as_ref()
        .and_then(|login| login.password.clone())
    else {
        return Ok(None);
    };
    tokio::task::spawn_blocking(move || PasswordHashed::new(&password))
        .await
        .map_err(Error::internal)?
        .map(Some)
}
