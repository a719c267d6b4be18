//! Lambda function on the table's stream: sends the mails of the outbox.

use std::time::{Instant, SystemTime};

use lambda_runtime::{Error, LambdaEvent};
use roster_mail::{Delivery, Sender, ses::Ses, stream::Event};
use roster_runtime::function::serve;

fn main() -> Result<(), Error> {
    let sender = &Sender::Ses(Ses::from_env()?);
    serve::run(async |app, event: LambdaEvent<Event>| {
        #[expect(
            clippy::disallowed_methods,
            reason = "Lambda's deadline is a SystemTime"
        )]
        let left = event.context.deadline().duration_since(SystemTime::now());
        let delivery = Delivery {
            app,
            sender,
            deadline: Instant::now() + left.unwrap_or_default(),
        };
        Ok(delivery.serve(&event.payload).await)
    })
}
