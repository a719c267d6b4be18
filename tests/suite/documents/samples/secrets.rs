//! What nobody may read again: passwords, calendar credentials, links to
//! finish a sign-up, tokens of other systems.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};

use super::{Ids, user_object};
use crate::harness::{Api, fixtures::Fields};

/// Everything in the table, as text.
async fn whole_table(api: &Api) -> String {
    let scan = api
        .dynamodb()
        .scan()
        .table_name(&api.table)
        .consistent_read(true)
        .into_paginator()
        .items()
        .send();
    let items = scan.collect::<Result<Vec<_>, _>>().await;
    let items = items.expect("the table can be read");
    format!("{items:?}")
}

/// The item of the one user.
async fn user_item(api: &Api, id: &Value) -> std::collections::HashMap<String, AttributeValue> {
    let key = |text: String| AttributeValue::S(text);
    let read = api
        .dynamodb()
        .get_item()
        .table_name(&api.table)
        .key("pk", key(format!("ORG#{}", super::ACME)))
        .key("sk", key(format!("USER#{}", id.as_str().unwrap())))
        .send()
        .await;
    let read = read.expect("the table can be read");
    read.item.expect("the user is there")
}

fn expect_none(secrets: &[&str], text: &str) {
    for secret in secrets {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
}

#[tokio::test]
async fn no_answer_and_no_item_holds_a_password_or_calendar_credentials() {
    let api = Api::start().await;
    let client = api.organization();
    let object = user_object("finish_signup_with");
    let credentials = &object["calendars"][0]["credentials"];
    let secret = |name: &str| credentials[name].as_str().unwrap();
    let login = object["login"]["credentials"].field("password");
    let secrets = [secret("username"), secret("password"), login];

    let made = client.post("/v2/users", &object).await.created();
    let id = made.json()["user"]["_id"].clone();
    let path = format!("/v2/users/{}", id.as_str().unwrap());
    let rename = json!({ "user": { "last_name": "Snow" } });
    let other = json!({ "user": { "email": "jean.dupont@acme.fr" } });
    let answers = [
        made,
        client.get(&path).await,
        client.get("/v2/users").await,
        client.post("/v2/users", &object).await,
        client.put(&path, &rename).await,
        client.put("/v2/users", &json!([object])).await,
        client.post("/v2/users/batch", &json!([object])).await,
        // Refused: names the user that is there.
        client.post("/v2/users", &other).await,
    ];
    for answer in &answers {
        assert!(
            answer.text.contains(id.as_str().unwrap()),
            "{}",
            answer.text
        );
        expect_none(&secrets, &answer.text);
    }
    let table = whole_table(&api).await;
    assert!(
        table.contains("jean.dupont@acme.fr"),
        "the scan reads users"
    );
    expect_none(&secrets, &table);
    // What stands for them goes with the user's place in the organization.
    let kept = ["$argon2id$", "sealed_calendars\": L([S"];
    for kept in kept {
        assert!(table.contains(kept), "{kept} is not in {table}");
    }

    client.delete(&path).await.ok();
    let table = whole_table(&api).await;
    expect_none(&secrets, &table);
    expect_none(&kept, &table);
}

#[tokio::test]
async fn a_password_is_kept_as_an_argon2id_hash_and_nothing_else() {
    let api = Api::start().await;
    let client = api.organization();
    let made = client
        .post("/v2/users", &user_object("finish_signup_with"))
        .await;
    let item = user_item(&api, &made.json()["user"]["_id"]).await;
    let login = item["login"].as_m().expect("the login is a map");
    assert_eq!(login.len(), 2, "a name and a hash: {login:?}");
    assert_eq!(login["username"].as_s().unwrap(), "jean.dupont@example.com");
    let hash = login["password"].as_s().unwrap();
    assert!(
        hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{hash}"
    );
    assert_eq!(
        hash.split('$').count(),
        6,
        "parameters, a salt, a hash: {hash}"
    );
    // Changing something else keeps it; changing the password alone renews it.
    let path = format!("/v2/users/{}", made.json()["user"].id());
    let rename = json!({ "user": { "last_name": "Snow" } });
    client.put(&path, &rename).await.ok();
    let same = user_item(&api, &made.json()["user"]["_id"]).await;
    assert_eq!(same["login"].as_m().unwrap(), login);
    let password = json!({ "login": { "credentials": { "password": "anotherone" } } });
    client.put(&path, &password).await.ok();
    let new = user_item(&api, &made.json()["user"]["_id"]).await;
    let new = new["login"].as_m().unwrap();
    assert_eq!(new["username"], login["username"]);
    assert_ne!(new["password"], login["password"]);
}

#[tokio::test]
async fn calendars_can_be_replaced_and_taken_away() {
    let api = Api::start().await;
    let client = api.organization();
    let object = user_object("login");
    let made = client.post("/v2/users", &object).await.json();
    let path = format!("/v2/users/{}", made["user"].id());
    for (calendars, connected) in [
        (json!(null), false),
        (object["calendars"].clone(), true),
        (json!([]), false),
    ] {
        let put = client
            .put(&path, &json!({ "calendars": calendars }))
            .await
            .ok();
        assert_eq!(put.json()["user"]["calendars"]["exchange"], connected);
    }
}

#[tokio::test]
async fn finishing_the_sign_up_by_email_answers_a_link_whose_token_is_not_kept() {
    let api = Api::start().await;
    let client = api.organization();
    let made = client.post("/v2/users", &user_object("login")).await;
    let body = made.json();
    let names: Vec<_> = body.as_object().unwrap().keys().collect();
    assert_eq!(names, ["link", "user"]);
    assert_eq!(body["user"]["signedup_with"], "email");
    let link = body.field("link");
    let (address, token) = link.rsplit_once('/').unwrap();
    assert_eq!(address, format!("{}/signup", api.url()));
    assert!(token.len() >= 27, "160 bits or more in base62: {token}");
    expect_none(&[token], &whole_table(&api).await);

    let path = format!("/v2/users/{}", body["user"].id());
    expect_none(&[token], &client.get(&path).await.text);
    // Asked for again, with a PUT: a new link.
    let put = client
        .put(&path, &json!({ "finish_signup_with": "email" }))
        .await
        .ok();
    assert_ne!(put.json().field("link"), link);
    // Not asked for: none.
    let put = client
        .put(&path, &json!({ "user": { "last_name": "Snow" } }))
        .await;
    assert_eq!(put.json().get("link"), None);
}

#[tokio::test]
async fn the_token_of_a_google_account_is_read_over() {
    let api = Api::start().await;
    let client = api.organization();
    let google = Ids::default().response("v2_users/user_object")["google"].clone();
    let token = google.field("token").to_owned();
    let body = json!({ "user": { "email": "jean@acme.fr", "google": google } });
    let made = client.post("/v2/users", &body).await.created();
    assert_eq!(made.json()["user"]["google"]["id"], google["id"]);
    expect_none(&[&token], &made.text);
    expect_none(&[&token], &whole_table(&api).await);
}
