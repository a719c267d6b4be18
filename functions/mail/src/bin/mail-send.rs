//! Lambda function on the table's stream: sends the mails of the outbox.

use std::{
    convert::Infallible,
    time::{Instant, SystemTime},
};

use lambda_runtime::{Error, LambdaEvent, service_fn};
use roster_mail::{Delivery, Sender, ses::Ses, stream::Event};
use roster_runtime::{App, log};
use tracing::Instrument as _;

fn main() -> Result<(), Error> {
    log::start(log::Format::Json);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let app = &App::from_env()?;
        let sender = &Sender::Ses(Ses::from_env()?);
        let handler = |event: LambdaEvent<Event>| async move {
            let left = event.context.deadline().duration_since(SystemTime::now());
            let delivery = Delivery {
                app,
                sender,
                deadline: Instant::now() + left.unwrap_or_default(),
            };
            let span = log::request(&event.context.request_id);
            Ok::<_, Infallible>(delivery.serve(&event.payload).instrument(span).await)
        };
        lambda_runtime::run(service_fn(handler)).await
    })
}
