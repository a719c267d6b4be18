//! The operations of `/api/v1`.

use serde_json::{Value, json};

use super::hold;
use crate::harness::Api;

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_of_the_directory_stays_within_its_round_trips() {
    let api = Api::start().await;
    let (operator, owner) = (api.operator(), api.organization());
    let new = |username: &str, fields: Value| {
        let mut body = json!({
            "username": username, "password": "correct horse", "first_name": "A", "last_name": "B",
        });
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    let created = operator
        .post("/api/v1/user", &new("ada", json!({ "org_id": 1 })))
        .await;
    hold("create user (/api/v1)", 3, &created);
    let nowhere = operator
        .post("/api/v1/user", &new("grace", json!({})))
        .await;
    hold("create user, no organization (/api/v1)", 2, &nowhere);
    // Each number leads to a guard, the guard to the thing.
    let path = "/api/v1/user/1";
    hold("get user (/api/v1)", 2, &operator.get(path).await);
    hold("get user, own key (/api/v1)", 2, &owner.get(path).await);
    let mobile = json!({ "mobile": "7" });
    hold(
        "update user (/api/v1)",
        3,
        &operator.put(path, &mobile).await,
    );
    let same = json!({ "mobile": "7", "org_id": 1 });
    hold(
        "update user, no change (/api/v1)",
        2,
        &operator.put(path, &same).await,
    );
    let reset = operator.get("/api/v1/resetUserPassword/1").await;
    hold("reset password (/api/v1)", 3, &reset);
    let listed = operator.get("/api/v1/users?org_id=1&limit=100").await;
    hold("list users page (/api/v1)", 3, &listed);
    let moved = operator.put(path, &json!({ "org_id": 0 })).await;
    hold("move user out (/api/v1)", 3, &moved);
    let moved = operator.put(path, &json!({ "org_id": 1 })).await;
    hold("move user in (/api/v1)", 3, &moved);
    hold("delete user (/api/v1)", 3, &operator.delete(path).await);

    let name = json!({ "name": "New" });
    let created = operator.post("/api/v1/org", &name).await;
    hold("create organization (/api/v1)", 2, &created);
    let path = "/api/v1/org/2";
    hold("get organization (/api/v1)", 2, &operator.get(path).await);
    hold(
        "update organization (/api/v1)",
        3,
        &operator.put(path, &name).await,
    );
    let listed = operator.get("/api/v1/orgs?limit=100").await;
    hold("list organizations page (/api/v1)", 1, &listed);
    // Closed, counted, its keys and teams ended, counted again, removed.
    hold(
        "delete organization (/api/v1)",
        9,
        &operator.delete(path).await,
    );
}
