//! Lambda function on a schedule: reads the calendars that are due.

use std::time::{Duration, Instant, SystemTime};

use lambda_runtime::{Error, LambdaEvent};
use roster_calendars::{Client, Refresher};
use roster_runtime::function::{app::targets, calendar_reader::ReadNow, serve};
use serde::Deserialize;

/// What the schedule sends, nothing, or what a request asks for.
#[derive(Debug, Deserialize)]
struct Event {
    #[serde(default)]
    read: Option<ReadNow>,
}

/// How long before the end nothing more is begun: as long as one user's calendars take.
const LAST: Duration = Duration::from_secs(20);

fn main() -> Result<(), Error> {
    let client = &Client::new(targets()?)?;
    serve::run(async |app, event: LambdaEvent<Event>| {
        #[expect(
            clippy::disallowed_methods,
            reason = "Lambda's deadline is a SystemTime"
        )]
        let left = event.context.deadline().duration_since(SystemTime::now());
        let left = left.unwrap_or_default().saturating_sub(LAST);
        let refresher = Refresher {
            app,
            client,
            deadline: Instant::now() + left,
        };
        match &event.payload.read {
            Some(asked) => refresher.refresh_now(asked).await,
            None => refresher.refresh_due().await?,
        };
        Ok(())
    })
}
