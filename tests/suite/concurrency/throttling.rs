//! What a request does when a partition of the table has had enough.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};

use crate::harness::{
    Api, Client,
    fixtures::Fields,
    proxy::{self, EngineRequest, Reply},
};

/// What passed the proxy: each call's operation, and each transaction's token.
#[derive(Default)]
struct Seen {
    operations: Mutex<Vec<String>>,
    tokens: Mutex<Vec<Value>>,
}

impl Seen {
    fn note(&self, call: &EngineRequest) {
        self.operations.lock().unwrap().push(call.operation.clone());
        if call.operation == "TransactWriteItems" {
            let token = call.body["ClientRequestToken"].clone();
            self.tokens.lock().unwrap().push(token);
        }
    }

    fn clear(&self) {
        self.operations.lock().unwrap().clear();
        self.tokens.lock().unwrap().clear();
    }

    /// Reads of the table. What follows its stream is no request's.
    fn reads(&self) -> usize {
        let operations = self.operations.lock().unwrap();
        let reads = ["GetItem", "BatchGetItem", "Query"];
        let operations = operations.iter();
        operations
            .filter(|name| reads.contains(&name.as_str()))
            .count()
    }
}

/// As DynamoDB answers a transaction one of whose items is in a partition that
/// throttles.
fn throttled(call: &EngineRequest) -> Reply {
    let items = call.body["TransactItems"].as_array().unwrap().len();
    let reasons: Vec<_> = (0..items)
        .map(|index| match index {
            0 => json!({ "Code": "ThrottlingError", "Message": "Throughput exceeds the limit." }),
            _ => json!({ "Code": "None" }),
        })
        .collect();
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "message": "Transaction cancelled, please refer cancellation reasons for specific reasons",
        "CancellationReasons": reasons,
    });
    Reply { status: 400, body }
}

/// An API whose first `count` transactions are throttled, once it is said how many.
async fn throttling(api: &Api) -> (Api, Arc<Seen>, Arc<AtomicUsize>) {
    let (seen, left) = (Arc::new(Seen::default()), Arc::new(AtomicUsize::new(0)));
    let (noted, count) = (Arc::clone(&seen), Arc::clone(&left));
    let behind = proxy::behind(api, move |call| {
        noted.note(&call);
        let is_throttled = call.operation == "TransactWriteItems"
            && count
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                    left.checked_sub(1)
                })
                .is_ok();
        async move {
            if is_throttled {
                Some(throttled(&call))
            } else {
                Some(call.send().await)
            }
        }
    });
    (behind.await, seen, left)
}

async fn rename(client: &Client<'_>, user: &str, name: &str) -> crate::harness::Answer {
    let change = json!({ "user": { "first_name": name } });
    client.put(&format!("/v2/users/{user}"), &change).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_is_throttled_is_sent_again_and_nothing_is_read_again() {
    let api = Api::start().await;
    let user = api.organization().new_user_id("jean@example.com").await;
    let (throttling, seen, left) = throttling(&api).await;
    let client = throttling.organization();
    // The first request reads the key as well, which the authorizer then remembers.
    rename(&client, &user, "J.").await.ok();
    seen.clear();
    rename(&client, &user, "Jean").await.ok();
    let reads = seen.reads();

    seen.clear();
    left.store(2, Ordering::Relaxed);
    let answer = rename(&client, &user, "Jeanne").await.ok().json();
    assert_eq!(answer["user"]["first_name"], "Jeanne");
    assert_eq!(seen.reads(), reads, "what was read is kept");
    let tokens = seen.tokens.lock().unwrap().clone();
    assert_eq!(tokens.len(), 3);
    assert!(tokens.iter().all(|token| *token == tokens[0]), "{tokens:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partition_that_stays_throttled_ends_in_a_503_that_says_when_to_come_back() {
    let api = Api::start().await;
    let user = api.organization().new_user_id("jean@example.com").await;
    let (throttling, seen, left) = throttling(&api).await;
    seen.clear();
    left.store(usize::MAX, Ordering::Relaxed);
    let answer = rename(&throttling.organization(), &user, "Jean").await;
    assert_eq!(answer.status, 503, "{}", answer.text);
    assert_eq!(answer.header("retry-after"), Some("1"));
    let sent = seen.tokens.lock().unwrap().len();
    assert!((2..=5).contains(&sent), "it was sent {sent} times");
    let kept = api.organization().get(&format!("/v2/users/{user}")).await;
    assert_eq!(kept.json().get("first_name"), None);
    assert_eq!(kept.json().id(), user);
}
