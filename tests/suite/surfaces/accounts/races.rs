//! What was decided from something that has changed by the time it is written.

use serde_json::json;

use super::{
    PASSWORD, Person, choices, invited, new_account, new_manager, new_person, send_form,
    table::{Table, user},
};
use crate::harness::{Api, Client, fixtures::Fields, gate::Gate};

/// A public team of these members; its path.
async fn team(client: &Client<'_>, members: &[&Person]) -> String {
    let members: Vec<_> = members.iter().map(|person| &person.id).collect();
    let body = json!({ "extid": "1", "name": "Team", "public": true, "members": members });
    let team = client.new_team(body).await;
    format!("/v2/teams/{}", team.id())
}

async fn off(client: &Client<'_>, person: &Person) {
    client.post_nothing(&person.deactivate()).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_is_decided_again_when_its_member_is_deactivated_meanwhile() {
    for dates in [
        json!([{ "date": "2030-01-01T10:00:00Z", "end_date": "2030-01-01T11:00:00Z" }]),
        json!([]),
    ] {
        let api = Api::start().await;
        let client = api.organization();
        let first = new_person(&client, "first@example.com").await;
        let second = new_person(&client, "second@example.com").await;
        let path = format!("{}/events", team(&client, &[&first, &second]).await);
        let (gate, held) = Gate::before(&api).await;
        let slow = held.organization();
        let body = json!({
            "title": "Meeting", "created_by": { "email": "booker@example.org" }, "dates": dates,
        });
        // The first in the team's order gets the first booking.
        let booked = gate
            .hold(slow.post(&path, &body), off(&client, &first))
            .await
            .created();
        assert_eq!(booked.json()["created_by"]["user"], *second.id);
        client.post_nothing(&first.activate()).await.ok();
        let id = booked.id();
        let reassign = format!("{path}/{id}/reassign");
        let moved = gate
            .hold(slow.post_nothing(&reassign), off(&client, &first))
            .await;
        assert_eq!(moved.status, 409, "{}", moved.text);
        let entry = &moved.json()["considered"][0];
        assert_eq!(entry["reason"], "is deactivated");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_for_a_member_by_name_is_refused_when_they_are_deactivated_meanwhile() {
    let api = Api::start().await;
    let client = api.organization();
    let asked_for = new_person(&client, "first@example.com").await;
    let other = new_person(&client, "second@example.com").await;
    let path = format!("{}/events", team(&client, &[&asked_for, &other]).await);
    let (gate, held) = Gate::before(&api).await;
    let slow = held.organization();
    let body = json!({ "title": "Meeting", "created_by": { "email": asked_for.email } });
    let booked = gate
        .hold(slow.post(&path, &body), off(&client, &asked_for))
        .await;
    assert_eq!(booked.status, 409, "{}", booked.text);
    let events = client.get(&path).await.json();
    assert_eq!(events, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_who_is_deactivated_meanwhile_is_not_on_the_page() {
    let api = Api::start().await;
    let client = api.organization();
    let person = new_person(&client, "jean@example.com").await;
    let path = team(&client, &[]).await;
    let (gate, held) = Gate::before(&api).await;
    let slow = held.organization();
    let edit = json!({ "members": [person.id] });
    let edited = gate
        .hold(slow.put(&path, &edit), off(&client, &person))
        .await
        .ok();
    assert_eq!(edited.json()["members"], json!([person.id]));
    let page = format!("{path}/public");
    assert_eq!(api.anybody().get(&page).await.json()["members"], json!([]));
    // Taken out while the activation is under way.
    let on = person.activate();
    let out = async { client.put(&path, &json!({ "members": [] })).await };
    gate.hold(slow.post_nothing(&on), out).await.ok();
    assert_eq!(client.get(&path).await.json()["members"], json!([]));
    assert_eq!(api.anybody().get(&page).await.json()["members"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_session_begins_once_the_user_is_switched_off_or_has_another_password() {
    let api = Api::start().await;
    let client = api.organization();
    let (gate, held) = Gate::before(&api).await;
    let slow = held.anybody();
    let table = Table::of(&api);
    for way in ["deactivate", "password", "unlink"] {
        let person = new_account(&client, way).await;
        let meanwhile = async {
            match way {
                "deactivate" => off(&client, &person).await,
                "password" => {
                    let other =
                        json!({ "login": { "credentials": { "password": "another-password" } } });
                    client.put(&person.v2(), &other).await.ok();
                }
                _ => {
                    client.delete(&person.v2()).await.ok();
                }
            }
        };
        let sessions = table.starting_with("SESSION#").await.len();
        let answer = gate.hold(slow.log_in(way, PASSWORD), meanwhile).await;
        assert_eq!(answer.status, 401, "{way}: {}", answer.text);
        assert_eq!(table.starting_with("SESSION#").await.len(), sessions);
        assert_eq!(table.starting_with("KNOWN#").await.len(), 0, "{way}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_and_another_change_of_the_user_are_both_kept() {
    let api = Api::start().await;
    let client = api.organization();
    let person = new_account(&client, "jean").await;
    let (gate, held) = Gate::before(&api).await;
    let named = json!({ "firstName": "Jean" });
    let slow = held.anybody();
    let rename = async { client.patch(&person.api_v2(), &named).await };
    gate.hold(slow.log_in("jean", PASSWORD), rename).await.ok();
    let slow = held.organization();
    let other_name = json!({ "lastName": "Dupont" });
    gate.hold(
        slow.patch(&person.api_v2(), &other_name),
        api.session("jean", PASSWORD),
    )
    .await
    .ok();
    let item = Table::of(&api).get(&user(&person.id)).await.unwrap();
    assert!(item.contains_key("last_login"), "{item:?}");
    let shown = client.get(&person.api_v2()).await.json();
    assert_eq!(
        (&shown["firstName"], &shown["lastName"]),
        (&json!("Jean"), &json!("Dupont"))
    );
    assert_eq!(client.get(&person.v2()).await.json()["__v"], 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_up_is_not_finished_once_the_link_has_ended() {
    let api = Api::start().await;
    let client = api.organization();
    let (gate, held) = Gate::before(&api).await;
    let slow = held.anybody();
    for way in ["deactivate", "replace", "unlink", "use"] {
        let email = format!("{way}@example.com");
        let (person, link) = invited(&api, &client, json!({ "email": email })).await;
        let fields = choices("the-slow-password");
        let meanwhile = async {
            match way {
                "deactivate" => off(&client, &person).await,
                "replace" => {
                    super::invited_again(&api, &client, &person).await;
                }
                "unlink" => {
                    client.delete(&person.v2()).await.ok();
                }
                _ => {
                    send_form(&api.anybody(), &link, &choices(PASSWORD))
                        .await
                        .ok();
                }
            }
        };
        let answer = gate.hold(send_form(&slow, &link, &fields), meanwhile).await;
        assert_eq!(answer.status, 404, "{way}: {}", answer.text);
        let anybody = api.anybody();
        let loser = anybody.log_in(&email, "the-slow-password").await;
        assert_eq!(loser.status, 401, "{way}: {}", loser.text);
        let expected = if way == "use" { 200 } else { 401 };
        assert_eq!(anybody.log_in(&email, PASSWORD).await.status, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_who_has_become_the_last_one_meanwhile_stays() {
    let api = Api::start().await;
    let client = api.organization();
    let first = new_manager(&client, "first@example.com").await;
    let second = new_manager(&client, "second@example.com").await;
    let second_key = client.new_user_key(&second.id).await;
    let (gate, held) = Gate::before(&api).await;
    let (slow, quick) = (held.organization(), api.with_key(&second_key));
    let path = second.deactivate();
    let answer = gate
        .hold(slow.post_nothing(&path), off(&quick, &first))
        .await;
    assert_eq!(answer.status, 409, "{}", answer.text);
    assert_eq!(Table::of(&api).managers().await, 1);
    let shown = client.get(&second.v2()).await.json();
    assert_eq!(shown.get("active"), None);
}
