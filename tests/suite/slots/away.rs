//! Nobody is booked while they are away, and dates can have hours of their own.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Api, Client, fixtures::Fields, gate::Gate};

async fn member(client: &Client<'_>, name: &str) -> String {
    let email = format!("{name}@example.com");
    let body = json!({ "user": { "email": email, "timezone": "Europe/Paris" } });
    client.post("/v2/users", &body).await.created().id()
}

async fn team(client: &Client<'_>, members: &[&str]) -> String {
    let body = json!({ "extid": "team", "name": "Team", "members": members });
    client.new_team(body).await.id().to_owned()
}

fn booking(start: &str, end: &str) -> Value {
    json!({
        "title": "Demo", "created_by": { "email": "zoe@example.org" },
        "dates": [{ "date": start, "end_date": end }],
    })
}

/// The reasons of those who cannot take a booking.
fn reasons(refused: &Value) -> Vec<&str> {
    let considered = refused["considered"].as_array().unwrap().iter();
    considered.map(|one| one.field("reason")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_says_what_kind_of_absence_it_is_until_when_and_not_why() {
    let api = Api::start().await;
    let client = api.organization();
    let user = member(&client, "ada").await;
    let team = team(&client, &[&user]).await;
    let organization = client.get("/v2/auth/test").await.json().id().to_owned();
    let path = format!("/v2/teams/{team}/events");
    let date = booking("2030-03-01T10:00:00Z", "2030-03-01T11:00:00Z");
    let days = json!({ "from": "2030-02-27", "to": "2030-03-03", "reason": "Surgery" });
    for (owner, code, text) in [
        (
            format!("users/{user}"),
            "time_off",
            "the member is on leave until 3 March 2030",
        ),
        (
            format!("teams/{team}"),
            "holiday",
            "the member has a holiday until 3 March 2030",
        ),
        (
            format!("organizations/{organization}"),
            "holiday",
            "the member has a holiday until 3 March 2030",
        ),
    ] {
        let list = format!("/v2/{owner}/time-off");
        let made = client.post(&list, &days).await.created();
        let refused = client.post(&path, &date).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        assert_eq!(reasons(&refused.json()), [text]);
        let query = format!(
            "/v2/slots?team={team}&duration=60&from=2030-03-01&to=2030-03-04\
             &timezone=Europe/Paris&explain=true"
        );
        let found = client.get(&query).await.ok();
        assert!(!found.text.contains("Surgery"), "{}", found.text);
        let found = found.json();
        assert_eq!(
            found["slots"][0]["start"]["dateTime"],
            "2030-03-04T00:00:00+01:00"
        );
        assert_eq!(found["explain"][0]["code"], code, "{found}");
        assert_eq!(found["explain"][0]["reason"], text, "{found}");
        let busy = format!("/v2/busy?users={user}&from=2030-03-01&to=2030-03-04");
        let busy = client.get(&busy).await.ok().json();
        let is_own = !owner.starts_with("teams/");
        assert_eq!(busy["slots"].as_array().unwrap().len(), usize::from(is_own));
        client.delete(&format!("{list}/{}", made.id())).await.ok();
    }
    client.post(&path, &date).await.created();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_falls_into_leave_is_told_and_given_away_with_a_result_for_each() {
    let api = Api::start().await;
    let client = api.organization();
    let (ada, bob) = (member(&client, "ada").await, member(&client, "bob").await);
    let team = team(&client, &[&ada, &bob]).await;
    let events = format!("/v2/teams/{team}/events");
    let mut of_ada = Vec::new();
    for hour in 8..12 {
        let at = |minute| format!("2030-01-09T{hour:02}:{minute:02}:00Z");
        let mut body = booking(&at(0), &at(30));
        body["created_by"] = json!({ "email": "ada@example.com" });
        of_ada.push(client.post(&events, &body).await.created().id());
    }
    // Bob cannot take the last, and the leave ends before it.
    let mut body = booking("2030-01-09T10:00:00Z", "2030-01-09T10:30:00Z");
    body["created_by"] = json!({ "email": "bob@example.com" });
    client.post(&events, &body).await.created();
    let own = json!({
        "title": "Own", "created_by": { "user": ada }, "confirmed": { "flag": true },
        "dates": [{ "date": "2030-01-09T10:30:00Z", "end_date": "2030-01-09T10:45:00Z" }],
    });
    let own = client.post("/v2/events", &own).await.created().id();

    let path = format!("/v2/users/{ada}/time-off");
    let off = json!({ "from": "2030-01-09T09:00", "to": "2030-01-09T11:45" });
    let made = client.post(&path, &off).await.created().json();
    let told = made["events_to_reassign"].as_array().unwrap().iter();
    let told: Vec<_> = told.map(|event| event.id()).collect();
    let expected = [&of_ada[0], &of_ada[1], &of_ada[2], &own];
    assert_eq!(told, expected.map(String::as_str));

    let reassign = format!("{path}/{}/reassign", made.id());
    let given = client.post_nothing(&reassign).await;
    assert_eq!(given.status, 207);
    let given = given.json();
    let statuses = given.as_array().unwrap().iter();
    let statuses: Vec<_> = statuses
        .map(|one| one["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [200, 200, 409, 409], "{given}");
    assert_eq!(given[0]["user"], bob);
    let busy = given[2]["error"]["detail"].as_str().unwrap();
    assert!(busy.contains("no member of the team can take it"), "{busy}");
    let teamless = given[3]["error"]["detail"].as_str().unwrap();
    assert!(teamless.contains("booked with no team"), "{teamless}");
    let ledger = client.get(&format!("/v2/teams/{team}/assignments")).await;
    let members = ledger.json()["ledger"].clone();
    let assigned = |user: &str| {
        let mut members = members.as_array().unwrap().iter();
        let member = members.find(|one| one["user"] == user).unwrap();
        member["assigned"].as_u64().unwrap()
    };
    assert_eq!((assigned(&ada), assigned(&bob)), (2, 3));
    let again = client.post_nothing(&reassign).await.json();
    assert_eq!(again.as_array().unwrap().len(), 2, "what is left of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_away_while_somebody_books_waits_for_its_turn() {
    let api = Api::start().await;
    let client = api.organization();
    let (ada, bob) = (member(&client, "ada").await, member(&client, "bob").await);
    let team = team(&client, &[&ada, &bob]).await;
    let events = format!("/v2/teams/{team}/events");
    let mut body = booking("2030-01-09T10:00:00Z", "2030-01-09T10:30:00Z");
    body["created_by"] = json!({ "email": "ada@example.com" });
    client.post(&events, &body).await.created();
    let path = format!("/v2/users/{ada}/time-off");
    let off = json!({ "from": "2030-01-09" });
    let made = client.post(&path, &off).await.created().id();
    let reassign = format!("{path}/{made}/reassign");
    let (gate, held) = Gate::before(&api).await;
    let late = held.organization();
    let other = booking("2030-01-10T10:00:00Z", "2030-01-10T10:30:00Z");
    let given = gate.hold(late.post_nothing(&reassign), client.post(&events, &other));
    let given = given.await.json();
    assert_eq!(
        (&given[0]["status"], &given[0]["user"]),
        (&json!(200), &json!(bob))
    );
    let ledger = client.get(&format!("/v2/teams/{team}/assignments")).await;
    assert_eq!(ledger.json()["bookings"], 3, "and one was taken back");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_manages_users_says_when_they_are_away_and_everybody_of_themselves() {
    let api = Api::start().await;
    let client = api.organization();
    let (ada, bob) = (member(&client, "ada").await, member(&client, "bob").await);
    let team = team(&client, &[&ada, &bob]).await;
    let organization = client.get("/v2/auth/test").await.json().id().to_owned();
    let key = json!({ "name": "ada", "user": ada });
    let key = client.post("/v2/keys", &key).await.created();
    let own = api.with_key(&key.field("key"));
    let off = json!({ "from": "2030-01-09" });
    let path = format!("/v2/users/{ada}/time-off");
    let made = own.post(&path, &off).await.created().id();
    let one = format!("{path}/{made}");
    own.put(&one, &json!({ "reason": "Leave" })).await.ok();
    own.delete(&one).await.ok();
    for owner in [
        format!("users/{bob}"),
        format!("teams/{team}"),
        format!("organizations/{organization}"),
    ] {
        let refused = own.post(&format!("/v2/{owner}/time-off"), &off).await;
        assert_eq!(refused.status, 403, "{owner}: {}", refused.text);
    }
    let operator = api.operator();
    let path = format!("/v2/organizations/{organization}/time-off");
    operator.post(&path, &off).await.created();
    assert_eq!(client.get(&path).await.json().as_array().unwrap().len(), 1);
    let path = "/v2/organizations/5f5e10000000000000000000/time-off";
    let other = client.get(path).await;
    assert_eq!(other.status, 404, "{}", other.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn leave_of_every_shape_is_answered_as_it_was_given_and_can_be_sent_back() {
    let api = Api::start().await;
    let client = api.organization();
    let user = member(&client, "ada").await;
    let path = format!("/v2/users/{user}/time-off");
    for (from, to) in [
        ("2030-01-09", "2030-01-09"),
        ("2030-01-09", "2031-12-31"),
        ("2030-01-09T09:00:00", "2030-01-09T12:30:00"),
        ("2030-01-09T09:00:00Z", "2030-01-09T12:30:00Z"),
    ] {
        let made = client
            .post(&path, &json!({ "from": from, "to": to }))
            .await
            .created()
            .json();
        assert_eq!((made.field("from"), made.field("to")), (from, to));
        let one = format!("{path}/{}", made.id());
        let version = |answer: &Value| answer["__v"].clone();
        let user_path = format!("/v2/users/{user}");
        let before = version(&client.get(&user_path).await.json());
        assert_eq!(client.put(&one, &made).await.ok().json(), made);
        let after = version(&client.get(&user_path).await.json());
        assert_eq!(before, after, "nothing changed, and nothing is written");
    }
    for (body, place) in [
        (json!({}), "/from"),
        (json!({ "from": "soon" }), "/from"),
        (json!({ "from": "2030-01-09", "to": "2030-01-08" }), "/to"),
        (json!({ "from": "2030-01-09", "to": "2032-01-10" }), "/to"),
        (
            json!({ "from": "2030-01-09", "to": "2030-01-09T10:00" }),
            "/to",
        ),
        (json!({ "from": "2030-01-09T10:00" }), "/to"),
        (json!({ "from": "2030-01-09", "reason": 1 }), "/reason"),
        (
            json!({ "from": "2030-01-09", "until": "2030-01-10" }),
            "/until",
        ),
    ] {
        let refused = client.post(&path, &body).await;
        assert!(
            [400, 422].contains(&refused.status.as_u16()),
            "{body}: {}",
            refused.text
        );
        assert!(refused.text.contains(place), "{body}: {}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_with_hours_of_its_own_opens_and_closes_whatever_the_week_says() {
    let api = Api::start().await;
    let client = api.organization();
    let user = member(&client, "ada").await;
    let team = team(&client, &[&user]).await;
    let slots = |start: &str, end: &str| json!([{ "start_time": start, "end_time": end }]);
    // 2030-03-30 is a Saturday, and the clocks change the day after.
    let availability = json!({
        "timezone": "Europe/Paris",
        "days": { "friday": { "slots": slots("09:00", "12:00") } },
        "overrides": {
            "2030-03-29": { "enabled": false },
            "2030-03-31": { "slots": slots("01:00", "05:00") },
        },
    });
    let path = format!("/v2/users/{user}/availabilities");
    let set = client.post(&path, &availability).await.created().json();
    assert_eq!(set["overrides"]["2030-03-29"], json!({ "enabled": false }));
    let query = format!(
        "/v2/slots?team={team}&duration=60&from=2030-03-22&to=2030-03-31&timezone=Europe/Paris"
    );
    let found = client.get(&query).await.ok().json();
    let starts = found["slots"].as_array().unwrap().iter();
    let starts: Vec<_> = starts.map(|slot| slot["start"].field("dateTime")).collect();
    assert_eq!(
        starts,
        [
            "2030-03-22T09:00:00+01:00",
            "2030-03-22T10:00:00+01:00",
            "2030-03-22T11:00:00+01:00",
            "2030-03-31T01:00:00+01:00",
            "2030-03-31T03:00:00+02:00",
            "2030-03-31T04:00:00+02:00",
        ]
    );
    let events = format!("/v2/teams/{team}/events");
    for (start, end, status) in [
        (
            "2030-03-29T09:00:00+01:00",
            "2030-03-29T10:00:00+01:00",
            409,
        ),
        (
            "2030-03-31T04:00:00+02:00",
            "2030-03-31T05:00:00+02:00",
            201,
        ),
        (
            "2030-03-31T05:00:00+02:00",
            "2030-03-31T06:00:00+02:00",
            409,
        ),
    ] {
        let answer = client.post(&events, &booking(start, end)).await;
        assert_eq!(answer.status, status, "{start}: {}", answer.text);
    }
    // What is answered can be sent back, and null leaves a date to the week.
    let version = set["__v"].clone();
    let same = client.put(&path, &set).await.ok().json();
    assert_eq!(
        (&same["__v"], &same["overrides"]),
        (&version, &set["overrides"])
    );
    let back = json!({ "overrides": { "2030-03-29": null } });
    let changed = client.put(&path, &back).await.ok().json();
    assert_eq!(changed["overrides"].as_object().unwrap().len(), 1);
    let answer = client
        .post(
            &events,
            &booking("2030-03-29T09:00:00+01:00", "2030-03-29T10:00:00+01:00"),
        )
        .await;
    answer.created();
    for (overrides, place) in [
        (json!({ "2030-02-30": null }), "2030-02-30"),
        (json!({ "tomorrow": { "enabled": false } }), "tomorrow"),
        (
            json!({ "2030-03-29": { "enabled": true, "slots": [] } }),
            "/overrides/2030-03-29/slots",
        ),
        (
            json!({ "2030-03-29": { "slots": slots("12:00", "09:00") } }),
            "/overrides/2030-03-29/slots/0",
        ),
    ] {
        let body = json!({ "overrides": overrides }).to_string();
        let refused = client.send_json(Method::PUT, &path, &body).await;
        assert_eq!(refused.status, 422, "{body}: {}", refused.text);
        assert!(refused.text.contains(place), "{body}: {}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_leave_and_a_booking_at_one_moment_the_leave_knows_of_the_booking_or_ends_it() {
    let api = Api::start_alone().await;
    let client = api.organization();
    let user = member(&client, "ada").await;
    let team = team(&client, &[&user]).await;
    let events = format!("/v2/teams/{team}/events");
    for round in 1..=12 {
        let date = format!("2030-02-{round:02}");
        let body = booking(&format!("{date}T10:00:00Z"), &format!("{date}T11:00:00Z"));
        let owner = if round % 2 == 0 {
            format!("users/{user}")
        } else {
            format!("teams/{team}")
        };
        let path = format!("/v2/{owner}/time-off");
        let off = json!({ "from": date });
        let (booked, made) = tokio::join!(client.post(&events, &body), client.post(&path, &off));
        let made = made.created().json();
        let told = made["events_to_reassign"].as_array().unwrap();
        match booked.status.as_u16() {
            201 => assert!(told.iter().any(|event| event.id() == booked.id()), "{made}"),
            409 => assert!(told.is_empty(), "{made}"),
            status => panic!("{status}: {}", booked.text),
        }
    }
}
