//! The schema version that items carry.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;

use crate::harness::{
    Api,
    fixtures::Fields,
    furnished::{PASSWORD, furnish, lose_a_race},
};

pub type Item = HashMap<String, AttributeValue>;

pub async fn everything(api: &Api) -> Vec<Item> {
    let client = api.dynamodb();
    let scan = client.scan().table_name(&api.table).into_paginator();
    let items = scan.items().send().collect::<Result<Vec<_>, _>>().await;
    items.unwrap()
}

/// What kind of item it is: the beginnings of its keys.
pub fn kind(item: &Item) -> String {
    let prefix = |name: &str| {
        let text = item[name].as_s().unwrap();
        text.split('#').next().unwrap().to_owned()
    };
    match (prefix("pk"), prefix("sk")) {
        (pk, sk) if pk == "ORG" => {
            let is_person = item["sk"].as_s().unwrap().contains("#USER#");
            sk + if is_person { "#USER" } else { "" }
        }
        (pk, sk) if ["CHANGES", "DELIVERIES", "HOOKS"].contains(&pk.as_str()) => {
            format!("{pk}#{sk}")
        }
        (pk, _) => pk,
    }
}

/// Sets an item's version.
async fn set_version(api: &Api, sk_prefix: &str, version: u64) -> Item {
    let mut items = everything(api).await.into_iter();
    let starts = |item: &Item| item["sk"].as_s().unwrap().starts_with(sk_prefix);
    let mut item = items.find(starts).unwrap();
    let number = AttributeValue::N(version.to_string());
    item.insert("schema_version".to_owned(), number);
    let client = api.dynamodb();
    let put = client.put_item().table_name(&api.table);
    put.set_item(Some(item.clone())).send().await.unwrap();
    item
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_item_carries_its_schema_version() {
    let api = Api::start().await;
    let tenant = furnish(&api).await;
    lose_a_race(&api, &tenant).await;
    api.caught_up().await;
    let mut kinds = BTreeMap::new();
    for item in everything(&api).await {
        let version = item.get("schema_version");
        let one = AttributeValue::N("1".to_owned());
        assert_eq!(version, Some(&one), "{}: {item:?}", kind(&item));
        *kinds.entry(kind(&item)).or_insert(0) += 1;
    }
    // Every kind that keys.rs lists is among them.
    let listed = [
        "ATTEMPTS",
        "AUDIT",
        "CALENDARS",
        "CHANGES#AT",
        "CHANGES#LAST",
        "CHANGES#OF",
        "COUNTER",
        "DAY",
        "DECISION",
        "DELETED",
        "DELIVERIES#BODY",
        "DELIVERIES#HOOK",
        "EVENT",
        "HOLD",
        "HOOKS#COUNT",
        "HOOKS#HOOK",
        "IDEMPOTENCY",
        "KEY",
        "KNOWN",
        "LEDGER",
        "LOGIN",
        "MAIL",
        "MAILS",
        "MANAGERS",
        "NICKNAME",
        "ORG",
        "ORG_NUMBER",
        "PART",
        "REMINDERS",
        "SESSION",
        "SIGNUP",
        "TEAM",
        "TEAM#USER",
        "TURNS",
        "UNIQUE",
        "USER",
        "USER_NUMBER",
    ];
    let found: BTreeSet<_> = kinds.keys().map(String::as_str).collect();
    assert_eq!(found, BTreeSet::from(listed), "{}", tenant.organization);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_of_a_newer_release_is_neither_read_nor_overwritten() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client.new_user_id("jean@example.com").await;
    let other = client.new_user_id("ada@example.com").await;
    let team = json!({ "extid": "1", "name": "Team", "members": [user, other] });
    let team = client.new_team(team).await;
    let newer = set_version(&api, &format!("USER#{user}"), 2).await;

    let path = format!("/v2/users/{user}");
    let rename = json!({ "user": { "first_name": "Jean" } });
    let team = format!("/v2/teams/{}", team.id());
    for answer in [
        client.get(&path).await,
        client.get("/v2/users").await,
        client.put(&path, &rename).await,
        client.delete(&path).await,
        // Writes the user's item without having read it.
        client.delete(&team).await,
    ] {
        assert_eq!(answer.status, 500, "{}", answer.text);
        assert!(!answer.text.contains("version 2"), "{}", answer.text);
    }
    let items = everything(&api).await;
    assert!(items.contains(&newer), "it is as it was");
    // What has no newer item in its way works.
    let path = format!("/v2/users/{other}");
    client.put(&path, &rename).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_without_a_version_has_the_first() {
    let api = Api::start().await;
    let client = api.organization();
    let body = json!({
        "user": { "email": "jean@example.com" },
        "login": { "credentials": { "username": "jean", "password": PASSWORD } },
    });
    let user = client.post("/v2/users", &body).await.json();
    for mut item in everything(&api).await {
        item.remove("schema_version");
        let client = api.dynamodb();
        let put = client.put_item().table_name(&api.table);
        put.set_item(Some(item)).send().await.unwrap();
    }
    let path = format!("/v2/users/{}", user["user"].id());
    let rename = json!({ "user": { "first_name": "Jean" } });
    client.put(&path, &rename).await.ok();
    api.log_in("jean", PASSWORD).await.ok();
}
