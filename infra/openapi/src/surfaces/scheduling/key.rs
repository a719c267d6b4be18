//! Keys and organizations of `/v2`.

use roster_scheduling::wire::{
    key_json::{self, KeyAnswer, NewKeyBody, RotationBody},
    organization_json::{self, NewOrganizationAnswer, NewOrganizationBody},
};
use serde_json::{Value, json};

use crate::{
    examples,
    operation::{AnswerHeader, JSON, Operation, Style, operation},
    parameters::{organization, window},
    schema::{Described, Parts, Taken, array, named},
};

fn key_operation(binary: &'static str, summary: &'static str) -> Operation {
    operation(binary, "Keys", Style::Problem, summary).takes([organization()])
}

/// The descriptions.
pub(super) fn operations() -> Vec<Operation> {
    let theirs = "Applies to the keys of your organization. An operator who names no organization gets the operator's own keys.";
    let user_key = json!({ "name": "Laptop", "user": "5f11747afb208c814fd24bb7" });
    vec![
        key_operation("scheduling-list-keys", "List keys")
            .about(theirs)
            .takes(window())
            .answers(200, "The keys, without their secrets.", array(named("Key")), json!([key(&json!({}))]))
            .with(AnswerHeader::Link)
            .refuses([404]),
        key_operation("scheduling-create-key", "Create a key")
            .about("With `user`, the key acts as that user. Otherwise it belongs to the organization. The response shows the key once.")
            .body(named("NewKeyBody"), vec![("user", user_key), ("organization", json!({ "name": "Server" }))])
            .answers(201, "The key.", named("KeyWithSecret"), key_with_secret())
            .with(AnswerHeader::CacheControl)
            .refuses([404, 409]),
        key_operation("scheduling-rotate-key", "Rotate a key")
            .about(theirs)
            .bodies(vec![(JSON, named("RotationBody"))], false, vec![("an hour", json!({ "grace_period_seconds": 3_600 }))])
            .shows("The key with its new secret, which is shown once.", "KeyWithSecret", key_with_secret())
            .with(AnswerHeader::CacheControl)
            .refuses([404, 409]),
        key_operation("scheduling-revoke-key", "Revoke a key")
            .about(theirs)
            .shows("The key.", "Key", key(&json!({ "revoked_at": "2020-08-07T10:12:11.260Z" })))
            .refuses([404, 409]),
        key_operation("scheduling-test-auth", "Show your organization")
            .about("Shows the organization of the key that calls.")
            .shows("The organization.", "Organization", organization_example())
            .refuses([404]),
        operation("scheduling-list-organizations", "Organizations", Style::Problem, "List organizations")
            .takes(window())
            .answers(200, "The organizations.", array(named("Organization")), json!([organization_example()]))
            .with(AnswerHeader::Link),
        operation("scheduling-create-organization", "Organizations", Style::Problem, "Create an organization")
            .about("The response shows its first key once.")
            .body(named("NewOrganizationBody"), vec![("name", json!({ "name": "Acme" }))])
            .answers(201, "The organization and its first key.", named("NewOrganization"), new_organization())
            .with(AnswerHeader::CacheControl)
            .refuses([409]),
    ]
}

fn key(more: &Value) -> Value {
    examples::key(more, key_json::render)
}

fn key_with_secret() -> Value {
    examples::key_with_secret(key_json::render_with_secret)
}

fn organization_example() -> Value {
    examples::organization(&json!({}), organization_json::render)
}

fn new_organization() -> Value {
    examples::organization(&json!({}), |organization| {
        examples::key_with_secret(|key, presented| {
            organization_json::render_new(organization, key, presented)
        })
    })
}

/// The schemas.
pub(super) fn parts() -> Parts {
    let mut parts = Parts::new();
    NewKeyBody::collect(&mut parts);
    RotationBody::collect(&mut parts);
    NewOrganizationBody::collect(&mut parts);
    KeyAnswer::collect(&mut parts);
    NewOrganizationAnswer::collect(&mut parts);
    parts
}
