//! Every way to change a user takes along what hangs on it: the login, the open
//! invitation, the teams.

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    PASSWORD, api_v2_error, choices, invited, link, new_manager, person, send_form, table::Table,
};
use crate::harness::{Answer, Api, Client, fixtures::Fields};

/// The requests of `/v2` that change a user.
const WAYS: [&str; 4] = ["POST", "PUT", "POST batch", "PUT batch"];

/// Changes a user one way; answers what a request for that user alone does.
async fn write(client: &Client<'_>, way: &str, id: &str, change: &Value) -> Value {
    let mut body = change.clone();
    if way != "PUT" {
        body["user"]["_id"] = json!(id);
    }
    let answer = match way {
        "POST" => client.post("/v2/users", &body).await,
        "PUT" => client.put(&format!("/v2/users/{id}"), &body).await,
        "POST batch" => client.post("/v2/users/batch", &json!([body])).await,
        _ => client.put("/v2/users/batch", &json!([body])).await,
    };
    if way.ends_with("batch") {
        assert_eq!(answer.status, 207, "{way}: {}", answer.text);
        let entry = answer.json()[0].clone();
        assert_eq!(entry["status"], 200, "{way}: {}", answer.text);
        return entry;
    }
    assert_eq!(answer.status, 200, "{way}: {}", answer.text);
    answer.json()
}

async fn is_dead(api: &Api, link: &str) {
    let page = api.anybody().get(link).await;
    assert_eq!(page.status, 404, "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_login_name_and_address_end_the_old_ones_and_the_link() {
    let api = Api::start().await;
    let client = api.organization();
    for (number, way) in WAYS.into_iter().enumerate() {
        let old = format!("old{number}@example.com");
        let (jean, link) = invited(&api, &client, json!({ "email": old })).await;
        let credentials = |name: &str| {
            let credentials = json!({ "username": name, "password": PASSWORD });
            json!({ "user": {}, "login": { "credentials": credentials } })
        };
        let (first, second) = (format!("first{number}"), format!("second{number}"));
        write(&client, way, &jean.id, &credentials(&first)).await;
        let mut change = credentials(&second);
        change["user"]["email"] = json!(format!("new{number}@example.com"));
        write(&client, way, &jean.id, &change).await;
        is_dead(&api, &link).await;
        assert_eq!(api.log_in(&first, PASSWORD).await.status, 401);
        api.log_in(&second, PASSWORD).await.ok();
        // The old name is free.
        write(&client, way, &jean.id, &credentials(&first)).await;
    }
    assert_eq!(Table::of(&api).starting_with("SIGNUP#").await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_and_a_place_in_a_team_can_be_asked_for() {
    let api = Api::start().await;
    let client = api.organization();
    let team = client
        .new_team(json!({ "extid": "t", "name": "Sales" }))
        .await;
    let team = format!("/v2/teams/{}", team.id());
    for (number, way) in WAYS.into_iter().enumerate() {
        let email = format!("{number}@example.com");
        let (jean, first) = invited(&api, &client, json!({ "email": email })).await;
        let change = json!({
            "user": {}, "teams": [{ "extid": "t" }], "finish_signup_with": "email",
        });
        let changed = write(&client, way, &jean.id, &change).await;
        let second = changed["link"].as_str().expect("a link");
        let second = second.strip_prefix(&api.url()).expect("our link");
        is_dead(&api, &first).await;
        api.anybody().get(second).await.ok();
        let members = client.get(&team).await.json()["members"].clone();
        assert_eq!(members[number], json!(jean.id), "{way}: {members}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_address_in_api_v2_ends_the_link() {
    let api = Api::start().await;
    let client = api.organization();
    for (number, method) in [Method::PUT, Method::PATCH].into_iter().enumerate() {
        let old = json!({ "email": format!("old{number}@example.com") });
        let (jean, link) = invited(&api, &client, old).await;
        let new = json!({ "email": format!("new{number}@example.com") });
        client
            .send_json(method, &jean.api_v2(), &new.to_string())
            .await
            .ok();
        is_dead(&api, &link).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_that_an_invited_member_chooses_is_the_one_on_the_teams_page() {
    let api = Api::start().await;
    let client = api.organization();
    let body = json!({
        "user": { "email": "jean@example.com", "first_name": "J" },
        "teams": [{ "extid": "t", "name": "Sales" }],
        "finish_signup_with": "email",
    });
    let made = client.post("/v2/users", &body).await.created();
    let teams = client.get("/v2/teams").await.json();
    let team = format!("/v2/teams/{}", teams[0].id());
    client.put(&team, &json!({ "public": true })).await.ok();
    let shown = async || -> Answer { api.anybody().get(&format!("{team}/public")).await };
    assert!(!shown().await.text.contains("Jeanne"));
    send_form(&api.anybody(), &link(&api, &made), &choices(PASSWORD))
        .await
        .ok();
    let page = shown().await;
    assert!(page.text.contains("Jeanne"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_manager_whom_the_operator_deletes_is_counted_no_more() {
    let api = Api::start().await;
    let client = api.organization();
    let first = new_manager(&client, "first@example.com").await;
    let second = new_manager(&client, "second@example.com").await;
    let path = format!("/api/v1/user/{}", first.number);
    api.operator().delete(&path).await.ok();
    assert_eq!(Table::of(&api).managers().await, 1);
    api_v2_error(&client.post_nothing(&second.deactivate()).await, 409);
    let left = person(&client, &json!(second.id), &second.email).await;
    assert_eq!(left.number, second.number);
}
