//! The User object of `/v2/users`.

mod booking_page;
pub(in crate::wire) mod hours;

use roster_domain::{
    OrganizationId, UserId,
    calendars::CalendarSource,
    id::ObjectId,
    organization::{Organization, Plan},
    text::{Email, ExternalId, Name, Opaque, WebUrl},
    users::language::Language,
    users::profile::{GoogleAccount, Profile},
    users::user::{SignedUpWith, User},
    zone::ZoneName,
};
use roster_runtime::{
    answer, choice,
    wire::{self, Always, AtMost, IdText},
};
use serde_json::Value;

use self::{booking_page::BookingPageAnswer, hours::AvailabilityAnswer};
use super::{Instant, organization_json::TrialAnswer};

/// What `/v2/users` shows of a profile for what is not set.
#[must_use]
pub fn shown() -> Profile {
    Profile {
        language: Some(Language::DEFAULT),
        ..Profile::default()
    }
}

choice! {
    /// How a user was created.
    struct CreatedWith of ["api", "email"];
}

answer! {
    /// A user as `/v2/users` shows it. What was never set is absent, or has
    /// `/v2/users`'s default.
    pub struct UserAnswer<'a> as "User" {
        "_id" => id: UserId,
        /// At most one.
        "emails" => emails: AtMost<1, &'a Email>,
        "first_name" [optional] => first_name: &'a Name,
        "last_name" [optional] => last_name: &'a Name,
        /// First and last name, as far as known.
        "full_name" => full_name: String,
        "language" => language: Language,
        "timezone" [optional] => timezone: &'a ZoneName,
        "picture_url" [optional] => picture_url: &'a WebUrl,
        /// How the user was created.
        "signedup_with" => signedup_with: CreatedWith,
        /// Present if the user is deactivated.
        "active" [optional] => active: Always<false>,
        "account" => account: AccountAnswer<'a>,
        "calendars" => calendars: CalendarsAnswer,
        "calendarList" [optional] => calendar_list: ObjectId,
        "modules" => modules: ModulesAnswer,
        /// When the user accepted the terms.
        "consent" [optional] => consent: ConsentAnswer,
        "google" [optional] => google: GoogleAnswer<'a>,
        "availability" [optional] => availability: AvailabilityAnswer<'a>,
        "vyteme" [optional] => booking_page: BookingPageAnswer<'a>,
        /// The user's teams.
        "teams" [optional] => teams: Vec<TeamLinkAnswer<'a>>,
        "createdAt" => created_at: Instant,
        "updatedAt" => updated_at: Instant,
        /// Number of changes to the user.
        "__v" => version: u64,
    }

    /// What a write answers.
    pub struct WrittenAnswer<'a> as "WrittenUser" {
        "user" => user: UserAnswer<'a>,
        /// The sign-up link, if requested.
        "link" [optional] => link: String,
    }

    struct AccountAnswer<'a> as "UserAccount" {
        "organization" => organization: AccountOrganizationAnswer<'a>,
        "plan" => plan: Plan,
        /// The URL of the user's page.
        "app_url" => app_url: String,
        ..trial: TrialAnswer,
    }

    struct AccountOrganizationAnswer<'a> {
        "name" => name: &'a Name,
        "id" => id: OrganizationId,
        /// The user's ID in your own system.
        "extid" [optional] => extid: &'a ExternalId,
        /// Present if the user has `accountManagement`.
        "admin" [optional] => admin: Always<true>,
    }

    /// Which calendars are connected: Exchange alone can be, with credentials.
    struct CalendarsAnswer as "ConnectedCalendars" {
        "google" => google: bool,
        "office365" => office365: bool,
        "exchange" => exchange: bool,
        "icloud" => icloud: bool,
        "caldav" => caldav: bool,
    }

    /// What of `/v2/users`'s modules the user has. Roster has no assistant, billing, or
    /// paid tiers of pages and groups: those are never on.
    struct ModulesAnswer as "Modules" {
        "brand" => brand: bool,
        "assistant" => assistant: bool,
        "vyteme" => booking_page: bool,
        "vyteme_pro" => booking_page_pro: bool,
        "availabilities" => availabilities: bool,
        "billing" => billing: bool,
        "group_pro" => group_pro: bool,
        "team" => team: bool,
    }

    struct ConsentAnswer {
        "terms" => terms: Instant,
    }

    struct GoogleAnswer<'a> as "GoogleAccount" {
        "id" [optional] => id: &'a Opaque,
        "email" [optional] => email: &'a Email,
        "picture" [optional] => picture: &'a WebUrl,
        "last_contacts_fetch" [optional] => last_contacts_fetch: Instant,
        "last_profile_fetch" [optional] => last_profile_fetch: Instant,
    }

    struct TeamLinkAnswer<'a> {
        "_id" => id: IdText<'a>,
        "admin" => admin: bool,
        "member" => member: bool,
    }

    /// A user as the Organization object lists its members (`/v2/users`).
    pub struct MemberAnswer<'a> as "Member" {
        "_id" => id: UserId,
        "emails" => emails: Vec<&'a Email>,
        "full_name" => full_name: String,
        "account" => account: PlanAnswer,
        "calendars" => calendars: CalendarsAnswer,
        "picture_url" [optional] => picture_url: &'a WebUrl,
    }

    struct PlanAnswer {
        "plan" => plan: Plan,
    }
}

