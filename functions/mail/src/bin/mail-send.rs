//! Lambda function on the table's stream, and on the queue of mails that wait: sends the
//! mails of the outbox.

use std::time::{Instant, SystemTime};

use lambda_runtime::{Error, LambdaEvent};
use roster_mail::{Delivery, Queues, Sender, event::Event, ses::Ses};
use roster_runtime::function::serve;

fn main() -> Result<(), Error> {
    let sender = &Sender::Ses(Ses::from_env()?);
    let queues = &Queues::from_env()?;
    serve::run(async |app, event: LambdaEvent<Event>| {
        #[expect(
            clippy::disallowed_methods,
            reason = "Lambda's deadline is a SystemTime"
        )]
        let left = event.context.deadline().duration_since(SystemTime::now());
        let delivery = Delivery {
            app,
            sender,
            queues: Some(queues),
            deadline: Instant::now() + left.unwrap_or_default(),
        };
        Ok(delivery.serve(&event.payload).await)
    })
}
