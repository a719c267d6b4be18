//! What a request makes of a user.

use jiff::Timestamp;
use roster_domain::{
    Conflict, Field, Patch, Result,
    access::password::{Password, PasswordHashed},
    organization::Organization,
    text::{Email, LoginName, Name},
    users::directory::DirectoryDetailsChange,
    users::login::Login,
    users::user::User,
};
use roster_runtime::json::read::Violations;

/// A new user.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// What the user logs in with.
    pub username: LoginName,
    /// The password.
    pub password: Password,
    /// First name.
    pub first_name: Name,
    /// Last name.
    pub last_name: Name,
    /// Whether the user is switched on.
    pub active: bool,
    /// The number of the user's organization; 0 for none.
    pub organization: u64,
    /// `/api/v1`'s own fields.
    pub details: DirectoryDetailsChange,
}

impl NewUser {
    /// Makes a user this one.
    pub fn apply(&self, user: &mut User, password: &PasswordHashed, now: Timestamp) {
        user.set_login(Login::new(self.username.clone(), password.clone()));
        // Who logs in with an address is reached by it: the other surfaces
        // know a user by the address.
        user.profile.email = self.username.as_str().parse::<Email>().ok();
        user.profile.first_name = Some(self.first_name.clone());
        user.profile.last_name = Some(self.last_name.clone());
        user.set_active(self.active, now);
        self.details.clone().apply(&mut user.directory);
    }
}

/// A change of a user. Of the texts, `Clear` is an empty one.
#[derive(Clone, Debug)]
pub struct UserChange {
    /// The login name; or the one that is shown, which changes nothing.
    pub username: Patch<LoginName>,
    /// A new password.
    pub password: Option<Password>,
    /// First name.
    pub first_name: Patch<Name>,
    /// Last name.
    pub last_name: Patch<Name>,
    /// The name of the user's organization: nothing else is right.
    pub company: Patch<Name>,
    /// Switches the user on or off.
    pub active: Option<bool>,
    /// Whether the user is deleted: nothing else than what is so is right.
    pub deleted: Option<bool>,
    /// The number of the organization that the user is to be in; 0 for none.
    pub organization: Option<u64>,
    /// `/api/v1`'s own fields.
    pub details: DirectoryDetailsChange,
}

/// What a change is made with, besides the user.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The new password's hash.
    pub password: Option<&'a PasswordHashed>,
    /// Where the user is, and where it is going.
    pub organizations: &'a [Option<&'a Organization>],
    /// Whether no organization has the number that is asked for.
    pub unknown_organization: bool,
    /// When.
    pub now: Timestamp,
}

impl UserChange {
    /// Makes the change.
    ///
    /// # Errors
    /// Everything that this user does not allow.
    pub fn apply(&self, user: &mut User, with: Circumstances<'_>) -> Result<()> {
        let violations = Violations::default();
        if with.unknown_organization {
            let detail = match self.organization {
                Some(number) => format!("no organization has the number {number}"),
                None => "no organization has this number".to_owned(),
            };
            violations.unacceptable("/org_id", detail);
        }
        if self
            .deleted
            .is_some_and(|deleted| deleted != user.deleted_at.is_some())
        {
            let detail = "cannot be changed here; DELETE /api/v1/user/{user_id} deletes a user";
            violations.unacceptable("/is_deleted", detail);
        }
        let named = |name: &str| {
            let mut organizations = with.organizations.iter();
            organizations.any(|found| found.map_or("", |found| found.name.as_str()) == name)
        };
        let is_company = match &self.company {
            Patch::Keep => true,
            Patch::Clear => named(""),
            Patch::Set(name) => named(name.as_str()),
        };
        if !is_company {
            let detail = "must be the name of the user's organization (\
                          PUT /api/v1/org/{org_id} gives it another)";
            violations.unacceptable("/company", detail);
        }
        let profile = &mut user.profile;
        let names = [
            ("/first_name", &self.first_name, &mut profile.first_name),
            ("/last_name", &self.last_name, &mut profile.last_name),
        ];
        for (pointer, change, name) in names {
            match change {
                Patch::Keep => {}
                Patch::Clear if name.is_none() => {}
                Patch::Clear => violations.unacceptable(pointer, "must not be empty"),
                Patch::Set(new) => *name = Some(new.clone()),
            }
        }
        if let Some(active) = self.active {
            user.set_active(active, with.now);
        }
        self.details.clone().apply(&mut user.directory);
        if let Some(login) = self.login(user, with.password, &violations) {
            user.set_login(login);
        }
        violations.check(())
    }

    /// The credentials that the user is to have, where they change.
    fn login(
        &self,
        user: &User,
        password: Option<&PasswordHashed>,
        violations: &Violations,
    ) -> Option<Login> {
        let shown = user.username().unwrap_or_default();
        let new_name = match &self.username {
            Patch::Keep => None,
            Patch::Clear => {
                if !shown.is_empty() {
                    violations.unacceptable("/username", "must not be empty");
                }
                None
            }
            Patch::Set(name) => Some(name).filter(|name| name.as_str() != shown),
        };
        if new_name.is_none() && password.is_none() {
            return None;
        }
        let old = user.login.as_ref();
        let name = new_name.cloned().or_else(|| login_name(user));
        let password = password.or(old.map(|login| &login.password));
        let missing = match (name, password) {
            (Some(username), Some(password)) => {
                return Some(Login::new(username, password.clone()));
            }
            (_, None) => "is required: the user has no login yet",
            (None, _) => "needs a name to log in with: give username too",
        };
        violations.unacceptable("/password", missing);
        None
    }
}

/// The name that a user logs in with, or would: the address, where there is no
/// login.
fn login_name(user: &User) -> Option<LoginName> {
    user.username()?.parse().ok()
}

/// Gives a user a password, under the name that they log in with.
///
/// # Errors
/// A conflict where there is no name to log in with.
pub fn reset_password(user: &mut User, password: &PasswordHashed) -> Result<()> {
    let username = login_name(user).ok_or_else(|| {
        let detail = "the user has neither a login name nor an address; \
                      PUT /api/v1/user/{user_id} with username and password gives a login";
        Conflict::new(detail).at(Field::LoginName)
    })?;
    user.set_login(Login::new(username, password.clone()));
    Ok(())
}
