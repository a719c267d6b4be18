//! What deliveries say of what something happened to: as its own `GET` answers it.

use roster_domain::{Error, Result, TeamId, id::ObjectId};
use roster_runtime::App;
use roster_scheduling::wire::{
    event_out::{self, Rendering},
    hook_json, team_json, user_out,
};
use roster_store::{
    Tenant,
    changes::{Observed, State},
    dynamodb::table::Freshness,
};
use serde_json::{Value, json};

/// Most bytes of a resource in a delivery. Of a larger one only the id is told.
const MAX_LENGTH: usize = 200 * 1024;

/// A resource, as JSON.
///
/// # Errors
/// When the table cannot be reached.
pub(crate) async fn shown(app: &App, tenant: &Tenant<'_>, observed: &Observed) -> Result<String> {
    let rendered = rendered(app, tenant, observed).await?.to_string();
    if rendered.len() > MAX_LENGTH {
        return Ok(only_id(observed.resource.id).to_string());
    }
    Ok(rendered)
}

async fn rendered(app: &App, tenant: &Tenant<'_>, observed: &Observed) -> Result<Value> {
    let app_url = app.app_url.clone().or_else(|| app.public_url.clone());
    let app_url = app_url.unwrap_or_default();
    Ok(match &observed.state {
        State::User(user) => {
            let organization = tenant.organization(Freshness::Eventual).await?;
            user_out::render(user, &organization, &app_url)
        }
        State::Event(event) => {
            let rendering = Rendering {
                app_url,
                keys_of: None,
            };
            event_out::render(event, &rendering)
        }
        State::Hook(hook) => hook_json::render(hook, tenant.now()),
        State::Team => {
            let id = observed.resource.id;
            match tenant.team(TeamId::from_bytes(id.bytes())).await {
                Ok(team) => team_json::render(&team),
                Err(Error::NotFound(_)) => only_id(id),
                Err(error) => return Err(error),
            }
        }
    })
}

fn only_id(id: ObjectId) -> Value {
    json!({ "_id": id })
}
