//! A limit holds on what is really measured: the JSON in which the platform
//! sends events and answers, where each quote and backslash is escaped again.

use std::collections::BTreeSet;

use reqwest::Method;
use roster_runtime::answer::lambda::{MAX_PAYLOAD, escaped_length};
use roster_scheduling::batch::MAX_BATCH_BODY;
use serde_json::{Value, json};

use crate::harness::{Answer, Api, Client, fixtures::Fields};

/// How many users of [`quoting`] are more than one answer has room for, though
/// their JSON has little more than half of its bytes.
const COUNT: usize = 160;

/// A user of ten thousand quotes, each of which is four bytes in an answer.
fn quoting(n: usize) -> Value {
    json!({
        "user": { "email": format!("{n}@example.com") },
        "vyteme": { "message": "\"".repeat(10_000) },
    })
}

/// The ids of so many of them.
async fn quoting_users(client: &Client<'_>) -> Vec<String> {
    let mut ids = Vec::new();
    for first in (0..COUNT).step_by(COUNT / 4) {
        let batch: Value = (first..first + COUNT / 4).map(quoting).collect();
        let made = client.post("/v2/users/batch", &batch).await;
        for entry in made.json().as_array().unwrap() {
            assert_eq!(entry["status"], 201, "{entry}");
            ids.push(entry["user"].id().to_owned());
        }
    }
    ids
}

fn length(answer: &Answer) -> usize {
    let length = escaped_length(&answer.text);
    assert!(length < MAX_PAYLOAD, "{length} bytes");
    length
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_cut_by_what_the_platform_counts() {
    let api = Api::start().await;
    let client = api.organization();
    let made: BTreeSet<_> = quoting_users(&client).await.into_iter().collect();
    let first = client.get("/v2/users").await.ok();
    assert!(length(&first) > MAX_PAYLOAD - 42_000, "as much as fits");
    assert!(
        first.text.len() < 5_000_000,
        "and far less before it is escaped"
    );
    let mut seen = BTreeSet::new();
    let mut page = first;
    loop {
        length(&page);
        let ids = page.json().as_array().unwrap().clone();
        seen.extend(ids.iter().map(|user| user.id().to_owned()));
        let Some(next) = page.next_link() else { break };
        page = client.get(&next).await;
    }
    assert_eq!(seen, made);
    let gzip = [("accept-encoding", "gzip")];
    let whole = client.send(Method::GET, "/v2/users", None, &gzip).await;
    assert_eq!(whole.json().as_array().unwrap().len(), COUNT);
    assert_eq!(whole.next_link(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_whose_users_have_no_room_answers_their_ids() {
    let api = Api::start().await;
    let client = api.organization();
    let ids = quoting_users(&client).await;
    let item = |id: &String| json!({ "user": { "_id": id, "first_name": "New" }, "finish_signup_with": "email" });
    let batch: Value = ids.iter().map(item).collect();
    let answer = client.put("/v2/users", &batch).await;
    assert_eq!(answer.status, 207, "{}", answer.text);
    assert!(length(&answer) > MAX_PAYLOAD - 300_000, "as much as fits");
    let entries = answer.json().as_array().unwrap().clone();
    assert_eq!(entries.len(), COUNT);
    let (mut whole, mut short) = (0, 0);
    for (entry, id) in entries.iter().zip(&ids) {
        assert_eq!(entry["status"], 200, "{entry}");
        // A link is answered once: it is never left out.
        assert!(entry.field("link").starts_with(&api.url()));
        if let Some(user) = entry.get("user") {
            assert_eq!(user["_id"], json!(id));
            assert_eq!(entry.get("_id"), None);
            whole += 1;
        } else {
            assert_eq!(entry["_id"], json!(id));
            short += 1;
        }
    }
    assert!(whole > 100 && short > 0, "{whole} whole, {short} short");
    // They were written all the same.
    let last = client.get(&format!("/v2/users/{}", ids[COUNT - 1])).await;
    assert_eq!(last.json()["first_name"], "New", "{}", last.text);
}

/// Sends a body past the contract, which knows only what arrives.
async fn sent(api: &Api, media_type: &str, body: String) -> (u16, String) {
    let sent = reqwest::Client::new()
        .post(format!("{}/v2/users/batch", api.url()))
        .header("authorization", roster_local::setup::ORGANIZATION_KEY)
        .header("content-type", media_type)
        .body(body);
    let answer = sent.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_measured_as_the_platform_measures_it() {
    let api = Api::start().await;
    let json = "application/json";
    let blank = |size: usize| format!("[{}]", " ".repeat(size - 2));
    // The largest batch arrives and is read.
    assert_eq!(
        sent(&api, json, blank(MAX_BATCH_BODY)).await,
        (207, "[]".to_owned())
    );
    let (status, text) = sent(&api, json, blank(MAX_BATCH_BODY + 1)).await;
    assert_eq!(status, 413, "{text}");
    assert!(
        text.contains(&format!("the maximum is {MAX_BATCH_BODY}")),
        "{text}"
    );
    // Line breaks, quotes and backslashes count twice: a batch that is half of
    // them still arrives.
    let half = format!(
        "[{}{}]",
        " ".repeat(MAX_BATCH_BODY / 2 - 2),
        "\n".repeat(MAX_BATCH_BODY / 2 - 2_000)
    );
    assert_eq!(sent(&api, json, half).await.0, 207);
    // These never arrive.
    let too_long = (413, r#"{"message":"Request Too Long"}"#.to_owned());
    for (media_type, body) in [
        (json, blank(MAX_PAYLOAD)),
        (json, format!("[{}]", "\n".repeat(MAX_PAYLOAD / 2))),
        // In base64 every three bytes are four.
        ("application/octet-stream", " ".repeat(MAX_PAYLOAD / 4 * 3)),
    ] {
        assert_eq!(sent(&api, media_type, body).await, too_long);
    }
    let octets = " ".repeat(MAX_PAYLOAD / 4 * 3 - 6_000);
    assert_eq!(sent(&api, "application/octet-stream", octets).await.0, 415);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_has_room_for_itself_however_much_is_wrong() {
    let api = Api::start().await;
    let (client, operator) = (api.organization(), api.operator());
    let many: serde_json::Map<_, _> = (0..30_000).map(|n| (n.to_string(), json!(1))).collect();
    let long = json!({ "\"".repeat(200_000): 1 });
    for body in [
        json!(many),
        long.clone(),
        json!({ "user": { "\"".repeat(100_000): many } }),
    ] {
        let wrong = client.post("/v2/users", &body).await;
        assert_eq!(wrong.status, 400, "{}", wrong.text);
        length(&wrong);
        let errors = wrong.json()["errors"].as_array().unwrap().len();
        assert!(errors > 0);
        let detail = wrong.field("detail");
        let first = format!("errors lists the first {errors}");
        assert_eq!(errors > 1_000, detail.ends_with(&first), "{detail}");
        for (caller, path) in [(&client, "/api/v2/users"), (&operator, "/api/v1/org")] {
            let wrong = caller.post(path, &body).await;
            assert_eq!(wrong.status, 400, "{}", wrong.text);
            length(&wrong);
        }
    }
    let batch: Value = (0..500).map(|n| json!({ n.to_string(): "\"".repeat(10), "b": many.iter().take(150).map(|(name, _)| name).collect::<Vec<_>>() })).collect();
    let answer = client.post("/v2/users/batch", &batch).await;
    assert_eq!(answer.status, 207, "{}", answer.text);
    length(&answer);
    assert_eq!(answer.json().as_array().unwrap().len(), 500);
}
