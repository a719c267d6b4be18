//! The audit log of `/v2`.

use roster_scheduling::wire::audit_out::AuditAnswer;
use serde_json::{Value, json};
use utoipa::openapi::KnownFormat;

use crate::{
    operation::{AnswerHeader, Operation, Style, operation},
    parameters::{organization, query, window},
    schema::{Described, Parts, array, format, named, one_of, string},
};

/// The descriptions.
pub(super) fn operations() -> Vec<Operation> {
    let instant = || format(KnownFormat::DateTime);
    vec![
        operation(
            "scheduling-list-audit",
            "Audit log",
            Style::Problem,
            "List who did what",
        )
        .about("Newest first: one entry for each request that changed something, written with the change, and entries for requests that were refused because the caller may not do that or the password was wrong. A batch has an entry for each thing that it changed. At most 50 refusals of a quarter of an hour are kept, and wrong passwords as far as login allows attempts. An answer looks through at most 5,000 entries: it can be short or empty and have a `Link` to the rest.")
        .takes([
            organization(),
            query("actor", named("Id"), "Of the key, session or user with this ID."),
            query("resource", named("Id"), "About the resource with this ID."),
            query("operation", string(), "Of this operation, such as `scheduling-update-user`."),
            query("outcome", one_of(&["done", "refused"]), "With this outcome."),
            query("from", instant(), "Since this instant."),
            query("to", instant(), "Until this instant."),
        ])
        .takes(window())
        .answers(200, "The entries.", array(named("AuditEntry")), json!([entry()]))
        .with(AnswerHeader::Link),
    ]
}

fn entry() -> Value {
    json!({
        "_id": "5f5e1000a1b2c3d4e5f60720", "at": "2020-08-07T10:11:39.120Z",
        "operation": "scheduling-update-user",
        "actor": {
            "kind": "user", "key": "5f5e1000a1b2c3d4e5f60721",
            "user": "5f11747afb208c814fd24bb7",
        },
        "address": "198.51.100.7",
        "resource": { "kind": "user", "_id": "5f11747afb208c814fd24bb8" },
        "fields": ["user.first_name"], "outcome": "done",
        "request_id": "6b0da9199b3a4fd0aec817ef-L183",
    })
}

/// The schemas.
pub(super) fn parts() -> Parts {
    let mut parts = Parts::new();
    AuditAnswer::collect(&mut parts);
    parts
}
