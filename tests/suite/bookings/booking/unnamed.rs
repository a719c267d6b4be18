//! Bookings that do not name who books, and places over several lines.

use serde_json::json;

use super::events_of;
use crate::harness::{Api, fixtures::Fields};

#[tokio::test(flavor = "multi_thread")]
async fn created_by_may_be_missing_when_a_team_is_booked() {
    let api = Api::start().await;
    let client = api.organization();
    let host = json!({ "email": "host@example.com", "first_name": "Host" });
    let path = events_of(&client, "t", vec![host]).await;
    for (day, created_by) in [(1, None), (2, Some(json!(null)))] {
        let mut body = json!({
            "title": "First", "messages": [{ "body": "Hello" }],
            "dates": [{
                "date": format!("2030-01-0{day}T09:00Z"), "end_date": format!("2030-01-0{day}T10:00Z"),
            }],
            "invitees": [{ "email": "p@visitor.example", "full_name": "P V" }],
        });
        if let Some(created_by) = created_by {
            body["created_by"] = created_by;
        }
        let answer = client.post(&path, &body).await.created();
        let event = answer.json();
        assert_eq!(event["created_by"]["email"], "host@example.com");
        let invitees = event["invitees"].as_array().unwrap();
        let emails: Vec<_> = invitees.iter().map(|who| who.field("email")).collect();
        assert_eq!(
            emails,
            ["host@example.com", "p@visitor.example"],
            "nobody else takes part"
        );
        assert_eq!(event["messages"][0]["from"], "host@example.com");
        assert_eq!(
            event["messages"][0]["created_by"],
            event["dates"][0]["created_by"]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_asked_for_by_id_and_nobody_else_is() {
    let api = Api::start().await;
    let client = api.organization();
    let first = client.new_user_id("first@example.com").await;
    let second = client.new_user_id("second@example.com").await;
    let stranger = client.new_user_id("stranger@example.com").await;
    let team = json!({ "extid": "t", "name": "Team", "members": [first, second] });
    let team = client.new_team(team).await;
    let path = format!("/v2/teams/{}/events", team.id());
    let book = async |created_by: serde_json::Value| {
        let body = json!({ "title": "Demo", "created_by": created_by });
        client.post(&path, &body).await
    };
    // Three times running: whoever's turn it is.
    for created_by in [
        json!({ "user": second }),
        json!({ "user": second.to_uppercase() }),
        json!({ "user": second, "email": "Second@example.com" }),
    ] {
        let answer = book(created_by).await.created();
        assert_eq!(answer.json()["created_by"]["user"], second);
    }
    for created_by in [
        json!({ "user": stranger }),
        json!({ "user": "000000000000000000000000" }),
        json!({ "user": second, "email": "first@example.com" }),
        json!({ "user": second, "email": "visitor@elsewhere.example" }),
    ] {
        let answer = book(created_by.clone()).await;
        assert_eq!(answer.status, 422, "{created_by}: {}", answer.text);
        assert_eq!(answer.json()["errors"][0]["pointer"], "/created_by/user");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_a_member_without_an_address_is_from_where_answers_go_to() {
    let api = Api::start().await;
    let client = api.organization();
    let made = json!({ "user": { "account": { "organization": { "extid": "7" } } } });
    let made = client.post("/v2/users", &made).await.created();
    let team = json!({ "extid": "t", "name": "Team", "members": [made.json()["user"]["_id"]] });
    let team = client.new_team(team).await;
    let path = format!("/v2/teams/{}/events", team.id());
    let body = json!({ "title": "Demo", "messages": { "body": "Hello" } });
    let answer = client.post(&path, &body).await.created();
    let event = answer.json();
    assert_eq!(event["messages"][0]["from"], event["email"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_a_place_may_have_line_breaks() {
    let api = Api::start().await;
    let client = api.organization();
    let address = "1 rue de Rivoli\r\n75001 Paris\nFrance";
    let path = events_of(&client, "t", vec![json!({ "email": "host@example.com" })]).await;
    for name in ["address", "adress"] {
        let body = json!({ "title": "Demo", "places": [{ "name": "Office", name: address }] });
        let answer = client.post(&path, &body).await.created();
        assert_eq!(answer.json()["places"][0]["address"], address);
        let user = json!({
            "user": { "email": format!("{name}@example.com") },
            "vyteme": { "custom": { "fixed_places": [{ "name": "Office", name: address }] } },
        });
        let answer = client.post("/v2/users", &user).await.created();
        let shown = &answer.json()["user"]["vyteme"]["custom"]["fixed_places"][0]["address"];
        assert_eq!(*shown, address);
    }
    for wrong in ["a\u{0}b", "\n", &"x".repeat(301)] {
        let body = json!({ "title": "Demo", "places": [{ "name": "Office", "address": wrong }] });
        let answer = client.post(&path, &body).await;
        assert_eq!(answer.status, 422, "{wrong:?}: {}", answer.text);
        assert_eq!(answer.places(), ["/places/0/address"]);
    }
}
