//! The change feed: whoever follows it has what the API has.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;

use roster_store::{Store, changes::note_existing};
use serde_json::{Value, json};

use super::new_user;
use crate::harness::{Answer, Api, Client, engine::faults};

/// What a client has that does nothing but follow the feed.
#[derive(Default)]
pub struct Copy {
    cursor: Option<String>,
    pub things: BTreeMap<String, Value>,
    pub numbers: Vec<u64>,
    /// What happened, to what.
    pub actions: Vec<(String, String)>,
}

impl Copy {
    /// Reads what is new.
    pub async fn follow(&mut self, client: &Client<'_>, limit: usize) {
        loop {
            let cursor = self.cursor.iter().map(|cursor| format!("&cursor={cursor}"));
            let path = format!("/v2/changes?limit={limit}{}", cursor.collect::<String>());
            let changes = read(client, &path).await;
            for change in &changes {
                let id = change["resource"]["_id"].as_str().unwrap().to_owned();
                self.numbers.push(change["number"].as_u64().unwrap());
                for action in change["actions"].as_array().unwrap() {
                    let action = action.as_str().unwrap().to_owned();
                    self.actions.push((id.clone(), action));
                }
                if change["data"].is_null() {
                    self.things.remove(&id);
                } else {
                    self.things.insert(id, change["data"].clone());
                }
            }
            let Some(last) = changes.last() else {
                return;
            };
            self.cursor = last["cursor"].as_str().map(str::to_owned);
        }
    }
}

/// A page, asked for until there is no fault in the way.
async fn page(client: &Client<'_>, path: &str) -> Answer {
    let mut answer = client.get(path).await;
    while faults() && answer.status.is_server_error() {
        answer = client.get(path).await;
    }
    answer.ok()
}

/// What is on a page.
async fn read(client: &Client<'_>, path: &str) -> Vec<Value> {
    let page = page(client, path).await.json();
    page.as_array().unwrap().clone()
}

/// Everything that the API has, by its id.
pub async fn everything(client: &Client<'_>) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for path in ["/v2/users", "/v2/teams", "/v2/events", "/v2/hooks"] {
        let mut next = Some(path.to_owned());
        let mut things = Vec::new();
        while let Some(path) = next {
            let page = page(client, &path).await;
            things.extend(page.json().as_array().unwrap().clone());
            next = page.next_link();
        }
        for thing in things {
            all.insert(thing["_id"].as_str().unwrap().to_owned(), thing.clone());
        }
    }
    all
}

/// A day in the life of an organization.
async fn live(client: &Client<'_>, day: usize) {
    let ada = new_user(client, &format!("ada{day}@example.com")).await;
    let bob = new_user(client, &format!("bob{day}@example.com")).await;
    let team =
        json!({ "extid": day.to_string(), "name": "Sales", "members": [ada["_id"], bob["_id"]] });
    let team = client.new_team(team).await;
    let team = team["_id"].as_str().unwrap();
    let date = json!({ "date": "2030-01-14T09:00:00Z", "end_date": "2030-01-14T10:00:00Z" });
    let booking =
        json!({ "title": "Demo", "dates": [date], "created_by": { "email": "gus@example.org" } });
    let path = format!("/v2/teams/{team}/events");
    let event = client.post(&path, &booking).await.created().json();
    let event = event["_id"].as_str().unwrap();
    client
        .post_nothing(&format!("/v2/events/{event}/confirm"))
        .await
        .ok();
    let hook = json!({ "action": "*", "target_url": "http://127.0.0.1:9/" });
    let hook = client.post("/hooks", &hook).await.created().json();
    let hook = hook["_id"].as_str().unwrap();
    client
        .put(&format!("/hooks/{hook}"), &json!({ "paused": true }))
        .await
        .ok();
    let name = json!({ "user": { "first_name": "Ada" } });
    let ada = ada["_id"].as_str().unwrap();
    client.put(&format!("/v2/users/{ada}"), &name).await.ok();
    if day.is_multiple_of(2) {
        client.delete(&format!("/v2/teams/{team}")).await.ok();
        client
            .delete(&format!("/v2/users/{}", bob["_id"].as_str().unwrap()))
            .await
            .ok();
        client.delete(&format!("/hooks/{hook}")).await;
        client
            .post_nothing(&format!("/v2/events/{event}/cancel"))
            .await
            .ok();
    }
}

