//! What the routes of `/api/v1` are asked about another organization.

use serde_json::{Value, json};

use super::{
    Names,
    operations::{
        Expected::{Own, Refused, Taken},
        Probe, probe,
    },
};
use crate::access::asks::{
    Asks::{self, One, OneUnlessOwn, Operator},
    USERS,
};

/// What an operation asks of users, and what it is asked about another organization;
/// none where it is not declared.
pub(super) fn operation(binary: &str) -> Option<(Asks, Vec<Probe>)> {
    let operation = match binary {
        "directory-get-user" => (OneUnlessOwn(USERS), by_number(None)),
        "directory-reset-user-password" => (One(USERS), by_number(None)),
        "directory-update-user" => (One(USERS), update_user()),
        "directory-create-user" => (Operator, {
            vec![probe("a new user there", Refused(403)).body(|asked, _| {
                json!({
                    "username": "new", "password": "correct horse", "first_name": "New",
                    "last_name": "New", "org_id": asked.organization_number,
                })
            })]
        }),
        "directory-list-users" => (
            Operator,
            vec![
                probe("a foreign organization", Refused(403))
                    .query(|asked| format!("?org_id={}", asked.organization_number)),
            ],
        ),
        "directory-create-organization" => (Operator, {
            vec![probe("a new organization", Refused(403)).body(|_, _| json!({ "name": "New" }))]
        }),
        "directory-list-organizations" => {
            (Operator, vec![probe("every organization", Refused(403))])
        }
        "directory-update-organization" => (
            Operator,
            vec![
                probe("a foreign organization", Refused(403))
                    .foreign_path()
                    .body(|_, _| json!({ "name": "Stolen" })),
                probe("one's own, for the operator alone", Refused(403))
                    .body(|_, _| json!({ "name": "Renamed" })),
            ],
        ),
        "directory-delete-user"
        | "directory-delete-organization"
        | "directory-get-organization" => (Operator, {
            vec![
                probe("a foreign number", Refused(403)).foreign_path(),
                probe("one's own, for the operator alone", Refused(403)),
            ]
        }),
        _ => return None,
    };
    Some(operation)
}

/// A foreign number in the path is unknown. The number says where things are,
/// so the query names no organization, not even one's own.
fn by_number(body: Option<fn(&Names, &Names) -> Value>) -> Vec<Probe> {
    let mut probes = vec![
        probe("a foreign number", Refused(404)).foreign_path(),
        probe("a foreign organization in the query", Refused(400))
            .query(|asked| format!("?organization={}", asked.organization)),
        probe("both", Refused(400))
            .query(|asked| format!("?organization={}", asked.organization))
            .foreign_path(),
    ];
    for probe in &mut probes {
        probe.body = body;
    }
    probes
}

fn update_user() -> Vec<Probe> {
    let mut probes = by_number(Some(|_, _| json!({ "first_name": "Stolen" })));
    probes.extend([
        probe("a foreign number in the body", Refused(422))
            .body(|asked, _| json!({ "user_id": asked.user_number })),
        probe("a foreign organization", Refused(403))
            .body(|asked, _| json!({ "org_id": asked.organization_number })),
        probe("no organization", Refused(403)).body(|_, _| json!({ "org_id": "0" })),
        probe("one's own organization", Own)
            .body(|_, own| json!({ "org_id": own.organization_number })),
        probe("a foreign company", Refused(422)).body(|_, _| json!({ "company": "ACME" })),
        probe("a foreign login name", Taken).body(|asked, _| json!({ "username": asked.login })),
    ]);
    probes
}
