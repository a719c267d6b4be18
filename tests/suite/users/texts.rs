//! Text is text: however it was typed, it is kept and compared in one form, and
//! nobody reads it as another one.

use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, fixtures::Fields};

/// `é` as one character and as two.
const COMPOSED: &str = "Ren\u{e9}";
const DECOMPOSED: &str = "Rene\u{301}";

/// Texts of which nothing can be seen.
const INVISIBLE: [&str; 8] = [
    "\u{200b}",
    "\u{200d}\u{200c}",
    "\u{3164}",
    "\u{115f}",
    "\u{ffa0}",
    "\u{2800}",
    "\u{e0041}\u{e007f}",
    "\u{2060}\u{feff} \u{a0}",
];

/// Texts that turn what stands beside them round.
const TURNING: [&str; 4] = [
    "Jean\u{202e}tset",
    "\u{202a}Jean\u{202c}",
    "\u{2067}Jean\u{2069}",
    "Jean\u{202d}",
];

/// Every request that takes a name or a title, with this text as it.
async fn named(api: &Api, text: &str) -> Vec<(String, Answer)> {
    let client = api.organization();
    let operator = api.operator();
    let user = client.new_user(json!({ "email": unique() })).await;
    let number = number_of(&client, &user).await;
    let team = client
        .new_team(json!({ "extid": unique(), "name": "Team", "members": [user["_id"]] }))
        .await;
    let of_user = format!("/v2/users/{}", user.id());
    let of_team = format!("/v2/teams/{}", team.id());
    let events = format!("{of_team}/events");
    let event = |field: &str, value: Value| {
        let mut body = json!({ "title": "Demo", "created_by": { "email": "who@example.com" } });
        body[field] = value;
        body
    };
    let mut answers = Vec::new();
    for (path, body) in [
        (of_user.clone(), json!({ "user": { "first_name": text } })),
        (of_user.clone(), json!({ "user": { "last_name": text } })),
        (
            of_user.clone(),
            json!({ "vyteme": { "custom": { "auto_title": text } } }),
        ),
        (of_user, json!({ "vyteme": { "message": text } })),
        (of_team.clone(), json!({ "name": text })),
        (of_team, json!({ "level_name": text })),
        (
            format!("/api/v2/users/{number}"),
            json!({ "firstName": text }),
        ),
        (
            format!("/api/v1/user/{number}"),
            json!({ "last_name": text }),
        ),
    ] {
        let caller = if path.starts_with("/api/v1") {
            &operator
        } else {
            &client
        };
        answers.push((format!("PUT {path} {body}"), caller.put(&path, &body).await));
    }
    for (path, body) in [
        ("/v2/organizations", json!({ "name": text })),
        ("/api/v1/org", json!({ "name": text })),
        (
            "/v2/keys?organization=000000000000000000000001",
            json!({ "name": text }),
        ),
        (&events, event("title", json!(text))),
        (&events, event("places", json!([{ "name": text }]))),
        (
            &events,
            event(
                "invitees",
                json!([{ "email": "b@x.org", "full_name": text }]),
            ),
        ),
        (&events, event("messages", json!([{ "body": text }]))),
    ] {
        let caller = if path.starts_with("/v2/teams") {
            &client
        } else {
            &operator
        };
        answers.push((
            format!("POST {path} {body}"),
            caller.post(path, &body).await,
        ));
    }
    answers
}

fn unique() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("text{}@example.com", COUNT.fetch_add(1, Ordering::Relaxed))
}

