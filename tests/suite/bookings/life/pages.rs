//! The page of an event, where those who were invited say what they think.

use futures_util::future::join_all;
use jiff::SignedDuration;
use reqwest::Method;

use super::*;
use crate::harness::gate::Gate;

const GUEST: &str = "booker@example.org";

/// The link of a participant: the path of the page with the key.
fn link(event: &Value, email: &str) -> String {
    let invitees = event["invitees"].as_array().unwrap();
    let own = invitees.iter().find(|one| one["email"] == email).unwrap();
    let name = own["user"].as_str().unwrap_or_else(|| own.id());
    let key = event["key_store"]["hash"].field(name);
    format!("/e/{}?k={key}", event.id())
}

async fn send(api: &Api, link: &str, form: &str) -> Answer {
    api.anybody().send_form(Method::POST, link, form).await
}

async fn does(api: &Api, link: &str, form: &str) {
    let answer = send(api, link, form).await;
    assert_eq!(answer.status, 303, "{form}: {}", answer.text);
}

async fn page(api: &Api, link: &str) -> String {
    api.anybody().get(link).await.ok().text
}

/// A booking of one day's hours by a guest, with another guest.
async fn booked(client: &Client<'_>, team: &Team, at: &[u32]) -> Value {
    let hours: Vec<_> = at.iter().map(|at| hour(1, *at)).collect();
    let dates: Vec<_> = hours
        .iter()
        .map(|(start, end)| (&**start, &**end))
        .collect();
    let mut body = booking(&dates);
    body["invitees"] = json!([{ "email": "other@example.org" }]);
    body["places"] = json!([{ "name": "Here" }, { "name": "There" }]);
    team.post(client, &body).await.created().json()
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_the_key_of_somebody_who_takes_part_opens_the_page() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let event = booked(&client, &team, &[9]).await;
    let other = booked(&client, &team, &[12]).await;
    let own = link(&event, GUEST);
    let (path, key) = own.split_once("?k=").unwrap();
    let (organization, secret) = key.split_at(24);
    let (elsewhere, _) = api.new_organization("Other").await;
    let links = [
        path.to_owned(),
        format!("{path}?k="),
        format!("{path}?k={organization}"),
        format!("{path}?k={secret}"),
        format!("{path}?k={elsewhere}{secret}"),
        format!("{path}?k={key}x"),
        format!("{path}?k={}", key.to_uppercase()),
        format!("{path}?k={key}&k={key}"),
        format!("{path}?K={key}"),
        link(&other, GUEST).replace(other.id(), event.id()),
        own.replace(event.id(), "5f5e10000000000000000000"),
        own.replace(event.id(), "x"),
    ];
    let dead = api.anybody().get(&links[0]).await;
    assert_eq!(dead.status, 404);
    let id = |answer: &Answer| answer.header("apigw-requestid").unwrap().to_owned();
    for link in links {
        for answer in [
            api.anybody().get(&link).await,
            send(&api, &link, "action=decline").await,
        ] {
            assert_eq!(answer.status, 404, "{link}");
            let shown = answer.text.replace(&id(&answer), &id(&dead));
            assert_eq!(
                shown, dead.text,
                "{link}: a link that never was says the same"
            );
        }
    }
    assert_eq!(now(&client, &event).await["declines"], json!([]));
    page(&api, &own).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_with_the_invitation_with_the_assignment_and_long_after_the_event() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({})).await;
    let event = booked(&client, &team, &[9]).await;
    let holder = event["created_by"].field("email");
    let held = link(&event, holder);
    assert!(page(&api, &held).await.contains("value=\"cancel\""));
    let path = format!("{}/events/{}/reassign", team.path, event.id());
    let moved = client.post(&path, &json!({})).await.ok().json();
    assert_eq!(api.anybody().get(&held).await.status, 404);
    page(&api, &link(&moved, moved["created_by"].field("email"))).await;

    let other = link(&event, "other@example.org");
    page(&api, &other).await;
    let invitee = event["invitees"][2].id();
    let path = format!("/v2/events/{}/invitees", event.id());
    client.delete(&format!("{path}/{invitee}")).await.ok();
    assert_eq!(api.anybody().get(&other).await.status, 404);
    // Whoever is invited again has a key again, which is told to who invites.
    let named = json!([{ "email": "other@example.org" }]);
    let invitees = client.post(&path, &named).await.ok().json();
    let keys: Vec<_> = invitees
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one.get("key"))
        .collect();
    assert_eq!(keys[..2], [None, None]);
    let again = format!("/e/{}?k={}", event.id(), invitees[2].field("key"));
    assert_ne!(again, other);
    page(&api, &again).await;

    let start = event["dates"][0].field("end_date").parse().unwrap();
    let until_end = api.now().duration_until(start);
    let days = |days: i64| SignedDuration::from_hours(24 * days);
    api.forward(until_end + days(30) - SignedDuration::from_mins(1));
    assert!(page(&api, &again).await.contains("data-state=\"over\""));
    assert_eq!(send(&api, &again, "action=decline").await.status, 409);
    api.forward(SignedDuration::from_mins(1));
    assert_eq!(api.anybody().get(&again).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn votes_are_in_the_event_and_decide_what_is_confirmed() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let event = booked(&client, &team, &[9, 12]).await;
    let (date, place) = (event["dates"][1].id(), event["places"][1].id());
    let vote = format!("action=vote&date-{date}=yes&place-{place}=yes");
    let no = format!("action=vote&date-{}=no", event["dates"][0].id());
    does(&api, &link(&event, GUEST), &vote).await;
    does(&api, &link(&event, "other@example.org"), &no).await;
    let voted = now(&client, &event).await;
    let guest = event["invitees"][1].id();
    let by = |votes: &Value| votes[votes.as_array().unwrap().len() - 1]["created_by"].clone();
    assert_eq!(
        by(&voted["dates"][1]["votes"]["yes"]),
        json!({ "invitee": guest })
    );
    assert_eq!(
        voted["dates"][0]["votes"]["no"][0]["created_by"]["invitee"],
        event["invitees"][2].id()
    );
    assert_eq!(voted["places"][0]["votes"], event["places"][0]["votes"]);
    let stats = |place: usize| voted["invitees"][place]["stats"]["voted"].clone();
    assert_eq!(stats(1), json!({ "dates": true, "places": true }));
    assert_eq!(stats(2), json!({ "dates": true, "places": false }));

    // The same vote again is no change, another one takes its place.
    does(&api, &link(&event, GUEST), &vote).await;
    assert_eq!(now(&client, &event).await, voted);
    let confirmed = change(&client, &event, "confirm", &json!({}))
        .await
        .ok()
        .json();
    assert_eq!(confirmed["confirmed"]["date_id"], date);
    assert_eq!(confirmed["confirmed"]["place_id"], place);
    let late = send(&api, &link(&event, GUEST), &vote).await;
    assert_eq!(late.status, 409, "it is decided");
    assert!(late.text.contains("role=\"alert\""), "{}", late.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_guests_who_vote_at_once_are_all_counted() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let (first, second) = (hour(1, 9), hour(1, 12));
    let mut body = booking(&[(&first.0, &first.1), (&second.0, &second.1)]);
    let guests: Vec<_> = (0..20).map(|n| format!("guest{n}@example.org")).collect();
    body["invitees"] = guests
        .iter()
        .map(|email| json!({ "email": email }))
        .collect();
    let event = team.post(&client, &body).await.created().json();
    let vote = format!("action=vote&date-{}=yes", event["dates"][1].id());
    let votes = guests.iter().map(|guest| {
        let (api, link, vote) = (&api, link(&event, guest), &vote);
        async move { send(api, &link, vote).await.status.as_u16() }
    });
    assert_eq!(join_all(votes).await, [303; 20]);
    let voted = now(&client, &event).await;
    let yes = voted["dates"][1]["votes"]["yes"].as_array().unwrap();
    assert_eq!(yes.len(), 21);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_writes_and_suggests_and_whoever_looks_sees_it_in_their_zone() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let event = booked(&client, &team, &[9, 12]).await;
    let (own, other) = (link(&event, GUEST), link(&event, "other@example.org"));
    does(&api, &own, "action=timezone&timezone=Asia/Kolkata").await;
    does(&api, &own, "action=suggest&suggestion=2030-01-02T10:00").await;
    does(
        &api,
        &own,
        "action=message&message=Is+Wednesday%0D%0Abetter%3F",
    )
    .await;
    let after = now(&client, &event).await;
    let suggested = &after["dates"][2];
    assert_eq!(suggested["date"], "2030-01-02T04:30:00.000Z");
    assert_eq!(suggested["end_date"], "2030-01-02T05:30:00.000Z");
    assert_eq!(
        suggested["created_by"]["invitee"],
        event["invitees"][1]["_id"]
    );
    assert_eq!(suggested["votes"]["yes"].as_array().unwrap().len(), 1);
    assert_eq!(after["messages"][0]["body"], "Is Wednesday\nbetter?");
    assert_eq!(after["messages"][0]["from"], GUEST);
    assert_eq!(after["invitees"][1]["timezone"], "Asia/Kolkata");
    assert_eq!(after["assignment"]["dates"].as_array().unwrap().len(), 2);
    assert!(page(&api, &own).await.contains("January 2, 2030, 10:00"));
    let shown = page(&api, &other).await;
    assert!(shown.contains("January 2, 2030, 5:30"), "in Paris: {shown}");
    assert!(shown.contains("Is Wednesday\nbetter?"), "{shown}");
    for (form, status) in [
        ("action=suggest&suggestion=2020-01-02T10:00", 422),
        ("action=suggest&suggestion=tomorrow", 422),
        ("action=suggest", 422),
        ("action=message&message=+", 422),
        ("action=timezone&timezone=Mars/Base", 400),
        ("action=vote&date-1=yes", 400),
        ("action=fly", 400),
        ("", 400),
    ] {
        let refused = send(&api, &own, form).await;
        assert_eq!(refused.status, status, "{form}");
        assert!(refused.text.starts_with("<!DOCTYPE html>"), "{form}");
    }
    assert_eq!(now(&client, &event).await, after);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_booked_moves_the_event_to_where_its_member_is_free_and_no_other_guest_does() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let event = booked(&client, &team, &[9]).await;
    booked(&client, &team, &[12]).await;
    let (own, other) = (link(&event, GUEST), link(&event, "other@example.org"));
    // By the clock of Paris.
    let refused = send(&api, &own, "action=move&new_date=2030-01-01T13:30").await;
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("not free"), "{}", refused.text);
    let stranger = send(&api, &other, "action=move&new_date=2030-01-01T15:00").await;
    assert_eq!(stranger.status, 409);
    does(&api, &own, "action=move&new_date=2030-01-01T15:00").await;
    let moved = now(&client, &event).await;
    assert_eq!(moved["dates"][0]["date"], "2030-01-01T14:00:00.000Z");
    assert_eq!(moved["ics_sequence"], 1);
    // The hour that it had is free, and the one that it has is not.
    book(&client, &team, 1, 9).await;
    let (start, end) = hour(1, 14);
    assert_eq!(team.book(&client, &[(&start, &end)]).await.status, 409);

    assert_eq!(send(&api, &other, "action=cancel").await.status, 409);
    does(&api, &own, "action=cancel").await;
    assert!(now(&client, &event).await["cancelled"].is_string());
    team.book(&client, &[(&start, &end)]).await.created();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_takes_back_what_the_last_guest_declines() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({})).await;
    let event = booked(&client, &team, &[9]).await;
    assert_ne!(balances(&client, &team).await, [0, 0]);
    does(&api, &link(&event, GUEST), "action=decline").await;
    let declined = now(&client, &event).await;
    assert_eq!(
        declined["declines"][0]["invitee"],
        event["invitees"][1]["_id"]
    );
    assert!(declined.get("cancelled").is_none());
    does(&api, &link(&event, GUEST), "action=accept").await;
    let accepted = now(&client, &event).await;
    assert_eq!(accepted["declines"], json!([]));
    assert!(accepted["invitees"][1]["accepted"].is_string());
    for email in [GUEST, "other@example.org"] {
        does(&api, &link(&event, email), "action=decline").await;
    }
    assert!(now(&client, &event).await["cancelled"].is_string());
    assert_eq!(balances(&client, &team).await, [0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_who_cancels_while_somebody_books_waits_for_their_turn() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 2, json!({})).await;
    let event = booked(&client, &team, &[9]).await;
    let (gate, held) = Gate::before(&api).await;
    let own = link(&event, GUEST);
    let cancel = send(&held, &own, "action=cancel");
    let cancelled = gate.hold(cancel, book(&client, &team, 1, 12)).await;
    assert_eq!(cancelled.status, 303, "{}", cancelled.text);
    assert!(now(&client, &event).await["cancelled"].is_string());
    let balances = balances(&client, &team).await;
    assert_eq!(balances.iter().sum::<i64>(), 0);
    assert_ne!(balances, [0, 0], "the other booking stands");
}

