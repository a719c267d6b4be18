//! A user: one model behind `/v2/users`, `/api/v2` and `/api/v1`.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    access::ceiling::Ceiling,
    access::password::{Password, PasswordHashed},
    access::permission::Permissions,
    access::secret::SecretDigest,
    bookings::availability::{Availability, AvailabilityChange},
    error::Violation,
    id::{ObjectId, TeamId, UserId},
    patch::{Patch, settings},
    team::{TeamLink, TeamRole},
    text::{Email, ExternalId, LoginName, Name, Opaque, WebUrl},
    users::booking_page::{BookingPage, BookingPageChange},
    users::calendar::ExchangeCredentials,
    users::directory::DirectoryDetails,
    users::full_name::FullName,
    users::language::{Language, ShownLanguage},
    zone::ZoneName,
};

/// How long a link to finish a sign-up works: 7 days, in seconds.
pub const SIGNUP_LINK_SECONDS: i64 = 7 * 24 * 60 * 60;

/// How long after an invitation no other is mailed: an hour, in seconds.
pub const INVITATION_INTERVAL_SECONDS: i64 = 60 * 60;

/// How a user came to be (`/v2/users`'s `signedup_with`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignedUpWith {
    /// Created through this API.
    #[default]
    Api,
    /// Asked to finish the sign-up by email.
    Email,
}

settings! {
    /// A user's Google account, as it was in the system the user came from
    /// (`/v2/users`). Kept and answered; nothing here talks to Google. `token`, which
    /// `/v2/users` shows too, is not kept: it is a credential, and nothing may answer
    /// one.
    pub struct GoogleAccount changed by GoogleAccountChange {
        /// Id of the account.
        id: Opaque,
        /// Address of the account.
        email: Email,
        /// Photo of the account.
        picture: WebUrl,
        /// When its contacts were last fetched.
        last_contacts_fetch: Timestamp,
        /// When its profile was last fetched.
        last_profile_fetch: Timestamp,
    }
}

settings! {
    /// What a user is called and how to reach them.
    pub struct Profile changed by ProfileChange {
        /// Address; unique in the organization without regard to case.
        email: Email,
        /// First name.
        first_name: Name,
        /// Last name.
        last_name: Name,
        /// Language.
        language: Language,
        /// Time zone.
        timezone: ZoneName,
        /// Photo.
        picture_url: WebUrl,
        /// Id in the caller's own system; unique in the organization.
        extid: ExternalId,
        /// Id of the user's calendar list in the system the user came from.
        calendar_list: ObjectId,
        /// When the user accepted the terms (`consent.terms`).
        accepted_terms: Timestamp,
    }
}

impl Profile {
    /// First and last name, as far as they are known.
    #[must_use]
    pub fn full_name(&self) -> String {
        let names = [&self.first_name, &self.last_name];
        let names: Vec<_> = names.into_iter().flatten().map(Name::as_str).collect();
        names.join(" ")
    }
}

/// What a user logs in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// Unique across organizations without regard to case.
    pub username: LoginName,
    /// The password's hash.
    pub password: PasswordHashed,
    /// What sessions can do at most: bound where somebody else set the
    /// password.
    #[serde(default, skip_serializing_if = "Ceiling::is_none")]
    pub ceiling: Ceiling,
    /// The address whose reader chose the password, where a link that was mailed
    /// there led to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailed_to: Option<Email>,
}

impl Login {
    /// A name and a password, unbound.
    #[must_use]
    pub fn new(username: LoginName, password: PasswordHashed) -> Self {
        Self {
            username,
            password,
            ceiling: Ceiling::NONE,
            mailed_to: None,
        }
    }
}

/// The tokens of the links of one invitation. Whoever calls can read the one
/// that is answered; the other reaches the address alone.
#[derive(Clone, Debug, Default)]
pub struct SignupTokens {
    /// In the link that the answer has.
    pub answered: Option<String>,
    /// In the link that is mailed.
    pub mailed: Option<String>,
}

/// An invitation that was not accepted yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signup {
    /// Digest of the token in the newest link: of the one that is answered,
    /// where one is. A new link replaces it, which ends the old one.
    pub token: SecretDigest,
    /// Digest of the token in the link that was mailed, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mailed: Option<SecretDigest>,
    /// What a password can do at most that is set through the answered link.
    #[serde(default, skip_serializing_if = "Ceiling::is_none")]
    pub ceiling: Ceiling,
    /// When the link was made: it works for [`SIGNUP_LINK_SECONDS`].
    pub invited_at: Timestamp,
}

impl Signup {
    /// The digests of its tokens, each once.
    pub fn tokens(&self) -> impl Iterator<Item = &SecretDigest> {
        let mailed = self.mailed.as_ref().filter(|one| **one != self.token);
        std::iter::once(&self.token).chain(mailed)
    }

