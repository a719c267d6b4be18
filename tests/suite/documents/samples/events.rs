//! The samples of `/v2/teams/:id/events` (`/v2/teams`).

use reqwest::Method;
use serde_json::{Value, json};

use super::{Allowed, Ids, send};
use crate::harness::{Api, Client, fixtures::Fields};

/// A team of one member; the path of its events, and the member.
async fn team_of(client: &Client<'_>, member: Value) -> (String, Value) {
    let member = client.new_user(member).await;
    let body = json!({ "extid": "t", "name": "Team", "members": [member["_id"]] });
    let team = client.new_team(body).await;
    let path = format!("/v2/teams/{}/events", team.id());
    (path, member)
}

fn jean() -> Value {
    json!({
        "email": "creator@example.com", "first_name": "Jean", "last_name": "Dupont",
        "timezone": "Europe/Paris", "language": "fr",
    })
}

#[tokio::test]
async fn booking_an_event_answers_the_sample_of_v2_teams() {
    let api = Api::start().await;
    let client = api.organization();
    let (path, member) = team_of(&client, jean()).await;
    let ids = Ids::default().with("5eecc40bb2181073ac6ff375", &member["_id"]);
    let body = ids.request("v2_teams/book_event");
    let answer = send(&client, Method::POST, &path, &body).await.created();
    let key = format!("/key_store/hash/{}", member.id());
    let allowed = Allowed {
        // Why this member, and in which zone dates without an offset were read.
        added: &["/assignment", "/timezone", "/team", "/vyteme"],
        of_this_run: &[
            "/_id",
            "/createdAt",
            "/updatedAt",
            "/email",
            "/dates/*/_id",
            "/dates/*/createdAt",
            "/dates/*/updatedAt",
            "/dates/*/votes/yes/*/_id",
            "/places/*/_id",
            "/places/*/createdAt",
            "/places/*/updatedAt",
            "/places/*/votes/yes/*/_id",
            "/invitees/*/_id",
            "/key_store/_id",
            "/key_store/createdAt",
            "/key_store/updatedAt",
            &key,
        ],
        ..Allowed::default()
    };
    ids.expect("v2_teams/book_event", &answer, &allowed);

    let event = answer.json();
    let times = |date: &Value| (date["date"].clone(), date["end_date"].clone());
    let dates = event["dates"].as_array().unwrap();
    assert_eq!(
        dates.iter().map(times).collect::<Vec<_>>(),
        [
            (
                json!("2020-07-16T07:00:00.000Z"),
                json!("2020-07-16T08:00:00.000Z")
            ),
            (
                json!("2020-07-16T13:00:00.000Z"),
                json!("2020-07-16T13:00:00.000Z")
            ),
        ]
    );
    let reply_to = event.field("email");
    let slug = "reply-to-participants-to-first-team-event-";
    assert!(reply_to.starts_with(slug), "{reply_to}");
}

#[tokio::test]
async fn what_an_event_is_assigned_by_is_told_for_every_member_and_every_date() {
    let api = Api::start().await;
    let client = api.organization();
    let (path, member) = team_of(&client, jean()).await;
    let body = Ids::default().request("v2_teams/book_event");
    let event = send(&client, Method::POST, &path, &body).await.json();
    let assignment = &event["assignment"];
    assert_eq!(assignment["strategy"], "balanced");
    assert_eq!(assignment["member"], member["_id"]);
    let considered = assignment["considered"].as_array().unwrap();
    assert_eq!(considered.len(), 1);
    assert_eq!(considered[0]["user"], member["_id"]);
    assert_eq!(considered[0]["eligible"], true);
    let dates = assignment["dates"].as_array().unwrap();
    for (told, date) in dates.iter().zip(event["dates"].as_array().unwrap()) {
        assert_eq!(told, &json!({ "_id": date["_id"], "free": true }));
    }
}

/// The events of the list sample, oldest first, as they are booked.
fn listed_requests() -> [Value; 2] {
    let booked = |title: &str, places: Value, dates: Value, message: &str| {
        json!({
            "title": title, "created_by": { "email": "martin.saintmac@gmail.com" },
            "places": places, "dates": dates, "messages": { "body": message },
            "timezone": "Europe/Paris",
        })
    };
    [
        booked(
            "Meeting Martin Saint-Macary, Martin Saint-Macary",
            json!([
                { "name": "Skype", "address": "martin.saint-macary" },
                { "name": "Google Hangouts", "address": "martin@vytein.com" },
            ]),
            json!([]),
            "Hi Martin, please find my suggestions for our 15 min call setup session on vyte.in. Best",
        ),
        booked(
            "Meeting for project",
            json!([{
                "name": "Appear.in", "address": "http://appear.in/cool-meeting",
                "source": "Appear.in",
            }]),
            json!([
                { "date": "2016-01-22T11:00:00", "end_date": "2016-01-22T12:00:00" },
                { "date": "2016-01-22T16:00:00", "end_date": "2016-01-22T17:00:00" },
            ]),
            "Another meeting for that project",
        ),
    ]
}

