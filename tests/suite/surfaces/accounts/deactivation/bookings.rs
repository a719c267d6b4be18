//! Nothing is booked with a user who is switched off.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, fixtures::Fields};
use crate::surfaces::accounts::{
    Person, new_person,
    table::{Item, Table, in_organization, number},
};

struct Team<'a> {
    client: Client<'a>,
    path: String,
    people: Vec<Person>,
}

impl<'a> Team<'a> {
    async fn new(api: &'a Api, size: usize) -> Self {
        let client = api.organization();
        let mut people = Vec::new();
        for n in 0..size {
            people.push(new_person(&client, &format!("member{n}@example.com")).await);
        }
        let members: Vec<_> = people.iter().map(|person| person.id.clone()).collect();
        let body = json!({ "extid": "1", "name": "Team", "members": members });
        let team = client.new_team(body).await;
        let path = format!("/v2/teams/{}", team.id());
        Self {
            client,
            path,
            people,
        }
    }

    fn id(&self) -> &str {
        self.path.rsplit('/').next().unwrap()
    }

    async fn book(&self, body: &Value) -> Answer {
        self.client
            .post(&format!("{}/events", self.path), body)
            .await
    }

    async fn switch_off(&self, member: usize) {
        let path = self.people[member].deactivate();
        self.client.post_nothing(&path).await.ok();
    }

    async fn switch_on(&self, member: usize) {
        let path = self.people[member].activate();
        self.client.post_nothing(&path).await.ok();
    }

    /// Which member an event is assigned to.
    fn assigned(&self, answer: &Answer) -> usize {
        assert!(answer.status.is_success(), "{}", answer.text);
        let event = answer.json();
        let user = event["created_by"].field("user");
        let mut people = self.people.iter();
        people.position(|person| person.id == user).unwrap()
    }
}

/// A booking of an hour that nothing else is booked in; of no hour for none.
fn booking(hour: Option<usize>) -> Value {
    let dates: Vec<_> = hour
        .iter()
        .map(|hour| {
            let (day, hour) = (hour / 20 + 1, hour % 20);
            let at = |hour: usize| format!("2030-01-{day:02}T{hour:02}:00:00Z");
            json!({ "date": at(hour), "end_date": at(hour + 1) })
        })
        .collect();
    json!({
        "title": "Meeting",
        "created_by": { "email": "booker@example.org" },
        "dates": dates,
    })
}

