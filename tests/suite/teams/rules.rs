//! Rules of teams beyond the samples.

use serde_json::json;

use roster_local::setup;

use crate::{
    harness::{Api, fixtures::Fields},
    surfaces::accounts::table::Table,
};

#[tokio::test(flavor = "multi_thread")]
async fn people_are_named_by_id_address_or_extid_and_answered_as_ids() {
    let api = Api::start().await;
    let client = api.organization();
    let first = client.new_user_id("first@example.com").await;
    let second = client.new_user_id("Second@Example.com").await;
    let third = client
        .new_user(json!({ "emails": ["third@example.com"], "account": { "organization": { "extid": "3" } } }))
        .await;
    let team = client
        .new_team(json!({
            "extid": "1", "name": "A",
            "members": [{ "_id": first }, { "email": "second@example.COM" }, { "extid": "3" }],
            "admins": [first],
        }))
        .await;
    assert_eq!(team["members"], json!([first, second, third["_id"]]));
    assert_eq!(team["admins"], json!([first]));
    assert_eq!(team["public"], json!(false), "private by default");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_people_are_listed_all_at_once() {
    let api = Api::start().await;
    let client = api.organization();
    let known = client.new_user_id("known@example.com").await;
    let unknown = "f".repeat(24);
    let answer = client
        .post(
            "/v2/teams",
            &json!({
                "extid": "1", "name": "A", "admins": [unknown],
                "members": [known, { "email": "x@example.com" }, { "extid": "9" }],
            }),
        )
        .await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.places(), ["/admins/0", "/members/1", "/members/2"]);
    assert_eq!(client.get("/v2/teams").await.json(), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extid_belongs_to_one_team() {
    let api = Api::start().await;
    let client = api.organization();
    let first = client.new_team(json!({ "extid": "1", "name": "A" })).await;
    let second = client.new_team(json!({ "extid": "2", "name": "B" })).await;
    let path = format!("/v2/teams/{}", second.id());
    for answer in [
        client
            .post("/v2/teams", &json!({ "extid": "1", "name": "C" }))
            .await,
        client.put(&path, &json!({ "extid": "1" })).await,
    ] {
        assert_eq!(answer.status, 409);
        assert_eq!(answer.places(), ["/extid"]);
        assert_eq!(answer.json()["existing"], first["_id"]);
    }
    client.put(&path, &json!({ "extid": "3" })).await.ok();
    let reused = client
        .post("/v2/teams", &json!({ "extid": "2", "name": "C" }))
        .await;
    assert_eq!(reused.status, 201, "a released extid is free");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_put_changes_what_is_present_and_null_clears() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client.new_user_id("a@example.com").await;
    let team = client
        .new_team(json!({ "extid": "1", "name": "A", "level_name": "agency", "members": [user] }))
        .await;
    let path = format!("/v2/teams/{}", team.id());
    let changed = client
        .put(&path, &json!({ "level_name": null, "public": "true" }))
        .await
        .json();
    assert_eq!(changed.get("level_name"), None);
    assert_eq!(
        (&changed["public"], &changed["members"]),
        (&json!(true), &json!([user]))
    );
    let unchanged = client
        .put(&path, &client.get(&path).await.json())
        .await
        .json();
    assert_eq!(unchanged, changed, "a GET's body can be put back");
    for name in ["extid", "name", "public", "members", "admins"] {
        let refused = client.put(&path, &json!({ name: null })).await;
        assert_eq!(
            (refused.status.as_u16(), refused.places()),
            (422, vec![format!("/{name}")])
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_in_at_most_forty_teams() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client.new_user_id("a@example.com").await;
    for n in 0..40 {
        client
            .new_team(json!({ "extid": n.to_string(), "name": "A", "members": [user] }))
            .await;
    }
    let refused = client
        .post(
            "/v2/teams",
            &json!({ "extid": "x", "name": "A", "members": [user] }),
        )
        .await;
    assert_eq!(
        (refused.status.as_u16(), refused.places()),
        (422, vec!["/members/0".to_owned()])
    );
    // A new name is written to all forty in one transaction.
    let rename = json!({ "user": { "first_name": "Jean" } });
    assert_eq!(
        client
            .put(&format!("/v2/users/{user}"), &rename)
            .await
            .status,
        200
    );
    client.delete(&format!("/v2/users/{user}")).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_team_that_does_not_come_to_be_leaves_nobody_in_it() {
    let api = Api::start().await;
    let client = api.organization();
    let people: Vec<_> = (0..60)
        .map(|n| json!({ "user": { "email": format!("{n}@example.com") } }))
        .collect();
    let made = client.post("/v2/users/batch", &json!(people)).await.json();
    let made = made.as_array().unwrap().iter();
    let ids: Vec<_> = made.map(|entry| entry["user"]["_id"].clone()).collect();

    // Its organization goes while the first of its people are written.
    let (table, organization) = (Table::of(&api), setup::ORGANIZATION);
    let key = (format!("ORG#{organization}"), "ORG".to_owned());
    let item = table.get(&key).await.expect("the organization");
    table.delete(&key).await;
    let body = json!({ "extid": "t", "name": "Sales", "members": ids });
    let refused = client.post("/v2/teams", &body).await;
    assert_eq!(refused.status, 404, "{}", refused.text);
    let refused = client.post("/v2/teams/batch", &json!([body])).await;
    assert_eq!(refused.json()[0]["status"], 404, "{}", refused.text);
    table.put(item).await;
    let everything = table.everything().await;
    let left = everything.keys().filter(|(_, sk)| sk.starts_with("TEAM#"));
    assert_eq!(left.count(), 0);
    for user in client.list_all("/v2/users", 100).await {
        assert_eq!(user.get("teams"), None, "{user}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_is_found_by_its_extid_in_its_own_organization() {
    let api = Api::start().await;
    let client = api.organization();
    let (_, stranger) = api.new_organization("Other").await;
    let team = client
        .new_team(json!({ "extid": "a b", "name": "A" }))
        .await;
    client.new_team(json!({ "extid": "b", "name": "B" })).await;
    let found = client.get("/v2/teams?extid=a%20b").await;
    assert_eq!(found.json(), json!([team]));
    assert_eq!(found.next_link(), None);
    for nobody in ["A%20B", "c"] {
        let found = client.get(&format!("/v2/teams?extid={nobody}")).await;
        assert_eq!((found.status.as_u16(), found.json()), (200, json!([])));
    }
    assert_eq!(stranger.get("/v2/teams?extid=b").await.json(), json!([]));
    let path = format!("/v2/teams/{}", team.id());
    client.put(&path, &json!({ "extid": "c" })).await;
    assert_eq!(client.get("/v2/teams?extid=a%20b").await.json(), json!([]));
    let found = client.get("/v2/teams?extid=c&limit=1").await.json();
    assert_eq!(found[0]["_id"], team["_id"]);
    client.delete(&path).await;
    assert_eq!(client.get("/v2/teams?extid=c").await.json(), json!([]));
}
