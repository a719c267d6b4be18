//! Batches: the batch itself, and items that collide with each other.

use reqwest::Method;
use serde_json::{Value, json};

use super::refused;
use crate::harness::{Api, fixtures::Fields};

const BATCHES: [(Method, &str); 3] = [
    (Method::POST, "/v2/users/batch"),
    (Method::PUT, "/v2/users/batch"),
    (Method::PUT, "/v2/users"),
];

fn statuses(entries: &Value) -> Vec<u64> {
    let entries = entries.as_array().unwrap().iter();
    entries.map(|entry| entry.number("status")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_is_not_an_array_is_refused_as_a_whole() {
    let api = Api::start().await;
    let client = api.organization();
    let item = json!({ "user": { "email": "a@x.org" } });
    for (method, path) in BATCHES {
        for body in [
            json!({}),
            json!("x"),
            json!(7),
            Value::Null,
            item.clone(),
            json!({ "users": item }),
            json!({ "users": null }),
            json!({ "users": [item], "typo": 1 }),
            json!({ "Users": [item] }),
        ] {
            let refusal = refused(&client, method.clone(), path, Some(&body)).await;
            assert_eq!(refusal.status, 400, "{method} {path} {body}");
            assert_eq!(refusal.pointers(), [""], "{method} {path} {body}");
        }
    }
    assert_eq!(client.get("/v2/users").await.json(), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_501_is_a_413_and_writes_nothing() {
    let api = Api::start().await;
    let client = api.organization();
    let items: Vec<_> = (0..501)
        .map(|n| json!({ "user": { "email": format!("{n}@x.org") } }))
        .collect();
    for (method, path) in BATCHES {
        for body in [json!(items), json!({ "users": items })] {
            let refusal = refused(&client, method.clone(), path, Some(&body)).await;
            assert_eq!(refusal.status, 413, "{method} {path}");
        }
    }
    assert_eq!(client.get("/v2/users").await.json(), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_that_is_refused_does_not_hold_up_the_others() {
    let api = Api::start().await;
    let client = api.organization();
    let items = json!([
        { "user": { "email": "a@x.org" } },
        7,
        { "user": { "email": "x", "timezone": "Mars" }, "typo": 1 },
        null,
        { "user": { "email": "b@x.org" } },
    ]);
    let answer = client.post("/v2/users/batch", &items).await;
    assert_eq!(answer.status, 207, "{}", answer.text);
    let entries = answer.json();
    assert_eq!(statuses(&entries), [201, 400, 400, 400, 201]);
    let mut pointers: Vec<_> = entries[2]["error"]["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error.field("pointer"))
        .collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/typo", "/user/email", "/user/timezone"]);
    assert_eq!(entries[0]["user"]["emails"], json!(["a@x.org"]));
    assert_eq!(entries[4]["user"]["emails"], json!(["b@x.org"]));
    assert_eq!(
        client
            .get("/v2/users")
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_items_with_one_address_are_a_201_and_a_409_in_their_order() {
    let api = Api::start().await;
    let client = api.organization();
    let items = json!([
        { "user": { "email": "a@x.org", "first_name": "First" } },
        { "user": { "email": "A@x.org", "first_name": "Second" } },
    ]);
    let entries = client.post("/v2/users/batch", &items).await.json();
    assert_eq!(statuses(&entries), [201, 409]);
    assert_eq!(entries[1]["error"]["existing"], entries[0]["user"]["_id"]);
    let users = client.get("/v2/users").await.json();
    assert_eq!(users.as_array().unwrap().len(), 1);
    assert_eq!(users[0]["first_name"], "First");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_items_with_one_extid_the_second_is_a_409_that_names_the_first() {
    let api = Api::start().await;
    let client = api.organization();
    let item = |name: &str, extid: &str| {
        json!({ "user": {
            "email": format!("{name}@example.com"), "first_name": name,
            "account": { "organization": { "extid": extid } },
        }})
    };
    let wrong =
        json!({ "user": { "first_name": 7, "account": { "organization": { "extid": "8" } } } });
    let items = json!([
        wrong,
        item("Ann", "7"),
        item("Carl", "8"),
        item("Bob", "7"),
        item("Dora", "8"),
        item("Eve", "9"),
    ]);
    let made = client.post("/v2/users/batch", &items).await;
    let entries = made.json();
    // An item that cannot be read takes no extid.
    assert_eq!(statuses(&entries), [400, 201, 201, 409, 409, 201]);
    let refused = &entries[3]["error"];
    assert_eq!(
        refused["errors"][0]["pointer"],
        "/user/account/organization/extid"
    );
    let detail = refused.field("detail");
    assert!(detail.contains("item 1 of this batch"), "{detail}");

    // The same where they exist already, and for updates.
    for (send_with_post, path) in [
        (true, "/v2/users/batch"),
        (false, "/v2/users/batch"),
        (false, "/v2/users"),
    ] {
        let by_extid = |name: &str| {
            json!({ "user": {
                "first_name": name, "account": { "organization": { "extid": "7" } },
            }})
        };
        let items = json!([by_extid("First"), by_extid("Second")]);
        let answer = if send_with_post {
            client.post(path, &items).await
        } else {
            client.put(path, &items).await
        };
        let entries = answer.json();
        assert_eq!(statuses(&entries), [200, 409], "{path}");
        let users = client.get("/v2/users?extid=7").await.json();
        assert_eq!(users[0]["first_name"], "First", "{path}");
    }
    assert_eq!(
        client
            .get("/v2/users")
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn items_that_change_one_user_by_id_are_done_in_their_order() {
    let api = Api::start().await;
    let client = api.organization();
    let id = client.new_user_id("ann@example.com").await;
    let items: Vec<_> = (0..8)
        .map(|n| json!({ "user": { "_id": id, "first_name": n.to_string() } }))
        .collect();
    let entries = client.put("/v2/users/batch", &json!(items)).await.json();
    assert_eq!(statuses(&entries), [200; 8]);
    let user = client.get(&format!("/v2/users/{id}")).await.json();
    assert_eq!(user["first_name"], "7");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_of_an_update_names_its_user_and_an_unknown_one_is_not_created() {
    let api = Api::start().await;
    let client = api.organization();
    let items = json!([
        { "user": { "first_name": "Nobody" } },
        { "user": { "_id": "5f5e10000000000000000000" } },
        { "user": { "account": { "organization": { "extid": "7" } } } },
    ]);
    for path in ["/v2/users", "/v2/users/batch"] {
        let entries = client.put(path, &items).await.json();
        assert_eq!(statuses(&entries), [422, 404, 404], "{path}");
        assert_eq!(entries[0]["error"]["errors"][0]["pointer"], "/user");
    }
    assert_eq!(client.get("/v2/users").await.json(), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_for_another_organization_fails_by_itself_wherever_it_stands() {
    let api = Api::start().await;
    let (other, _) = api.new_organization("Other").await;
    let client = api.organization();
    let foreign = |email: &str| json!({ "organization": other, "user": { "email": email } });
    let items = json!([
        foreign("a@x.org"),
        { "user": { "email": "b@x.org" } },
        foreign("c@x.org"),
    ]);
    let entries = client.post("/v2/users/batch", &items).await.json();
    assert_eq!(statuses(&entries), [403, 201, 403]);
    let users = client.get("/v2/users").await.json();
    assert_eq!(users.as_array().unwrap().len(), 1);

    // The operator's items say which organization is meant.
    let operator = api.operator();
    let own = json!([foreign("a@x.org"), foreign("b@x.org")]);
    let entries = operator.post("/v2/users/batch", &own).await.json();
    assert_eq!(statuses(&entries), [201, 201]);
    let in_query = format!("/v2/users/batch?organization={other}");
    let mixed = json!([
        { "organization": roster_local::setup::ORGANIZATION, "user": { "email": "d@x.org" } },
        { "user": { "email": "e@x.org" } },
    ]);
    let entries = operator.post(&in_query, &mixed).await.json();
    assert_eq!(statuses(&entries), [403, 201]);
}
