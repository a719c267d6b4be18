//! The body that creates or changes a user (`/v2/users`).

pub mod availability;
pub mod booking_page;
pub mod calendars;
pub mod google;
pub mod login;

use std::collections::HashSet;

use jiff::Timestamp;
use roster_domain::{
    Error, Field, OrganizationId, Patch, Result,
    team::{MAX_TEAMS_PER_USER, TeamLink, TeamReference, TeamRole},
    text::{Email, ExternalId, Title},
    users::change::UserChange,
    users::full_name::FullName,
    users::language::SchedulingLanguage,
    users::profile::ProfileChange,
};
use roster_runtime::json::read::{Node, Object, Violations};
use roster_runtime::wire::members::{LanguageOf, LanguageRead, Member as _, Readable};
use serde_json::Value;

use self::{
    availability::AvailabilityBody, booking_page::BookingPageBody, calendars::Calendars,
    google::GoogleBody, login::LoginBody,
};
use super::{fields, user_out};

/// Names that only the User object of `/v2/users` has: a body with one of them and
/// without `user` is that object itself, sent back as a `GET` answered it.
const USER_OBJECT_NAMES: [&str; 4] = ["_id", "emails", "full_name", "signedup_with"];

/// What a body says.
#[derive(Debug, Default)]
pub struct UserBody {
    /// The organization that it names.
    pub organization: Option<String>,
    /// What is to become of the user.
    pub change: UserChange,
    /// Where this body has what others have elsewhere.
    pointers: Vec<(Field, &'static str)>,
}

impl UserBody {
    /// An error about this body, told of the fields that were sent.
    #[must_use]
    pub fn told(&self, error: Error) -> Error {
        error.located(|field| {
            let own = self.pointers.iter().find(|(sent, _)| *sent == field);
            own.map(|(_, pointer)| (*pointer).into())
                .or_else(|| fields::location(field))
        })
    }
}

/// Where a body gives what [`UserBody::told`] is about. `user` is the User
/// object: within the body, or the body itself.
fn pointers(
    body: &Object<'_>,
    user: Option<&Object<'_>>,
    is_user_object: bool,
) -> Vec<(Field, &'static str)> {
    let in_user = |name: &str| user.is_some_and(|user| user.has(name));
    let email = match (in_user("email"), in_user("emails")) {
        (false, true) if is_user_object => "/emails",
        (false, true) => "/user/emails",
        (true, _) if is_user_object => "/email",
        _ => "/user/email",
    };
    let mut pointers = vec![(Field::Email, email)];
    if is_user_object {
        pointers.push((Field::UserId, if in_user("_id") { "/_id" } else { "/id" }));
        pointers.push((Field::ExternalId, "/account/organization/extid"));
    } else {
        if !in_user("_id") {
            pointers.push((Field::UserId, "/user/id"));
        }
        if !body.has("vyteme") && in_user("vyteme") {
            pointers.push((Field::Nickname, "/user/vyteme/nickname"));
        }
    }
    pointers
}

/// Reads a body. `user` is required to create (`/v2/users`).
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(body: &Value, user_required: bool) -> Result<UserBody> {
    let violations = Violations::default();
    let read = read_body(&Node::body(body, &violations), user_required);
    violations.check(read).map(Option::unwrap_or_default)
}

fn read_body(node: &Node<'_>, user_required: bool) -> Option<UserBody> {
    let object = node.object()?;
    let is_user_object =
        !object.has("user") && USER_OBJECT_NAMES.iter().any(|name| object.has(name));
    if is_user_object {
        let mut change = new_change("/availability");
        let pointers = pointers(&object, Some(&object), true);
        let organization = read_user(object, &mut change);
        return Some(UserBody {
            organization,
            change,
            pointers,
        });
    }
    let mut organization = super::organization(&object);
    let mut change = new_change("/user/availability");
    if user_required {
        object.require("user");
    }
    let user = object.object("user");
    let pointers = pointers(&object, user.as_ref(), false);
    if let Some(user) = user {
        let named = read_user(user, &mut change);
        if organization.is_some() && named.is_some() && organization != named {
            let detail = "must match organization";
            let pointer = "/user/account/organization/id";
            object.violations().unacceptable(pointer, detail);
        }
        organization = organization.or(named);
    }
    read_settings(&object, &mut change);
    change.finish_signup = finish_signup_with(&object);
    let login = object.optional_with("login", LoginBody::read);
    change.login = login.map(|login| login.credentials);
    if change.finish_signup && object.has("login") {
        let detail =
            "must be absent when finish_signup_with is email: the user chooses a password then";
        object.violations().unacceptable("/login", detail);
    }
    change.calendars = match object.patch_with("calendars", Calendars::read) {
        Patch::Keep => None,
        Patch::Clear => Some(Vec::new()),
        Patch::Set(all) => Some(all.into_iter().map(|one| one.credentials).collect()),
    };
    object.end();
    Some(UserBody {
        organization,
        change,
        pointers,
    })
}

fn new_change(availability_pointer: &'static str) -> UserChange {
    UserChange {
        availability_pointer,
        shown: user_out::shown(),
        ..UserChange::default()
    }
}

/// `availability`, `vyteme` and `teams` stand beside `user` in a request, and
/// within the user in an answer: both places are read.
fn read_settings(object: &Object<'_>, change: &mut UserChange) {
    let availability = object.patch_with("availability", AvailabilityBody::read);
    if !availability.is_keep() {
        refuse_second(object, "availability", !change.availability.is_keep());
        change.availability = availability;
        change.availability_pointer = "/availability";
    }
    let booking_page = object.patch_with("vyteme", BookingPageBody::read);
    if !booking_page.is_keep() {
        refuse_second(object, "vyteme", !change.booking_page.is_keep());
        change.booking_page = booking_page;
    }
    if let Some(teams) = object.optional_with("teams", teams) {
        refuse_second(object, "teams", !change.teams.is_empty());
        change.teams = teams;
    }
}

fn refuse_second(object: &Object<'_>, name: &str, is_second: bool) {
    if is_second {
        let pointer = format!("{}/{name}", object.pointer);
        object
            .violations()
            .unacceptable(pointer, format!("must not be given in user.{name} too"));
    }
}

/// Reads the user; answers the organization that it names.
fn read_user(object: Object<'_>, change: &mut UserChange) -> Option<String> {
    let id = object.optional("_id");
    change.id = object.optional("id").or(id);
    if id.is_some() && change.id != id {
        object
            .violations()
            .unacceptable(format!("{}/id", object.pointer), "must match _id");
    }
    let account = object.object("account");
    let (organization, extid) =
        account.map_or((None, Patch::Keep), |account| read_account(account, change));
    let LanguageRead { own, shown } = LanguageOf::<SchedulingLanguage>::read(&object, "language");
    change.shown_language = shown;
    change.full_name = full_name(&object);
    change.profile = ProfileChange {
        email: email(&object),
        first_name: object.patch("first_name"),
        last_name: object.patch("last_name"),
        language: own,
        timezone: object.patch("timezone"),
        picture_url: object.patch("picture_url"),
        extid,
        calendar_list: object.patch("calendarList"),
        accepted_terms: accepted_terms(&object),
    };
    change.google = object.patch_with("google", GoogleBody::read);
    change.active = object.optional("active");
    read_settings(&object, change);
    if let Some(node) = object.node("calendars")
        && node.value.is_array()
    {
        // Answers say here which are connected: credentials here would be lost.
        node.unacceptable("must be next to user, as calendars");
    }
    object.read_only(&["signedup_with", "modules", "createdAt", "updatedAt", "__v"]);
    object.end();
    organization
}

/// First and last name as one text: answers show it, and a body may have it
/// alone.
fn full_name(object: &Object<'_>) -> Option<FullName> {
    let node = object.node("full_name")?;
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

/// `consent` has one field, so clearing it as a whole clears that one.
fn accepted_terms(object: &Object<'_>) -> Patch<Timestamp> {
    let consent = object.patch_with("consent", |node| {
        let consent = node.object()?;
        let terms = consent.patch("terms");
        consent.end();
        Some(terms)
    });
    match consent {
        Patch::Set(terms) => terms,
        Patch::Clear => Patch::Clear,
        Patch::Keep => Patch::Keep,
    }
}

fn read_account(
    account: Object<'_>,
    change: &mut UserChange,
) -> (Option<String>, Patch<ExternalId>) {
    let (mut id, mut extid) = (None, Patch::Keep);
    if let Some(organization) = account.object("organization") {
        id = organization.optional::<OrganizationId>("id");
        extid = organization.patch("extid");
        change.organization_admin = organization.optional("admin");
        organization.read_only(&["name"]);
        organization.end();
    }
    account.read_only(&[
        "plan",
        "free_trial_days",
        "free_trial_started",
        "free_trial_until",
        "app_url",
    ]);
    account.end();
    (id.map(|id| id.to_string()), extid)
}

/// `email`, `emails` or both when they agree; never more than one address.
fn email(object: &Object<'_>) -> Patch<Email> {
    let single = object.patch::<Email>("email");
    let list = object.patch_with("emails", |node| {
        let addresses = node.array(usize::MAX)?;
        if addresses.len() > 1 {
            let detail = format!("must have at most one address, has {}", addresses.len());
            object.violations().malformed(&*node.pointer, detail);
            return None;
        }
        match addresses.first() {
            Some(address) => address.read::<Email>().map(Some),
            None => Some(None),
        }
    });
    let list = match list {
        Patch::Set(Some(address)) => Patch::Set(address),
        Patch::Set(None) | Patch::Clear => Patch::Clear,
        Patch::Keep => Patch::Keep,
    };
    match (single, list) {
        (Patch::Keep, other) | (other, Patch::Keep) => other,
        (single, list) => {
            let folded = |patch: &Patch<Email>| patch.set().map(Email::folded);
            if folded(&single) != folded(&list) {
                let pointer = format!("{}/email", object.pointer);
                object
                    .violations()
                    .unacceptable(pointer, "must match emails");
            }
            single
        }
    }
}

fn finish_signup_with(object: &Object<'_>) -> bool {
    let with = object.patch_with("finish_signup_with", |node| {
        let text: String = node.read()?;
        if text != "email" {
            node.unacceptable("must be email, or absent");
        }
        Some(())
    });
    with.set().is_some()
}

fn teams(node: Node<'_>) -> Option<Vec<TeamLink>> {
    let mut seen = HashSet::new();
    node.elements(MAX_TEAMS_PER_USER, |node| {
        let link = team_link(&node)?;
        let name = match &link.team {
            TeamReference::Id(id) => format!("id {id}"),
            TeamReference::External(extid) => format!("extid {extid}"),
        };
        if !seen.insert(name) {
            node.unacceptable("names the same team as another entry");
        }
        Some(link)
    })
}

fn team_link(node: &Node<'_>) -> Option<TeamLink> {
    let object = node.object()?;
    let id = object.optional("_id").map(TeamReference::Id);
    let extid = object.optional("extid").map(TeamReference::External);
    let name = object.optional("name");
    let admin = object.optional("admin").unwrap_or(false);
    // `/v2/users`: as admin when admin is true, otherwise as member. Answers show both.
    let member = object.optional("member").unwrap_or(!admin);
    let is_named_once = object.has("_id") != object.has("extid");
    object.end();
    if !is_named_once {
        node.unacceptable("must have either an extid or the _id of a team");
    }
    if !admin && !member {
        node.unacceptable("must make the user an admin or a member");
    }
    Some(TeamLink {
        location: node.pointer.as_str().into(),
        id_location: format!("{}/_id", node.pointer).into(),
        name_location: format!("{}/name", node.pointer).into(),
        team: id.or(extid)?,
        name,
        role: TeamRole { member, admin },
    })
}
