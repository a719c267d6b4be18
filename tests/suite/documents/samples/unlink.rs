//! `DELETE /v2/users/:id`: `/v2/users`'s sample, and what is left of the user.

use serde_json::json;

use super::{Allowed, Ids, organization, user_object};
use crate::harness::Api;

#[tokio::test]
async fn unlinking_a_user_answers_the_organization_as_in_the_sample_of_v2_users() {
    let api = Api::start().await;
    let attributes = json!({
        "name": "ACME",
        "lang": "en",
        "plan": "pro",
        "private": false,
        "superadmin_team": "5f198da1c1ac5d283ffc00f4",
        "brand": "5f1ac17cc1ac5d4fbefc012a",
        "free_trial_days": 14,
        "free_trial_started": "2020-07-23T13:14:18.924Z",
    });
    let (organization, client) = organization(&api, &attributes).await;
    let stays = json!({
        "email": "john.doe@example.com",
        "first_name": "John",
        "last_name": "Doe",
        "picture_url": "https://images.pexels.com/photos/2853664/pexels-photo-2853664.jpeg",
        "account": { "organization": { "admin": true } },
    });
    let stays = client.new_user(stays).await;
    let goes = client
        .new_user(json!({ "email": "jane.doe@example.com" }))
        .await;
    let ids = Ids::default()
        // The demo organization has the sample's id.
        .with("5f198da1c1ac5d1a30fc00f3", &organization["_id"])
        .with("5f4e16c301326e82fa691552", &stays["_id"])
        .with("5f4f70bd74f686ee5d46b5bc", &goes["_id"]);
    let path = ids.put_into("/v2/users/5f4f70bd74f686ee5d46b5bc");
    let answer = client.delete(&path).await.ok();
    let allowed = Allowed {
        // What `/api/v1` calls its id, the events that need somebody else now, and the
        // keys that the user made.
        added: &["/number", "/events_to_reassign", "/keys_left_behind"],
        of_this_run: &["/createdAt", "/updatedAt", "/__v"],
        ..Allowed::default()
    };
    ids.expect("v2_users/unlink_user", &answer, &allowed);
}

#[tokio::test]
async fn an_unlinked_user_is_out_of_the_organization_and_its_teams() {
    let api = Api::start().await;
    let client = api.organization();
    let made = client
        .post("/v2/users", &user_object("login"))
        .await
        .created();
    let user = made.json()["user"]["_id"].clone();
    let led = json!({ "extid": "led", "name": "Led", "admins": [user], "members": [user] });
    client.new_team(led).await;
    let path = format!("/v2/users/{}", user.as_str().unwrap());
    let answer = client.delete(&path).await.ok();
    assert_eq!(answer.json()["members"], json!([]));

    let teams = client.get("/v2/teams").await.json();
    assert_eq!(teams.as_array().unwrap().len(), 2, "the teams stay");
    for team in teams.as_array().unwrap() {
        assert_eq!(
            (&team["admins"], &team["members"]),
            (&json!([]), &json!([]))
        );
    }
    assert_eq!(client.get("/v2/users").await.json(), json!([]));
    for gone in [
        client.get(&path).await,
        client.delete(&path).await,
        client
            .put(&path, &json!({ "user": { "last_name": "Snow" } }))
            .await,
    ] {
        assert_eq!(gone.status, 404, "{}", gone.text);
    }
}

#[tokio::test]
async fn what_an_unlinked_user_held_is_free_again() {
    let api = Api::start().await;
    let client = api.organization();
    // With an address, an extid, a nickname, a login name and a team.
    let body = user_object("finish_signup_with");
    let first = client.post("/v2/users", &body).await.created();
    let first = first.json()["user"]["_id"].clone();
    let path = format!("/v2/users/{}", first.as_str().unwrap());
    client.delete(&path).await.ok();

    let again = client.post("/v2/users", &body).await.created();
    let again = again.json()["user"]["_id"].clone();
    assert_ne!(again, first, "it is another user");
    let teams = client.get("/v2/teams").await.json();
    assert_eq!(teams.as_array().unwrap().len(), 1, "the team was there");
    assert_eq!(teams[0]["members"], json!([again]));
}
