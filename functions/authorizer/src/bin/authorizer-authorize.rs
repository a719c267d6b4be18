//! Lambda function: the authorizer of the HTTP API.

use lambda_runtime::{Error, LambdaEvent};
use roster_authorizer::authorize::{AuthorizerEvent, authorize};
use roster_runtime::function::serve;

fn main() -> Result<(), Error> {
    serve::run(async |app, event: LambdaEvent<AuthorizerEvent>| {
        authorize(app, event.payload).await.map_err(|error| {
            tracing::error!(cause = %error, "failed");
            // What the runtime tells API Gateway: nothing more.
            Error::from("the authorizer failed; its log says why")
        })
    })
}
