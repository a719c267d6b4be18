//! The samples of `/v2/teams`, apart from those of events.

use reqwest::Method;
use serde_json::json;

use super::{Allowed, Ids, organization, send};
use crate::harness::{Api, Client, fixtures::Fields};

/// The declared type wins over the samples' `"false"`.
const PUBLIC: (&str, serde_json::Value) = ("/public", serde_json::Value::Bool(false));

/// By which rules members get bookings, which `/v2/teams` leaves to its support desk.
const OWN: &[&str] = &["/assignment"];

/// The organization of `/v2/teams`'s samples with the two people of its team.
async fn two_people(api: &Api) -> (Ids, Client<'_>) {
    let attributes = json!({ "_id": "5ef0cb128f284274b2361323", "name": "/v2/teams" });
    let (_, client) = organization(api, &attributes).await;
    let first = client
        .new_user(json!({ "email": "first@example.com" }))
        .await;
    let second = client
        .new_user(json!({ "email": "second@example.com" }))
        .await;
    let ids = Ids::default()
        .with("5f1077cf21f43b0b99660619", &first["_id"])
        .with("5f1077e1eaf7c424af51a847", &second["_id"]);
    (ids, client)
}

/// And the team itself, created as the sample creates it.
async fn team_of_v2_teams(api: &Api) -> (Ids, Client<'_>) {
    let (ids, client) = two_people(api).await;
    let body = ids.request("v2_teams/create_team");
    let made = send(&client, Method::POST, "/v2/teams", &body)
        .await
        .created();
    let ids = ids.with("5ef9e5489b10b33ad0898ca3", &made.json()["_id"]);
    (ids, client)
}

#[tokio::test]
async fn creating_a_team_answers_the_sample_of_v2_teams() {
    let api = Api::start().await;
    let (ids, client) = two_people(&api).await;
    let body = ids.request("v2_teams/create_team");
    let answer = send(&client, Method::POST, "/v2/teams", &body)
        .await
        .created();
    let allowed = Allowed {
        of_this_run: &["/_id"],
        added: OWN,
        instead: &[PUBLIC],
        ..Allowed::default()
    };
    ids.expect("v2_teams/create_team", &answer, &allowed);
}

#[tokio::test]
async fn listing_teams_answers_the_sample_of_v2_teams() {
    let api = Api::start().await;
    let (ids, client) = team_of_v2_teams(&api).await;
    // The sample calls the path with a slash at its end.
    for path in ["/v2/teams/", "/v2/teams"] {
        let answer = client.get(path).await.ok();
        let allowed = Allowed {
            at: "/*",
            added: OWN,
            instead: &[PUBLIC],
            ..Allowed::default()
        };
        ids.expect("v2_teams/list_teams", &answer, &allowed);
    }
}

#[tokio::test]
async fn listing_teams_where_there_are_none_answers_an_empty_array() {
    let api = Api::start().await;
    let answer = api.organization().get("/v2/teams/").await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, json!([])));
}

#[tokio::test]
async fn retrieving_a_team_answers_the_sample_of_v2_teams() {
    let api = Api::start().await;
    let (ids, client) = team_of_v2_teams(&api).await;
    let path = ids.put_into("/v2/teams/5ef9e5489b10b33ad0898ca3");
    let answer = client.get(&path).await.ok();
    let instead = &[PUBLIC];
    let allowed = Allowed {
        added: OWN,
        instead,
        ..Allowed::default()
    };
    ids.expect("v2_teams/get_team", &answer, &allowed);
    // The object that introduces the page is of before `public`.
    let allowed = Allowed {
        added: &["/public", "/assignment"],
        ..Allowed::default()
    };
    ids.expect("v2_teams/team_object", &answer, &allowed);
}

#[tokio::test]
async fn updating_a_team_answers_the_sample_of_v2_teams() {
    let api = Api::start().await;
    let (ids, client) = team_of_v2_teams(&api).await;
    let path = ids.put_into("/v2/teams/5ef9e5489b10b33ad0898ca3");
    let body = ids.request("v2_teams/update_team");
    let answer = send(&client, Method::PUT, &path, &body).await.ok();
    let allowed = Allowed {
        added: OWN,
        instead: &[PUBLIC],
        ..Allowed::default()
    };
    ids.expect("v2_teams/update_team", &answer, &allowed);
}

