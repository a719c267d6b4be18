//! Receivers that fail: everything is tried again, and nothing is lost.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use roster_domain::hooks::target::Targets;
use roster_local::setup;
use roster_webhooks::{
    Client, Courier, Follower, Queue, Queued, deliver::Outcome, follow::Event, queue::LocalQueue,
};
use serde_json::json;

use super::{
    deliveries, new_hook, new_user,
    receiver::{Reaction, Receiver},
};
use crate::harness::Api;

#[tokio::test]
async fn a_receiver_that_fails_for_three_days_gets_everything_in_the_end_with_the_same_ids() {
    let api = Api::start().await;
    let client = api.organization();
    let receiver = Receiver::start().await;
    let (hook, _) = new_hook(&client, "user.joined", &receiver).await;
    receiver.answers(Reaction::status(503));
    for number in 0..12 {
        new_user(&client, &format!("user{number}@example.com")).await;
        api.caught_up().await;
        api.forward(SignedDuration::from_hours(6));
        api.caught_up().await;
    }
    let shown = client.get(&format!("/hooks/{hook}")).await.ok().json();
    assert_eq!(shown["paused"], false);
    assert!(shown["failing_since"].is_string());
    receiver.answers(Reaction::status(200));
    api.forward(SignedDuration::from_hours(12));
    api.caught_up().await;
    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for received in receiver.received() {
        let user = received.json()["resource"]["_id"].to_string();
        let told = ids.entry(user).or_default();
        told.insert(received.id().to_owned());
    }
    assert_eq!(ids.len(), 12);
    assert!(ids.values().all(|ids| ids.len() == 1), "{ids:?}");
    let deliveries = deliveries(&client, &hook).await;
    assert!(deliveries.iter().all(|one| one["status"] == "delivered"));
    let shown = client.get(&format!("/hooks/{hook}")).await.ok().json();
    assert_eq!(shown.get("failing_since"), None);
}

#[tokio::test]
async fn a_hook_where_nothing_arrives_for_three_days_is_paused_until_somebody_resumes_it() {
    let api = Api::start().await;
    let client = api.organization();
    let receiver = Receiver::start().await;
    let (hook, _) = new_hook(&client, "user.joined", &receiver).await;
    receiver.answers(Reaction::status(500));
    new_user(&client, "ada@example.com").await;
    api.caught_up().await;
    for _ in 0..14 {
        api.forward(SignedDuration::from_hours(11));
        api.caught_up().await;
    }
    let path = format!("/hooks/{hook}");
    let shown = client.get(&path).await.ok().json();
    assert_eq!(shown["pause_reason"], "failing");
    let delivery = deliveries(&client, &hook).await.remove(0);
    assert_eq!(delivery["status"], "failed");
    assert_eq!(delivery["tries"].as_array().unwrap().len(), 15);
    receiver.answers(Reaction::status(200));
    new_user(&client, "bob@example.com").await;
    api.caught_up().await;
    assert_eq!(deliveries(&client, &hook).await.len(), 1);
    let resumed = client.put(&path, &json!({ "paused": false })).await.ok();
    assert_eq!(resumed.json()["paused"], false);
    new_user(&client, "eve@example.com").await;
    api.caught_up().await;
    assert_eq!(deliveries(&client, &hook).await[0]["status"], "delivered");
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_told_nothing_more() {
    let api = Api::start().await;
    let client = api.organization();
    let receiver = Receiver::start().await;
    let (hook, _) = new_hook(&client, "user.joined", &receiver).await;
    receiver.answers(Reaction::status(410));
    new_user(&client, "ada@example.com").await;
    api.caught_up().await;
    new_user(&client, "bob@example.com").await;
    api.caught_up().await;
    assert_eq!(receiver.received().len(), 1);
    let shown = client.get(&format!("/hooks/{hook}")).await.ok().json();
    assert_eq!(shown["pause_reason"], "gone");
    assert_eq!(shown["paused"], true);
}

#[tokio::test]
async fn those_who_manage_the_account_are_mailed_once_that_a_hook_is_paused() {
    let api = Api::start().await;
    let client = api.organization();
    for (name, language) in [("ada", "de"), ("bob", "en")] {
        let email = format!("{name}@example.com");
        let user = json!({ "user": { "email": email, "language": language } });
        client.post("/v2/users", &user).await.created();
    }
    let number = client.number_of("ada@example.com").await;
    let may = json!({ "accountManagement": true });
    client
        .post(&format!("/api/v2/users/{number}/perms"), &may)
        .await
        .ok();
    let receiver = Receiver::start().await;
    let (hook, _) = new_hook(&client, "user.joined", &receiver).await;
    receiver.answers(Reaction::status(410));
    new_user(&client, "eve@example.com").await;
    api.caught_up().await;
    let mails = api.mails(|mails| !mails.is_empty()).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0]["to"], "ada@example.com");
    let (subject, text) = (mails[0]["subject"].as_str(), mails[0]["text"].as_str());
    assert_eq!(subject, Some("ACME: Ein Webhook ist pausiert"));
    assert!(text.unwrap().contains(&hook) && text.unwrap().contains("410"));
    // Whoever pauses one is not told of it.
    let path = format!("/hooks/{hook}");
    client.put(&path, &json!({ "paused": false })).await.ok();
    client.put(&path, &json!({ "paused": true })).await.ok();
    api.caught_up().await;
    assert_eq!(api.mails(|_| true).await.len(), 1);
}

