//! What ends a link to finish a sign-up.

use futures_util::future::join_all;
use jiff::SignedDuration;
use serde_json::json;

use crate::harness::{Api, Client, fixtures::Fields};
use crate::surfaces::accounts::{
    PASSWORD, Person, choices, count, invited, invited_again, new_account, send_form, table::Table,
};

/// The link neither shows the form nor takes it, and the user can do nothing
/// with the password.
async fn is_dead(api: &Api, link: &str) {
    let anybody = api.anybody();
    let shown = anybody.get(link).await;
    let sent = send_form(&anybody, link, &choices(PASSWORD)).await;
    for answer in [shown, sent] {
        assert_eq!(answer.status, 404, "{}", answer.text);
        assert!(answer.text.contains("data-page=\"dead-link\""));
    }
}

async fn jean(api: &Api) -> (Client<'_>, Person, String) {
    let client = api.organization();
    let (person, link) = invited(api, &client, json!({ "email": "jean@example.com" })).await;
    api.anybody().get(&link).await.ok();
    (client, person, link)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_never_was_is_dead() {
    let api = Api::start().await;
    let (_, person, link) = jean(&api).await;
    let mut changed = link.clone();
    changed.pop();
    for path in [
        changed.clone(),
        format!("{changed}!"),
        format!("{link}x"),
        link.to_lowercase(),
        format!("/signup/{}", person.id),
        "/signup/%00".to_owned(),
    ] {
        is_dead(&api, &path).await;
    }
    api.anybody().get(&link).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_forms_at_once_one_is_taken() {
    let api = Api::start().await;
    let (client, person, link) = jean(&api).await;
    let passwords: Vec<_> = (0..6).map(|n| format!("{PASSWORD}-{n}")).collect();
    let anybody = api.anybody();
    let send = |password: &String| {
        let (anybody, link, password) = (&anybody, &link, password.clone());
        async move { send_form(anybody, link, &choices(&password)).await }
    };
    let answers = join_all(passwords.iter().map(send)).await;
    assert_eq!((count(&answers, 200), count(&answers, 404)), (1, 5));
    for (answer, password) in answers.iter().zip(&passwords) {
        let expected = if answer.status == 200 { 200 } else { 401 };
        let answer = anybody.log_in(&person.email, password).await;
        assert_eq!(answer.status, expected, "{}", answer.text);
    }
    let shown = client.get(&person.v2()).await.json();
    assert_eq!(shown["__v"], 2, "the sign-up and the login");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_after_seven_days() {
    let api = Api::start().await;
    let (_, person, link) = jean(&api).await;
    let table = Table::of(&api);
    api.forward(SignedDuration::from_hours(7 * 24 - 1));
    api.anybody().get(&link).await.ok();
    api.forward(SignedDuration::from_hours(1));
    is_dead(&api, &link).await;
    assert_eq!(
        table.starting_with("SIGNUP#").await.len(),
        2,
        "not removed yet"
    );
    let again = invited_again(&api, &api.organization(), &person).await;
    api.anybody().get(&again).await.ok();
    // Where the time to live has removed it.
    for token in table.starting_with("SIGNUP#").await.keys() {
        table.delete(token).await;
    }
    is_dead(&api, &again).await;
    let again = invited_again(&api, &api.organization(), &person).await;
    send_form(&api.anybody(), &again, &choices(PASSWORD))
        .await
        .ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_link_ends_the_older() {
    let api = Api::start().await;
    let (client, person, old) = jean(&api).await;
    let new = invited_again(&api, &client, &person).await;
    assert_ne!(old, new);
    is_dead(&api, &old).await;
    // The one in the answer, and the one that was mailed.
    assert_eq!(Table::of(&api).starting_with("SIGNUP#").await.len(), 2);
    send_form(&api.anybody(), &new, &choices(PASSWORD))
        .await
        .ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn another_address_ends_the_link_that_was_mailed_to_the_old_one() {
    let api = Api::start().await;
    let (client, person, link) = jean(&api).await;
    let path = format!("/v2/users/{}", person.id);
    // The same address in another case is the same address.
    let same = json!({ "user": { "email": "JEAN@example.com", "first_name": "Jean" } });
    client.put(&path, &same).await.ok();
    api.anybody().get(&link).await.ok();
    let corrected = json!({ "user": { "email": "jeanne@example.com" } });
    client.put(&path, &corrected).await.ok();
    is_dead(&api, &link).await;
    // Nobody was mailed at the new one yet, so there is no hour to wait.
    let invitation = json!({ "email": "jeanne@example.com" });
    client.post("/api/v2/users", &invitation).await.ok();
    // Asked for together, the link is for the new address.
    let body = json!({ "user": { "email": "j@example.com" }, "finish_signup_with": "email" });
    let asked = client.put(&path, &body).await;
    let asked = asked.json();
    let link = asked.field("link").strip_prefix(&api.url());
    api.anybody().get(link.unwrap()).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn unlinking_deleting_and_moving_the_user_end_the_link() {
    for way in 0..3 {
        let api = Api::start().await;
        api.new_organization("Other").await;
        let (client, person, link) = jean(&api).await;
        let path = format!("/api/v1/user/{}", person.number);
        let gone = match way {
            0 => client.delete(&person.v2()).await,
            1 => api.operator().delete(&path).await,
            _ => api.operator().put(&path, &json!({ "org_id": 2 })).await,
        };
        gone.ok();
        is_dead(&api, &link).await;
        assert_eq!(Table::of(&api).starting_with("SIGNUP#").await.len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deactivating_the_user_ends_the_link_for_good() {
    let api = Api::start().await;
    let (client, person, _) = jean(&api).await;
    for surface in ["/api/v2", "/v2", "/api/v1"] {
        let link = invited_again(&api, &client, &person).await;
        api.anybody().get(&link).await.ok();
        let off = match surface {
            "/api/v2" => client.post_nothing(&person.deactivate()).await,
            "/v2" => {
                let body = json!({ "user": { "active": false } });
                client.put(&person.v2(), &body).await
            }
            _ => {
                let path = format!("/api/v1/user/{}", person.number);
                client.put(&path, &json!({ "status": 0 })).await
            }
        };
        off.ok();
        is_dead(&api, &link).await;
        let refused = json!({ "finish_signup_with": "email" });
        let refused = client.put(&person.v2(), &refused).await;
        assert_eq!(refused.status, 409, "{}", refused.text);
        client.post_nothing(&person.activate()).await.ok();
        is_dead(&api, &link).await;
        assert_eq!(Table::of(&api).starting_with("SIGNUP#").await.len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_is_nowhere_in_the_table() {
    let api = Api::start().await;
    let (client, person, link) = jean(&api).await;
    let table = Table::of(&api);
    assert!(table.holds(&person.email).await, "what is there is found");
    let newer = invited_again(&api, &client, &person).await;
    for link in [&link, &newer] {
        let token = link.strip_prefix("/signup/").unwrap();
        assert_eq!(token.len(), 32);
        assert!(!table.holds(token).await);
    }
    send_form(&api.anybody(), &newer, &choices(PASSWORD))
        .await
        .ok();
    let token = newer.strip_prefix("/signup/").unwrap();
    assert!(!table.holds(token).await);
    assert!(!table.holds(PASSWORD).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_name_that_another_organization_took_is_told_and_keeps_the_link() {
    let api = Api::start().await;
    let (client, person, link) = jean(&api).await;
    let (_, other) = api.new_organization("Other").await;
    let thief = new_account(&other, "thief").await;
    let name = |name: &str| json!({ "login": { "credentials": { "username": name } } });
    other.put(&thief.v2(), &name("JEAN@example.com")).await.ok();
    let refused = send_form(&api.anybody(), &link, &choices(PASSWORD)).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    let told = "<a href=\"#login_name\">This username has been taken in the meantime.";
    for part in [told, "data-page=\"form\"", "value=\"Jeanne\""] {
        assert!(refused.text.contains(part), "{part}: {}", refused.text);
    }
    for secret in [PASSWORD, "Other", "thief", &thief.id] {
        assert!(!refused.text.contains(secret), "{}", refused.text);
    }
    assert_eq!(client.get(&person.v2()).await.json()["__v"], 0);
    other.put(&thief.v2(), &name("thief")).await.ok();
    send_form(&api.anybody(), &link, &choices(PASSWORD))
        .await
        .ok();
    api.log_in("jean@example.com", PASSWORD).await.ok();
}