#[tokio::test]
async fn listing_events_answers_the_sample_of_v2_teams() {
    let api = Api::start().await;
    let client = api.organization();
    let photo = "https://lh3.googleusercontent.com/-PWeG6KmcyVw/AAAAAAAAAAI/AAAAAAAAJa4/kcQXhsmUmTQ/photo.jpg";
    let martin = json!({
        "email": "martin.saintmac@gmail.com", "first_name": "Martin",
        "last_name": "Saint-Macary", "picture_url": photo,
    });
    let (path, member) = team_of(&client, martin).await;
    for body in listed_requests() {
        client.post(&path, &body).await.created();
        // Ids are in the order of time, to the second.
        api.forward(jiff::SignedDuration::from_secs(1));
    }
    let answer = client.get(&path).await.ok();
    let ids = Ids::default().with("522984fb35eaa70200000007", &member["_id"]);
    let allowed = Allowed {
        at: "/*",
        added: &[
            // Why this member, and of which team.
            "/assignment",
            "/team",
            "/vyteme",
            // In the sample of booking, and not in this one of four years
            // before.
            "/api",
            "/group_pro",
            "/identification_alternatives",
            "/links",
            "/confirmed/multi",
            "/dates/*/confirmed",
            "/dates/*/confirmed_invitees",
        ],
        left_out: &[
            // Of the application that made the sample's events.
            "/third_party/app",
            "/third_party/name",
            // An icon that the sample's application drew.
            "/places/*/icon",
            // Votes have no times in the sample of booking, nor in all of this
            // one.
            "/places/*/votes/yes/*/createdAt",
            "/places/*/votes/yes/*/updatedAt",
        ],
        of_this_run: &[
            "/_id",
            "/key_store",
            "/email",
            "/createdAt",
            "/updatedAt",
            "/alias",
            "/app_url",
            // Nobody changed the event since.
            "/__v",
            "/version",
            // The sample counts invitees that it does not show.
            "/invitees_length",
            "/invitees",
            "/third_party/group_ids",
            "/dates/*/_id",
            "/dates/*/createdAt",
            "/dates/*/updatedAt",
            "/dates/*/votes/yes/*/_id",
            "/places/*/_id",
            "/places/*/createdAt",
            "/places/*/updatedAt",
            "/places/*/votes/yes/*/_id",
            "/messages/*/_id",
            "/messages/*/createdAt",
            "/messages/*/updatedAt",
        ],
        instead: &[],
    };
    ids.expect("v2_teams/list_events", &answer, &allowed);

    for event in answer.json().as_array().unwrap() {
        let alias = event.field("alias");
        let start = format!("alias_web_{}_", member.id());
        assert!(alias.starts_with(&start), "{alias}");
        assert_eq!(event["invitees_length"], 1);
        assert_eq!(event["invitees"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn listing_the_events_of_a_team_that_has_none_answers_an_empty_array() {
    let api = Api::start().await;
    let client = api.organization();
    let (path, _) = team_of(&client, jean()).await;
    let answer = client.get(&path).await;
    assert_eq!((answer.status.as_u16(), answer.json()), (200, json!([])));
}

#[tokio::test]
async fn unlinking_a_member_answers_the_events_to_reassign() {
    let api = Api::start().await;
    let client = api.organization();
    let (path, member) = team_of(&client, jean()).await;
    let body = |title: &str, year: i32| {
        json!({
            "title": title, "created_by": { "email": "somebody@example.com" },
            "dates": [{
                "date": format!("{year}-07-16T09:00:00Z"),
                "end_date": format!("{year}-07-16T10:00:00Z"),
            }],
        })
    };
    for (title, year) in [("Over", 2020), ("To come", 2099)] {
        client.post(&path, &body(title, year)).await.created();
    }
    let gone = client
        .delete(&format!("/v2/users/{}", member.id()))
        .await
        .ok();
    let left = gone.json()["events_to_reassign"].clone();
    assert_eq!(left.as_array().unwrap().len(), 1, "{left}");
    assert_eq!(left[0]["title"], "To come");

    // Nobody is left to take it, then somebody is.
    let event = left[0].id();
    let reassign = format!("{path}/{event}/reassign");
    let refused = client.post(&reassign, &json!({})).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    let next = client.new_user_id("next@example.com").await;
    let team = path.strip_suffix("/events").unwrap();
    client.put(team, &json!({ "members": [next] })).await.ok();
    let moved = client.post(&reassign, &json!({})).await.ok();
    assert_eq!(moved.json()["created_by"]["user"], json!(next));
    assert_eq!(moved.json()["assignment"]["member"], json!(next));
    let listed = client.get(&path).await.json();
    assert_eq!(listed[0]["_id"], left[0]["_id"], "{listed}");
}
