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
async fn what_was_booked_with_a_team_stays_in_its_list_whoever_leaves() {
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
    // What the former member does elsewhere is not the team's.
    let other = json!({ "extid": "other", "name": "Other", "members": [team.members[0]] });
    let other = client.new_team(other).await;
    let (start, end) = hour(3, 10);
    let elsewhere = json!({
        "title": "Elsewhere", "created_by": { "email": "client@example.com" },
        "dates": [{ "date": start, "end_date": end }],
    });
    let elsewhere_path = format!("/v2/teams/{}/events", other.id());
    client.post(&elsewhere_path, &elsewhere).await.created();
    let listed = async |query: &str| {
        let listed = client.get(&format!("{path}?{query}")).await.ok().json();
        listed.as_array().unwrap().len()
    };
    for query in ["", "filter=upcoming"] {
        assert_eq!(listed(query).await, 2, "{query}");
    }
    // Another decision forgets the account of who has left.
    let (start, end) = hour(4, 10);
    team.assigned(&client, &[(&start, &end)]).await;
    assert_eq!(listed("").await, 3);
    client
        .delete(&format!("/v2/users/{}", team.members[0]))
        .await
        .ok();
    assert_eq!(listed("").await, 3);
    client.delete(&team.path).await.ok();
    for query in ["", "filter=upcoming"] {
        assert_eq!(listed(query).await, 3, "the team is deleted");
    }
    let unknown = "/v2/teams/5f5e10000000000000000000/events";
    assert_eq!(client.get(unknown).await.status, 404);
}
