//! The User object in a body (`/v2/users`).

use jiff::Timestamp;
use roster_domain::{
    OrganizationId, Patch, UserId,
    id::ObjectId,
    text::{Email, ExternalId, Name, Title, WebUrl},
    users::{
        change::UserChange, full_name::FullName, language::SchedulingLanguage,
        profile::ProfileChange,
    },
    zone::ZoneName,
};
use roster_runtime::{
    body,
    json::read::{Node, Object},
    wire::members::{LanguageOf, Member, Optional, Patched, Readable},
};

use super::{
    availability::AvailabilityBody, booking_page::BookingPageBody, google::GoogleBody,
    team_links::TeamLinks,
};

body! {
    /// The User object.
    #[derive(Default)]
    pub(super) struct UserFields as "UserFields" {
        "_id" => pub(super) id: Optional<UserId>,
        /// The same as `_id`.
        "id" => same_id: Optional<UserId>,
        /// Unique in the organization.
        "email" => email: Patched<Email>,
        /// The same as `email`. At most one.
        "emails" => emails: Patched<OneEmail>,
        "first_name" => first_name: Patched<Name>,
        "last_name" => last_name: Patched<Name>,
        /// If given alone, the first word becomes the first name, and the rest the last
        /// name. If given with either of them, it must match them or be unchanged.
        "full_name" => full_name: WholeName,
        /// A language that `/v2` does not accept is allowed if the user already has it.
        "language" => language: LanguageOf<SchedulingLanguage>,
        "timezone" => timezone: Patched<ZoneName>,
        "picture_url" => picture_url: Patched<WebUrl>,
        /// ID of a calendar list in the user's original system.
        "calendarList" => calendar_list: Patched<ObjectId>,
        /// Activates or deactivates the user.
        "active" => active: Optional<bool>,
        "account" => account: Optional<AccountBody>,
        "consent" => consent: Patched<ConsentBody>,
        "google" => google: Patched<GoogleBody>,
        ..pub(super) settings: SettingsBody,
        also "calendars": ConnectedCalendars = "Which calendars are connected, as in responses. Ignored in requests: send credentials next to `user`.",
        ignored ["signedup_with", "modules", "createdAt", "updatedAt", "__v"],
    }

    /// What stands beside `user`, or within it.
    #[derive(Default)]
    pub(super) struct SettingsBody {
        "availability" => pub(super) availability: Patched<AvailabilityBody>,
        /// The booking page.
        "vyteme" => pub(super) booking_page: Patched<BookingPageBody>,
        "teams" => pub(super) teams: Optional<TeamLinks>,
    }

    /// The user's account.
    struct AccountBody {
        "organization" => organization: Optional<AccountOrganizationBody>,
        ignored ["plan", "free_trial_days", "free_trial_started", "free_trial_until", "app_url"],
    }

    /// What the user is in the organization.
    struct AccountOrganizationBody {
        /// The user's ID in your own system. Unique in the organization.
        "extid" => extid: Patched<ExternalId>,
        /// Grants or withdraws `accountManagement`.
        "admin" => admin: Optional<bool>,
        /// The organization of the request.
        "id" => id: Optional<OrganizationId>,
        ignored ["name"],
    }

    /// What the user agreed to.
    struct ConsentBody {
        /// When the user accepted the terms.
        "terms" => terms: Patched<Timestamp>,
    }
}

impl UserFields {
    /// The organization that it names.
    pub(super) fn organization(&self) -> Option<OrganizationId> {
        self.account.as_ref()?.organization.as_ref()?.id
    }

    /// Which of two pointers the address is at.
    pub(super) fn email_pointer(&self, email: &'static str, emails: &'static str) -> &'static str {
        if self.email.is_keep() && !self.emails.is_keep() {
            emails
        } else {
            email
        }
    }

    /// What is to become of the user.
    pub(super) fn into_change(self) -> UserChange {
        let email = self.address();
        let account = self.account.and_then(|account| account.organization);
        let (extid, admin) = account.map_or((Patch::Keep, None), |own| (own.extid, own.admin));
        UserChange {
            id: self.same_id.or(self.id),
            profile: ProfileChange {
                email,
                first_name: self.first_name,
                last_name: self.last_name,
                language: self.language.own,
                timezone: self.timezone,
                picture_url: self.picture_url,
                extid,
                calendar_list: self.calendar_list,
                // `consent` has one member, so clearing it as a whole clears that one.
                accepted_terms: match self.consent {
                    Patch::Set(consent) => consent.terms,
                    Patch::Clear => Patch::Clear,
                    Patch::Keep => Patch::Keep,
                },
            },
            full_name: self.full_name,
            shown_language: self.language.shown,
            organization_admin: admin,
            active: self.active,
            availability: self.settings.availability,
            booking_page: self.settings.booking_page,
            google: self.google,
            teams: self.settings.teams.unwrap_or_default(),
            ..UserChange::default()
        }
    }

    /// The address, out of `email` or `emails`: where both are there, they agree.
    fn address(&self) -> Patch<Email> {
        if self.email.is_keep() {
            first(&self.emails)
        } else {
            self.email.clone()
        }
    }
}

