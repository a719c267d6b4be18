//! The Organization object (`/v2/users`'s unlink sample), and the body that creates one.

use jiff::Timestamp;
use roster_domain::{
    OrganizationId, Patch, Result,
    id::ObjectId,
    language::SchedulingLanguage,
    organization::{Organization, Trial},
};
use roster_runtime::json::{Node, Violations};
use roster_store::organizations::read::NewOrganization;
use serde_json::{Map, Value, json};

use super::{instant, user_out};

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
    let id: Option<OrganizationId> = object.optional("_id");
    let name = object.required("name");
    let lang: Option<SchedulingLanguage> = object.optional("lang");
    let plan = object.optional("plan");
    let private = object.optional("private").unwrap_or(false);
    let superadmin_team: Patch<ObjectId> = object.patch("superadmin_team");
    let brand: Patch<ObjectId> = object.patch("brand");
    let days = object.patch_integer("free_trial_days", 1..=3_650);
    let started: Patch<Timestamp> = object.patch("free_trial_started");
    if started.set().is_some() {
        object.require("free_trial_days");
        if days == Patch::Clear {
            let detail = "must not be null where free_trial_started is given";
            object.violations().unacceptable("/free_trial_days", detail);
        }
    }
    object.end();
    let trial = days.set().map(|days| Trial {
        days: *days,
        started: started.set().copied().unwrap_or(now),
    });
    Some(NewOrganization {
        id,
        name: name?,
        lang: lang.map(|SchedulingLanguage(language)| language),
        plan,
        private,
        superadmin_team: superadmin_team.set().copied(),
        brand: brand.set().copied(),
        trial,
    })
}

/// An organization, without its people.
#[must_use]
pub fn render(organization: &Organization) -> Map<String, Value> {
    let mut out = Map::from_iter([
        ("_id".to_owned(), organization.id.to_string().into()),
        ("number".to_owned(), organization.number.into()),
        ("name".to_owned(), organization.name.as_str().into()),
        ("lang".to_owned(), organization.lang.code().into()),
        ("plan".to_owned(), json!(organization.plan)),
        ("private".to_owned(), organization.private.into()),
        (
            "createdAt".to_owned(),
            instant(organization.created_at).into(),
        ),
        (
            "updatedAt".to_owned(),
            instant(organization.updated_at).into(),
        ),
        ("__v".to_owned(), organization.version.into()),
    ]);
    let ids = [
        ("superadmin_team", organization.superadmin_team),
        ("brand", organization.brand),
    ];
    for (name, id) in ids {
        if let Some(id) = id {
            out.insert(name.to_owned(), id.to_string().into());
        }
    }
    if let Some(trial) = &organization.trial {
        out.extend(user_out::render_trial(trial));
    }
    out
}
