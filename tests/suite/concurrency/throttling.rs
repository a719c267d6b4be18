//! What a request does when a partition of the table has had enough.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    concurrency::one_team::{book, team},
    harness::{
        Answer, Api, Client,
        fixtures::Fields,
        proxy::{self, EngineRequest, Reply},
    },
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

async fn rename(client: &Client<'_>, user: &str, name: &str) -> Answer {
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

/// Units a second that a partition key has, as DynamoDB's documentation says.
const READ_UNITS: f64 = 3_000.0;
const WRITE_UNITS: f64 = 1_000.0;

/// How much time a call takes that is answered, and one that is throttled, whose sender
/// waits, in seconds. Counted like this, it is the same on every machine.
const ANSWERED: f64 = 0.001;
const WAITED: f64 = 0.1;

/// What a partition key has left, filled again as time passes.
#[derive(Debug)]
struct Bucket {
    reads: f64,
    writes: f64,
}

impl Bucket {
    fn new() -> Self {
        Self {
            reads: READ_UNITS,
            writes: WRITE_UNITS,
        }
    }

    fn left(&mut self, writes: bool) -> &mut f64 {
        if writes {
            &mut self.writes
        } else {
            &mut self.reads
        }
    }

    fn fill(&mut self, passed: f64) {
        self.reads = READ_UNITS.min(self.reads + passed * READ_UNITS);
        self.writes = WRITE_UNITS.min(self.writes + passed * WRITE_UNITS);
    }
}

/// An engine whose partition keys have no more than DynamoDB's.
#[derive(Default)]
struct Partitions {
    buckets: Mutex<HashMap<String, Bucket>>,
    read: Mutex<f64>,
    written: Mutex<f64>,
    throttled: AtomicUsize,
}

/// The partition keys that a call names.
fn partitions(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member.get("S").and_then(Value::as_str) {
                    Some(text) if name == "pk" || name.starts_with(":pk") => {
                        found.push(text.to_owned());
                    }
                    _ => partitions(member, found),
                }
            }
        }
        Value::Array(entries) => entries.iter().for_each(|entry| partitions(entry, found)),
        _ => {}
    }
}

fn consumed(reply: &Value) -> f64 {
    let of = |capacity: &Value| capacity["CapacityUnits"].as_f64().unwrap_or_default();
    match &reply["ConsumedCapacity"] {
        Value::Array(tables) => tables.iter().map(of).sum(),
        one => of(one),
    }
}

impl Partitions {
    async fn pass(&self, call: EngineRequest) -> Reply {
        let mut keys = Vec::new();
        partitions(&call.body, &mut keys);
        keys.sort();
        keys.dedup();
        let writes = call.operation.contains("Write") || call.operation == "UpdateItem";
        let is_over = {
            let mut buckets = self.buckets.lock().unwrap();
            keys.iter().any(|key| {
                let bucket = buckets.entry(key.clone()).or_insert_with(Bucket::new);
                let is_over = *bucket.left(writes) <= 0.0;
                bucket.fill(if is_over { WAITED } else { ANSWERED });
                is_over
            })
        };
        if is_over {
            self.throttled.fetch_add(1, Ordering::Relaxed);
            return match call.operation.as_str() {
                "TransactWriteItems" => throttled(&call),
                _ => Reply {
                    status: 400,
                    body: json!({
                        "__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
                        "message": "The level of configured provisioned throughput was exceeded",
                    }),
                },
            };
        }
        let items = call.body["TransactItems"].as_array().map_or(0, Vec::len);
        let reply = call.send().await;
        // A transaction that is cancelled costs what it would have written.
        let units = match reply.status {
            200 => consumed(&reply.body),
            _ => 2.0 * f64::from(u32::try_from(items).unwrap()),
        };
        let mut buckets = self.buckets.lock().unwrap();
        for key in &keys {
            if let Some(bucket) = buckets.get_mut(key) {
                *bucket.left(writes) -= units;
            }
        }
        let total = if writes { &self.written } else { &self.read };
        *total.lock().unwrap() += units;
        reply
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_bookings_at_once_on_a_partition_that_throttles_make_progress_at_a_bounded_cost() {
    const CALLERS: u32 = 50;
    let api = Api::start_alone().await;
    let team = team(&api.organization(), 100).await;
    let partitions = Arc::new(Partitions::default());
    let passed = Arc::clone(&partitions);
    let throttling = proxy::behind(&api, move |call| {
        let partitions = Arc::clone(&passed);
        async move { Some(partitions.pass(call).await) }
    })
    .await;
    let client = throttling.organization();
    let units = || {
        let (read, written) = (&partitions.read, &partitions.written);
        (*read.lock().unwrap(), *written.lock().unwrap())
    };
    book(&client, &team, CALLERS).await.created();
    let alone = units();
    let answers = join_all((0..CALLERS).map(|number| book(&client, &team, number))).await;
    let mut made = 0.0;
    for answer in &answers {
        match answer.status.as_u16() {
            201 => made += 1.0,
            503 => assert_eq!(answer.header("retry-after"), Some("1"), "{}", answer.text),
            _ => panic!("{}", answer.text),
        }
    }
    let all = units();
    let throttled = partitions.throttled.load(Ordering::Relaxed);
    let what = format!("{made} made, {throttled} throttled, alone {alone:?}, all {all:?}");
    assert!(throttled > 0, "{what}");
    // How many get their turn in time depends on the machine; who sent everything again
    // each time made one.
    assert!(made >= f64::from(CALLERS) / 12.5, "{what}");
    let most = 3.0 * f64::from(CALLERS + 1);
    assert!(all.0 <= most * alone.0 && all.1 <= most * alone.1, "{what}");
}
