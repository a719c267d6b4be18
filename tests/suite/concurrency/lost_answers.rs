//! A commit whose answer is lost on the way is found made, and not made again.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::json;

use crate::harness::{
    Api,
    fixtures::Fields,
    proxy::{self, Reply},
};

/// What happens to the transactions that pass, in their order; those after the
/// last just pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is made, and the answer is lost.
    Lost,
    /// It collides with another, and is not made.
    Collides,
}

/// What DynamoDB answers when another transaction is at the same item.
fn collision() -> Reply {
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "CancellationReasons": [
            { "Code": "TransactionConflict", "Message": "Transaction is ongoing for the item" },
        ],
        "Message": "Transaction cancelled",
    });
    Reply { status: 400, body }
}

/// An API whose transactions come to this, and how many there were.
async fn behind(api: &Api, fates: &'static [Fate]) -> (Arc<AtomicUsize>, Api) {
    let seen = Arc::new(AtomicUsize::new(usize::MAX));
    let counted = Arc::clone(&seen);
    let other = proxy::behind(api, move |call| {
        let mut fate = None;
        // What starting it wrote does not count.
        if call.operation == "TransactWriteItems" && counted.load(Ordering::SeqCst) != usize::MAX {
            fate = fates.get(counted.fetch_add(1, Ordering::SeqCst));
        }
        async move {
            match fate {
                Some(Fate::Collides) => Some(collision()),
                Some(Fate::Lost) => {
                    let made = call.send().await;
                    assert_eq!(made.status, 200, "it was to be made: {}", made.body);
                    None
                }
                None => Some(call.send().await),
            }
        }
    });
    let other = other.await;
    seen.store(0, Ordering::SeqCst);
    (seen, other)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_whose_answer_was_lost_is_made_once_also_where_the_next_try_collides() {
    for fates in [
        [Fate::Lost].as_slice(),
        &[Fate::Lost, Fate::Collides],
        &[Fate::Lost, Fate::Collides, Fate::Lost, Fate::Collides],
        &[Fate::Collides, Fate::Lost, Fate::Collides],
    ] {
        let api = Api::start().await;
        let member = api.organization().new_user_id("ada@example.com").await;
        let team = json!({ "extid": "1", "name": "One", "members": [member] });
        let team = api.organization().new_team(team).await;
        let events = format!("/v2/teams/{}/events", team.id());
        let booking = json!({
            "title": "Demo", "created_by": { "email": "zoe@example.org" },
            "dates": [{ "date": "2098-01-14T10:00:00Z", "end_date": "2098-01-14T10:30:00Z" }],
        });
        let (seen, behind) = behind(&api, fates).await;
        let booked = behind.organization().post(&events, &booking).await;
        assert_eq!(booked.status, 201, "{fates:?}: {}", booked.text);
        let seen = seen.load(Ordering::SeqCst);
        assert!(seen > fates.len(), "{fates:?}: {seen} transactions");
        let listed = api.organization().get(&events).await.json();
        assert_eq!(listed.as_array().unwrap().len(), 1, "{fates:?}");
        assert_eq!(listed[0]["_id"], booked.json()["_id"], "{fates:?}");
    }
}
