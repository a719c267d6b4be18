//! A change that changes nothing writes nothing.

use serde_json::{Value, json};

use super::{changes_nothing, succeeded, text};
use crate::harness::{Api, furnished::PASSWORD};

/// What a directory sends every night.
fn nightly() -> Value {
    json!({
        "user": {
            "email": "jean@example.com", "first_name": "Jean", "last_name": "Dupont",
            "full_name": "Jean Dupont", "language": "fr", "timezone": "Europe/Paris",
            "account": { "organization": { "extid": "jean-1", "admin": true } },
        },
        "teams": [
            { "extid": "a", "name": "Sales", "admin": true }, { "extid": "b", "name": "Help" },
        ],
        "availability": { "timezone": "Europe/Paris", "days": { "monday": { "enabled": true,
            "slots": [
                { "start_time": "09:00", "end_time": "12:00" },
                { "start_time": "14:00", "end_time": "18:00" },
            ],
        } } },
        "vyteme": { "nickname": "jean", "custom": { "duration": 30 } },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_changes_nothing_spends_no_write_unit() {
    let api = Api::start().await;
    let (client, operator) = (api.organization(), api.operator());
    let made = client.post("/v2/users", &nightly()).await;
    succeeded(&made, "made");
    let user = made.json()["user"].clone();
    let v2 = format!("/v2/users/{}", text(&user["_id"]));
    let number = client.number_of("jean@example.com").await;
    let (api_v2, api_v1) = (
        format!("/api/v2/users/{number}"),
        format!("/api/v1/user/{number}"),
    );
    let team = text(&user["teams"][0]["_id"]).to_owned();
    let team = format!("/v2/teams/{team}");
    let watched = [v2.clone(), api_v2.clone(), api_v1.clone(), team.clone()];
    let same_name = json!({ "user": { "first_name": "Jean" } });
    let by_extid = json!([{ "user": { "account": { "organization": { "extid": "jean-1" } },
        "last_name": "Dupont" } }]);
    let mut with_id = nightly();
    with_id["user"]["_id"] = user["_id"].clone();
    let mut other_order = nightly();
    let slots = &mut other_order["availability"]["days"]["monday"]["slots"];
    slots.as_array_mut().unwrap().reverse();
    other_order["teams"].as_array_mut().unwrap().reverse();
    let perms = format!("{api_v2}/perms");
    for (what, path, body) in [
        ("an empty body", &v2, json!({})),
        ("the same name", &v2, same_name),
        ("all of it", &v2, nightly()),
        ("all of it in another order", &v2, other_order),
        ("a batch", &"/v2/users/batch".to_owned(), by_extid),
        ("no fields", &api_v2, json!({})),
        (
            "the same names",
            &api_v2,
            json!({ "firstName": "Jean", "lastName": "Dupont" }),
        ),
        (
            "the same status",
            &api_v1,
            json!({ "status": 1, "username": "jean@example.com" }),
        ),
        (
            "a team's name",
            &team,
            json!({ "name": "Sales", "public": false }),
        ),
        (
            "a team's rules",
            &team,
            json!({ "assignment": { "strategy": "balanced" } }),
        ),
    ] {
        let put = async || client.put(path, &body).await;
        changes_nothing(&client, &watched, what, put).await;
    }
    for (what, path, body) in [
        ("an upsert by id", &"/v2/users".to_owned(), with_id),
        (
            "a batch of upserts",
            &"/v2/users/batch".to_owned(),
            json!([nightly()]),
        ),
        (
            "permissions",
            &perms,
            json!({ "accountManagement": true, "viewMetrics": false }),
        ),
        ("no permissions", &perms, json!({})),
        ("active already", &format!("{api_v2}/activate"), json!({})),
    ] {
        let post = async || client.post(path, &body).await;
        changes_nothing(&client, &watched, what, post).await;
    }
    // The last account manager would have to stay.
    let other = json!({
        "email": "boss@example.com", "account": { "organization": { "admin": true } },
    });
    client.new_user(other).await;
    succeeded(
        &client.post_nothing(&format!("{api_v2}/deactivate")).await,
        "deactivated",
    );
    let again = async || client.post_nothing(&format!("{api_v2}/deactivate")).await;
    changes_nothing(&client, &watched, "deactivated already", again).await;
    let off = json!({ "status": "0" });
    let again = async || operator.put(&api_v1, &off).await;
    changes_nothing(&client, &watched, "switched off already", again).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upsert_by_external_id_that_changes_nothing_leaves_the_user_and_its_teams() {
    let api = Api::start().await;
    let client = api.organization();
    let made = client.post("/v2/users", &nightly()).await.json();
    let path = format!("/v2/users/{}", text(&made["user"]["_id"]));
    let before = client.get(&path).await.text;
    let again = client.post("/v2/users", &nightly()).await.ok();
    assert_eq!(client.get(&path).await.text, before);
    // A number is taken for whom it might create, and given back: no more.
    assert!(again.cost().write <= 2.0, "{:?}", again.cost());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_that_a_user_renames_changes_and_the_user_does_not() {
    let api = Api::start().await;
    let client = api.organization();
    let made = client.post("/v2/users", &nightly()).await.json();
    let path = format!("/v2/users/{}", text(&made["user"]["_id"]));
    let before = client.get(&path).await.text;
    let teams = json!({ "teams": [{ "extid": "a", "name": "Other", "admin": true }] });
    succeeded(&client.put(&path, &teams).await, "renamed");
    assert_eq!(client.get(&path).await.text, before);
    let team = format!("/v2/teams/{}", text(&made["user"]["teams"][0]["_id"]));
    assert_eq!(client.get(&team).await.json()["name"], "Other");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_change_counts_once_and_a_secret_is_always_one() {
    let api = Api::start().await;
    let client = api.organization();
    let path = format!("/v2/users/{}", client.new_user_id("jean@example.com").await);
    let calendars = json!({ "calendars": [{ "source": "exchange", "credentials": {
        "server": "mail.example.com", "username": "jean", "password": "secret",
    } }] });
    let login = json!({ "login": { "credentials": { "username": "jean", "password": PASSWORD } } });
    // Neither can be compared with what is kept: one is sealed so that this
    // function cannot open it, the other ends every session.
    let changes = [
        json!({ "user": { "first_name": "Jean" } }),
        calendars.clone(),
        calendars,
        login.clone(),
        login,
    ];
    for (version, body) in (1..).zip(changes) {
        let answer = client.put(&path, &body).await;
        succeeded(&answer, "changed");
        assert_eq!(answer.json()["user"]["__v"], version, "{body}");
    }
    let name = json!({ "login": { "credentials": { "username": "jean" } } });
    let put = async || client.put(&path, &name).await;
    changes_nothing(
        &client,
        std::slice::from_ref(&path),
        "the login name alone",
        put,
    )
    .await;
}
