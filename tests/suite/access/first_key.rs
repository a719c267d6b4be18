//! The operator's first key: minted when the stack is made, however soon that is.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use aws_sdk_secretsmanager::Client;
use roster_authorizer::mint::ensure_admin_key;
use serde_json::json;

use crate::harness::{Api, aws::AwsServer, fixtures::Fields};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_key_is_minted_once_iam_knows_the_role_and_only_once() {
    let api = Api::start().await;
    let denials = Arc::new(AtomicUsize::new(3));
    let secrets = AwsServer::start(move |operation, _| {
        let deny = |left: usize| left.checked_sub(1);
        if denials
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, deny)
            .is_ok()
        {
            let message = "User is not authorized to perform this action";
            return (
                400,
                json!({ "__type": "AccessDeniedException", "message": message }),
            );
        }
        match operation {
            "GetSecretValue" => (400, json!({ "__type": "ResourceNotFoundException" })),
            "PutSecretValue" => (200, json!({ "Name": "admin-key" })),
            _ => panic!("{operation}"),
        }
    })
    .await;
    let client = Client::new(&secrets.config);
    let id = ensure_admin_key(api.app(), &client, "admin-key")
        .await
        .unwrap();
    let calls = secrets.calls();
    let put: Vec<_> = calls
        .iter()
        .filter(|(name, _)| name == "PutSecretValue")
        .collect();
    assert_eq!((put.len(), calls.len()), (1, 5));
    let key = put[0].1.field("SecretString");
    assert!(
        key.contains(&id.to_string()),
        "the key of the secret is the one that was made"
    );
    api.with_key(key).get("/v2/organizations").await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_holds_something_else_is_neither_overwritten_nor_waited_for() {
    let api = Api::start().await;
    let secrets = AwsServer::start(|operation, _| {
        assert_eq!(operation, "GetSecretValue");
        (200, json!({ "SecretString": "of somebody else" }))
    })
    .await;
    let client = Client::new(&secrets.config);
    let refused = ensure_admin_key(api.app(), &client, "admin-key").await;
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(secrets.calls().len(), 1);
}
