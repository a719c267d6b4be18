//! Creating many teams with one request.

use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, fixtures::Fields};

const PATH: &str = "/v2/teams/batch";

async fn send(client: &Client<'_>, body: &Value) -> Value {
    let answer: Answer = client.post(PATH, body).await;
    assert_eq!(answer.status, 207, "{}", answer.text);
    answer.json()
}

fn statuses(entries: &Value) -> Vec<u64> {
    let entries = entries.as_array().unwrap().iter();
    entries.map(|entry| entry.number("status")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_team_is_made_or_refused_by_itself_and_answered_in_order() {
    let api = Api::start().await;
    let client = api.organization();
    let ann = client.new_user_id("ann@example.com").await;
    let teams = json!([
        { "extid": "1", "name": "One", "public": true, "members": [ann], "level_name": "Level",
          "assignment": { "strategy": "round_robin" } },
        { "extid": "2" },
        { "extid": "1", "name": "One again" },
        7,
        { "extid": "3", "name": "Three", "members": ["5f5e10000000000000000000"] },
        { "extid": "4", "name": "Four", "admins": [{ "email": "ANN@example.com" }] },
    ]);
    let entries = send(&client, &json!({ "teams": teams })).await;
    assert_eq!(statuses(&entries), [201, 422, 409, 400, 422, 201]);
    assert_eq!(entries[1]["error"]["errors"][0]["pointer"], "/name");
    assert_eq!(entries[2]["error"]["errors"][0]["pointer"], "/extid");
    let detail = entries[2]["error"].field("detail");
    assert!(detail.contains("item 0 of this batch"), "{detail}");
    assert_eq!(entries[4]["error"]["errors"][0]["pointer"], "/members/0");
    let made = &entries[0]["team"];
    let path = format!("/v2/teams/{}", made.id());
    assert_eq!(client.get(&path).await.ok().json(), *made);
    assert_eq!(made["assignment"]["strategy"], "round_robin");
    assert_eq!(entries[5]["team"]["admins"], json!([ann]));
    let listed = client.get("/v2/teams").await.ok().json();
    assert_eq!(listed.as_array().unwrap().len(), 2);

    // The same again: the external ids are taken.
    let again = send(&client, &json!([teams[0], teams[5]])).await;
    assert_eq!(statuses(&again), [409, 409]);
    assert_eq!(again[0]["error"]["errors"][0]["pointer"], "/extid");
}

#[tokio::test(flavor = "multi_thread")]
async fn teams_of_the_same_people_are_all_made_and_all_have_them() {
    let api = Api::start().await;
    let client = api.organization();
    let (ann, bob) = (
        client.new_user_id("ann@example.com").await,
        client.new_user_id("bob@example.com").await,
    );
    let teams: Vec<_> = (0..30)
        .map(|n| json!({ "extid": n.to_string(), "name": "Team", "members": [ann, bob] }))
        .collect();
    let entries = send(&client, &json!(teams)).await;
    assert_eq!(statuses(&entries), [201; 30]);
    let user = client.get(&format!("/v2/users/{ann}")).await.ok().json();
    assert_eq!(user["teams"].as_array().map(Vec::len), Some(30), "{user}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_batch_of_teams_is_refused_as_a_whole() {
    let api = Api::start().await;
    let client = api.organization();
    let team = json!({ "extid": "1", "name": "One" });
    for body in [
        team.clone(),
        json!({ "users": [team] }),
        json!("x"),
        json!({}),
    ] {
        let refused = client.post(PATH, &body).await;
        assert_eq!(refused.status, 400, "{body}");
        assert!(
            refused.field("detail").contains("array of teams"),
            "{}",
            refused.text
        );
    }
    let many: Vec<_> = (0..501).map(|_| team.clone()).collect();
    assert_eq!(client.post(PATH, &json!(many)).await.status, 413);
    assert_eq!(client.get("/v2/teams").await.ok().json(), json!([]));
}
