//! Writing all that an organization has to a file, while it is in use.
//!
//! The table is read again and again until one whole pass finds everything as
//! the file has it. Then each item was the same before that pass began as
//! during it, and at the moment when it began, all of it was true at once.
//! The items that change at all count their writes, or say when they were
//! made, so none is the same again after it was another.

mod file;

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use roster_domain::{OrganizationId, Result};
use roster_store::raw::{
    belongings::{guards_of, is_expired},
    taken_along,
};

use crate::{
    Progress, TransferError, Watch,
    export::file::ExportFile,
    item, items,
    line::{FORMAT, Header},
    page, tell,
};
use roster_store::{
    Table,
    dynamodb::{
        item::{Item, key_of},
        schema_version,
        table::Freshness,
    },
    keys::{self, kind::Kind},
};

/// Passes that are made at least before an export gives up.
const MIN_PASSES: u32 = 10;

/// What is exported, and where to.
#[derive(Debug, Clone)]
pub struct ExportOptions {
    /// When it is.
    pub now: Timestamp,
    /// The organization.
    pub organization: OrganizationId,
    /// The file.
    pub output: PathBuf,
    /// How long to go on, at least, while each pass finds that something was
    /// written.
    pub patience: Duration,
}

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The organization's name.
    pub name: String,
    /// Items in the file.
    pub items: u64,
    /// Passes that it took.
    pub passes: u32,
    /// Mails that wait to be sent or were sent lately, and are not in the file.
    pub mails_left_out: u64,
}

/// One look at everything.
struct Pass<'a> {
    table: &'a Table,
    organization: OrganizationId,
    file: &'a mut ExportFile,
    now: Timestamp,
    number: u32,
    items: u64,
    changed: u64,
    mails: u64,
}

/// Exports an organization to a file, or goes on with an export that was
/// interrupted. Reads the table and does not write it.
///
/// The file has all of the organization's partition, its API keys, and the
/// guards of its login names, numbers and sign-up links. It has no sessions,
/// no login attempts, no mails, and nothing whose time to live is over.
///
/// A key that was made less than a second before the last pass may be missing:
/// keys are found through the index, which follows the table.
///
/// # Errors
/// [`TransferError::Refused`] where there is no such organization, the file
/// exists, or the organization did not hold still.
pub async fn export(
    table: &Table,
    options: &ExportOptions,
    watch: Watch<'_>,
) -> Result<Exported, TransferError> {
    let (now, started) = (options.now, Instant::now());
    let organization = options.organization;
    let name = name_of(table, organization).await?;
    let header = Header {
        roster_export: FORMAT,
        schema_version: schema_version::READABLE,
        organization,
        name: name.clone(),
        started_at: now,
    };
    let mut file = ExportFile::open(&options.output, &header)?;
    let mut number = 0;
    loop {
        number += 1;
        let mut pass = Pass {
            table,
            organization,
            file: &mut file,
            now,
            number,
            items: 0,
            changed: 0,
            mails: 0,
        };
        let made = pass.make(watch).await;
        let (changed, mails) = (pass.changed, pass.mails);
        // Also where it failed: the next run goes on from there.
        file.flush()?;
        made?;
        if changed == 0 {
            let end = file.finish()?;
            return Ok(Exported {
                name,
                items: end.items,
                passes: number,
                mails_left_out: mails,
            });
        }
        if number >= MIN_PASSES && started.elapsed() >= options.patience {
            return Err(TransferError::Refused(format!(
                "the organization was written to during each of {number} passes; keep its clients \
                 from writing for a moment and run the same command again, it goes on from here"
            )));
        }
    }
}

async fn name_of(table: &Table, id: OrganizationId) -> Result<String, TransferError> {
    let key = keys::organization(id);
    let item = item(table, &key).await?;
    let name = item.as_ref().and_then(|item| item.get("name")?.as_s().ok());
    name.cloned().ok_or_else(|| {
        let table = table.name();
        TransferError::Refused(format!("the table {table} has no organization {id}"))
    })
}

impl Pass<'_> {
    async fn make(&mut self, watch: Watch<'_>) -> Result<(), TransferError> {
        self.read_partition(watch).await?;
        self.read_keys(watch).await?;
        self.changed += self.file.remove_missing(self.number)?;
        self.tell(watch)
    }

    async fn read_partition(&mut self, watch: Watch<'_>) -> Result<(), TransferError> {
        let range = keys::whole_partition(self.organization);
        let mut start = None;
        loop {
            let found = page(self.table, &range, start, Freshness::Strong).await?;
            let mut guards = Vec::new();
            for item in found.items {
                let key = key_of(&item)?;
                let kind = Kind::of(&key, self.organization).ok_or_else(|| {
                    let sk = key.sk.split('#').next().unwrap_or_default();
                    TransferError::Refused(format!(
                        "the organization has an item {sk} that this release does not know; \
                         export it with the release that wrote it"
                    ))
                })?;
                if kind == Kind::Mail {
                    self.mails += 1;
                    continue;
                }
                guards.extend(guards_of(self.organization, kind, &item)?);
                self.put(taken_along(kind, item))?;
            }
            let wanted = guards.iter().map(|guard| guard.key.clone());
            let mut there = items(self.table, wanted).await?;
            for guard in guards {
                let item = there.remove(&guard.key);
                if let Some(item) = item.filter(|item| guard.is(item)) {
                    self.put(item)?;
                }
            }
            self.tell(watch)?;
            start = found.next;
            if start.is_none() {
                return Ok(());
            }
        }
    }

    async fn read_keys(&mut self, watch: Watch<'_>) -> Result<(), TransferError> {
        let range = keys::api_keys(Some(self.organization));
        let mut start = None;
        loop {
            let found = page(self.table, &range, start, Freshness::Eventual).await?;
            let listed = found.items.iter().map(key_of);
            let listed = listed.collect::<Result<Vec<_>>>()?;
            // The index may be behind: the table itself says what they are.
            let there = items(self.table, listed.iter().cloned()).await?;
            for item in there.into_values() {
                self.put(item)?;
            }
            self.tell(watch)?;
            start = found.next;
            if start.is_none() {
                return Ok(());
            }
        }
    }

    fn put(&mut self, item: Item) -> Result<(), TransferError> {
        if !is_expired(&item, self.now) {
            self.items += 1;
            self.changed += u64::from(self.file.put(item, self.number)?);
        }
        Ok(())
    }

    fn tell(&self, watch: Watch<'_>) -> Result<(), TransferError> {
        let progress = Progress::Reading {
            pass: self.number,
            items: self.items,
            changed: self.changed,
        };
        tell(watch, progress)
    }
}
