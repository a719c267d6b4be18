//! What a login reads, and which addresses an account knows.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use serde_json::json;

use crate::harness::{Api, proxy};
use crate::surfaces::accounts::{
    PASSWORD,
    limits::{is_limited, try_login, within_a_quarter},
    new_account,
};

/// Uses up the attempts against an account from addresses that it does not know.
async fn guess(api: &Api, name: &str) {
    for address in 10..20 {
        let answer = try_login(api, address, name, "wrong-password").await;
        assert_eq!(answer.status, 401, "{}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_knows_no_address_of_the_old_one() {
    let api = Api::start().await;
    let client = api.organization();
    let jean = new_account(&client, "jean").await;
    within_a_quarter(&api);
    try_login(&api, 2, "jean", PASSWORD).await.ok();
    let other = "another-horse-battery";
    let body = json!({ "login": { "credentials": { "password": other } } });
    client.put(&jean.v2(), &body).await.ok();
    guess(&api, "jean").await;
    is_limited(&try_login(&api, 2, "jean", other).await);
    // The same one set again is a new one, too.
    let body = json!({ "login": { "credentials": { "password": PASSWORD } } });
    client.put(&jean.v2(), &body).await.ok();
    is_limited(&try_login(&api, 2, "jean", PASSWORD).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn known_addresses_stay_with_the_user_and_not_with_the_login_name() {
    let api = Api::start().await;
    let client = api.organization();
    let jean = new_account(&client, "jean").await;
    within_a_quarter(&api);
    try_login(&api, 2, "jean", PASSWORD).await.ok();
    let renamed = json!({ "login": { "credentials": { "username": "jean.dupont" } } });
    client.put(&jean.v2(), &renamed).await.ok();
    let zoe = new_account(&client, "zoe").await;
    let renamed = json!({ "login": { "credentials": { "username": "jean" } } });
    client.put(&zoe.v2(), &renamed).await.ok();
    guess(&api, "jean").await;
    is_limited(&try_login(&api, 2, "jean", PASSWORD).await);
    guess(&api, "jean.dupont").await;
    is_limited(&try_login(&api, 3, "jean.dupont", PASSWORD).await);
    try_login(&api, 2, "jean.dupont", PASSWORD).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_reads_alike_and_only_what_it_needs_whoever_it_is() {
    let api = Api::start().await;
    new_account(&api.organization(), "jean").await;
    let read = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&read);
    let behind = proxy::behind(&api, move |call| {
        if call.operation.ends_with("GetItem") {
            let of_user = call.body["Key"]["sk"]["S"]
                .as_str()
                .is_some_and(|sk| sk.starts_with("USER#"));
            let names = call.body["ExpressionAttributeNames"].as_object();
            let names: BTreeSet<_> = names
                .into_iter()
                .flatten()
                .map(|(_, name)| name.as_str().unwrap().to_owned())
                .collect();
            let projected = call.body.get("ProjectionExpression").is_some();
            let read = (call.operation.clone(), of_user, projected, names);
            noted.lock().unwrap().push(read);
        }
        async move { Some(call.send().await) }
    });
    let behind = behind.await;
    let mut reads = Vec::new();
    for name in ["jean", "nobody", "?"] {
        read.lock().unwrap().clear();
        let answer = behind.anybody().log_in(name, "wrong-password").await;
        assert_eq!(answer.status, 401, "{}", answer.text);
        let mut all = read.lock().unwrap().clone();
        // Two of them are read at once.
        all.sort();
        reads.push(all);
    }
    assert_eq!(reads[0], reads[1]);
    assert_eq!(reads[0], reads[2]);
    let users: Vec<_> = reads[0].iter().filter(|read| read.1).collect();
    let [(_, _, projected, names)] = users.as_slice() else {
        panic!("one user is read: {reads:?}");
    };
    let needed = [
        "_id",
        "deactivated_at",
        "deleted_at",
        "login",
        "pk",
        "schema_version",
        "session_epoch",
        "sk",
    ];
    let needed: BTreeSet<_> = needed.map(str::to_owned).into();
    assert_eq!((*projected, names), (true, &needed));
}
