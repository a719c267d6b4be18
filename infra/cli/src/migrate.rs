//! `roster migrate`.

use clap::Args;
use roster_runtime::Clock;
use roster_store::{
    Store,
    bookings::migrate::{Migrated, migrate},
    changes::note_existing,
    pages,
};

use crate::table_target::TableTarget;

/// Upgrade the items of a table that an earlier release wrote. If interrupted, run
/// the same command again to continue. Does nothing if everything is up to date.
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    #[command(flatten)]
    target: TableTarget,
    /// Keep the items in their earlier form as well. Use it before you deploy, while the
    /// earlier release still reads them, and run the command again without it afterwards.
    #[arg(long)]
    keep_old: bool,
}

impl Migrate {
    pub(crate) async fn run(&self) -> Result<(), Box<dyn std::error::Error>> {
        let opened = self.target.open(false).await?;
        let store = Store::new(&opened.table, Clock::default().now());
        let done = self.migrate(&store).await;
        opened.close().await;
        let (migrated, pages, noted) = done?;
        let Migrated {
            events,
            reservations,
        } = migrated;
        println!("{events} events and {reservations} reservations migrated");
        println!("{pages} booking pages can be found by their nickname");
        if !self.keep_old {
            println!("{noted} users, teams, events and webhooks put into the change feed");
        }
        Ok(())
    }

    async fn migrate(&self, store: &Store<'_>) -> roster_domain::Result<(Migrated, u64, u64)> {
        let migrated = migrate(store, self.keep_old).await?;
        let pages = pages::find_existing(store).await?;
        // Not before the deployment: the feed is nothing that an earlier release knows.
        let noted = if self.keep_old {
            0
        } else {
            note_existing(store).await?
        };
        Ok((migrated, pages, noted))
    }
}
