//! What is kept, and where.

use std::fmt::Write as _;

use aws_sdk_dynamodb::Client;
use roster_local::Storage;
use serde_json::json;

use crate::harness::Api;

/// Everything in the table, as text.
pub async fn dump(api: &Api) -> String {
    dump_of(&api.dynamodb(), &api.table).await
}

/// Everything in a table, as text: a line an item.
pub async fn dump_of(client: &Client, table: &str) -> String {
    let mut pages = client.scan().table_name(table).into_paginator().send();
    let mut dump = String::new();
    while let Some(page) = pages.next().await {
        for item in page.unwrap().items() {
            writeln!(dump, "{item:?}").unwrap();
        }
    }
    dump
}

#[tokio::test(flavor = "multi_thread")]
async fn data_in_a_folder_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let storage = Storage::Folder(folder.path().to_owned());
    // One name for both, as `cargo run` has.
    let start = || Api::start_named(storage.clone(), "roster".to_owned());
    let api = start().await;
    let user = api.organization().new_user_id("jean@example.com").await;
    api.stop().await;
    let api = start().await;
    let users = api.organization().get("/v2/users").await.json();
    assert_eq!(users[0]["_id"], user);
    api.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_stored_as_argon2id_and_answered_nowhere() {
    let api = Api::start().await;
    let client = api.organization();
    let body = json!({
        "user": { "email": "jean@example.com" },
        "login": { "credentials": { "username": "jean", "password": "youllneverguessit" } },
    });
    let made = client.post("/v2/users", &body).await.created();
    let id = made.id();
    let read = client.get(&format!("/v2/users/{id}")).await;
    for text in [&made.text, &read.text] {
        assert!(
            !text.contains("youllneverguessit") && !text.contains("argon2"),
            "{text}"
        );
    }
    let stored = dump(&api).await;
    assert!(!stored.contains("youllneverguessit"));
    assert!(stored.contains("$argon2id$v=19$m=19456,t=2,p=1$"));
}

#[tokio::test(flavor = "multi_thread")]
async fn unlinking_a_user_leaves_nothing_of_it_in_the_organization() {
    let api = Api::start().await;
    let client = api.organization();
    let body = json!({
        "user": {
            "email": "gone@example.com",
            "account": { "organization": { "extid": "gone-extid", "admin": true } },
        },
        "login": { "credentials": { "username": "gone-login", "password": "youllneverguessit" } },
        "vyteme": { "nickname": "gone-nickname" },
        "teams": [{ "extid": "1", "name": "A" }],
    });
    let id = client.post("/v2/users", &body).await.id();
    client.delete(&format!("/v2/users/{id}")).await.ok();
    let stored = dump(&api).await;
    // The audit log, the change feed and the team's ledger go on saying that there was one.
    let told = ["AUDIT#", "CHANGES#", "LEDGER#"];
    let of_the_user: Vec<_> = stored
        .lines()
        .filter(|line| line.contains(&id) && !told.iter().any(|of| line.contains(of)))
        .collect();
    // The user itself, in no organization, and the guard of its number.
    assert_eq!(of_the_user.len(), 2, "{of_the_user:#?}");
    assert!(
        of_the_user
            .iter()
            .all(|line| !line.contains("ORG#5f198da1c1ac5d1a30fc00f3"))
    );
    for trace in ["gone-extid", "gone-login", "gone-nickname", "argon2"] {
        assert!(!stored.contains(trace), "{trace}");
    }
    assert_eq!(
        client.post("/v2/users", &body).await.status,
        201,
        "the values are free again"
    );
}
