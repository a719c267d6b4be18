//! In which zone a text is read, and how the answer says it.

use serde_json::{Value, json};

use super::{booking, events_of, first_date};
use crate::harness::{Api, fixtures::Fields};

const LOCAL: [(&str, &str); 1] = [("2030-07-01T09:00", "2030-07-01T10:00")];

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_says_in_which_zone_a_text_was_read() {
    let api = Api::start().await;
    let client = api.organization();
    let tokyo = json!({ "timezone": "Asia/Tokyo" });
    for (number, (own, hours, event, zone, start)) in [
        (
            Some("Europe/Paris"),
            Some(&tokyo),
            Some("Asia/Kolkata"),
            "Asia/Kolkata",
            "03:30",
        ),
        (
            Some("Europe/Paris"),
            Some(&tokyo),
            None,
            "Europe/Paris",
            "07:00",
        ),
        (None, Some(&tokyo), None, "Asia/Tokyo", "00:00"),
        (None, None, None, "UTC", "09:00"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut user = json!({ "user": { "email": format!("m{number}@example.com") } });
        user["user"]["timezone"] = json!(own);
        user["availability"] = json!(hours);
        let user = client.post("/v2/users", &user).await.created();
        let members = [user.json()["user"]["_id"].clone()];
        let team = json!({ "extid": number.to_string(), "name": "Team", "members": members });
        let team = client.new_team(team).await;
        let path = format!("/v2/teams/{}/events", team.id());
        let mut body = booking(&LOCAL);
        body["timezone"] = json!(event);
        let answer = client.post(&path, &body).await;
        assert_eq!(answer.json()["timezone"], zone, "{}", answer.text);
        assert_eq!(first_date(&answer).0, format!("2030-07-01T{start}:00.000Z"));
        let listed = client.get(&path).await.json();
        assert_eq!(listed[0]["timezone"], zone, "{listed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_moves_to_a_member_in_another_zone_keeps_its_time_and_the_zone_it_was_read_in()
 {
    let api = Api::start().await;
    let client = api.organization();
    let member = |name: &str, zone: &str| json!({ "email": format!("{name}@example.com"), "timezone": zone });
    let users = vec![
        member("paris", "Europe/Paris"),
        member("tokyo", "Asia/Tokyo"),
    ];
    let path = events_of(&client, "t", users).await;
    // Skipped in Paris.
    let mut body = booking(&[("2027-03-28T02:30", "2027-03-28T03:30")]);
    body["created_by"]["email"] = json!("paris@example.com");
    let made = client.post(&path, &body).await;
    let date = first_date(&made);
    assert_eq!(date.1, "2027-03-28T02:30:00.000Z");
    let id = made.id();
    let moved = client.post_nothing(&format!("{path}/{id}/reassign")).await;
    assert_eq!(first_date(&moved), date);
    let moved = moved.json();
    assert_eq!(moved["created_by"]["email"], "tokyo@example.com");
    assert_eq!(moved["timezone"], "Europe/Paris");
    assert_eq!(
        client.get(&path).await.json()[0]["timezone"],
        "Europe/Paris"
    );
    // Another booking of the new member at that time.
    body["created_by"]["email"] = json!("tokyo@example.com");
    body["dates"][0] = json!({ "date": date.0, "end_date": date.1 });
    let again = client.post(&path, &body).await;
    assert_eq!(again.status, 409, "{}", again.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_is_backwards_in_one_members_zone_is_for_the_others() {
    let api = Api::start().await;
    let client = api.organization();
    let member = |name: &str, zone: &str| json!({ "email": format!("{name}@example.com"), "timezone": zone });
    let users = vec![
        member("york", "America/New_York"),
        member("paris", "Europe/Paris"),
    ];
    let path = events_of(&client, "t", users).await;
    // 09:00 is 08:00Z in Paris and 14:00Z in New York.
    let dates = [("2030-01-07T09:00", "2030-01-07T10:00Z")];
    let made = client.post(&path, &booking(&dates)).await.created();
    let made = made.json();
    assert_eq!(made["created_by"]["email"], "paris@example.com");
    let considered: Vec<Value> = made["assignment"]["considered"].as_array().unwrap().clone();
    let reason = considered[0].field("reason");
    assert!(reason.contains("in the member's zone"), "{reason}");
    // Where nobody can, the request is wrong.
    let dates = [("2030-01-07T09:00", "2030-01-07T07:59Z")];
    let refused = client.post(&path, &booking(&dates)).await;
    assert_eq!(refused.status, 400, "{}", refused.text);
    assert_eq!(refused.places(), ["/dates/0/end_date"]);
}
