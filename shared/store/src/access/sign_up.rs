//! Finishing a sign-up: the token of the link, then the user.

use roster_domain::{
    Actor, Error, Result,
    access::ceiling::Ceiling,
    access::password::PasswordHashed,
    access::secret::SecretDigest,
    organization::Organization,
    text::{Email, LoginName, Name},
    users::login::Login,
    users::user::User,
};

use crate::{
    Store,
    dynamodb::{
        condition::Condition,
        guard::PROVEN,
        item::{from_item, to_item},
        retry::retry,
        table::Freshness,
        transaction::Write,
        write_failure::Failure,
    },
    keys,
    users::{
        by_number::{Located, located},
        commit::{Commit, MAILED},
        edit::Member,
        guards::{Proof, login_name_taken},
    },
};

/// What the user chose.
#[derive(Debug, Clone)]
pub struct SignUp {
    /// First name.
    pub first_name: Name,
    /// Last name.
    pub last_name: Name,
    /// Hash of the password.
    pub password: PasswordHashed,
}

/// An invited user.
#[derive(Debug)]
pub struct Invited {
    /// The user.
    pub user: User,
    /// Who invites.
    pub organization: Organization,
    /// The name that the user logs in with from then on: the one they have, or
    /// the address.
    pub login_name: LoginName,
    /// Whether the link was mailed to the address and told nobody else.
    pub is_mailed: bool,
}

impl Invited {
    /// Whether finishing shows that the user reads what is mailed to the name
    /// that they log in with.
    fn is_proof(&self) -> bool {
        let address = self.user.profile.email.as_ref().map(Email::folded);
        self.is_mailed && address == Some(self.login_name.folded())
    }
}

impl Store<'_> {
    /// Who the link with this token is for: its guard, then the user with the
    /// organization.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the link was used, replaced, withdrawn, is too
    /// old, or never was.
    pub async fn invited(&self, token: &str) -> Result<Invited> {
        let dead = || Error::NotFound("invitation");
        let key = keys::signup_token(&SecretDigest::of(token));
        let guard = self.table.get(&key, Freshness::Strong).await?;
        let held = guard.as_ref().and_then(located).ok_or_else(dead)?;
        let is_mailed = guard.is_some_and(|guard| guard.contains_key(MAILED));
        let Located { tenancy, user } = held;
        let member = self.tenant(tenancy).member(user, Freshness::Strong).await?;
        let Member { user, organization } = member;
        let open = user.is_active()
            && user
                .signup
                .as_ref()
                .is_some_and(|signup| signup.admits(token, self.now));
        let organization = organization.filter(|_| open).ok_or_else(dead)?;
        let login_name = match (&user.login, &user.profile.email) {
            (Some(login), _) => login.username.clone(),
            (None, Some(email)) => email.as_str().parse().map_err(Error::internal)?,
            // It has neither: the operator took its address away.
            (None, None) => return Err(dead()),
        };
        Ok(Invited {
            user,
            organization,
            login_name,
            is_mailed,
        })
    }

    /// Finishes the sign-up: as [`Store::invited`], then one transaction that
    /// ends the link.
    ///
    /// # Errors
    /// As [`Store::invited`]; a conflict where another user logs in with this
    /// name, unless the name is the user's address, only the one who signs up
    /// has shown to read what comes there, and the other gives way.
    pub async fn sign_up(&self, token: &str, chosen: &SignUp) -> Result<Invited> {
        retry!(self.try_sign_up(token, chosen))
    }

    async fn try_sign_up(&self, token: &str, chosen: &SignUp) -> Result<Invited, Failure> {
        let invited = self.invited(token).await?;
        let tenant = self.tenant(invited.organization.id);
        let mut after = invited.user.clone();
        after.profile.first_name = Some(chosen.first_name.clone());
        after.profile.last_name = Some(chosen.last_name.clone());
        // Who made a link that was answered may be who chose the password.
        let signup = after.signup.take().filter(|_| !invited.is_mailed);
        after.set_login(Login {
            username: invited.login_name.clone(),
            password: chosen.password.clone(),
            ceiling: signup.map_or(Ceiling::NONE, |signup| signup.ceiling),
            mailed_to: after.profile.email.clone().filter(|_| invited.is_mailed),
        });
        after.updated_at = self.now;
        after.version += 1;
        let mut writes = Vec::new();
        let proof = if invited.is_proof() {
            Some(self.claim(&invited, &mut writes).await?)
        } else {
            None
        };
        after.end_misdirected_invitation(&invited.user);
        tenant.link_teams(&[], &[], Some(&invited.user), &mut after, &mut writes)?;
        let commit = Commit {
            actor: &Actor::Owner,
            before: Some(&invited.user),
            after: &mut after,
            upsert: false,
            proof,
            writes,
        };
        tenant.commit(commit).await?;
        Ok(Invited {
            user: after,
            ..invited
        })
    }

    /// Claims the login name for somebody who has shown that they read what is
    /// mailed to it. Whoever has it, in whichever organization, and has not
    /// shown that, loses it and the sessions that began with it.
    async fn claim(&self, invited: &Invited, writes: &mut Vec<Write>) -> Result<Proof> {
        let key = keys::login_guard(&invited.login_name);
        let guard = self.table.get(&key, Freshness::Strong).await?;
        let held = guard.as_ref().and_then(located);
        let is_proven = guard.as_ref().is_some_and(|item| item.contains_key(PROVEN));
        if let Some(other) = held.filter(|held| held.user != invited.user.id) {
            if is_proven {
                return Err(login_name_taken());
            }
            let key = keys::user(other.tenancy, other.user);
            let item = self.table.get(&key, Freshness::Strong).await?;
            let holder: Option<User> = item.map(from_item).transpose()?;
            if let Some(mut user) = holder.filter(|user| has_login(user, &invited.login_name)) {
                let read = Condition::version(user.version);
                user.login = None;
                user.end_sessions();
                user.version += 1;
                user.updated_at = self.now;
                writes.push(Write::put(&key, None, to_item(&user)?, read));
            }
        }
        Ok(Proof { guard })
    }
}

fn has_login(user: &User, name: &LoginName) -> bool {
    let own = user.login.as_ref().map(|login| login.username.folded());
    own == Some(name.folded())
}
