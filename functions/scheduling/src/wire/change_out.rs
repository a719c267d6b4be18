//! Changes in `/v2/changes`.

use roster_domain::{
    changes::{Change, Resource},
    id::ObjectId,
};
use roster_runtime::{
    answer,
    answer::{cursor, list},
    choice, wire,
};
use roster_store::changes::{Changed, Shown};
use serde_json::Value;

use super::{
    Instant,
    event_out::{self, Rendering},
    hook_json, team_json, user_out,
};

choice! {
    /// The kind of what was changed.
    pub struct ResourceKindName of
        roster_domain::changes::ResourceKind::ALL.map(roster_domain::changes::ResourceKind::name);
}

answer! {
    /// What something happened to.
    pub struct ResourceAnswer as "ChangedResource" {
        "kind" => kind: ResourceKindName,
        "_id" => id: ObjectId,
    }

    /// A change.
    pub struct ChangeAnswer as "Change" {
        /// Its place in the feed. Numbers grow; some may be missing.
        "number" => number: u64,
        /// Where the feed goes on behind it: the parameter `cursor` of the next request.
        "cursor" => cursor: String,
        /// When it was made, to the second.
        "at" => at: Instant,
        /// What happened.
        "actions" => actions: Vec<&'static str>,
        "resource" => resource: ResourceAnswer,
        /// Whether the resource is gone since this change.
        "deleted" => deleted: bool,
        /// The resource as it is now: what its own `GET` answers. Null if it is gone.
        "data" => data: Option<Data>,
    }
}

/// What changed, as its own `GET` answers it.
#[derive(Debug, serde::Serialize)]
#[serde(transparent)]
pub struct Data(Value);

#[cfg(feature = "schema")]
impl roster_runtime::schema::Described for Data {
    fn part() -> roster_runtime::schema::Part {
        let shown = ["User", "Team", "ListedEvent", "Hook"];
        roster_runtime::schema::any_of(shown.map(roster_runtime::schema::named))
    }
}

impl ResourceAnswer {
    /// Of a resource.
    #[must_use]
    pub fn of(resource: Resource) -> Self {
        Self {
            kind: ResourceKindName(resource.kind.name()),
            id: resource.id,
        }
    }
}

/// A change, with what there is now of what it is about.
#[must_use]
pub fn render(changed: &Changed, rendering: &Rendering, now: jiff::Timestamp) -> Value {
    let Change {
        number,
        at,
        actions,
        resource,
        deleted,
    } = &changed.change;
    let data = changed.shown.as_deref().map(|shown| match shown {
        Shown::User(user, organization) => user_out::render(user, organization, &rendering.app_url),
        Shown::Team(team) => team_json::render(team),
        Shown::Event(event) => event_out::render(event, rendering),
        Shown::Hook(hook) => hook_json::render(hook, now),
    });
    let data = data.map(Data);
    wire::value(ChangeAnswer {
        number: number.0,
        cursor: cursor::encode(list::CHANGES, number.bytes()),
        at: Instant(*at),
        actions: actions.iter().map(|action| action.name()).collect(),
        resource: ResourceAnswer::of(*resource),
        deleted: *deleted,
        data,
    })
}
