//! Listing the events of a team's members.

use serde_json::{Value, json};

use super::{booking, hour, setup};
use crate::harness::{Api, fixtures::Fields};

fn titles(list: &Value) -> Vec<String> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|event| event.field("title").to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_current_members_are_listed_newest_first_each_once() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 3, json!({})).await;
    let mut expected = Vec::new();
    for day in 1..=7 {
        let (start, end) = hour(day, 10);
        let mut body = booking(&[(&start, &end)]);
        let title = format!("Event {day}");
        body["title"] = json!(title);
        // All members take part in each: one assigned, the others invited.
        body["invitees"] = (0..3)
            .map(|n| json!({ "email": format!("member{n}@example.com") }))
            .collect();
        team.post(&client, &body).await.created();
        expected.insert(0, title);
    }
    let path = format!("{}/events", team.path);
    assert_eq!(titles(&client.get(&path).await.json()), expected);
    for limit in [1, 2, 3, 7, 100] {
        let paged = Value::Array(client.list_all(&path, limit).await);
        assert_eq!(titles(&paged), expected, "limit {limit}");
    }
    let listed = client.get(&path).await;
    assert!(
        !listed.text.contains("hash"),
        "participants' keys are not listed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_apply_before_the_limit() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({})).await;
    for day in 1..=6 {
        let (start, end) = hour(day, 10);
        let past = ("2020-01-01T10:00:00Z", "2020-01-01T10:00:00Z");
        let mut body = if day <= 3 {
            booking(&[(&start, &end)])
        } else {
            booking(&[past, past])
        };
        body["title"] = json!(format!(
            "{} {day}",
            if day % 2 == 0 { "Even" } else { "Odd" }
        ));
        body["confirmed"] = json!({ "flag": day == 2 });
        team.post(&client, &body).await.created();
    }
    let list = async |query: &str| {
        let answer = client
            .get(&format!("{}/events?{query}", team.path))
            .await
            .ok();
        titles(&answer.json())
    };
    assert_eq!(list("filter=upcoming").await, ["Odd 3", "Even 2", "Odd 1"]);
    assert_eq!(list("filter=upcoming&limit=2").await, ["Odd 3", "Even 2"]);
    assert_eq!(list("filter=confirmed").await, ["Even 2"]);
    assert_eq!(
        list("q=(%3F-i)%5Eodd%20%5B13%5D%24").await,
        Vec::<String>::new()
    );
    assert_eq!(list("q=%5Eodd%20%5B13%5D%24&limit=1").await, ["Odd 3"]);
    assert_eq!(list("q=Even&filter=upcoming").await, ["Even 2"]);
    let bad = client.get(&format!("{}/events?q=a(b", team.path)).await;
    assert_eq!(
        (bad.status.as_u16(), bad.places()),
        (400, vec!["q".to_owned()])
    );
    assert!(
        bad.text.contains("unclosed group"),
        "it shows where: {}",
        bad.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_former_members_events_are_no_longer_the_teams() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({ "strategy": "round_robin" })).await;
    for day in 1..=2 {
        let (start, end) = hour(day, 10);
        team.assigned(&client, &[(&start, &end)]).await;
    }
    let path = format!("{}/events", team.path);
    assert_eq!(client.get(&path).await.json().as_array().unwrap().len(), 2);
    client
        .put(&team.path, &json!({ "members": [team.members[1]] }))
        .await;
    let left = client.get(&path).await.json();
    assert_eq!(left.as_array().unwrap().len(), 1);
    assert_eq!(left[0]["created_by"]["user"], team.members[1]);
}