    /// Whether the link with this token is the newest and not too old.
    #[must_use]
    pub fn admits(&self, token: &str, now: Timestamp) -> bool {
        let age = now.duration_since(self.invited_at);
        let is_newest = self.tokens().any(|digest| digest.matches(token));
        is_newest && age < SignedDuration::from_secs(SIGNUP_LINK_SECONDS)
    }
}

/// A user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: UserId,
    /// Its number: small, increasing, never reused (`/api/v2`'s `_id`, `/api/v1`'s `id`).
    pub number: u64,
    /// Names, address, language, zone.
    pub profile: Profile,
    /// How the user came to be.
    pub signedup_with: SignedUpWith,
    /// What the user may do.
    #[serde(default)]
    pub permissions: Permissions,
    /// What the user logs in with, where that was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<Login>,
    /// The invitation, where one is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signup: Option<Signup>,
    /// When the user was moved into the organization, where it was made in
    /// another or had left. Keys from before act as the user no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined_at: Option<Timestamp>,
    /// When the user was last mailed an invitation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited_at: Option<Timestamp>,
    /// When the user was switched off (`/api/v2`'s `deactivate`, `/api/v1`'s `status` 0). A
    /// deactivated user has no access, is not booked and not on public pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deactivated_at: Option<Timestamp>,
    /// When the user was deleted (`/api/v1`). Deleted users are kept for a look at
    /// them by number, and are nowhere else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
    /// When the user last logged in, where they ever did (`/api/v1`'s `last_login`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_login: Option<Timestamp>,
    /// How often all of the user's sessions were ended. A session of another
    /// epoch has ended.
    #[serde(default)]
    pub session_epoch: u64,
    /// What `/api/v1` alone knows of a user.
    #[serde(default)]
    pub directory: DirectoryDetails,
    /// When the user can be booked, where that was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<Availability>,
    /// The booking page, where one was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booking_page: Option<BookingPage>,
    /// The Google account, where one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub google: Option<GoogleAccount>,
    /// Sealed credentials of the user's Exchange calendars.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sealed_calendars: Vec<String>,
    /// The teams the user is in. The team's own list of people is written in
    /// the same transaction, always.
    #[serde(default)]
    pub teams: BTreeMap<String, TeamRole>,
    /// When the user was created.
    pub created_at: Timestamp,
    /// When a request last changed the user.
    pub updated_at: Timestamp,
    /// How often the user was written since, changes of teams included.
    #[serde(rename = "__v")]
    pub version: u64,
}

impl User {
    /// A user with nothing but an identity.
    #[must_use]
    pub fn new(id: UserId, number: u64, now: Timestamp) -> Self {
        Self {
            id,
            number,
            profile: Profile::default(),
            signedup_with: SignedUpWith::default(),
            permissions: Permissions::default(),
            login: None,
            signup: None,
            joined_at: None,
            invited_at: None,
            deactivated_at: None,
            deleted_at: None,
            last_login: None,
            session_epoch: 0,
            directory: DirectoryDetails::default(),
            availability: None,
            booking_page: None,
            google: None,
            sealed_calendars: Vec::new(),
            teams: BTreeMap::new(),
            created_at: now,
            updated_at: now,
            version: 0,
        }
    }

    /// The role the user has in a team, where it has one.
    #[must_use]
    pub fn role_in(&self, team: TeamId) -> Option<TeamRole> {
        self.teams.get(&team.to_string()).copied()
    }

