//! One journey through every operation. It goes through the local gateway, and
//! through any other deployment: with `ROSTER_TEST_URL` and
//! `ROSTER_TEST_OPERATOR_KEY`, through the API that they name
//! (`tests/proofs/sam-local/run` and `tests/proofs/emulator/run` do so), which must
//! answer every step as the local gateway does.

mod accounts;
mod directory;
mod journal;
mod pages;
mod scheduling;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use reqwest::Method;
use roster_generate::PACKAGES;
use roster_local::{gateway::router::Router, routes};
use serde_json::json;

use crate::harness::{Api, Client, fixtures::Fields};
use journal::Journal;

/// A password that nothing else in an answer looks like.
const PASSWORD: &str = "correct-horse-battery";

/// Who travels.
struct Travellers<'a> {
    operator: Client<'a>,
    /// A new organization's key.
    organization: Client<'a>,
    anybody: Client<'a>,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journey_through_every_operation_is_answered_alike_wherever_the_api_runs() {
    let here = Api::start().await;
    let expected = travel(&here).await;
    every_operation_was_called(&expected);
    every_operation_kept_its_round_trips(&expected);
    every_change_is_in_the_audit_log_once(&here).await;
    let Some(elsewhere) = Api::elsewhere() else {
        return;
    };
    let answered = travel(&elsewhere).await;
    println!("{} steps through {}", answered.steps.len(), elsewhere.url());
    for (here, there) in expected.steps.iter().zip(&answered.steps) {
        assert_same(here, there);
    }
}

/// Operations that are sent like a change, and change nothing.
const CHANGE_NOTHING: [&str; 1] = ["scheduling-preview-assignment"];
/// Operations that do several things, each with an entry of its own.
const BATCHES: [&str; 4] = [
    "scheduling-create-users",
    "scheduling-update-users",
    "scheduling-create-teams",
    "scheduling-reassign-time-off",
];

/// Each operation that changes something has written one entry for each request, and what
/// only reads none.
async fn every_change_is_in_the_audit_log_once(api: &Api) {
    let scan = api.dynamodb().scan().table_name(&api.table);
    let items = scan.into_paginator().items().send().try_collect().await;
    let text =
        |item: &HashMap<String, AttributeValue>, name: &str| item[name].as_s().unwrap().clone();
    let mut entries: BTreeMap<_, u32> = BTreeMap::new();
    for item in items.unwrap() {
        if text(&item, "pk").starts_with("AUDIT#") && text(&item, "outcome") == "done" {
            let entry = (text(&item, "operation"), text(&item, "request"));
            *entries.entry(entry).or_insert(0) += 1;
        }
    }
    for ((operation, request), count) in &entries {
        let is_batch = BATCHES.contains(&operation.as_str());
        assert!(*count == 1 || is_batch, "{operation} {request}: {count}");
    }
    let noted: BTreeSet<_> = entries
        .keys()
        .map(|(operation, _)| operation.as_str())
        .collect();
    let changes = routes();
    let changes = changes.iter().filter(|route| route.changes_something());
    let changes: BTreeSet<_> = changes
        .map(|route| route.binary)
        .filter(|binary| !CHANGE_NOTHING.contains(binary))
        .collect();
    assert_eq!(noted, changes);
}

/// Shows where two steps part: a step can be long.
fn assert_same(here: &str, there: &str) {
    let both = here.chars().zip(there.chars());
    let alike = both.take_while(|(here, there)| here == there).count();
    let around = |step: &str| -> String {
        let shown = step.chars().skip(alike.saturating_sub(80));
        shown.take(240).collect()
    };
    let step = here.split(" -> ").next().unwrap_or_default();
    let (left, right) = (around(here), around(there));
    assert!(here == there, "{step}:\n here: …{left}\nthere: …{right}");
}

async fn travel(api: &Api) -> Journal {
    let mut journal = Journal::new(api.url());
    let (operator, anybody) = (api.operator(), api.anybody());
    refused_before_any_function(api, &mut journal).await;
    journal.get(&anybody, "/openapi.json", 200).await;
    journal.get(&anybody, "/docs", 200).await;
    let body = json!({ "name": "Journey" });
    let made = journal
        .post(&operator, "/v2/organizations", &body, 201)
        .await;
    let organization = made["organization"].id().to_owned();
    let listed = operator.get("/v2/organizations").await;
    assert!(listed.text.contains(&organization), "{}", listed.text);
    journal.called(&Method::GET, "/v2/organizations", &listed);

    let travellers = Travellers {
        organization: api.with_key(made["key"].field("key")),
        operator,
        anybody,
    };
    let users = scheduling::users(&travellers, &mut journal).await;
    let team = scheduling::teams_and_bookings(&travellers, &mut journal, &users).await;
    pages::bookings(api, &travellers, &mut journal, (&users, &team)).await;
    scheduling::end_of_team(&travellers, &mut journal, &team).await;
    scheduling::keys(api, &travellers, &mut journal).await;
    scheduling::hooks(&travellers, &mut journal).await;
    changes(api, &travellers, &mut journal).await;
    accounts::users(&travellers, &mut journal).await;
    accounts::session(api, &travellers, &mut journal).await;
    accounts::sign_up(api, &travellers, &mut journal, &users).await;
    directory::organizations_and_users(&travellers, &mut journal).await;
    scheduling::leaving(&travellers, &mut journal, &users).await;
    journal
}

/// The feed follows the stream in its own time, and elsewhere nothing may follow it.
async fn changes(api: &Api, travellers: &Travellers<'_>, journal: &mut Journal) {
    if api.runs_here() {
        api.caught_up().await;
    }
    let listed = travellers.organization.get("/v2/changes").await.ok();
    journal.called(&Method::GET, "/v2/changes", &listed);
    let listed = travellers.organization.get("/v2/audit?limit=3").await.ok();
    assert_eq!(listed.json().as_array().unwrap().len(), 3);
    journal.called(&Method::GET, "/v2/audit", &listed);
}

/// What API Gateway answers by itself.
async fn refused_before_any_function(api: &Api, journal: &mut Journal) {
    let anybody = api.anybody();
    let unauthorized = journal.get(&anybody, "/v2/users", 401).await;
    assert_eq!(unauthorized, json!({ "message": "Unauthorized" }));
    let nobody = api.with_key("nonsense");
    journal.forbidden(&nobody, "/v2/users").await;
}

/// What each operation declares, and no less: a number that is too large hides a round
/// trip that is added.
fn every_operation_kept_its_round_trips(journal: &Journal) {
    let router = Router::declared().unwrap();
    let mut most = BTreeMap::new();
    for (method, path, round_trips) in &journal.round_trips {
        if let Some(found) = router.find(method, path) {
            let known = most.entry(found.route.function.as_str()).or_insert(0);
            *known = (*known).max(*round_trips);
        }
    }
    let operations = PACKAGES.iter().flat_map(|package| package.operations);
    let declared: BTreeMap<_, _> = operations
        .map(|operation| (operation.route.binary, operation.needs.round_trips))
        .collect();
    assert_eq!(most, declared);
}

/// Holds the journey to its name.
fn every_operation_was_called(journal: &Journal) {
    let router = Router::declared().unwrap();
    let called: BTreeSet<_> = journal
        .calls
        .iter()
        .filter_map(|(method, path)| router.find(method, path))
        .map(|found| found.route.function.as_str())
        .collect();
    let all: BTreeSet<_> = routes().iter().map(|route| route.binary).collect();
    let missing: Vec<_> = all.difference(&called).collect();
    assert!(missing.is_empty(), "not called: {missing:?}");
}