impl<'a> UserAnswer<'a> {
    /// Of a user in an organization.
    #[must_use]
    pub fn of(user: &'a User, organization: &'a Organization, app_url: &str) -> Self {
        let profile = &user.profile;
        let teams: Vec<_> = user
            .teams
            .iter()
            .map(|(id, role)| TeamLinkAnswer {
                id: IdText(id),
                admin: role.admin,
                member: role.member,
            })
            .collect();
        Self {
            id: user.id,
            emails: AtMost(profile.email.iter().collect()),
            first_name: profile.first_name.as_ref(),
            last_name: profile.last_name.as_ref(),
            full_name: profile.full_name(),
            language: profile.language.unwrap_or(Language::DEFAULT),
            timezone: profile.timezone.as_ref(),
            picture_url: profile.picture_url.as_ref(),
            signedup_with: signedup_with(user),
            active: Always::when(!user.is_active()),
            account: account(user, organization, app_url),
            calendars: calendars(user),
            calendar_list: profile.calendar_list,
            modules: modules(user, organization),
            consent: profile
                .accepted_terms
                .map(|at| ConsentAnswer { terms: Instant(at) }),
            google: user.google.as_ref().map(google),
            availability: user.availability.as_ref().map(AvailabilityAnswer::of),
            booking_page: user.booking_page.as_ref().map(BookingPageAnswer::of),
            teams: (!teams.is_empty()).then_some(teams),
            created_at: Instant(user.created_at),
            updated_at: Instant(user.updated_at),
            version: user.version,
        }
    }
}

/// A user as `/v2/users` shows it.
#[must_use]
pub fn render(user: &User, organization: &Organization, app_url: &str) -> Value {
    wire::value(UserAnswer::of(user, organization, app_url))
}

impl<'a> WrittenAnswer<'a> {
    /// Of a user, and the sign-up link where one was asked for.
    #[must_use]
    pub fn of(
        user: &'a User,
        organization: &'a Organization,
        app_url: &str,
        link: Option<String>,
    ) -> Self {
        let user = UserAnswer::of(user, organization, app_url);
        Self { user, link }
    }
}

/// A user that was written, and the link to finish the sign-up where one was asked for.
#[must_use]
pub fn render_written(
    user: &User,
    organization: &Organization,
    app_url: &str,
    link: Option<String>,
) -> Value {
    wire::value(WrittenAnswer::of(user, organization, app_url, link))
}

/// A user as the Organization object lists its members (`/v2/users`).
#[must_use]
pub fn render_member(user: &User, organization: &Organization) -> Value {
    wire::value(MemberAnswer {
        id: user.id,
        emails: user.profile.email.iter().collect(),
        full_name: user.profile.full_name(),
        account: PlanAnswer {
            plan: organization.plan,
        },
        calendars: calendars(user),
        picture_url: user.profile.picture_url.as_ref(),
    })
}

fn signedup_with(user: &User) -> CreatedWith {
    CreatedWith(match user.signedup_with {
        SignedUpWith::Api => "api",
        SignedUpWith::Email => "email",
    })
}

fn account<'a>(user: &'a User, organization: &'a Organization, app_url: &str) -> AccountAnswer<'a> {
    AccountAnswer {
        organization: AccountOrganizationAnswer {
            name: &organization.name,
            id: organization.id,
            extid: user.profile.extid.as_ref(),
            admin: Always::when(user.permissions.account_management),
        },
        plan: organization.plan,
        app_url: match user.nickname() {
            Some(nickname) => format!("{app_url}/{nickname}"),
            None => app_url.to_owned(),
        },
        trial: TrialAnswer::of(organization),
    }
}

fn calendars(user: &User) -> CalendarsAnswer {
    let has = |source: CalendarSource| user.calendar_sources.contains(&source);
    CalendarsAnswer {
        google: false,
        office365: false,
        // Credentials of before Roster read calendars are no more than credentials.
        exchange: has(CalendarSource::Exchange) || !user.sealed_calendars.is_empty(),
        icloud: false,
        caldav: has(CalendarSource::Caldav),
    }
}

fn modules(user: &User, organization: &Organization) -> ModulesAnswer {
    ModulesAnswer {
        brand: organization.brand.is_some(),
        assistant: false,
        booking_page: user.booking_page.is_some(),
        booking_page_pro: false,
        availabilities: user.availability.is_some(),
        billing: false,
        group_pro: false,
        team: !user.teams.is_empty(),
    }
}

fn google(google: &GoogleAccount) -> GoogleAnswer<'_> {
    GoogleAnswer {
        id: google.id.as_ref(),
        email: google.email.as_ref(),
        picture: google.picture.as_ref(),
        last_contacts_fetch: google.last_contacts_fetch.map(Instant),
        last_profile_fetch: google.last_profile_fetch.map(Instant),
    }
}
