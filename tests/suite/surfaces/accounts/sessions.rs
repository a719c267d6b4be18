//! Logging in.

mod ends;

use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::{
    PASSWORD, Person, api_v2_error, choices, invited, is_refused, new_account, new_person,
    send_form,
    table::{self, Table, key_id, login_guard, number, time},
};
use crate::harness::{Answer, Api, fixtures::Fields};

#[tokio::test(flavor = "multi_thread")]
async fn a_login_name_is_taken_in_any_case_and_the_token_acts_as_the_user() {
    let api = Api::start().await;
    let client = api.organization();
    let jean = new_account(&client, "Jean.Dupont").await;
    for name in ["Jean.Dupont", "jean.dupont", "JEAN.DUPONT"] {
        let answer = api.log_in(name, PASSWORD).await.ok();
        let body = answer.json();
        let token = body.field("token");
        assert!(token.starts_with("rstr_ses_"), "{token}");
        assert_eq!(body, json!({ "token": token }));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        for header in [
            token.to_owned(),
            format!("Bearer {token}"),
            format!("bearer {token}"),
        ] {
            let own = api.with_key(&header);
            let shown = own.get(&jean.api_v2()).await.ok();
            assert_eq!(shown.json()["email"], *jean.email);
            assert_eq!(own.get("/api/v2/users").await.status, 403, "not more");
        }
    }
    let other = new_account(&client, "other").await;
    let token = api.session("jean.dupont", PASSWORD).await;
    assert_eq!(api.with_key(&token).get(&other.api_v2()).await.status, 403);
    let manage = json!({ "userManagement": true });
    client.post(&jean.perms(), &manage).await.ok();
    api.with_key(&token).get(&other.api_v2()).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_is_the_login_name_after_a_sign_up() {
    let api = Api::start().await;
    let user = json!({ "email": "Jeanne@Example.com" });
    let (person, link) = invited(&api, &api.organization(), user).await;
    send_form(&api.anybody(), &link, &choices(PASSWORD))
        .await
        .ok();
    for name in ["Jeanne@Example.com", "jeanne@example.COM"] {
        let token = api.session(name, PASSWORD).await;
        let shown = api.with_key(&token).get(&person.api_v2()).await;
        assert_eq!(shown.json()["firstName"], "Jeanne");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_names_an_organization_to_log_in() {
    let api = Api::start().await;
    let (first, first_client) = api.new_organization("First").await;
    let (second, second_client) = api.new_organization("Second").await;
    let jean = new_account(&first_client, "jean").await;
    let jane = new_account(&second_client, "jane").await;
    for (user, name, own, other) in [
        (&jean, "jean", first, &jane),
        (&jane, "jane", second, &jean),
    ] {
        let token = api.session(name, PASSWORD).await;
        let caller = api.with_key(&token);
        let shown = caller.get(&user.v2()).await.json();
        assert_eq!(shown["account"]["organization"]["id"], own);
        assert_eq!(caller.get(&other.v2()).await.status, 403);
    }
}

/// What tells one answer from another: not when it was made, what its request
/// was called and what it cost.
fn seen(answer: &Answer) -> (u16, String, HeaderMap) {
    let mut headers = answer.headers.clone();
    for name in ["date", "apigw-requestid", "x-roster-cost"] {
        assert!(headers.remove(name).is_some(), "{name}");
    }
    (answer.status.as_u16(), answer.text.clone(), headers)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_fails_does_not_tell_why() {
    let api = Api::start().await;
    let client = api.organization();
    new_account(&client, "known").await;
    let addressed = new_person(&client, "addressed@example.com").await;
    let deactivated = new_account(&client, "deactivated").await;
    let unlinked = new_account(&client, "unlinked").await;
    let deleted = new_account(&client, "deleted").await;
    let drifter = new_account(&client, "drifter").await;
    let known = ["known", "deactivated", "unlinked", "deleted", "drifter"];
    for name in known {
        api.session(name, PASSWORD).await;
    }
    client.post_nothing(&deactivated.deactivate()).await.ok();
    client.delete(&unlinked.v2()).await.ok();

    let directory = |person: &Person| format!("/api/v1/user/{}", person.number);
    api.operator().delete(&directory(&deleted)).await.ok();
    // Takes the login along to no organization.
    let out = json!({ "org_id": 0 });
    api.operator().put(&directory(&drifter), &out).await.ok();
    assert!(Table::of(&api).get(&login_guard("drifter")).await.is_some());

    let expected = json!({
        "error": true, "message": "The email or the password is wrong.", "statusCode": 401,
    });
    let wrong = api.log_in("known", "wrong-password").await;
    assert_eq!((wrong.status.as_u16(), wrong.json()), (401, expected));
    let (blank, upper) = (format!("{PASSWORD} "), PASSWORD.to_uppercase());
    let (long_password, long_name) = ("x".repeat(100_000), "x".repeat(10_000));
    let attempts: [(&str, &str); 15] = [
        ("known", ""),
        ("known", &blank),
        ("known", &upper),
        ("known", &long_password),
        ("unknown", PASSWORD),
        ("known@example.com", PASSWORD),
        (&addressed.email, PASSWORD),
        ("", PASSWORD),
        ("k nown", PASSWORD),
        ("x\0y", PASSWORD),
        (&long_name, PASSWORD),
        ("deactivated", PASSWORD),
        ("unlinked", PASSWORD),
        ("deleted", PASSWORD),
        ("drifter", PASSWORD),
    ];
    for (name, password) in attempts {
        let answer = api.log_in(name, password).await;
        let start: String = name.chars().take(20).collect();
        assert_eq!(seen(&answer), seen(&wrong), "{start:?}");
        let cost = |answer: &Answer| {
            let cost = answer.cost();
            (cost.round_trips, cost.calls)
        };
        // Which addresses it knows differs, and what is counted with it. Who left
        // took that along.
        if ["known", "deactivated", "drifter"].contains(&name) {
            assert_eq!(cost(&answer), cost(&wrong), "{start:?}");
        } else {
            let (round_trips, calls) = cost(&wrong);
            assert_eq!(cost(&answer), (round_trips, calls + 1), "{start:?}");
        }
    }
    api.session("known", PASSWORD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_account_costs_what_a_wrong_password_costs() {
    let api = Api::start().await;
    new_account(&api.organization(), "known").await;
    let anybody = api.anybody();
    let known = anybody.log_in("known", "wrong-password").await;
    let unknown = anybody.log_in("unknown", "wrong-password").await;
    assert_eq!(seen(&known), seen(&unknown));
    let (known, unknown) = (known.cost(), unknown.cost());
    assert_eq!(known.round_trips, unknown.round_trips);
    assert_eq!(known.calls, unknown.calls);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_is_not_right_is_refused_with_the_names_of_its_fields() {
    let api = Api::start().await;
    new_account(&api.organization(), "jean").await;
    for (body, status, names) in [
        (json!({}), 422, vec!["email", "password"]),
        (json!({ "email": "jean" }), 422, vec!["password"]),
        (json!({ "password": PASSWORD }), 422, vec!["email"]),
        (
            json!({ "email": "jean", "password": 1 }),
            400,
            vec!["password"],
        ),
        (
            json!({ "email": null, "password": PASSWORD }),
            422,
            vec!["email"],
        ),
        (
            json!({ "email": "jean", "password": PASSWORD, "organization": "x" }),
            400,
            vec!["organization"],
        ),
        (json!([]), 400, vec!["the body"]),
    ] {
        let answer = api.anybody().post("/api/v2/login", &body).await;
        let message = api_v2_error(&answer, status);
        for name in names {
            assert!(message.contains(&format!("{name} ")), "{body}: {message}");
        }
        assert!(!message.contains(PASSWORD), "{message}");
    }
    let query = format!("/api/v2/login?email=jean&password={PASSWORD}");
    api_v2_error(&api.anybody().post(&query, &json!({})).await, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_login_is_kept_with_the_user() {
    let api = Api::start().await;
    let jean = new_account(&api.organization(), "jean").await;
    let table = Table::of(&api);
    let item = async || table.get(&table::user(&jean.id)).await.unwrap();
    let wrong = api.log_in("jean", "wrong-password").await;
    assert_eq!(wrong.status, 401);
    assert_eq!(item().await.get("last_login"), None);
    api.session("jean", PASSWORD).await;
    let first = time(&item().await, "last_login");
    assert!(first > time(&item().await, "created_at"));
    let wrong = api.log_in("jean", "wrong-password").await;
    assert_eq!(wrong.status, 401);
    assert_eq!(time(&item().await, "last_login"), first);
    api.session("jean", PASSWORD).await;
    assert!(time(&item().await, "last_login") > first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_in_no_list_of_keys_and_no_operation_on_keys_reaches_it() {
    let api = Api::start().await;
    let client = api.organization();
    let jean = new_account(&client, "jean").await;
    let token = api.session("jean", PASSWORD).await;
    let id = key_id(&token);
    let key = client.new_user_key(&jean.id).await;
    let listed = client.get("/v2/keys").await;
    assert!(listed.text.contains(key_id(&key)), "{}", listed.text);
    assert!(!listed.text.contains(id), "{}", listed.text);
    for key in listed.json().as_array().unwrap() {
        assert_ne!(key["role"], "ses");
    }
    let operators = api.operator().get("/v2/keys").await.ok();
    assert!(!operators.text.contains(id));
    let acme = roster_local::setup::ORGANIZATION;
    for (caller, query) in [
        (client.clone(), String::new()),
        (api.operator(), String::new()),
        (api.operator(), format!("?organization={acme}")),
    ] {
        let rotate = format!("/v2/keys/{id}/rotate{query}");
        assert_eq!(caller.post_nothing(&rotate).await.status, 404);
        let revoke = format!("/v2/keys/{id}{query}");
        assert_eq!(caller.delete(&revoke).await.status, 404);
    }
    api.with_key(&token).get(&jean.api_v2()).await.ok();
    let body = json!({ "name": "x", "role": "ses", "user": jean.id });
    assert_eq!(client.post("/v2/keys", &body).await.status, 422);
    // The other kinds cannot be made of it either.
    for kind in ["usr", "org", "adm"] {
        let forged = token.replace("_ses_", &format!("_{kind}_"));
        is_refused(&api.with_key(&forged).get("/v2/users").await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_and_tokens_are_in_no_answer_but_the_logins_and_in_no_item() {
    let api = Api::start().await;
    let client = api.organization();
    let anybody = api.anybody();
    let (next, chosen) = ("the-next-password", "the-chosen-password");
    let mut answers = Vec::new();
    let login_body = |password: &str| json!({ "login": { "credentials": { "username": "jean", "password": password } } });
    let mut body = login_body(PASSWORD);
    body["user"] = json!({ "email": "jean@example.com" });
    answers.push(client.post("/v2/users", &body).await);
    let user = answers[0].json()["user"].clone();
    let jean = super::person(&client, &user["_id"], "jean@example.com").await;
    let first = api.session("jean", PASSWORD).await;
    answers.push(client.put(&jean.v2(), &login_body(next)).await);
    let second = anybody.log_in("jean", next).await.json()["token"].clone();
    let second = second.as_str().unwrap().to_owned();
    let own = api.with_key(&second);
    answers.push(anybody.log_in("jean", PASSWORD).await);
    for path in [jean.v2(), jean.api_v2()] {
        answers.push(own.get(&path).await);
    }
    for path in [
        "/v2/users",
        "/api/v2/users",
        "/v2/keys",
        "/v2/users?email=jean@example.com",
    ] {
        answers.push(client.get(path).await);
    }
    let link = super::invited_again(&api, &client, &jean).await;
    answers.push(anybody.get(&link).await);
    let mut fields = choices(chosen);
    fields[3].1 = next;
    answers.push(send_form(&anybody, &link, &fields).await);
    answers.push(send_form(&anybody, &link, &choices(chosen)).await);
    let third = anybody.log_in("jean", chosen).await.json()["token"].clone();
    let third = third.as_str().unwrap().to_owned();
    let table = Table::of(&api);
    assert!(table.holds(key_id(&third)).await, "the session is there");
    let secret = |token: &str| {
        let (_, secret) = token.rsplit_once('_').unwrap();
        secret[..30].to_owned()
    };
    let mut secrets = vec![PASSWORD.to_owned(), next.to_owned(), chosen.to_owned()];
    secrets.extend([&first, &second, &third].map(|token| secret(token)));
    for secret in &secrets {
        assert!(!table.holds(secret).await, "{secret}");
    }
    answers.push(api.with_key(&third).post_nothing("/api/v2/logout").await);
    answers.push(api.with_key(&third).get(&jean.api_v2()).await);
    answers.push(client.delete(&jean.v2()).await);
    secrets.push("argon2".to_owned());
    for answer in &answers {
        let headers = format!("{:?}", answer.headers);
        for secret in &secrets {
            assert!(!answer.text.contains(secret), "{secret}: {}", answer.text);
            assert!(!headers.contains(secret), "{secret}: {headers}");
        }
    }
    let statuses: Vec<Value> = answers.iter().map(|a| json!(a.status.as_u16())).collect();
    assert_eq!(
        json!(statuses),
        json!([
            201, 200, 401, 200, 200, 200, 200, 200, 200, 200, 422, 200, 200, 403, 200
        ])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_counts_as_a_write_of_the_user() {
    let api = Api::start().await;
    let client = api.organization();
    let jean = new_account(&client, "jean").await;
    api.session("jean", PASSWORD).await;
    let table = Table::of(&api);
    let item = table.get(&table::user(&jean.id)).await.unwrap();
    assert_eq!(number(&item, "__v"), 1);
    client
        .patch(&jean.api_v2(), &json!({ "firstName": "Jean" }))
        .await
        .ok();
}
