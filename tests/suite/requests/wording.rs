//! What a refusal says is true, names what was sent, and says what to do.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, fixtures::Fields};

const ZEROS: &str = "000000000000000000000000";
const NOBODY: &str = "5f5e10000000000000000000";

/// What the errors of an answer say, each with its place.
fn told(answer: &Answer) -> Vec<(String, String)> {
    let details = answer.json()["errors"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let details = details.iter().map(|error| error.field("detail").to_owned());
    answer.places().into_iter().zip(details).collect()
}

fn expect(answer: &Answer, status: u16, expected: &[(&str, &str)]) {
    assert_eq!(answer.status, status, "{}", answer.text);
    let told = told(answer);
    let told: Vec<_> = told
        .iter()
        .map(|(place, detail)| (&**place, &**detail))
        .collect();
    assert_eq!(told, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_person_is_named_as_they_were_sent() {
    let api = Api::start().await;
    let client = api.organization();
    let team = json!({
        "extid": "t", "name": "T",
        "members": [{ "email": "Nobody@example.com" }, { "extid": "7" }, ZEROS],
        "admins": [{ "_id": NOBODY }],
    });
    let expected = [
        (
            "/admins/0",
            format!("no user with _id {NOBODY} in this organization"),
        ),
        (
            "/members/0",
            "no user with email Nobody@example.com in this organization".to_owned(),
        ),
        (
            "/members/1",
            "no user with extid 7 in this organization".to_owned(),
        ),
        (
            "/members/2",
            format!("no user with _id {ZEROS} in this organization"),
        ),
    ];
    let expected = expected
        .each_ref()
        .map(|(place, detail)| (*place, detail.as_str()));
    expect(&client.post("/v2/teams", &team).await, 422, &expected);
    let made = client.new_team(json!({ "extid": "t", "name": "T" })).await;
    let path = format!("/v2/teams/{}", made.id());
    expect(&client.put(&path, &team).await, 422, &expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_or_a_team_that_the_body_names_is_named_in_the_404() {
    let api = Api::start().await;
    let client = api.organization();
    let by_extid = json!({ "user": { "account": { "organization": { "extid": "nope" } } } });
    let batch = client
        .put(
            "/v2/users/batch",
            &json!([by_extid, { "user": { "_id": ZEROS } }]),
        )
        .await;
    let entries = batch.json();
    for (entry, named) in [(0, "extid nope".to_owned()), (1, format!("_id {ZEROS}"))] {
        assert_eq!(entries[entry]["status"], 404);
        let detail = format!("no user with {named} in this organization");
        assert_eq!(entries[entry]["error"]["detail"], detail);
    }
    let by_id = client
        .post("/v2/users", &json!({ "user": { "id": NOBODY } }))
        .await;
    assert_eq!(by_id.status, 404);
    assert_eq!(
        by_id.json()["detail"],
        format!("no user with _id {NOBODY} in this organization")
    );
    let team = json!({ "user": { "email": "a@x.org" }, "teams": [{ "_id": NOBODY }] });
    let detail = format!("no team with _id {NOBODY} in this organization");
    expect(
        &client.post("/v2/users", &team).await,
        422,
        &[("/teams/0/_id", &detail)],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn zeros_are_an_id_that_is_unknown_and_not_malformed() {
    let api = Api::start().await;
    let client = api.organization();
    for path in [
        format!("/v2/users/{ZEROS}"),
        format!("/v2/teams/{ZEROS}"),
        format!("/v2/teams/{ZEROS}/public"),
        format!("/v2/teams/{ZEROS}/events"),
        format!("/v2/teams/{ZEROS}/assignments"),
    ] {
        assert_eq!(client.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(
        client.delete(&format!("/v2/keys/{ZEROS}")).await.status,
        404
    );
    // No request reaches those who are in no organization.
    let operator = api.operator();
    let listed = operator
        .get(&format!("/v2/users?organization={ZEROS}"))
        .await;
    assert_eq!(listed.status, 404, "{}", listed.text);
    let own = client.get(&format!("/v2/users?organization={ZEROS}")).await;
    assert_eq!(own.status, 403, "{}", own.text);
    let made = operator
        .post("/v2/organizations", &json!({ "_id": ZEROS, "name": "Z" }))
        .await;
    assert_eq!(made.status, 422, "{}", made.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_names_the_field_that_was_sent() {
    let api = Api::start().await;
    let client = api.organization();
    let first = client
        .new_user(json!({
            "email": "a@x.org", "account": { "organization": { "extid": "1" } },
            "vyteme": { "nickname": "jean" },
        }))
        .await;
    let other = client.new_user_id("b@x.org").await;
    let of_other = format!("/v2/users/{other}");
    let cases = [
        (json!({ "user": { "email": "a@x.org" } }), "/user/email"),
        (json!({ "user": { "emails": ["a@x.org"] } }), "/user/emails"),
        (
            json!({ "user": { "email": "a@x.org", "emails": ["a@x.org"] } }),
            "/user/email",
        ),
        (json!({ "_id": other, "emails": ["a@x.org"] }), "/emails"),
        (json!({ "_id": other, "email": "a@x.org" }), "/email"),
        (
            json!({ "user": { "vyteme": { "nickname": "Jean" } } }),
            "/user/vyteme/nickname",
        ),
        (
            json!({ "vyteme": { "nickname": "Jean" } }),
            "/vyteme/nickname",
        ),
        (
            json!({ "_id": other, "vyteme": { "nickname": "Jean" } }),
            "/vyteme/nickname",
        ),
        (
            json!({ "_id": other, "account": { "organization": { "extid": "1" } } }),
            "/account/organization/extid",
        ),
        (
            json!({ "user": { "account": { "organization": { "extid": "1" } } } }),
            "/user/account/organization/extid",
        ),
    ];
    for (body, pointer) in cases {
        let answer = client.put(&of_other, &body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.places()),
            (409, vec![pointer.to_owned()]),
            "{body}"
        );
        assert_eq!(answer.json()["existing"], first["_id"], "{body}");
    }
    let batch = json!([{ "user": { "email": "a@x.org" } }, { "user": { "emails": ["a@x.org"] } }]);
    let entries = client.post("/v2/users/batch", &batch).await.json();
    for (entry, pointer) in [(0, "/user/email"), (1, "/user/emails")] {
        assert_eq!(entries[entry]["error"]["errors"][0]["pointer"], pointer);
    }
    let elsewhere = json!({ "user": { "id": first["_id"] } });
    let answer = client.put(&of_other, &elsewhere).await;
    assert_eq!(answer.places(), ["/user/id"], "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_another_type_is_told_with_what_was_sent_and_a_limit_with_its_bounds() {
    let api = Api::start().await;
    let client = api.organization();
    for (body, detail) in [
        (
            json!({ "user": { "first_name": 7 } }),
            "must be a string, not a number",
        ),
        (
            json!({ "user": { "first_name": ["a"] } }),
            "must be a string, not an array",
        ),
        (json!({ "user": "jean" }), "must be an object, not \"jean\""),
        (
            json!({ "user": { "active": "yes" } }),
            "must be true or false, not \"yes\"",
        ),
        (
            json!({ "user": { "active": 1 } }),
            "must be true or false, not 1",
        ),
        (
            json!({ "user": { "email": "a@x.org" }, "vyteme": { "custom": { "duration": -5 } } }),
            "must be a whole number from 1 to 1440, not -5",
        ),
        (
            json!({ "user": { "email": "a@x.org" }, "vyteme": { "custom": { "duration": 5_000_000_000_u64 } } }),
            "must be from 1 to 1440, not 5000000000",
        ),
        (
            json!({ "user": { "language": "xx" } }),
            "must be one of fr, en, es, it, pt, de, sv, nl",
        ),
        (
            json!({ "user": { "emails": ["a@x.org", "b@x.org"] } }),
            "must have at most one address, has 2",
        ),
        (
            json!({ "user": {}, "login": { "credentials": { "username": "abc", "password": "short" } } }),
            "must have 8 to 128 characters, has 5",
        ),
    ] {
        let answer = client.post("/v2/users", &body).await;
        let told = told(&answer);
        assert_eq!(told.len(), 1, "{body}: {}", answer.text);
        assert_eq!(told[0].1, detail, "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plus_that_arrived_as_a_blank_is_hinted_at() {
    let api = Api::start().await;
    let client = api.organization();
    let lost = client.get("/v2/users?email=a+b@x.org").await;
    assert_eq!(
        (lost.status.as_u16(), lost.places()),
        (400, vec!["email".to_owned()])
    );
    assert!(lost.text.contains("%2B"), "{}", lost.text);
    let other = client.get("/v2/users?email=a+b").await;
    assert!(
        !other.text.contains("%2B"),
        "no plus makes it right: {}",
        other.text
    );
    client.get("/v2/users?email=a%2Bb@x.org").await.ok();
    let form = "username=a+b@x.org&password=correct+horse&first_name=A&last_name=B";
    let lost = api
        .operator()
        .send_form(Method::POST, "/api/v1/user", form)
        .await;
    assert_eq!(lost.status, 422, "{}", lost.text);
    assert!(lost.text.contains("%2B"), "{}", lost.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitee_without_a_language_shows_the_default_as_the_user_does() {
    let api = Api::start().await;
    let client = api.organization();
    let member = client.new_user(json!({ "email": "m@x.org" })).await;
    let guest = client.new_user(json!({ "email": "g@x.org" })).await;
    let team = client
        .new_team(json!({ "extid": "t", "name": "T", "members": [member["_id"]] }))
        .await;
    let event = json!({
        "title": "Demo", "created_by": { "email": "stranger@example.com" },
        "invitees": [{ "email": "g@x.org" }],
    });
    let path = format!("/v2/teams/{}/events", team.id());
    let booked = client.post(&path, &event).await.json();
    let locale = |email: &str| -> Value {
        let invitees = booked["invitees"].as_array().unwrap();
        let invitee = invitees.iter().find(|invitee| invitee["email"] == email);
        invitee.unwrap()["locale"].clone()
    };
    assert_eq!(locale("g@x.org"), guest["language"]);
    assert_eq!(locale("m@x.org"), member["language"]);
    assert_eq!(locale("stranger@example.com"), Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn q_ignores_case_unless_the_pattern_says_otherwise() {
    let api = Api::start().await;
    let client = api.organization();
    let member = client.new_user_id("m@x.org").await;
    let team = client
        .new_team(json!({ "extid": "t", "name": "T", "members": [member] }))
        .await;
    let path = format!("/v2/teams/{}/events", team.id());
    for title in ["Demo call", "E\u{301}cran"] {
        let event = json!({ "title": title, "created_by": { "email": "a@example.com" } });
        client.post(&path, &event).await.created();
    }
    for (q, found) in [
        ("demo", 1),
        ("^DEMO", 1),
        ("(?-i)demo", 0),
        ("(?-i)Demo", 1),
        ("%C3%A9cran", 1),
        ("E%CC%81CRAN", 1),
    ] {
        let listed = client.get(&format!("{path}?q={q}")).await.json();
        assert_eq!(listed.as_array().unwrap().len(), found, "{q}");
    }
}