#[tokio::test]
async fn deleting_a_team_answers_the_sample_of_v2_teams() {
    let api = Api::start().await;
    let (ids, client) = team_of_v2_teams(&api).await;
    let path = ids.put_into("/v2/teams/5ef9e5489b10b33ad0898ca3");
    let answer = client.delete(&path).await.ok();
    ids.expect("v2_teams/delete_team", &answer, &Allowed::default());
    assert_eq!(client.get(&path).await.status, 404);
    assert_eq!(client.delete(&path).await.status, 404);
    let users = client.get("/v2/users").await.json();
    for user in users.as_array().unwrap() {
        assert_eq!(user.get("teams"), None, "the team is gone from its people");
    }
}

#[tokio::test]
async fn a_public_team_answers_the_sample_of_v2_teams_to_anybody() {
    let api = Api::start().await;
    let client = api.organization();
    let person = |first_name: &str| {
        let low = first_name.to_lowercase();
        json!({
            "email": format!("{low}@example.com"),
            "first_name": first_name,
            "last_name": "Dow",
            "picture_url": format!("https://domain.com/{low}.jpg"),
        })
    };
    // Jane is the older user, and the second member, as their ids in the
    // sample say.
    let jane = client.new_user(person("Jane")).await;
    let john = client.new_user(person("John")).await;
    let members = json!([john["_id"], jane["_id"]]);
    let team = json!({
        "extid": "p", "name": "test public team", "public": "true", "members": members,
    });
    let team = client.new_team(team).await;
    let ids = Ids::default()
        .with("5ef9e5489b10b33ad0898ca3", &team["_id"])
        .with("5fda0414a4d645001d148243", &john["_id"])
        .with("5fda0414a4d645001d148241", &jane["_id"]);
    let path = ids.put_into("/v2/teams/5ef9e5489b10b33ad0898ca3/public");
    let answer = api.anybody().get(&path).await.ok();
    ids.expect("v2_teams/public_team", &answer, &Allowed::default());
}

#[tokio::test]
async fn members_may_be_named_by_id_email_and_extid_as_v2_teams_shows() {
    let api = Api::start().await;
    let client = api.organization();
    let by_id = client.new_user(json!({ "email": "id@company.com" })).await;
    let by_email = client
        .new_user(json!({ "email": "Email@Company.com" }))
        .await;
    let account = json!({ "organization": { "extid": "UserIdInCompanyDatabase" } });
    let by_extid = client.new_user(json!({ "account": account })).await;
    let team = client
        .new_team(json!({ "extid": "2", "name": "sales" }))
        .await;
    let path = format!("/v2/teams/{}", team.id());
    let body = Ids::default()
        .with("user_id", &by_id["_id"])
        .request("v2_teams/team_members");
    let answer = send(&client, Method::PUT, &path, &body).await.ok();
    let members = json!([by_id["_id"], by_email["_id"], by_extid["_id"]]);
    assert_eq!(answer.json()["members"], members);
}

#[tokio::test]
async fn a_team_as_it_is_answered_can_be_put_back_and_is_the_same() {
    let api = Api::start().await;
    let (ids, client) = team_of_v2_teams(&api).await;
    let path = ids.put_into("/v2/teams/5ef9e5489b10b33ad0898ca3");
    let before = client.get(&path).await;
    let put = send(&client, Method::PUT, &path, &before.text).await.ok();
    assert_eq!(client.get(&path).await.json(), before.json());
    assert_eq!(put.json(), before.json());
}

#[tokio::test]
async fn null_clears_the_level_name_which_is_the_one_optional_text_of_a_team() {
    let api = Api::start().await;
    let (ids, client) = team_of_v2_teams(&api).await;
    let path = ids.put_into("/v2/teams/5ef9e5489b10b33ad0898ca3");
    client.put(&path, &json!({ "level_name": null })).await.ok();
    let allowed = Allowed {
        left_out: &["/level_name"],
        added: OWN,
        instead: &[PUBLIC],
        ..Allowed::default()
    };
    ids.expect("v2_teams/get_team", &client.get(&path).await, &allowed);
    for required in ["extid", "name"] {
        let put = client.put(&path, &json!({ required: null })).await;
        assert_eq!(put.status, 422, "{}", put.text);
        assert_eq!(put.places(), [format!("/{required}")]);
    }
}
