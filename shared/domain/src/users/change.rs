//! What a request asks to become of a user.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    access::feed::Feed,
    bookings::availability::AvailabilityChange,
    error::Violation,
    id::UserId,
    patch::Patch,
    team::TeamLink,
    users::{
        booking_page::BookingPageChange,
        calendar::ExchangeCredentials,
        full_name::FullName,
        language::ShownLanguage,
        login::LoginChange,
        mail_topic::{Defaults, MailTopic},
        profile::{GoogleAccountChange, Profile, ProfileChange},
        user::User,
    },
};

/// What a request asks to become of a user (the body of `/v2/users`).
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    /// The version that the user must be in, where the request says one.
    pub expected: Option<u64>,
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
    /// What opens the feed of the user's calendar; cleared: nothing does.
    pub feed: Patch<Feed>,
    /// What the user is mailed about.
    pub mail_topics: BTreeMap<MailTopic, bool>,
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
        self.feed.clone().apply(&mut to.feed);
        to.preferences.set(self.mail_topics.clone(), Defaults::User);
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
