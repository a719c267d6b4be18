//! `roster audit`.

use std::io::{self, Write as _};

use clap::Args;
use jiff::Timestamp;
use roster_domain::OrganizationId;
use roster_runtime::Clock;
use roster_scheduling::wire::audit_out;
use roster_store::{Store, audit::AuditFilter};

use crate::table_target::TableTarget;

/// Entries that are read at once.
const PAGE: usize = 1_000;

/// Print an organization's audit log as JSON lines, the newest entry first.
#[derive(Debug, Args)]
pub(crate) struct Audit {
    #[command(flatten)]
    target: TableTarget,
    /// The _id of the organization.
    #[arg(long)]
    organization: OrganizationId,
    /// Only entries since this instant, such as 2026-01-31T09:00:00Z.
    #[arg(long)]
    from: Option<Timestamp>,
    /// Only entries until this instant.
    #[arg(long)]
    to: Option<Timestamp>,
}

impl Audit {
    pub(crate) async fn run(&self) -> Result<(), Box<dyn std::error::Error>> {
        let opened = self.target.open(false).await?;
        let store = Store::new(&opened.table, Clock::default().now());
        let printed = self.print(&store).await;
        opened.close().await;
        printed
    }

    async fn print(&self, store: &Store<'_>) -> Result<(), Box<dyn std::error::Error>> {
        let tenant = store.tenant(self.organization);
        let filter = AuditFilter {
            from: self.from,
            to: self.to,
            ..AuditFilter::default()
        };
        let mut out = io::stdout().lock();
        let mut after = None;
        loop {
            let found = tenant.audit(&filter, PAGE, after).await?;
            for entry in &found.entries {
                writeln!(out, "{}", audit_out::render(entry))?;
            }
            after = found.next;
            if after.is_none() {
                out.flush()?;
                return Ok(());
            }
        }
    }
}
