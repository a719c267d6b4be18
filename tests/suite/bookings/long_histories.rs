//! Lists of events cost what they show, however long the history.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use futures_util::{StreamExt as _, stream};
use roster_store::bookings::migrate::migrate;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, Cost, fixtures::Fields};

type Item = HashMap<String, AttributeValue>;

/// Events that are over.
const OVER: usize = 20_000;
/// Events to come, of which the first is confirmed.
const AHEAD: usize = 20;

fn text(item: &Item, name: &str) -> String {
    item[name].as_s().unwrap().clone()
}

/// Every item of the table whose sort key begins like this.
async fn items(api: &Api, prefix: &str) -> Vec<Item> {
    let client = api.dynamodb();
    let scan = client.scan().table_name(&api.table).consistent_read(true);
    let all = scan.into_paginator().items().send();
    let all = all.collect::<Result<Vec<_>, _>>().await.unwrap();
    all.into_iter()
        .filter(|item| text(item, "sk").starts_with(prefix))
        .collect()
}

async fn put_all(api: &Api, items: Vec<Item>) {
    let client = api.dynamodb();
    let batches = items.chunks(25).map(|batch| {
        let puts = batch.iter().map(|item| {
            let put = PutRequest::builder().set_item(Some(item.clone())).build();
            WriteRequest::builder().put_request(put.unwrap()).build()
        });
        let write = client
            .batch_write_item()
            .request_items(&api.table, puts.collect());
        async move {
            let done = write.send().await.unwrap();
            assert!(done.unprocessed_items().is_none_or(HashMap::is_empty));
        }
    });
    let batches: Vec<_> = batches.collect();
    stream::iter(batches)
        .buffer_unordered(4)
        .collect::<()>()
        .await;
}

fn booking(title: &str, year: u32, day: usize) -> Value {
    json!({
        "title": title, "created_by": { "email": "zoe@example.org" },
        "dates": [{
            "date": format!("{year}-01-{:02}T09:00:00Z", day + 1),
            "end_date": format!("{year}-01-{:02}T10:00:00Z", day + 1),
        }],
    })
}

/// A team of one; its path and its member.
async fn team(client: &Client<'_>) -> (String, String) {
    let user = client.new_user_id("jean@example.com").await;
    let team = json!({ "extid": "1", "name": "Team", "members": [user] });
    let team = client.new_team(team).await;
    (format!("/v2/teams/{}", team.id()), user)
}

/// A team whose member had 20,000 events and has 20 to come, booked before
/// them. Of those that are over there is what lists choose by, as bookings write
/// it, and the events themselves of the last hundred.
async fn long_history(api: &Api, client: &Client<'_>) -> (String, String) {
    let (path, user) = team(client).await;
    let events = format!("{path}/events");
    for n in 0..AHEAD {
        let mut body = booking(&format!("Ahead {n}"), 2099, n);
        body["confirmed"] = json!({ "flag": n == 0 });
        client.post(&events, &body).await.created();
    }
    let made = client
        .post(&events, &booking("Over", 2020, 0))
        .await
        .created();
    let id = made.id();
    let part = items(api, "PART#").await;
    let part = part.into_iter().find(|item| text(item, "event") == id);
    let part = part.unwrap();
    let event = items(api, &format!("EVENT#{id}")).await.remove(0);
    // Ids that are younger than those of what was booked.
    let younger = |n: usize| format!("7fffffff{n:016x}");
    let mut copies = Vec::new();
    for n in 0..OVER {
        let name = younger(n);
        let with = |item: &Item, names: &[&str]| {
            let mut item = item.clone();
            for attribute in names {
                let replaced = text(&item, attribute).replace(&id, &name);
                item.insert((*attribute).to_owned(), AttributeValue::S(replaced));
            }
            item
        };
        copies.push(with(&part, &["sk", "gsi1sk", "event"]));
        if n + 100 >= OVER {
            copies.push(with(&event, &["sk", "_id"]));
        }
    }
    put_all(api, copies).await;
    (path, user)
}

fn show(what: &str, answer: &Answer) -> Cost {
    assert_eq!(answer.status, 200, "{what}: {}", answer.text);
    let cost = answer.cost();
    println!(
        "| {what} | {} | {} | {} | {} |",
        cost.round_trips, cost.calls, cost.read, cost.write
    );
    cost
}

