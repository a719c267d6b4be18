//! One team that many book with at once, each another hour.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::{join, join_all};
use roster_domain::OrganizationId;
use roster_local::setup;
use roster_store::keys::{self, Key};
use serde_json::{Value, json};

use crate::{
    harness::{Answer, Api, Client, fixtures::Fields, gate::Gate, proxy},
    surfaces::accounts::table::Table,
};

/// A team of so many members.
pub async fn team(client: &Client<'_>, size: usize) -> String {
    let mut members = Vec::new();
    for number in 0..size {
        let email = format!("{number}@example.com");
        members.push(client.new_user_id(&email).await);
    }
    let team = json!({ "extid": "team", "name": "Team", "members": members });
    client.new_team(team).await.id().to_owned()
}

/// A booking of an hour of January 2030.
pub fn hour(number: u32) -> Value {
    let (day, hour) = (1 + number / 24, number % 24);
    let at = |minute| format!("2030-01-{day:02}T{hour:02}:{minute:02}:00Z");
    json!({
        "title": format!("Hour {number}"),
        "created_by": { "email": "client@example.org" },
        "dates": [{ "date": at(0), "end_date": at(30) }],
    })
}

pub async fn book(client: &Client<'_>, team: &str, number: u32) -> Answer {
    client
        .post(&format!("/v2/teams/{team}/events"), &hour(number))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_books_with_one_team_at_once_books_and_none_tries_more_than_a_few_times() {
    const CALLERS: u32 = 32;
    let api = Api::start().await;
    let team = team(&api.organization(), 5).await;
    let tries = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&tries);
    let counting = proxy::behind(&api, move |call| {
        let is_try = call.operation == "TransactWriteItems";
        counted.fetch_add(u32::from(is_try), Ordering::Relaxed);
        async move { Some(call.send().await) }
    })
    .await;
    let client = counting.organization();
    let answers = join_all((0..CALLERS).map(|number| book(&client, &team, number))).await;
    for answer in &answers {
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    // All try at once before anybody knows of another; then each when it is their turn.
    let tries = tries.load(Ordering::Relaxed);
    assert!((CALLERS..=3 * CALLERS).contains(&tries), "{tries} tries");
    let path = format!("/v2/teams/{team}/assignments");
    let ledger = api.organization().get(&path).await.json();
    assert_eq!(ledger["bookings"], CALLERS, "{ledger}");
}

/// Sets a number of an item.
async fn set(api: &Api, key: &Key, name: &str, number: u64) {
    let client = api.dynamodb();
    let update = client.update_item().table_name(&api.table);
    let update = update
        .key("pk", AttributeValue::S(key.pk.clone()))
        .key("sk", AttributeValue::S(key.sk.clone()))
        .update_expression("SET #n = :n, schema_version = :one")
        .expression_attribute_names("#n", name)
        .expression_attribute_values(":n", AttributeValue::N(number.to_string()))
        .expression_attribute_values(":one", AttributeValue::N("1".to_owned()));
    update.send().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_died_before_their_turn_keep_nobody_from_booking() {
    let api = Api::start().await;
    let client = api.organization();
    let team = team(&client, 2).await;
    book(&client, &team, 0).await.created();
    let organization: OrganizationId = setup::ORGANIZATION.parse().unwrap();
    let id = team.parse().unwrap();
    // Two took tickets, whoever booked last knew of them, and neither came back.
    let turns = keys::turns(organization, id);
    set(&api, &turns, "taken", 2).await;
    set(&api, &keys::ledger(organization, id), "waiting", 2).await;
    book(&client, &team, 1).await.created();
    let table = Table::of(&api);
    let number = async |key: &Key, name: &str| {
        let item = table.get(&(key.pk.clone(), key.sk.clone())).await.unwrap();
        item.get(name).map(|value| value.as_n().unwrap().clone())
    };
    assert_eq!(number(&turns, "served").await.as_deref(), Some("3"));
    // Nobody waits any more, and who comes next need not.
    let ledger = keys::ledger(organization, id);
    assert_eq!(number(&ledger, "waiting").await, None);
    book(&client, &team, 2).await.created();
    assert_eq!(number(&turns, "taken").await.as_deref(), Some("3"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_while_the_last_free_member_is_booked_is_refused_and_does_not_wait_on() {
    let api = Api::start().await;
    let client = api.organization();
    let team = team(&client, 1).await;
    book(&client, &team, 0).await.created();
    let organization: OrganizationId = setup::ORGANIZATION.parse().unwrap();
    let id = team.parse().unwrap();
    let (turns, ledger) = (
        keys::turns(organization, id),
        keys::ledger(organization, id),
    );
    // So many are ahead that no turn comes in the time that a request has.
    set(&api, &turns, "taken", 100).await;
    set(&api, &ledger, "waiting", 100).await;
    let table = Table::of(&api);
    let key = (turns.pk.clone(), turns.sk.clone());
    let outrun = async {
        while table.get(&key).await.unwrap()["taken"].as_n().unwrap() != "101" {
            tokio::task::yield_now().await;
        }
        set(&api, &ledger, "waiting", 0).await;
        book(&client, &team, 1).await.created();
    };
    let (refused, ()) = join(book(&client, &team, 1), outrun).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    let reason = "the member has another booking at that time";
    assert_eq!(refused.json()["considered"][0]["reason"], reason);
    // Nobody waits for the turn of one who has gone.
    let left = table.get(&key).await.unwrap()["left"].clone();
    assert_eq!(left, AttributeValue::Ns(vec!["101".to_owned()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_goes_by_the_rules_and_the_team_that_are_there_when_it_is_made() {
    let api = Api::start().await;
    let client = api.organization();
    let (gate, held) = Gate::before(&api).await;
    let team = team(&client, 2).await;
    let path = format!("/v2/teams/{team}");
    let members = client.get(&path).await.json()["members"].clone();
    let [first, second] = [0, 1].map(|index| members[index].as_str().unwrap().to_owned());
    // Before there is a ledger, and with one. Whose turn it is does not count with a
    // weight of zero.
    for (number, (out, assigned)) in [(&first, &second), (&second, &first)].iter().enumerate() {
        let rules = json!({ "assignment": { "members": {
            (*out): { "weight": 0 }, (*assigned): { "weight": 1 },
        } } });
        let change = async { client.put(&path, &rules).await.ok() };
        let number = u32::try_from(number).unwrap();
        let booking = held.organization();
        let booked = gate.hold(book(&booking, &team, number), change).await;
        assert_eq!(booked.created().json()["created_by"]["user"], **assigned);
    }
    let delete = async { client.delete(&path).await.ok() };
    let booking = held.organization();
    let refused = gate.hold(book(&booking, &team, 2), delete).await;
    assert_eq!(refused.status, 404, "{}", refused.text);
}

/// What a member is changed by so that they cannot be booked.
const LEFT: [(&str, &str, &str); 3] = [
    ("POST", "/time-off", r#"{ "from": "2030-01-01" }"#),
    (
        "POST",
        "/availabilities",
        r#"{ "overrides": { "2030-01-01": { "enabled": false } } }"#,
    ),
    ("DELETE", "", "{}"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_goes_by_its_member_as_they_are_when_it_is_made() {
    let api = Api::start().await;
    let client = api.organization();
    let (gate, held) = Gate::before(&api).await;
    for (index, (method, path, body)) in LEFT.into_iter().enumerate() {
        let members: [String; 2] = [
            client
                .new_user_id(&format!("first-{index}@example.com"))
                .await,
            client
                .new_user_id(&format!("second-{index}@example.com"))
                .await,
        ];
        let first_only = json!({ "members": { members[0].as_str(): { "priority": 2 } } });
        let team = json!({
            "extid": format!("team-{index}"), "name": "Team", "members": members,
            "assignment": first_only,
        });
        let team = client.new_team(team).await.id().to_owned();
        let path = format!("/v2/users/{}{path}", members[0]);
        let change = async {
            let method = method.parse().unwrap();
            let changed = client.send_json(method, &path, body).await;
            assert!(changed.status.is_success(), "{}", changed.text);
        };
        let booking = held.organization();
        let booked = gate.hold(book(&booking, &team, 1), change).await;
        let given_to = booked.created().json()["created_by"]["user"].clone();
        assert_eq!(given_to, *members[1], "{method} {path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_was_just_changed_is_not_booked_as_a_cheap_read_may_still_show_them() {
    let api = Api::start().await;
    let client = api.organization();
    let team = team(&client, 1).await;
    let path = format!("/v2/teams/{team}");
    let member = client.get(&path).await.json()["members"][0].clone();
    // The member as they were first read.
    let first: Arc<Mutex<Option<Value>>> = Arc::default();
    let seen = Arc::clone(&first);
    let key = format!("USER#{}", member.as_str().unwrap());
    let lagging = proxy::behind(&api, move |call| {
        let tables = call.body["RequestItems"].as_object();
        let may_lag = call.operation == "BatchGetItem"
            && tables.is_some_and(|tables| tables.values().all(|of| of["ConsistentRead"] != true));
        let (first, key) = (Arc::clone(&seen), key.clone());
        async move {
            let mut reply = call.send().await;
            let answered = reply.body["Responses"].as_object_mut().filter(|_| may_lag);
            let items = answered.into_iter().flat_map(|tables| tables.values_mut());
            let items = items.flat_map(|items| items.as_array_mut().unwrap());
            for item in items.filter(|item| item["sk"]["S"] == *key) {
                let mut first = first.lock().unwrap();
                *item = first.get_or_insert_with(|| item.clone()).clone();
            }
            Some(reply)
        }
    })
    .await;
    let booking = lagging.organization();
    book(&booking, &team, 1).await.created();
    let path = format!("/v2/users/{}/time-off", member.as_str().unwrap());
    let off = json!({ "from": "2030-01-01" });
    client.post(&path, &off).await.created();
    assert!(first.lock().unwrap().is_some(), "the member was read");
    let refused = book(&booking, &team, 2).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
}
