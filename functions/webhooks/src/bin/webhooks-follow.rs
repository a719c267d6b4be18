//! Lambda function on the table's stream: numbers changes, and queues what webhooks are to
//! be told.

use lambda_runtime::{Error, LambdaEvent};
use roster_runtime::function::serve;
use roster_webhooks::{Follower, Queue, follow::Event};

fn main() -> Result<(), Error> {
    let queue = &Queue::from_env()?;
    serve::run(async |app, event: LambdaEvent<Event>| {
        let follower = Follower { app, queue };
        Ok(follower.serve(&event.payload).await)
    })
}