fn titles(answer: &Answer) -> Vec<String> {
    let list = answer.json();
    let list = list.as_array().unwrap().iter();
    list.map(|event| event.field("title").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_events_cost_no_more_than_what_is_shown() {
    let api = Api::start().await;
    let client = api.organization();
    let (path, user) = long_history(&api, &client).await;
    let events = format!("{path}/events");
    println!(
        "| 20,000 events, 20 ahead | round trips | calls | RCU | WCU |\n|---|---|---|---|---|"
    );

    let ahead: Vec<_> = (0..AHEAD).rev().map(|n| format!("Ahead {n}")).collect();
    for (query, expected) in [
        ("filter=upcoming", &ahead[..]),
        ("filter=upcoming&limit=5", &ahead[..5]),
        ("filter=upcoming&q=Ahead%201%24", &ahead[18..19]),
        ("filter=confirmed", &ahead[19..]),
        ("filter=confirmed&limit=5", &ahead[19..]),
        ("limit=20", &[]),
    ] {
        let listed = client.get(&format!("{events}?{query}")).await;
        let cost = show(query, &listed);
        assert!(
            cost.round_trips <= 3 && cost.read <= 40.0,
            "{query}: {cost:?}"
        );
        if query == "limit=20" {
            assert_eq!(titles(&listed), ["Over"; 20]);
        } else {
            assert_eq!(titles(&listed), expected, "{query}");
        }
    }
    let mut paged = Vec::new();
    let mut next = Some(format!("{events}?filter=upcoming&limit=7"));
    while let Some(path) = next {
        let page = client.get(&path).await;
        paged.extend(titles(&page));
        next = page.next_link();
    }
    assert_eq!(paged, ahead);

    // Titles are looked through: a bounded part of them with each request.
    let mut requests = 0;
    let mut found = Vec::new();
    let mut next = Some(format!("{events}?q=Ahead%20%5B57%5D"));
    while let Some(path) = next {
        let page = client.get(&path).await;
        let cost = show("q, a request", &page);
        assert!(cost.round_trips <= 6 && cost.read <= 200.0, "{cost:?}");
        found.extend(titles(&page));
        next = page.next_link();
        requests += 1;
    }
    assert_eq!(found, ["Ahead 7", "Ahead 5"]);
    assert!((4..=20).contains(&requests), "{requests} requests");

    let gone = client.delete(&format!("/v2/users/{user}")).await;
    let cost = show("unlink", &gone);
    assert!(cost.round_trips <= 4 && cost.read <= 60.0, "{cost:?}");
    let left = gone.json()["events_to_reassign"].clone();
    assert_eq!(left.as_array().unwrap().len(), AHEAD);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_that_is_ahead_than_is_put_in_order_at_once_is_listed_all_the_same() {
    let api = Api::start().await;
    let client = api.organization();
    let (path, _) = team(&client).await;
    let events = format!("{path}/events");
    for (title, year) in [("First", 2099), ("Over", 2020), ("Last", 2098)] {
        client
            .post(&events, &booking(title, year, 0))
            .await
            .created();
    }
    // Between the first and the last: 1,100 more.
    let first = items(&api, "PART#").await;
    let first = first
        .into_iter()
        .find(|item| text(item, "title") == "First");
    let first = first.unwrap();
    let id = text(&first, "event");
    let event = items(&api, &format!("EVENT#{id}")).await.remove(0);
    let mut copies = Vec::new();
    for n in 0..1_100 {
        let name = format!("00000001{n:016x}");
        for (item, names) in [
            (&first, &["sk", "gsi1sk", "event"][..]),
            (&event, &["sk", "_id"]),
        ] {
            let mut item = item.clone();
            for attribute in names {
                let replaced = text(&item, attribute).replace(&id, &name);
                item.insert((*attribute).to_owned(), AttributeValue::S(replaced));
            }
            copies.push(item);
        }
    }
    put_all(&api, copies).await;
    let list = client
        .list_all(&format!("{events}?filter=upcoming"), 400)
        .await;
    assert_eq!(list.len(), 1_102);
    assert_eq!(
        (list[0]["title"].as_str(), list[1]["title"].as_str()),
        (Some("Last"), Some("First"))
    );
    let ids: Vec<_> = list.iter().map(|event| event.id()).collect();
    assert!(ids.is_sorted_by(|a, b| a > b), "newest first, each once");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_without_a_date_is_ahead_until_it_has_one() {
    let api = Api::start().await;
    let client = api.organization();
    let (path, user) = team(&client).await;
    let events = format!("{path}/events");
    let mut body = booking("Some day", 2099, 0);
    body.as_object_mut().unwrap().remove("dates");
    client.post(&events, &body).await.created();
    let listed = client.get(&format!("{events}?filter=upcoming")).await;
    assert_eq!(titles(&listed), ["Some day"]);
    let gone = client.delete(&format!("/v2/users/{user}")).await.json();
    assert_eq!(gone["events_to_reassign"][0]["title"], "Some day");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_an_earlier_build_wrote_are_listed_after_a_migration() {
    let api = Api::start().await;
    let client = api.organization();
    let (path, user) = team(&client).await;
    let other = client.new_user_id("zoe@example.org").await;
    let events = format!("{path}/events");
    for (title, year) in [("Over", 2020), ("Ahead", 2099)] {
        client
            .post(&events, &booking(title, year, 0))
            .await
            .created();
    }
    let lists = async || {
        let mut lists = Vec::new();
        for query in ["", "?filter=upcoming", "?filter=confirmed", "?q=Over"] {
            lists.push(client.get(&format!("{events}{query}")).await.json());
        }
        lists
    };
    let before = lists().await;
    let parts = async || {
        let mut parts = items(&api, "PART#").await;
        parts.sort_by_key(|item| text(item, "sk"));
        parts
    };
    let as_made = parts().await;
    assert_eq!(as_made.len(), 4, "two people, two events");

    // As the earlier build left them: a copy for each user, and no parts.
    let dynamodb = api.dynamodb();
    for part in &as_made {
        let delete = dynamodb.delete_item().table_name(&api.table);
        let delete = delete.key("pk", part["pk"].clone());
        delete.key("sk", part["sk"].clone()).send().await.unwrap();
    }
    for event in items(&api, "EVENT#").await {
        for user in [&user, &other] {
            let mut copy = event.clone();
            let sk = text(&event, "sk").replace("EVENT#", &format!("INVOLVED#{user}#"));
            copy.insert("sk".to_owned(), AttributeValue::S(sk));
            let put = dynamodb.put_item().table_name(&api.table);
            put.set_item(Some(copy)).send().await.unwrap();
        }
    }
    assert_eq!(migrate(&api.app().store(), false).await.unwrap().events, 2);
    assert_eq!(lists().await, before);
    assert_eq!(parts().await, as_made);
    assert_eq!(items(&api, "INVOLVED#").await.len(), 0);
    assert_eq!(migrate(&api.app().store(), false).await.unwrap().events, 0);
}
