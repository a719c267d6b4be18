//! A team that is deleted while users join it is gone from all of them.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, fixtures::Fields, gate::Gate};

/// How a user comes to be in a team by the user's own request.
#[derive(Clone, Copy, Debug)]
enum Join {
    Update,
    UpdateAsAdmin,
    Create,
    Batch,
    BatchOfNew,
}

const WAYS: [Join; 5] = [
    Join::Update,
    Join::UpdateAsAdmin,
    Join::Create,
    Join::Batch,
    Join::BatchOfNew,
];

/// Sends a request that puts `user`, or a new one with this address, in a team.
async fn join(client: &Client<'_>, way: Join, user: &str, new: &str, team: &Value) -> Answer {
    let link = json!([team]);
    let path = format!("/v2/users/{user}");
    match way {
        Join::Update => {
            client
                .put(&path, &json!({ "user": {}, "teams": link }))
                .await
        }
        Join::UpdateAsAdmin => {
            let mut link = link;
            link[0]["admin"] = json!(true);
            client
                .put(&path, &json!({ "user": {}, "teams": link }))
                .await
        }
        Join::Create => {
            let body = json!({ "user": { "email": new }, "teams": link });
            client.post("/v2/users", &body).await
        }
        Join::Batch => {
            let items = json!([{ "user": { "_id": user }, "teams": link }]);
            client.put("/v2/users/batch", &items).await
        }
        Join::BatchOfNew => {
            let items = json!([{ "user": { "email": new }, "teams": link }]);
            client.post("/v2/users/batch", &items).await
        }
    }
}

/// Every team that a user names is there, and has the user.
async fn assert_nobody_is_left_behind(client: &Client<'_>, what: &str) {
    let teams = client.list_all("/v2/teams", 1_000).await;
    for user in client.list_all("/v2/users", 1_000).await {
        let named = user.get("teams").cloned().unwrap_or_else(|| json!([]));
        for named in named.as_array().unwrap() {
            let team = teams.iter().find(|team| team["_id"] == named["_id"]);
            let team = team.unwrap_or_else(|| panic!("{what}: no team is {named}"));
            let people = team["members"].as_array().unwrap().iter();
            let mut people = people.chain(team["admins"].as_array().unwrap());
            assert!(people.any(|id| *id == user["_id"]), "{what}: {team}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_sees_who_has_joined_since_it_looked() {
    let api = Api::start().await;
    let client = api.organization();
    let (gate, held) = Gate::before(&api).await;
    let user = client.new_user_id("jean@example.com").await;
    for way in WAYS {
        let team = client.new_team(json!({ "extid": "a", "name": "A" })).await;
        let link = json!({ "_id": team["_id"] });
        let path = format!("/v2/teams/{}", team.id());
        let new = format!("{way:?}@example.com");
        let joins = async {
            let joined = join(&client, way, &user, &new, &link).await;
            assert!(joined.status.is_success(), "{way:?}: {}", joined.text);
        };
        let deleted = gate.hold(held.organization().delete(&path), joins).await;
        assert_eq!(deleted.status, 200, "{way:?}: {}", deleted.text);
        assert_eq!(client.get(&path).await.status, 404);
        assert_nobody_is_left_behind(&client, &format!("{way:?}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_joins_a_team_that_has_been_deleted_since_they_looked() {
    let api = Api::start().await;
    let client = api.organization();
    let (gate, held) = Gate::before(&api).await;
    let user = client.new_user_id("jean@example.com").await;
    for way in WAYS {
        for by_extid in [true, false] {
            let team = client.new_team(json!({ "extid": "a", "name": "A" })).await;
            let link = if by_extid {
                json!({ "extid": "a" })
            } else {
                json!({ "_id": team["_id"] })
            };
            let path = format!("/v2/teams/{}", team.id());
            let new = format!("{way:?}{by_extid}@example.com");
            let deletes = async { assert_eq!(client.delete(&path).await.status, 200) };
            let held = held.organization();
            let joined = gate
                .hold(join(&held, way, &user, &new, &link), deletes)
                .await;
            let body = joined.json();
            let status = body[0]["status"].as_u64();
            let status = status.unwrap_or_else(|| joined.status.as_u16().into());
            // By its extid it is made anew.
            assert_eq!(status < 300, by_extid, "{way:?}: {}", joined.text);
            assert_nobody_is_left_behind(&client, &format!("{way:?}")).await;
            for team in client.list_all("/v2/teams", 1_000).await {
                let path = format!("/v2/teams/{}", team.id());
                client.delete(&path).await.ok();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_deletions_that_race_with_joins_leave_nobody_behind() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client.new_user_id("jean@example.com").await;
    for round in 0..50 {
        let extid = round.to_string();
        let team = client
            .new_team(json!({ "extid": extid, "name": "A" }))
            .await;
        let path = format!("/v2/teams/{}", team.id());
        let link = json!({ "_id": team["_id"] });
        let new = format!("{round}@example.com");
        let way = WAYS[round % WAYS.len()];
        let (deleted, _) =
            tokio::join!(client.delete(&path), join(&client, way, &user, &new, &link));
        assert_eq!(deleted.status, 200, "{way:?}: {}", deleted.text);
        assert_eq!(client.get(&path).await.status, 404);
    }
    assert_nobody_is_left_behind(&client, "after fifty").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_users_join_one_team_at_once() {
    let api = Api::start().await;
    let client = api.organization();
    let team = client.new_team(json!({ "extid": "a", "name": "A" })).await;
    let link = json!({ "_id": team["_id"] });
    let joins = (0..8).map(|n| {
        let (client, link) = (&client, &link);
        async move {
            let new = format!("{n}@example.com");
            join(client, Join::Create, "", &new, link).await
        }
    });
    for joined in join_all(joins).await {
        assert_eq!(joined.status, 201, "{}", joined.text);
    }
    let path = format!("/v2/teams/{}", team.id());
    let team = client.get(&path).await.json();
    assert_eq!(team["members"].as_array().unwrap().len(), 8);
}
