//! The Organization object (`/v2/users`'s unlink sample), and the body that creates one.

use jiff::Timestamp;
use roster_domain::{
    OrganizationId, Patch, Result, UserId,
    access::key::{ApiKey, PresentedKey},
    id::ObjectId,
    organization::{Organization, Plan, Trial},
    text::Name,
    users::language::{Language, SchedulingLanguage},
};
use roster_runtime::{
    answer, body,
    json::read::{Node, Violations},
    wire::{
        self, Always,
        members::{Nullable, Optional, OrDefault, Patched, Required, Whole},
    },
};
use roster_store::organizations::read::NewOrganization;
use serde_json::Value;

use super::{Instant, key_json::KeyWithSecretAnswer};

/// Most days of a free trial: ten years.
const MAX_TRIAL_DAYS: u32 = 3_650;

body! {
    /// The body that creates an organization.
    pub struct NewOrganizationBody as "NewOrganizationBody" {
        "name" => name: Required<Name>,
        /// An ID that you choose.
        "_id" => id: Optional<OrganizationId>,
        "lang" => lang: Optional<SchedulingLanguage>,
        "plan" => plan: Optional<Plan>,
        "private" => private: OrDefault<Optional<bool>>,
        "superadmin_team" => superadmin_team: Nullable<ObjectId>,
        "brand" => brand: Nullable<ObjectId>,
        /// Length of the free trial, in days. Starts one.
        "free_trial_days" => days: Patched<Whole<1, MAX_TRIAL_DAYS>>,
        /// When the trial started. Default: now.
        "free_trial_started" => started: Nullable<Timestamp>,
    }
}

/// Reads the body that creates an organization.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(body: &Value, now: Timestamp) -> Result<NewOrganization> {
    let violations = Violations::default();
    let read = read_body(&Node::body(body, &violations), now);
    violations
        .check(read)?
        .ok_or_else(|| roster_domain::Error::internal("a body was read as nothing"))
}

fn read_body(node: &Node<'_>, now: Timestamp) -> Option<NewOrganization> {
    let object = node.object()?;
    let body = NewOrganizationBody::members(&object);
    let (days, started) = (body.days, body.started);
    if started.is_some() {
        object.require("free_trial_days");
        if days == Patch::Clear {
            let detail = "must not be null where free_trial_started is given";
            object.violations().unacceptable("/free_trial_days", detail);
        }
    }
    object.end();
    let trial = days.set().map(|days| Trial {
        days: *days,
        started: started.unwrap_or(now),
    });
    let lang = body.lang;
    Some(NewOrganization {
        id: body.id,
        name: body.name?,
        lang: lang.map(|SchedulingLanguage(language)| language),
        plan: body.plan,
        private: body.private,
        superadmin_team: body.superadmin_team,
        brand: body.brand,
        trial,
    })
}

answer! {
    /// An organization, without its people.
    pub struct OrganizationAnswer<'a> as "Organization" {
        "_id" => id: OrganizationId,
        /// The organization's number in `/api/v1`.
        "number" => number: u64,
        "name" => name: &'a Name,
        "lang" => lang: Language,
        "plan" => plan: Plan,
        "private" => private: bool,
        "superadmin_team" [optional] => superadmin_team: ObjectId,
        "brand" [optional] => brand: ObjectId,
        "createdAt" => created_at: Instant,
        "updatedAt" => updated_at: Instant,
        /// Number of changes to the organization.
        "__v" => version: u64,
        ..trial: TrialAnswer,
    }

    /// The members that a free trial adds to an account or an organization.
    pub struct TrialAnswer {
        "free_trial_days" [optional] => days: u32,
        "free_trial_started" [optional] => started: Instant,
        "free_trial_until" [optional] => until: Instant,
    }

    /// An organization that a user was taken out of, without the lists that the answer
    /// has as well.
    pub struct LeftAnswer<'a> {
        /// Users with `accountManagement`.
        "admins" => admins: Vec<UserId>,
        /// The list is cut. The events of the user's teams show the rest.
        "more_events_to_reassign" [optional] => more_events_to_reassign: Always<true>,
        /// The list is cut. `GET /v2/keys` shows who created each key.
        "more_keys_left_behind" [optional] => more_keys_left_behind: Always<true>,
        ..organization: OrganizationAnswer<'a>,
    }

    /// A new organization, and its first key.
    pub struct NewOrganizationAnswer<'a> as "NewOrganization" {
        "organization" => organization: OrganizationAnswer<'a>,
        "key" => key: KeyWithSecretAnswer<'a>,
    }
}

impl<'a> OrganizationAnswer<'a> {
    /// Of an organization.
    #[must_use]
    pub fn of(organization: &'a Organization) -> Self {
        Self {
            id: organization.id,
            number: organization.number,
            name: &organization.name,
            lang: organization.lang,
            plan: organization.plan,
            private: organization.private,
            superadmin_team: organization.superadmin_team,
            brand: organization.brand,
            created_at: Instant(organization.created_at),
            updated_at: Instant(organization.updated_at),
            version: organization.version,
            trial: TrialAnswer::of(organization),
        }
    }
}

impl TrialAnswer {
    /// Of an organization, which may have no free trial.
    #[must_use]
    pub fn of(organization: &Organization) -> Self {
        let trial = organization.trial.as_ref();
        Self {
            days: trial.map(|trial| trial.days),
            started: trial.map(|trial| Instant(trial.started)),
            until: trial.map(|trial| Instant(trial.until())),
        }
    }
}

/// An organization that a user was taken out of: its admins, and whether the lists of
/// events and of keys are cut.
#[must_use]
pub fn render_left(
    organization: &Organization,
    admins: Vec<UserId>,
    more_events: bool,
    more_keys: bool,
) -> Value {
    wire::value(LeftAnswer {
        admins,
        more_events_to_reassign: Always::when(more_events),
        more_keys_left_behind: Always::when(more_keys),
        organization: OrganizationAnswer::of(organization),
    })
}

/// An organization, without its people.
#[must_use]
pub fn render(organization: &Organization) -> Value {
    wire::value(OrganizationAnswer::of(organization))
}

/// A new organization, and its first key with its secret.
#[must_use]
pub fn render_new(organization: &Organization, key: &ApiKey, presented: &PresentedKey) -> Value {
    wire::value(NewOrganizationAnswer {
        organization: OrganizationAnswer::of(organization),
        key: KeyWithSecretAnswer::of(key, presented),
    })
}
