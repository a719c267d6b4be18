//! `roster migrate`.

use clap::Args;
use roster_store::bookings::migrate::migrate_events;

use crate::place::Place;

/// Bring what an earlier build wrote to a table into the form that this one
/// reads. The same command goes on where it was interrupted, and does nothing
/// where there is nothing to do.
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    #[command(flatten)]
    place: Place,
}

impl Migrate {
    pub(crate) async fn run(&self) -> Result<(), Box<dyn std::error::Error>> {
        let opened = self.place.open(false).await?;
        let done = migrate_events(&opened.table).await;
        opened.close().await;
        let events = done?;
        println!("{events} events migrated");
        Ok(())
    }
}
