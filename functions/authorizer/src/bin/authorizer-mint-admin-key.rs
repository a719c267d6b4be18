//! Lambda function: a custom resource of the stack that mints the operator's
//! first key.

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_sdk_secretsmanager::{
    Client,
    config::{BehaviorVersion, Builder, Region},
};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use roster_authorizer::{
    cloudformation::{self, Event, RequestType},
    mint::ensure_admin_key,
};
use roster_runtime::{App, app, log};

fn main() -> Result<(), Error> {
    log::start(log::Format::Json);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let app = &App::from_env()?;
        let secret = &std::env::var("ADMIN_KEY_SECRET")?;
        let region = std::env::var("AWS_REGION").unwrap_or_else(|_| "us-east-1".to_owned());
        let mut config = Builder::new()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .credentials_provider(EnvironmentVariableCredentialsProvider::new())
            .http_client(app::https_client());
        config.set_endpoint_url(std::env::var("AWS_ENDPOINT_URL").ok());
        let secrets = &Client::from_conf(config.build());
        let handler = |event: LambdaEvent<Event>| async move {
            serve(app, secrets, secret, event.payload).await
        };
        lambda_runtime::run(service_fn(handler)).await
    })
}

async fn serve(app: &App, secrets: &Client, secret: &str, event: Event) -> Result<(), Error> {
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
