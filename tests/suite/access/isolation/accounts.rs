//! What the routes of `/api/v2` and the sign-up page are asked about another
//! organization.

use serde_json::{Value, json};

use super::{
    Names,
    operations::{
        Expected::{Own, Refused},
        Probe, by_id, foreign_organization, probe,
    },
};
use crate::access::asks::{
    Asks::{self, Nothing, One, OneUnlessOwn, Session},
    USERS,
};

/// What an operation asks of users, and what it is asked about another organization;
/// none where it is not declared.
pub(super) fn operation(binary: &str) -> Option<(Asks, Vec<Probe>)> {
    let nothing: fn(&Names, &Names) -> Value = |_, _| json!({});
    let operation = match binary {
        "accounts-list-users" => (
            One(USERS),
            vec![
                foreign_organization(),
                probe("a foreign cursor", Own)
                    .query(|asked| format!("?limit=1&cursor={}", asked.user_cursor)),
            ],
        ),
        "accounts-get-user" => (OneUnlessOwn(USERS), by_id(None)),
        "accounts-activate-user" | "accounts-deactivate-user" => (One(USERS), by_id(Some(nothing))),
        "accounts-set-permissions" => (
            One(USERS),
            by_id(Some(|_, _| json!({ "viewMetrics": true }))),
        ),
        "accounts-update-user" => (One(USERS), {
            let mut probes = by_id(Some(|_, _| json!({ "firstName": "Stolen" })));
            probes.push(
                probe("a foreign number in the body", Refused(422))
                    .body(|asked, _| json!({ "_id": asked.user_number.parse::<u64>().unwrap() })),
            );
            probes
        }),
        "accounts-invite-user" => (
            One(USERS),
            vec![
                foreign_organization().body(|_, _| json!({ "email": "new@other.example" })),
                // It is free here.
                probe("a foreign address", Own)
                    .body(|asked, _| json!({ "email": format!("second-{}", asked.email) })),
            ],
        ),
        // Who logs in says who they are with a password. A stranger learns
        // nothing of who there is: tests/suite/surfaces/accounts has the details.
        "accounts-login" => (
            Nothing,
            vec![
                probe("a foreign login name", Refused(401))
                    .body(|asked, _| json!({ "email": asked.login, "password": "wrong horse" })),
                probe("a foreign address", Refused(401))
                    .body(|asked, _| json!({ "email": asked.email, "password": "wrong horse" })),
            ],
        ),
        "accounts-logout" => (
            Session,
            vec![probe("with a key that is no session", Refused(403))],
        ),
        // A token that is not known is a page that is not there: nothing but
        // the token says whose it would be.
        "accounts-show-signup" | "accounts-finish-signup" => (Nothing, {
            vec![probe("an unknown token", Refused(404)).foreign_path()]
        }),
        // Nor does anything but the key of somebody who takes part open an event.
        "guests-show-event" | "guests-change-event" => (Nothing, {
            vec![probe("an event without its key", Refused(404)).foreign_path()]
        }),
        // A page is for anybody who knows its address; of what has none nothing is told.
        "guests-show-page" | "guests-book-on-page" => (Nothing, {
            vec![probe("a private team, and a nickname of nobody", Refused(404)).foreign_path()]
        }),
        _ => return None,
    };
    Some(operation)
}
