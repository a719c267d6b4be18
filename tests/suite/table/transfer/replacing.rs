//! An older state of an organization takes the place of the present one.

use std::ops::ControlFlow;

use roster_transfer::{
    Progress,
    import::{ImportOptions, import},
};
use serde_json::json;

use super::{Everything, Moved, everything, go_on, of_tenant, options};
use crate::harness::{
    Api,
    furnished::{LOGIN, PASSWORD, book, booking},
};

fn replacing(moved: &Moved) -> ImportOptions {
    ImportOptions {
        replace: Some(moved.tenant.organization.parse().unwrap()),
        ..options(&moved.file())
    }
}

/// Without what a restored organization has of its own: an epoch that no
/// session has.
fn without_epochs(mut all: Everything) -> Everything {
    for item in all.values_mut() {
        item.remove("session_epoch");
    }
    all
}

/// Changes the organization in many ways.
async fn live_on(api: &Api, moved: &Moved) {
    let tenant = &moved.tenant;
    let client = api.with_key(&tenant.organization_key);
    let rename = json!({ "login": { "credentials": { "username": "renamed" } } });
    let path = format!("/v2/users/{}", tenant.users[0]);
    client.put(&path, &rename).await.ok();
    let body = json!({
        "user": { "email": "later@example.com" },
        "login": { "credentials": { "username": "later", "password": PASSWORD } },
    });
    client.post("/v2/users", &body).await.created();
    book(&client, &tenant.team, "late", &booking("Late", 20, 10))
        .await
        .created();
    let team = format!("/v2/teams/{}", tenant.team);
    client.delete(&team).await.ok();
    client
        .post("/v2/keys", &json!({ "name": "later" }))
        .await
        .created();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_older_state_takes_the_place_of_the_present_one() {
    let moved = Moved::new().await;
    let expected = of_tenant(&moved.source, &moved.tenant).await;
    let others = everything(&moved.source).await;
    live_on(&moved.source, &moved).await;
    let session = moved.source.with_key(&moved.tenant.session);
    session.get("/v2/users").await.ok();
    let table = &moved.source.app().table;
    import(table, &replacing(&moved), &mut go_on).await.unwrap();
    let there = of_tenant(&moved.source, &moved.tenant).await;
    assert_eq!(without_epochs(there), without_epochs(expected));
    // No session from before acts as a user whose epoch is an older one.
    assert_eq!(session.get("/v2/users").await.status, 403);
    let login = |name: &str| json!({ "email": name, "password": PASSWORD });
    for (name, status) in [(LOGIN, 200), ("renamed", 401), ("later", 401)] {
        let answer = moved
            .source
            .anybody()
            .post("/api/v2/login", &login(name))
            .await;
        assert_eq!(answer.status, status, "{name}: {}", answer.text);
    }
    let client = moved.source.with_key(&moved.tenant.organization_key);
    let again = json!({ "user": { "email": "later@example.com" } });
    client.post("/v2/users", &again).await.created();
    // What is not the organization's is as it was.
    let after = everything(&moved.source).await;
    let own = format!("ORG#{}", moved.tenant.organization);
    for (key, item) in &others {
        if key.0.starts_with("ORG#") && key.0 != own {
            assert_eq!(after.get(key), Some(item), "{key:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replacement_that_stopped_anywhere_is_made_again() {
    for stop_after in [0, 1, 2, 3, 4, 5, 8, 20, 40] {
        let moved = Moved::new().await;
        let expected = of_tenant(&moved.source, &moved.tenant).await;
        live_on(&moved.source, &moved).await;
        let mut steps = 0;
        let mut stop = |progress| {
            let counts = matches!(
                progress,
                Progress::Removing { .. } | Progress::Writing { .. }
            );
            steps += u32::from(counts);
            if counts && steps > stop_after {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        };
        let table = &moved.source.app().table;
        let stopped = import(table, &replacing(&moved), &mut stop).await;
        assert!(stopped.is_err(), "{stop_after}");
        let key = moved.source.with_key(&moved.tenant.organization_key);
        assert_eq!(key.get("/v2/users").await.status, 403, "{stop_after}");
        import(table, &replacing(&moved), &mut go_on).await.unwrap();
        let there = of_tenant(&moved.source, &moved.tenant).await;
        assert_eq!(
            without_epochs(there),
            without_epochs(expected),
            "{stop_after}"
        );
        key.get("/v2/users").await.ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_organization_that_is_replaced_is_named() {
    let moved = Moved::new().await;
    let before = everything(&moved.source).await;
    let mut other = replacing(&moved);
    other.replace = Some(roster_local::setup::ORGANIZATION.parse().unwrap());
    let error = import(&moved.source.app().table, &other, &mut go_on).await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains("--replace names organization"), "{error}");
    assert_eq!(everything(&moved.source).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_have_by_now_is_in_the_way_of_an_older_state() {
    let moved = Moved::new().await;
    let client = moved.source.with_key(&moved.tenant.organization_key);
    let rename = json!({ "login": { "credentials": { "username": "renamed" } } });
    let path = format!("/v2/users/{}", moved.tenant.users[0]);
    client.put(&path, &rename).await.ok();
    let body = json!({
        "user": { "email": "other@example.com" },
        "login": { "credentials": { "username": LOGIN, "password": PASSWORD } },
    });
    let other = moved.source.organization();
    other.post("/v2/users", &body).await.created();
    let before = everything(&moved.source).await;
    let error = import(&moved.source.app().table, &replacing(&moved), &mut go_on).await;
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains("1 thing is") && error.contains("login name"),
        "{error}"
    );
    let after = everything(&moved.source).await;
    assert_eq!(after.len(), before.len());
}