/// Each member's reason, in the team's order.
fn reasons(considered: &Value) -> Vec<String> {
    let entries = considered.as_array().unwrap().iter();
    entries
        .map(|entry| entry.field("reason").to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deactivated_member_is_considered_and_never_assigned() {
    let api = Api::start().await;
    let team = Team::new(&api, 2).await;
    team.switch_off(0).await;
    for hour in 0..6 {
        let hour = (hour % 2 == 0).then_some(hour);
        let answer = team.book(&booking(hour)).await;
        assert_eq!(team.assigned(&answer), 1);
        let considered = answer.json()["assignment"]["considered"].clone();
        assert_eq!(reasons(&considered)[0], "is deactivated");
        assert_eq!(considered[0]["eligible"], false);
        assert_eq!(
            considered[0]["ledger_before"], considered[0]["ledger_after"],
            "who is switched off owes nothing"
        );
    }
    team.switch_on(0).await;
    let answer = team.book(&booking(Some(10))).await;
    assert_eq!(team.assigned(&answer), 0, "the two are even again");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_all_are_deactivated_a_booking_is_refused_with_that_reason() {
    let api = Api::start().await;
    let team = Team::new(&api, 2).await;
    team.switch_off(0).await;
    team.switch_off(1).await;
    for hour in [Some(1), None] {
        let answer = team.book(&booking(hour)).await;
        assert_eq!(answer.status, 409, "{}", answer.text);
        let body = answer.json();
        assert_eq!(reasons(&body["considered"]), ["is deactivated"; 2]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_for_a_deactivated_member_is_refused_with_that_reason() {
    let api = Api::start().await;
    let team = Team::new(&api, 2).await;
    team.switch_off(1).await;
    for hour in [Some(1), None] {
        let mut body = booking(hour);
        body["created_by"] = json!({ "email": "MEMBER1@example.com" });
        let answer = team.book(&body).await;
        assert_eq!(answer.status, 409, "{}", answer.text);
        let refused = answer.json();
        assert_eq!(reasons(&refused["considered"])[1], "is deactivated");
        let detail = refused.field("detail");
        assert!(detail.contains(&team.people[1].id), "{detail}");
    }
    team.switch_on(1).await;
    let mut body = booking(Some(1));
    body["created_by"] = json!({ "email": "member1@example.com" });
    assert_eq!(team.assigned(&team.book(&body).await), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deactivated_member_keeps_events_and_is_not_given_others() {
    let api = Api::start().await;
    let team = Team::new(&api, 3).await;
    let made = team.book(&booking(Some(1))).await;
    let first = team.assigned(&made);
    let id = made.id();
    let [second, third] = [(first + 1) % 3, (first + 2) % 3];
    team.switch_off(first).await;
    let events = format!("{}/events", team.path);
    let listed = team.client.get(&events).await.json();
    assert_eq!(listed[0]["created_by"]["user"], *team.people[first].id);
    team.switch_off(second).await;
    let reassign = format!("{events}/{id}/reassign");
    let moved = team.client.post_nothing(&reassign).await;
    assert_eq!(team.assigned(&moved), third, "the only one who is active");
    for _ in 0..3 {
        let refused = team.client.post_nothing(&reassign).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        let considered = refused.json()["considered"].clone();
        assert_eq!(reasons(&considered), ["is deactivated"; 2]);
    }
    team.switch_on(second).await;
    let moved = team.client.post_nothing(&reassign).await;
    assert_eq!(team.assigned(&moved), second);
}

/// How many bookings the team has had: each has its number in the transaction
/// that makes it.
async fn bookings(table: &Table, team: &Team<'_>) -> u64 {
    let ledger = table
        .get(&in_organization(format!("LEDGER#{}", team.id())))
        .await;
    ledger.map_or(0, |item| {
        let ledger = item["ledger"].as_m().unwrap();
        number(ledger, "bookings")
    })
}

/// Who got each booking, by its number.
async fn decisions(table: &Table, team: &Team<'_>) -> BTreeMap<u64, String> {
    let (pk, prefix) = in_organization(format!("DECISION#{}#", team.id()));
    let items = table.starting_with(&pk).await.into_iter();
    let decisions = items.filter(|((_, sk), _)| sk.starts_with(&prefix));
    let member = |(_, item): (_, Item)| {
        let decision = item["decision"].as_m().unwrap();
        let member = decision["member"].as_s().unwrap().clone();
        (number(decision, "number"), member)
    };
    decisions.map(member).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_assigned_between_the_answers_to_deactivate_and_activate() {
    let api = Api::start().await;
    let team = Team::new(&api, 2).await;
    let table = Table::of(&api);
    let (next, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    let bookers = (0..3).map(|_| async {
        while !done.load(Ordering::SeqCst) {
            let hour = next.fetch_add(1, Ordering::SeqCst);
            team.book(&booking((hour % 3 > 0).then_some(hour)))
                .await
                .created();
        }
    });
    // So many have been made, while others are under way.
    let made = async |count: u64| {
        while bookings(&table, &team).await < count {
            tokio::task::yield_now().await;
        }
    };
    let switch = async {
        let mut off = Vec::new();
        for _ in 0..6 {
            let before = bookings(&table, &team).await;
            made(before + 5).await;
            team.switch_off(0).await;
            let first = bookings(&table, &team).await;
            made(first + 4).await;
            let last = bookings(&table, &team).await;
            off.push(first + 1..=last);
            team.switch_on(0).await;
        }
        done.store(true, Ordering::SeqCst);
        off
    };
    let (_, off) = tokio::join!(join_all(bookers), switch);
    let decisions = decisions(&table, &team).await;
    assert_eq!(decisions.len(), next.into_inner());
    let is_off = |number: &u64| off.iter().any(|off| off.contains(number));
    let (off, on): (Vec<_>, Vec<_>) = decisions.iter().partition(|(number, _)| is_off(number));
    let to_the_first = |all: &[(&u64, &String)]| {
        let to_the_first = all
            .iter()
            .filter(|(_, member)| **member == team.people[0].id);
        to_the_first.count()
    };
    assert!(decisions.len() >= 50, "{}", decisions.len());
    assert!(off.len() >= 24, "{}", off.len());
    assert_eq!(to_the_first(&off), 0, "{decisions:?}");
    assert!(to_the_first(&on) > 0, "{decisions:?}");
}