async fn number_of(client: &Client<'_>, user: &Value) -> u64 {
    let users = client.get("/api/v2/users").await.json();
    let mut users = users.as_array().unwrap().iter();
    let found = users.find(|one| one["email"] == user["emails"][0]).unwrap();
    found.number("_id")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_of_which_nothing_can_be_seen_is_refused_on_every_surface() {
    let api = Api::start().await;
    for text in INVISIBLE {
        for (what, answer) in named(&api, text).await {
            // No such organization as that of the keys here; the name comes first.
            assert_eq!(answer.status, 422, "{what}: {}", answer.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_turns_others_round_is_refused_on_every_surface() {
    let api = Api::start().await;
    for text in TURNING {
        for (what, answer) in named(&api, text).await {
            // Isolates and embeddings end with the paragraph of a message.
            let is_message = what.contains("message") || what.contains("body");
            if is_message && !text.contains(['\u{202d}', '\u{202e}']) {
                assert!(answer.status.is_success(), "{what}: {}", answer.text);
            } else {
                assert_eq!(answer.status, 422, "{what}: {}", answer.text);
                assert!(
                    answer.text.contains("direction-changing"),
                    "{}",
                    answer.text
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn joiners_within_a_name_stay_on_every_surface() {
    let api = Api::start().await;
    for text in [
        "👩\u{200d}💻 Ada",
        "می\u{200c}خواهم",
        "שלום\u{200f}!",
        "❤\u{fe0f}",
    ] {
        for (what, answer) in named(&api, text).await {
            let known = !what.contains("/v2/keys");
            assert_eq!(answer.status.is_success(), known, "{what}: {}", answer.text);
        }
        let user = json!({ "email": unique(), "first_name": text });
        assert_eq!(api.organization().new_user(user).await["first_name"], text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_kept_in_nfc_and_without_blanks_at_its_ends() {
    let api = Api::start().await;
    let client = api.organization();
    let typed = format!("\u{3000}\t {DECOMPOSED}\u{a0}\n");
    let user = json!({ "email": format!(" {}\u{2003}", unique()), "first_name": typed });
    let user = client.new_user(user).await;
    assert_eq!(user["first_name"], COMPOSED);
    assert!(
        !user["emails"][0]
            .as_str()
            .unwrap()
            .contains(char::is_whitespace)
    );
    let number = number_of(&client, &user).await;

    let path = format!("/api/v2/users/{number}");
    let changed = client.put(&path, &json!({ "lastName": typed })).await;
    assert_eq!(changed.json()["lastName"], COMPOSED, "{}", changed.text);
    let path = format!("/api/v1/user/{number}");
    let form = format!("first_name=+{}+&mobile=+123+", percent(DECOMPOSED));
    let changed = api
        .operator()
        .send_form(reqwest::Method::PUT, &path, &form)
        .await;
    let shown = changed.json();
    assert_eq!(
        (&shown["first_name"], &shown["mobile"]),
        (&json!(COMPOSED), &json!("123"))
    );

    let team = client
        .new_team(json!({ "extid": " t1 ", "name": typed }))
        .await;
    assert_eq!(
        (&team["extid"], &team["name"]),
        (&json!("t1"), &json!(COMPOSED))
    );
    let again = client
        .post("/v2/teams", &json!({ "extid": "t1\u{2009}", "name": "x" }))
        .await;
    assert_eq!(again.status, 409, "{}", again.text);
}

fn percent(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extid_is_found_however_it_is_typed() {
    let api = Api::start().await;
    let client = api.organization();
    let body =
        |extid: &str| json!({ "user": { "account": { "organization": { "extid": extid } } } });
    let made = client.post("/v2/users", &body(COMPOSED)).await.created();
    client
        .post("/v2/users", &body(&format!("{DECOMPOSED} ")))
        .await
        .ok();
    for query in [COMPOSED, DECOMPOSED, " René "] {
        let found = client
            .get(&format!("/v2/users?extid={}", percent(query)))
            .await;
        assert_eq!(
            found.json()[0]["_id"],
            made.json()["user"]["_id"],
            "{query:?}"
        );
    }
}

fn login(name: &str, password: &str) -> Value {
    json!({ "email": name, "password": password })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_name_and_a_password_are_the_same_however_their_accents_are_typed() {
    let api = Api::start().await;
    let client = api.organization();
    let body = |name: &str| {
        json!({
            "user": { "email": unique() },
            "login": { "credentials": { "username": name, "password": "p\u{e9}n\u{e9}lope" } },
        })
    };
    client.post("/v2/users", &body(DECOMPOSED)).await.created();
    let taken = client
        .post("/v2/users", &body(&format!(" {COMPOSED}")))
        .await;
    assert_eq!(taken.status, 409, "{}", taken.text);
    for name in [COMPOSED, DECOMPOSED, "RENE\u{301}", "\u{a0}RENÉ "] {
        for password in ["p\u{e9}n\u{e9}lope", "pe\u{301}ne\u{301}lope"] {
            let answer = api
                .anybody()
                .post("/api/v2/login", &login(name, password))
                .await;
            assert_eq!(answer.status, 200, "{name:?} {password:?}: {}", answer.text);
        }
    }
    for unseen in ["Ren\u{200b}ee", "Re\u{ad}nee"] {
        let refused = client.post("/v2/users", &body(unseen)).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_to_log_in_count_together_however_the_name_is_typed() {
    let api = Api::start().await;
    let names = [COMPOSED, DECOMPOSED, " René", "RENÉ", "rene\u{301}\u{3000}"];
    for round in 0..10 {
        let name = names[round % names.len()];
        let answer = api
            .anybody()
            .post("/api/v2/login", &login(name, "wrong one"))
            .await;
        assert_eq!(answer.status, 401, "{}", answer.text);
    }
    for name in names {
        let answer = api
            .anybody()
            .post("/api/v2/login", &login(name, "wrong one"))
            .await;
        assert_eq!(answer.status, 429, "{name:?}: {}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unicode_domain_and_its_ascii_form_are_one_mailbox() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client
        .new_user(json!({ "email": "Jean@Bücher.example" }))
        .await;
    assert_eq!(user["emails"], json!(["Jean@xn--bcher-kva.example"]));
    for same in [
        "jean@xn--bcher-kva.example",
        "jean@bu\u{308}cher.example",
        "JEAN@BÜCHER.EXAMPLE",
    ] {
        let again = client
            .post("/v2/users", &json!({ "user": { "emails": [same] } }))
            .await;
        assert_eq!(again.status, 409, "{same}: {}", again.text);
        assert_eq!(again.json()["existing"], user["_id"], "{same}");
        let taken = "another user has the address";
        assert!(again.text.contains(taken), "{same}: {}", again.text);
        assert!(again.text.contains("xn--"), "{same}: {}", again.text);
        let found = client
            .get(&format!("/v2/users?email={}", percent(same)))
            .await;
        assert_eq!(
            found.json()[0]["_id"],
            user["_id"],
            "{same}: {}",
            found.text
        );
    }
    let team =
        json!({ "extid": "t", "name": "T", "members": [{ "email": "jean@bücher.example" }] });
    assert_eq!(client.new_team(team).await["members"], json!([user["_id"]]));
    let refused = client
        .post(
            "/v2/users",
            &json!({ "user": { "email": "jürgen@example.com" } }),
        )
        .await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.text.contains("only ASCII characters before the @"),
        "{}",
        refused.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_is_found_in_either_case() {
    let api = Api::start().await;
    let client = api.organization();
    let user = client.new_user(json!({ "email": unique() })).await;
    let upper = user.id().to_uppercase();
    assert_ne!(user["_id"], upper, "an id without a letter proves nothing");
    let team = json!({ "extid": "t", "name": "T", "members": [upper], "admins": [{ "_id": upper }],
        "assignment": { "members": { upper.clone(): { "weight": 2 } } } });
    let team = client.new_team(team).await;
    assert_eq!(team["members"], json!([user["_id"]]));
    assert_eq!(team["admins"], json!([user["_id"]]));
    let of_team = team.id().to_uppercase();
    for path in [
        format!("/v2/users/{upper}"),
        format!("/v2/teams/{of_team}"),
        format!("/v2/teams/{of_team}/events"),
        format!("/v2/users?team={of_team}"),
    ] {
        assert_eq!(client.get(&path).await.status, 200, "{path}");
    }
    let same = json!({ "user": { "_id": upper, "id": user["_id"], "first_name": "Jean" } });
    client.put(&format!("/v2/users/{upper}"), &same).await.ok();
    let key = client
        .post("/v2/keys", &json!({ "name": "k", "user": upper }))
        .await
        .created();
    let own = api.with_key(key.json().field("key"));
    assert_eq!(
        own.get(&format!("/v2/users/{upper}")).await.status,
        200,
        "their own"
    );
    let (organization, _) = api.new_organization("Hex").await;
    let organization = organization.to_uppercase();
    api.operator()
        .get(&format!("/v2/users?organization={organization}"))
        .await
        .ok();
    let key = key.json().id().to_uppercase();
    client.delete(&format!("/v2/keys/{key}")).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_user_name_may_have_one_character() {
    let api = Api::start().await;
    let body = json!({
        "user": { "email": unique() },
        "calendars": [{ "source": "exchange", "credentials": {
            "server": "mail.example.com", "username": "j", "password": " " .repeat(3) + "x",
        } }],
    });
    api.organization().post("/v2/users", &body).await.created();
}