/// The one of the addresses that there may be.
fn first(emails: &Patch<Option<Email>>) -> Patch<Email> {
    match emails {
        Patch::Set(Some(address)) => Patch::Set(address.clone()),
        Patch::Set(None) | Patch::Clear => Patch::Clear,
        Patch::Keep => Patch::Keep,
    }
}

/// Reads the members of the User object, and holds those to each other that say the same.
pub(super) fn read(object: &Object<'_>) -> UserFields {
    let user = UserFields::members(object);
    let refuse = |name: &str, detail: &str| {
        let pointer = format!("{}/{name}", object.pointer);
        object.violations().unacceptable(pointer, detail);
    };
    if user.id.is_some() && user.same_id.is_some_and(|id| Some(id) != user.id) {
        refuse("id", "must match _id");
    }
    let folded = |patch: &Patch<Email>| patch.set().map(Email::folded);
    if !user.email.is_keep()
        && !user.emails.is_keep()
        && folded(&user.email) != folded(&first(&user.emails))
    {
        refuse("email", "must match emails");
    }
    user
}

/// The User object in a request.
#[derive(Debug)]
pub(super) struct User;

impl Readable for User {
    type Read = UserFields;

    fn read(node: Node<'_>) -> Option<UserFields> {
        let object = node.object()?;
        let user = read(&object);
        object.end();
        Some(user)
    }
}

/// A list of at most one address.
#[derive(Debug)]
struct OneEmail;

impl Readable for OneEmail {
    type Read = Option<Email>;

    fn read(node: Node<'_>) -> Option<Option<Email>> {
        let addresses = node.array(usize::MAX)?;
        if addresses.len() > 1 {
            let count = addresses.len();
            node.malformed(format!("must have at most one address, has {count}"));
            return None;
        }
        match addresses.first() {
            Some(address) => address.read().map(Some),
            None => Some(None),
        }
    }
}

/// First and last name as one text: answers show it, and a body may have it alone.
#[derive(Debug)]
struct WholeName;

impl Member for WholeName {
    type Read = Option<FullName>;
    type Value = Option<FullName>;

    fn read(object: &Object<'_>, name: &'static str) -> Option<FullName> {
        let node = object.node(name)?;
        let text = if node.value.is_null() || node.value == "" {
            String::new()
        } else {
            node.read::<Title>()?.to_string()
        };
        Some(FullName {
            pointer: node.pointer,
            text,
        })
    }

    fn value(read: Option<FullName>) -> Option<Option<FullName>> {
        Some(read)
    }
}

/// Which calendars are connected: answers say it here, and credentials here would be lost.
#[derive(Debug)]
struct ConnectedCalendars;

impl Member for ConnectedCalendars {
    type Read = ();
    type Value = ();

    fn read(object: &Object<'_>, name: &'static str) {
        if let Some(node) = object.node(name)
            && node.value.is_array()
        {
            node.unacceptable("must be next to user, as calendars");
        }
    }

    fn value((): ()) -> Option<()> {
        Some(())
    }
}

#[cfg(feature = "schema")]
mod schema {
    use roster_runtime::schema::{
        Field, MemberFields, Part, Parts, Taken, anything, array_of, emptied, map, may,
    };

    use super::{ConnectedCalendars, Email, OneEmail, Title, User, UserFields, WholeName};

    impl Taken for User {
        fn taken() -> Part {
            UserFields::taken()
        }

        fn collect(parts: &mut Parts) {
            UserFields::collect(parts);
        }
    }

    impl Taken for OneEmail {
        fn taken() -> Part {
            array_of(Email::taken(), 1)
        }
    }

    impl MemberFields for WholeName {
        fn fields(name: &'static str) -> Vec<Field> {
            vec![emptied(name, Title::taken())]
        }
    }

    impl MemberFields for ConnectedCalendars {
        fn fields(name: &'static str) -> Vec<Field> {
            vec![may(name, map(anything(), None, None))]
        }
    }
}
