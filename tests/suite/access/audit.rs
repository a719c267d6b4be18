//! The audit log: who did what, as far as whoever asks may know.

use jiff::SignedDuration;
use roster_local::routes;
use roster_runtime::{Access, Route};
use serde_json::{Value, json};

use crate::harness::{Api, Client, fixtures::Fields};

const PASSWORD: &str = "correct-horse-battery";

async fn entries(client: &Client<'_>, query: &str) -> Vec<Value> {
    let listed = client.get(&format!("/v2/audit{query}")).await.ok().json();
    listed.as_array().unwrap().clone()
}

fn operations(entries: &[Value]) -> Vec<&str> {
    entries
        .iter()
        .map(|entry| entry.field("operation"))
        .collect()
}

#[tokio::test]
async fn an_entry_says_who_did_what_to_what_from_where_and_names_fields_without_their_values() {
    let api = Api::start().await;
    let client = api.organization();
    let body = json!({
        "user": { "email": "jean@example.com", "first_name": "Jean" },
        "login": { "credentials": { "username": "jean", "password": PASSWORD } },
    });
    let user = client.post("/v2/users", &body).await.created();
    let entry = entries(&client, "").await.remove(0);
    assert_eq!(entry["operation"], "scheduling-create-user");
    assert_eq!(entry["outcome"], "done");
    let actor = json!({ "kind": "organization", "key": "000000000000000000000002" });
    assert_eq!(entry["actor"], actor);
    assert_eq!(
        entry["resource"],
        json!({ "kind": "user", "_id": user.id() })
    );
    let fields = json!(["login.credentials", "user.email", "user.first_name"]);
    assert_eq!(entry["fields"], fields);
    assert_eq!(entry["address"], "127.0.0.1");
    assert_eq!(entry["request_id"], user.header("apigw-requestid").unwrap());
    let session = api
        .anybody()
        .log_in("jean", PASSWORD)
        .await
        .ok()
        .field("token");
    let session = api.with_key(&session);
    session.post_nothing("/api/v2/logout").await.ok();
    let newest = entries(&client, "?limit=2").await;
    assert_eq!(operations(&newest), ["accounts-logout", "accounts-login"]);
    assert_eq!(newest[0]["actor"]["kind"], "session");
    assert_eq!(newest[0]["actor"]["user"], user.id());
    assert_eq!(newest[1]["actor"]["kind"], "login");
    assert_eq!(
        newest[1]["resource"],
        json!({ "kind": "user", "_id": user.id() })
    );
    let all = Value::Array(entries(&client, "").await).to_string();
    for secret in [PASSWORD, "Jean", "jean@example.com"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn what_reads_and_what_changes_nothing_has_no_entry_and_a_batch_one_for_each_change() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client.new_user_id("ada@example.com").await;
    let before = entries(&client, "").await.len();
    client.get("/v2/users").await.ok();
    let path = format!("/v2/users/{user}");
    let same = client.get(&path).await.ok().json();
    client.put(&path, &json!({ "user": same })).await.ok();
    client.post("/v2/users", &json!({ "user": {} })).await;
    assert_eq!(entries(&client, "").await.len(), before);
    let batch = json!([
        { "user": { "email": "bob@example.com" } },
        { "user": { "email": "no address" } },
        { "user": { "email": "eve@example.com" } },
    ]);
    client.post("/v2/users/batch", &batch).await;
    assert_eq!(entries(&client, "").await.len(), before + 2);
}

#[tokio::test]
async fn entries_are_found_by_who_what_when_and_how_and_in_pages() {
    let api = Api::start().await;
    let client = api.organization();
    let mut users = Vec::new();
    for number in 0..5 {
        let email = format!("user{number}@example.com");
        users.push(client.new_user_id(&email).await);
        api.forward(SignedDuration::from_hours(1));
    }
    let key = client
        .post("/v2/keys", &json!({ "name": "usr", "user": users[0] }))
        .await;
    let rename = json!({ "user": { "first_name": "Ada" } });
    client
        .put(&format!("/v2/users/{}", users[1]), &rename)
        .await
        .ok();
    let of = |query: &str| {
        let query = query.to_owned();
        let client = &client;
        async move { entries(client, &query).await }
    };
    let about = of(&format!("?resource={}", users[1])).await;
    assert_eq!(
        operations(&about),
        ["scheduling-update-user", "scheduling-create-user"]
    );
    assert_eq!(of("?operation=scheduling-create-user").await.len(), 5);
    assert_eq!(of("?actor=000000000000000000000002").await.len(), 7);
    assert_eq!(of(&format!("?actor={}", key.id())).await.len(), 0);
    assert_eq!(of("?outcome=refused").await.len(), 0);
    let second = about[1].field("at");
    assert_eq!(of(&format!("?to={second}")).await.len(), 2);
    assert_eq!(of(&format!("?from={second}")).await.len(), 6);
    let all = of("").await;
    assert_eq!(client.list_all("/v2/audit", 2).await, all);
    let created = client
        .list_all("/v2/audit?operation=scheduling-create-user", 2)
        .await;
    assert_eq!(created.len(), 5);
    // Instants may be in any order, and a cursor may be of another list.
    let (early, late) = ("2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z");
    let behind = |at: i64| format!("{at}-ffffffffffffffffffffffff");
    let (first, last) = (behind(0), behind(253_370_764_800_000));
    for (query, found) in [
        (format!("?from={late}&to={early}"), 0),
        (format!("?to={second}&cursor={last}"), 2),
        (format!("?to={second}&cursor={first}"), 0),
        (format!("?from={second}&cursor={last}"), 6),
        (format!("?from={second}&cursor={first}"), 0),
    ] {
        assert_eq!(of(&query).await.len(), found, "{query}");
    }
    for (query, place) in [
        ("?actor=me", "actor"),
        ("?resource=1", "resource"),
        ("?outcome=maybe", "outcome"),
        ("?from=yesterday", "from"),
        ("?to=1", "to"),
        ("?limit=0", "limit"),
        ("?cursor=x", "cursor"),
        ("?other=1", "other"),
    ] {
        let refused = client.get(&format!("/v2/audit{query}")).await;
        crate::hooks::refused(&refused, 400, &[place]);
    }
}

#[tokio::test]
async fn refusals_are_noted_and_no_more_than_fifty_in_a_quarter_of_an_hour() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client.new_user_id("ada@example.com").await;
    let made = client
        .post("/v2/keys", &json!({ "name": "usr", "user": user }))
        .await;
    let ada = api.with_key(&made.field("key"));
    let name = json!({ "name": "x" });
    for _ in 0..60 {
        assert_eq!(ada.post("/v2/keys", &name).await.status, 403);
    }
    let refused = entries(&client, "?outcome=refused&limit=1000").await;
    assert_eq!(refused.len(), 50);
    assert_eq!(refused[0]["operation"], "scheduling-create-key");
    let actor = json!({ "kind": "user", "key": made.id(), "user": user });
    assert_eq!(refused[0]["actor"], actor);
    api.forward(SignedDuration::from_mins(15));
    assert_eq!(ada.get("/v2/keys").await.status, 403);
    assert_eq!(
        entries(&client, "?outcome=refused&limit=1000").await.len(),
        51
    );
}

