//! Keys and organizations of `/v2`.

use roster_scheduling::wire::{
    key_json::{KeyAnswer, NewKeyBody, RotationBody},
    organization_json::{NewOrganizationAnswer, NewOrganizationBody},
};
use serde_json::{Value, json};

use crate::{
    operation::{AnswerHeader, JSON, Operation, Style, operation},
    parameters::{organization, window},
    samples::with,
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
            .answers(200, "The keys, without their secrets.", array(named("Key")), json!([key()]))
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
            .shows("The key.", "Key", with(key(), &json!({ "revoked_at": "2020-08-07T10:12:11.260Z" })))
            .refuses([404, 409]),
        operation("scheduling-list-organizations", "Organizations", Style::Problem, "List organizations")
            .takes(window())
            .answers(200, "The organizations.", array(named("Organization")), json!([organization_example()]))
            .with(AnswerHeader::Link),
        operation("scheduling-create-organization", "Organizations", Style::Problem, "Create an organization")
            .about("The response shows its first key once.")
            .body(named("NewOrganizationBody"), vec![("name", json!({ "name": "Acme" }))])
            .answers(201, "The organization and its first key.", named("NewOrganization"), json!({
                "organization": organization_example(), "key": key_with_secret(),
            }))
            .with(AnswerHeader::CacheControl)
            .refuses([409]),
    ]
}

fn key() -> Value {
    json!({
        "_id": "5f2d28fb1e0662e70071d46b",
        "name": "Laptop",
        "role": "usr",
        "organization": "5f198da1c1ac5d1a30fc00f3",
        "user": "5f11747afb208c814fd24bb7",
        "createdAt": "2020-08-07T10:12:11.260Z",
        "created_by": { "key": "5f2d28fb1e0662e70071d46c", "user": null },
        "expires": null,
        "rotated_at": null,
        "revoked_at": null,
        "last_used": "2020-08-07",
        "previous_secret_until": null,
    })
}

fn key_with_secret() -> Value {
    with(
        key(),
        &json!({ "key": "rstr_usr_5f2d28fb1e0662e70071d46b_exampleExampleExampleExample00000000" }),
    )
}

fn organization_example() -> Value {
    json!({
        "_id": "5f198da1c1ac5d1a30fc00f3",
        "number": 1,
        "name": "ACME",
        "lang": "en",
        "plan": "pro",
        "private": false,
        "createdAt": "2020-07-23T13:16:17.125Z",
        "updatedAt": "2020-07-23T13:16:17.125Z",
        "__v": 0,
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
