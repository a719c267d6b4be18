//! `roster migrate`.

use clap::Args;
use roster_runtime::Clock;
use roster_store::{Store, bookings::migrate::migrate_events};

use crate::table_target::TableTarget;

/// Upgrade the items of a table that an earlier release wrote. If interrupted, run
/// the same command again to continue. Does nothing if everything is up to date.
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    #[command(flatten)]
    target: TableTarget,
}

impl Migrate {
    pub(crate) async fn run(&self) -> Result<(), Box<dyn std::error::Error>> {
        let opened = self.target.open(false).await?;
        let done = migrate_events(&Store::new(&opened.table, Clock::default().now())).await;
        opened.close().await;
        let events = done?;
        println!("{events} events migrated");
        Ok(())
    }
}