#[tokio::test(flavor = "multi_thread")]
async fn guests_decline_and_cancel_until_the_organizers_hours_before() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let path = format!("/v2/users/{}", team.members[0]);
    let page_settings = json!({ "vyteme": { "custom": { "event_hide_decline": 24 } } });
    client.put(&path, &page_settings).await.ok();
    let event = booked(&client, &team, &[9]).await;
    let own = link(&event, GUEST);
    let start = event["dates"][0].field("date").parse().unwrap();
    let until_start = api.now().duration_until(start);
    api.forward(until_start - SignedDuration::from_hours(24) - SignedDuration::from_mins(1));
    let early = page(&api, &own).await;
    for action in ["decline", "cancel", "move"] {
        assert!(early.contains(&format!("value=\"{action}\"")), "{action}");
    }
    api.forward(SignedDuration::from_mins(1));
    let late = page(&api, &own).await;
    for action in ["decline", "cancel", "move"] {
        assert!(!late.contains(&format!("value=\"{action}\"")), "{action}");
        let form = format!("action={action}&new_date=2030-01-05T10:00");
        assert_eq!(send(&api, &own, &form).await.status, 409, "{action}");
    }
    assert!(late.contains("It is too late"), "{late}");
    does(&api, &own, "action=message&message=I+cannot+come").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_comes_after_all_is_busy_again_and_must_be_free_where_required() {
    let api = Api::start().await;
    let client = api.organization();
    let team = setup(&api, 1, json!({})).await;
    let guest = client.new_user_id("guest@example.com").await;
    let (start, end) = hour(1, 9);
    let mut body = booking(&[(&start, &end)]);
    body["invitees"] = json!([{ "email": "guest@example.com", "required": true }]);
    let event = team.post(&client, &body).await.created().json();
    let own = link(&event, "guest@example.com");
    does(&api, &own, "action=decline").await;
    does(&api, &own, "action=accept").await;
    does(&api, &own, "action=decline").await;
    let mut own_event = booking(&[(&start, &end)]);
    own_event["created_by"] = json!({ "user": guest });
    own_event["confirmed"] = json!({ "flag": true });
    client.post("/v2/events", &own_event).await.created();
    let refused = send(&api, &own, "action=accept").await;
    assert_eq!(refused.status, 409);
    assert!(
        refused.text.contains("something else at that time"),
        "{}",
        refused.text
    );
}
