//! A bare Lambda function, to compare others with (`tests/proofs/benchmark`): it makes the
//! calls of DynamoDB that its event lists, one after another, with the same SDK and the
//! same client, reads the answers as that SDK does, and does nothing else.

use aws_sdk_dynamodb::Client;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use roster_runtime::function::aws;
use serde::Deserialize;

/// The SDK asks for a table; the body has the right one.
const NAMED: &str = "table";

/// A call as it goes over the wire.
#[derive(Deserialize)]
struct Call {
    /// `GetItem`.
    operation: String,
    /// Its JSON.
    body: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let client = &Client::new(&aws::config(aws::https_client()));
    lambda_runtime::run(service_fn(|event: LambdaEvent<Vec<Call>>| async move {
        for Call { operation, body } in event.payload {
            send(client, &operation, body).await?;
        }
        Ok::<_, Error>("done")
    }))
    .await
}

async fn send(client: &Client, operation: &str, body: String) -> Result<(), Error> {
    /// Sends a call with this body.
    macro_rules! call {
        ($call:expr) => {{
            let call = $call.customize().mutate_request(move |request| {
                let length = body.len().to_string();
                request.headers_mut().insert("content-length", length);
                *request.body_mut() = body.clone().into();
            });
            call.send().await?;
        }};
    }
    match operation {
        "BatchGetItem" => call!(client.batch_get_item()),
        "GetItem" => call!(client.get_item().table_name(NAMED)),
        "Query" => call!(client.query().table_name(NAMED)),
        "TransactWriteItems" => call!(client.transact_write_items()),
        "UpdateItem" => call!(client.update_item().table_name(NAMED)),
        other => return Err(format!("no call of {other} is known here").into()),
    }
    Ok(())
}
