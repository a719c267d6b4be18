//! Events without a team: an organizer, and who must attend.

use super::*;

/// Three users, by address; and a team of each, which tells who is free.
async fn people(client: &Client<'_>) -> Vec<(String, String, Team)> {
    let mut people = Vec::new();
    for name in ["ada", "bob", "eve"] {
        let email = format!("{name}@example.com");
        let id = client.new_user_id(&email).await;
        let team = json!({ "extid": name, "name": name, "members": [id] });
        let team = client.new_team(team).await;
        let team = Team {
            path: format!("/v2/teams/{}", team.id()),
            members: vec![id.clone()],
        };
        people.push((id, email, team));
    }
    people
}

fn event(organizer: &str, day: u32, at: u32, invitees: &Value) -> Value {
    json!({
        "title": "Review", "created_by": { "user": organizer }, "dates": [date(day, at)],
        "confirmed": { "flag": true }, "invitees": invitees,
    })
}

async fn is_free(client: &Client<'_>, team: &Team, day: u32, at: u32) -> bool {
    let (start, end) = hour(day, at);
    let made = team.book(client, &[(&start, &end)]).await;
    if made.status == 201 {
        change(client, &made.json(), "cancel", &json!({}))
            .await
            .ok();
    }
    made.status == 201
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_event_reserves_its_organizer_and_all_who_must_attend_or_nobody() {
    let api = Api::start().await;
    let client = api.organization();
    let people = people(&client).await;
    let required = json!([
        { "email": people[1].1, "required": true }, { "email": people[2].1 },
    ]);
    let body = event(&people[0].0, 1, 10, &required);
    let made = client.post("/v2/events", &body).await.created().json();
    assert_eq!(made["created_by"]["user"], people[0].0);
    assert_eq!((&made["vyteme"], made.get("team")), (&json!(false), None));
    assert!(made.get("assignment").is_none() && made["key_store"]["hash"].is_object());
    assert_eq!(made["invitees"][1]["required"], true);
    for (_, _, team) in &people {
        assert!(!is_free(&client, team, 1, 10).await, "guests are busy, too");
    }
    // Bob is not free: nobody is reserved.
    let other = event(
        &people[2].0,
        1,
        10,
        &json!([{ "email": people[1].1, "required": true }]),
    );
    change(&client, &made, "cancel", &json!({})).await.ok();
    let taken = client
        .post("/v2/events", &event(&people[1].0, 1, 10, &json!([])))
        .await;
    let taken = taken.created().json();
    let refused = client.post("/v2/events", &other).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert_eq!(refused.json()["considered"][0]["user"], people[1].0);
    assert!(is_free(&client, &people[2].2, 1, 10).await);
    change(&client, &taken, "cancel", &json!({})).await.ok();
    client.post("/v2/events", &other).await.created();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_only_suggested_reserves_nothing_until_it_is_confirmed() {
    let api = Api::start().await;
    let client = api.organization();
    let people = people(&client).await;
    let required = json!([{ "email": people[1].1, "required": true }]);
    let mut body = event(&people[0].0, 1, 10, &required);
    body["confirmed"] = json!({ "flag": false });
    let made = client.post("/v2/events", &body).await.created().json();
    assert!(is_free(&client, &people[0].2, 1, 10).await);
    let (start, end) = hour(1, 10);
    let booked = people[1]
        .2
        .book(&client, &[(&start, &end)])
        .await
        .created()
        .json();
    let refused = change(&client, &made, "confirm", &json!({})).await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.json()["considered"][0]["user"], people[1].0);
    change(&client, &booked, "cancel", &json!({})).await.ok();
    change(&client, &made, "confirm", &json!({})).await.ok();
    assert!(!is_free(&client, &people[1].2, 1, 10).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_can_be_booked_together_with_somebody_who_must_attend() {
    let api = Api::start().await;
    let client = api.organization();
    let people = people(&client).await;
    let (start, end) = hour(1, 10);
    let mut body = booking(&[(&start, &end)]);
    body["invitees"] = json!([{ "email": people[1].1, "required": true }]);
    let made = people[0].2.post(&client, &body).await.created().json();
    assert!(!is_free(&client, &people[1].2, 1, 10).await);
    let refused = people[2].2.post(&client, &body).await;
    assert_eq!(refused.status, 409);
    let reason = refused.json()["considered"][0].field("reason").to_owned();
    assert!(reason.contains("somebody who must attend"), "{reason}");
    assert_eq!(
        change(&client, &made, "reschedule", &date(1, 11))
            .await
            .status,
        200
    );
    people[2].2.post(&client, &body).await.created();
    let refused = change(&client, &made, "reschedule", &date(1, 10)).await;
    assert_eq!(refused.status, 409);

    body["invitees"] = json!([{ "email": "nobody@example.org", "required": true }]);
    let refused = people[0].2.post(&client, &body).await;
    let place = vec!["/invitees/0/required".to_owned()];
    assert_eq!((refused.status.as_u16(), refused.places()), (422, place));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_organizer_is_a_user_named_once() {
    let api = Api::start().await;
    let client = api.organization();
    let people = people(&client).await;
    for (creator, place) in [
        (
            json!({ "email": "nobody@example.org" }),
            "/created_by/email",
        ),
        (
            json!({ "user": "5f5e10000000000000000000" }),
            "/created_by/user",
        ),
        (
            json!({ "user": people[0].0, "email": people[1].1 }),
            "/created_by/user",
        ),
        (json!({}), "/created_by/email"),
        (Value::Null, "/created_by"),
    ] {
        let body = json!({ "title": "Review", "created_by": creator });
        let refused = client.post("/v2/events", &body).await;
        assert!(
            [400, 422].contains(&refused.status.as_u16()),
            "{}",
            refused.text
        );
        assert_eq!(refused.places(), [place], "{}", refused.text);
    }
    let both = json!({ "user": people[0].0, "email": "ADA@example.com" });
    let body = json!({ "title": "Review", "created_by": both });
    let made = client.post("/v2/events", &body).await.created().json();
    assert_eq!(made["invitees_length"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_system_says_is_kept_and_found() {
    let api = Api::start().await;
    let client = api.organization();
    let people = people(&client).await;
    let mut body = event(&people[0].0, 1, 10, &json!([]));
    body["third_party"] = json!({ "ct": "x", "app": "crm", "group_ids": ["a", "b"] });
    body["settings"] = json!({ "no_emails": true });
    let made = client.post("/v2/events", &body).await.created().json();
    assert_eq!(made["third_party"], body["third_party"]);
    assert_eq!(made["settings"], body["settings"]);
    client
        .post("/v2/events", &event(&people[0].0, 2, 10, &json!([])))
        .await
        .created();
    for (query, count) in [
        ("app_id=crm", 1),
        ("app_id=other", 0),
        ("group_ids=a", 1),
        ("group_ids=a,b", 1),
        ("group_ids=a,c", 0),
        ("app_id=crm&group_ids=b", 1),
    ] {
        let found = client.get(&format!("/v2/events?{query}")).await.ok().json();
        assert_eq!(found.as_array().unwrap().len(), count, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invitees_come_and_go_with_their_time() {
    let api = Api::start().await;
    let client = api.organization();
    let people = people(&client).await;
    let body = event(&people[0].0, 1, 10, &json!([]));
    let made = client.post("/v2/events", &body).await.created().json();
    let path = format!("/v2/events/{}/invitees", made.id());
    let bob = json!({ "email": "Bob@example.com" });
    let invited = client.post(&path, &bob).await.ok().json();
    assert_eq!(invited.as_array().unwrap().len(), 2);
    assert_eq!(invited[1]["user"], people[1].0);
    assert!(!is_free(&client, &people[1].2, 1, 10).await);
    let again = client
        .post(&path, &json!([bob, { "email": people[0].1 }]))
        .await
        .ok()
        .json();
    assert_eq!(again, invited, "both are there already");
    let removed = format!("{path}/{}", invited[1].id());
    assert_eq!(client.delete(&removed).await.ok().text, "OK");
    assert!(is_free(&client, &people[1].2, 1, 10).await);
    assert_eq!(client.delete(&removed).await.status, 404);
    let own = format!("{path}/{}", invited[0].id());
    assert_eq!(client.delete(&own).await.status, 409);

    // Who must attend must be free, and a user.
    let (start, end) = hour(1, 10);
    people[2].2.book(&client, &[(&start, &end)]).await.created();
    let eve = json!([{ "email": people[2].1, "required": true }]);
    assert_eq!(client.post(&path, &eve).await.status, 409);
    let stranger =
        json!([{ "email": "zoe@example.org" }, { "email": "tom@example.org", "required": true }]);
    let refused = client.post(&path, &stranger).await;
    assert_eq!(
        (refused.status.as_u16(), refused.places()),
        (422, vec!["/1/required".to_owned()])
    );
    let many: Vec<_> = (0..41)
        .map(|n| json!({ "email": format!("{n}@example.org") }))
        .collect();
    assert!([400, 422].contains(&client.post(&path, &json!(many)).await.status.as_u16()));
    client.post(&path, &json!(many[..40])).await.ok();
    let refused = client.post(&path, &json!(many[40..])).await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.field("detail"), "an event has at most 40 invitees");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organizer_takes_the_event_and_its_time() {
    let api = Api::start().await;
    let client = api.organization();
    let people = people(&client).await;
    let body = event(&people[0].0, 1, 10, &json!([{ "email": people[1].1 }]));
    let made = client.post("/v2/events", &body).await.created().json();
    let path = format!("/v2/events/{}/admin", made.id());
    let (start, end) = hour(1, 10);
    let busy = people[2]
        .2
        .book(&client, &[(&start, &end)])
        .await
        .created()
        .json();
    let eve = json!({ "user": people[2].0 });
    assert_eq!(
        client.post(&path, &eve).await.status,
        409,
        "she is not free"
    );
    change(&client, &busy, "cancel", &json!({})).await.ok();
    assert_eq!(client.post(&path, &eve).await.ok().text, "OK");
    let shown = now(&client, &made).await;
    assert_eq!(shown["created_by"]["user"], people[2].0);
    assert_eq!(shown["invitees_length"], 2);
    assert!(is_free(&client, &people[0].2, 1, 10).await);
    let back = json!({ "user": people[0].0, "keep_as_invitee": true });
    client.post(&path, &back).await.ok();
    let shown = now(&client, &made).await;
    assert_eq!(shown["invitees_length"], 3);
    assert!(!is_free(&client, &people[2].2, 1, 10).await);
    let refused = client
        .post(&path, &json!({ "user": "5f5e10000000000000000000" }))
        .await;
    assert_eq!(
        (refused.status.as_u16(), refused.places()),
        (422, vec!["/user".to_owned()])
    );

    // A team gives its events to its members.
    let booked = people[0].2.book(&client, &[]).await.created().json();
    let path = format!("/v2/events/{}/admin", booked.id());
    let refused = client.post(&path, &eve).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("/reassign"), "{}", refused.text);
    client.delete(&people[0].2.path).await.ok();
    client.post(&path, &eve).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_permissions_makes_events_of_their_own_and_no_others() {
    let api = Api::start().await;
    let client = api.organization();
    let people = people(&client).await;
    let bob = api.with_key(&client.new_user_key(&people[1].0).await);
    let own = json!({ "title": "Own", "created_by": { "email": people[1].1 } });
    let made = bob.post("/v2/events", &own).await.created().json();
    let other = json!({ "title": "Other", "created_by": { "user": people[0].0 } });
    let refused = bob.post("/v2/events", &other).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text.contains("userManagement"), "{}", refused.text);
    let other = client.post("/v2/events", &other).await.created().json();
    let title = json!({ "title": "Mine" });
    for (event, status) in [(&made, 200), (&other, 403)] {
        let path = format!("/v2/events/{}", event.id());
        assert_eq!(bob.put(&path, &title).await.status, status);
        let guests = format!("{path}/invitees");
        assert_eq!(
            bob.post(&guests, &json!([{ "email": "a@b.org" }]))
                .await
                .status,
            status
        );
        let removed = format!("{guests}/{}", event["invitees"][0].id());
        let removed = bob.delete(&removed).await.status;
        assert_eq!(removed, if status == 200 { 409 } else { 403 });
        let admin = json!({ "user": people[1].0 });
        assert_eq!(
            bob.post(&format!("{path}/admin"), &admin).await.status,
            status
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_comes_again_makes_one_event() {
    let api = Api::start().await;
    let client = api.organization();
    let people = people(&client).await;
    let body = event(&people[0].0, 1, 10, &json!([]))
        .to_string()
        .into_bytes();
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "one"),
    ];
    let send = || {
        client.send(
            reqwest::Method::POST,
            "/v2/events",
            Some(body.clone()),
            &headers,
        )
    };
    let (first, second) = (send().await.created(), send().await.created());
    assert_eq!(first.text, second.text);
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    assert_eq!(
        client
            .get("/v2/events")
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
}
