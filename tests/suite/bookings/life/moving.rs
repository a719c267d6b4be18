//! Moving an event to another date, or to another member.

use roster_domain::bookings::assignment::BOOKING;

use super::*;

fn reasons(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 409, "{}", answer.text);
    let considered = answer.json()["considered"].clone();
    let reasons = considered.as_array().unwrap().iter();
    reasons
        .map(|entry| entry.field("reason").to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moved_event_keeps_its_member_and_frees_the_old_time() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({})).await;
    let (start, end) = hour(1, 10);
    let mut body = booking(&[(&start, &end)]);
    body["confirmed"] = json!({ "flag": true });
    let event = team.post(&client, &body).await.created().json();
    let before = balances(&client, &team).await;
    let moved = change(&client, &event, "reschedule", &date(2, 11))
        .await
        .ok()
        .json();
    assert_eq!(member_of(&team, &moved), member_of(&team, &event));
    assert_eq!(moved["dates"][0]["date"], "2030-01-02T11:00:00.000Z");
    assert_eq!(
        (&moved["confirmed"]["flag"], &moved["ics_sequence"]),
        (&json!(true), &json!(1))
    );
    assert_eq!(moved["confirmed"]["date_id"], moved["dates"][0]["_id"]);
    assert_eq!(
        balances(&client, &team).await,
        before,
        "it is the same booking"
    );
    for _ in 0..2 {
        book(&client, &team, 1, 10).await;
    }
    book(&client, &team, 2, 11).await;
    let (start, end) = hour(2, 11);
    assert_eq!(team.book(&client, &[(&start, &end)]).await.status, 409);
    // An hour later overlaps what it reserves itself, which is not in its way.
    let later = json!({ "date": "2030-01-02T11:30:00Z", "end_date": "2030-01-02T12:30:00Z" });
    change(&client, &event, "reschedule", &later).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_without_an_offset_is_in_the_zone_of_the_event_on_both_sides_of_a_clock_change() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let event = book(&client, &team, 1, 10).await;
    for (zone, local, utc) in [
        (None, "2030-03-29T10:00:00", "2030-03-29T09:00:00.000Z"),
        (None, "2030-04-01T10:00:00", "2030-04-01T08:00:00.000Z"),
        (None, "2030-10-28T10:00:00", "2030-10-28T09:00:00.000Z"),
        (
            Some("Australia/Lord_Howe"),
            "2030-10-05T10:00:00",
            "2030-10-04T23:30:00.000Z",
        ),
        (None, "2030-10-07T10:00:00", "2030-10-06T23:00:00.000Z"),
    ] {
        let end = local.replace("T10:", "T11:");
        let body = json!({ "date": local, "end_date": end, "timezone": zone });
        let moved = change(&client, &event, "reschedule", &body)
            .await
            .ok()
            .json();
        assert_eq!(moved["dates"][0]["date"], utc, "{local}");
    }
    let whole = json!({ "date": "2030-10-06", "end_date": "2030-10-06", "all_day": true });
    let moved = change(&client, &event, "reschedule", &whole)
        .await
        .ok()
        .json();
    let date = &moved["dates"][0];
    assert_eq!(date["date"], "2030-10-05T13:30:00.000Z");
    assert_eq!(
        date["end_date"], "2030-10-06T13:00:00.000Z",
        "a day of 23 hours and a half"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_free_is_told_why_and_another_member_takes_it_where_asked() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({ "minimum_notice": 60 })).await;
    let event = book(&client, &team, 1, 10).await;
    let has = member_of(&team, &event);
    let (start, end) = hour(2, 10);
    let mut own = booking(&[(&start, &end)]);
    own["created_by"] = json!({ "user": team.members[has] });
    team.post(&client, &own).await.created();
    let refused = change(&client, &event, "reschedule", &date(2, 10)).await;
    assert_eq!(
        reasons(&refused),
        ["the member has another booking at that time"]
    );
    assert_eq!(now(&client, &event).await["__v"], 0);

    let mut other = date(2, 10);
    other["reassign"] = json!(true);
    let moved = change(&client, &event, "reschedule", &other)
        .await
        .ok()
        .json();
    assert_eq!(member_of(&team, &moved), 1 - has);
    assert_eq!(moved["dates"][0]["date"], "2030-01-02T10:00:00.000Z");
    assert_eq!(balances(&client, &team).await.iter().sum::<i64>(), 0);
    let refused = change(&client, &event, "reschedule", &other).await;
    assert_eq!(refused.status, 200, "it has that time itself");

    let past = json!({
        "date": "2020-01-02T10:00:00Z", "end_date": "2020-01-02T11:00:00Z", "reassign": true,
    });
    let refused = change(&client, &event, "reschedule", &past).await;
    assert!(reasons(&refused)[0].contains("notice"), "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_named_member_gets_the_event_and_is_charged_for_it() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 3, json!({})).await;
    let event = book(&client, &team, 1, 10).await;
    let (has, next) = (member_of(&team, &event), (member_of(&team, &event) + 1) % 3);
    let reassign = format!("{}/events/{}/reassign", team.path, event.id());
    let to = |user: &str| json!({ "user": user });
    let moved = client
        .post(&reassign, &to(&team.members[next]))
        .await
        .ok()
        .json();
    assert_eq!(member_of(&team, &moved), next);
    let mut expected = vec![BOOKING / 3; 3];
    expected[next] -= BOOKING;
    assert_eq!(balances(&client, &team).await, expected);
    // The one who had it is free again, and gone from the event.
    assert!(!moved["invitees"].to_string().contains(&team.members[has]));
    let (start, end) = hour(1, 10);
    let mut own = booking(&[(&start, &end)]);
    own["created_by"] = json!({ "user": team.members[has] });
    team.post(&client, &own).await.created();
    let back = client.post(&reassign, &to(&team.members[has])).await;
    assert!(reasons(&back).contains(&"the member has another booking at that time".to_owned()));

    let same = client
        .post(&reassign, &to(&team.members[next]))
        .await
        .ok()
        .json();
    assert_eq!(same["__v"], moved["__v"]);
    let stranger = client.new_user_id("stranger@example.com").await;
    for user in [&*stranger, "5f5e10000000000000000000"] {
        let refused = client.post(&reassign, &to(user)).await;
        assert_eq!(
            (refused.status.as_u16(), refused.places()),
            (422, vec!["/user".to_owned()])
        );
    }
}
