//! `docs/cost.md` says what is measured, and reckons right.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, engine, fixtures::Fields, proxy};

/// The tables of the page: each row's name and numbers, by the table's first heading.
fn tables() -> BTreeMap<String, BTreeMap<String, Vec<f64>>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/cost.md");
    let text = fs::read_to_string(path).unwrap();
    let mut tables = BTreeMap::new();
    let mut heading = None;
    for line in text.lines() {
        let cells = line
            .strip_prefix("| ")
            .and_then(|line| line.strip_suffix(" |"));
        let Some(cells) = cells else {
            if !line.starts_with("|-") {
                heading = None;
            }
            continue;
        };
        let mut cells = cells.split(" | ").map(str::to_owned);
        let first = cells.next().unwrap();
        match &heading {
            None => heading = Some(first),
            Some(heading) => {
                let numbers = cells.map(|cell| cell.replace(',', "").parse().unwrap());
                let table: &mut BTreeMap<_, _> = tables.entry(heading.clone()).or_default();
                table.insert(first, numbers.collect());
            }
        }
    }
    tables
}

fn booking(number: u32) -> Value {
    let (day, hour) = (1 + number / 20, number % 20);
    let at = |minute| format!("2099-07-{day:02}T{hour:02}:{minute}:00Z");
    json!({
        "title": "Demo", "created_by": { "email": "zoe@example.org" },
        "dates": [{ "date": at("00"), "end_date": at("30") }],
    })
}

/// The path of a new team of as many new members.
async fn team(client: &Client<'_>, size: usize) -> String {
    let user = |n| json!({ "user": { "email": format!("{size}-{n}@example.com") } });
    let users: Vec<_> = (0..size).map(user).collect();
    let made = client.post("/v2/users/batch", &json!(users)).await.json();
    let members: Vec<_> = made
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["user"].id())
        .collect();
    let team = json!({ "extid": size.to_string(), "name": "Team", "members": members });
    let team = client.new_team(team).await;
    format!("/v2/teams/{}", team.id())
}

/// What each request of the page costs.
async fn measured(api: &Api) -> BTreeMap<&'static str, Vec<f64>> {
    let client = api.organization();
    let units = |answer: &Answer| {
        assert!(answer.status.is_success(), "{}", answer.text);
        let cost = answer.cost();
        vec![cost.read, cost.write]
    };
    let mut measured = BTreeMap::new();
    let (five, hundred) = (team(&client, 5).await, team(&client, 100).await);
    for number in 0..60 {
        let path = format!("{five}/events");
        let booked = client.post(&path, &booking(number)).await;
        measured.insert("book with a team of 5", units(&booked));
    }
    for number in 0..3 {
        let path = format!("{hundred}/events");
        let booked = client.post(&path, &booking(number)).await;
        measured.insert("book with a team of 100", units(&booked));
    }
    let members = client.get(&five).await;
    let user = format!(
        "/v2/users/{}",
        members.json()["members"][0].as_str().unwrap()
    );
    measured.insert("get a team of 5", units(&members));
    measured.insert("get a user", units(&client.get(&user).await));
    let page = client.get("/v2/users?limit=100").await;
    measured.insert("list 100 users", units(&page));
    let language = json!({ "user": { "language": "fr" } });
    measured.insert("change a user", units(&client.put(&user, &language).await));
    let events = client.get(&format!("{five}/events?limit=50")).await;
    measured.insert("list 50 events of a team of 5", units(&events));
    measured.insert("the authorizer", vec![authorizer(api, &user).await, 0.0]);
    measured
}

/// The units that a request reads before its function begins.
async fn authorizer(api: &Api, path: &str) -> f64 {
    let all = Arc::new(Mutex::new(0.0));
    let counted = Arc::clone(&all);
    let behind = proxy::behind(api, move |call| {
        let counted = Arc::clone(&counted);
        async move {
            let reply = call.send().await;
            let consumed = match &reply.body["ConsumedCapacity"] {
                Value::Array(tables) => tables.clone(),
                one => vec![one.clone()],
            };
            let units = consumed
                .iter()
                .filter_map(|one| one["CapacityUnits"].as_f64());
            *counted.lock().unwrap() += units.sum::<f64>();
            Some(reply)
        }
    })
    .await;
    // What the API reads as it starts is not the authorizer's.
    *all.lock().unwrap() = 0.0;
    let answer = behind.organization().get(path).await;
    let all = *all.lock().unwrap();
    all - answer.cost().read
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_on_cost_has_the_units_that_are_measured() {
    let api = Api::start().await;
    let measured = measured(&api).await;
    if engine::other_engine() {
        // It counts a small transaction with less than AWS documents.
        return;
    }
    for (request, units) in &tables()["Request"] {
        assert_eq!(Some(units), measured.get(request.as_str()), "{request}");
    }
    assert_eq!(tables()["Request"].len(), measured.len());
}

/// What so many requests cost: the database, and all.
fn dollars(tables: &BTreeMap<String, BTreeMap<String, Vec<f64>>>, row: &str) -> [f64; 2] {
    let price = |of: &str| tables["Price of"][of][0];
    let (count, request) = row.split_once(": ").unwrap();
    let millions = match count {
        "a million" => 1.0,
        count => count.replace(',', "").parse::<f64>().unwrap() / 1e6,
    };
    let (own, authorizer) = (
        &tables["Request"][request],
        &tables["Request"]["the authorizer"],
    );
    let database = (own[0] + authorizer[0]) * price("a million read units of DynamoDB (on demand)")
        + own[1] * price("a million write units of DynamoDB (on demand)");
    let milliseconds = if own[1] > 0.0 { 65.0 } else { 25.0 };
    let rest = price("a million requests to an HTTP API")
        + 2.0 * price("a million invocations of Lambda")
        + 0.5 * milliseconds / 1e3 * price("a million gigabyte-seconds of Lambda (arm64)")
        + price("a gigabyte of logs in CloudWatch");
    [millions * database, millions * (database + rest)]
}

#[test]
fn the_page_on_cost_reckons_right_and_a_booking_is_as_cheap_as_promised() {
    let tables = tables();
    for (row, told) in &tables["Requests"] {
        let reckoned = dollars(&tables, row);
        for (told, reckoned) in told.iter().zip(reckoned) {
            assert!(
                (told - reckoned).abs() <= 0.01,
                "{row}: {reckoned}, not {told}"
            );
        }
    }
    let [database, all] = dollars(&tables, "100,000: book with a team of 5");
    assert!(database < 1.0 && all < 1.2, "{database} {all}");
    let price = |of: &str| tables["Price of"][of][0];
    assert!((price("a KMS key, a month") + price("a secret, a month") - 1.4).abs() < 1e-9);
    let [_, booking] = dollars(&tables, "a million: book with a team of 5");
    let [_, look] = dollars(&tables, "a million: list 50 events of a team of 5");
    for (people, told) in &tables["People"] {
        let people: f64 = people.replace(',', "").parse().unwrap();
        let bookings = people * 20.0 * 21.0 / 1e6;
        let roster = 1.4 + 1.4 + bookings * (booking + 20.0 * look);
        assert!(
            (told[0] - 15.0 * people).abs() < 0.5,
            "{people}: {}",
            15.0 * people
        );
        assert!((told[1] - roster).abs() <= 0.6, "{people}: {roster}");
    }
}