#[tokio::test]
async fn whoever_follows_the_feed_has_what_the_api_has_from_nothing_and_from_a_cursor() {
    let api = Api::start().await;
    let client = api.organization();
    let mut faithful = Copy::default();
    for day in 0..4 {
        live(&client, day).await;
        api.caught_up().await;
        faithful.follow(&client, 7).await;
        assert_eq!(faithful.things, everything(&client).await, "day {day}");
    }
    let mut late = Copy::default();
    late.follow(&client, 100).await;
    assert_eq!(late.things, everything(&client).await);
    assert!(faithful.numbers.is_sorted_by(|one, next| one < next));
    let all: Vec<_> = (1..=faithful.numbers.len() as u64).collect();
    assert_eq!(faithful.numbers, all);
}

#[tokio::test]
async fn a_change_that_is_not_the_newest_goes_after_thirty_days_and_the_newest_stays() {
    let api = Api::start().await;
    let client = api.organization();
    live(&client, 0).await;
    api.caught_up().await;
    let now = api.now().as_second();
    let scanned = api.dynamodb().scan().table_name(&api.table).send().await;
    let items = scanned.unwrap().items.unwrap();
    let mut changes: Vec<_> = items
        .iter()
        .filter(|item| item["sk"].as_s().unwrap().starts_with("AT#"))
        .collect();
    changes.sort_by_key(|change| change["sk"].as_s().unwrap());
    let resource = |change: &HashMap<String, AttributeValue>| {
        let resource = change["resource"].as_m().unwrap();
        resource["_id"].as_s().unwrap().clone()
    };
    let mut newest = BTreeMap::new();
    for change in &changes {
        newest.insert(resource(change), change["sk"].as_s().unwrap().clone());
    }
    assert!(changes.len() > newest.len());
    for change in changes {
        let is_newest = newest[&resource(change)] == *change["sk"].as_s().unwrap();
        let expires = change
            .get("expires_at")
            .map(|at| at.as_n().unwrap().parse::<i64>().unwrap());
        assert_eq!(expires.is_none(), is_newest, "{change:?}");
        let day = 24 * 60 * 60;
        assert!(expires.is_none_or(|at| (at - now - 30 * day).abs() < 60));
    }
}

#[tokio::test]
async fn logging_in_is_no_change_and_a_cursor_of_another_list_is_refused() {
    let api = Api::start().await;
    let client = api.organization();
    new_user(&client, "ada@example.com").await;
    new_user(&client, "bob@example.com").await;
    api.caught_up().await;
    let users = client.get("/v2/users?limit=1").await.ok();
    let link = users.next_link().unwrap();
    let cursor = link.split("cursor=").nth(1).unwrap();
    let refused = client.get(&format!("/v2/changes?cursor={cursor}")).await;
    super::refused(&refused, 400, &["cursor"]);
    let first = client.get("/v2/changes?limit=1").await.ok();
    assert!(first.next_link().is_some());
    assert_eq!(first.json()[0]["actions"], json!(["user.joined"]));
}

#[tokio::test]
async fn what_there_was_before_the_feed_is_put_into_it_once() {
    let api = Api::start().await;
    let client = api.organization();
    live(&client, 1).await;
    api.caught_up().await;
    // As a table of a release that had no feed.
    let table = crate::surfaces::accounts::table::Table::of(&api);
    for key in table.starting_with("CHANGES#").await.keys() {
        table.delete(key).await;
    }
    let store = Store::new(&api.app().table, api.now());
    let there = everything(&client).await;
    let noted = note_existing(&store).await.unwrap();
    assert_eq!(noted, u64::try_from(there.len()).unwrap());
    assert_eq!(note_existing(&store).await.unwrap(), 0);
    let mut copy = Copy::default();
    copy.follow(&client, 100).await;
    assert_eq!(copy.things, there);
}
