//! Looking at who would get a booking, and giving members units.

use roster_domain::bookings::assignment::BOOKING;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_says_who_a_booking_goes_to_and_writes_nothing() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 3, json!({})).await;
    for day in 1..=4 {
        let (start, end) = hour(day, 10);
        let body = booking(&[(&start, &end)]);
        let preview = format!("{}/assignments/preview", team.path);
        let first = client.post(&preview, &body).await.ok();
        assert!(first.cost().write < 0.1, "nothing is written");
        let first = first.json();
        assert_eq!(client.post(&preview, &body).await.ok().json(), first);
        let booked = team.post(&client, &body).await.created().json();
        let assignment = &booked["assignment"];
        assert_eq!(first["member"], assignment["member"]);
        assert_eq!(first["considered"], assignment["considered"]);
        assert_eq!(first["dates"][0]["date"], booked["dates"][0]["date"]);
    }
    assert_eq!(
        client
            .get("/v2/events")
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn units_are_given_with_a_reason_and_the_sum_stays_zero() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 3, json!({})).await;
    let credit = format!("{}/assignments/credit", team.path);
    let given = json!({ "user": team.members[0], "units": -BOOKING, "reason": "Was on holiday" });
    let answer = client.post(&credit, &given).await.created().json();
    let told = &answer["decisions"][0];
    assert_eq!(
        told["credit"],
        json!({ "units": -BOOKING, "reason": "Was on holiday" })
    );
    assert_eq!(told["member"], team.members[0]);
    assert_eq!((told.get("event"), told.get("strategy")), (None, None));
    assert_eq!(
        balances(&client, &team).await,
        [-BOOKING, BOOKING / 2, BOOKING / 2]
    );
    let listed = client
        .get(&format!("{}/assignments", team.path))
        .await
        .ok()
        .json();
    assert_eq!(listed["decisions"][0], *told);
    assert_eq!(listed["bookings"], 1);
    let first = book(&client, &team, 1, 10).await;
    assert_ne!(
        member_of(&team, &first),
        0,
        "who was given less is not next"
    );
    let stranger = client.new_user_id("stranger@example.com").await;
    for (body, place) in [
        (
            json!({ "user": stranger, "units": 1, "reason": "x" }),
            "/user",
        ),
        (
            json!({ "user": team.members[0], "units": 0, "reason": "x" }),
            "/units",
        ),
        (
            json!({ "user": team.members[0], "units": 100 * BOOKING + 1, "reason": "x" }),
            "/units",
        ),
        (
            json!({ "user": team.members[0], "units": 1, "reason": "" }),
            "/reason",
        ),
    ] {
        let refused = client.post(&credit, &body).await;
        assert_eq!(refused.places(), [place], "{}", refused.text);
    }
    client
        .put(&team.path, &json!({ "members": [team.members[0]] }))
        .await
        .ok();
    assert_eq!(
        client.post(&credit, &given).await.status,
        409,
        "nobody is left to settle it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credit_that_is_sent_again_with_its_key_is_given_once() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({})).await;
    let credit = format!("{}/assignments/credit", team.path);
    let body = json!({ "user": team.members[0], "units": 10, "reason": "x" });
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "once"),
    ];
    for _ in 0..2 {
        let body = body.to_string().into_bytes();
        let sent = client.send(reqwest::Method::POST, &credit, Some(body), &headers);
        sent.await.created();
    }
    assert_eq!(balances(&client, &team).await, [10, -10]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_credits_at_once_each_is_given_and_one_that_is_refused_keeps_no_key() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({})).await;
    let credit = format!("{}/assignments/credit", team.path);
    let send = async |key: &str, user: &str| {
        let body = json!({ "user": user, "units": 10, "reason": "x" });
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", key),
        ];
        let body = body.to_string().into_bytes();
        client
            .send(reqwest::Method::POST, &credit, Some(body), &headers)
            .await
    };
    let keys: Vec<String> = (0..30).map(|number| number.to_string()).collect();
    let sent = keys.iter().map(|key| send(key, &team.members[0]));
    for answer in futures_util::future::join_all(sent).await {
        answer.created();
    }
    assert_eq!(balances(&client, &team).await, [300, -300]);
    let newcomer = client.new_user_id("newcomer@example.com").await;
    assert_eq!(send("again", &newcomer).await.status, 422);
    let member = json!({ "user": newcomer });
    client
        .post(&format!("{}/members", team.path), &member)
        .await
        .ok();
    send("again", &newcomer).await.created();
}
