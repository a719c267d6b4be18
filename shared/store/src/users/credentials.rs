//! What a user logs in with, and the credentials of calendars: what a change makes of
//! them.

use roster_domain::{
    Conflict, Error, Field, Result,
    access::password::{Password, PasswordHashed},
    users::{change::UserChange, login::Login, user::User},
};

use crate::{
    Tenant, dynamodb::capacity::try_join_all, mail::seal::Sealer, users::intent::Prepared,
};

impl Tenant<'_> {
    /// Makes the part of a change that has to be hashed or sealed.
    pub(crate) async fn apply_credentials(
        &self,
        change: &UserChange,
        after: &mut User,
        sealer: &Sealer,
        prepared: &mut Prepared,
    ) -> Result<()> {
        if let Some(login) = &change.login {
            let username = login.username.clone();
            let old = after.login.clone();
            let (old_name, old_password) = old.map(|old| (old.username, old.password)).unzip();
            let required =
                |field: Field| Error::at(field, "is required: the user has no login yet");
            match (
                username.or(old_name),
                prepared.password.clone().or(old_password),
            ) {
                (Some(username), Some(password)) => {
                    after.set_login(Login::new(username, password));
                }
                (None, _) => return Err(required(Field::LoginName)),
                (_, None) => return Err(required(Field::Password)),
            }
        }
        if let Some(tokens) = &prepared.signup_tokens {
            after.invite(tokens, self.store.now);
        }
        if let Some(calendars) = &change.calendars {
            let reusable = prepared.sealed.take().filter(|(user, _)| *user == after.id);
            let sealed = if let Some((_, sealed)) = reusable {
                sealed
            } else {
                let seal = calendars
                    .iter()
                    .map(|calendar| sealer.seal(after.id, calendar));
                try_join_all(seal).await?
            };
            after.sealed_calendars.clone_from(&sealed);
            prepared.sealed = Some((after.id, sealed));
        }
        Ok(())
    }
}

/// A link that nobody can get, or that lets nobody in, is not made.
pub(crate) fn can_finish_signup(user: &User) -> Result<()> {
    if !user.is_active() {
        return Err(
            Conflict::new("the user is deactivated; activate the user first")
                .at(Field::FinishSignup)
                .into(),
        );
    }
    if user.profile.email.is_none() {
        return Err(Error::at(
            Field::Email,
            "is required to finish the sign-up by email",
        ));
    }
    Ok(())
}

/// The hash of the password that a change has, if any.
pub(crate) async fn hash_password(change: &UserChange) -> Result<Option<PasswordHashed>> {
    let password = change
        .login
        .as_ref()
        .and_then(|login| login.password.clone());
    match password {
        Some(password) => hash(password).await.map(Some),
        None => Ok(None),
    }
}

/// Hashes a password. Takes tens of milliseconds of one core: not on the thread
/// that serves other requests.
///
/// # Errors
/// When the hash cannot be computed.
pub async fn hash(password: Password) -> Result<PasswordHashed> {
    tokio::task::spawn_blocking(move || PasswordHashed::new(&password))
        .await
        .map_err(Error::internal)?
}

#[cfg(test)]
mod tests;
