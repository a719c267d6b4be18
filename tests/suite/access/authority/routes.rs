//! Every route says whether it needs the present.

use reqwest::Method;
use roster_local::routes;
use roster_runtime::{Access, function::route::Authority};

use super::{Targets, start};

/// What may be done with a cached answer although it is no mere reading, with
/// the reason. Whoever adds a route that changes something adds it here, or
/// has it held to the present.
fn may_be_cached(binary: &str) -> Option<&'static str> {
    Some(match binary {
        "scheduling-add-member"
        | "scheduling-remove-member"
        | "scheduling-make-admin"
        | "scheduling-end-admin"
        | "scheduling-make-admin-only"
        | "scheduling-end-admin-only"
        | "scheduling-create-team"
        | "scheduling-create-teams"
        | "scheduling-update-team"
        | "scheduling-delete-team" => "teams give nobody a permission",
        "scheduling-create-admin-preferences" | "scheduling-update-admin-preferences" => {
            "a mail gives nobody a permission"
        }
        "scheduling-preview-assignment" => "it writes nothing",
        "scheduling-credit-member" => "a ledger gives nobody a permission",
        "scheduling-book-event"
        | "scheduling-reassign-event"
        | "scheduling-reassign-time-off"
        | "scheduling-confirm-event"
        | "scheduling-create-event"
        | "scheduling-create-hold"
        | "scheduling-delete-hold"
        | "scheduling-update-event"
        | "scheduling-invite-to-event"
        | "scheduling-remove-invitee"
        | "scheduling-hand-over-event"
        | "scheduling-cancel-event"
        | "scheduling-decline-event"
        | "scheduling-note-no-show"
        | "scheduling-reschedule-event" => "events are no authority",
        "scheduling-ping-hook" | "scheduling-replay-delivery" => {
            "a hook is told what it is told anyway"
        }
        "accounts-logout" => "it only ends the session that calls",
        "accounts-login" => "it has no caller, and reads the user strongly",
        "accounts-finish-signup" => "its token is looked at when it is used",
        "guests-book-on-page" => "nobody calls it, and it gives nobody a permission",
        "guests-change-event" => "its key is looked at in the event that it changes",
        _ => return None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_that_changes_something_is_held_to_the_present_or_says_why_not() {
    let api = start().await;
    let targets = Targets::new(&api, "routes").await;
    for route in routes() {
        let reads = route
            .matches
            .iter()
            .all(|(method, _)| *method == Method::GET);
        let is_present = route.authority == Authority::Present;
        let what = route.binary;
        // `/api/v1` resets a password with a `GET`.
        if what == "directory-reset-user-password" || !reads {
            let cached = may_be_cached(what);
            assert_eq!(is_present, cached.is_none(), "{what}: {cached:?}");
        } else {
            assert!(!is_present, "{what} changes nothing");
        }
        assert!(!is_present || route.access != Access::Public, "{what}");
        // The walks over what was revoked know a request for each.
        let asked = targets.ask(what, "routes");
        assert_eq!(asked.is_some(), is_present, "{what}: {asked:?}");
    }
}
