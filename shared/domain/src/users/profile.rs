//! What a user is called and how to reach them, and their account elsewhere.

use jiff::Timestamp;

use crate::{
    id::ObjectId,
    patch::settings,
    text::{Email, ExternalId, Name, Opaque, WebUrl},
    users::language::Language,
    zone::ZoneName,
};

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
