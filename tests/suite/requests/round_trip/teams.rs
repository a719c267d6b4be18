//! Teams of every kind, and organizations.

use serde_json::{Value, json};

use super::{changes_nothing, put_form, succeeded, text};
use crate::harness::{Api, Client};

async fn users(client: &Client<'_>, count: usize) -> Vec<String> {
    let mut users = Vec::new();
    for n in 0..count {
        users.push(client.new_user_id(&format!("member{n}@example.com")).await);
    }
    users
}

fn path(team: &Value) -> String {
    format!("/v2/teams/{}", text(&team["_id"]))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_team_shows_can_be_put_back_and_changes_nothing() {
    let api = Api::start().await;
    let client = api.organization();
    let ids = users(&client, 5).await;
    let rules = json!({ "members": {
        &ids[0]: { "weight": 3, "max_per_day": 2 }, &ids[1]: { "priority": 7, "max_per_week": 9 },
        &ids[2]: { "weight": 1 },
    } });
    let all = &ids[..3];
    let mut made = Vec::new();
    for (kind, body) in [
        ("empty", json!({})),
        ("private", json!({ "members": all, "admins": [ids[0]] })),
        (
            "public",
            json!({ "members": [ids[2], ids[0]], "public": "true", "level_name": "agency" }),
        ),
        (
            "admins who are no members",
            json!({ "members": all, "admins": [ids[4], ids[3]] }),
        ),
        ("rules", json!({ "members": all, "assignment": rules })),
        (
            "defaults, said",
            json!({ "members": all, "assignment": {
            "strategy": "balanced", "minimum_notice": 0, "respect_availability": true,
            "stale_calendars": "ignore",
        } }),
        ),
        (
            "other defaults",
            json!({ "members": all, "assignment": {
            "strategy": "round_robin", "minimum_notice": 60, "respect_availability": false,
            "stale_calendars": "refuse",
        } }),
        ),
        (
            "rules of a member who left the team",
            json!({ "members": all, "assignment": rules }),
        ),
        (
            "rules of a member who was unlinked",
            json!({ "members": ids, "assignment": {
            "members": { &ids[3]: { "weight": 5 } },
        } }),
        ),
        ("a deactivated member", json!({ "members": ids })),
    ] {
        let mut team = json!({ "extid": kind, "name": kind });
        for (name, value) in body.as_object().unwrap() {
            team[name] = value.clone();
        }
        made.push((kind, client.new_team(team).await));
    }
    let left = path(&made[7].1);
    succeeded(
        &client.put(&left, &json!({ "members": ids[1..3] })).await,
        "left",
    );
    let shown = client.get(&left).await.json();
    assert_eq!(
        shown["assignment"]["members"][&ids[0]]["weight"], 3,
        "kept for who comes back"
    );
    succeeded(
        &client.delete(&format!("/v2/users/{}", ids[3])).await,
        "unlinked",
    );
    let off = json!({ "user": { "active": false } });
    succeeded(
        &client.put(&format!("/v2/users/{}", ids[2]), &off).await,
        "off",
    );

    let mut watched: Vec<_> = ids.iter().map(|id| format!("/v2/users/{id}")).collect();
    watched.remove(3);
    for (kind, team) in made {
        let body = client.get(&path(&team)).await.json();
        let watched = [watched.clone(), vec![path(&team)]].concat();
        let put = async || client.put(&path(&team), &body).await;
        changes_nothing(&client, &watched, kind, put).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_with_rules_is_taken_off_by_reading_and_writing() {
    let api = Api::start().await;
    let client = api.organization();
    let ids = users(&client, 3).await;
    let rules = json!({ "members": { &ids[0]: { "weight": 3 } } });
    let team = json!({ "extid": "1", "name": "Team", "members": ids[..2], "assignment": rules });
    let team = client.new_team(team).await;
    let mut body = client.get(&path(&team)).await.json();
    body["members"] = json!([ids[1]]);
    let answer = client.put(&path(&team), &body).await;
    succeeded(&answer, "taken off");
    assert_eq!(answer.json()["members"], json!([ids[1]]));
    // Rules that the team does not have bind nobody: a typo still.
    for (user, weight) in [(&ids[0], 4), (&ids[2], 3)] {
        let body = json!({ "assignment": { "members": { user: { "weight": weight } } } });
        let refused = client.put(&path(&team), &body).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert_eq!(refused.places(), [format!("/assignment/members/{user}")]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_of_a_teams_people_is_a_change() {
    let api = Api::start().await;
    let client = api.organization();
    let ids = users(&client, 2).await;
    let team = json!({ "extid": "1", "name": "Team", "members": ids });
    let team = client.new_team(team).await;
    let turned = json!({ "members": [ids[1], ids[0]] });
    let answer = client.put(&path(&team), &turned).await;
    succeeded(&answer, "turned");
    assert!(answer.cost().write > 0.0);
    assert_eq!(
        client.get(&path(&team)).await.json()["members"],
        turned["members"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_organization_shows_can_be_put_back_and_changes_nothing() {
    let api = Api::start().await;
    let operator = api.operator();
    let made = operator
        .post("/api/v1/org", &json!({ "name": "Acme" }))
        .await;
    let path = format!("/api/v1/org/{}", text(&made.json()["id"]));
    let body = operator.get(&path).await.json();
    let watched = [path.clone(), "/v2/organizations".to_owned()];
    let put = async || operator.put(&path, &body).await;
    changes_nothing(&operator, &watched, "JSON", put).await;
    let put = async || put_form(&operator, &path, &body).await;
    changes_nothing(&operator, &watched, "a form", put).await;
    let renamed = operator.put(&path, &json!({ "name": "Acme 2" })).await;
    succeeded(&renamed, "renamed");
    assert!(renamed.cost().write > 0.0);
}
