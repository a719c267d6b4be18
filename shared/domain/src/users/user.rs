//! A user: one model behind `/v2/users`, `/api/v2` and `/api/v1`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    access::{ceiling::Ceiling, feed::Feed, permission::Permissions, secret::SecretDigest},
    bookings::{availability::Availability, time_off::TimeOff},
    calendars::CalendarSource,
    id::{TeamId, UserId},
    team::TeamRole,
    text::Email,
    users::{
        booking_page::BookingPage,
        directory::DirectoryDetails,
        login::Login,
        mail_topic::MailPreferences,
        profile::{GoogleAccount, Profile},
        signup::{Signup, SignupTokens},
    },
};

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
    /// When the user is away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub time_off: Vec<TimeOff>,
    /// The booking page, where one was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booking_page: Option<BookingPage>,
    /// The Google account, where one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub google: Option<GoogleAccount>,
    /// Sealed credentials of the user's Exchange calendars.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sealed_calendars: Vec<String>,
    /// Where the user's own calendars are.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub calendar_sources: BTreeSet<CalendarSource>,
    /// What the user is mailed about.
    #[serde(default, skip_serializing_if = "MailPreferences::is_empty")]
    pub preferences: MailPreferences,
    /// What opens the feed of the user's calendar, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feed: Option<Feed>,
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
            time_off: Vec::new(),
            booking_page: None,
            google: None,
            sealed_calendars: Vec::new(),
            calendar_sources: BTreeSet::new(),
            preferences: MailPreferences::default(),
            feed: None,
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