    /// Whether the user is one: neither deactivated nor deleted.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.deactivated_at.is_none() && self.deleted_at.is_none()
    }

    /// Whether the user counts as one who can manage the account.
    #[must_use]
    pub fn is_account_manager(&self) -> bool {
        self.is_active() && self.permissions.account_management
    }

    /// Switches the user on or off. Switching off ends sessions, and the link
    /// of an open invitation.
    pub fn set_active(&mut self, active: bool, now: Timestamp) {
        if active {
            self.deactivated_at = None;
        } else if self.deactivated_at.is_none() {
            self.deactivated_at = Some(now);
            self.signup = None;
            self.end_sessions();
        }
    }

    /// Opens an invitation, which ends the one before.
    pub fn invite(&mut self, tokens: &SignupTokens, now: Timestamp) {
        let digest = |token: &Option<String>| token.as_deref().map(SecretDigest::of);
        let mailed = digest(&tokens.mailed);
        let newest = digest(&tokens.answered).or_else(|| mailed.clone());
        self.signup = newest.map(|token| Signup {
            token,
            mailed,
            ceiling: Ceiling::NONE,
            invited_at: now,
        });
        self.invited_at = Some(now);
        self.signedup_with = SignedUpWith::Email;
    }

    /// What follows from a change of address: the link of an open invitation
    /// was mailed to the old one, which may be a stranger's, so it ends.
    pub fn end_misdirected_invitation(&mut self, before: &Self) {
        let address = |user: &Self| user.profile.email.as_ref().map(Email::folded);
        if self.signup == before.signup && address(self) != address(before) {
            self.signup = None;
            self.invited_at = None;
        }
    }

    /// Ends every session.
    pub fn end_sessions(&mut self) {
        self.session_epoch += 1;
    }

    /// Gives the user credentials. New ones end every session.
    pub fn set_login(&mut self, mut login: Login) {
        let old = self.login.as_ref();
        match old.filter(|old| old.password == login.password) {
            Some(same) => {
                login.ceiling = same.ceiling;
                login.mailed_to.clone_from(&same.mailed_to);
            }
            None => self.end_sessions(),
        }
        self.login = Some(login);
    }

    /// The name that the user logs in with, or would: the login name, else the
    /// address (`/api/v1`'s `username`).
    #[must_use]
    pub fn username(&self) -> Option<&str> {
        let login = self.login.as_ref().map(|login| login.username.as_str());
        login.or_else(|| self.profile.email.as_ref().map(Email::as_str))
    }

    /// The last part of the booking page's address.
    #[must_use]
    pub fn nickname(&self) -> Option<&crate::text::Nickname> {
        self.booking_page.as_ref()?.nickname.as_ref()
    }
}

/// New credentials in a request.
#[derive(Clone, Debug, Default)]
pub struct LoginChange {
    /// Replaces the name.
    pub username: Option<LoginName>,
    /// Replaces the password.
    pub password: Option<Password>,
}

/// What a request asks to become of a user (the body of `/v2/users`).
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    /// The user it names by id (`user._id` or `user.id`), where it names one.
    pub id: Option<UserId>,
    /// Names, address, language, zone, external id.
    pub profile: ProfileChange,
    /// First and last name as one text, where the body has them like that.
    pub full_name: Option<FullName>,
    /// The language, where the surface shows it and cannot choose it.
    pub shown_language: Option<ShownLanguage>,
    /// What the surface shows for what is not set.
    pub shown: Profile,
    /// Whether the user is an admin of the organization.
    pub organization_admin: Option<bool>,
    /// Switches the user on or off.
    pub active: Option<bool>,
    /// Credentials to log in with.
    pub login: Option<LoginChange>,
    /// Whether a link to finish the sign-up is asked for.
    pub finish_signup: bool,
    /// When the user can be booked.
    pub availability: Patch<AvailabilityChange>,
    /// Where in the body the availability stands.
    pub availability_pointer: &'static str,
    /// The booking page.
    pub booking_page: Patch<BookingPageChange>,
    /// The Google account.
    pub google: Patch<GoogleAccountChange>,
    /// Replaces the calendars.
    pub calendars: Option<Vec<ExchangeCredentials>>,
    /// Teams that the user is put in.
    pub teams: Vec<TeamLink>,
}

impl UserChange {
    /// Makes the part of the change that needs nothing but the user: not the
    /// credentials, calendars and teams, which the store writes elsewhere too.
    /// A new user has nothing yet that an answer could have shown.
    pub fn apply(&self, to: &mut User, is_new: bool, now: Timestamp) -> Result<(), Violation> {
        if let Some(shown) = &self.shown_language {
            shown.check(to.profile.language)?;
        }
        let before = (!is_new).then(|| to.profile.clone());
        let change = self.profile.clone();
        if is_new {
            change.apply(&mut to.profile);
        } else {
            change.apply_over(&self.shown, &mut to.profile);
        }
        if let Some(full_name) = &self.full_name {
            let is_split = !(self.profile.first_name.is_keep() && self.profile.last_name.is_keep());
            full_name.apply(before.as_ref(), is_split, &mut to.profile)?;
        }
        if let Some(admin) = self.organization_admin {
            to.permissions.account_management = admin;
        }
        match self.availability.clone() {
            Patch::Keep => {}
            Patch::Clear => to.availability = None,
            Patch::Set(change) => change.apply(
                to.availability.get_or_insert_default(),
                to.profile.timezone.as_ref(),
                self.availability_pointer,
            )?,
        }
        match self.booking_page.clone() {
            Patch::Keep => {}
            Patch::Clear => to.booking_page = None,
            Patch::Set(change) => change.apply(to.booking_page.get_or_insert_default()),
        }
        match self.google.clone() {
            Patch::Keep => {}
            Patch::Clear => to.google = None,
            Patch::Set(change) => change.apply(to.google.get_or_insert_default()),
        }
        if let Some(active) = self.active {
            to.set_active(active, now);
        }
        Ok(())
    }
}
