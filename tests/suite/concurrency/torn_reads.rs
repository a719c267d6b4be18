//! Nothing is refused for what was never so at one moment: DynamoDB may answer
//! a batch in parts, and others write in between.

use std::{
    future::Future,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};

use crate::harness::{
    Answer, Api,
    fixtures::Fields,
    gate::Gate,
    proxy::{self, EngineRequest, Reply},
};

/// An API one of whose batches is torn.
struct Torn {
    /// What the sort keys that are read first begin with; None: nothing is
    /// torn.
    first: Mutex<Option<String>>,
    gate: Arc<Gate>,
}

impl Torn {
    async fn behind(api: &Api) -> (Arc<Self>, Api) {
        let torn = Arc::new(Self {
            first: Mutex::new(None),
            gate: Gate::new(),
        });
        let passed = Arc::clone(&torn);
        let behind = proxy::behind(api, move |call| {
            let torn = Arc::clone(&passed);
            async move { Some(torn.pass(call).await) }
        });
        (torn, behind.await)
    }

    /// Sends a request that reads items whose sort keys begin like this; does
    /// `meanwhile`; and only then reads what else is in the same batch.
    async fn tear<T>(
        &self,
        first: &str,
        request: impl Future<Output = Answer>,
        meanwhile: impl Future<Output = T>,
    ) -> (Answer, T) {
        *self.first.lock().unwrap() = Some(first.to_owned());
        self.gate.hold_both(request, meanwhile).await
    }

    async fn pass(&self, mut call: EngineRequest) -> Reply {
        let Some(rest) = self.part(&mut call) else {
            return call.send().await;
        };
        let mut reply = call.send().await;
        reply.body["UnprocessedKeys"] = rest;
        self.gate.pass().await;
        reply
    }

    /// Leaves in the batch that is to be torn what is read first; the rest.
    fn part(&self, call: &mut EngineRequest) -> Option<Value> {
        if call.operation != "BatchGetItem" {
            return None;
        }
        let mut first = self.first.lock().unwrap();
        let prefix = first.as_ref()?;
        let mut rest = call.body["RequestItems"].clone();
        let (table, wanted) = rest.as_object_mut().unwrap().iter_mut().next().unwrap();
        let keys = wanted["Keys"].as_array_mut().unwrap();
        let is_first = |key: &mut Value| key["sk"].field("S").starts_with(prefix);
        let now: Vec<Value> = keys.extract_if(.., is_first).collect();
        if now.is_empty() {
            return None;
        }
        call.body["RequestItems"][table]["Keys"] = Value::Array(now);
        *first = None;
        Some(rest)
    }
}

/// A team of as many, and the hour that all of these are about.
struct Team {
    events: String,
    members: Vec<String>,
}

const HOUR: [&str; 2] = ["2030-01-09T10:00:00Z", "2030-01-09T11:00:00Z"];
const OTHER_HOUR: [&str; 2] = ["2030-01-09T15:00:00Z", "2030-01-09T16:00:00Z"];
const STRANGER: &str = "client@example.org";

impl Team {
    async fn new(api: &Api, size: usize) -> Self {
        let client = api.organization();
        let mut members = Vec::new();
        for number in 0..size {
            members.push(client.new_user_id(&format!("{number}@example.com")).await);
        }
        let team = json!({ "extid": "1", "name": "One", "members": members });
        let team = client.new_team(team).await;
        let events = format!("/v2/teams/{}/events", team.id());
        Self { events, members }
    }

    async fn book(&self, api: &Api, by: &str, [start, end]: [&str; 2]) -> Answer {
        let body = json!({
            "title": "Hour", "created_by": { "email": by },
            "dates": [{ "date": start, "end_date": end }],
        });
        api.organization().post(&self.events, &body).await
    }

    async fn reassign(&self, api: &Api, event: &Value) -> Answer {
        let path = format!("{}/{}/reassign", self.events, event.id());
        api.organization().post_nothing(&path).await
    }
}

/// The event that was answered.
fn event(answer: &Answer) -> Value {
    assert!(answer.status.is_success(), "{}", answer.text);
    answer.json()
}

/// Who has the event that was answered.
fn assigned(answer: &Answer) -> String {
    event(answer)["created_by"].field("user").to_owned()
}

fn agenda(member: &str) -> String {
    format!("DAY#{member}#")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_is_not_refused_for_an_event_seen_with_who_had_it_and_who_has_it() {
    let api = Api::start().await;
    let team = Team::new(&api, 2).await;
    let (torn, behind) = Torn::behind(&api).await;
    let first = team.book(&api, STRANGER, HOUR).await;
    let had = assigned(&first);
    let (booked, moved) = torn
        .tear(
            &agenda(&had),
            team.book(&behind, STRANGER, HOUR),
            team.reassign(&api, &event(&first)),
        )
        .await;
    assert_ne!(assigned(&moved), had);
    assert_eq!(assigned(&booked), had);
}

#[tokio::test(flavor = "multi_thread")]
async fn moving_an_event_is_not_refused_for_another_seen_with_who_had_it_and_who_has_it() {
    let api = Api::start().await;
    let team = Team::new(&api, 3).await;
    let (torn, behind) = Torn::behind(&api).await;
    let first = team.book(&api, STRANGER, HOUR).await;
    let second = team.book(&api, STRANGER, HOUR).await;
    let had = assigned(&second);
    let (moved, meanwhile) = torn
        .tear(
            &agenda(&had),
            team.reassign(&behind, &event(&first)),
            team.reassign(&api, &event(&second)),
        )
        .await;
    assert!(![had.clone(), assigned(&first)].contains(&assigned(&meanwhile)));
    assert_eq!(assigned(&moved), had);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_is_not_refused_where_a_member_was_added_before_the_last_one_was_taken() {
    let api = Api::start().await;
    let team = Team::new(&api, 1).await;
    let (torn, behind) = Torn::behind(&api).await;
    let newcomer = api.organization().new_user_id("new@example.com").await;
    let meanwhile = async {
        let link = json!({ "user": {}, "teams": [{ "extid": "1" }] });
        let path = format!("/v2/users/{newcomer}");
        api.organization().put(&path, &link).await.ok();
        team.book(&api, "0@example.com", HOUR).await
    };
    let before_the_agenda = format!("USER#{}", team.members[0]);
    let booking = team.book(&behind, STRANGER, HOUR);
    let (booked, taken) = torn.tear(&before_the_agenda, booking, meanwhile).await;
    assert_eq!(assigned(&taken), team.members[0]);
    assert_eq!(assigned(&booked), newcomer);
}

#[tokio::test(flavor = "multi_thread")]
async fn bookings_of_other_hours_do_not_make_a_refusal_be_decided_again() {
    let api = Api::start().await;
    let team = Team::new(&api, 2).await;
    let (torn, behind) = Torn::behind(&api).await;
    for _ in &team.members {
        event(&team.book(&api, STRANGER, HOUR).await);
    }
    let (refused, other) = torn
        .tear(
            &agenda(&team.members[0]),
            team.book(&behind, STRANGER, HOUR),
            team.book(&api, "0@example.com", OTHER_HOUR),
        )
        .await;
    assert_eq!(assigned(&other), team.members[0]);
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert_eq!(refused.json()["considered"].as_array().unwrap().len(), 2);
    // The team, its people in two parts, and both once more.
    assert_eq!(refused.cost().round_trips, 4);
}
