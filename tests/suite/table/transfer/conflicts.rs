//! What is in the way of an import.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

use aws_sdk_dynamodb::types::AttributeValue;
use roster_transfer::{
    Progress, TransferError,
    import::{ImportOptions, Renumbered, import},
};
use serde_json::json;

use super::{Everything, Moved, everything, go_on, options};
use crate::harness::{
    Api, Client,
    fixtures::Fields,
    furnished::{LOGIN, PASSWORD},
};

/// A table whose demo organization has a user with the login name, and users
/// with the first numbers.
async fn occupied() -> Api {
    let target = Api::start().await;
    let client = target.organization();
    let body = json!({
        "user": { "email": "first@example.com" },
        "login": { "credentials": { "username": LOGIN.to_uppercase(), "password": PASSWORD } },
    });
    client.post("/v2/users", &body).await.created();
    client.new_user_id("second@example.com").await;
    target
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_in_the_way_is_listed_and_nothing_is_written() {
    let moved = Moved::new().await;
    let target = occupied().await;
    target.new_organization("Second").await;
    let before = everything(&target).await;
    let error = moved.import(&target).await.unwrap_err();
    let TransferError::Conflicts(conflicts) = &error else {
        panic!("{error}");
    };
    let jean = &moved.tenant.users[0];
    let ada = &moved.tenant.users[1];
    for expected in [
        format!("the login name \"{LOGIN}\" of user {jean}: it is taken"),
        format!("the number 1 of user {jean}: it is taken"),
        format!("the number 2 of user {ada}: it is taken"),
        "the organization's number 2: it is taken".to_owned(),
    ] {
        let found = conflicts.iter().filter(|text| text.starts_with(&expected));
        assert_eq!(found.count(), 1, "{expected}: {conflicts:#?}");
    }
    assert_eq!(conflicts.len(), 4, "{conflicts:#?}");
    assert!(
        error
            .to_string()
            .starts_with("nothing was written; 4 things"),
        "{error}"
    );
    assert_eq!(everything(&target).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_that_is_there_is_not_written_over() {
    let moved = Moved::new().await;
    let before = everything(&moved.source).await;
    let error = moved.import(&moved.source).await.unwrap_err().to_string();
    let expected = format!("organization {}: it exists", moved.tenant.organization);
    assert!(
        error.contains(&expected) && error.contains("1 thing is"),
        "{error}"
    );
    assert_eq!(everything(&moved.source).await, before);

    // Nor one that came from another export.
    let target = Api::start().await;
    moved.import(&target).await.unwrap();
    let client = moved.source.with_key(&moved.tenant.organization_key);
    client.new_user_id("later@example.com").await;
    moved.export("later").await.unwrap();
    let later = options(&moved.path("later"));
    let error = import(&target.app().table, &later, &mut go_on).await;
    let error = error.unwrap_err().to_string();
    assert!(error.contains(&expected), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_deleted_organization_left_is_in_the_way() {
    let moved = Moved::new().await;
    let target = Api::start().await;
    let body = json!({ "_id": moved.tenant.organization, "name": "Former" });
    let made = target
        .operator()
        .post("/v2/organizations", &body)
        .await
        .created();
    let key = made.json()["key"].field("key").to_owned();
    let client = target.with_key(&key);
    client.new_user_id("former@example.com").await;
    let former = client.number_of("former@example.com").await;
    let operator = target.operator();
    operator.delete(&format!("/api/v1/user/{former}")).await;
    operator.delete("/api/v1/org/2").await.ok();
    let error = moved.import(&target).await.unwrap_err().to_string();
    assert!(
        error.contains("left 1 items") && error.contains("DELETED#"),
        "{error}"
    );
}

/// A second organization, whose users have the first numbers.
async fn second(target: &Api) -> Client<'_> {
    let (_, other) = target.new_organization("Second").await;
    for name in ["one", "two", "three"] {
        other.new_user_id(&format!("{name}@example.com")).await;
    }
    other
}

fn renumbering(moved: &Moved) -> ImportOptions {
    let mut options = options(&moved.file());
    options.renumber = true;
    options
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_numbers_are_given_anew_where_that_is_asked_for() {
    let moved = Moved::new().await;
    let target = Api::start().await;
    let other = second(&target).await;
    let renumber = renumbering(&moved);
    let imported = import(&target.app().table, &renumber, &mut go_on).await;
    let renumbered = imported.unwrap().renumbered;
    let olds: Vec<_> = renumbered
        .iter()
        .map(|one| (one.user.is_none(), one.old))
        .collect();
    assert_eq!(olds, [(true, 2), (false, 1), (false, 2), (false, 3)]);
    let client = target.with_key(&moved.tenant.organization_key);
    let source = moved.source.with_key(&moved.tenant.organization_key);
    for Renumbered { user, old, new } in &renumbered {
        let Some(user) = user else {
            let shown = target.operator().get(&format!("/api/v1/org/{new}")).await;
            assert_eq!(shown.json()["name"], "Furnished", "{}", shown.text);
            continue;
        };
        let there = client.get(&format!("/api/v2/users/{new}")).await;
        assert_eq!(there.status, 200, "{user}: {}", there.text);
        let here = source.get(&format!("/api/v2/users/{old}")).await;
        assert_eq!(there.json()["email"], here.json()["email"]);
        // The old number is still its holder's.
        other.get(&format!("/api/v2/users/{old}")).await.ok();
        assert_eq!(
            client.get(&format!("/api/v2/users/{old}")).await.status,
            404
        );
    }
    // Made again, it changes nothing and says the same.
    let before = everything(&target).await;
    let again = import(&target.app().table, &renumber, &mut go_on).await;
    assert_eq!(again.unwrap().renumbered, renumbered);
    assert_eq!(everything(&target).await, before);
    let mut numbers: Vec<_> = client
        .get("/api/v2/users")
        .await
        .json()
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user.number("_id"))
        .collect();
    client.new_user_id("new@example.com").await;
    numbers.push(client.number_of("new@example.com").await);
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), moved.tenant.users.len() + 1);
}

/// Holds every user's number to its guard, and the other way round.
fn numbers_agree(all: &Everything, organization: &str) {
    let partition = format!("ORG#{organization}");
    let mut users = BTreeSet::new();
    for ((pk, sk), item) in all {
        let id = sk.strip_prefix("USER#").or(sk.strip_prefix("DELETED#"));
        if let Some(id) = id.filter(|_| *pk == partition) {
            let number = item["number"].as_n().unwrap().clone();
            users.insert((format!("USER_NUMBER#{number}"), id.to_owned()));
        }
    }
    let own = AttributeValue::S(organization.to_owned());
    let guards = all
        .iter()
        .filter(|((_, sk), item)| sk == "NUMBER" && item.get("organization") == Some(&own));
    let guards = guards.map(|((pk, _), item)| (pk.clone(), item["holder"].as_s().unwrap().clone()));
    assert_eq!(guards.collect::<BTreeSet<_>>(), users);
}

fn stop_after(most: usize) -> impl FnMut(Progress) -> ControlFlow<()> {
    let mut writes = 0;
    move |progress| {
        writes += usize::from(matches!(progress, Progress::Writing { .. }));
        if writes > most {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_stopped_keeps_the_numbers_that_it_gave() {
    let moved = Moved::new().await;
    for most in [0, 10, 25, 40, 50, 55] {
        let target = Api::start().await;
        second(&target).await;
        let renumber = renumbering(&moved);
        let table = &target.app().table;
        let stopped = import(table, &renumber, &mut stop_after(most)).await;
        assert!(stopped.is_err(), "{most}");
        let given = |all: &Everything| -> BTreeMap<_, _> {
            let users = all.iter().filter(|((_, sk), _)| sk.starts_with("USER#"));
            users
                .map(|(key, item)| (key.clone(), item["number"].clone()))
                .collect()
        };
        let before = given(&everything(&target).await);
        let imported = import(table, &renumber, &mut go_on).await.unwrap();
        assert_eq!(imported.renumbered.len(), 4, "{most}");
        let all = everything(&target).await;
        numbers_agree(&all, &moved.tenant.organization);
        let after = given(&all);
        let kept = before
            .iter()
            .all(|(key, number)| after.get(key) == Some(number));
        assert!(kept, "{most}: {before:?} {after:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_is_taken_under_an_import_can_be_given_anew() {
    let moved = Moved::new().await;
    let target = Api::start().await;
    let table = &target.app().table;
    let stopped = import(table, &options(&moved.file()), &mut stop_after(50)).await;
    assert!(stopped.is_err());
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let put = target.dynamodb().put_item().table_name(&target.table);
    let put = put
        .item("pk", text("USER_NUMBER#1"))
        .item("sk", text("NUMBER"));
    put.item("holder", text("5f198da1c1ac5d1a30fc0001"))
        .send()
        .await
        .unwrap();
    let error = moved.import(&target).await.unwrap_err().to_string();
    assert!(error.contains("the number 1 of user"), "{error}");
    let mut renumber = options(&moved.file());
    renumber.renumber = true;
    let imported = import(table, &renumber, &mut go_on).await.unwrap();
    assert_eq!(imported.renumbered.len(), 1, "{imported:?}");
    numbers_agree(&everything(&target).await, &moved.tenant.organization);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_an_organization_left_behind_does_not_work_again() {
    let moved = Moved::new().await;
    let target = Api::start().await;
    let organization = &moved.tenant.organization;
    let made = target
        .organization()
        .post("/v2/keys", &json!({ "name": "left" }))
        .await
        .created();
    let id = made.id();
    // As if the organization had been deleted while the key was made.
    let place = (format!("KEY#{id}"), "KEY".to_owned());
    let mut item = everything(&target).await.remove(&place).unwrap();
    for (name, value) in [
        ("organization", organization.clone()),
        ("gsi1pk", format!("KEYS#{organization}")),
    ] {
        item.insert(name.to_owned(), AttributeValue::S(value));
    }
    let client = target.dynamodb();
    let put = client.put_item().table_name(&target.table);
    put.set_item(Some(item)).send().await.unwrap();

    let error = moved.import(&target).await.unwrap_err().to_string();
    assert!(error.contains(&format!("key {id}: ")), "{error}");
    assert!(error.contains("it would work again"), "{error}");
    let path = format!("/v2/keys/{id}?organization={organization}");
    target.operator().delete(&path).await.ok();
    moved.import(&target).await.unwrap();
}
