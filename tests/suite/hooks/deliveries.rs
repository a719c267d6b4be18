//! What receivers are sent, and how they know that it is ours.

use http::HeaderMap;
use jiff::SignedDuration;
use serde_json::json;
use standardwebhooks::Webhook;

use super::{
    deliveries, new_hook, new_user,
    receiver::{Reaction, Received, Receiver},
    refused,
};
use crate::harness::Api;

fn verifies(secret: &str, received: &Received) -> bool {
    let mut headers = HeaderMap::new();
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        headers.insert(name, received.header(name).parse().unwrap());
    }
    let verifier = Webhook::new(secret).unwrap();
    verifier.verify(received.body.as_bytes(), &headers).is_ok()
}

/// As [`verifies`], whatever the time is: the API's clock is moved in tests.
fn is_signed_with(secret: &str, received: &Received) -> bool {
    let verifier = Webhook::new(secret).unwrap();
    let second = received.header("webhook-timestamp").parse().unwrap();
    let signature = verifier.sign(received.id(), second, received.body.as_bytes());
    let signature = signature.unwrap();
    let mut signatures = received.header("webhook-signature").split(' ');
    signatures.any(|one| one == signature)
}

#[tokio::test]
async fn a_delivery_is_signed_as_the_public_verifier_asks_and_a_changed_one_is_not() {
    let api = Api::start().await;
    let client = api.organization();
    let receiver = Receiver::start().await;
    let (_, secret) = new_hook(&client, "user.joined", &receiver).await;
    let user = new_user(&client, "ada@example.com").await;
    api.caught_up().await;
    let received = receiver.received();
    assert_eq!(received.len(), 1);
    assert!(verifies(&secret, &received[0]));
    let body = received[0].json();
    let organization = user["account"]["organization"]["id"].clone();
    let expected =
        json!({ "action": "user.joined", "organization": organization, "resource": user });
    assert_eq!(body, expected);
    assert_eq!(received[0].header("content-type"), "application/json");
    let second: i64 = received[0].header("webhook-timestamp").parse().unwrap();
    assert!((api.now().as_second() - second).abs() < 60);
    for change in [
        (|received| received.body.push(' ')) as fn(&mut Received),
        |received| {
            let id = "msg_other".parse().unwrap();
            received.headers.insert("webhook-id", id);
        },
        |received| {
            let second = "1700000000".parse().unwrap();
            received.headers.insert("webhook-timestamp", second);
        },
    ] {
        let mut changed = received[0].clone();
        change(&mut changed);
        assert!(!verifies(&secret, &changed));
    }
}

#[tokio::test]
async fn during_a_rotation_both_secrets_verify_and_afterwards_the_new_one_alone() {
    let api = Api::start().await;
    let client = api.organization();
    let receiver = Receiver::start().await;
    let (hook, old) = new_hook(&client, "user.joined", &receiver).await;
    let path = format!("/v2/hooks/{hook}/rotate");
    let rotated = client
        .post(&path, &json!({ "overlap_seconds": 3_600 }))
        .await;
    let rotated = rotated.ok().json();
    let new = rotated["secret"].as_str().unwrap().to_owned();
    assert!(rotated["previous_secret_until"].is_string());
    new_user(&client, "ada@example.com").await;
    api.caught_up().await;
    api.forward(SignedDuration::from_hours(2));
    new_user(&client, "bob@example.com").await;
    api.caught_up().await;
    let received = receiver.received();
    let verified: Vec<_> = received
        .iter()
        .map(|one| (is_signed_with(&old, one), is_signed_with(&new, one)))
        .collect();
    assert_eq!(verified, [(true, true), (false, true)]);
    let shown = client.get(&format!("/v2/hooks/{hook}")).await.ok().json();
    assert_eq!(shown.get("previous_secret_until"), None);
    assert_eq!(shown.get("secret"), None);
}

#[tokio::test]
async fn each_hook_is_told_what_it_asks_for_and_a_star_everything() {
    let api = Api::start().await;
    let client = api.organization();
    let (all, joined, again) = (
        Receiver::start().await,
        Receiver::start().await,
        Receiver::start().await,
    );
    new_hook(&client, "*", &all).await;
    new_hook(&client, "user.joined", &joined).await;
    new_hook(&client, "user.joined", &again).await;
    new_user(&client, "ada@example.com").await;
    api.caught_up().await;
    assert_eq!(joined.actions(), ["user.joined"]);
    assert_eq!(again.actions(), ["user.joined"]);
    let expected = [
        "hook.created",
        "hook.created",
        "hook.created",
        "user.joined",
    ];
    assert_eq!(all.actions(), expected);
}

