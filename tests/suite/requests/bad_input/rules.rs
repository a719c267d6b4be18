//! Rules that need more than one value of a request, or what is stored.

use reqwest::Method;
use serde_json::{Value, json};

use super::refused;
use crate::harness::{Api, fixtures::Fields};

/// Bodies that create a user, each with the status and places of its refusal.
async fn assert_user_refused(api: &Api, cases: &[(Value, u16, &[&str])]) {
    let client = api.organization();
    for (body, status, places) in cases {
        let refusal = refused(&client, Method::POST, "/v2/users", Some(body)).await;
        assert_eq!(refusal.status, *status, "{body}: {}", refusal.problem);
        assert_eq!(refusal.pointers(), *places, "{body}");
    }
    let users = client.get("/v2/users").await.json();
    assert_eq!(users, json!([]), "nobody was created");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_has_one_address_and_both_ways_to_give_it_agree() {
    let api = Api::start().await;
    let user = |user: Value| json!({ "user": user });
    assert_user_refused(
        &api,
        &[
            (
                user(json!({ "emails": ["a@x.org", "b@x.org"] })),
                400,
                &["/user/emails"],
            ),
            (
                user(json!({ "emails": ["a@x.org", "a@x.org"] })),
                400,
                &["/user/emails"],
            ),
            (
                user(json!({ "email": "a@x.org", "emails": ["b@x.org"] })),
                422,
                &["/user/email"],
            ),
            (
                user(json!({ "email": "a@x.org", "emails": [] })),
                422,
                &["/user/email"],
            ),
            (
                user(json!({ "email": null, "emails": ["a@x.org"] })),
                422,
                &["/user/email"],
            ),
            (
                user(json!({ "first_name": "Nobody" })),
                422,
                &["/user/email"],
            ),
            (user(json!({})), 422, &["/user/email"]),
            (json!({}), 422, &["/user"]),
        ],
    )
    .await;
    let agreed = user(json!({ "email": "Jean@x.org", "emails": ["jean@X.org"] }));
    let made = api.organization().post("/v2/users", &agreed).await;
    assert_eq!(made.status, 201, "case does not matter: {}", made.text);
    assert_eq!(made.json()["user"]["emails"], json!(["Jean@x.org"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_no_zone_language_or_time_is_refused() {
    let api = Api::start().await;
    let with = |pointer: &str, value: Value| {
        let mut body = json!({ "user": { "email": "a@x.org" } });
        let steps: Vec<_> = pointer.split('/').skip(1).collect();
        let (last, path) = steps.split_last().unwrap();
        let mut at = &mut body;
        for step in path {
            at = &mut at[*step];
        }
        at[*last] = value;
        body
    };
    let zones = [
        "/user/timezone",
        "/availability/timezone",
        "/vyteme/custom/fixed_timezone",
    ];
    for pointer in zones {
        for wrong in [
            "Mars/Olympus",
            "Paris",
            "+01:00",
            "GMT+25",
            "",
            "../UTC",
            "Etc/Unknown",
        ] {
            assert_user_refused(&api, &[(with(pointer, json!(wrong)), 422, &[pointer])]).await;
        }
    }
    for pointer in ["/user/language", "/vyteme/custom/fixed_lang"] {
        // `/api/v2`'s Danish is not one of `/v2/users`'s eight.
        for wrong in ["xx", "FR", "fr-FR", "", "da"] {
            assert_user_refused(&api, &[(with(pointer, json!(wrong)), 422, &[pointer])]).await;
        }
    }
    let slots = "/availability/days/monday/slots";
    for (start, end, place) in [
        ("25:00", "10:00", "/0/start_time"),
        ("10:00", "10:60", "/0/end_time"),
        ("10:00Z", "11:00", "/0/start_time"),
        ("10:00", "11:00+01:00", "/0/end_time"),
        ("2018-02-30T10:00Z", "11:00", "/0/start_time"),
        ("10:00", "24:01", "/0/end_time"),
        ("10:00", "11:00[Europe/Paris]", "/0/end_time"),
        ("22:00", "02:00", "/0"),
        ("24:00", "24:00", "/0"),
        // In UTC, as nothing names a zone.
        ("10:00", "2018-01-01T08:00Z", "/0"),
        ("10:00:30", "11:00", "/0/start_time"),
        ("11:00", "10:00", "/0"),
        ("11:00", "11:00", "/0"),
    ] {
        let slot = json!([{ "start_time": start, "end_time": end }]);
        let place = format!("{slots}{place}");
        assert_user_refused(&api, &[(with(slots, slot), 422, &[&place])]).await;
    }
    for (pointer, wrong) in [
        ("/vyteme/custom/duration", json!(0)),
        ("/vyteme/custom/duration", json!(1_441)),
        ("/vyteme/custom/min_dates", json!(101)),
        ("/vyteme/custom/event_hide_decline", json!(8_761)),
        ("/availability/buffer_before", json!(1_441)),
        ("/availability/days_after_as_busy", json!(3_651)),
    ] {
        assert_user_refused(&api, &[(with(pointer, wrong), 422, &[pointer])]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_finish_the_signup_excludes_a_login() {
    let api = Api::start().await;
    let login = json!({ "credentials": { "username": "jean", "password": "correct horse" } });
    let user = json!({ "email": "a@x.org" });
    assert_user_refused(
        &api,
        &[
            (
                json!({ "user": user, "finish_signup_with": "email", "login": login }),
                422,
                &["/login"],
            ),
            (json!({ "user": user, "finish_signup_with": "sms" }), 422, &["/finish_signup_with"]),
            (json!({ "user": user, "login": {} }), 422, &["/login/credentials"]),
            (
                json!({ "user": user, "login": { "credentials": { "password": "correct horse" } } }),
                422,
                &["/login/credentials/username"],
            ),
            (
                json!({ "user": user, "login": { "credentials": { "username": "jean" } } }),
                422,
                &["/login/credentials/password"],
            ),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_is_named_once_and_by_something() {
    let api = Api::start().await;
    let team = api
        .organization()
        .new_team(json!({ "extid": "sales", "name": "Sales" }))
        .await;
    let id = &team["_id"];
    let with = |teams: Value| json!({ "user": { "email": "a@x.org" }, "teams": teams });
    assert_user_refused(
        &api,
        &[
            (
                with(json!([{ "extid": "x" }, { "extid": "x" }])),
                422,
                &["/teams/1"],
            ),
            (
                with(json!([{ "_id": id }, { "_id": id }])),
                422,
                &["/teams/1"],
            ),
            (
                with(json!([{ "_id": id }, { "extid": "sales" }])),
                422,
                &["/teams/1"],
            ),
            (with(json!([{ "name": "Sales" }])), 422, &["/teams/0"]),
            (
                with(json!([{ "extid": "x", "admin": false, "member": false }])),
                422,
                &["/teams/0"],
            ),
            (
                with(json!([{ "_id": "5f5e10000000000000000000" }])),
                422,
                &["/teams/0/_id"],
            ),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_unknown_person_of_a_team_is_listed() {
    let api = Api::start().await;
    let client = api.organization();
    let known = client.new_user_id("a@x.org").await;
    let nobody = "5f5e10000000000000000000";
    let body = json!({
        "extid": "x", "name": "X",
        "members": [nobody, known, { "email": "b@x.org" }, { "extid": "7" }],
        "admins": [{ "_id": nobody }, { "_id": known }],
    });
    let refusal = refused(&client, Method::POST, "/v2/teams", Some(&body)).await;
    assert_eq!(refusal.status, 422);
    let expected = ["/admins/0", "/members/0", "/members/2", "/members/3"];
    assert_eq!(refusal.pointers(), expected);

    let crowd = vec![nobody; 1_000];
    let body = json!({ "extid": "x", "name": "X", "members": crowd });
    let refusal = refused(&client, Method::POST, "/v2/teams", Some(&body)).await;
    assert_eq!(refusal.pointers().len(), 1_000);

    let ways = json!([{ "_id": known, "email": "a@x.org" }, {}]);
    let body = json!({ "extid": "x", "name": "X", "members": ways });
    let refusal = refused(&client, Method::POST, "/v2/teams", Some(&body)).await;
    assert_eq!(refusal.pointers(), ["/members/0", "/members/1"]);

    let refusal = refused(&client, Method::POST, "/v2/teams", Some(&json!({}))).await;
    assert_eq!(refusal.pointers(), ["/extid", "/name"]);
    assert_eq!(client.get("/v2/teams").await.json(), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_name_that_another_tenant_has_is_a_409_that_names_nobody() {
    let api = Api::start().await;
    let (_, other) = api.new_organization("Other").await;
    let body = |email: &str, username: &str| {
        json!({
            "user": { "email": email },
            "login": { "credentials": { "username": username, "password": "correct horse" } },
        })
    };
    let made = other
        .post("/v2/users", &body("a@x.org", "Jean"))
        .await
        .created();
    let client = api.organization();
    let body = body("b@x.org", "jEAN");
    let refusal = refused(&client, Method::POST, "/v2/users", Some(&body)).await;
    assert_eq!(refusal.status, 409);
    assert_eq!(refusal.pointers(), ["/login/credentials/username"]);
    assert_eq!(refusal.problem.get("existing"), None);
    let text = refusal.problem.to_string();
    for secret in [made.json()["user"].id(), "a@x.org", "Other", "Jean"] {
        assert!(!text.contains(secret), "{text} holds {secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_user_of_the_organization_has_is_a_409_that_names_the_user() {
    let api = Api::start().await;
    let client = api.organization();
    let id = client.new_user_id("a@x.org").await;
    let taken = json!({
        "user": { "account": { "organization": { "extid": "7" } } },
        "vyteme": { "nickname": "jean" },
    });
    client.put(&format!("/v2/users/{id}"), &taken).await.ok();
    let other = client.new_user_id("b@x.org").await;
    let path = format!("/v2/users/{other}");
    for (body, pointer) in [
        (json!({ "user": { "email": "A@X.org" } }), "/user/email"),
        (
            json!({ "user": { "account": { "organization": { "extid": "7" } } } }),
            "/user/account/organization/extid",
        ),
        (
            json!({ "vyteme": { "nickname": "JEAN" } }),
            "/vyteme/nickname",
        ),
    ] {
        let refusal = refused(&client, Method::PUT, &path, Some(&body)).await;
        assert_eq!(refusal.status, 409, "{body}");
        assert_eq!(refusal.pointers(), [pointer], "{body}");
        assert_eq!(refusal.problem["existing"], id, "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_in_the_body_must_be_the_keys_own() {
    let api = Api::start().await;
    let (other, _) = api.new_organization("Other").await;
    let client = api.organization();
    let user = client.new_user_id("a@x.org").await;
    let team = client.new_team(json!({ "extid": "x", "name": "X" })).await;
    let team = team.id();
    for (method, path, body) in [
        (
            Method::POST,
            "/v2/users".to_owned(),
            json!({ "user": { "email": "b@x.org" } }),
        ),
        (Method::PUT, format!("/v2/users/{user}"), json!({})),
        (
            Method::POST,
            "/v2/teams".to_owned(),
            json!({ "extid": "y", "name": "Y" }),
        ),
        (Method::PUT, format!("/v2/teams/{team}"), json!({})),
        (
            Method::POST,
            "/v2/keys".to_owned(),
            json!({ "name": "key" }),
        ),
    ] {
        let mut body = body;
        for foreign in [&*other, "5f5e10000000000000000000"] {
            body["organization"] = json!(foreign);
            let refusal = refused(&client, method.clone(), &path, Some(&body)).await;
            assert_eq!(refusal.status, 403, "{method} {path}");
        }
        body["organization"] = json!("ACME");
        let refusal = refused(&client, method.clone(), &path, Some(&body)).await;
        assert_eq!(refusal.status, 422, "{method} {path}");
        assert_eq!(refusal.pointers(), ["/organization"], "{method} {path}");
    }
}
