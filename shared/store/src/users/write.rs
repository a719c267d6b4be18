//! Creating and changing a user: what must be known, then one transaction.

use roster_domain::{
    Actor, Error, Field, Result, UserId, organization::Organization, users::change::UserChange,
    users::signup::SignupTokens, users::user::User,
};

use crate::{
    Tenant,
    dynamodb::{capacity::try_join, retry::retry, transaction::Write, write_failure::Failure},
    idempotency::{Answer, Answered, Claimant, Claimed, Repeatable},
    keys,
    mail::{limits::Pace, seal::Sealer},
    users::{
        commit::Commit,
        credentials::{can_finish_signup, hash_password},
        intent::{Intent, Prepared},
        invite::{self, SignupLinks},
        lookup::{Known, LinkedTeam},
        team_links::has_role,
    },
};

/// Where the number of a user comes from, should the request create one.
#[derive(Debug, Clone, Copy)]
pub enum Numbering {
    /// It is taken while the rest is looked up, and given back where the user
    /// is there already: cheaper than a third round trip for each new user.
    AtOnce,
    /// It was taken before: a batch takes its numbers together.
    Taken(u64),
    /// The user was there a moment ago: it is taken only if that has changed.
    IfNew,
}

/// What a write of a user needs besides the change.
#[derive(Debug)]
pub struct WriteContext<'a> {
    /// Seals calendar credentials.
    pub sealer: &'a Sealer,
    /// The links to finish a sign-up.
    pub links: SignupLinks<'a>,
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
    /// The token of the link to finish the sign-up that the answer has, where
    /// one was asked for. Only its digest is kept.
    pub signup_token: Option<String>,
}

/// How a write is answered that may be sent again.
pub struct Once<'a> {
    /// The idempotency key, where one was sent.
    pub repeatable: Option<&'a Repeatable>,
    /// Renders the answer, which is kept with the key.
    pub render: &'a (dyn Fn(&Written) -> Answer + Send + Sync),
}

/// What a try ends with.
enum Outcome {
    Written(Box<Written>),
    /// What was answered before.
    Before(Answer),
}

