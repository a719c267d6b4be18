//! Where a link leads never depends on the request.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Answer, Api, Client, fixtures::Fields};

const EVIL: &str = "evil.example";

/// Headers that claim another address. `Host` itself is sent by [`raw`].
const FORGED: [(&str, &str); 6] = [
    ("x-forwarded-host", EVIL),
    ("x-forwarded-proto", "gopher"),
    ("x-forwarded-port", "1"),
    ("x-forwarded-server", EVIL),
    ("x-original-host", EVIL),
    ("forwarded", "host=evil.example;proto=gopher"),
];

/// A request of a JSON body that claims in every way to be for another host.
async fn forged(client: &Client<'_>, method: Method, path: &str, body: Option<&str>) -> Answer {
    let mut headers = vec![("content-type", "application/json"), ("host", EVIL)];
    headers.extend(FORGED);
    let body = body.map(|body| body.as_bytes().to_vec());
    let answer = client.send(method, path, body, &headers).await;
    assert!(answer.status.is_success(), "{path}: {}", answer.text);
    for shown in [&answer.text, &format!("{:?}", answer.headers)] {
        assert!(
            !shown.contains(EVIL) && !shown.contains("gopher"),
            "{shown}"
        );
    }
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_answered_or_mailed_leads_to_the_api() {
    let api = Api::start().await;
    let client = api.organization();
    let base = api.url();
    let invite = |email: &str| {
        json!({ "user": { "email": email }, "finish_signup_with": "email" }).to_string()
    };
    let made = forged(
        &client,
        Method::POST,
        "/v2/users",
        Some(&invite("a@example.com")),
    )
    .await;
    let id = made.id();
    let signup = format!("{base}/signup/");
    let link = made.field("link");
    assert!(link.starts_with(&signup), "{link}");
    let app_url = &made.json()["user"]["account"]["app_url"];
    assert_eq!(*app_url, json!(base), "{}", made.text);

    let path = format!("/v2/users/{id}");
    let again = r#"{ "finish_signup_with": "email" }"#;
    let changed = forged(&client, Method::PUT, &path, Some(again)).await;
    assert!(changed.json().field("link").starts_with(&signup));
    for (method, path, email) in [
        (Method::POST, "/v2/users/batch", "b@example.com"),
        (Method::PUT, "/v2/users/batch", "a@example.com"),
        (Method::PUT, "/v2/users", "a@example.com"),
    ] {
        let mut item = json!({ "user": { "email": email }, "finish_signup_with": "email" });
        if method == Method::PUT {
            item["user"]["_id"] = json!(id);
        }
        let body = json!([item]).to_string();
        let batch = forged(&client, method, path, Some(&body)).await;
        let link = batch.json()[0].field("link").to_owned();
        assert!(link.starts_with(&signup), "{path}: {link}");
    }
    let invited = r#"{ "email": "c@example.com" }"#;
    forged(&client, Method::POST, "/api/v2/users", Some(invited)).await;
    forged(&client, Method::GET, &path, None).await;
    for mail in api.mails(|mails| mails.len() >= 3).await {
        assert!(mail.field("link").starts_with(&signup), "{mail}");
        assert!(!mail.to_string().contains(EVIL), "{mail}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_to_the_rest_of_a_list_is_absolute_and_leads_to_the_api() {
    let api = Api::start().await;
    let client = api.organization();
    for name in ["a", "b", "c"] {
        client.new_user_id(&format!("{name}@example.com")).await;
        client
            .new_team(json!({ "extid": name, "name": name }))
            .await;
        client.post("/v2/keys", &json!({ "name": name })).await;
        api.new_organization(name).await;
    }
    for (path, operator) in [
        ("/v2/users?limit=1", false),
        ("/v2/teams?limit=1", false),
        ("/v2/keys?limit=1", false),
        ("/v2/organizations?limit=1", true),
        ("/api/v2/users?limit=1", false),
        ("/api/v2/users/?limit=1", false),
        ("/api/v1/users?org_id=1&limit=1", true),
        ("/api/v1/orgs?limit=1", true),
    ] {
        let caller = if operator {
            api.operator()
        } else {
            client.clone()
        };
        let page = forged(&caller, Method::GET, path, None).await;
        let link = page.header("link").expect("more is left").to_owned();
        let before = path.split_once('?').unwrap().0;
        let expected = format!("<{}{before}?", api.url());
        assert!(link.starts_with(&expected), "{path}: {link}");
        let next = caller.get(&page.next_link().unwrap()).await.ok();
        assert_ne!(next.text, page.text, "{path}");
    }
}
