//! Secrets stay out of logs on every path.

use std::{cell::RefCell, io, sync::Once};

use reqwest::Method;
use roster_runtime::function::log;
use serde_json::json;

use crate::harness::{Api, fixtures::Fields};

thread_local! {
    /// What this thread has logged, where somebody wants to know.
    static LOGGED: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Begins to keep what this thread logs.
fn keep() {
    // One for the process: what is logged is known to `tracing` only once it was
    // logged by somebody, and that may be another test.
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let subscriber = log::to(log::Format::Json, || Kept);
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
    LOGGED.set(Some(Vec::new()));
}

fn kept() -> String {
    let kept = LOGGED.with_borrow(|logged| logged.clone().unwrap());
    String::from_utf8(kept).unwrap()
}

struct Kept;

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGGED.with_borrow_mut(|logged| {
            if let Some(logged) = logged {
                logged.extend_from_slice(bytes);
            }
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

// One thread, so that what the gateway and the functions log goes to where this
// test says.
#[tokio::test(flavor = "current_thread")]
async fn no_secret_is_logged_wherever_it_is_put() {
    keep();
    let api = Api::start().await;
    let client = api.organization();
    let body = json!({ "user": { "email": "a@example.com" }, "finish_signup_with": "email" });
    let made = client.post("/v2/users", &body).await.created();
    let made = made.json();
    let id = made["user"].id();
    let link = made.field("link");
    let token = link.rsplit_once('/').unwrap().1;
    let key = client.post("/v2/keys", &json!({ "name": "a" })).await;
    let key = key.field("key");
    let secret = key.rsplit_once('_').unwrap().1;
    let password = "youllneverguessit";

    let paths = [
        "/signup/{}",
        "/signup/{}/",
        "/signup/{}/x",
        "/signup/%2F{}",
        "/signup/x?token={}",
        "/e/{}",
        "/e/5f5e10000000000000000000?k={}",
        "/e/5f5e10000000000000000000?k=5f5e10000000000000000000{}",
        "/v2/users/{}",
        "/v2/users/{}/",
        "/v2/users/x/{}",
        "/v2/users?email={}",
        "/v2/users?{}",
        "/v2/keys/{}",
        "/v2/keys/{}/rotate",
        "/v2/teams/{}",
        "/v2/teams/{}/events",
        "/v2/teams/{}/public",
        "/v2/teams/x/events/{}/reassign",
        "/v2/{}",
        "/{}",
        "/{}/{}",
        "//{}",
        "/api/v2/users/{}",
        "/api/v2/users/{}/perms",
        "/api/v1/user/{}",
        "/api/v1/users?org_id={}",
        "/api/v1/resetUserPassword/{}",
        "/_local/{}",
        "/docs/{}",
    ];
    let methods = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
    ];
    let callers = [
        client.clone(),
        api.anybody(),
        api.with_key(&format!("{key}x")),
    ];
    let http = reqwest::Client::new();
    for path in paths {
        for secret in [token, &key, password] {
            let path = path.replace("{}", secret);
            for method in &methods {
                let url = format!("{}{path}", api.url());
                let sent = http.request(method.clone(), url);
                let sent = sent.header("authorization", roster_local::setup::ORGANIZATION_KEY);
                sent.header("user-agent", secret).send().await.unwrap();
            }
        }
        for caller in &callers {
            caller.get(&path.replace("{}", secret)).await;
        }
    }
    // In a body, a header, and where a method should be.
    api.log_in("a@example.com", password).await;
    let form = format!("first_name={password}&password={password}");
    let page = format!("/signup/{token}");
    api.anybody().send_form(Method::POST, &page, &form).await;
    let odd = Method::from_bytes(secret.as_bytes()).unwrap();
    let url = format!("{}/v2/users", api.url());
    http.request(odd, url).send().await.unwrap();

    let text = kept();
    assert!(text.contains("GET /signup/{token} 200"), "{text}");
    assert!(text.contains("no operation 404"), "{text}");
    for secret in [token, &key, secret, password] {
        let found: Vec<_> = text.lines().filter(|line| line.contains(secret)).collect();
        assert!(found.is_empty(), "{secret} is in {found:#?}");
    }

    // What a line is for: the operation, and the ids that were read.
    client.get(&format!("/v2/users/{id}")).await;
    client.get("/api/v2/users/1").await;
    let text = kept();
    let line = |operation: &str| {
        let mut lines = text.lines().rev();
        lines
            .find(|line| line.contains(operation))
            .expect(operation)
    };
    let of_id = line("GET /v2/users/{user_id} 200");
    assert!(of_id.contains(&format!("user_id={id}")), "{of_id}");
    let of_number = line("GET /api/v2/users/{user_id} 200");
    assert!(of_number.contains("user_id=1"), "{of_number}");
}
