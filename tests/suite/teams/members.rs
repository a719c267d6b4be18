//! Changing one person of a team at a time.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::harness::{Api, Client, fixtures::Fields};

async fn team(client: &Client<'_>, size: usize) -> (String, Vec<String>) {
    let mut users = Vec::new();
    for n in 0..size {
        users.push(client.new_user_id(&format!("{n}@example.com")).await);
    }
    let team = json!({ "extid": "1", "name": "Team", "members": [users[0]] });
    let team = client.new_team(team).await;
    (format!("/v2/teams/{}", team.id()), users)
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_who_each_add_a_member_at_once_leave_eight_more() {
    let api = Api::start().await;
    let client = api.organization();
    let (team, users) = team(&client, 9).await;
    let path = format!("{team}/members");
    let bodies: Vec<_> = users[1..]
        .iter()
        .map(|user| json!({ "user": user }))
        .collect();
    let added = join_all(bodies.iter().map(|body| client.post(&path, body))).await;
    for answer in added {
        answer.ok();
    }
    let shown = client.get(&team).await.ok().json();
    let mut members: Vec<_> = shown["members"].as_array().unwrap().clone();
    members.sort_by_key(Value::to_string);
    let mut all: Vec<_> = users.iter().map(|user| json!(user)).collect();
    all.sort_by_key(Value::to_string);
    assert_eq!(members, all);
    for user in &users {
        let user = client.get(&format!("/v2/users/{user}")).await.ok().json();
        assert_eq!(
            user["teams"].as_array().unwrap().len(),
            1,
            "both sides agree"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_change_one_at_a_time_and_the_same_again_changes_nothing() {
    let api = Api::start().await;
    let client = api.organization();
    let (team, users) = team(&client, 2).await;
    let of = |user: &str, what: &str| format!("{team}/members/{user}{what}");
    let role = async |member: bool, admin: bool, user: &str| {
        let shown = client.get(&team).await.ok().json();
        let is = |list: &str| shown[list].as_array().unwrap().contains(&json!(user));
        assert_eq!((is("members"), is("admins")), (member, admin), "{shown}");
    };
    let nothing = json!({});
    client.post(&of(&users[0], "/admin"), &nothing).await.ok();
    role(true, true, &users[0]).await;
    let before = client.get(&format!("/v2/users/{}", users[0])).await.json();
    client.post(&of(&users[0], "/admin"), &nothing).await.ok();
    let after = client.get(&format!("/v2/users/{}", users[0])).await.json();
    assert_eq!(before, after);
    client
        .post(&of(&users[0], "/admin-only"), &nothing)
        .await
        .ok();
    role(false, true, &users[0]).await;
    assert_eq!(
        client.delete(&of(&users[0], "/admin")).await.status,
        404,
        "no member"
    );
    client
        .post(&format!("{team}/members"), &json!({ "user": users[0] }))
        .await
        .ok();
    role(true, true, &users[0]).await;
    assert_eq!(
        client.delete(&of(&users[0], "/admin-only")).await.status,
        404,
        "a member, too"
    );
    client.delete(&of(&users[0], "/admin")).await.ok();
    role(true, false, &users[0]).await;
    client
        .post(&of(&users[1], "/admin-only"), &nothing)
        .await
        .ok();
    role(false, true, &users[1]).await;
    client.delete(&of(&users[1], "/admin-only")).await.ok();
    role(false, false, &users[1]).await;
    assert_eq!(client.delete(&of(&users[1], "")).await.status, 404);
    assert_eq!(
        client.post(&of(&users[1], "/admin"), &nothing).await.status,
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_a_team_leaves_its_upcoming_events_to_reassign() {
    let api = Api::start().await;
    let client = api.organization();
    let (team, users) = team(&client, 2).await;
    client
        .post(&format!("{team}/members"), &json!({ "user": users[1] }))
        .await
        .ok();
    let other = json!({ "extid": "2", "name": "Other", "members": [users[0]] });
    let other = format!("/v2/teams/{}", client.new_team(other).await.id());
    let book = async |team: &str, year: u32| {
        let body = json!({
            "title": "Hour", "created_by": { "user": users[0] },
            "dates": [{
                "date": format!("{year}-01-01T10:00:00Z"), "end_date": format!("{year}-01-01T11:00:00Z"),
            }],
        });
        client
            .post(&format!("{team}/events"), &body)
            .await
            .created()
            .json()
    };
    let left = book(&team, 2030).await;
    book(&team, 2020).await;
    book(&other, 2031).await;
    let gone = client
        .delete(&format!("{team}/members/{}", users[0]))
        .await
        .ok()
        .json();
    assert_eq!(gone["members"], json!([users[1]]));
    let events = gone["events_to_reassign"].as_array().unwrap();
    assert_eq!(events.len(), 1, "the upcoming one of this team");
    assert_eq!(events[0]["_id"], left["_id"]);
    let path = format!("{team}/events/{}/reassign", left.id());
    let moved = client.post_nothing(&path).await.ok().json();
    assert_eq!(moved["created_by"]["user"], users[1]);
}
