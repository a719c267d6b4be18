//! Answers are compressed for whoever accepts it.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Answer, Api, Client, fixtures::Fields};

async fn asked(client: &Client<'_>, path: &str, accepted: &str) -> Answer {
    let headers = [("accept-encoding", accepted)];
    client.send(Method::GET, path, None, &headers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_more_than_a_kilobyte_is_compressed_for_who_accepts_it() {
    let api = Api::start().await;
    let client = api.organization();
    let mut members = Vec::new();
    for n in 0..50 {
        let email = format!("member-{n}@example.com");
        members.push(client.new_user_id(&email).await);
    }
    let team = json!({ "extid": "1", "name": "A", "members": members, "public": true });
    let team = client.new_team(team).await;
    let team = format!("/v2/teams/{}", team.id());
    let public = format!("{team}/public");
    let invited = json!({ "user": { "email": "a@example.com" }, "finish_signup_with": "email" });
    let link = client.post("/v2/users", &invited).await.json()["link"].clone();
    let page = link.as_str().unwrap().strip_prefix(&api.url()).unwrap();
    let wrong = format!("/v2/users?{}", "unknown=1&".repeat(60));
    for (path, caller) in [
        ("/v2/users", client.clone()),
        ("/v2/users?limit=10", client.clone()),
        ("/api/v2/users", client.clone()),
        ("/api/v1/users?org_id=1", api.operator()),
        (&team, client.clone()),
        (&wrong, client.clone()),
        (&public, api.anybody()),
        (page, api.anybody()),
        ("/openapi.json", api.anybody()),
        ("/docs", api.anybody()),
    ] {
        let plain = asked(&caller, path, "identity").await;
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        assert_eq!(plain.received, plain.text.len());
        assert!(plain.received > 1_024, "{path}");
        for accepted in ["gzip", "br, GZIP;q=0.2", "*"] {
            let sent = asked(&caller, path, accepted).await;
            assert_eq!(sent.status, plain.status, "{path}");
            assert_eq!(sent.header("content-encoding"), Some("gzip"), "{path}");
            let same = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "");
            if path == wrong {
                // Each has its own request_id.
                assert_eq!(sent.text.len(), plain.text.len());
            } else {
                assert_eq!(same(&sent.text), same(&plain.text), "{path}");
            }
            assert!(sent.received < plain.received / 2, "{path}");
            assert_eq!(sent.header("content-type"), plain.header("content-type"));
            assert_eq!(sent.header("link"), plain.header("link"));
        }
        for refused in ["", "br", "gzip;q=0", "gzip;q=0, *", "gzip;q=0.1, identity"] {
            let sent = asked(&caller, path, refused).await;
            assert_eq!(sent.header("content-encoding"), None, "{path}: {refused}");
        }
        // A cache keeps the two apart.
        for answer in [&plain, &asked(&caller, path, "gzip").await] {
            let vary: Vec<_> = answer.headers.get_all("vary").iter().collect();
            let vary = format!("{vary:?}").to_lowercase();
            assert!(vary.contains("accept-encoding"), "{path}: {vary}");
        }
    }
    let small = asked(&client, "/v2/users?limit=1", "gzip").await;
    assert!(small.text.len() < 1_024);
    assert_eq!(small.header("content-encoding"), None);
    let none = asked(&client, "/v2/users/5f198da1c1ac5d1a30fc00f9", "gzip").await;
    assert_eq!(
        (none.status.as_u16(), none.header("content-encoding")),
        (404, None)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_a_cache_has_is_known_by_its_tag_compressed_or_not() {
    let api = Api::start().await;
    let anybody = api.anybody();
    let plain = asked(&anybody, "/openapi.json", "identity").await;
    let sent = asked(&anybody, "/openapi.json", "gzip").await;
    let tags = [&plain, &sent].map(|answer| answer.header("etag").unwrap().to_owned());
    assert!(tags[0].starts_with('"'), "{tags:?}");
    // Other bytes do not have the same strong tag.
    assert_eq!(tags[1], format!("W/{}", tags[0]));
    for tag in &tags {
        for accepted in ["gzip", "identity"] {
            let headers = [
                ("if-none-match", tag.as_str()),
                ("accept-encoding", accepted),
            ];
            let known = anybody
                .send(Method::GET, "/openapi.json", None, &headers)
                .await;
            assert_eq!(known.status, 304, "{tag}");
            assert_eq!(known.header("vary"), Some("accept-encoding"));
            assert_eq!(known.received, 0);
        }
    }
}