#[tokio::test]
async fn the_life_of_an_event_is_told_step_by_step() {
    let api = Api::start().await;
    let client = api.organization();
    let receiver = Receiver::start().await;
    let ada = new_user(&client, "ada@example.com").await;
    let bob = new_user(&client, "bob@example.com").await;
    let team = json!({ "extid": "1", "name": "Sales", "members": [ada["_id"], bob["_id"]] });
    let team = client.new_team(team).await;
    let team = team["_id"].as_str().unwrap();
    api.caught_up().await;
    new_hook(&client, "*", &receiver).await;
    api.caught_up().await;
    let date = json!({ "date": "2030-01-14T09:00:00Z", "end_date": "2030-01-14T10:00:00Z" });
    let booking = json!({ "title": "Demo", "dates": [date], "timezone": "Europe/Paris",
        "created_by": { "email": "gus@example.org" } });
    let path = format!("/v2/teams/{team}/events");
    let event = client.post(&path, &booking).await.created().json();
    let id = event["_id"].as_str().unwrap();
    api.caught_up().await;
    assert_eq!(receiver.actions(), ["event.created", "hook.created"]);
    let booked = receiver.received();
    let booked = booked.iter().find(|one| one.action() == "event.created");
    assert_eq!(booked.unwrap().json()["resource"]["_id"], event["_id"]);
    client
        .post_nothing(&format!("/v2/events/{id}/confirm"))
        .await
        .ok();
    let moved = json!({ "date": "2030-01-14T11:00:00Z", "end_date": "2030-01-14T12:00:00Z" });
    client
        .post(&format!("/v2/events/{id}/reschedule"), &moved)
        .await
        .ok();
    client
        .post_nothing(&format!("/v2/teams/{team}/events/{id}/reassign"))
        .await
        .ok();
    let guests = json!([{ "email": "eve@example.org" }]);
    client
        .post(&format!("/v2/events/{id}/invitees"), &guests)
        .await
        .ok();
    client
        .put(&format!("/v2/events/{id}"), &json!({ "title": "Other" }))
        .await
        .ok();
    client
        .post_nothing(&format!("/v2/events/{id}/cancel"))
        .await
        .ok();
    api.caught_up().await;
    let expected = [
        "event.cancelled",
        "event.confirmed",
        "event.created",
        "event.new_invitee",
        "event.reassigned",
        "event.rescheduled",
        "event.updated",
        "event.updated",
        "event.updated",
        "hook.created",
    ];
    assert_eq!(receiver.actions(), expected);
}

#[tokio::test]
async fn a_delivery_that_is_repeated_and_a_ping_have_ids_that_tell_them_apart() {
    let api = Api::start().await;
    let client = api.organization();
    let receiver = Receiver::start().await;
    let (hook, _) = new_hook(&client, "user.joined", &receiver).await;
    new_user(&client, "ada@example.com").await;
    api.caught_up().await;
    let delivery = deliveries(&client, &hook).await.remove(0);
    assert_eq!(delivery["status"], "delivered");
    assert_eq!(delivery["tries"][0]["status"], 200);
    let id = delivery["_id"].as_str().unwrap();
    let path = format!("/v2/hooks/{hook}/deliveries/{id}/replay");
    let again = client.post_nothing(&path).await;
    assert_eq!(again.status, 202);
    assert_eq!(again.json()["message"], delivery["message"]);
    let ping = client.post_nothing(&format!("/v2/hooks/{hook}/ping")).await;
    assert_eq!(ping.status, 202);
    api.caught_up().await;
    let received = receiver.received();
    assert_eq!(received.len(), 3);
    // Whichever of those that wait comes first.
    let (pings, told): (Vec<_>, Vec<_>) = received.iter().partition(|one| one.action() == "ping");
    assert_eq!((pings.len(), told.len()), (1, 2));
    assert_eq!(told[0].id(), told[1].id());
    assert_eq!(told[0].body, told[1].body);
    assert_ne!(pings[0].id(), told[0].id());
    assert_eq!(deliveries(&client, &hook).await.len(), 3);
    let nowhere = "5f5e1000a1b2c3d4e5f60718";
    let path = format!("/v2/hooks/{hook}/deliveries/{nowhere}/replay");
    refused(&client.post_nothing(&path).await, 404, &[]);
    let path = format!("/v2/hooks/{nowhere}/ping");
    refused(&client.post_nothing(&path).await, 404, &[]);
}

