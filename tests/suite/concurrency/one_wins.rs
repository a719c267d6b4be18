//! One time of one member, wanted in every way at once.

use futures_util::future::join_all;
use roster_domain::bookings::agenda::TimeSpan;
use serde_json::{Value, json};

use crate::{
    concurrency::history::{
        check::Table,
        run::{insist_on_team, insist_on_user},
    },
    harness::{Answer, Api, Client, excused, faults, fixtures::Fields, patiently},
};

const WANTED: (&str, &str) = ("2030-01-09T10:00:00Z", "2030-01-09T11:00:00Z");
/// How many want it in each way.
const EACH: usize = 60;

fn date((start, end): (&str, &str)) -> Value {
    json!({ "date": start, "end_date": end })
}

/// Books with a member of a team.
fn booking(member: &str, dates: &[Value]) -> Value {
    json!({ "title": "Hour", "created_by": { "user": member }, "dates": dates })
}

/// Asks, and again where another engine is too slow, as its 503 says.
async fn post(client: &Client<'_>, path: &str, body: &Value) -> Answer {
    patiently(async || client.post(path, body).await).await
}

/// Books, however often it takes.
async fn insist(client: &Client<'_>, team: &str, member: &str, dates: &[Value]) -> String {
    let path = format!("/v2/teams/{team}/events");
    loop {
        let answer = post(client, &path, &booking(member, dates)).await;
        if answer.status == 201 {
            return answer.id();
        }
        assert!(excused(answer.status.as_u16()), "{}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_220_who_want_one_time_of_a_member_in_every_way_exactly_one_gets_it() {
    let api = Api::start().await;
    let client = api.organization();
    let mut members = Vec::new();
    for number in 0..2 {
        members.push(insist_on_user(&client, &format!("{number}@example.com")).await);
    }
    let team = insist_on_team(&client, "all", &json!(members)).await;
    let [wanted, other] = [&members[0], &members[1]];
    let elsewhere = |hour: usize| {
        let at = |minute| format!("2030-02-{:02}T{:02}:{minute}:00Z", 1 + hour / 20, hour % 20);
        json!({ "date": at("00"), "end_date": at("30") })
    };
    let (mut suggested, mut placed) = (Vec::new(), Vec::new());
    for number in 0..EACH {
        let both = [date(WANTED), elsewhere(200 + number)];
        let made = insist(&client, &team, wanted, &both).await;
        suggested.push(made);
        placed.push(insist(&client, &team, wanted, &[elsewhere(number)]).await);
    }
    let handed = insist(&client, &team, other, &[date(WANTED)]).await;

    let mut wants = Vec::new();
    let events = format!("/v2/teams/{team}/events");
    for number in 0..EACH {
        let change = |event: &str, what: &str| format!("/v2/events/{event}/{what}");
        wants.push((events.clone(), booking(wanted, &[date(WANTED)])));
        if number % 3 == 1 {
            let mut hold = date(WANTED);
            hold["users"] = json!([wanted]);
            wants.push(("/v2/slots/holds".to_owned(), hold));
        }
        wants.push((change(&suggested[number], "confirm"), json!({})));
        wants.push((change(&placed[number], "reschedule"), date(WANTED)));
        if number % 3 == 0 {
            let path = format!("{events}/{handed}/reassign");
            wants.push((path, json!({ "user": wanted })));
        }
    }
    assert_eq!(wants.len(), 220);
    let answers = wants.iter().map(|(path, body)| post(&client, path, body));
    let answers = join_all(answers).await;
    for answer in &answers {
        let status = answer.status.as_u16();
        assert!(
            [200, 201, 409].contains(&status) || excused(status),
            "{}",
            answer.text
        );
    }
    let table = Table::read(&api).await;
    table.agrees_with_itself();
    let [start, end] = [WANTED.0, WANTED.1].map(|text| text.parse().unwrap());
    let span = TimeSpan { start, end };
    let have = table
        .events
        .values()
        .filter(|event| event.assigned.to_string() == *wanted && event.reserved() == Some(span));
    let mut have: Vec<_> = have.map(|event| event.id.to_string()).collect();
    have.extend(table.held(wanted, &span));
    assert!(have.len() <= 1, "{have:?}");
    if !faults() {
        assert_eq!(have.len(), 1);
        let successes = answers.iter().filter(|answer| answer.status.is_success());
        for success in successes {
            assert_eq!(success.json().id(), have[0], "{}", success.text);
        }
    }
}
