//! What each operation costs at DynamoDB, held to the budget and printed:
//! `cargo test -p roster-tests budget -- --nocapture`.

use serde_json::{Value, json};

use crate::harness::{Answer, Api};

/// Prints a line of the table and holds the operation to its round trips.
fn hold(operation: &str, most_round_trips: u32, answer: &Answer) {
    assert!(answer.status.is_success(), "{operation}: {}", answer.text);
    let cost = answer.cost();
    println!(
        "| {operation} | {} | {} | {} | {} |",
        cost.round_trips, cost.calls, cost.read, cost.write
    );
    assert!(
        cost.round_trips <= most_round_trips,
        "{operation} took {} round trips one after another, {most_round_trips} are allowed",
        cost.round_trips
    );
}

fn id(value: &Value) -> &str {
    value["_id"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_stays_within_its_round_trips() {
    let api = Api::start().await;
    let client = api.organization();
    println!("| operation | sequential round trips | calls | RCU | WCU |\n|---|---|---|---|---|");

    let body = json!({
        "user": {
            "email": "jean@example.com", "first_name": "Jean",
            "account": { "organization": { "extid": "1" } },
        },
        "teams": [{ "extid": "a", "name": "A" }, { "extid": "b", "name": "B" }],
        "vyteme": { "nickname": "jean" },
    });
    let created = client.post("/v2/users", &body).await;
    hold(
        "create user with extid, nickname and two new teams",
        2,
        &created,
    );
    let user = created.json()["user"].clone();
    let path = format!("/v2/users/{}", id(&user));
    hold(
        "create user",
        2,
        &client
            .post("/v2/users", &json!({ "user": { "email": "a@x.org" } }))
            .await,
    );
    hold(
        "update user",
        2,
        &client
            .put(&path, &json!({ "user": { "language": "fr" } }))
            .await,
    );
    let renamed = json!({ "user": { "first_name": "Jeanne" } });
    hold(
        "update user, name copied to two teams",
        2,
        &client.put(&path, &renamed).await,
    );
    let upsert = json!({ "user": {
        "email": "jean@example.com", "account": { "organization": { "extid": "1" } },
    }});
    // The external id leads to a guard, the guard to the user.
    hold(
        "upsert of an existing user by extid",
        3,
        &client.post("/v2/users", &upsert).await,
    );
    hold("get user", 1, &client.get(&path).await);
    hold(
        "list users page",
        1,
        &client.get("/v2/users?limit=100").await,
    );
    hold(
        "find user by address",
        2,
        &client.get("/v2/users?email=jean@example.com").await,
    );
    hold(
        "find user by extid",
        2,
        &client.get("/v2/users?extid=1").await,
    );

    let people = json!({ "extid": "c", "name": "C", "members": [id(&user)], "public": true });
    let created = client.post("/v2/teams", &people).await;
    hold("create team", 2, &created);
    let team = created.json();
    let path = format!("/v2/teams/{}", id(&team));
    hold(
        "update team",
        2,
        &client
            .put(&path, &json!({ "members": [], "admins": [id(&user)] }))
            .await,
    );
    hold("get team", 1, &client.get(&path).await);
    hold(
        "list teams page",
        1,
        &client.get("/v2/teams?limit=100").await,
    );
    hold(
        "users of a team",
        2,
        &client.get(&format!("/v2/users?team={}", id(&team))).await,
    );
    hold(
        "public team",
        1,
        &api.anybody().get(&format!("{path}/public")).await,
    );
    hold("delete team", 2, &client.delete(&path).await);
    hold(
        "unlink user",
        3,
        &client.delete(&format!("/v2/users/{}", id(&user))).await,
    );

    let batch: Vec<_> = (0..500)
        .map(|n| json!({ "user": { "email": format!("{n}@example.com") } }))
        .collect();
    let answer = client.post("/v2/users/batch", &Value::Array(batch)).await;
    let statuses: Vec<_> = answer
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["status"].clone())
        .collect();
    assert_eq!(statuses, vec![json!(201); 500]);
    hold("batch of 500 new users", 500, &answer);
    // One update takes the 500 numbers: 2 calls for each user and no more, plus
    // the numbers and nothing to look up before.
    assert_eq!(answer.cost().calls, 1 + 2 * 500);
    let numbers = client.get("/v2/keys").await;
    hold("list keys", 1, &numbers);
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_are_eventually_consistent_at_half_a_unit_for_four_kilobytes() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client.new_user_id("jean@example.com").await;
    let team = client
        .new_team(json!({ "extid": "1", "name": "A", "public": true }))
        .await;
    // The user, and the organization that its answer names.
    let cost = client.get(&format!("/v2/users/{user}")).await.cost();
    assert!((cost.read - 1.0).abs() < f64::EPSILON, "{cost:?}");
    for path in [
        format!("/v2/teams/{}", id(&team)),
        format!("/v2/teams/{}/public", id(&team)),
    ] {
        let cost = client.get(&path).await.cost();
        assert!((cost.read - 0.5).abs() < f64::EPSILON, "{path}: {cost:?}");
    }
}
