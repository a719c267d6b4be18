//! Lambda function: a custom resource of the stack that mints the operator's
//! first key.

use aws_sdk_secretsmanager::Client;
use lambda_runtime::{Error, LambdaEvent};
use roster_authorizer::{
    cloudformation::{self, Event, RequestType},
    mint::ensure_admin_key,
};
use roster_runtime::{App, function::aws, function::serve, function::variable::Variable};

fn main() -> Result<(), Error> {
    let secret = &Variable::AdminKeySecret.require()?;
    let secrets = &Client::new(&aws::config(aws::https_client()));
    serve::run(async |app, event: LambdaEvent<Event>| {
        mint(app, secrets, secret, event.payload).await
    })
}

async fn mint(app: &App, secrets: &Client, secret: &str, event: Event) -> Result<(), Error> {
    let outcome = match event.request_type {
        // The table outlives the stack, and the secret goes with it: nothing
        // is left to do here.
        RequestType::Delete => Ok(event.physical_resource_id.clone().unwrap_or_default()),
        RequestType::Create | RequestType::Update => ensure_admin_key(app, secrets, secret)
            .await
            .map(|id| id.to_string())
            .map_err(|error| {
                tracing::error!(cause = %error, "no admin key was minted");
                "the admin key could not be minted; the function's log says why".to_owned()
            }),
    };
    tokio::task::spawn_blocking(move || cloudformation::answer(&event, &outcome)).await??;
    Ok(())
}
