//! Lambda function: the authorizer of the HTTP API.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use roster_authorizer::authorize::{AuthorizerEvent, authorize};
use roster_runtime::{App, log};
use tracing::Instrument as _;

fn main() -> Result<(), Error> {
    log::start(log::Format::Json);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let app = &App::from_env()?;
        let handler = |event: LambdaEvent<AuthorizerEvent>| async move {
            let span = log::request(&event.context.request_id);
            let answered = authorize(app, event.payload).instrument(span.clone()).await;
            answered.map_err(|error| {
                span.in_scope(|| tracing::error!(cause = %error, "failed"));
                // What the runtime tells API Gateway: nothing more.
                Error::from("the authorizer failed; its log says why")
            })
        };
        lambda_runtime::run(service_fn(handler)).await
    })
}