#[tokio::test]
async fn a_receiver_that_asks_to_wait_is_let_wait() {
    let api = Api::start().await;
    let client = api.organization();
    let receiver = Receiver::start().await;
    new_hook(&client, "user.joined", &receiver).await;
    receiver.answers_once(Reaction {
        headers: vec![("retry-after", "7200".to_owned())],
        ..Reaction::status(429)
    });
    new_user(&client, "ada@example.com").await;
    api.caught_up().await;
    api.forward(SignedDuration::from_mins(110));
    api.caught_up().await;
    assert_eq!(receiver.received().len(), 1);
    api.forward(SignedDuration::from_mins(11));
    api.caught_up().await;
    assert_eq!(receiver.received().len(), 2);
}

/// Whoever is killed after the receiver has the message, and before that is noted.
#[tokio::test]
async fn a_delivery_whose_sender_is_killed_before_it_is_noted_is_sent_again_with_the_same_id() {
    let api = Api::start().await;
    let client = api.organization();
    let receiver = Receiver::start().await;
    let (hook, _) = new_hook(&client, "user.joined", &receiver).await;
    new_user(&client, "ada@example.com").await;
    api.caught_up().await;
    let delivery = deliveries(&client, &hook).await.remove(0);
    let path = format!(
        "/v2/hooks/{hook}/deliveries/{}/replay",
        delivery["_id"].as_str().unwrap()
    );
    let silent = Receiver::start_silent().await;
    client
        .put(
            &format!("/hooks/{hook}"),
            &json!({ "target_url": silent.url }),
        )
        .await
        .ok();
    // Not by the API's own sender, which sends it, too.
    let again = client.post_nothing(&path).await.json();
    let queued = Queued {
        organization: setup::ORGANIZATION.parse().unwrap(),
        hook: hook.parse().unwrap(),
        delivery: again["_id"].as_str().unwrap().parse().unwrap(),
    };
    let sender = Client::new(Targets::Any).unwrap();
    let courier = Courier {
        app: api.app(),
        client: &sender,
    };
    tokio::select! {
        _ = courier.deliver(queued) => panic!("it waits for an answer"),
        () = silent.has(2) => {}
    }
    silent.release();
    assert_eq!(courier.deliver(queued).await.unwrap(), Outcome::Done);
    api.caught_up().await;
    let received = silent.received();
    assert!(received.iter().all(|one| one.id() == received[0].id()));
    assert_eq!(deliveries(&client, &hook).await[0]["status"], "delivered");
}

/// Whoever is killed after changes have their numbers, and before the stream knows.
#[tokio::test]
async fn a_batch_that_the_stream_brings_again_numbers_nothing_twice() {
    let api = Api::start().await;
    let client = api.organization();
    let receiver = Receiver::start().await;
    let (hook, _) = new_hook(&client, "user.joined", &receiver).await;
    new_user(&client, "ada@example.com").await;
    api.caught_up().await;
    let before = client.get("/v2/changes").await.ok().json();
    let table = &api.app().table;
    let user = before[1]["resource"]["_id"].as_str().unwrap();
    let organization = setup::ORGANIZATION;
    let item = table
        .client()
        .get_item()
        .table_name(table.name())
        .key(
            "pk",
            aws_sdk_dynamodb::types::AttributeValue::S(format!("ORG#{organization}")),
        )
        .key(
            "sk",
            aws_sdk_dynamodb::types::AttributeValue::S(format!("USER#{user}")),
        )
        .send()
        .await
        .unwrap()
        .item
        .unwrap();
    let image = serde_json::to_value(serde_dynamo::Item::from(item)).unwrap();
    let record = |sequence: &str| {
        json!({
            "eventName": "INSERT",
            "dynamodb": {
                "Keys": { "pk": { "S": format!("ORG#{organization}") }, "sk": { "S": format!("USER#{user}") } },
                "NewImage": image, "SequenceNumber": sequence,
                "ApproximateCreationDateTime": api.now().as_second(),
            },
        })
    };
    let queue = Queue::Local(LocalQueue::default());
    let follower = Follower {
        app: api.app(),
        queue: &queue,
    };
    let again: Event = serde_json::from_value(json!({ "Records": [record("1")] })).unwrap();
    assert!(follower.serve(&again).await.batch_item_failures.is_empty());
    assert_eq!(client.get("/v2/changes").await.ok().json(), before);
    let newer = "9".repeat(39);
    let next: Event = serde_json::from_value(json!({ "Records": [record(&newer)] })).unwrap();
    for _ in 0..2 {
        assert!(follower.serve(&next).await.batch_item_failures.is_empty());
    }
    let after = client.get("/v2/changes").await.ok().json();
    assert_eq!(
        after.as_array().unwrap().len(),
        before.as_array().unwrap().len() + 1
    );
    api.caught_up().await;
    assert_eq!(deliveries(&client, &hook).await.len(), 2);
}