impl Tenant<'_> {
    /// Creates or changes a user: two round trips, three where the body names
    /// an existing user by its external id alone.
    pub async fn write_user(
        &self,
        change: &UserChange,
        intent: Intent,
        context: &WriteContext<'_>,
        numbering: Numbering,
    ) -> Result<Written> {
        match self
            .write_in_tries(change, intent, context, numbering, None)
            .await?
        {
            Outcome::Written(written) => Ok(*written),
            Outcome::Before(_) => Err(Error::internal("a write without a key was repeated")),
        }
    }

    /// As [`Tenant::write_user`], of one that is created or changed by a request
    /// that may be sent again: no round trip more.
    ///
    /// # Errors
    /// As [`Tenant::write_user`]; a conflict while another request with the key
    /// is answered; a violation where the key came with another request.
    pub async fn write_user_once(
        &self,
        change: &UserChange,
        context: &WriteContext<'_>,
        once: &Once<'_>,
    ) -> Result<Answered> {
        match self
            .write_in_tries(
                change,
                Intent::Upsert,
                context,
                Numbering::AtOnce,
                Some(once),
            )
            .await?
        {
            Outcome::Written(written) => Ok(Answered::Now((once.render)(&written))),
            Outcome::Before(answer) => Ok(Answered::Before(answer)),
        }
    }

    async fn write_in_tries(
        &self,
        change: &UserChange,
        intent: Intent,
        context: &WriteContext<'_>,
        numbering: Numbering,
        once: Option<&Once<'_>>,
    ) -> Result<Outcome> {
        let mut prepared = Prepared {
            number: match numbering {
                Numbering::Taken(number) => Some(number),
                Numbering::AtOnce | Numbering::IfNew => None,
            },
            number_at_once: matches!(numbering, Numbering::AtOnce),
            new_id: UserId::generate(self.store.now),
            password: hash_password(change).await?,
            signup_tokens: change.finish_signup.then(|| SignupTokens {
                answered: Some(invite::new_token()),
                mailed: context.links.are_mailed.then(invite::new_token),
            }),
            sealed: None,
            counted: None,
        };
        let mut claimant = Claimant::new(once.and_then(|once| once.repeatable));
        let written = retry!(async {
            let looked_up = self.look_up(change, intent, &mut prepared);
            let looked_up = self.store.with_actor(looked_up);
            let known = match claimant.claim_while(*self, looked_up).await? {
                Claimed::Before(answer, _) => {
                    self.give_back_number(&mut prepared).await;
                    // Who may not ask any more is not answered again either.
                    self.store.actor().await?;
                    return Ok(Outcome::Before(answer));
                }
                Claimed::Mine(known) => known,
            };
            let keep = |written: &Written| {
                let kept = once.map(|once| claimant.keep(*self, || (once.render)(written)));
                kept.transpose().map(Option::flatten)
            };
            let written = self
                .try_write(change, intent, context, &mut prepared, known, keep)
                .await?;
            Ok(Outcome::Written(Box::new(written)))
        });
        let written = claimant.end(*self, written).await;
        self.end_count(written, prepared.counted.as_ref()).await
    }

    /// Gives back the number that was taken for a user who is there already.
    async fn give_back_number(&self, prepared: &mut Prepared) {
        if let Some(number) = prepared.number.take() {
            // A number that stays unused is no reason to refuse.
            let _ = self.store.give_back(&keys::user_counter(), number).await;
        }
    }

    /// How many of these changes would create a user: what a batch takes
    /// numbers for.
    pub async fn count_new(&self, changes: &[&UserChange]) -> Result<Vec<bool>> {
        let guard = |change: &&UserChange| {
            let extid = change.profile.extid.set()?;
            Some(keys::user_extid_guard(self.tenancy(), extid))
        };
        let wanted = changes
            .iter()
            .filter(|change| change.id.is_none())
            .filter_map(guard);
        let found = self
            .store
            .table
            .batch_get(wanted, crate::dynamodb::table::Freshness::Strong)
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
        context: &WriteContext<'_>,
        prepared: &mut Prepared,
        known: (Actor, Known),
        keep: impl FnOnce(&Written) -> Result<Option<Write>>,
    ) -> Result<Written, Failure> {
        let (actor, known) = known;
        let Known {
            organization,
            user: before,
            mut teams,
        } = known;
        let mut after = match &before {
            Some(user) => user.clone(),
            None => self.new_user(change, prepared)?,
        };
        change
            .apply(&mut after, before.is_none(), self.store.now)
            .map_err(|violation| Error::Invalid(vec![violation]))?;
        self.apply_credentials(change, &mut after, context.sealer, prepared)
            .await?;
        let calendars = match &change.calendars {
            Some(credentials) => {
                let is_new = before.is_none();
                self.set_exchange(is_new, &mut after, credentials).await?
            }
            None => None,
        };
        if change.finish_signup {
            can_finish_signup(&after)?;
        }

        if let Some(before) = &before {
            Error::hold_version(change.expected, before.version)?;
            after.end_misdirected_invitation(before);
            if after == *before && keeps_roles(change, &teams, before) {
                self.read_team_names(&change.teams, &mut teams).await?;
            }
        }
        let mut writes = Vec::from_iter(calendars);
        self.link_teams(
            &change.teams,
            &teams,
            before.as_ref(),
            &mut after,
            &mut writes,
        )?;
        if let Some(before) = &before
            && after == *before
        {
            // Nothing of the user changes: at most a team's name.
            let written = Written {
                user: after,
                organization,
                created: false,
                signup_token: None,
            };
            writes.extend(keep(&written)?);
            if !writes.is_empty() {
                self.store.transact(writes).await?;
            }
            return Ok(written);
        }
        if before.is_some() {
            after.version += 1;
            after.updated_at = self.store.now;
        }
        let tokens = prepared.signup_tokens.as_ref();
        let mailed = tokens.and_then(|tokens| tokens.mailed.as_ref());
        if let (Some(token), Some(to)) = (mailed, &after.profile.email) {
            let mail = self.mail_link(&context.links, &organization, &after, token);
            let count = self.count_mail(to, Pace::AnyTime, &mut prepared.counted);
            let (mail, ()) = try_join(mail, count).await?;
            writes.extend(mail);
        }
        let mut written = Written {
            user: after,
            organization,
            created: before.is_none(),
            signup_token: prepared
                .signup_tokens
                .as_ref()
                .and_then(|tokens| tokens.answered.clone()),
        };
        writes.extend(keep(&written)?);
        self.commit(Commit {
            actor: &actor,
            before: before.as_ref(),
            after: &mut written.user,
            upsert: matches!(intent, Intent::Upsert),
            proof: None,
            writes,
        })
        .await?;
        Ok(written)
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
                Field::Email,
                "is required for a new user, unless it has an extid or a login name",
            ));
        }
        let number = prepared
            .number
            .ok_or_else(|| Error::internal("a new user has no number"))?;
        Ok(User::new(prepared.new_id, number, self.store.now))
    }
}

/// Whether the request leaves the user in the teams that it names as it is.
fn keeps_roles(change: &UserChange, teams: &[Option<LinkedTeam>], before: &User) -> bool {
    let mut links = change.teams.iter().zip(teams);
    links.all(|(link, team)| {
        let team = team.as_ref();
        team.is_some_and(|team| has_role(link, team, Some(before)))
    })
}