#[tokio::test]
async fn a_wrong_password_is_noted_where_the_account_is() {
    let api = Api::start().await;
    let client = api.organization();
    let body = json!({
        "user": { "email": "jean@example.com" },
        "login": { "credentials": { "username": "jean", "password": PASSWORD } },
    });
    let user = client.post("/v2/users", &body).await.created().id();
    for name in ["jean", "nobody"] {
        let wrong = api.anybody().log_in(name, "wrong-password").await;
        assert_eq!(wrong.status, 401, "{}", wrong.text);
    }
    let refused = entries(&client, "?outcome=refused").await;
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0]["operation"], "accounts-login");
    assert_eq!(
        refused[0]["resource"],
        json!({ "kind": "user", "_id": user })
    );
}

/// Of what reads: what changes something is looked at in the journey.
#[tokio::test]
async fn each_operation_notes_that_it_was_asked_for_another_organization() {
    let api = Api::start().await;
    let client = api.organization();
    let other = "5f5e1000a1b2c3d4e5f60718";
    let booking = json!({
        "title": "Talk", "created_by": { "email": "gus@example.org" },
        "dates": [{ "date": "2030-01-14T09:00:00Z", "end_date": "2030-01-14T10:00:00Z" }],
    });
    let reads = |route: &&&Route| {
        let is_preview = route.binary == "scheduling-preview-assignment";
        let is_v2 = route.matches[0].1.contains("hooks") || route.matches[0].1.starts_with("/v2/");
        route.access != Access::Public && is_v2 && (is_preview || !route.changes_something())
    };
    for route in routes().iter().filter(reads) {
        let (method, template) = &route.matches[0];
        let steps = template.split('/').map(|step| {
            let is_id = step.starts_with('{');
            if is_id { other } else { step }
        });
        let path = steps.collect::<Vec<_>>().join("/");
        let path = format!("{path}?organization={other}");
        let answer = if *method == reqwest::Method::GET {
            client.get(&path).await
        } else {
            client.post(&path, &booking).await
        };
        assert_eq!(answer.status, 403, "{path}: {}", answer.text);
        let query = format!("?outcome=refused&operation={}", route.binary);
        assert_eq!(entries(&client, &query).await.len(), 1, "{}", route.binary);
        // Of a quarter of an hour, fifty are kept.
        api.forward(SignedDuration::from_mins(15));
    }
}
