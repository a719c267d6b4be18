//! Lambda function on the queue of deliveries: sends them.

use lambda_runtime::{Error, LambdaEvent};
use roster_runtime::function::serve;
use roster_webhooks::{Client, Courier, Queue, deliver::Event};

fn main() -> Result<(), Error> {
    let queue = &Queue::from_env()?;
    let targets = roster_runtime::function::app::targets()?;
    let client = &Client::new(targets)?;
    serve::run(async |app, event: LambdaEvent<Event>| {
        let courier = Courier { app, client };
        Ok(courier.serve(&event.payload, queue).await)
    })
}
