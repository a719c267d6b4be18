//! The last decisions of a team of a thousand.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};

use crate::harness::{Api, fixtures::Fields};

/// Most bytes that Lambda can answer, as it counts them: the body as a text in
/// JSON.
const MAX_ANSWER: usize = 6_291_556;

#[tokio::test(flavor = "multi_thread")]
async fn assignments_show_the_last_fifty_decisions_of_a_team_of_a_thousand() {
    let api = Api::start().await;
    let client = api.organization();
    let mut members = Vec::new();
    for first in [0, 500] {
        let users: Value = (first..first + 500)
            .map(|n| json!({ "user": { "email": format!("{n}@example.com") } }))
            .collect();
        let made = client.post("/v2/users/batch", &users).await.json();
        let made = made.as_array().unwrap();
        members.extend(made.iter().map(|entry| entry["user"]["_id"].clone()));
    }
    let team = json!({ "extid": "1", "name": "Team", "members": members });
    let team = client.new_team(team).await;
    let path = format!("/v2/teams/{}", team.id());
    let booking = json!({
        "title": "Demo", "created_by": { "email": "zoe@example.org" },
        "dates": [{ "date": "2099-07-16T09:00:00Z", "end_date": "2099-07-16T10:00:00Z" }],
    });
    client
        .post(&format!("{path}/events"), &booking)
        .await
        .created();

    // Sixty more like it, written as the booking wrote its own.
    let dynamodb = api.dynamodb();
    let made = dynamodb
        .query()
        .table_name(&api.table)
        .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
        .expression_attribute_values(
            ":pk",
            AttributeValue::S(format!("ORG#{}", roster_local::setup::ORGANIZATION)),
        )
        .expression_attribute_values(":sk", AttributeValue::S("DECISION#".to_owned()))
        .send()
        .await
        .unwrap();
    let decision: &HashMap<_, _> = &made.items()[0];
    for number in 2..=61 {
        let mut copy = decision.clone();
        let sk = copy["sk"].as_s().unwrap();
        let (prefix, _) = sk.rsplit_once('#').unwrap();
        let sk = AttributeValue::S(format!("{prefix}#{number:012}"));
        copy.insert("sk".to_owned(), sk);
        let inner = copy.get_mut("decision").unwrap();
        let mut map = inner.as_m().unwrap().clone();
        map.insert("number".to_owned(), AttributeValue::N(number.to_string()));
        *inner = AttributeValue::M(map);
        let put = dynamodb.put_item().table_name(&api.table);
        put.set_item(Some(copy)).send().await.unwrap();
    }

    let answer = client.get(&format!("{path}/assignments")).await.ok();
    let cost = answer.cost();
    let encoded = Value::String(answer.text.clone()).to_string().len();
    println!(
        "| assignments, team of 1,000, 50 decisions | {} | {} | {} | {encoded} bytes |",
        cost.round_trips, cost.calls, cost.read
    );
    assert!(cost.round_trips <= 2, "{cost:?}");
    assert!(encoded <= MAX_ANSWER, "{encoded}");
    let body = answer.json();
    assert_eq!(body["ledger"].as_array().unwrap().len(), 1_000);
    let decisions = body["decisions"].as_array().unwrap();
    let numbers: Vec<_> = decisions.iter().map(|one| one["number"].as_u64()).collect();
    assert_eq!(numbers, (12..=61).rev().map(Some).collect::<Vec<_>>());
    for decision in decisions {
        assert_eq!(decision["considered_count"], 1_000);
        assert_eq!(decision["eligible_count"], 1_000);
        let considered = decision["considered"].as_array().unwrap();
        assert_eq!(considered.len(), 200);
        let chosen = considered
            .iter()
            .find(|entry| entry["user"] == decision["member"]);
        let reason = chosen.unwrap().field("reason");
        assert!(reason.starts_with("assigned:"), "{reason}");
    }
}
