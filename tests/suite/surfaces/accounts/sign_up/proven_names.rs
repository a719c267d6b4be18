//! A login name that is an address belongs to whoever has shown to read what is
//! mailed there, and first to whoever was first.

use serde_json::{Value, json};

use crate::surfaces::accounts::{
    PASSWORD, Person, choices, invited, is_refused, new_account, new_manager, send_form,
    table::{self, Table},
};
use crate::{
    harness::{Answer, Api, Client, fixtures::Fields},
    mail::invitations::mails_to,
};

const CEO: &str = "ceo@a.example";
const OTHER: &str = "another-horse-battery";

/// Somebody who logs in with the CEO's address, which nobody has shown to read.
async fn squatter(client: &Client<'_>, permissions: bool) -> Person {
    let person = if permissions {
        new_manager(client, "squatter@b.example").await
    } else {
        new_account(client, "squatter").await
    };
    let body =
        json!({ "login": { "credentials": { "username": "CEO@a.example", "password": OTHER } } });
    client.put(&person.v2(), &body).await.ok();
    person
}

/// Invites the CEO by mail alone; the path of the link.
async fn invite(api: &Api, client: &Client<'_>, mails: usize) -> String {
    let before = if mails > 1 {
        mails_to(api, CEO, mails - 1).await
    } else {
        Vec::new()
    };
    client
        .post("/api/v2/users", &json!({ "email": CEO }))
        .await
        .ok();
    let all = mails_to(api, CEO, mails).await;
    let is_new = |mail: &&Value| !before.iter().any(|old| old["link"] == mail["link"]);
    let link = all.iter().find(is_new).unwrap().field("link");
    link.strip_prefix(&api.url()).unwrap().to_owned()
}

async fn finish(api: &Api, link: &str) -> Answer {
    send_form(&api.anybody(), link, &choices(PASSWORD)).await
}

async fn password_of(api: &Api, password: &str) -> u16 {
    api.log_in(CEO, password).await.status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unproven_name_gives_way_to_who_proves_the_address() {
    let api = Api::start().await;
    let owner = api.organization();
    let (_, other) = api.new_organization("Other").await;
    let squatter = squatter(&other, true).await;
    let answer = api.log_in(CEO, OTHER).await;
    let session = api.with_key(answer.json().field("token"));
    session.get("/v2/users").await.ok();

    let link = invite(&api, &owner, 1).await;
    finish(&api, &link).await.ok();
    assert_eq!(password_of(&api, PASSWORD).await, 200);
    assert_eq!(password_of(&api, OTHER).await, 401);
    is_refused(&session.get("/v2/users").await);
    // They are all else that they were, and may get another login.
    let listed = other.get("/api/v2/users").await.json();
    assert_eq!(listed[0]["email"], "squatter@b.example");
    let name =
        |name: &str| json!({ "login": { "credentials": { "username": name, "password": OTHER } } });
    let refused = other.put(&squatter.v2(), &name(CEO)).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    other.put(&squatter.v2(), &name("squatter")).await.ok();
    other.put(&squatter.v2(), &name("squatter.b")).await.ok();
    // Their leaving takes nothing along, and they count as the last manager.
    let off = json!({ "user": { "active": false } });
    assert_eq!(other.put(&squatter.v2(), &off).await.status, 409);
    other.delete(&squatter.v2()).await.ok();
    let guard = Table::of(&api).get(&table::login_guard(CEO)).await.unwrap();
    assert!(guard.contains_key("proven"), "{guard:?}");
    assert_eq!(password_of(&api, PASSWORD).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_loses_an_unproven_name_and_leaves_takes_nothing_along() {
    for way in 0..3 {
        let api = Api::start().await;
        let owner = api.organization();
        let (_, other) = api.new_organization("Other").await;
        let squatter = squatter(&other, false).await;
        let link = invite(&api, &owner, 1).await;
        finish(&api, &link).await.ok();
        let v1 = format!("/api/v1/user/{}", squatter.number);
        let operator = api.operator();
        let gone = match way {
            0 => other.delete(&squatter.v2()).await,
            1 => operator.delete(&v1).await,
            _ => operator.put(&v1, &json!({ "org_id": 0 })).await,
        };
        gone.ok();
        assert_eq!(password_of(&api, PASSWORD).await, 200, "{way}");
        assert_eq!(password_of(&api, OTHER).await, 401, "{way}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_or_one_in_no_organization_gives_way_as_well() {
    for is_moved in [false, true] {
        let api = Api::start().await;
        let owner = api.organization();
        let squatter = squatter(&owner, false).await;
        if is_moved {
            let path = format!("/api/v1/user/{}", squatter.number);
            api.operator()
                .put(&path, &json!({ "org_id": 0 }))
                .await
                .ok();
        }
        let link = invite(&api, &owner, 1).await;
        finish(&api, &link).await.ok();
        assert_eq!(password_of(&api, PASSWORD).await, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_an_answer_showed_proves_nothing() {
    let api = Api::start().await;
    let owner = api.organization();
    let (_, other) = api.new_organization("Other").await;
    squatter(&other, false).await;
    let (_, answered) = invited(&api, &owner, json!({ "email": CEO })).await;
    assert_eq!(finish(&api, &answered).await.status, 409);
    assert_eq!(password_of(&api, OTHER).await, 200);
    // The one that was mailed does.
    let mailed = mails_to(&api, CEO, 1).await.remove(0);
    let mailed = mailed.field("link");
    let mailed = mailed.strip_prefix(&api.url()).unwrap();
    finish(&api, mailed).await.ok();
    assert_eq!(password_of(&api, PASSWORD).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_without_a_proof_gets_one_from_a_mailed_link() {
    let api = Api::start().await;
    let owner = api.organization();
    let (_, other) = api.new_organization("Other").await;
    let (ceo, answered) = invited(&api, &owner, json!({ "email": CEO })).await;
    finish(&api, &answered).await.ok();
    let guard = table::login_guard(CEO);
    let table = Table::of(&api);
    assert!(!table.get(&guard).await.unwrap().contains_key("proven"));
    let first = mails_to(&api, CEO, 1).await.remove(0);
    let body = json!({ "finish_signup_with": "email" });
    owner.put(&ceo.v2(), &body).await.ok();
    let mails = mails_to(&api, CEO, 2).await;
    let second = mails.iter().find(|mail| mail["link"] != first["link"]);
    let second = second.unwrap().field("link");
    finish(&api, second.strip_prefix(&api.url()).unwrap())
        .await
        .ok();
    assert!(table.get(&guard).await.unwrap().contains_key("proven"));
    // Of two who prove the same address the first has the name.
    let link = invite(&api, &other, 3).await;
    assert_eq!(finish(&api, &link).await.status, 409);
    assert_eq!(password_of(&api, PASSWORD).await, 200);
    // Moving to another organization leaves it proven.
    let path = format!("/api/v1/user/{}", ceo.number);
    api.operator()
        .put(&path, &json!({ "org_id": 0 }))
        .await
        .ok();
    assert!(table.get(&guard).await.unwrap().contains_key("proven"));
    api.operator()
        .put(&path, &json!({ "org_id": 1 }))
        .await
        .ok();
    assert_eq!(finish(&api, &link).await.status, 409);
    assert_eq!(password_of(&api, PASSWORD).await, 200);
}