#[tokio::test]
async fn what_a_receiver_answers_is_kept_as_far_as_it_helps_and_redirects_are_not_followed() {
    let api = Api::start().await;
    let client = api.organization();
    let (receiver, elsewhere) = (Receiver::start().await, Receiver::start().await);
    let (hook, _) = new_hook(&client, "user.joined", &receiver).await;
    receiver.answers_once(Reaction {
        status: 302,
        headers: vec![("location", elsewhere.url.clone())],
        body: format!("no\n\u{1b}way {}", "x".repeat(10_000)),
    });
    new_user(&client, "ada@example.com").await;
    api.caught_up().await;
    let delivery = deliveries(&client, &hook).await.remove(0);
    assert_eq!(delivery["status"], "waiting");
    let made = &delivery["tries"][0];
    assert_eq!(made["status"], 302);
    assert_eq!(made["head"].as_str().unwrap().len(), 500);
    assert!(made["head"].as_str().unwrap().starts_with("no  way x"));
    let error = made["error"].as_str().unwrap();
    assert!(error.contains("Redirects are not followed"), "{error}");
    assert!(elsewhere.received().is_empty());
}

#[tokio::test]
async fn a_receiver_that_takes_its_time_holds_up_no_other() {
    let api = Api::start().await;
    let client = api.organization();
    let (slow, quick) = (Receiver::start_silent().await, Receiver::start().await);
    new_hook(&client, "user.joined", &slow).await;
    new_hook(&client, "user.joined", &quick).await;
    for number in 0..30 {
        new_user(&client, &format!("user{number}@example.com")).await;
    }
    let all_arrive = async {
        quick.has(30).await;
        // All of them are under way at the slow one, and none has been answered.
        slow.has(30).await;
        slow.release();
    };
    tokio::join!(all_arrive, api.caught_up());
}

#[tokio::test]
async fn a_hook_that_is_changed_tells_what_it_says_now_and_one_that_is_deleted_nothing() {
    let api = Api::start().await;
    let client = api.organization();
    let (before, after) = (Receiver::start().await, Receiver::start().await);
    let (hook, _) = new_hook(&client, "user.joined", &before).await;
    let path = format!("/hooks/{hook}");
    let shown = client.get(&path).await.ok();
    let version = shown.header("etag").unwrap().to_owned();
    assert_eq!(version, "\"0\"");
    let change = json!({ "target_url": after.url, "action": "*" });
    client.put(&path, &change).await.ok();
    client.put(&path, &shown.json()).await.ok();
    client.put(&path, &change).await.ok();
    new_user(&client, "ada@example.com").await;
    api.caught_up().await;
    assert!(after.actions().contains(&"user.joined".to_owned()));
    assert!(!before.actions().contains(&"user.joined".to_owned()));
    let gone = client.delete(&path).await;
    assert_eq!(gone.status, 204);
    refused(&client.delete(&path).await, 404, &[]);
    new_user(&client, "bob@example.com").await;
    api.caught_up().await;
    let joined = after
        .actions()
        .into_iter()
        .filter(|action| action == "user.joined");
    assert_eq!(joined.count(), 1);
}

#[tokio::test]
async fn an_organization_can_have_fifty_hooks_also_when_it_asks_for_more_at_once() {
    let api = Api::start().await;
    let client = api.organization();
    let body = json!({ "action": "*", "target_url": "http://127.0.0.1:9/" });
    let asked = (0..60).map(|_| client.post("/v2/hooks", &body));
    let answers = futures_util::future::join_all(asked).await;
    let created = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(created, 50);
    let refused = answers.iter().find(|answer| answer.status != 201).unwrap();
    assert_eq!(refused.status, 409, "{:?}", refused.json());
    let listed = client.get("/hooks").await.ok().json();
    assert_eq!(listed["hooks"].as_array().unwrap().len(), 50);
}
